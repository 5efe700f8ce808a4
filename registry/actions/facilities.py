"""Changes of one facility. Each leaves a row of history and, where grounds are touched, a recomputed category."""

import json
from datetime import date
from decimal import Decimal

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if

from .. import book, categories, history, rules, search
from ..models import (
    CategoryGround,
    ChangeKind,
    Facility,
    FacilityChange,
    Ground,
    OperatingStatus,
    PositiveListEntry,
)
from .imports import STATUS_CHANGE

# What a registrar may change by form; status, grounds and the positive list have verbs of their own.
EDITABLE = (
    "name",
    "operator_name",
    "uscc",
    "permit_no",
    "permit_category",
    "permit_valid_to",
    "is_natural_person",
    "managed_by_city",
    "division_code",
    "address",
    "longitude",
    "latitude",
    "industry_code",
    "industry_name",
    "legal_person",
    "contact_name",
    "contact_phone",
    "pollution_types",
    "hazwaste",
    "air_grade",
    "credit_level",
    "credit_risk",
    "scopes",
)


@transaction.atomic
def add_facility(*, unit: Unit, values: dict, reason: str, by: User) -> Facility:
    """Enter one new place; its code follows the rule of decisions.md 1 (六(二)-d 新设)."""
    refuse_if(rules.why_not_import("FACILITY", unit, by))
    book.lock_for_edit()
    values = {n: v for n, v in values.items() if n in (*EDITABLE, "status", "entered_on")}
    facility = Facility(unit=unit, **values)
    refuse_if(_why_not_codes(facility))
    shared = bool(facility.uscc) and Facility.objects.filter(uscc=facility.uscc).exists()
    codes = book.Codes([facility.permit_no, facility.uscc])
    facility.code = codes.new(permit_no=facility.permit_no, uscc=facility.uscc, uscc_in_use=shared)
    now = clock.now()
    facility.entered_on = facility.entered_on or now.date()
    facility.division_code = facility.division_code or unit.division_code or "210500"
    facility.search_text = search.facility_text(facility)
    facility.save(force_insert=True)
    change = _change(facility, ChangeKind.NEW, now, by=by, reason=reason or "新增")
    change.values = {n: [None, _json(v)] for n, v in values.items() if v not in (None, "", [])}
    _settle_grounds(facility, change, by, now.date())
    facility.save(update_fields=["category", "has_key_ground"])
    change.save()
    trail.record("registry.facility.added", by=by, about=facility, entry=history.entry(change))
    return facility


@transaction.atomic
def change_facility(
    *, facility: Facility, values: dict, version: int, reason: str, evidence: str = "", by: User
) -> Facility:
    """Change the basic data; refused when somebody else changed the record meanwhile (reliability.md P15)."""
    facility = _locked(facility)
    refuse_if(rules.why_not_change(facility, by, version) or rules.why_not_reason(reason))
    changed = {n: v for n, v in values.items() if n in EDITABLE and getattr(facility, n) != v}
    if not changed:
        raise Refused("没有改动任何一项。")
    change = _change(facility, ChangeKind.CHANGED, clock.now(), by=by, reason=reason, evidence=evidence)
    for name, new in changed.items():
        change.values[name] = [_json(getattr(facility, name)), _json(new)]
        if name == "name" and facility.name not in facility.former_names:
            facility.former_names = [*facility.former_names, facility.name]
        setattr(facility, name, new)
    refuse_if(_why_not_codes(facility))
    _settle_grounds(facility, change, by, change.effective_on)
    _save(facility, change)
    trail.record(
        "registry.facility.changed", by=by, about=facility, fields=sorted(changed), entry=history.entry(change)
    )
    return facility


@transaction.atomic
def change_status(*, facility: Facility, status: str, on: date, reason: str, evidence: str, by: User) -> Facility:
    """Shut down, resume, close, cancel or move away, from a day, with the reason and the evidence (六(二)-d)."""
    facility = _locked(facility)
    now = clock.now()
    refuse_if(
        rules.why_not_change_status(
            facility, by, status=status, on=on, reason=reason, evidence=evidence, today=now.date()
        )
    )
    change = _change(facility, STATUS_CHANGE[OperatingStatus(status)], now, by=by, reason=reason, evidence=evidence)
    change.effective_on = on
    change.values["status"] = [facility.status, status]
    facility.status = status
    _save(facility, change)
    trail.record(
        "registry.facility.status", by=by, about=facility, status=status, on=on.isoformat(), entry=history.entry(change)
    )
    return facility


