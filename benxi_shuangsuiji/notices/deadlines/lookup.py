"""What the timetable says of a duty, of one of the rooms' own steps, and of a whole year."""

from collections.abc import Iterator

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.notices.deadlines.rule import Rule
from benxi_shuangsuiji.notices.deadlines.timetable import RULES
from benxi_shuangsuiji.workdays.days import FIRST_YEAR, Calendar, Due


def law_of(rule: str) -> Rule | None:
    """The deadline that a duty serves; None for a step of our own."""
    step = subjects.house().steps.get(rule)
    return step.law if step else RULES.get(rule)


def name_of(rule: str) -> str:
    """What a duty is about, in words that name no facility and no person."""
    step = subjects.house().steps.get(rule)
    if step and step.title:
        return step.title
    return RULES[rule].name if rule in RULES else "办理事项"


def of_year(year: int, calendar: Calendar) -> Iterator[tuple[Rule, str, Due]]:
    """Every deadline of a year whose day is known beforehand, by rule and period."""
    if year < FIRST_YEAR:
        raise ValueError(f"时限从 {FIRST_YEAR} 年起计算。")
    for rule in RULES.values():
        for period in rule.periods_in(year):
            yield rule, period, rule.due_for(period, calendar)
