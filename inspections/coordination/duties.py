"""The unit answers what the office asked, and the office decides on the answer (五-2b, 八(一)-a)."""

from datetime import datetime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.models import Instruction, InstructionKind

ANSWER = Step("COORD", "回复督办、指导和协调", button="写回复", noun="书面回复", stage="督办", of_the_city=True)
DECISION = Step(
    "COORDA", "审定督办、指导和协调的回复", button="审定回复", noun="回复审定", stage="督办", of_the_city=True
)


def instruction_sent(instruction: Instruction) -> None:
    ANSWER.open(
        instruction.unit,
        instruction.no,
        role=instruction.to_role,
        title=title_of(instruction),
        due=workdays.calendar().fixed(instruction.due),
        url=instruction.get_absolute_url(),
        consequence="逾期不回复的，全市进度和统筹指导台账会标明。",
    )


def answer_given(instruction: Instruction, at: datetime) -> None:
    """The unit's to-do ends, the office's begins."""
    ANSWER.close(instruction.unit, instruction.no, "inspections.instruction.answered", at)
    _keep_decision(instruction, wanted=True)


def answer_decided(instruction: Instruction) -> None:
    _keep_decision(instruction, wanted=False)


def answer_accepted(instruction: Instruction, at: datetime) -> None:
    ANSWER.close(instruction.unit, instruction.no, "inspections.instruction.accepted", at)


def answer_given_back(instruction: Instruction, title: str) -> None:
    """The unit has it again, with a day that nobody else's decision makes late."""
    due = workdays.calendar().fixed(instruction.due)
    ANSWER.give_back(instruction.unit, instruction.no, title=title, due=due)


def title_of(instruction: Instruction) -> str:
    return f"{InstructionKind(instruction.kind).label}：{instruction.title}"


def _keep_decision(instruction: Instruction, *, wanted: bool) -> None:
    """Within the days of every second person's word (D-20)."""
    DECISION.keep(
        instruction.unit,
        instruction.no,
        wanted=wanted,
        role=instruction.office,
        title=f"审定回复，{title_of(instruction)}",
        due=decision_due(clock.today(), workdays.calendar()),
        event="回复已审定",
        at=clock.now(),
        url=instruction.get_absolute_url(),
        consequence="审定以前，这件事没有办结。",
    )
