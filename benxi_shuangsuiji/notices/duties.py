"""What has to be done by when: the dates of the plan as rules over the calendar (domain.md 8.1, decisions.md 5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter

from .models import Duty
from .telling import tell


@dataclass(frozen=True)
class Rule:
    """One dated duty: who, what, by when, and what happens if it is not done.

    `due` takes the period (a `Quarter` or a year) and the calendar.
    """

    id: str
    clause: str
    title: str
    role: str
    yearly: bool
    due: Callable[..., Due]
    url: str
    consequence: str
    city_only: bool = False

    def title_for(self, period: str) -> str:
        return self.title.format(period=f"{period} 年" if self.yearly else Quarter.parse(period).label)

    def due_for(self, period: str, calendar: Calendar) -> Due:
        return self.due(int(period) if self.yearly else Quarter.parse(period), calendar)


RULES = {
    rule.id: rule
    for rule in [
        Rule(
            "D-1",
            "六(一)1-d",
            "制定 {period}随机抽查事项清单",
            Role.LEAD_OFFICE,
            True,
            days.item_list_due,
            "/desk/items/",
            "没有公开的清单，季度计划不能编制。",
            city_only=True,
        ),
        Rule(
            "D-2",
            "六(一)2-b",
            "完成 {period}抽查工作计划",
            Role.PLANNER,
            False,
            Quarter.plan_due,
            "/desk/plans/",
            "逾期要写明原因，随计划记入通报。",
        ),
        Rule(
            "D-3",
            "七(六)-a",
            "{period}计划公开并报市执法队",
            Role.DISCLOSURE_OFFICER,
            False,
            Quarter.plan_due,
            "/desk/publish/",
            "计划公开之后才能抽取。",
        ),
        Rule(
            "D-4",
            "七(二)-a",
            "完成 {period}随机抽取",
            Role.PLANNER,
            False,
            Quarter.draw_due,
            "/desk/draws/",
            "10 日以后抽取，公示页会标明逾期。",
        ),
        Rule(
            "D-5",
            "六(一)2-g",
            "完成 {period}检查",
            Role.PLANNER,
            False,
            Quarter.close_due,
            "/desk/tasks/",
            "没有查完的要写明原因，由分管负责人批准。",
        ),
        Rule(
            "D-6",
            "六(一)2-h",
            "公开 {period}全部检查结果",
            Role.DISCLOSURE_OFFICER,
            False,
            Quarter.close_due,
            "/desk/publish/",
            "逾期公开计入全市通报。",
        ),
    ]
}
# Working days before the date on which a reminder goes out, and calendar days after it (domain.md 8.1).
REMIND_BEFORE = (10, 5, 2, 0)
ESCALATE_AFTER = {0: None, 1: Role.APPROVER, 3: Role.SUPERVISOR}


def ensure(rule: str, unit: Unit, period: str, *, calendar: Calendar | None = None) -> Duty:
    """Return the duty of this rule, unit and period, opening it when it is not there yet."""
    found = Duty.objects.filter(rule=rule, unit=unit, period=period).first()
    if found:
        return found
    law = RULES[rule]
    due = law.due_for(period, calendar or workdays.calendar())
    return open(
        rule=rule,
        unit=unit,
        role=law.role,
        period=period,
        title=law.title_for(period),
        due=due,
        url=f"{law.url}?unit={unit.code}" + ("" if law.yearly else f"&quarter={period}"),
        consequence=law.consequence,
    )


def open(*, rule, unit, role, period, title, due: Due, url="", consequence="", waiting_for="") -> Duty:
    """Open a duty once; a second call changes nothing."""
    duty, _ = Duty.objects.get_or_create(
        rule=rule,
        unit=unit,
        period=period,
        defaults={
            "role": role,
            "title": title,
            "due": due.date,
            "target": due.target,
            "provisional": due.provisional,
            "url": url,
            "consequence": consequence,
            "waiting_for": waiting_for,
        },
    )
    return duty


def hand_over(*, rule, unit, period, role, title, url, waiting_for="", by=None, body="") -> None:
    """Pass a duty on to the next role; the date stays, and whoever has it now is told.

    A duty of the timetable that is not open yet, because its quarter has not come, is opened by the first hand-over.
    `by` acted and is not told himself; while it waits for somebody else nobody is.
    """
    if rule in RULES:
        ensure(rule, unit, period)
    Duty.objects.open().filter(rule=rule, unit=unit, period=period).update(
        role=role, title=title, url=url, waiting_for=waiting_for
    )
    if not waiting_for:
        tell(
            role=role, unit=unit, key=f"{rule}:{unit.pk}:{period}", title=f"{unit}：{title}", body=body, url=url, by=by
        )


def close(*, rule, unit, period, event, at: datetime) -> None:
    """Close a duty by the event that fulfils it; one that was never opened is entered as done."""
    if rule in RULES:
        ensure(rule, unit, period)
    Duty.objects.open().filter(rule=rule, unit=unit, period=period).update(closed_at=at, closed_by=event)


def open_due(today: date, calendar: Calendar) -> int:
    """Open the duties of the running quarter and, in its last month, of the next; return how many are new.

    A quarter opens by itself (二-a). The next year's item list opens on 1 December (D-1).
    """
    quarters = [Quarter.of(today)]
    if today.month == quarters[0].months[2]:
        quarters.append(quarters[0].next())
    years = {today.year} | ({today.year + 1} if today.month == 12 else set())
    before = Duty.objects.count()
    for unit in Unit.objects.drawing():
        for law in RULES.values():
            if law.city_only and unit.kind != "CITY_TEAM":
                continue
            for period in [str(y) for y in sorted(years)] if law.yearly else [str(q) for q in quarters]:
                if period[:4] >= "2025":
                    ensure(law.id, unit, period, calendar=calendar)
    return Duty.objects.count() - before


def recompute(calendar: Calendar) -> list[tuple[Duty, date, date]]:
    """Set open duties' dates anew after the calendar changed; return those that moved, for the log."""
    moved = []
    for duty in Duty.objects.open().filter(rule__in=RULES).select_related("unit"):
        due = RULES[duty.rule].due_for(duty.period, calendar)
        if (duty.due, duty.target, duty.provisional) != (due.date, due.target, due.provisional):
            moved.append((duty, duty.target, due.target))
            duty.due, duty.target, duty.provisional = due.date, due.target, due.provisional
            duty.save(update_fields=["due", "target", "provisional"])
    return moved
