"""Changes of one inspector: data, absences, declared interests (六(三)-i, 七(五)-c)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if

from .. import book, history, rules, search
from ..models import (
    AbsenceKind,
    ChangeKind,
    ConflictOfInterest,
    Facility,
    Inspector,
    InspectorAbsence,
    InspectorChange,
)
from .facilities import _json

EDITABLE = (
    "name",
    "gender",
    "unit",
    "position",
    "certificate_no",
    "certificate_kind",
    "certificate_from",
    "certificate_to",
    "enforcement_kinds",
    "scopes",
    "can_lead",
    "employment",
    "entered_service_on",
    "expertise",
    "field_of_study",
    "left_on",
)


@transaction.atomic
def add_inspector(*, unit: Unit, values: dict, by: User) -> Inspector:
    """Enter somebody who checks, with a certificate or without (六(三)-b, -c)."""
    refuse_if(rules.why_not_import("INSPECTOR", unit, by))
    book.lock_for_edit()
    values = {n: v for n, v in values.items() if n in EDITABLE}
    inspector = Inspector(**{"unit": unit, **values})
    refuse_if(_why_not_certificate(inspector))
    inspector.code = book.StaffCodes(unit).new()
    inspector.search_text = search.inspector_text(inspector)
    inspector.save(force_insert=True)
    entered = {_key(n): [None, _value(v)] for n, v in values.items() if v not in (None, "", [])}
    _note(inspector, ChangeKind.NEW, by=by, reason="新增", values=entered)
    trail.record("registry.inspector.added", by=by, about=inspector)
    return inspector


@transaction.atomic
def change_inspector(*, inspector: Inspector, values: dict, version: int, reason: str, by: User) -> Inspector:
    """Change somebody's data; refused when the record was changed meanwhile."""
    inspector = _locked(inspector)
    refuse_if(rules.why_not_edit_inspector(inspector, by, version) or rules.why_not_reason(reason))
    changed = {n: v for n, v in values.items() if n in EDITABLE and getattr(inspector, n) != v}
    if not changed:
        raise Refused("没有改动任何一项。")
    noted = {_key(n): [_value(getattr(inspector, n)), _value(v)] for n, v in changed.items()}
    for name, value in changed.items():
        setattr(inspector, name, value)
    refuse_if(_why_not_certificate(inspector))
    _save(inspector)
    _note(inspector, ChangeKind.CHANGED, by=by, reason=reason, values=noted)
    trail.record("registry.inspector.changed", by=by, about=inspector, fields=sorted(changed))
    return inspector


@transaction.atomic
def record_absence(
    *, inspector: Inspector, kind: str, starts_on: date, by: User, ends_on: date | None = None, note: str = ""
) -> InspectorAbsence:
    """Note leave, a change of post or other duty; during it the person is not drawn (SSJ1 ISTATE)."""
    inspector = _locked(inspector)
    refuse_if(rules.why_not_edit_inspector(inspector, by))
    if kind not in AbsenceKind.values:
        raise Refused("没有这种离岗原因。")
    if ends_on and ends_on < starts_on:
        raise Refused("截止日早于起始日。")
    absence = InspectorAbsence.objects.create(
        inspector=inspector, kind=kind, starts_on=starts_on, ends_on=ends_on, note=note[:200]
    )
    _save(inspector)
    until = ends_on.isoformat() if ends_on else None
    _note(
        inspector,
        "ABSENCE",
        by=by,
        reason=note or AbsenceKind(kind).label,
        values={"absence": [None, [kind, starts_on.isoformat(), until]]},
        on=starts_on,
    )
    trail.record("registry.inspector.absence", by=by, about=inspector, kind=kind)
    return absence


