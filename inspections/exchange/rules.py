"""Why something of the exchange cannot be done, as a sentence."""

from collections.abc import Iterable

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.states import DROPPED
from inspections.models import (
    CodeKind,
    DifferenceState,
    ExchangePackage,
    ExchangeRecord,
    Outcome,
    PackageRefusal,
    PackageState,
    PlatformCode,
    PlatformDifference,
    PlatformState,
    PlatformTask,
    RecordKind,
    RecordState,
    Side,
)
from plans.models import InspectionItem

from . import catching_up, leading, their_tasks

NOT_IN_USE = "还没有启用移动执法平台对接。由牵头部门在对接设置里启用。"
NOTHING_WAITS = "没有待上传的内容，不用导出。"
ONLY_PLANNER = "只有本单位的计划员可以办理数据交换。"


def why_not_exchange(unit, by) -> str:
    if not by.may(P.DISPATCH, unit):
        return ONLY_PLANNER
    return "" if leading.now().in_use else why_not_in_use()


def why_not_in_use() -> str:
    """Never connected, or not any more: what waited then is kept, and waits again when packages go there again."""
    since = leading.stopped()
    if since is None:
        return NOT_IN_USE
    return f"移动执法平台对接从 {localtime(since):%Y-%m-%d} 起停用，现在以本系统的记录为准。还没有办的任务和差异留着，由牵头部门在对接设置里重新启用以后再办。"


def why_not_make(lines: Iterable, owed: bool, missing: Iterable[tuple[str, str]]) -> str:
    """Nothing waits, or a code has no counterpart: the platform would give the package back (docs/exchange/ 6)."""
    if words := missing_words(missing):
        return words
    if not lines and not owed:
        return NOTHING_WAITS
    return ""


def missing_words(missing: Iterable[tuple[str, str]]) -> str:
    named = [f"{CodeKind(kind).label} {code}" for kind, code in sorted(missing)]
    if not named:
        return ""
    more = f"等 {len(named)} 个" if len(named) > 5 else ""
    return f"没有移动执法平台的编号：{'、'.join(named[:5])}{more}。由牵头部门登记对照，再导出。"


def why_not_again(package: ExchangePackage, later: Iterable[ExchangePackage]) -> str:
    if package.sender != Side.OURS:
        return "这是移动执法平台发来的包，由对方重传。"
    if (instead := package.replaced_by) is not None:
        while instead.replaced_by is not None:
            instead = instead.replaced_by
        return f"这个包已由 {instead.number} 代替，不用重传。{instead.number} 也丢了、被退回的，重传它。"
    if package.state not in (PackageState.EXPORTED, PackageState.REFUSED):
        return f"这个包{package.get_state_display()}，不用重传。"
    if any(row.state == PackageState.ACCEPTED for row in later):
        return "后面的包平台已经确认，说明这个包也收到了。登记这个包的回执。"
    return ""


def why_not_answer(package: ExchangePackage, *, accepted: bool, reason: str) -> str:
    late = accepted and package.state == PackageState.REFUSED  # such as one that came too early and is taken after all
    if package.sender != Side.OURS or (package.state != PackageState.EXPORTED and not late):
        return f"这个包{package.get_state_display()}，不再登记回执。"
    return "" if accepted else why_not_reason(reason, "退回的原因")


def why_not_settle(record: ExchangeRecord, *, accepted: bool, number: str, reason: str) -> str:
    late = accepted and record.state == RecordState.REFUSED
    if record.package.sender == Side.OURS and waits_for_its_number(record):
        return why_not_number(number, record.inspection) if number else "写明平台给这次检查的编号。"
    if record.package.sender != Side.OURS or (record.state != RecordState.EXPORTED and not late):
        return f"这条记录{record.get_state_display()}，不再登记回执。"
    if not accepted:
        return why_not_reason(reason, "退回的原因")
    return why_not_number(number, record.inspection) if number else ""


def waits_for_its_number(record: ExchangeRecord) -> bool:
    """The platform took the task and its number was not entered with its answer (docs/exchange/ 2)."""
    taken = record.state == RecordState.ACCEPTED and record.kind == RecordKind.TASKS
    return taken and not leading.number_of(record.inspection)


def why_not_number(number: str, check) -> str:
    """A number belongs to one check, a check has one number (docs/exchange/ 2)."""
    mine = leading.number_of(check)
    if mine and mine != number:
        return f"这次检查的平台编号已经是 {mine}，不能改成 {number}。与移动执法平台核对。"
    other = PlatformTask.objects.filter(number=number).exclude(inspection=check).first()
    if other is not None and other.inspection_id:
        return f"平台编号 {number} 已经对应另一次检查。与移动执法平台核对。"
    if other is not None and (other.state != PlatformState.WAITING or other.unit_id != check.unit_id):
        return f"平台编号 {number} 是另一件任务的。与移动执法平台核对。"
    return why_not_theirs(other, check) if other is not None else ""