@transaction.atomic
def add_ground(
    *,
    facility: Facility,
    kind: str,
    evidence: str,
    by: User,
    document: str = "",
    year: int | None = None,
    valid_from: date | None = None,
) -> CategoryGround:
    """Enter a ground for 重点 or 特殊. A judgement (KF11, SF6) waits for another person's approval (六(二)-ad, -ak)."""
    facility = _locked(facility)
    refuse_if(rules.why_not_add_ground(facility, by, kind=kind, evidence=evidence))
    now = clock.now()
    ground = CategoryGround.objects.create(
        facility=facility,
        kind=kind,
        evidence=evidence[:200],
        document=document,
        year=year,
        valid_from=valid_from or now.date(),
        entered_by=by,
    )
    waits = kind in categories.NEED_APPROVAL
    change = _change(
        facility, ChangeKind.GROUND_ADDED, now, by=by, reason=Ground(kind).label[:200], evidence=evidence[:200]
    )
    change.effective_on = ground.valid_from
    change.values["grounds_pending" if waits else "grounds"] = [None, [kind]]
    _relabel(facility, change)
    _save(facility, change)
    trail.record(
        "registry.ground.added", by=by, about=facility, kind=kind, waits_for_approval=waits, entry=history.entry(change)
    )
    return ground


@transaction.atomic
def approve_ground(*, ground: CategoryGround, by: User) -> CategoryGround:
    """Approve a judgement that another person entered; only now does it count."""
    facility = _locked(ground.facility)
    ground = CategoryGround.objects.select_for_update(of=("self",)).select_related("facility").get(pk=ground.pk)
    refuse_if(rules.why_not_approve_ground(ground, by))
    ground.approved_by = by
    ground.save(update_fields=["approved_by"])
    change = _change(
        facility,
        ChangeKind.GROUND_ADDED,
        clock.now(),
        by=ground.entered_by,
        reason=Ground(ground.kind).label[:200],
        evidence=ground.evidence,
    )
    change.approved_by = by
    change.values["grounds"] = [None, [ground.kind]]
    _relabel(facility, change)
    _save(facility, change)
    trail.record("registry.ground.approved", by=by, about=facility, kind=ground.kind, entry=history.entry(change))
    return ground


@transaction.atomic
def reject_ground(*, ground: CategoryGround, reason: str, by: User) -> None:
    """Turn a judgement down; it never counted, and stays in the history."""
    facility = _locked(ground.facility)
    ground = CategoryGround.objects.select_for_update(of=("self",)).select_related("facility").get(pk=ground.pk)
    refuse_if(rules.why_not_approve_ground(ground, by) or rules.why_not_reason(reason))
    change = _change(
        facility, ChangeKind.GROUND_ENDED, clock.now(), by=ground.entered_by, reason=f"未批准：{reason}"[:200]
    )
    change.approved_by = by
    change.values["grounds_pending"] = [[ground.kind], None]
    ground.delete()
    _save(facility, change)
    trail.record("registry.ground.rejected", by=by, about=facility, kind=ground.kind, entry=history.entry(change))


@transaction.atomic
def end_ground(*, ground: CategoryGround, reason: str, by: User, on: date | None = None) -> CategoryGround:
    """End a ground that no longer holds; the category follows."""
    facility = _locked(ground.facility)
    ground = CategoryGround.objects.select_for_update(of=("self",)).select_related("facility").get(pk=ground.pk)
    refuse_if(rules.why_not_end_ground(ground, by, reason=reason))
    now = clock.now()
    ground.valid_to = on or now.date()
    ground.save(update_fields=["valid_to"])
    change = _change(facility, ChangeKind.GROUND_ENDED, now, by=by, reason=reason)
    change.effective_on = ground.valid_to
    change.values["grounds_ended"] = [[ground.kind], None]
    _relabel(facility, change)
    _save(facility, change)
    trail.record("registry.ground.ended", by=by, about=facility, kind=ground.kind, entry=history.entry(change))
    return ground


