"""督办、指导、协调 sent, answered, accepted or given back (五-1a, 五-2b, 八(一)-a)."""

from datetime import date

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.models import Instruction, InstructionAnswer, InstructionState

from . import duties, matters, rules


@transaction.atomic
def send_instructions(
    *,
    units: list[Unit],
    quarter: Quarter,
    kind: str,
    to_role: str,
    title: str,
    text: str,
    due: date,
    by: User,
    duty: Duty | None = None,
    matter: str = "",
) -> list[Instruction]:
    """Tell one, several or all units the same thing; each gets its own number, to-do and message (八(一)-a).

    `duty`: what of the unit's is urged (督办 in the row of what is overdue, ui-2.md 22); `matter`: the key of an alert of
    全市进度, whose duty is found for each unit.
    """
    units = list(Unit.objects.select_for_update().filter(pk__in=[u.pk for u in units]).order_by("pk"))
    now = clock.now()
    refuse_if(
        rules.why_not_urge(units, duty)
        or rules.why_not_send(units, to_role, due, f"{title}\n{text}", by, localtime(now))
        or rules.why_not_again(units, quarter, title, text)
    )

    sent = []
    for unit in units:
        instruction = Instruction.objects.create(
            no=Numbering(f"{unit.code}-{quarter}-Z", 3).next(unit.instructions.of(quarter)),
            kind=kind,
            unit=unit,
            year=quarter.year,
            number=quarter.number,
            title=title.strip(),
            text=text.strip(),
            due=due,
            to_role=to_role,
            duty=duty or (matters.duty_of(matter, unit, quarter, localtime(now).date()) if matter else None),
            office=rules.offices_of(by)[0],
            sent_by=by,
            sent_at=now,
        )
        duties.instruction_sent(instruction)
        for role in (Role.PLANNER, Role.APPROVER):
            _tell(instruction, role, duties.title_of(instruction), instruction.text, by)
        trail.record("inspections.instruction.sent", by=by, about=instruction, kind=kind, due=due.isoformat())
        sent.append(instruction)
    return sent


@transaction.atomic
def answer_instruction(*, instruction: Instruction, words: str, by: User) -> InstructionAnswer:
    """The unit says what it has done, which ends its to-do; the office that asked is told and decides."""
    instruction = Instruction.objects.locked(instruction.pk, "unit")
    refuse_if(rules.why_not_answer(instruction, by) or rules.why_not_words(words))

    answer = instruction.answers.create(words=words.strip(), answered_by=by, answered_at=clock.now())
    _move(instruction, InstructionState.ANSWERED)
    duties.answer_given(instruction, answer.answered_at)
    _tell(instruction, instruction.office, f"审定回复，{duties.title_of(instruction)}", answer.words, by)
    trail.record("inspections.instruction.answered", by=by, about=instruction)
    return answer


@transaction.atomic
def accept_answer(*, instruction: Instruction, opinion: str, by: User) -> InstructionAnswer:
    """The answer is good: the matter is closed."""
    instruction = Instruction.objects.locked(instruction.pk, "unit")
    answer = _decide(instruction, accepted=True, opinion=opinion, by=by)
    _move(instruction, InstructionState.ACCEPTED)
    duties.answer_accepted(instruction, answer.decided_at)
    _tell(instruction, instruction.to_role, f"已办结，{duties.title_of(instruction)}", answer.opinion, by)
    trail.record("inspections.instruction.accepted", by=by, about=instruction)
    return answer


@transaction.atomic
def return_answer(*, instruction: Instruction, opinion: str, by: User) -> InstructionAnswer:
    """The answer does not do: the unit gets it back with what is missing and a few days for it (五-2b)."""
    instruction = Instruction.objects.locked(instruction.pk, "unit")
    answer = _decide(instruction, accepted=False, opinion=opinion, by=by)
    today, calendar = localtime(answer.decided_at).date(), workdays.calendar()
    days = policy.on(today).recommended.instruction_answer_within_workdays
    instruction.due = max(instruction.due, calendar.within_workdays(today, days).date)
    instruction.save(update_fields=["due"])
    _move(instruction, InstructionState.RETURNED)
    title = f"重新回复，{duties.title_of(instruction)}"
    duties.answer_given_back(instruction, title)
    _tell(instruction, instruction.to_role, title, f"退回：{answer.opinion}", by)
    trail.record("inspections.instruction.returned", by=by, about=instruction, due=instruction.due.isoformat())
    return answer


def _decide(instruction: Instruction, *, accepted: bool, opinion: str, by: User) -> InstructionAnswer:
    refuse_if(rules.why_not_decide(instruction, by) or rules.why_not_opinion(opinion) or rules.why_not_words(opinion))
    answer = instruction.answers.get(accepted=None)
    answer.accepted, answer.opinion, answer.decided_by, answer.decided_at = accepted, opinion.strip(), by, clock.now()
    answer.save(update_fields=["accepted", "opinion", "decided_by", "decided_at"])
    duties.answer_decided(instruction)
    return answer


def _move(instruction: Instruction, state: str) -> None:
    instruction.state = state
    instruction.save(update_fields=["state"])


def _tell(instruction: Instruction, role: str, title: str, body: str, by: User) -> None:
    tell(
        role=role,
        unit=instruction.unit,
        key=f"{duties.ANSWER}:{instruction.no}",
        title=f"{instruction.unit}：{title}",
        body=body,
        url=instruction.get_absolute_url(),
        by=by,
    )
