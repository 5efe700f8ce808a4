"""What the pages of targeted checks show: numbers by source, the reference in words, the visit for those who may know."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from inspections.frequency import counts as frequency
from inspections.frequency.caps import caps_of
from inspections.models import Inspection, InspectionStatus, Source, TargetedCheck, TargetedState
from registry.models import Facility

from .rules import ASKED

TONES = {
    TargetedState.ASKED: "warn",
    TargetedState.APPROVED: "ok",
    TargetedState.RETURNED: "bad",
    TargetedState.CLOSED: "wait",
}


COLUMNS = [
    OutColumn("编号", 20),
    OutColumn("来源", 16),
    OutColumn("依据", 40),
    OutColumn("检查对象", 30),
    OutColumn("名录编号", 24),
    OutColumn("检查方式", 10),
    OutColumn("检查事由", 40),
    OutColumn("完成不晚于", 12),
    OutColumn("不计入上限", 18),
    OutColumn("状态", 10),
    OutColumn("发起人", 12),
    OutColumn("发起时间", 18),
    OutColumn("批准人", 12),
    OutColumn("批准时间", 18),
    OutColumn("批准文号", 24),
    OutColumn("补办", 8),
]


def totals(checks, user) -> list[dict]:
    """Every source with its numbers; that a visit is over counts for its circle, and with its result for everybody."""
    told = Q(unit__in=user.units_with(P.SEE_SEALED)) | Q(status=InspectionStatus.PUBLISHED)
    known = frequency.inspections_known_to(user).filter(told, ended_at__isnull=False).values("pk")
    counts = {
        row["source"]: row
        for row in checks.order_by()
        .values("source")
        .annotate(
            asked=Count("pk"),
            waiting=Count("pk", filter=Q(state=TargetedState.ASKED)),
            approved=Count("pk", filter=Q(state=TargetedState.APPROVED)),
            refused=Count("pk", filter=Q(state__in=[TargetedState.RETURNED, TargetedState.CLOSED])),
            checked=Count("pk", filter=Q(inspection__in=known)),
        )
    }
    empty = {"asked": 0, "waiting": 0, "approved": 0, "refused": 0, "checked": 0}
    return [
        {**empty, **counts.get(source, {}), "source": source.value, "label": source.label}
        for source in Source
        if source != Source.DRAW
    ]


def reference_of(asked: TargetedCheck, user=None) -> list[tuple[str, str]]:
    """What the source rests on, by the names of the form; an earlier check only for those who may know it."""
    found = []
    for name, label in ASKED[asked.source].items():
        value = getattr(asked, name)
        if name == "original" and value is not None:
            visible = user is not None and Inspection.objects.visible_to(user).filter(pk=value.pk).exists()
            value = value.no if visible else "已登记"
        elif name == "reference_at" and value:
            value = f"{localtime(value):%Y-%m-%d %H:%M}"
        elif name == "complaint" and value:
            value = value.number
        elif name == "campaign" and value:
            value = f"{value.title}（{value.document}）"
        elif name == "reference_on" and value:
            value = value.isoformat()
        if value:
            found.append((label, str(value)))
    return found


def reference_words(asked: TargetedCheck) -> str:
    return "；".join(f"{label}：{value}" for label, value in reference_of(asked))


def visit_of(asked: TargetedCheck, user) -> Inspection | None:
    """The visit, for those who may know it: whether it is one of its own or another's looks the same to all others."""
    if asked.inspection_id is None:
        return None
    return Inspection.objects.visible_to(user).filter(pk=asked.inspection_id).select_related("unit").first()


def references_of(inspection: Inspection) -> list[dict]:
    """Every targeted check that this visit answers, with its reference and why it was raised (一-d: both are kept)."""
    rows = inspection.targeted.select_related("campaign", "kind", "original", "complaint").order_by("no")
    return [{"asked": a, "words": "　".join(filter(None, (reference_words(a), a.reason)))} for a in rows]


def frequency_of(facility: Facility, year: int, user) -> dict:
    caps, moments = caps_of(year), frequency.moments_of(facility, year, user)
    cap, visits = caps.of(facility), len(moments)
    return {
        "year": year,
        "cap": cap,
        "visits": visits,
        "cap_tone": "bad" if caps.exceeded(facility, moments) else "warn" if cap and visits >= cap.max_visits else "",
        "item_counts": frequency.random_times(facility, year, user),
    }


def timeline(asked: TargetedCheck, visit: Inspection | None) -> list[dict]:
    """Newest first; that it joined another visit is told to those who may know the visit."""
    decided = {
        TargetedState.APPROVED: "补办批准" if asked.is_late else "批准",
        TargetedState.RETURNED: "没有批准",
    }
    steps = [
        ("发起", asked.asked_at, asked.asked_by, ""),
        (decided.get(asked.state, "批准"), asked.decided_at, asked.decided_by, "k"),
        (f"并入 {visit.no}" if visit else "", asked.merged_at if visit else None, asked.merged_by, ""),
        ("检查结束", visit.ended_at if visit else None, None, "k"),
    ]
    return [
        {"what": what, "who": by.full_name if by else "", "when": f"{localtime(at):%Y-%m-%d %H:%M}", "state": state}
        for what, at, by, state in reversed(steps)
        if at
    ]


def workbook(checks: Iterable[TargetedCheck], unit: Unit | None, year: int, today: date) -> bytes:
    title = heading(f"{year} 年针对性检查", unit.name if unit else "", today)
    return table(sheet="针对性检查", title=title, columns=COLUMNS, rows=(_row(c) for c in checks), named_by=4)


def _row(c: TargetedCheck) -> list:
    return [
        c.no,
        c.get_source_display(),
        reference_words(c),
        c.facility.name,
        c.facility.code,
        c.get_mode_display(),
        c.reason,
        c.finish_by.isoformat(),
        f"{c.get_cap_exemption_display()} {c.exemption_document}".strip(),
        c.get_state_display(),
        c.asked_by.full_name,
        f"{localtime(c.asked_at):%Y-%m-%d %H:%M}",
        c.decided_by.full_name if c.decided_by else "",
        f"{localtime(c.decided_at):%Y-%m-%d %H:%M}" if c.decided_at else "",
        c.document_no,
        "是" if c.is_late else "",
    ]


SEES = (P.RAISE_CHECK, P.APPROVE_CHECK, P.SEE_SEALED)