@transaction.atomic
def enter_positive_list(*, facility: Facility, batch: str, on: date, by: User) -> PositiveListEntry:
    """Take a facility into the positive list (七(三)-e)."""
    facility = _locked(facility)
    refuse_if(rules.why_not_enter_positive_list(facility, by, batch=batch))
    entry = PositiveListEntry.objects.create(facility=facility, batch=batch, valid_from=on)
    change = _change(facility, ChangeKind.POSITIVE_IN, clock.now(), by=by, reason=batch)
    change.effective_on = on
    change.values["positive_list"] = [None, batch]
    _save(facility, change)
    trail.record("registry.positive_list.entered", by=by, about=facility, batch=batch, entry=history.entry(change))
    return entry


@transaction.atomic
def leave_positive_list(*, facility: Facility, reason: str, on: date, by: User) -> PositiveListEntry:
    """Take a facility out of the positive list, with the reason (七(三)-d, -e)."""
    facility = _locked(facility)
    refuse_if(rules.why_not_leave_positive_list(facility, by, reason=reason))
    entry = facility.positive_entries.select_for_update().get(valid_to__isnull=True)
    entry.valid_to, entry.exit_reason = on, reason[:200]
    entry.save(update_fields=["valid_to", "exit_reason"])
    change = _change(facility, ChangeKind.POSITIVE_OUT, clock.now(), by=by, reason=reason)
    change.effective_on = on
    change.values["positive_list"] = [entry.batch, None]
    _save(facility, change)
    trail.record("registry.positive_list.left", by=by, about=facility, entry=history.entry(change))
    return entry


@transaction.atomic
def show_personal_data(*, facility: Facility, by: User) -> None:
    """Note that somebody looked at names and telephone numbers (ui.md 7.2); the page shows them once."""
    trail.record("registry.facility.personal_shown", by=by, about=facility)


def _locked(facility: Facility) -> Facility:
    book.lock_for_edit()
    facility = Facility.objects.select_for_update(of=("self",)).select_related("unit").get(pk=facility.pk)
    refuse_if(history.why_not_trust(facility))
    return facility


def _change(facility, kind, now, *, by, reason, evidence="") -> FacilityChange:
    return FacilityChange(
        facility=facility,
        facility_code=facility.code,
        kind=kind,
        effective_on=now.date(),
        reason=reason[:200],
        evidence=evidence[:200],
        values={},
        entered_by=by,
        at=now,
    )


def _settle_grounds(facility: Facility, change: FacilityChange, by: User, on: date) -> None:
    """Let the derived grounds follow the permit and the credit rating, then the label (六(二)-u, -ai, -am)."""
    wanted = categories.derived_grounds(
        permit_category=facility.permit_category, permit_no=facility.permit_no, credit_level=facility.credit_level
    )
    derived = facility.grounds.filter(valid_to__isnull=True, kind__in=categories.DERIVED)
    present = set(derived.values_list("kind", flat=True))
    if gone := sorted(present - {k.value for k in wanted}):
        derived.filter(kind__in=gone).update(valid_to=on)
        change.values["grounds_ended"] = [gone, None]
    fresh = [k for k in wanted if k.value not in present]
    for kind in fresh:
        CategoryGround.objects.create(
            facility=facility, kind=kind, evidence=wanted[kind], year=on.year, valid_from=on, entered_by=by
        )
    if fresh:
        change.values["grounds"] = [None, [k.value for k in fresh]]
    _relabel(facility, change)


def _relabel(facility: Facility, change: FacilityChange) -> None:
    before = facility.category
    if categories.put_label(facility, categories.open_kinds(facility)) and before != facility.category:
        change.values["category"] = [before, facility.category]


def _save(facility: Facility, change: FacilityChange) -> None:
    facility.version += 1
    facility.search_text = search.facility_text(facility)
    facility.save()
    change.save()


def _why_not_codes(facility: Facility) -> str:
    if facility.permit_no and Facility.objects.filter(permit_no=facility.permit_no).exclude(pk=facility.pk).exists():
        return "该排污许可证编号已在名录中。"
    if facility.uscc and not facility.permit_no:
        same = Facility.objects.filter(uscc=facility.uscc, permit_no="").exclude(pk=facility.pk)
        if same.exists():
            return "名录里已有使用这个信用代码的对象。另一处场所要填写它自己的许可证编号。"
    if not facility.uscc and not facility.permit_no and not facility.is_natural_person:
        return "填写统一社会信用代码；自然人勾选“自然人”。"
    return ""


def _json(value):
    return json.loads(json.dumps(value, default=lambda v: str(v) if isinstance(v, Decimal) else v.isoformat()))
