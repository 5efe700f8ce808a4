"""How far every unit is: units × nine steps (七(四), 五-2b). Of a sealed list the circle is told how the checks advance; whoever
stands outside it counts a pick only once its result is public or the list released (decisions.md 3).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.deadlines.due_days import receipt_due
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.shares import KeyShare
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter
from inspections.archive.duties import BINDING
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
from inspections.rectification.duties import AGAIN
from inspections.reports.periods import due_again
from plans.models import Draw, DrawStatus, ItemList, ListStatus, Pick, PlanStatus, QuarterlyPlan
from plans.quarterly.late import first_sent

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
    """`state` is ok, run, no or late; `url`: what stands behind it, for whom that opens. `of_the_office`: late by the days of
    whoever has to sign for it, which are not the unit's (docs/decisions/0022)."""

    state: str
    text: str
    url: str = ""
    of_the_office: bool = False


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
    late_follow: int = 0  # overdue as the home has them: of the mending (D-21), of the binding (K21)
    late_bound: int = 0


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
    found = tallies(drawn, "draw", "category", "stands", "owes", circle=circle)
    unit_of = {draw.pk: unit for unit, draw in draws.items()}
    by_place, picked, owed = defaultdict[tuple, Tally](Tally), defaultdict[tuple, Tally](Tally), Counter[int]()
    for (pk, category, standing, owes), counted in found.items():
        by_place[pk, category, standing] += counted
        picked[unit_of[pk], standing] += counted
        owed[unit_of[pk]] += counted.drawn if owes else 0
    shares = pace.key_shares(draws.values(), found=by_place)
    first = first_sent(quarter) if any(plan.revision > 1 for plan in plans.values()) else {}
    ends = ends_of(user, draws.values(), today)
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
        results = owed[unit.pk] if told else max(stands.drawn, end.public)
        overdue = late.get(unit.pk, {}).get("late", 0)
        report = reports.get(unit.pk)
        cells = (
            _step(listed, days.item_list_due(quarter.year, calendar), today),
            _plan_cell(plan, first.get(unit.pk), quarter.plan_due(calendar), today),
            _plan_public_cell(plan, first.get(unit.pk), quarter.plan_due(calendar), today),
            _draw_cell(draw, quarter.draw_due(calendar), today),
            _checks_cell(whole, close, today, told=told),
            public_cell(end.public, results, overdue, close, today, told=told),
            follow_cell(end),
            _report_cell(report, close, today, calendar),
            archive_cell(end),
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


def ends_of(user, draws: Iterable[Draw], today: date) -> dict[int, Ends]:
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
    public = Inspection.objects.counted_for(user).filter(status=InspectionStatus.PUBLISHED, draw__in=list(draws))
    since = first_use.day()
    overdue = Duty.objects.open().filter(period=OuterRef("no"), due__lt=today, due__gte=since or today)
    volumes = Volume.objects.filter(inspection=OuterRef("pk"), part=0, file__isnull=False)
    counted = (
        public.annotate(begun=something, runs=running, bound=Exists(volumes))
        .annotate(mends=Exists(overdue.filter(rule=AGAIN.id)), binds=Exists(overdue.filter(rule=BINDING.id)))
        .order_by()
        .values("unit")
        .annotate(
            public=Count("pk"),
            follow=Count("pk", filter=wanted | Q(begun=True)),
            running=Count("pk", filter=Q(runs=True) | (wanted & Q(begun=False))),
            in_file=Count("pk", filter=Q(bound=True)),
            late_follow=Count("pk", filter=Q(mends=True)),
            late_bound=Count("pk", filter=Q(binds=True)),
        )
    )
    names = ("public", "follow", "running", "in_file", "late_follow", "late_bound")
    return {n["unit"]: Ends(*(n[name] for name in names)) for n in counted}


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


def _plan_cell(plan: QuarterlyPlan | None, first: datetime | None, due: Due, today: date) -> Cell:
    if cell := _changing(plan) or _later_version(plan, first, plan and plan.approved_at):
        return cell
    if plan and plan.status not in (PlanStatus.APPROVED, PlanStatus.PUBLISHED) and not due.is_over(today):
        return Cell("run", plan.get_status_display())
    approved = (
        plan and plan.approved_at if plan and plan.status in (PlanStatus.APPROVED, PlanStatus.PUBLISHED) else None
    )
    return _step(approved or (plan and plan.published_at), due, today)


def _plan_public_cell(plan: QuarterlyPlan | None, first: datetime | None, due: Due, today: date) -> Cell:
    at = plan and plan.published_at
    return _changing(plan) or _later_version(plan, first, at) or _step(at, due, today)


def _later_version(plan: QuarterlyPlan | None, first: datetime | None, at: datetime | None) -> Cell | None:
    """In time or not by its first version, as K3 counts it; which one is read now, and since when, stands beside."""
    if plan is None or plan.revision == 1 or first is None or at is None:
        return None
    return Cell("ok", f"{_day(first)}，第 {plan.revision} 版 {_day(at)}")


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


def _checks_cell(whole: Tally, due: Due, today: date, *, told: bool) -> Cell:
    """A visit in vain is over too, and is said; who was not visited at all stays not done, explained or not (六(一)2-g)."""
    cell = _share(whole.over, whole.to_check, due, today, told=told)
    in_vain = f"，未能检查 {whole.not_possible}" if whole.not_possible else ""
    return replace(cell, text=f"{cell.text}{in_vain}")


def public_cell(done: int, total: int, overdue: int, due: Due, today: date, *, told: bool) -> Cell:
    """Late by the 25th, or because somebody's 20 working days are over (D-6, D-8)."""
    return Cell("late", f"逾期 {overdue} 家") if overdue else _share(done, total, due, today, told=told)


def follow_cell(end: Ends) -> Cell:
    """Late where the home says so: a mending whose day is over (D-21)."""
    if end.late_follow:
        return Cell("late", f"逾期 {end.late_follow} 家")
    if end.running:
        return Cell("run", f"{end.running} 家")
    return Cell("ok", "办结") if end.follow else Cell("no", "无" if end.public else "—")


def archive_cell(end: Ends) -> Cell:
    """Bound of what is public; each has days of its own (K21)."""
    if end.late_bound:
        return Cell("late", f"逾期 {end.late_bound} 卷")
    if not end.public:
        return Cell("no", "—")
    return Cell("ok" if end.bound == end.public else "run" if end.bound else "no", f"{end.bound}/{end.public}")


def receipt_cell(sent_at: datetime, today: date, calendar: Calendar) -> Cell:
    """With the lead office, which has days of its own to sign for it (D-3s, D-4s, D-7s)."""
    due = receipt_due(timezone.localtime(sent_at).date(), calendar)
    if due.is_over(today):
        return Cell("late", f"签收{due.remaining(today)}", of_the_office=True)
    return Cell("run", "待签收")


def _report_cell(report: WorkReport | None, due: Due, today: date, calendar: Calendar) -> Cell:
    """D-7: received is done; one that waits for the signature is under way, one that was returned has days of its own."""
    if report and report.state == ReportState.SENT:
        return receipt_cell(report.asked_at, today, calendar)
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
