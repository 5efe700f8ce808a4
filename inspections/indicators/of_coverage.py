"""K6 and K7: who was reached, of the 重点 of a year and of the 一般 of a cycle (七(一)1-b, 2-b, A-7, A-22)."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from django.db.models import Count, DateField, Min
from django.db.models.functions import TruncQuarter
from django.urls import reverse

from benxi_shuangsuiji.policy import Policy
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks.states import DROPPED
from inspections.coverage import gaps, sealed_keys
from inspections.models import Inspection
from registry.frames import public_name

from .facts import Row, Scope, day_of, once, registry, sealed


def key_reached(scope: Scope) -> Iterator[Row]:
    """K6: the 重点 of the year, by a check of a draw or one of 七(一)3; what had to be reached is a union (A-7)."""
    lists = defaultdict(list)
    for draw, frame in sealed(scope):
        lists[draw.unit_id].append((frame, draw.frozen_at))
    return _rows(scope, scope.year, scope.year, sealed_keys.among(lists))


def general_reached(scope: Scope) -> Iterator[Row]:
    """K7: the 一般 of the cycle, in it so far."""
    first, last = scope.law.coverage_cycle(scope.year)
    return _rows(scope, first, last, None)


def cycle_share(law: Policy, year: int) -> tuple[int, int]:
    """K7 asks for a third of the roster in the first year of a cycle, two in the second, all in the last."""
    first, last = law.coverage_cycle(year)
    return year - first + 1, last - first + 1


@once
def general_by_quarter(scope: Scope) -> dict[int, tuple[int, Counter[Quarter]]]:
    """K7 counted by the database while the period runs: unit → how many 一般 stand in the registry, and how many of them were
    reached first in which quarter of the cycle. Three queries, whatever the size.
    """
    first, last = scope.law.coverage_cycle(scope.year)
    everybody = gaps.general_on_books().filter(unit__in=scope.units, entered_on__lte=scope.day)
    found = {
        unit: (n, Counter[Quarter]()) for unit, n in everybody.order_by().values_list("unit").annotate(n=Count("pk"))
    }
    reached: dict[tuple[int, int], Quarter] = {}
    for way, at in zip(gaps.reaching(_known(scope), first, last), ("ended_at", "day"), strict=True):
        rows = way.filter(facility__in=everybody.values("pk")).order_by().values_list("facility__unit", "facility")
        for unit, facility, day in rows.annotate(at=Min(TruncQuarter(at, output_field=DateField()))):
            key, on = (unit, facility), Quarter.of(day)
            reached[key] = min(on, reached.get(key, on))
    for (unit, _), on in reached.items():
        found[unit][1][on] += 1
    return found


def general_sums(scope: Scope) -> dict[int, tuple[int, int]] | None:
    """K7 as `general_reached` has it, without its rows; None of a period that is over, whose registry was another."""
    if day_of(scope.until) != scope.day:
        return None
    return {unit: (reached.total(), n) for unit, (n, reached) in general_by_quarter(scope).items()}


def _known(scope: Scope):
    """Whom a check has reached is told by name, so with its result and not with the release of the list (0090)."""
    return Inspection.objects.filter(scope.of_results(), ended_at__lte=scope.until).exclude(status__in=DROPPED)


def _rows(scope: Scope, first: int, last: int, keys: dict[int, set[str]] | None) -> Iterator[Row]:
    seen = gaps.reached_by(_known(scope), first, last)
    for f in gaps.to_reach(registry(scope), keys):
        url = reverse("registry:facility-detail", args=[f.code])
        yield Row(f.unit_id, f.pk in seen, f"{f.code} {public_name(f)}", "查过" if f.pk in seen else "没有查到", url)
