"""To-dos grouped as people think of them: overdue, today and tomorrow, this week, this month, later (ui.md 7.2)."""

from datetime import date, timedelta

from django.db.models import Count, Min

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import CITY_WIDE, Role
from benxi_shuangsuiji.workdays.days import due_date, full_date, remaining, short_date, weekday

from .deadlines.timetable import law_of
from .models import Duty

# The words on the button, by rule; what it opens stands in the duty.
BUTTONS = {
    "D-1": "办清单",
    "D-2": "办计划",
    "D-3": "去公开",
    "D-4": "去抽取",
    "D-5": "看任务",
    "D-6": "去公开",
    "D-7": "办报告",
    "D-7r": "办报告",
    "D-7b": "去汇总",
    "D-8": "去公开",
    "D-9": "去公开",
    "D-2r": "办计划",
    "D-3r": "去公开",
    "D-11": "办报告",
    "D-11r": "办报告",
    "D-12": "去报送",
    "SEND": "去派发",
    "D-13": "去审核",
    "D-14": "去登记",
    "D-17": "看缺口",
    "D-18": "看缺口",
    "D-20": "去审批",
    "CERT": "登记换证",
    "DECL": "看申报",
    "CHANGE": "去审批",
    "COORD": "去回复",
    "RULE": "去审批",
    "SPEC": "去发起",
    "REASON": "去审批",
    "REASONR": "去改写",
    "CAMP": "去审批",
    "CAP": "去审批",
    "CORR": "去审批",
    "COORDA": "去审定",
    "YEAR": "去签收",
}
# What somebody else's turn is called, by rule and role.
BUTTONS_OF = {
    ("D-1", Role.APPROVER): "去审批",
    ("D-2", Role.APPROVER): "去审批",
    ("D-2r", Role.APPROVER): "去审批",
    ("D-1", Role.DISCLOSURE_OFFICER): "去公开",
    ("D-8", Role.APPROVER): "去审核",
}
TITLES = ("已逾期", "今天和明天", "本周", "本月", "以后")
# The step of the quarter that a rule belongs to, in the order of the steps on the home page (七(四)).
STAGES = {
    "名录": ("D-13", "D-14", "CERT", "DECL", "CHANGE"),
    "清单": ("D-1", "D-9", "D-15"),
    "计划": ("D-2", "D-2r", "D-24"),
    "公开": ("D-3", "D-3r", "D-3b"),
    "抽取": ("D-4", "D-4b", "D-16", "D-17", "D-18", "D-19", "D-20", "CORR"),
    "检查": ("SEND", "N-6", "D-5", "D-10", "SPEC", "REASON", "REASONR", "CAMP", "CAP"),
    "公示": ("D-6", "D-8", "D-23"),
    "处理": ("D-21", "D-22"),
    "报告": ("D-7", "D-7r", "D-7b", "D-11", "D-11r", "D-12", "YEAR"),
    "督办": ("COORD", "COORDA"),
    "规定": ("RULE",),
}
OTHER_STAGE = "其他"


def tone_of(due: date, today: date) -> str:
    """Day-of-month deadlines turn amber three calendar days ahead (ui.md 4.2)."""
    if due < today:
        return "over"
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
    return BUTTONS_OF.get((duty.rule, duty.role)) or BUTTONS.get(duty.rule, "办理")


def _is_of_another(duty) -> bool:
    """Whoever has the whole city before him reads which unit it is about."""
    return duty.role in CITY_WIDE and duty.unit.kind != UnitKind.CITY_TEAM


def _stage(rule: str) -> int:
    return next((place for place, rules in enumerate(STAGES.values()) if rule in rules), len(STAGES))


def _place(due: date, today: date) -> int:
    if due < today:
        return 0
    if due <= today + timedelta(days=1):
        return 1
    if due <= today + timedelta(days=6 - today.weekday()):
        return 2
    return 3 if (due.year, due.month) == (today.year, today.month) else 4


def open_count(user, unit, quarter):
    """The count beside 待办, of whichever unit and quarter; red when something is overdue (ui.md 3)."""
    found = Duty.objects.visible_to(user).open().aggregate(count=Count("pk"), first=Min("due"))
    return found["count"] or None, found["first"] is not None and found["first"] < clock.today()


def mine(user, *, unit=None):
    """The open duties of a person, for one unit or all."""
    duties = Duty.objects.visible_to(user).open().select_related("unit").order_by("due", "unit__position", "rule")
    return duties.filter(unit=unit) if unit else duties
