"""What the officer's pages show: what waits with its limit, and one result before it becomes public (ui.md 7.2, PNG 13)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.agenda import left_of_due
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter, due_date, short_date, weekday
from disclosure import words
from disclosure.city import summaries
from disclosure.city.standing import standing
from inspections.models import Inspection
from inspections.privacy import pages as privacy_pages
from plans.models import ItemList, QuarterlyPlan

from . import rules, snapshots

QUEUE = 10  # so many of those that wait stand beside the one in hand


def url_of(kind: str, no: str) -> str:
    return reverse("disclosure:publish-detail", args=[kind, no])


@dataclass(frozen=True)
class Waiting:
    """A list or a plan that waits for its publication, with its badge."""

    title: str
    sub: str
    url: str
    badge: str
    tone: str
    rule: str
    why_not: str = ""


def waiting_list(item_list: ItemList, user: User, today: date) -> Waiting:
    approved = localtime(item_list.approved_at).date()
    limit = policy.on(today).recommended.publish_list_within_workdays
    calendar = workdays.calendar()
    due = calendar.within_workdays(approved, limit)
    badge, tone = left_of_due(due, today, calendar)
    return Waiting(
        title=f"{item_list.year} 年随机抽查事项清单（第 {item_list.version} 版）",
        sub=item_list.unit.short_name,
        url=url_of("list", f"{item_list.unit.code}-{item_list.year}"),
        badge=badge,
        tone=tone or "soon",
        rule=f"批准后及时公开，{due_date(due.date, today)}{due.mark}",
        why_not=rules.why_not_publish_list(item_list, user),
    )


def waiting_plan(plan: QuarterlyPlan, user: User, today: date, calendar: Calendar) -> Waiting:
    due = plan.quarter.plan_due(calendar)
    if plan.is_being_changed:
        return Waiting(
            title=f"{plan.quarter.label}抽查工作计划（第 {plan.revision} 版）",
            sub=plan.unit.short_name,
            url=url_of("plan", f"{plan.unit.code}-{plan.quarter}"),
            badge="更改",
            tone="soon",
            rule=f"公开以后才能封存和抽取，更改原因：{plan.revision_reason}",
            why_not=rules.why_not_publish_plan(plan, user),
        )
    badge, tone = left_of_due(due, today, calendar)
    return Waiting(
        title=f"{plan.quarter.label}抽查工作计划",
        sub=plan.unit.short_name,
        url=url_of("plan", f"{plan.unit.code}-{plan.quarter}"),
        badge=badge,
        tone=tone,
        rule=f"季度首月 {policy.on(plan.quarter.first_day).plan_due_day} 日前公开并报市执法队，{due_date(due.date, today)}{due.mark}",
        why_not=rules.why_not_publish_plan(plan, user),
    )


def plan_badge(plan: QuarterlyPlan, today: date, calendar: Calendar) -> dict | None:
    """What components/due.html shows of a plan's limit; a plan that is changed has none."""
    if plan.is_being_changed:
        return None
    due = plan.quarter.plan_due(calendar)
    text, tone = left_of_due(due, today, calendar)
    return {"text": text, "state": tone, "day": due_date(due.date, today)}


@dataclass(frozen=True)
class ResultRow:
    """A reviewed result in the list of those that wait."""

    inspection: Inspection
    strip: rules.WorkdayStrip
    why_not: str

    @classmethod
    def of(cls, inspection: Inspection, user: User, today: date, calendar: Calendar) -> "ResultRow":
        why_not = rules.why_not_publish_result(inspection, user, today=today)
        return cls(inspection, rules.strip_of(inspection, calendar, today), why_not)

    @property
    def outcome(self) -> words.OutcomeWords:
        return words.OUTCOMES[self.inspection.outcome]

    @property
    def url(self) -> str:
        return url_of("result", self.inspection.no)

    @property
    def confirm_url(self) -> str:
        return reverse("disclosure:publish-confirm", args=[self.inspection.no])

    @property
    def rule(self) -> str:
        return f"第 {self.strip.limit} 个工作日是 {due_date(self.strip.due, self.strip.today)}{self.strip.mark}"


