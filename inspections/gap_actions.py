"""A reason is written and approved; the trail names the unit, never the facility (decisions.md 3)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Quarter

from . import gap_rules as rules
from . import gaps
from .models import CoverageReason, UnfinishedReason


@transaction.atomic
def explain_pick(*, unit: Unit, quarter: Quarter, pick: int, words: str, by: User) -> UnfinishedReason:
    """Why this drawn check is not finished (六(一)2-g); until it is approved the planner may write it anew."""
    _lock(unit)
    line = _line(gaps.gaps_of_quarter(by, unit, quarter), pick)
    refuse_if(rules.why_not_enter(unit, by, line, words))
    reason, _ = UnfinishedReason.objects.update_or_create(
        pick_id=pick, defaults={"words": words.strip(), "entered_by": by, "entered_at": clock.now()}
    )
    trail.record("inspections.gap.entered", by=by, unit=unit, period=str(quarter))
    return reason


@transaction.atomic
def explain_facility(*, unit: Unit, year: int, facility: int, kind: str, words: str, by: User) -> CoverageReason:
    """Why a facility with a key ground gets no check this year (七(一)1-b)."""
    _lock(unit)
    line = _line(gaps.gaps_of_year(by, unit, year, clock.today()), facility)
    refuse_if(rules.why_not_enter(unit, by, line, words) or rules.why_not_kind(kind))
    reason, _ = CoverageReason.objects.update_or_create(
        facility_id=facility,
        year=year,
        defaults={"kind": kind, "words": words.strip(), "entered_by": by, "entered_at": clock.now()},
    )
    trail.record("inspections.gap.entered", by=by, unit=unit, period=str(year))
    return reason


@transaction.atomic
def approve_pick_reason(*, unit: Unit, quarter: Quarter, pick: int, opinion: str, by: User) -> UnfinishedReason:
    _lock(unit)
    line = _line(gaps.gaps_of_quarter(by, unit, quarter), pick)
    return _approve(unit, line.reason if line else None, opinion, by, str(quarter))


@transaction.atomic
def approve_facility_reason(*, unit: Unit, year: int, facility: int, opinion: str, by: User) -> CoverageReason:
    _lock(unit)
    line = _line(gaps.gaps_of_year(by, unit, year, clock.today()), facility)
    return _approve(unit, line.reason if line else None, opinion, by, str(year))


def _approve(unit, reason, opinion, by, period):
    refuse_if(rules.why_not_approve(unit, by, reason, opinion))
    reason.approved_by, reason.approved_at, reason.opinion = by, clock.now(), opinion.strip()
    reason.save(update_fields=["approved_by", "approved_at", "opinion"])
    trail.record("inspections.gap.approved", by=by, unit=unit, period=period)
    return reason


def _lock(unit: Unit) -> None:
    """The unit's row orders who writes and who approves at once."""
    Unit.objects.select_for_update().get(pk=unit.pk)


def _line(found: gaps.Gaps, key: int) -> gaps.Line | None:
    return next((line for line in found.lines if line.key == key), None)
