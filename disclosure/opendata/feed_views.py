"""Atom: what became public in the city, of one unit; corrections and withdrawals too (四(3)-e)."""

from django.http import Http404
from django.urls import reverse

from benxi_shuangsuiji.accounts.city import this_city
from disclosure.models import Publication, PublicationKind
from disclosure.site.freshness import open_to_all

from .feed_pages import feed_of


def _known():
    """What can be read, and the tombstones of what cannot; the day's heads tell of nothing."""
    return Publication.everything.unsealed().exclude(kind=PublicationKind.HEADS)


@open_to_all
def of_city(request):
    return feed_of(request, _known(), this_city().site, reverse("disclosure:notices"))


@open_to_all
def of_unit(request, unit):
    found = _known().filter(unit_code=unit)
    if (newest := found.order_by("-pk").first()) is None:
        raise Http404
    return feed_of(request, found, f"{newest.unit_name}的公示", f"{reverse('disclosure:results')}?unit={unit}")
