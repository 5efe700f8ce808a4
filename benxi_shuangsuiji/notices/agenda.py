"""To-dos grouped as people think of them: overdue, today and tomorrow, this week, this month, later (ui.md 7.2)."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import QuerySet
from django.urls import Resolver404, resolve
from django.utils.module_loading import import_string

from benxi_shuangsuiji import clock, subjects, workdays
from benxi_shuangsuiji.accounts.models import UnitKind, User
from benxi_shuangsuiji.accounts.roles import CITY_WIDE
from benxi_shuangsuiji.database import counting
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.subject import Waiting
from benxi_shuangsuiji.workdays.days import Calendar, Due, due_date, full_date, is_over, remaining, short_date, weekday

from .deadlines.lookup import law_of
from .duties import Step
from .models import Duty, Message

TITLES = ("已逾期", "今天和明天", "本周", "本月", "以后")
# The steps of the quarter, in the order of the home page (七(四)); which of them a duty belongs to, its `Step` says.
STAGES = ("名录", "清单", "计划", "公开", "抽取", "检查", "公示", "处理", "报告", "督办", "规定")
OTHER_STAGE, OTHER_BUTTON = "其他", "办理"
SOON_WORKDAYS = 5  # ui.md 4.2: amber from five working days before the end of a period


def tone_of(due: date, today: date) -> str:
    """Day-of-month deadlines turn amber three calendar days ahead (ui.md 4.2)."""
    if is_over(due, today):
        return "over"
    if due < today:
        return ""
    return "soon" if due - today <= timedelta(days=3) else ""


def left_of(duty: Duty, today: date, calendar: Calendar) -> tuple[str, str]:
    """还剩 12 个工作日 and its tone, on every page alike (ui.md 4.2)."""
    return left_until(duty.due, duty.counted_from, today, calendar)


def left_of_due(due: Due, today: date, calendar: Calendar) -> tuple[str, str]:
    """The same of a limit that a page reckons itself: what the home says of a duty its page says in the same words."""
    words, tone = left_until(due.date, due.counted_from, today, calendar)
    return words + due.mark, tone


def left_until(due: date, counted_from: date | None, today: date, calendar: Calendar) -> tuple[str, str]:
    """A period of working days is counted as the law counts it; anything else in days.

    Until it begins it is a day like any other: 33 working days are not left of ten, beside another matter of that day.
    """
    if counted_from is None or not counted_from <= today < due:
        return remaining(due, today), tone_of(due, today)
    left = calendar.workdays_between(today, due)
    return f"还剩 {left} 个工作日", "soon" if left <= SOON_WORKDAYS else ""


def badge_of(duty: Duty | None, today: date) -> dict[str, str] | None:
    """By when a decision is due, on its own page (ui-2.md 27); nothing once it is taken."""
    if duty is None or duty.closed_at:
        return None
    words, tone = left_of(duty, today, workdays.calendar() if duty.workdays else workdays.built_in_calendar())
    return {"text": words, "state": tone or "soon", "title": due_date(duty.due, today)}


def waits(duties: Iterable[Duty], today: date) -> dict[int, str]:
    """Duty → 等司法局见证人: grey words instead of a button, until the day has come for which it waits."""
    waiting: dict[str, list[Duty]] = {}
    held: dict[Step, list[Duty]] = {}
    for duty in duties:
        step = subjects.house().steps.get(duty.rule)
        if duty.waiting_for and not duty.closed_at:
            waiting.setdefault(duty.rule, []).append(duty)
        elif step and step.held_up and not duty.closed_at:
            held.setdefault(step, []).append(duty)
    found = {}
    for rule, those in waiting.items():
        step = subjects.house().steps.get(rule)
        here = step.arrived(those, today) if step and step.arrived else ()
        found |= {duty.pk: f"等{duty.waiting_for.removeprefix('等')}" for duty in those if duty not in here}
    for step, those in held.items():
        found |= {pk: f"等{whom}" for pk, whom in (step.held_up(those, today) if step.held_up else {}).items()}
    return found


def item_of(duty: Duty, today: date, calendar: Calendar, *, wait: str = "", several_units: bool = False) -> dict:
    """One line of `components/agenda.html`."""
    words, tone = left_of(duty, today, calendar)
    return {
        "date": short_date(duty.due),
        "day": "今天" if duty.due == today else weekday(duty.due),
        "title": f"{duty.unit}：{duty.title}" if several_units or _is_of_another(duty) else duty.title,
        "text": duty.late_words + duty.consequence,
        "due": {
            "text": words + ("（暂定）" if duty.provisional else ""),
            "state": tone,
            "title": f"{full_date(duty.due)}前。{rule_words(duty.rule)}，最迟办理的工作日 {due_date(duty.target, today)}",
        },
        "wait": wait,
        "action": {"label": button_of(duty), "url": duty.url, "primary": False},
    }


def grouped(
    duties, today: date, calendar: Calendar, *, several_units: bool = False, by_stage: bool = False
) -> list[dict]:
    """Sort open duties, which come in order of date, into the five groups, or by stage; empty ones are left out.

    The result is what `components/agenda.html` expects.
    """
    groups: list[dict] = [{"title": title, "items": []} for title in ((*STAGES, OTHER_STAGE) if by_stage else TITLES)]
    waiting = waits(duties, today)
    for duty in duties:
        item = item_of(duty, today, calendar, wait=waiting.get(duty.pk, ""), several_units=several_units)
        groups[_stage(duty.rule) if by_stage else _place(duty.due, today)]["items"].append(item)
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
    here, late = open_and_late(user, clock.today())
    return Waiting((here,), (late,))


def counted(user, today: date) -> tuple[int, int]:
    """How much a person has to do, and how much of it is overdue."""
    here, late = counting.of(open_and_late(user, today))
    return here, late


def open_and_late(user, today: date) -> tuple[QuerySet, QuerySet]:
    """What a person has to do, and what of it is overdue."""
    here = Duty.objects.visible_to(user).open()
    return here, here.filter(due__gte=first_use.day() or date.max, due__lt=today)


def mine(user, *, unit=None):
    """The open duties of a person, for one unit or all."""
    duties = Duty.objects.visible_to(user).open().select_related("unit__serves", "unit__parent")
    duties = duties.order_by("due", "unit__position", "rule")
    return duties.filter(unit=unit) if unit else duties


def named(duties: Sequence[Duty], user) -> int:
    """Have each say what it is about to this reader, by the name he may know instead of a number; shown, never saved.

    How many of the names only the circle knows: whose page it is records that they were read (`noted`).
    """
    return sum(import_string(room)(duties, user) for room in subjects.house().names_todos)


# 210504-2026Q3-01, -0007, -T007 (a draw, a check, a targeted one), 210522-2026-L001 (a case).
_NUMBER = re.compile(r"[0-9A-Za-z]+-[0-9]{4}(?:Q[1-4])?-[A-Z]?[0-9]+")


def messages_named(messages: Iterable[Message], user) -> int:
    """The same of what a person was told, in title or words, by the same rooms: shown, never saved, and in no mail."""
    told = []
    for message in messages:
        duty = message.duty
        of_title, of_body = _NUMBER.search(message.title), _NUMBER.search(message.body)
        found = of_title or of_body
        if not (duty or found):
            continue
        text = message.body if of_body and not of_title else message.title
        # What it was about when it was sent: of a check that has moved on since, the same place.
        about = Duty(period=duty.period if duty else found[0], title=text)
        if duty:
            about.rule, about.unit_id, about.person_id, about.closed_at = (
                duty.rule, duty.unit_id, duty.person_id, duty.closed_at,
            )  # fmt: skip
        told.append((message, text, about))
    sealed = named([about for *_, about in told], user)
    for message, text, about in told:
        if about.title == text:
            continue
        if text == message.title:
            message.title, message.body = about.title, f"{about.said_no}　{message.body}".strip()
        else:
            message.body = f"{about.title}　{about.said_no}"
    return sealed


def noted(user, page: str, sealed: int) -> None:
    """For a page of no room: the room that keeps the secret records it."""
    for room in subjects.house().notes_sealed:
        import_string(room)(user, page, sealed)


def say(duty: Duty, title: str, no: str, *, place: str = "") -> None:
    """By its name; the number goes below. `place`: of whom the button at the top says it is about."""
    duty.title, duty.consequence = title, f"{no}　{duty.consequence}".strip()
    duty.said_no = no
    if place:
        duty.place = place


def late_beside(user, today: date) -> int:
    """How much of what he may read in the calendar of his units is overdue: nobody is told that nothing is due beside it."""
    begins = first_use.day()
    if begins is None:
        return 0
    return Duty.objects.in_calendar_of(user).open().filter(due__gte=begins, due__lt=today).count()


def opens_for(duty: Duty, user: User) -> bool:
    """Whether its page does: by the right to it, and where its step says which things it shows to whom, by these."""
    try:
        found = resolve(duty.url.partition("?")[0].partition("#")[0])
    except Resolver404:
        return False
    access = getattr(found.func, "access", None)
    if access == "public" or not (access == () or (access and any(user.may(p, duty.unit) for p in access))):
        return False
    step = subjects.house().steps.get(duty.rule)
    return not (step and step.pages) or step.pages(user).filter(**found.kwargs).exists()
