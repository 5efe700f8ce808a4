"""K6 and K7: who was reached, of the 重点 of a year and of the 一般 of a cycle (七(一)1-b, 2-b, A-7, A-22)."""

from collections import defaultdict
from collections.abc import Iterator

from django.urls import reverse

from benxi_shuangsuiji.policy import Policy
from inspections.checks.states import DROPPED
from inspections.coverage import gaps, sealed_keys
from inspections.models import Inspection
from registry.frames import public_name

from .facts import Row, Scope, registry, sealed


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


def _rows(scope: Scope, first: int, last: int, keys: dict[int, set[str]] | None) -> Iterator[Row]:
    known = Inspection.objects.filter(scope.of_checks(), ended_at__lte=scope.until).exclude(status__in=DROPPED)
    seen = gaps.reached_by(known, first, last)
    for f in gaps.to_reach(registry(scope), keys):
        url = reverse("registry:facility-detail", args=[f.code])
        yield Row(f.unit_id, f.pk in seen, f"{f.code} {public_name(f)}", "查过" if f.pk in seen else "没有查到", url)
