"""The nine steps of one unit's quarter, each with its day or its limit (七(四), ui.md 4.3, 7.2)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter, short_date
from inspections.coverage.tally import NOBODY, Tally, tallies
from inspections.indicators import of_time
from inspections.indicators.facts import Scope
from inspections.models import ReportState, WorkReport
from inspections.oversight import progress
from plans.models import Draw, DrawStatus, ItemList, ListStatus, Pick, PlanStatus, QuarterlyPlan
from plans.quarterly.late import first_sent


@dataclass(frozen=True)
class Step:
    """One of the nine; `state` is "done", "now", "late" or "", `note` its day or limit (ui.md 4.3)."""

    name: str
    state: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True)
class Counts:
    """What became of the draw, as far as the reader may know it; `results`: how many are to be made public."""

    whole: Tally = NOBODY
    results: int = 0
    taken_off: int = 0  # of these results those of visits after which the place was taken off: 检查 does not count them
    public: int = 0
    late: int = 0  # of them those that are not public though their days are over
    ends: progress.Ends = field(default_factory=progress.Ends)

    @classmethod
    def of(cls, draw: Draw | None, user: User, today: date, calendar: Calendar) -> "Counts":
        """As 全市进度 counts them (`oversight.progress`)."""
        if draw is None:
            return cls()
        circle = user.units_with(Permission.SEE_SEALED)
        found = tallies(Pick.objects.filter(draw=draw), "owes", circle=circle)
        ends = progress.ends_of(user, [draw], today).get(draw.unit_id, progress.Ends())
        scope = Scope.known_to(user, [draw.unit], Quarter(draw.year, draw.number), calendar=calendar)
        late = of_time.results(scope).get(draw.unit_id, {}).get("late", 0)
        owed = found.get((True,), NOBODY)
        return cls(sum(found.values(), NOBODY), owed.drawn, owed.replaced, ends.public, late, ends)


@dataclass(frozen=True)
class Quarter9:
    """What the nine steps are read from, loaded once."""

    unit: Unit
    quarter: Quarter
    user: User
    today: date
    calendar: Calendar
    item_list: ItemList | None
    plan: QuarterlyPlan | None
    draw: Draw | None
    counts: Counts
    report: WorkReport | None
    first_sent: datetime | None = None  # of a plan that was changed: when its first version was public

    @classmethod
    def of(cls, unit: Unit, quarter: Quarter, user: User, today: date, calendar: Calendar) -> "Quarter9":
        mine = {"unit": unit, "year": quarter.year, "number": quarter.number}
        lists = ItemList.objects.filter(year=quarter.year, unit__kind=UnitKind.CITY_TEAM, status=ListStatus.PUBLISHED)
        draws = Draw.objects.filter(**mine).exclude(status=DrawStatus.ABORTED)
        draw = draws.select_related("unit").order_by("-serial").first()
        plan = QuarterlyPlan.objects.filter(**mine).first()
        return cls(
            unit,
            quarter,
            user,
            today,
            calendar,
            item_list=lists.order_by("version").first(),
            plan=plan,
            draw=draw,
            counts=Counts.of(draw, user, today, calendar),
            report=WorkReport.objects.filter(**mine, state__in=[ReportState.SENT, ReportState.RECEIVED]).first(),
            first_sent=first_sent(quarter).get(unit.pk) if plan and plan.revision > 1 else None,
        )

    @property
    def version(self) -> str:
        return f"，第 {self.plan.revision} 版" if self.plan and self.plan.revision > 1 else ""

    @property
    def released(self) -> bool:
        return self.draw is not None and self.draw.status == DrawStatus.RELEASED

    @property
    def inside(self) -> bool:
        """How far the checks have come before their results are public is told only here (decisions.md 3)."""
        return self.released or self.user.may(Permission.SEE_SEALED, self.unit)

    @property
    def drawn_at(self) -> datetime | None:
        return self.draw and self.draw.drawn_at

    @property
    def close_due(self) -> Due:
        return self.quarter.close_due(self.calendar)

    @property
    def all_done(self) -> bool:
        whole = self.counts.whole
        return self.inside and 0 < whole.to_check <= whole.over

    @property
    def all_public(self) -> bool:
        return self.inside and 0 < self.counts.results <= self.counts.public

    def door(self, name: str, permission: str, *, here: bool = True) -> str:
        """The page behind a step, for those whom it opens to; `here`: at this unit and quarter."""
        if not self.user.may(permission, self.unit):
            return ""
        return reverse(name) + (f"?unit={self.unit.code}&quarter={self.quarter}" if here else "")

    def step(self, name: str, moment: datetime | None, verb: str, limit: Due, url: str) -> Step:
        """Done at a moment, or to be done before a day."""
        if moment:
            return Step(name, "done", f"{short_date(localtime(moment).date())}{verb}", url)
        return Step(name, "late" if limit.is_over(self.today) else "", before(limit), url)


def item_list(q: Quarter9) -> Step:
    public_at = q.item_list and q.item_list.published_at
    limit = days.item_list_due(q.quarter.year, q.calendar)
    return q.step("清单", public_at, "完成", limit, q.door("plans:itemlist-list", Permission.SEE_ITEMS, here=False))


def plan(q: Quarter9) -> Step:
    """A plan that was public and is being changed is not late again."""
    url = q.door("plans:plan-list", Permission.SEE_PLANS)
    if q.plan and q.plan.is_being_changed:
        return Step("计划", "now", f"正在改第 {q.plan.revision} 版", url)
    approved = q.plan and q.plan.status in (PlanStatus.APPROVED, PlanStatus.PUBLISHED)
    at = q.first_sent or q.plan.approved_at if approved else None
    return q.step("计划", at, f"完成{q.version}", q.quarter.plan_due(q.calendar), url)


def plan_public(q: Quarter9) -> Step:
    url = q.door("plans:plan-list", Permission.SEE_PLANS)
    if q.plan and q.plan.is_being_changed:
        return Step("公开", "", f"第 {q.plan.revision} 版", url)
    at = q.plan and q.plan.published_at
    return q.step("公开", at and (q.first_sent or at), f"公开{q.version}", q.quarter.plan_due(q.calendar), url)


def draw(q: Quarter9) -> Step:
    url = q.door("plans:draw-list", Permission.SEE_DRAWS)
    return q.step("抽取", q.drawn_at, "完成", q.quarter.draw_due(q.calendar), url)


def checks(q: Quarter9) -> Step:
    whole = q.counts.whole
    over = whole.over
    late = q.inside and q.close_due.is_over(q.today) and over < whole.to_check
    in_vain = f"，{whole.not_possible} 家未能检查" if whole.not_possible else ""
    begun = over if q.inside else q.counts.public  # outside the circle: what is public was checked
    return Step(
        "检查",
        "done" if q.all_done else "late" if late else "now" if begun else "",
        f"{over} / {whole.to_check} 家{in_vain}" if q.inside and q.drawn_at else before(q.close_due),
        q.door("inspections:task-list", Permission.SEE_SEALED),
    )


STATES = {"ok": "done", "run": "now", "late": "late", "no": ""}


def results(q: Quarter9) -> Step:
    n = q.counts
    cell = progress.public_cell(n.public, n.results, n.late, q.close_due, q.today, told=q.inside)
    in_time = f"查结后 {policy.on(q.today).publish_within_workdays} 个工作日"
    words = f"已公开 {n.public} 家" if n.public else "" if n.late else in_time
    also = f"，应公开 {n.results} 家，含查后更换的 {n.taken_off} 家" if n.public and n.taken_off else ""
    note = "，".join(filter(None, [cell.text if n.late else "", words])) + also
    return Step("公示", STATES[cell.state], note, q.door("disclosure:publish-list", Permission.PUBLISH))


def follow_up(q: Quarter9) -> Step:
    cell = progress.follow_cell(q.counts.ends)
    note = f"{cell.text}办理中" if cell.state == "run" else cell.text if q.counts.public else "随查随办"
    return Step("处理", STATES[cell.state], note, q.door("inspections:rectifications", Permission.SEE_PROGRESS))


def report(q: Quarter9) -> Step:
    """Done with the sending; the days until it is signed for are not the unit's (docs/decisions/0022)."""
    url = q.door("inspections:report-list", Permission.SEE_PROGRESS)
    if q.report and q.report.state == ReportState.RECEIVED:
        return q.step("报告", q.report.decided_at, "签收", q.close_due, url)
    return q.step("报告", q.report and q.report.asked_at, "报送", q.close_due, url)


def archive(q: Quarter9) -> Step:
    cell = progress.archive_cell(q.counts.ends)
    note = "随办随归" if not q.counts.public else cell.text if cell.state == "late" else f"成册 {cell.text}"
    return Step("归档", STATES[cell.state], note, q.door("inspections:archive-list", Permission.SEE_ARCHIVE))


STEPS: tuple[Callable[[Quarter9], Step], ...] = (
    item_list,
    plan,
    plan_public,
    draw,
    checks,
    results,
    follow_up,
    report,
    archive,
)


def steps_of(unit: Unit, quarter: Quarter, user: User, today: date, calendar: Calendar) -> list[Step]:
    facts = Quarter9.of(unit, quarter, user, today, calendar)
    return first_open_is_now([step(facts) for step in STEPS])


def first_open_is_now(steps: list[Step]) -> list[Step]:
    """Where nothing is late or under way, the first that is not done is what comes now."""
    if any(step.state in ("late", "now") for step in steps):
        return steps
    first = next((n for n, step in enumerate(steps) if not step.state), None)
    return [replace(step, state="now") if n == first else step for n, step in enumerate(steps)]


def before(due: Due) -> str:
    return f"{short_date(due.date)}前{due.mark}"