def why_not_theirs(task: PlatformTask, check) -> str:
    """Whether a check can be the task that was begun there, by whichever door the two numbers meet: for good (七(二)-h)."""
    if check.draw_id:
        return f"{check.no} 是抽取来的检查，{task.number} 是平台发起的任务。抽取以本系统为准，平台发起的任务由针对性检查办理。"
    if why := their_tasks.wrong_of(task)[1]:
        return why
    if check.facility != their_tasks.place_of(task)[0]:
        return f"{check.no} 的企业不是平台任务 {task.number} 里的企业。核对编号。"
    if check.status in DROPPED or not leading.is_told(check):
        return f"{check.no} {'已经取消' if check.status in DROPPED else '不进数据包'}，平台收不到它的情况。为 {task.number} 另发起针对性检查。"
    return ""


def why_not_link(task: PlatformTask, check) -> str:
    if task.state != PlatformState.WAITING:
        return f"这件任务{task.get_state_display()}，不再变动。"
    if check is None:
        return "本单位没有这个编号的检查。核对编号。"
    return why_not_number(task.number, check)


def why_not_decline(task: PlatformTask, reason: str) -> str:
    if task.state != PlatformState.WAITING:
        return f"这件任务{task.get_state_display()}，不再变动。"
    place = task.content["facility"]["name"] if task.begun_there else ""
    if any(name.strip() and name.strip() in reason for name in (place, task.facility.name if task.facility else "")):
        return "不接收的原因随回执告诉平台，回执里不写企业的名称。改写原因，用任务的编号说。"
    return why_not_reason(reason, "不接收的原因")


def why_not_look(difference: PlatformDifference, by) -> str:
    """Why there is nothing to decide here now, while it is open."""
    if why := why_not_exchange(difference.unit, by):
        return why
    return "本系统现在和平台一样，不用再决定，稍后自动了结。" if catching_up.is_alike(difference) else ""


def why_not_decide(difference: PlatformDifference, by, words: str) -> str:
    if why := why_not_exchange(difference.unit, by):
        return why
    if difference.state != DifferenceState.OPEN:
        return f"这处差异已经决定（{difference.get_state_display()}），不再变动。"
    return why_not_look(difference, by) or why_not_reason(words, "说明")


def why_not_drop(refusal: PackageRefusal) -> str:
    """Once: what was told and not given back cannot be called back."""
    if refusal.dropped_at:
        return "已经登记不回复。"
    told = refusal.told_in
    if told is not None and told.state not in (PackageState.REFUSED, PackageState.REPLACED):
        return f"已经随 {told.number} 告诉平台，不能再登记不回复。"
    if ExchangePackage.objects.filter(number=refusal.number).exists():
        return f"{refusal.number} 后来已经收下，照常回复。"
    return ""


def why_not_code(kind: str, ours: str, theirs: str) -> str:
    known = own_codes(kind)
    if ours not in known:
        if theirs in known:
            return f"两边的编号写反了：{theirs} 是本系统的{CodeKind(kind).label}（{known[theirs]}）。换过来写。"
        if ours.upper() in known:
            return f"本系统的编号用大写字母：{ours.upper()}（{known[ours.upper()]}）。照它改写。"
        return f"本系统没有{CodeKind(kind).label} {ours}。没有对照的编号列在下面，照它抄写。"
    standing = PlatformCode.objects.filter(kind=kind, ended_at__isnull=True)
    if row := standing.filter(ours=ours).first():
        return f"{ours} 已经对应 {row.theirs}，先停用原来的。"
    if row := standing.filter(theirs=theirs).first():
        return f"{theirs} 已经对应 {row.ours}，先停用原来的。"
    return ""


def own_codes(kind: str) -> dict[str, str]:
    """Our codes of a kind, with what each means."""
    from benxi_shuangsuiji.accounts.models import Unit

    if kind == CodeKind.UNIT:
        return {unit.code: unit.short_name for unit in Unit.objects.drawing().order_by("code")}
    if kind == CodeKind.OUTCOME:
        return {str(value): str(label) for value, label in Outcome.choices}
    return dict(InspectionItem.objects.order_by("code", "pk").values_list("code", "name"))


def later_than(package: ExchangePackage) -> list[ExchangePackage]:
    """Ours of the same unit after it, in their order."""
    ours = ExchangePackage.objects.filter(unit=package.unit_id, sender=Side.OURS, number__gt=package.number)
    return list(ours.order_by("number"))


def lost(unit, asked: ExchangePackage | None = None) -> list[ExchangePackage]:
    """Ours from the first that the platform did not take to the last, none left out (docs/exchange/ 5); none where it took all.

    `asked` is one that a person says was lost. What a lost package stands for was not taken either, so that a retransmission
    that is refused itself is made again from the number at which it began.
    """
    ours = ExchangePackage.objects.filter(unit=unit, sender=Side.OURS).order_by("number")
    taken = ours.filter(state=PackageState.ACCEPTED).last()  # and with it all before
    rows = list(ours.filter(number__gt=taken.number)) if taken else list(ours)
    first: str | None = None
    gone: set[int] = set()
    for row in reversed(rows):
        if row.state == PackageState.REFUSED or row == asked or row.replaced_by_id in gone:
            first = row.number
        if first:
            gone.add(row.pk)
    return [row for row in rows if first and row.number >= first]
