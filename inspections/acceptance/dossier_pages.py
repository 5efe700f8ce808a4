"""企业情况: what the team reads before it goes (七(五)-l, -p; 一-d): safety first, permit, last results, what to watch.

It shows what everybody may know of draws and checks, never more (decisions.md 3): the registry's own facts and public
results.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks.papers import decision_words
from inspections.models import Inspection, InspectionStatus
from registry.facilities import wording
from registry.models import EventKind, Facility, PermitCategory, SafetyNote
from registry.positive_list import months
from registry.safety import actions as safety

MOST = 3


@dataclass(frozen=True)
class Line:
    title: str
    text: str = ""


@dataclass(frozen=True)
class Dossier:
    safety: SafetyNote | None
    permit: tuple[tuple[str, str], ...]
    last: tuple[Line, ...]
    watch: tuple[Line, ...]


def dossier_of(facility: Facility, today: date) -> Dossier:
    return Dossier(safety.standing(facility), _permit(facility), _last(facility), _watch(facility, today))


def _permit(facility: Facility) -> tuple[tuple[str, str], ...]:
    if facility.permit_category == PermitCategory.NONE and not facility.permit_no:
        return ()
    until = f"到 {full_date(facility.permit_valid_to)}" if facility.permit_valid_to else "没有登记"
    return (
        ("编号", facility.permit_no or "没有登记"),
        ("管理", facility.get_permit_category_display()),
        ("有效期", until),
        ("污染类型", wording.value_text("pollution_types", facility.pollution_types)),
    )


def _last(facility: Facility) -> tuple[Line, ...]:
    """The last public results, and what was ordered then."""
    rows = Inspection.objects.filter(
        facility=facility, status=InspectionStatus.PUBLISHED, withdrawn_at__isnull=True
    ).order_by("-ended_at")[:MOST]
    return tuple(
        Line(
            f"{full_date(localtime(row.ended_at).date())}　{row.get_source_display()}",
            f"{row.finding}{decision_words(row)}",
        )
        for row in rows
    )


def _watch(facility: Facility, today: date) -> tuple[Line, ...]:
    """Grounds of the category, hazardous waste, complaints and signs of the last twelve months."""
    since = today - timedelta(days=365)
    lines = [
        Line(f"列为{ground.get_kind_display()}", ground.evidence)
        for ground in facility.grounds.filter(valid_to__isnull=True).order_by("kind")
    ]
    if facility.hazwaste_licence:
        lines.append(Line(facility.get_hazwaste_display(), f"经营许可证 {facility.hazwaste_licence}"))
    lines += [
        Line(f"{full_date(row.day)}投诉：{row.matter or row.channel}", "；".join(o.result for o in row.outcomes.all()))
        for row in facility.complaints.filter(day__gte=since).prefetch_related("outcomes")[:MOST]
    ]
    lines += [
        Line(f"{full_date(row.day)} {row.get_kind_display()}", f"{row.number}，{row.source}")
        for row in facility.compliance_events.filter(day__gte=since)[:MOST]
    ]
    lines += [
        Line(
            f"{row.month.year} 年 {row.month.month} 月{EventKind.MONITORING.label} {row.times} 次",
            f"按月统计，{row.source}",
        )
        for row in reversed(months.standing([facility.pk]))
        if row.times and row.month >= since.replace(day=1)
    ][:MOST]
    return tuple(lines)
