"""Every deadline D-1 to D-24 as a rule over the calendar: who, what, by when, closed by what (domain.md 8.1).

One table for reminders, pages, subscriptions and the command `deadlines`. Four kinds of period: a year, a quarter, a
month, and an event whose day is known only when it happens. What the plan or another law fixes is told apart from our
own service levels, which no page may call a rule of the plan.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from django.db import models

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.policy.parameters import share
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter

FIRST_YEAR = 2025  # 二-a, 七(一)-a


class Binding(models.TextChoices):
    """By what a deadline binds."""

    PLAN = "PLAN", "方案规定"
    LAW = "LAW", "法规规定"
    OWN = "OWN", "建议"


class Span(models.TextChoices):
    """What a deadline belongs to."""

    YEAR = "YEAR", "每年"
    QUARTER = "QUARTER", "每季度"
    MONTH = "MONTH", "每月"
    EVENT = "EVENT", "每件"


class Opens(models.TextChoices):
    """How its duty comes up."""

    UNITS = "UNITS", "每个单位到时自动列出"
    CITY = "CITY", "市执法队到时自动列出"
    BY_ACT = "BY_ACT", "由前一步办理引出"
    BY_RULE = "BY_RULE", "由规则把关，不列待办"
    NOT_YET = "NOT_YET", "还没有办理的页面，只列日期"

    @property
    def by_itself(self) -> bool:
        return self in (Opens.UNITS, Opens.CITY)


class Month(NamedTuple):
    """A month, written 2026-03."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        first = date.fromisoformat(f"{text}-01")
        return cls(first.year, first.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def label(self) -> str:
        return f"{self.year} 年 {self.number} 月"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One deadline.

    `due` takes the period (a year, a `Quarter`, a `Month`; of an event the day on which it happened) and the calendar.
    `city_only`: the city team's alone. `event` says from what an event's days are counted. A number of the plan stands
    only in `title`, in braces, and is that of the period (附-b): other words outlive a change of it.
    """

    id: str
    clause: str
    name: str
    role: str
    span: Span
    due: Callable[..., Due]
    binding: Binding
    closed_by: str
    title: str = ""
    opens: Opens = Opens.BY_ACT
    city_only: bool = False
    event: str = ""
    url: str = ""
    consequence: str = ""
    reminders: str = "reminder_workdays"  # the field of `policy.Recommended` with the steps before the target

    @property
    def of_calendar(self) -> bool:
        """Whether its periods are known beforehand."""
        return self.span != Span.EVENT

    def period_of(self, text: str):
        """Read a period as duties write it; ValueError when it is none of this rule's."""
        if self.span == Span.QUARTER:
            return Quarter.parse(text)
        if self.span == Span.MONTH:
            return Month.parse(text)
        if self.span == Span.YEAR and text.isdecimal() and len(text) == 4:
            return int(text)
        raise ValueError(f"{self.id} 没有期间“{text}”。")

    def title_for(self, period: str) -> str:
        found = self.period_of(period)
        if isinstance(found, int):
            return self.title.format(period=f"{found} 年", **_numbers(_law(found)))
        return self.title.format(period=found.label, **_numbers(policy.on(date(*_first_month(found), 1))))

    def due_for(self, period: str, calendar: Calendar) -> Due:
        return self.due(self.period_of(period), calendar)

    def periods_in(self, year: int) -> list[str]:
        """The periods of one year; none when the rule does not apply in it."""
        if self.span == Span.QUARTER:
            return [str(Quarter(year, n)) for n in range(1, 5)]
        if self.span == Span.MONTH:
            return [str(Month(year, n)) for n in range(1, 13)]
        if self.id == "D-18" and _law(year).coverage_cycle(year)[1] != year:
            return []
        return [str(year)] if self.span == Span.YEAR else []

    def steps(self, day: date) -> tuple[int, ...]:
        """Working days before the target on which a reminder goes out."""
        return getattr(policy.on(day).recommended, self.reminders)


def _law(year: int) -> policy.Policy:
    return policy.on(date(year, 12, 31))


def _first_month(period: Quarter | Month) -> tuple[int, int]:
    return (period.year, period.months[0]) if isinstance(period, Quarter) else period


def _numbers(law: policy.Policy) -> dict[str, str | int]:
    """The numbers of a version by the names that titles have for them."""
    return {"least": share(law.key_basis_points), "cycle": law.general_coverage_years, "cap": law.cap_per_item}


def summary_due(quarter: Quarter, calendar: Calendar, last_arrival: date | None = None) -> Due:
    """D-3b: three working days after the last plan arrived, and not later than the draw.

    Before it has arrived, the last day on which it may is taken. A plan that arrives when the day for drawing is over
    draws later too, and the lead office still has its three days. A day that came from an arrival keeps it
    (`counted_from`), so that it is counted again from there when the calendar changes.
    """
    arrived = last_arrival or quarter.plan_due(calendar).date
    within = policy.on(quarter.first_day).recommended.city_summary_within_workdays
    due, draw_due = calendar.within_workdays(arrived, within), quarter.draw_due(calendar)
    if arrived <= draw_due.date < due.date:
        due = draw_due
    return replace(due, counted_from=last_arrival, workdays=within if last_arrival else 0)


def filing_due(quarter: Quarter, calendar: Calendar) -> Due:
    """D-4b: the draw filed with the city team."""
    within = policy.on(quarter.first_day).recommended.filing_within_workdays
    return calendar.within_workdays(quarter.draw_due(calendar).date, within)


def provincial_due(quarter: Quarter, calendar: Calendar) -> Due:
    """D-12: the quarter's figures sent to the province, in the month after it."""
    day = policy.on(quarter.first_day).recommended.provincial_report_day
    return calendar.fixed(quarter.next().first_day.replace(day=day))


def audit_due(month: Month, calendar: Calendar) -> Due:
    """D-13: the registries audited in a month."""
    first = date(*month, 1)
    return calendar.fixed(first.replace(day=policy.on(first).recommended.registry_audit_day))


def coverage_due(year: int, calendar: Calendar) -> Due:
    """D-17 and D-18: the last check of a year that can count for its coverage."""
    return Quarter(year, 4).close_due(calendar)


def cap_due(year: int, calendar: Calendar) -> Due:
    """D-19: until when a year's checks of one item are counted (A-13)."""
    return calendar.fixed(date(year, 12, 31))


def justice_due(year: int, calendar: Calendar) -> Due:
    """D-24: the year's random checks filed with the district's justice bureau."""
    month, day = policy.on(date(year, 1, 1)).other_law.justice_filing_due
    return calendar.fixed(date(year, month, day))


def list_change_due(changed_on: date, calendar: Calendar) -> Due:
    """D-15: the change of the list begun within months of the change of a legal basis."""
    months = policy.on(changed_on).other_law.list_change_within_months
    year, month = divmod(changed_on.year * 12 + changed_on.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return calendar.fixed(date(year, month + 1, min(changed_on.day, last)))


def case_due(filed_on: date, calendar: Calendar) -> Due:
    """D-22: a case decided; calendar days, for only 二日 to 七日 of that law are working days (行政处罚法 60, 85)."""
    return calendar.fixed(filed_on + timedelta(days=policy.on(filed_on).other_law.case_closed_within_days))


def _own(field: str) -> Callable[[date, Calendar], Due]:
    """A service level of ours in working days after an event."""
    return lambda start, calendar: calendar.within_workdays(start, getattr(policy.on(start).recommended, field))


def _withdrawal_due(known_on: date, calendar: Calendar) -> Due:
    return calendar.within_workdays(known_on, policy.on(known_on).other_law.withdraw_within_workdays)


RULES = {
    rule.id: rule
    for rule in [
        Rule(
            id="D-1",
            clause="六(一)1-d",
            name="制定事项清单",
            title="制定 {period}随机抽查事项清单",
            role=Role.LEAD_OFFICE,
            span=Span.YEAR,
            due=days.item_list_due,
            binding=Binding.PLAN,
            opens=Opens.CITY,  # a branch without items of its own has no list to make: the city's is in force for it
            closed_by="清单批准",
            url="/desk/items/",
            consequence="没有公开的清单，季度计划不能编制。",
            reminders="item_list_reminder_workdays",
        ),
        Rule(
            id="D-2",
            clause="六(一)2-b",
            name="完成季度计划",
            title="完成 {period}抽查工作计划",
            role=Role.PLANNER,
            span=Span.QUARTER,
            due=Quarter.plan_due,
            binding=Binding.PLAN,
            opens=Opens.UNITS,
            closed_by="计划批准",
            url="/desk/plans/",
            consequence="逾期要写明原因，随计划记入通报。",
        ),
        Rule(
            id="D-3",
            clause="七(六)-a",
            name="计划公开并报市执法队",
            title="{period}计划公开并报市执法队",
            role=Role.DISCLOSURE_OFFICER,
            span=Span.QUARTER,
            due=Quarter.plan_due,
            binding=Binding.PLAN,
            opens=Opens.UNITS,
            closed_by="牵头部门签收计划",
            url="/desk/publish/",
            consequence="计划公开之后才能抽取。",
        ),
        Rule(
            id="D-3b",
            clause="七(六)-a",
            name="汇总公开各单位计划",
            title="汇总公开 {period}抽查工作计划",
            role=Role.LEAD_OFFICE,
            span=Span.QUARTER,
            due=summary_due,
            binding=Binding.OWN,
            city_only=True,
            closed_by="全市汇总公开",
            url="/desk/publish/",
            consequence="各单位的计划报齐以后汇总公开，不晚于抽取。",
        ),
        Rule(
            id="D-4",
            clause="七(二)-a",
            name="完成随机抽取",
            title="完成 {period}随机抽取",
            role=Role.PLANNER,
            span=Span.QUARTER,
            due=Quarter.draw_due,
            binding=Binding.PLAN,
            opens=Opens.UNITS,
            closed_by="抽取完成",
            url="/desk/draws/",
            consequence="逾期抽取的，公示页会标明。",
        ),
        Rule(
            id="D-4b",
            clause="七(二)-j",
            name="抽取结果报市执法队备案",
            title="{period}抽取结果报市执法队备案",
            role=Role.PLANNER,
            span=Span.QUARTER,
            due=filing_due,
            binding=Binding.OWN,
            closed_by="备案回执",
            url="/desk/draws/",
            consequence="没有备案的，全市进度会标明。",
        ),
        Rule(
            id="D-5",
            clause="六(一)2-g",
            name="完成本季检查",
            title="完成 {period}检查",
            role=Role.PLANNER,
            span=Span.QUARTER,
            due=Quarter.close_due,
            binding=Binding.PLAN,
            opens=Opens.UNITS,
            closed_by="抽中的全部查完",
            url="/desk/tasks/",
            consequence="没有查完的要写明原因，由分管负责人批准。",
        ),
        Rule(
            id="D-6",
            clause="六(一)2-h",
            name="公开本季检查结果",
            title="公开 {period}全部检查结果",
            role=Role.DISCLOSURE_OFFICER,
            span=Span.QUARTER,
            due=Quarter.close_due,
            binding=Binding.PLAN,
            opens=Opens.UNITS,
            closed_by="结果全部公开",
            url="/desk/publish/",
            consequence="逾期公开计入全市通报。",
        ),
        Rule(
            id="D-7",
            clause="七(六)-b",
            name="检查结果报市执法队汇总",
            title="{period}检查结果报市执法队汇总",
            role=Role.PLANNER,
            span=Span.QUARTER,
            due=Quarter.close_due,
            binding=Binding.PLAN,
            opens=Opens.NOT_YET,
            closed_by="牵头部门签收季度结果",
        ),
        Rule(
            id="D-8",
            clause="八(二)-d",
            name="公开检查结果",
            role=Role.APPROVER,
            span=Span.EVENT,
            due=days.publication_due,
            binding=Binding.PLAN,
            event="检查结束",
            closed_by="结果公开",
            reminders="publication_reminder_workdays",
        ),
        Rule(
            id="D-9",
            clause="八(二)-a",
            name="公开事项清单",
            role=Role.DISCLOSURE_OFFICER,
            span=Span.EVENT,
            due=_own("publish_list_within_workdays"),
            binding=Binding.OWN,
            event="清单批准",
            closed_by="清单公开",
            reminders="publication_reminder_workdays",
        ),
        Rule(
            id="D-10",
            clause="七(五)-m",
            name="上传检查情况",
            role=Role.PLANNER,
            span=Span.EVENT,
            due=_own("upload_within_workdays"),
            binding=Binding.OWN,
            event="到达现场",
            closed_by="检查情况已上传",
            reminders="publication_reminder_workdays",
        ),
        Rule(
            id="D-11",
            clause="八(一)-c",
            name="年度工作报告",
            title="{period}“双随机、一公开”工作报告",
            role=Role.PLANNER,
            span=Span.YEAR,
            due=days.year_report_due,
            binding=Binding.PLAN,
            opens=Opens.NOT_YET,
            closed_by="年度报告报出",
        ),
        Rule(
            id="D-12",
            clause="七(六)-c",
            name="数据报省生态环境厅",
            title="{period}数据报省生态环境厅",
            role=Role.LEAD_OFFICE,
            span=Span.QUARTER,
            due=provincial_due,
            binding=Binding.OWN,
            city_only=True,
            opens=Opens.NOT_YET,
            closed_by="登记报出的文号和日期",
        ),
        Rule(
            id="D-13",
            clause="六(二)-e",
            name="审核名录",
            title="{period}名录审核",
            role=Role.REGISTRAR,
            span=Span.MONTH,
            due=audit_due,
            binding=Binding.OWN,
            closed_by="审核签字",
            url="/desk/objects/audit/",
            consequence="太久没有审核的，封存抽查名单时要写明原因。",
        ),
        Rule(
            id="D-14",
            clause="六(三)-i",
            name="更新检查人员名录",
            role=Role.REGISTRAR,
            span=Span.EVENT,
            due=_own("inspector_change_within_workdays"),
            binding=Binding.OWN,
            event="人员变动",
            closed_by="变更登记",
        ),
        Rule(
            id="D-15",
            clause="六(一)1-b",
            name="按新的依据调整清单",
            role=Role.LEAD_OFFICE,
            span=Span.EVENT,
            due=list_change_due,
            binding=Binding.LAW,
            event="法律依据变动",
            closed_by="清单新版本",
        ),
        Rule(
            id="D-16",
            clause="七(一)1-a",
            name="重点对象抽足最低比例",
            title="{period}重点对象抽足 {least}",
            role=Role.PLANNER,
            span=Span.QUARTER,
            due=Quarter.draw_due,
            binding=Binding.PLAN,
            opens=Opens.BY_RULE,
            closed_by="抽取完成，低于最低比例的计划不能批准",
        ),
        Rule(
            id="D-17",
            clause="七(一)1-b",
            name="重点对象年内全覆盖",
            title="{period}重点对象全覆盖",
            role=Role.PLANNER,
            span=Span.YEAR,
            due=coverage_due,
            binding=Binding.PLAN,
            opens=Opens.NOT_YET,
            closed_by="年内重点对象全部查到",
        ),
        Rule(
            id="D-18",
            clause="七(一)2-b",
            name="一般对象周期内全覆盖",
            title="到 {period}底一般对象 {cycle} 年全覆盖",
            role=Role.PLANNER,
            span=Span.YEAR,
            due=coverage_due,
            binding=Binding.PLAN,
            opens=Opens.NOT_YET,
            closed_by="周期内一般对象全部查到",
        ),
        Rule(
            id="D-19",
            clause="七(一)4-c",
            name="同一事项年内不超过上限",
            title="{period}同一对象同一事项不超过 {cap} 次",
            role=Role.PLANNER,
            span=Span.YEAR,
            due=cap_due,
            binding=Binding.PLAN,
            opens=Opens.BY_RULE,
            closed_by="到上限的不再参加抽取",
        ),
        Rule(
            id="D-20",
            clause="七(二)-f",
            name="审批更换和回避",
            role=Role.APPROVER,
            span=Span.EVENT,
            due=_own("recusal_decision_within_workdays"),
            binding=Binding.OWN,
            event="提出申请",
            closed_by="批准或不批准",
            consequence="批准以前，原来的名单和小组照旧。",
        ),
        Rule(
            id="D-21",
            clause="八(二)-e",
            name="复查整改",
            role=Role.INSPECTOR,
            span=Span.EVENT,
            due=_own("reinspection_within_workdays"),
            binding=Binding.OWN,
            event="整改期限届满",
            opens=Opens.NOT_YET,
            closed_by="复查登记",
        ),
        Rule(
            id="D-22",
            clause="八(二)-e",
            name="案件处理决定",
            role=Role.APPROVER,
            span=Span.EVENT,
            due=case_due,
            binding=Binding.LAW,
            event="立案",
            opens=Opens.NOT_YET,
            closed_by="作出决定",
        ),
        Rule(
            id="D-23",
            clause="八(二)-c",
            name="撤回公开的内容",
            role=Role.DISCLOSURE_OFFICER,
            span=Span.EVENT,
            due=_withdrawal_due,
            binding=Binding.LAW,
            event="得知应当撤回",
            opens=Opens.NOT_YET,
            closed_by="写明理由撤回",
        ),
        Rule(
            id="D-24",
            clause="六(一)1-a",
            name="年度随机抽查报司法局备案",
            title="{period}随机抽查报司法局备案",
            role=Role.PLANNER,
            span=Span.YEAR,
            due=justice_due,
            binding=Binding.LAW,
            closed_by="登记备案",
        ),
    ]
}
# What else waits with a day, as steps of our own: rule of the duty → (the deadline it serves, its name).
STEPS = {
    "D-2r": ("D-2", "修改已公开的计划"),
    "D-3r": ("D-3", "公开改过的计划"),
    "CERT": ("D-14", "执法证到期"),
    "SEND": ("", "派发检查任务"),
    "DECL": ("", "年度回避申报"),
    "CHANGE": ("", "审批名录变更"),
    "COORD": ("", "回复督办、指导和协调"),
    "RULE": ("", "审批参数修改"),
}


def law_of(rule: str) -> Rule | None:
    """The deadline that a duty serves; None for a step of our own."""
    return RULES.get(STEPS[rule][0] if rule in STEPS else rule)


def name_of(rule: str) -> str:
    """What a duty is about, in words that name no facility and no person."""
    if rule in STEPS:
        return STEPS[rule][1]
    return RULES[rule].name if rule in RULES else "办理事项"


def of_year(year: int, calendar: Calendar) -> Iterator[tuple[Rule, str, Due]]:
    """Every deadline of a year whose day is known beforehand, by rule and period."""
    if year < FIRST_YEAR:
        raise ValueError(f"时限从 {FIRST_YEAR} 年起计算。")
    for rule in RULES.values():
        for period in rule.periods_in(year):
            yield rule, period, rule.due_for(period, calendar)
