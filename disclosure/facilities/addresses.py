"""Which facilities somebody means by a code or a name: as now, in small letters, a licence's, a former one (四(3)-e)."""

from django.db.models import Q

from disclosure.models import RosterRow
from disclosure.rosters.search import seen, spellings, spread


def meant(text: str) -> list[str]:
    """At most two codes; a licence may have several places, a name several owners."""
    if not (text := seen(text)):
        return []
    forms = spellings(text)
    return next((found for form in forms if (found := _meant(form))), [])


def _meant(text: str) -> list[str]:
    last = RosterRow.objects.filter(is_last=True)
    by_code = last.filter(Q(code__in={text, text.upper()}) | Q(uscc=text.upper()))
    found = list(by_code.order_by("code").values_list("code", flat=True)[:2])
    if not found:
        found = list(last.filter(name=text).order_by("code").values_list("code", flat=True)[:2])
    if not found:
        somewhere = last.filter(search_text__contains=spread(text))
        former = somewhere.filter(Q(former_names__contains=[text]) | Q(code__iexact=text))
        found = list(former.order_by("code").values_list("code", flat=True)[:2])
    if not found:  # a name that only an earlier roster or a result has
        earlier = RosterRow.objects.filter(is_last=False, name=text).order_by("code")
        found = list(earlier.values_list("code", flat=True).distinct()[:2])
    return found
