"""What the checks say about a registry that may be out of date (六(二)-e). Public results only (decisions.md 3)."""

from collections.abc import Iterable
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from inspections.models import Inspection, InspectionStatus, Outcome
from plans.models import Mode
from registry import book as registry_book
from registry.audits.standing import Line
from registry.models import Book, ChangeKind, FacilityChange, OperatingStatus

STANDING_STILL = {OperatingStatus.SUSPENDED, OperatingStatus.SEASONAL, OperatingStatus.LONG_SUSPENDED}
STATUS_CHANGES = [
    ChangeKind.SUSPENDED,
    ChangeKind.SEASONAL,
    ChangeKind.RESUMED,
    ChangeKind.CLOSED,
    ChangeKind.CANCELLED,
    ChangeKind.MOVED_OUT,
]


def lines(unit, book: str, today: date) -> Iterable[Line]:
    """Facilities nobody has checked for years, and those whose last check found another state than the registry says."""
    if book != Book.FACILITY:
        return []
    years = policy.on(today).recommended.registry_unchecked_years
    long_ago = today.replace(year=today.year - years, day=min(today.day, 28))
    public = Inspection.objects.filter(facility__unit=unit, status=InspectionStatus.PUBLISHED, ended_at__isnull=False)
    on_books = registry_book.facilities_of(unit).on_books()
    recent = public.filter(ended_at__date__gte=long_ago)
    unchecked = on_books.filter(entered_on__lt=long_ago).exclude(pk__in=recent.values("facility")).order_by("code")
    return [
        Line(
            "unchecked",
            f"{years} 年没有公开的检查结果",
            "核对是不是还在生产，名录里的类别对不对",
            [(f.code, f.name, f"{f.entered_on.year} 年纳入") for f in unchecked],
        ),
        Line(
            "contradiction",
            "生产状态和上次检查不一致",
            "核实以后变更生产状态，或者写明为什么不变",
            _contradictions(public),
        ),
    ]


def _contradictions(public) -> list[tuple[str, str, str]]:
    last = public.order_by("facility_id", "-ended_at").distinct("facility_id").select_related("facility")
    changed: dict[int, object] = {}
    changes = FacilityChange.objects.filter(facility__in=public.values("facility"), kind__in=STATUS_CHANGES)
    for facility, at in changes.order_by("at").values_list("facility_id", "at"):
        changed[facility] = at
    found = []
    for check in last:
        facility = check.facility
        if changed.get(facility.pk) and changed[facility.pk] > check.ended_at:
            continue  # somebody has looked at it since
        said = _said(check, facility)
        if said:
            day = localtime(check.ended_at).date().isoformat()
            found.append((facility.code, facility.name, f"名录{facility.get_status_display()}，{day} 检查{said}"))
    return sorted(found)


def _said(check: Inspection, facility) -> str:
    """What the check found, where the registry says otherwise; "" where they agree."""
    if facility.status == OperatingStatus.OPERATING:
        return {Outcome.NOT_OPERATING: "时停产", Outcome.UNREACHABLE: "时登记地址无人"}.get(check.outcome, "")
    if facility.status not in STANDING_STILL or check.mode != Mode.ONSITE:
        return ""
    return "" if check.outcome in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE) else "时在生产"
