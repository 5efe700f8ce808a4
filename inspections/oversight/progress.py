"""How far every unit is: units × nine steps (七(四), 五-2b). Of a sealed list the circle is told how the checks advance; whoever
stands outside it counts a pick only once its result is public or the list released (decisions.md 3).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.shares import KeyShare
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter
from inspections.coverage import pace
from inspections.coverage.tally import Tally, tallies
from inspections.indicators import of_time
from inspections.indicators.facts import Scope
from inspections.models import (
    Case,
    CaseState,
    Inspection,
    InspectionStatus,
    Outcome,
    Rectification,
    RectificationState,
    Referral,
    ReferralKind,
    ReferralState,
    ReportState,
    Volume,
    WorkReport,
)
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
    """`state` is ok, run, no or late; `url`: what stands behind it, for whom that opens."""

    state: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Row:
    unit: Unit
    cells: tuple[Cell, ...]
    tally: Tally
    public: int
    results: int  # how many are to become public
    problems: tuple[str, ...]  # in red: K5, K12
    share: KeyShare | None = None  # None before a list with 重点 is drawn
    inside: bool = False  # the reader is told how far the checks of a sealed list are
    late_results: int = 0
    draw_due: Due | None = None

    @property
    def url(self) -> str:
        return reverse("inspections:city-unit", args=[self.unit.code])

    @property
    def named(self) -> list[tuple[str, Cell]]:
        return list(zip(STEPS, self.cells, strict=True))

    @property
    def late_steps(self) -> list[tuple[str, Cell]]:
        return [(step, cell) for step, cell in self.named if cell.state == "late"]


@dataclass(frozen=True)
class Ends:
    """What has become of the published results of one unit's draw."""

    public: int = 0
    follow: int = 0  # something has to follow from so many
    running: int = 0  # and of these so many are not over
    bound: int = 0


def units_of(user, quarter: Quarter, only: str = "") -> list[Unit]:
    """Whose progress the user may see, or the one of this code."""
    seen = Unit.objects.working(quarter).visible_to(user, Permission.SEE_PROGRESS)
    return list(seen.filter(code=only) if only else seen)


def city(user, quarter: Quarter, today: date, calendar: Calendar, *, scope: Scope | None = None) -> list[Row]:
    """One row for each unit of the scope, or whose progress the user may see; a fixed number of queries."""
    scope = scope or Scope.known_to(user, units_of(user, quarter), quarter)
    units = list(scope.units)
    mine = {"unit__in": units, "year": quarter.year, "number": quarter.number}
    listed = ItemList.objects.filter(
        year=quarter.year, unit__kind=UnitKind.CITY_TEAM, status=ListStatus.PUBLISHED
    ).aggregate(at=Min("published_at"))["at"]
    plans = {p.unit_id: p for p in QuarterlyPlan.objects.visible_to(user).filter(**mine).select_related("unit")}
    draws = {d.unit_id: d for d in Draw.objects.visible_to(user).filter(**mine).exclude(status=DrawStatus.ABORTED)}
    circle = user.units_with(Permission.SEE_SEALED)
    # How many were drawn is public with the draw; who was is not, and is not read here. After a correction in place the
    # published results of a sealed draw can be more than it has drawn.
    drawn = Pick.objects.filter(draw__in=list(draws.values()))
    found = tallies(drawn, "draw", "category", "stands", circle=circle)
    shares = pace.key_shares(draws.values(), found=found)
    unit_of, picked = {draw.pk: unit for unit, draw in draws.items()}, defaultdict[tuple, Tally](Tally)
    for (pk, _, standing), tally in found.items():
        picked[unit_of[pk], standing] += tally
    ends = _ends(user, draws.values())
    reports = WorkReport.objects.visible_to(user).filter(**mine).exclude(state=ReportState.DRAFT).order_by("pk")
    reports = {report.unit_id: report for report in reports.select_related("unit")}
    late = of_time.results(scope)
    close = quarter.close_due(calendar)
    rows = []
    for unit in units:
        plan, draw = plans.get(unit.pk), draws.get(unit.pk)
        # Whether what is public is all of the sealed list, nobody outside the circle is told.
        told = unit.pk in circle or not (draw and draw.run > 1 and draw.status == DrawStatus.DRAWN)
        stands, taken_off = (picked[unit.pk, standing] for standing in (True, False))
        whole, end = stands + taken_off, ends.get(unit.pk, Ends())
        if not told:
            left = max(whole.to_check - end.public, 0)
            whole = Tally(done=whole.to_check - left, replaced=whole.replaced, not_done=left)
        results = stands.drawn + taken_off.not_possible  # who was taken off without a visit has none
        overdue = late.get(unit.pk, {}).get("late", 0)
        report = reports.get(unit.pk)
        cells = (
            _step(listed, days.item_list_due(quarter.year, calendar), today),
            _plan_cell(plan, quarter.plan_due(calendar), today),
            _changing(plan) or _step(plan and plan.published_at, quarter.plan_due(calendar), today),
            _draw_cell(draw, quarter.draw_due(calendar), today),
            _share(whole.done, whole.to_check, close, today, told=told),
            _public_cell(end.public, results, overdue, close, today, told=told),
            _follow_cell(end),
            _report_cell(report, close, today, calendar),
            _archive_cell(end),
        )
        doors = _doors(user, unit, quarter, plan, draw, report)
        problems = (shares[unit.pk].problem if unit.pk in shares else "", pace.why_replaced_often(whole, quarter))
        rows.append(
            Row(
                unit,
                tuple(replace(cell, url=url) for cell, url in zip(cells, doors, strict=True)),
                whole,
                end.public,
                results,
                tuple(filter(None, problems)),
                shares.get(unit.pk),
                unit.pk in circle,
                overdue,
                quarter.draw_due(calendar),
            )
        )
    return rows