@transaction.atomic
def end_absence(*, absence: InspectorAbsence, on: date, by: User) -> InspectorAbsence:
    """Note the last day of an absence."""
    inspector = _locked(absence.inspector)
    refuse_if(rules.why_not_edit_inspector(inspector, by))
    if on < absence.starts_on:
        raise Refused("截止日早于起始日。")
    old, absence.ends_on = absence.ends_on, on
    absence.save(update_fields=["ends_on"])
    _save(inspector)
    values = {"absence_until": [_value(old), on.isoformat()]}
    _note(inspector, "BACK", by=by, reason="返岗", values=values, on=on)
    trail.record("registry.inspector.back", by=by, about=inspector)
    return absence


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
) -> ConflictOfInterest:
    """Enter an interest that keeps this person from this facility in every later draw (七(五)-c)."""
    inspector = _locked(inspector)
    refuse_if(rules.why_not_declare_conflict(inspector, facility, by) or rules.why_not_reason(reason, "说明"))
    now = clock.now()
    conflict = ConflictOfInterest.objects.create(
        inspector=inspector,
        facility=facility,
        kind=kind,
        reason=reason[:200],
        valid_from=valid_from or now.date(),
        valid_to=valid_to,
        declared_by=by,
        declared_at=now,
    )
    trail.record("registry.conflict.declared", by=by, about=inspector, unit=inspector.unit.drawing_unit)
    return conflict


@transaction.atomic
def end_conflict(*, conflict: ConflictOfInterest, reason: str, by: User, on: date | None = None) -> ConflictOfInterest:
    """End a declared interest that no longer holds."""
    _locked(conflict.inspector)
    conflict = (
        ConflictOfInterest.objects.select_for_update(of=("self",)).select_related("inspector").get(pk=conflict.pk)
    )
    refuse_if(rules.why_not_end_conflict(conflict, by, reason=reason))
    conflict.valid_to = on or clock.today()
    conflict.save(update_fields=["valid_to"])
    trail.record("registry.conflict.ended", by=by, about=conflict.inspector, reason=reason)
    return conflict


@transaction.atomic
def link_account(*, inspector: Inspector, user: User | None, by: User) -> Inspector:
    """Say which account is this person's, so that he sees his own tasks and declarations."""
    inspector = _locked(inspector)
    if user is not None and Inspector.objects.filter(user=user).exclude(pk=inspector.pk).exists():
        raise Refused(f"账号 {user.username} 已属于另一名检查人员。")
    fits = user is not None and book.accounts_for(inspector, clock.today()).filter(pk=user.pk).exists()
    refuse_if(rules.why_not_link_account(inspector, user, by, fits=fits))
    old = inspector.user.username if inspector.user else None
    inspector.user = user
    _save(inspector)
    values = {"account": [old, user.username if user else None]}
    _note(inspector, ChangeKind.CHANGED, by=by, reason="关联账号", values=values)
    trail.record("registry.inspector.account", by=by, about=inspector)
    return inspector


def _locked(inspector: Inspector) -> Inspector:
    book.lock_for_edit()
    inspector = (
        Inspector.objects.select_for_update(of=("self",))
        .select_related("unit", "unit__serves", "unit__parent", "user")
        .get(pk=inspector.pk)
    )
    refuse_if(history.why_not_trust(inspector))
    return inspector


def _save(inspector: Inspector) -> None:
    inspector.version += 1
    inspector.search_text = search.inspector_text(inspector)
    inspector.save()


def _note(inspector, kind, *, by, reason, values, on: date | None = None) -> None:
    now = clock.now()
    InspectorChange.objects.create(
        inspector=inspector,
        inspector_code=inspector.code,
        kind=kind,
        effective_on=on or now.date(),
        reason=reason[:200],
        values=values,
        entered_by=by,
        at=now,
    )


def _key(name: str) -> str:
    return "unit_id" if name == "unit" else name


def _value(value):
    return value.pk if isinstance(value, Unit) else _json(value)


def _why_not_certificate(inspector: Inspector) -> str:
    if reason := rules.why_not_certificate(
        number=inspector.certificate_no, start=inspector.certificate_from, end=inspector.certificate_to
    ):
        return reason
    taken = Inspector.objects.filter(certificate_no=inspector.certificate_no).exclude(pk=inspector.pk)
    if inspector.certificate_no and taken.exists():
        return "该执法证号已属于另一名检查人员。"
    return ""
