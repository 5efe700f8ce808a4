"""Declaring interests, approving, returning and ending them; the yearly declaration (七(五)-c)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason
from registry.inspectors.actions import locked
from registry.models import ConflictOfInterest, Facility, Inspector, InterestDeclaration, InterestState

from . import rules, standing
from .duties import DECISION


@transaction.atomic
def declare_conflict(
    *,
    inspector: Inspector,
    facility: Facility,
    kind: str,
    reason: str,
    by: User,
    valid_from: date | None = None,
    valid_to: date | None = None,
    evidence: str = "",
) -> ConflictOfInterest:
    """Declare an interest. It keeps this person from this facility at once, before anybody approves it."""
    inspector, now = locked(inspector), clock.now()
    refuse_if(
        rules.why_not_declare_conflict(inspector, facility, by, today=now.date())
        or why_not_reason(reason, "说明")
        or rules.why_not_validity(valid_from or now.date(), valid_to, now.date())
    )
    conflict = ConflictOfInterest.objects.create(
        inspector=inspector,
        facility=facility,
        kind=kind,
        reason=reason[:200],
        evidence=evidence[:200],
        valid_from=valid_from or now.date(),
        valid_to=valid_to,
        asked_by=by,
        asked_at=now,
    )
    unit = inspector.unit.drawing_unit
    DECISION.open(
        unit,
        f"conflict:{conflict.pk}",
        role=Role.APPROVER,
        title=f"审批{inspector.name}的回避申报",
        due=decision_due(now.date(), workdays.calendar()),
        url=f"/desk/recusals/?unit={unit.code}&person={inspector.code}#person",
        consequence="审批期间已自动回避。",
    )
    trail.record("registry.conflict.declared", by=by, about=inspector, unit=unit)
    return conflict


@transaction.atomic
def approve_conflict(*, conflict: ConflictOfInterest, by: User, opinion: str = "") -> ConflictOfInterest:
    """Approve a declared interest; somebody else than who declared it, and than the person himself."""
    conflict = _held(conflict)
    refuse_if(rules.why_not_decide(conflict, by))
    _decide(conflict, InterestState.APPROVED, by=by, opinion=opinion)
    trail.record(
        "registry.conflict.approved", by=by, about=conflict.inspector, unit=conflict.inspector.unit.drawing_unit
    )
    return conflict


@transaction.atomic
def return_conflict(*, conflict: ConflictOfInterest, opinion: str, by: User) -> ConflictOfInterest:
    """Return a declared interest: it holds until the end of this day, and can be declared again with what was missing."""
    conflict = _held(conflict)
    refuse_if(rules.why_not_decide(conflict, by) or why_not_reason(opinion, "退回意见"))
    today = clock.today()
    if conflict.valid_to is None or conflict.valid_to > today:
        conflict.valid_to = max(today, conflict.valid_from)
    _decide(conflict, InterestState.RETURNED, by=by, opinion=opinion)
    trail.record(
        "registry.conflict.returned", by=by, about=conflict.inspector, unit=conflict.inspector.unit.drawing_unit
    )
    return conflict


@transaction.atomic
def end_conflict(*, conflict: ConflictOfInterest, reason: str, by: User, on: date | None = None) -> ConflictOfInterest:
    """End a declared interest that no longer holds."""
    conflict = _held(conflict)
    refuse_if(rules.why_not_end_conflict(conflict, by, reason=reason))
    conflict.valid_to, conflict.state = on or clock.today(), InterestState.ENDED
    conflict.save(update_fields=["valid_to", "state"])
    _close_duty(conflict, "回避已终止")
    trail.record("registry.conflict.ended", by=by, about=conflict.inspector, reason=reason)
    return conflict


@transaction.atomic
def declare_year(*, inspector: Inspector, none: bool, by: User) -> InterestDeclaration:
    """Make this year's declaration: the open interests, or that there is none."""
    inspector, now = locked(inspector), clock.now()
    open_ones = inspector.conflicts.open().in_force(now.date())
    codes = list(open_ones.order_by("facility__code").values_list("facility__code", flat=True))
    refuse_if(rules.why_not_declare_year(inspector, by, year=now.year, none=none, open_ones=len(codes)))
    declaration = InterestDeclaration.objects.create(
        inspector=inspector, year=now.year, facilities=codes, asked_by=by, asked_at=now
    )
    trail.record("registry.declaration.made", by=by, about=inspector, unit=inspector.unit.drawing_unit, year=now.year)
    standing.keep_duty(inspector.unit.drawing_unit, now)
    return declaration


@transaction.atomic
def approve_declaration(*, declaration: InterestDeclaration, by: User, opinion: str = "") -> InterestDeclaration:
    """Approve a yearly declaration, and the interests in it that still wait."""
    declaration = _held(declaration)
    inspector = declaration.inspector
    refuse_if(rules.why_not_decide(declaration, by))
    waiting = inspector.conflicts.pending().filter(facility__code__in=declaration.facilities)
    for conflict in waiting.select_for_update():
        conflict.inspector = inspector
        refuse_if(rules.why_not_decide(conflict, by))
        _decide(conflict, InterestState.APPROVED, by=by, opinion=opinion)
        trail.record("registry.conflict.approved", by=by, about=inspector, unit=inspector.unit.drawing_unit)
    _decide(declaration, InterestState.APPROVED, by=by, opinion=opinion)
    trail.record("registry.declaration.approved", by=by, about=inspector, unit=inspector.unit.drawing_unit)
    return declaration


@transaction.atomic
def return_declaration(*, declaration: InterestDeclaration, opinion: str, by: User) -> InterestDeclaration:
    """Return a yearly declaration; the person makes it again. Interests in it go on protecting."""
    declaration = _held(declaration)
    inspector = declaration.inspector
    refuse_if(rules.why_not_decide(declaration, by) or why_not_reason(opinion, "退回意见"))
    _decide(declaration, InterestState.RETURNED, by=by, opinion=opinion)
    trail.record("registry.declaration.returned", by=by, about=inspector, unit=inspector.unit.drawing_unit)
    standing.keep_duty(inspector.unit.drawing_unit, clock.now())
    return declaration


@transaction.atomic
def approve_all_without(*, unit: Unit, by: User) -> int:
    """Approve every declaration of the year that names no facility; return how many."""
    waiting = standing.declarations(unit, clock.today().year).pending().filter(facilities=[])
    done = 0
    for declaration in waiting.select_related("inspector__unit").order_by("pk"):
        if not rules.why_not_decide(declaration, by):
            approve_declaration(declaration=declaration, by=by)
            done += 1
    if not done:
        raise Refused("没有可以批准的“无利害关系”申报。")
    return done


def _held(thing):
    """An interest or a declaration with its person, both held: the person first."""
    inspector = locked(thing.inspector)
    thing = type(thing).objects.locked(thing.pk)
    thing.inspector = inspector
    return thing


def _decide(thing, state: str, *, by: User, opinion: str) -> None:
    thing.state, thing.decided_by, thing.decided_at, thing.opinion = state, by, clock.now(), opinion[:200]
    thing.save()
    if isinstance(thing, ConflictOfInterest):
        _close_duty(thing, thing.get_state_display())


def _close_duty(conflict: ConflictOfInterest, event: str) -> None:
    unit = conflict.inspector.unit.drawing_unit
    DECISION.close(unit, f"conflict:{conflict.pk}", event, clock.now())