def _ends(user, draws: Iterable[Draw]) -> dict[int, Ends]:
    """By unit, of what everybody who follows it may know; one query."""
    begun = [
        (Rectification, Q(state__in=[RectificationState.OPEN, RectificationState.HALTED])),
        (Case, Q(state__in=[CaseState.ASKED, CaseState.APPROVED, CaseState.DECIDED])),
        (
            Referral,
            Q(state__in=[ReferralState.ASKED, ReferralState.APPROVED, ReferralState.SENT])
            | Q(state=ReferralState.TAKEN, kind=ReferralKind.DEPARTMENT),
        ),
    ]
    of_it = [(model.objects.filter(inspection=OuterRef("pk")), runs) for model, runs in begun]
    something, running = Q(), Q()
    for rows, runs in of_it:
        something |= Q(Exists(rows))
        running |= Q(Exists(rows.filter(runs)))
    wanted = Q(outcome__in=WITH_FOLLOW_UP)
    public = Inspection.objects.counted_for(user).filter(
        status=InspectionStatus.PUBLISHED, draw__in=list(draws), unit__in=user.units_with(Permission.SEE_PROGRESS)
    )
    volumes = Volume.objects.filter(inspection=OuterRef("pk"), part=0, file__isnull=False)
    counted = (
        public.annotate(begun=something, runs=running, bound=Exists(volumes))
        .order_by()
        .values("unit")
        .annotate(
            public=Count("pk"),
            follow=Count("pk", filter=wanted | Q(begun=True)),
            running=Count("pk", filter=Q(runs=True) | (wanted & Q(begun=False))),
            in_file=Count("pk", filter=Q(bound=True)),
        )
    )
    return {n["unit"]: Ends(n["public"], n["follow"], n["running"], n["in_file"]) for n in counted}


def _doors(user, unit: Unit, quarter: Quarter, plan, draw, report) -> tuple[str, ...]:
    """What each of the nine cells leads to: the thing itself where it is there and opens, else the unit's own page."""
    here = reverse("inspections:city-unit", args=[unit.code]) + f"?quarter={quarter}"
    at = f"?unit={unit.code}&quarter={quarter}"

    def page(name: str, permission: str) -> str:
        return reverse(name) + at if user.may(permission, unit) else here

    of_plan = plan.get_absolute_url() if plan else page("plans:plan-list", Permission.SEE_PLANS)
    return (
        reverse("plans:itemlist-list") if user.may(Permission.SEE_ITEMS, unit) else here,
        of_plan,
        of_plan,
        draw.get_absolute_url() if draw else page("plans:draw-list", Permission.SEE_DRAWS),
        page("inspections:task-list", Permission.SEE_SEALED),
        here,
        page("inspections:rectifications", Permission.SEE_PROGRESS),
        report.get_absolute_url() if report else page("inspections:report-list", Permission.SEE_PROGRESS),
        page("inspections:archive-list", Permission.SEE_ARCHIVE),
    )


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


def _public_cell(done: int, total: int, overdue: int, due: Due, today: date, *, told: bool) -> Cell:
    """Late by the 25th, or because somebody's 20 working days are over (D-6, D-8)."""
    return Cell("late", f"逾期 {overdue} 家") if overdue else _share(done, total, due, today, told=told)


def _follow_cell(end: Ends) -> Cell:
    if end.running:
        return Cell("run", f"{end.running} 家")
    return Cell("ok", "办结") if end.follow else Cell("no", "无" if end.public else "—")


def _archive_cell(end: Ends) -> Cell:
    """Bound of what is public; by when is said in the file, as each has days of its own (K21)."""
    if not end.public:
        return Cell("no", "—")
    return Cell("ok" if end.bound == end.public else "run" if end.bound else "no", f"{end.bound}/{end.public}")


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
