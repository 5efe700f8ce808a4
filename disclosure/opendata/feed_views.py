"""Atom: what became public in the city, of one unit, of one enterprise; corrections and withdrawals too (四(3)-e)."""

from datetime import UTC, datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from disclosure.models import Publication
from disclosure.site import bulletin
from disclosure.site.freshness import open_to_all

ENTRIES = 50
BEFORE_ALL = datetime(2025, 1, 1, tzinfo=UTC)  # the plan's first day: nothing was public before it (0-a)


class Feed(Atom1Feed):
    """A feed is as new as its newest entry; an empty one says nothing of the hour at which it was asked for."""

    def latest_post_date(self):
        return max((item["updateddate"] for item in self.items), default=BEFORE_ALL)


def _feed(request, found, title: str, page: str) -> HttpResponse:
    site = f"{request.scheme}://{request.get_host()}"
    feed = Feed(title=title, link=site + page, description="", language="zh-CN", feed_url=site + request.path)
    for p in found.order_by("-published_at", "-pk")[:ENTRIES]:
        words = f"{p.title}已{p.get_change_display()}" if p.change else p.title
        feed.add_item(
            title=words,
            link=site + bulletin.public_url(p),
            description=f"{p.unit_name}　{p.get_kind_display()}　{p.no} 第 {p.version} 版",
            unique_id=f"urn:sha256:{p.digest}",
            pubdate=p.published_at,
            updateddate=p.published_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _known():
    """What can be read, and the tombstones of what cannot."""
    return Publication.everything.unsealed()


@open_to_all
def of_city(request):
    return _feed(request, _known(), "本溪市生态环境执法双随机公示", reverse("disclosure:notices"))


@open_to_all
def of_unit(request, unit):
    found = _known().filter(unit_code=unit)
    if (newest := found.order_by("-pk").first()) is None:
        raise Http404
    return _feed(request, found, f"{newest.unit_name}的公示", f"{reverse('disclosure:results')}?unit={unit}")


@open_to_all
def of_enterprise(request, code):
    page = reverse("disclosure:enterprise", args=[code])
    newest = Publication.objects.results().filter(facility_code=code).order_by("-pk").first()
    if newest is None:
        raise Http404
    return _feed(request, _known().filter(facility_code=code), f"{newest.facility_name}的公示", page)
