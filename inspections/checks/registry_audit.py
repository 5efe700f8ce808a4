"""What the checks say about a registry that may be out of date (六(二)-e). Public results only (decisions.md 3)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from inspections.models import Inspection, InspectionStatus, Outcome
from plans.models import Mode
from registry import book as registry_book
from registry.audits.standing import Line, listed
from registry.models import Book, ChangeKind, FacilityChange, OperatingStatus

from . import known

STANDING_STILL = {OperatingStatus.SUSPENDED, OperatingStatus.SEASONAL, OperatingStatus.LONG_SUSPENDED}
STATUS_CHANGES = [
    ChangeKind.SUSPENDED,
    ChangeKind.SEASONAL,
    ChangeKind.RESUMED,
    ChangeKind.CLOSED,
    ChangeKind.CANCELLED,
    ChangeKind.MOVED_OUT,
]
FOUND = {Outcome.NOT_OPERATING: "时停产", Outcome.UNREACHABLE: "时登记地址无人"}
# What the check found is another than the registry says.
AT_ODDS = Q(facility__status=OperatingStatus.OPERATING, outcome__in=FOUND) | (
    Q(facility__status__in=STANDING_STILL, mode=Mode.ONSITE) & ~Q(outcome__in=FOUND)
)


def lines(unit, book: str, today: date) -> Iterable[Line]:
    """Facilities nobody has checked for years, and those whose last check found another state than the registry says."""
    if book != Book.FACILITY:
        return []
    years = policy.on(today).recommended.registry_unchecked_years
    long_ago = today.replace(year=today.year - years, day=min(today.day, 28))
    public = Inspection.objects.filter(facility__unit=unit, status=InspectionStatus.PUBLISHED, ended_at__isnull=False)
    on_books = registry_book.facilities_of(unit).on_books()
    recent = public.filter(ended_at__date__gte=long_ago)
    unchecked = on_books.filter(entered_on__lt=long_ago).exclude(pk__in=recent.values("facility"))
    return [
        listed(
            "unchecked",
            f"{years} 年没有公开的检查结果",
            "核对是不是还在生产，名录里的类别对不对",
            unchecked,
            lambda facility: f"{facility.entered_on.year} 年纳入",
        ),
        Line(
            "contradiction",
            "生产状态和上次检查不一致",
            "核实以后变更生产状态，或者写明为什么不变",
            _contradictions(public),
        ),
    ]


def _contradictions(public) -> list[tuple[str, str, str]]:
    newest = public.order_by("facility_id", "-ended_at").distinct("facility_id")
    told = Inspection.objects.filter(known.telling(), AT_ODDS, pk__in=newest.values("pk"))
    last = list(told.select_related("facility"))
    changed: dict[int, object] = {}
    changes = FacilityChange.objects.filter(facility__in=[check.facility_id for check in last], kind__in=STATUS_CHANGES)
    for facility, at in changes.order_by("at").values_list("facility_id", "at"):
        changed[facility] = at
    found = []
    for check in last:
        facility = check.facility
        if changed.get(facility.pk) and changed[facility.pk] > check.ended_at:
            continue  # somebody has looked at it since
        day, said = localtime(check.ended_at).date().isoformat(), FOUND.get(check.outcome, "时在生产")
        found.append((facility.code, facility.name, f"名录{facility.get_status_display()}，{day} 检查{said}"))
    return sorted(found)
