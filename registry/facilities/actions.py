"""Changes of one facility that one person makes: the basic data.

What moves a facility into another category, into or out of the pool, onto the positive list or to another unit waits for a
second person: `waiting`, and the room `proposals`.
"""

from django.db import transaction

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason
from registry import book
from registry import book_rules as imports_rules
from registry.divisions import whole_city
from registry.models import ChangeKind, Facility, Rating

from . import chain, levels, records, rules, search, waiting
from . import records as ratings

# What a registrar may change by form; status, grounds and the positive list have verbs of their own.
EDITABLE = (
    "name",
    "operator_name",
    "uscc",
    "permit_no",
    "permit_category",
    "permit_valid_to",
    "is_natural_person",
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
    "hazwaste_licence",
    "air_grade",
    "credit_level",
    "credit_risk",
    "scopes",
)


@transaction.atomic
def add_facility(*, unit: Unit, values: dict, reason: str, by: User) -> Facility:
    """Enter one new place; its code follows the rule of decisions.md 1 (六(二)-d 新设)."""
    refuse_if(imports_rules.why_not_import("FACILITY", unit, by))
    book.lock_for_edit()
    now = clock.now()
    values = {n: v for n, v in values.items() if n in (*EDITABLE, "status", "entered_on")}
    values = levels.as_codes(values, now.date()) | {"managed_by_city": rules.managed_by_city(unit)}
    refuse_if(levels.why_not_levels(values, None, now.date()))
    facility = Facility(unit=unit, **values)
    refuse_if(_why_not_codes(facility) or rules.why_not_hazwaste(facility.hazwaste, facility.hazwaste_licence))
    shared = bool(facility.uscc) and Facility.objects.filter(uscc=facility.uscc).exists()
    codes = book.Codes([facility.permit_no, facility.uscc])
    facility.code = codes.new(permit_no=facility.permit_no, uscc=facility.uscc, uscc_in_use=shared)
    facility.entered_on = facility.entered_on or now.date()
    facility.division_code = facility.division_code or unit.division_code or whole_city()
    facility.search_text = search.facility_text(facility)
    facility.save(force_insert=True)
    change = records.change_of(facility, ChangeKind.NEW, now, by=by, reason=reason or "新增")
    change.values = {n: [None, records.json_of(v)] for n, v in values.items() if v not in (None, "", [])}
    change.save()
    waiting.settle_derived(facility, now, by)
    ratings.note_ratings(facility, change)
    trail.record("registry.facility.added", by=by, about=facility, entry=chain.entry(change))
    return facility


@transaction.atomic
def change_facility(
    *, facility: Facility, values: dict, version: int, reason: str, evidence: str = "", by: User
) -> Facility:
    """Change the basic data; refused when somebody else changed the record meanwhile (reliability.md P15)."""
    facility = records.locked(facility)
    refuse_if(rules.why_not_change(facility, by, version) or why_not_reason(reason))
    now = clock.now()
    values = levels.as_codes(values, now.date())
    refuse_if(levels.why_not_levels(values, facility, now.date()))
    changed = {n: v for n, v in values.items() if n in EDITABLE and getattr(facility, n) != v}
    if not changed:
        raise Refused("没有改动任何一项。")
    change = records.change_of(facility, ChangeKind.CHANGED, now, by=by, reason=reason, evidence=evidence)
    for name, new in changed.items():
        change.values[name] = [records.json_of(getattr(facility, name)), records.json_of(new)]
        if name == "name" and facility.name not in facility.former_names:
            names = [*facility.former_names, facility.name]
            change.values["former_names"] = [facility.former_names, names]
            facility.former_names = names
        setattr(facility, name, new)
    refuse_if(_why_not_codes(facility))
    if changed.keys() & {"hazwaste", "hazwaste_licence"}:
        refuse_if(rules.why_not_hazwaste(facility.hazwaste, facility.hazwaste_licence))
    records.record("registry.facility.changed", facility, change, by=by, fields=sorted(changed))
    waiting.settle_derived(facility, change.at, by)
    ratings.note_ratings(facility, change)
    if changed.keys() & set(Rating.values):
        subjects.house().rated(facility, change.at)
    return facility


@transaction.atomic
def show_personal_data(*, facility: Facility, by: User) -> None:
    """Note that somebody looked at names and telephone numbers (ui.md 7.2); the page shows them once."""
    trail.record("registry.facility.personal_shown", by=by, about=facility)


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
