"""To-dos grouped as people think of them: overdue, today and tomorrow, this week, this month, later (ui.md 7.2)."""

from datetime import date, timedelta

from django.db.models import Count, Min, Q

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import CITY_WIDE
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import due_date, full_date, is_over, remaining, short_date, weekday

from .deadlines.lookup import law_of
from .models import Duty

TITLES = ("已逾期", "今天和明天", "本周", "本月", "以后")
# The steps of the quarter, in the order of the home page (七(四)); which of them a duty belongs to, its `Step` says.
STAGES = ("名录", "清单", "计划", "公开", "抽取", "检查", "公示", "处理", "报告", "督办", "规定")
OTHER_STAGE, OTHER_BUTTON = "其他", "办理"


def tone_of(due: date, today: date) -> str:
    """Day-of-month deadlines turn amber three calendar days ahead (ui.md 4.2)."""
    if is_over(due, today):
        return "over"
    if due < today:
        return ""
    return "soon" if due - today <= timedelta(days=3) else ""


def grouped(duties, today: date, *, several_units: bool = False, by_stage: bool = False) -> list[dict]:
    """Sort open duties, which come in order of date, into the five groups, or by stage; empty ones are left out.

    The result is what `components/agenda.html` expects.
    """
    groups: list[dict] = [{"title": title, "items": []} for title in ((*STAGES, OTHER_STAGE) if by_stage else TITLES)]
    for duty in duties:
        groups[_stage(duty.rule) if by_stage else _place(duty.due, today)]["items"].append(
            {
                "date": short_date(duty.due),
                "day": "今天" if duty.due == today else weekday(duty.due),
                "title": f"{duty.unit}：{duty.title}" if several_units or _is_of_another(duty) else duty.title,
                "text": duty.consequence,
                "due": {
                    "text": remaining(duty.due, today) + ("（暂定）" if duty.provisional else ""),
                    "state": tone_of(duty.due, today),
                    "title": f"{full_date(duty.due)}前。{rule_words(duty.rule)}，最迟办理的工作日 {due_date(duty.target, today)}",
                },
                "wait": duty.waiting_for,
                "action": {"label": button_of(duty), "url": duty.url, "primary": False},
            }
        )
    return [g for g in groups if g["items"]]


def rule_words(rule: str) -> str:
    """The deadline behind a duty, its clause, and by what it binds."""
    law = law_of(rule)
    return f"规则 {law.id}，{law.clause.partition('-')[0]}，{law.binding.label}" if law else "本系统的办理步骤"


def button_of(duty) -> str:
    step = subjects.house().steps.get(duty.rule)
    return step.button_for(duty.role) if step else OTHER_BUTTON


def button_of_step(rule: str) -> str:
    """As its own role has it, whoever's turn it is."""
    step = subjects.house().steps.get(rule)
    return step.button if step else OTHER_BUTTON


def _is_of_another(duty) -> bool:
    """Whoever has the whole city before him reads which unit it is about."""
    return duty.role in CITY_WIDE and duty.unit.kind != UnitKind.CITY_TEAM


def _stage(rule: str) -> int:
    step = subjects.house().steps.get(rule)
    return STAGES.index(step.stage) if step and step.stage in STAGES else len(STAGES)


def _place(due: date, today: date) -> int:
    if is_over(due, today):
        return 0
    if today <= due <= today + timedelta(days=1):
        return 1
    if today <= due <= today + timedelta(days=6 - today.weekday()):
        return 2
    return 3 if (due.year, due.month) == (today.year, today.month) else 4


def open_count(user, unit, quarter):
    """The count beside 待办, of whichever unit and quarter; red when something is overdue (ui.md 3)."""
    found = Duty.objects.visible_to(user).open()
    found = found.aggregate(count=Count("pk"), first=Min("due", filter=Q(due__gte=first_use.day() or date.max)))
    return found["count"] or None, found["first"] is not None and found["first"] < clock.today()


def mine(user, *, unit=None):
    """The open duties of a person, for one unit or all."""
    duties = Duty.objects.visible_to(user).open().select_related("unit").order_by("due", "unit__position", "rule")
    return duties.filter(unit=unit) if unit else duties
