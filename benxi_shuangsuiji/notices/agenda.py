"""To-dos grouped as people think of them: overdue, today and tomorrow, this week, this month, later (ui.md 7.2)."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from benxi_shuangsuiji.workdays.days import due_date, remaining, short_date, weekday

from .models import Duty


@dataclass
class Line:
    """One to-do as a page shows it. `tone` is "", "soon" or "over" (ui.md 4.2)."""

    duty: Duty
    day: str
    weekday: str
    badge: str
    tone: str
    rule: str


@dataclass
class Group:
    title: str
    lines: list[Line] = field(default_factory=list)


def tone_of(due: date, today: date) -> str:
    """Day-of-month deadlines turn amber three calendar days ahead (ui.md 4.2)."""
    if due < today:
        return "over"
    return "soon" if due - today <= timedelta(days=3) else ""


def grouped(duties, today: date) -> list[Group]:
    """Sort open duties, which come in order of date, into the five groups; empty ones are left out."""
    week_end = today + timedelta(days=6 - today.weekday())
    groups = [Group("已逾期"), Group("今天和明天"), Group("本周"), Group("本月"), Group("以后")]
    for duty in duties:
        if duty.due < today:
            place = 0
        elif duty.due <= today + timedelta(days=1):
            place = 1
        elif duty.due <= week_end:
            place = 2
        elif (duty.due.year, duty.due.month) == (today.year, today.month):
            place = 3
        else:
            place = 4
        groups[place].lines.append(
            Line(
                duty,
                short_date(duty.due),
                "今天" if duty.due == today else weekday(duty.due),
                remaining(duty.due, today),
                tone_of(duty.due, today),
                f"{duty.rule}　{due_date(duty.due, today)}" + ("（暂定）" if duty.provisional else ""),
            )
        )
    return [g for g in groups if g.lines]
