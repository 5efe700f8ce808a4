"""督办 beside what is overdue: what was said about it before, and what is written when it is said again (五-1a, ui-2.md 22)."""

import re
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.notices.models import Duty, of_the_city, of_the_unit
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, remaining, short_date
from inspections.models import ADDRESSEES, Instruction, InstructionKind, InstructionState

AGAIN_WORKDAYS = 3  # a second one of the same matter so soon is asked about once more (ui-2.md 22)
_TITLE = 60
STANDS = {
    InstructionState.SENT: "没有回复",
    InstructionState.ANSWERED: "已回复，等审定",
    InstructionState.RETURNED: "退回重报",
    InstructionState.ACCEPTED: "回复已审定",
}


def day_of(one: Instruction) -> date:
    return localtime(one.sent_at).date()


def words_of(last: Instruction | None) -> tuple[str, str]:
    """没有督办过; 7 月 15 日督办, 没有回复."""
    if last is None:
        return "没有督办过", ""
    return f"{short_date(day_of(last))}{last.get_kind_display()}", STANDS[InstructionState(last.state)]


def said_of(duty: Duty, beside: str) -> str:
    """What it is called in the log of coordination, which whoever follows the unit's progress reads: of the checks and of what
    follows from one only the kind, and what the alert says of them (decisions.md 3)."""
    return duty.title if duty.rule in {*of_the_unit(), *of_the_city()} else f"{duty.name}：{beside}"


def filled(what: str, duty: Duty, last: Instruction | None, today: date, calendar: Calendar) -> dict:
    """A 督办 about something overdue as the record has it, from wherever it is sent: to whom, by when it had to be done, how many
    days late it is, what was said before. Everything can be changed; the keys are the arguments of `send_instructions`."""
    days, late = (today - duty.due).days, remaining(duty.due, today)
    before = "".join(words_of(last)).replace("没有回复", "后没有回复") if last else ""
    said = f"；{before}" if before else ""
    addressees = [role for role, _ in ADDRESSEES]
    return {
        "kind": InstructionKind.REMIND,
        "to_role": duty.role if duty.role in addressees else addressees[0],
        "title": f"{what[: _TITLE - len(late)]}{late}",
        "text": f"你单位“{what}”应在 {short_date(duty.due)}前办结，到 {short_date(today)}逾期 {days} 天{said}。"
        "接到后尽快办结，书面说明原因和办结的日期。",
        "due": answered_by(today, calendar),
    }


def answered_by(today: date, calendar: Calendar) -> date:
    """The last day for the answer that a new one suggests."""
    within = policy.on(today).recommended.instruction_answer_within_workdays
    return calendar.within_workdays(today, within).date


def quarter_of(duty: Duty) -> Quarter | None:
    """The quarter that the duty says it is of, if it does."""
    found = re.search(r"[12][0-9]{3}Q[1-4]", duty.period)
    return Quarter.parse(found[0]) if found else None


def again_words(last: Instruction | None, today: date, calendar: Calendar) -> str:
    """8 月 18 日刚督办过，还要再发一次？ "" once some working days have passed."""
    if last is None or calendar.workdays_between(day_of(last), today) > AGAIN_WORKDAYS:
        return ""
    return f"{short_date(day_of(last))}刚督办过，还要再发一次？"


def twice_words(unit, last: Instruction) -> str:
    """What follows from a second one."""
    return f"{unit.short_name}另外收到一件督办、一条消息和一件待办，原来的一件（{last.no}）还在。"
