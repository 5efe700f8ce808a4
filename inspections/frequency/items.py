"""同一对象同一事项: how often an item was drawn and checked at a place before, and whether it may be once more (七(一)4)."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from benxi_shuangsuiji import clock, policy
from inspections.models import Inspection, Source
from plans.models import Pick
from registry.models import Category, PastCheck


def drawn_before(inspections: Iterable[Inspection]) -> dict[int, Counter[str]]:
    """Check → item code → how often in its year the item was drawn at its place and the check begun before; two queries.

    Of picks that still stand, like the `times` of the draw (SSJ1 3.3): what was taken off the list after the visit had
    begun, or belongs to a run that was corrected, does not keep away whom the next draw meets.
    """
    inspections = list(inspections)
    places = {inspection.facility_id for inspection in inspections}
    begun = Inspection.objects.filter(
        source=Source.DRAW, facility__in=places, started_at__isnull=False, pick__in=Pick.objects.standing()
    ).order_by()
    seen, past = defaultdict(list), defaultdict(list)
    for place, year, *check in begun.values_list(
        "facility_id", "year", "pk", "started_at", "answers__item_code"
    ).distinct():
        seen[place, year].append(check)
    for place, day, items in (
        PastCheck.objects.drawn().filter(facility__in=places).values_list("facility_id", "day", "items")
    ):
        past[place, day.year] += set(items)
    now, found = clock.now(), {}
    for inspection in inspections:
        there, moment = (inspection.facility_id, inspection.year), inspection.started_at or now
        earlier = (code for pk, at, code in seen[there] if pk != inspection.pk and at < moment)
        found[inspection.pk] = Counter([*earlier, *past[there]])
    return found


def beyond_the_year(inspections: Iterable[Inspection], day: date) -> dict[int, dict[str, str]]:
    """Check → code of each item that was drawn and checked there as often as a year allows → why not once more.

    What did not come from a draw, and special objects, are not counted (七(一)4).
    """
    drawn = [i for i in inspections if i.source == Source.DRAW and i.category != Category.SPECIAL]
    most = policy.on(day).cap_per_item
    words = "事项 {} 本年已在这家企业随机抽查 {} 次，同一事项每年不超过 {} 次，不再检查"
    return {
        pk: {code: words.format(code, n, most) for code, n in times.items() if n >= most}
        for pk, times in (drawn_before(drawn) if drawn else {}).items()
    }
