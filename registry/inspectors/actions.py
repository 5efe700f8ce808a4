"""Changes of one inspector: data, absences, declared interests (六(三)-i, 七(五)-c)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason
from registry import book
from registry import book_rules as imports_rules
from registry.facilities import chain as history
from registry.facilities import search
from registry.facilities.records import json_of
from registry.models import Inspector, InspectorChange, InspectorChangeKind

from . import certificates, rules

CERTIFICATE = ("certificate_no", "certificate_kind", "certificate_from", "certificate_to")
PLACE = frozenset({"unit", "position", "post", "employment", "division_code"})
QUALIFICATION = frozenset({"scopes", "scope_basis", "can_lead", "enforcement_kinds"})
EDITABLE = (
    "name",
    "gender",
    "unit",
    "division_code",
    "position",
    "post",
    *CERTIFICATE,
    "enforcement_kinds",
    "scopes",
    "scope_basis",
    "can_lead",
    "employment",
    "entered_service_on",
    "expertise",
    "field_of_study",
    "left_on",
)


@transaction.atomic
def add_inspector(
    *, unit: Unit, values: dict, by: User, on: date | None = None, reason: str = "", transferred: bool = False
) -> Inspector:
    """Enter somebody who checks, with a certificate or without (六(三)-b, -c)."""
    refuse_if(imports_rules.why_not_import("INSPECTOR", unit, by) or rules.why_not_effective(on, clock.today()))
    book.lock_for_edit()
    values = {n: v for n, v in values.items() if n in EDITABLE}
    refuse_if(rules.why_not_name(values.get("name", "")))
    inspector = Inspector(**{"unit": unit, **values})
    inspector.division_code = inspector.division_code or inspector.unit.division_code or unit.division_code
    refuse_if(_why_not_certificate(inspector) or rules.why_not_scopes(inspector, values))
    inspector.code = book.StaffCodes(unit).new()
    inspector.search_text = search.inspector_text(inspector)
    inspector.save(force_insert=True)
    values |= {"unit": inspector.unit, "division_code": inspector.division_code}
    entered = {_key(n): [None, _value(v)] for n, v in values.items() if v not in (None, "", [])}
    kind = InspectorChangeKind.TRANSFER_IN if transferred else InspectorChangeKind.NEW
    write_change(inspector, kind, by=by, reason=reason or kind.label, values=entered, on=on)
    certificates.state_columns([inspector], by=by, at=clock.now(), reason=reason or kind.label)
    trail.record("registry.inspector.added", by=by, about=inspector)
    return inspector


@transaction.atomic
def change_inspector(
    *, inspector: Inspector, values: dict, version: int, reason: str, by: User, on: date | None = None
) -> Inspector:
    """Change somebody's data from a day on; refused when the record was changed meanwhile (六(三)-i)."""
    inspector = locked(inspector)
    refuse_if(
        rules.why_not_edit_inspector(inspector, by, version)
        or why_not_reason(reason)
        or rules.why_not_effective(on, clock.today())
    )
    changed = {n: v for n, v in values.items() if n in EDITABLE and getattr(inspector, n) != v}
    if not changed:
        raise Refused("没有改动任何一项。")
    if "name" in changed:
        refuse_if(rules.why_not_name(changed["name"]))
    if inspector.certificate_no and changed.get("certificate_no") == "":
        raise Refused("执法证不能清空。注销或暂扣的，在“执法证”里登记。")
    noted = {_key(n): [_value(getattr(inspector, n)), _value(v)] for n, v in changed.items()}
    for name, value in changed.items():
        setattr(inspector, name, value)
    refuse_if(_why_not_certificate(inspector) or rules.why_not_scopes(inspector, changed))
    save(inspector)
    write_change(inspector, _kind_of(changed), by=by, reason=reason, values=noted, on=on)
    if changed.keys() & set(CERTIFICATE):
        certificates.state_columns([inspector], by=by, at=clock.now(), reason=reason)
    trail.record("registry.inspector.changed", by=by, about=inspector, fields=sorted(changed))
    return inspector


