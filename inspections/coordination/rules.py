"""Why the city cannot tell a unit something, why a unit cannot answer, why an answer cannot be decided (五-2b, 八(一)-a)."""

from datetime import date, datetime, timedelta

from django.db.models import F, Q, TextField, Value

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import holders_of
from benxi_shuangsuiji.workdays.days import Quarter, full_date, remaining
from inspections.models import OFFICES, Instruction, InstructionState
from registry.models import Facility

MOST_DAYS = 366  # how far ahead an answer may be due: a longer matter is told again
AWAITS_ANSWER = (InstructionState.SENT, InstructionState.RETURNED)


def offices_of(user) -> list[str]:
    """In which capacity somebody speaks to the units; the first is the one that a new instruction bears."""
    held = {grant.role for grant in user.grants_in_force()}
    return [role for role, _ in OFFICES if role in held]


def why_not_send(units: list[Unit], to_role: str, due: date, words: str, by, now: datetime) -> str:
    if not units:
        return "至少选一个单位。"
    if not offices_of(by) or any(not by.may(Permission.INSTRUCT, unit) for unit in units):
        return "由市局、市执法队牵头部门或者监督员向单位督办、指导和协调。"
    if due < now.date():
        return "办理期限已经过去，改为今天或者以后。"
    if due > (last := now.date() + timedelta(days=MOST_DAYS)):
        return f"办理期限最长一年，写 {full_date(last)}或者以前的日期。"
    without = [unit.short_name for unit in units if not holders_of(to_role, unit, now)]
    if without:
        return f"{'、'.join(without)}现在没有{Role(to_role).label}，换办理人，或者先由授权管理员授权。"
    return why_not_words(words)


def why_not_urge(units: list[Unit], duty: Duty | None) -> str:
    """What is done needs no more urging; what one unit owes is not asked of another."""
    if duty is None:
        return ""
    duty.refresh_from_db()
    if duty.closed_at:
        return "这件事已经办结，不用再督办。"
    return "" if [duty.unit.drawing_unit] == units else "督办的事不是这个单位的。回到工作台，从这件事的一行督办。"


def why_not_again(units: list[Unit], quarter: Quarter, title: str, text: str) -> str:
    """The same matter once: a second press, or a page gone back to, sends nothing twice."""
    told = Instruction.objects.of(quarter).filter(
        unit__in=units, title=title.strip(), text=text.strip(), state__in=AWAITS_ANSWER
    )
    found = [one.no for one in told.order_by("unit__code", "pk")]
    return f"同样的内容已经发出，还没有回复：{'、'.join(found)}。等回复，或者改写内容。" if found else ""


def why_not_words(words: str) -> str:
    """The log is read outside the circle that may know who was drawn, so no text in it names a facility (decisions.md 3).

    Asked of every facility alike, drawn or not: the refusal tells nothing.
    """
    if not words.strip():
        return "写明内容。"
    said = Facility.objects.annotate(said=Value(words, output_field=TextField()))
    named = (
        said.filter(Q(said__contains=F("name")) | Q(said__contains=F("code"))).values_list("name", flat=True).first()
    )
    if named:
        return f"内容里写着“{named}”。台账给不知道名单的人看，不写企业的名称和编号，只写单位、环节和家数。"
    return ""


def why_not_answer(instruction: Instruction, by) -> str:
    if not by.may(Permission.ANSWER_INSTRUCTIONS, instruction.unit):
        return f"由{instruction.unit.short_name}的计划员或者分管负责人回复。"
    if instruction.state == InstructionState.ANSWERED:
        return "已经回复，等审定。"
    if instruction.state == InstructionState.ACCEPTED:
        return "已经办结，不用再回复。"
    return ""


def why_not_decide(instruction: Instruction, by) -> str:
    """What the bureau asks, the bureau accepts; what the city team asks, its lead office or supervisor."""
    if not by.may(Permission.INSTRUCT, instruction.unit) or instruction.office not in offices_that_decide(by):
        who = "市局" if instruction.office == Role.BUREAU_READER else "市执法队牵头部门或者监督员"
        return f"由{who}审定回复。"
    if instruction.state in AWAITS_ANSWER:
        return "单位还没有回复。"
    if instruction.state == InstructionState.ACCEPTED:
        return "已经办结。"
    if instruction.answers.filter(accepted=None, answered_by=by).exists():
        return "回复的人不能自己审定，由另一人办理。"
    return ""


def offices_that_decide(user) -> list[str]:
    """Whose instructions somebody may close: the bureau's, or the city team's of lead office and supervisor alike."""
    held = offices_of(user)
    team = [role for role, _ in OFFICES if role != Role.BUREAU_READER]
    found = team if any(role in team for role in held) else []
    return [*found, *(role for role in held if role == Role.BUREAU_READER)]


def why_not_opinion(opinion: str) -> str:
    return "" if len(opinion.strip()) >= 2 else "写明意见，至少 2 个字。"


def late_words(instruction: Instruction, today: date) -> str:
    """Whether the unit is behind: the day has passed and no answer waits."""
    if instruction.state in AWAITS_ANSWER and today > instruction.due:
        return f"{remaining(instruction.due, today)}，应于 {full_date(instruction.due)}前回复"
    return ""
