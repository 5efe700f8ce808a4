"""What a 整改 adds to the volume of its check, and how far it has come (七(七)-k, 七(七)-l)."""

from collections.abc import Iterable, Iterator
from functools import partial

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import files, filled
from benxi_shuangsuiji.documents.filled import Filled, Line, Text
from benxi_shuangsuiji.subject import Ending, Leaf
from benxi_shuangsuiji.workdays.days import full_date, paper_moment
from inspections.checks.issuer import issuer_of
from inspections.followups.filed_papers import Leaves, gathered, printed
from inspections.models import Inspection, Outcome, RectificationAct, RectificationReport, RectificationState

from . import papers
from .models import Rectification, RectificationOrder


def orders(checks: Iterable[Inspection]) -> Leaves:
    """Each notice that was handed out, as it was then."""
    rows = RectificationOrder.objects.filter(rectification__inspection__in=checks)
    along = ("rectification__inspection__facility", "rectification__inspection__unit", "delivery", "act")
    return gathered(rows.select_related(*along), lambda row: row.rectification.inspection, _order_leaf)


def reports(checks: Iterable[Inspection]) -> Leaves:
    """The enterprise's own reports, with what it added."""
    rows = RectificationReport.objects.filter(rectification__inspection__in=checks, sent_at__isnull=False)
    rows = rows.select_related("rectification__inspection").prefetch_related("lines__point", "lines__files__file")
    return gathered(rows, lambda row: row.rectification.inspection, _report_leaf)


def decisions(checks: Iterable[Inspection]) -> Leaves:
    """延期, 中止, 办结 and their like, once they were decided."""
    acts = RectificationAct.objects.filter(rectification__inspection__in=checks, decided_at__isnull=False)
    along = ("rectification__inspection__facility", "decided_in", "asked_by", "decided_by")
    return gathered(acts.select_related(*along), lambda act: act.rectification.inspection, _decision_leaf)


def not_ordered(checks: Iterable[Inspection]) -> dict[int, str]:
    return {c.pk: "没有责令改正" for c in checks if c.outcome != Outcome.RECTIFY_ORDERED}


def undecided(checks: Iterable[Inspection]) -> dict[int, str]:
    """Of an order that was revoked, or corrected away, nobody need have decided anything."""
    void = Rectification.objects.filter(state=RectificationState.VOID, inspection__in=checks)
    return dict.fromkeys(void.values_list("inspection", flat=True), "责令改正已更正或者撤销") | not_ordered(checks)


def endings(checks: Iterable[Inspection]) -> dict[int, Ending]:
    """Of one that was revoked with its result the day of that; one whose corrected result orders nothing follows from nothing."""
    revoked = Q(inspection__outcome=Outcome.RECTIFY_ORDERED, inspection__withdrawn_at__isnull=False)
    found = Rectification.objects.filter(~Q(state=RectificationState.VOID) | revoked, inspection__in=checks)
    return {r.inspection_id: _ending(r) for r in found.prefetch_related("inspection__cases")}


def _ending(r: Rectification) -> Ending:
    if r.state == RectificationState.VOID:
        return Ending(on=localtime(r.inspection.withdrawn_at).date())
    if r.state == RectificationState.HANDED and not any(case.state != "RETURNED" for case in r.inspection.cases.all()):
        return Ending(waits="已转立案，还没有立案")
    over = localtime(r.closed_at).date() if r.closed_at else None
    return Ending(on=over, waits="" if over else f"{r.get_state_display()}，期限 {full_date(r.due)}")


def _order_leaf(row: RectificationOrder) -> Leaf:
    again = f"（{row.act.get_kind_display()}）" if row.act else ""
    content = partial(printed, papers.handed_out, row)
    day = localtime(row.at).date()
    unit = row.rectification.inspection.unit.on(day).short_name
    return Leaf(f"ORDER-{row.pk}", f"责令改正通知书{again}", day, content, author=unit)


def _report_leaf(row: RectificationReport) -> Leaf:
    kept = [f.file for line in row.lines.all() for f in line.files.all()]
    return Leaf(
        row.no,
        "企业的整改报告",
        localtime(row.sent_at).date(),
        partial(_report, row, kept),
        author="被检查单位",
        number=lambda: row.no,
        digests=tuple(file.sha256 for file in kept),
        foreign=bool(kept),
    )


def _decision_leaf(act: RectificationAct) -> Leaf:
    title, on = f"整改{act.get_kind_display()}审批表", localtime(act.decided_at).date()
    content = partial(printed, papers.paper_of, act)
    return Leaf(f"MEND-{act.pk}", title, on, content, author=act.decided_in.on(on).short_name)


def _report(row: RectificationReport, kept, site: str) -> Iterator[bytes]:
    wish = f"申请延到 {full_date(row.wish_until)}：{row.wish_because}" if row.wish_until else ""
    lines = [Text(f"第 {line.point.n} 处　{line.get_state_display()}", line.words) for line in row.lines.all()]
    check = row.rectification.inspection
    paper = Filled(
        unit=issuer_of(check).body,
        title="企业的整改报告",
        left=f"编号：{row.no}",
        right=f"检查编号：{check.no}",
        blocks=(
            Line((("经办人", row.by_name), ("收到", paper_moment(row.sent_at)))),
            *lines,
            *([Text("申请延期", wish)] if wish else []),
        ),
        note=f"企业交来文件 {len(kept)} 份，附后。" if kept else "",
        made_at=localtime(row.sent_at).isoformat(timespec="seconds"),
    )
    yield filled.as_pdf(paper)
    for file in kept:
        yield files.read(file)
