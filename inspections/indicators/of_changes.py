"""K19 and K23: who had to step aside, and what was public and had to be put right (七(二), 七(五)-c, 八(二)-c)."""

from collections.abc import Iterator
from datetime import datetime

from benxi_shuangsuiji.workdays.days import short_date
from plans.models import AmendmentRequest, ChangeReason
from registry import questions
from registry.models import ConflictOfInterest

from .facts import Row, Scope, day_of


def recusals(scope: Scope) -> Iterator[Row]:
    """K19: of declared interests and applications to step aside, those decided within the days of D-20; nobody is named."""
    of_unit = {unit.pk for unit in scope.units}
    declared = ConflictOfInterest.objects.select_related("inspector__unit__serves", "inspector__unit__parent")
    for one in declared.filter(asked_at__year=scope.year).order_by("asked_at"):
        unit = one.inspector.unit.drawing_unit.pk
        if unit in of_unit:
            yield from _decided(scope, unit, "回避登记", one.asked_at, one.decided_at)
    asked = scope.in_period(AmendmentRequest.objects, "draw__").filter(
        scope.of_draws("draw__"), reason=ChangeReason.RECUSE, draw__unit__in=scope.units
    )
    for unit, at, decided in asked.order_by("asked_at").values_list("draw__unit", "asked_at", "decided_at"):
        yield from _decided(scope, unit, "回避申请", at, decided)


def _decided(scope: Scope, unit: int, what: str, asked_at: datetime, decided_at: datetime | None) -> Iterator[Row]:
    if not scope.holds(asked_at):
        return
    asked = day_of(asked_at)
    last = scope.calendar.within_workdays(asked, scope.law.recommended.recusal_decision_within_workdays).date
    on = day_of(decided_at) if decided_at and decided_at <= scope.moment else None
    if on or scope.day > last:
        words = f"{short_date(asked)}提出，{f'{short_date(on)}决定' if on else '还没有决定'}"
        yield Row(unit, bool(on) and on <= last, what, words, undone=not on)


def revised(scope: Scope) -> Iterator[Row]:
    """K23: corrections and withdrawals of what was public."""
    for code, at, no, what, url in questions.ask.revisions(scope.year):
        unit = next((u.pk for u in scope.units if u.code == code), None)
        if unit and scope.holds(at):
            yield Row(unit, True, no, f"{short_date(day_of(at))}{what}", url)