@transaction.atomic
def leave(*, inspector: Inspector, on: date, reason: str, version: int, by: User) -> Inspector:
    """Note that somebody has left (调离): from that day he is not drawn any more; the record stays."""
    values = {"left_on": on}
    if inspector.left_on:
        raise Refused(f"{inspector.name}已于 {inspector.left_on.isoformat()} 调离。")
    return change_inspector(inspector=inspector, values=values, version=version, reason=reason, on=on, by=by)


@transaction.atomic
def take_over(*, inspector: Inspector, unit: Unit, values: dict, on: date, reason: str, by: User) -> Inspector:
    """Take over somebody who has left another unit (调入): code, certificate and history stay with the person."""
    inspector = locked(inspector)
    refuse_if(rules.why_not_take_over(inspector, unit, by, on=on, today=clock.today()) or why_not_reason(reason))
    values = {n: v for n, v in values.items() if n in ("unit", "position", "post", "division_code") and v != ""}
    values = {"unit": unit, "division_code": unit.division_code, "left_on": None, **values}
    noted = {
        _key(n): [_value(getattr(inspector, n)), _value(v)] for n, v in values.items() if getattr(inspector, n) != v
    }
    for name, value in values.items():
        setattr(inspector, name, value)
    save(inspector)
    write_change(inspector, InspectorChangeKind.TRANSFER_IN, by=by, reason=reason, values=noted, on=on)
    trail.record("registry.inspector.taken_over", by=by, about=inspector, unit=unit)
    return inspector


def _kind_of(changed: dict) -> str:
    """The kind that the change belongs to; where several do, the weightiest."""
    kinds = InspectorChangeKind
    if "left_on" in changed:
        return kinds.TRANSFER_OUT if changed["left_on"] else kinds.CHANGED
    if changed.keys() & PLACE:
        return kinds.POST
    if changed.keys() & set(CERTIFICATE):
        return kinds.CERTIFICATE
    return kinds.QUALIFIED if changed.keys() & QUALIFICATION else kinds.CHANGED


@transaction.atomic
def link_account(*, inspector: Inspector, user: User | None, by: User) -> Inspector:
    """Say which account is this person's, so that he sees his own tasks and declarations."""
    inspector = locked(inspector)
    if user is not None and Inspector.objects.filter(user=user).exclude(pk=inspector.pk).exists():
        raise Refused(f"账号 {user.username} 已属于另一名检查人员。")
    fits = user is not None and book.accounts_for(inspector, clock.today()).filter(pk=user.pk).exists()
    refuse_if(rules.why_not_link_account(inspector, user, by, fits=fits))
    old = inspector.user.username if inspector.user else None
    inspector.user = user
    save(inspector)
    values = {"account": [old, user.username if user else None]}
    write_change(inspector, InspectorChangeKind.CHANGED, by=by, reason="关联账号", values=values)
    trail.record("registry.inspector.account", by=by, about=inspector)
    return inspector


def locked(inspector: Inspector) -> Inspector:
    """The person as he is now, held until the transaction ends; refused when his history does not fit."""
    book.lock_for_edit()
    inspector = Inspector.objects.locked(inspector.pk, "unit", "unit__serves", "unit__parent", "user")
    refuse_if(history.why_not_trust(inspector))
    return inspector


def save(inspector: Inspector) -> None:
    inspector.version += 1
    inspector.search_text = search.inspector_text(inspector)
    inspector.save()


def write_change(inspector, kind, *, by, reason, values, on: date | None = None) -> None:
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
    return value.pk if isinstance(value, Unit) else json_of(value)


def _why_not_certificate(inspector: Inspector) -> str:
    if reason := rules.why_not_certificate(
        number=inspector.certificate_no, start=inspector.certificate_from, end=inspector.certificate_to
    ):
        return reason
    return rules.why_not_number(inspector, inspector.certificate_no) if inspector.certificate_no else ""