def waiting_summary(user: User, quarter: Quarter) -> dict | None:
    if not user.units_with(Permission.PUBLISH_CITY):
        return None
    return {
        "now": standing(quarter, clock.today()),
        "title": summaries.title_of(quarter),
        "url": url_of("summary", str(quarter)),
        "public_url": reverse("disclosure:plans-of-quarter", args=[str(quarter).lower()]),
    }


@dataclass(frozen=True)
class ResultPage:
    """One result: exactly what the public will see, the working days it has, what has been checked.

    `neighbours` are the results of its unit that wait, itself among them, the most urgent first.
    """

    inspection: Inspection
    user: User
    today: date
    calendar: Calendar
    neighbours: list[Inspection]

    @cached_property
    def snapshot(self) -> dict:
        return snapshots.of_result(self.inspection, today=self.today, calendar=self.calendar)

    @property
    def items(self) -> list[tuple[dict, str, str]]:
        return words.answered_items(self.snapshot)

    @property
    def outcome(self) -> words.OutcomeWords:
        return words.OUTCOMES[self.inspection.outcome]

    @cached_property
    def strip(self) -> rules.WorkdayStrip:
        return rules.strip_of(self.inspection, self.calendar, self.today)

    @property
    def due_text(self) -> str:
        return f"{short_date(self.strip.due)}（{weekday(self.strip.due)}）前公开{self.strip.mark}"

    @property
    def start(self) -> str:
        return f"{short_date(self.strip.ended_on)}查结"

    @property
    def now(self) -> str:
        return f"今天 {short_date(self.today)}，第 {self.strip.passed} 个工作日"

    @property
    def end(self) -> str:
        return f"{short_date(self.strip.due)}{self.strip.mark}，第 {self.strip.limit} 个工作日"

    @cached_property
    def close(self) -> Due:
        """The 25th of the quarter's last month, by when every result of the quarter is to be public (六(一)2)."""
        return Quarter(self.inspection.year, self.inspection.number).close_due(self.calendar)

    @property
    def close_words(self) -> str:
        return f"{due_date(self.close.date, self.today)}前公开本季度全部结果，{self.close.remaining(self.today)}"

    @property
    def close_over(self) -> bool:
        return self.close.is_over(self.today)

    @property
    def is_late(self) -> bool:
        return rules.is_late(self.inspection, self.today)

    @property
    def late_words(self) -> str:
        return rules.late_words(self.inspection)

    @cached_property
    def names(self) -> dict:
        """What in its words looks like personal data, and the names that stay (八(二)-c)."""
        return privacy_pages.names(self.inspection, self.user)

    @property
    def checks(self) -> list[dict]:
        checked = rules.checks_of(self.inspection, self.names["waiting"])
        return [{"text": c.text, "state": "ok" if c.ok else "warn"} for c in checked]

    @cached_property
    def obstacle(self) -> str:
        return rules.why_not_yet(self.inspection, self.user) or rules.why_not_settled(self.names["waiting"])

    @property
    def confirm_url(self) -> str:
        return reverse("disclosure:publish-confirm", args=[self.inspection.no])

    @property
    def place(self) -> int:
        return self.neighbours.index(self.inspection) + 1

    @property
    def total(self) -> int:
        return len(self.neighbours)

    @property
    def before(self) -> str:
        return url_of("result", self.neighbours[self.place - 2].no) if self.place > 1 else ""

    @property
    def after(self) -> str:
        return url_of("result", self.neighbours[self.place].no) if self.place < self.total else ""

    @property
    def queue(self) -> list[tuple[Inspection, rules.WorkdayStrip, str]]:
        shown = self.neighbours[:QUEUE]
        return [(i, rules.strip_of(i, self.calendar, self.today), url_of("result", i.no)) for i in shown]
