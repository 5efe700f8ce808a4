"""How far every unit is: units × nine steps (七(四), 五-2b). Counts a pick only once its result is public (decisions.md 3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Min
from django.utils import timezone

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter
from inspections.coverage import pace
from inspections.coverage.tally import Tally, tallies
from inspections.models import Inspection, InspectionStatus, Outcome, ReportState, WorkReport
from inspections.reports.periods import due_again
from plans.models import Draw, DrawStatus, ItemList, ListStatus, Pick, PlanStatus, QuarterlyPlan

STEPS = ("清单", "计划", "公开", "抽取", "检查", "公示", "处理", "报告", "归档")
# Results that something still follows from.
WITH_FOLLOW_UP = [
    Outcome.RECTIFY_ORDERED,
    Outcome.CASE_FILED,
    Outcome.TRANSFERRED,
    Outcome.TRANSFERRED_CRIMINAL,
    Outcome.PENDING,
]


@dataclass(frozen=True)
class Cell:
    """`state` is ok, run, no or late."""

    state: str
    text: str


@dataclass(frozen=True)
class Row:
    unit: Unit
    cells: tuple[Cell, ...]
    tally: Tally
    public: int
    problems: tuple[str, ...]  # in red: K5, K12


def city(user, quarter: Quarter, today: date, calendar: Calendar) -> list[Row]:
    """One row for each unit whose progress the user may see; a fixed number of queries."""
    units = list(Unit.objects.working(quarter).visible_to(user, Permission.SEE_PROGRESS))
    mine = {"unit__in": units, "year": quarter.year, "number": quarter.number}
    listed = ItemList.objects.filter(
        year=quarter.year, unit__kind=UnitKind.CITY_TEAM, status=ListStatus.PUBLISHED
    ).aggregate(at=Min("published_at"))["at"]
    plans = {p.unit_id: p for p in QuarterlyPlan.objects.visible_to(user).filter(**mine)}
    draws = {d.unit_id: d for d in Draw.objects.visible_to(user).filter(**mine).exclude(status=DrawStatus.ABORTED)}
    # How many were drawn is public with the draw; who was is not, and is not read here. After a correction in place the
    # published results of a sealed draw can be more than it has drawn.
    picked = _tallies(draws.values())
    shares = pace.key_shares(draws.values(), circle=())
    public = _by_unit(
        Inspection.objects.known_to(user)
        .counted_for(user)
        .filter(status=InspectionStatus.PUBLISHED, draw__in=draws.values()),
        "unit",
    )
    follow = _by_unit(
        Inspection.objects.known_to(user).filter(
            status=InspectionStatus.PUBLISHED, draw__in=draws.values(), outcome__in=WITH_FOLLOW_UP
        ),
        "unit",
    )
    reports = WorkReport.objects.visible_to(user).filter(**mine).exclude(state=ReportState.DRAFT).order_by("pk")
    reports = {report.unit_id: report for report in reports}
    circle = user.units_with(Permission.SEE_SEALED)
    rows = []
    for unit in units:
        plan, draw = plans.get(unit.pk), draws.get(unit.pk)
        # Whether what is public is all of the sealed list, nobody outside the circle is told.
        told = unit.pk in circle or not (draw and draw.run > 1 and draw.status == DrawStatus.DRAWN)
        stands, taken_off = (picked.get((unit.pk, standing), Tally()) for standing in (True, False))
        whole, done = stands + taken_off, public.get(unit.pk, 0)
        if not told:
            left = max(whole.to_check - done, 0)
            whole = Tally(done=whole.to_check - left, replaced=whole.replaced, not_done=left)
        results = stands.drawn + taken_off.not_possible  # who was taken off without a visit has none
        cells = (
            _step(listed, days.item_list_due(quarter.year, calendar), today),
            _plan_cell(plan, quarter.plan_due(calendar), today),
            _changing(plan) or _step(plan and plan.published_at, quarter.plan_due(calendar), today),
            _draw_cell(draw, quarter.draw_due(calendar), today),
            _share(whole.done, whole.to_check, quarter.close_due(calendar), today, told=told),
            _share(done, results, quarter.close_due(calendar), today, told=told),
            _follow_cell(follow.get(unit.pk, 0), done),
            _report_cell(reports.get(unit.pk), quarter.close_due(calendar), today, calendar),
            Cell("no", "—"),
        )
        problems = (shares[unit.pk].problem if unit.pk in shares else "", pace.why_replaced_often(whole, quarter))
        rows.append(Row(unit, cells, whole, done, tuple(filter(None, problems))))
    return rows


def figures(rows: Iterable[Row]) -> dict[str, int]:
    rows = list(rows)
    return {
        "picked": sum(r.tally.to_check for r in rows),
        "public": sum(r.public for r in rows),
        "plans": sum(r.cells[2].state == "ok" for r in rows),
        "drawn": sum(r.cells[3].state == "ok" for r in rows),
        "units": len(rows),
        "late": sum(any(c.state == "late" for c in r.cells) for r in rows),
    }


def _tallies(draws: Iterable[Draw]) -> dict[tuple, Tally]:
    """By unit and whether it still stands, as far as everybody may know."""
    return tallies(Pick.objects.filter(draw__in=list(draws)), "draw__unit", "stands", circle=())


def _by_unit(rows, unit: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(unit).annotate(n=Count("pk", distinct=True)))


def _step(moment: datetime | None, due: Due, today: date) -> Cell:
    if moment:
        return Cell("ok", _day(moment))
    return Cell("late", due.remaining(today)) if due.is_over(today) else Cell("no", _before(due))


def _plan_cell(plan: QuarterlyPlan | None, due: Due, today: date) -> Cell:
    if cell := _changing(plan):
        return cell
    if plan and plan.status not in (PlanStatus.APPROVED, PlanStatus.PUBLISHED) and not due.is_over(today):
        return Cell("run", plan.get_status_display())
    approved = (
        plan and plan.approved_at if plan and plan.status in (PlanStatus.APPROVED, PlanStatus.PUBLISHED) else None
    )
    return _step(approved or (plan and plan.published_at), due, today)


def _changing(plan: QuarterlyPlan | None) -> Cell | None:
    """A plan that was public in time and is being changed is not late again."""
    return Cell("run", "更改中") if plan and plan.is_being_changed else None


def _draw_cell(draw: Draw | None, due: Due, today: date) -> Cell:
    if draw and not draw.drawn_at and not due.is_over(today):
        return Cell("run", draw.get_status_display())
    return _step(draw and draw.drawn_at, due, today)


def _share(done: int, total: int, due: Due, today: date, *, told: bool) -> Cell:
    if not total:
        return Cell("no", _before(due))
    if done >= total and told:
        return Cell("ok", f"{done}/{total}")
    return Cell("late" if due.is_over(today) else "run" if done else "no", f"{done}/{total}")


def _follow_cell(open_results: int, done: int) -> Cell:
    if open_results:
        return Cell("run", f"{open_results} 家")
    return Cell("no", "无" if done else "—")


def _report_cell(report: WorkReport | None, due: Due, today: date, calendar: Calendar) -> Cell:
    """D-7: received is done; one that waits for the signature is under way, one that was returned has days of its own."""
    if report and report.state == ReportState.SENT:
        return Cell("run", "待签收")
    if report and report.state == ReportState.RETURNED:
        due = due_again(timezone.localtime(report.decided_at).date(), calendar)
        if not due.is_over(today):
            return Cell("run", "已退回")
    return _step(report.decided_at if report and report.state == ReportState.RECEIVED else None, due, today)


def _before(due: Due) -> str:
    if not first_use.counts(due.date):
        return "启用以前"
    return f"{due.date.month}/{due.date.day} 前{due.mark}"


def _day(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local.month}/{local.day}"
