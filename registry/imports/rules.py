from datetime import datetime, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji.refusal import why_not_reason
from registry import questions
from registry.models import BatchKind, BatchState, ImportBatch

from . import kinds

WITHDRAWN_WITHIN = timedelta(hours=24)
_BUSY = frozenset({BatchState.CHECKING, BatchState.WRITING, BatchState.WITHDRAWING})


def why_not_import(batch: ImportBatch, user) -> str:
    return kinds.of(batch.kind).why_not(batch.unit, user, batch.asked)


def why_not_confirm(batch: ImportBatch, user, ending: str = "") -> str:
    if reason := why_not_import(batch, user):
        return reason
    if batch.state == BatchState.CONFIRMED:
        return f"这一批已于 {localtime(batch.confirmed_at):%Y-%m-%d %H:%M} 导入，不能再导入一次。"
    if batch.state in _BUSY:
        return f"这一批{batch.get_state_display()}，做完再看。"
    if batch.state != BatchState.CHECKED:
        return f"这一批{batch.get_state_display()}。重新上传后再导入。"
    counts = batch.counts
    if not readable(batch) and counts["faulty"]:
        return "没有一行可以导入。按“怎样改”改好表格，再上传。"
    if not readable(batch):
        return f"没有一行可以导入：表里没有{batch.unit.short_name}的对象。核对是否拿错了文件。"
    if ending and (reason := why_not_reason(ending, "不再列入的理由")):
        return reason
    if not counts["added"] + counts["changed"] - (0 if ending else counts.get("absent", 0)):
        return "没有要写入名录的行：各行都没有变化，或者都有问题。"
    return ""


def good_rows(counts: dict) -> int:
    """Rows that say something of this unit and can be understood; of rows that say the same twice only one (X39)."""
    return counts["rows"] - counts["faulty"] - counts["same"] - counts.get("foreign", 0)


def readable(batch: ImportBatch) -> bool:
    """Whether it says anything. A list of the whole city may leave out everybody of a unit; any other is the wrong file."""
    counts = batch.counts
    return good_rows(counts) > 0 or bool(batch.part_of_id and counts.get("absent") and not counts["faulty"])


def why_not_write(batch: ImportBatch, user) -> str:
    """The same for the writing itself, which may have been left to the worker."""
    if batch.state == BatchState.WRITING:
        return why_not_import(batch, user)
    return why_not_confirm(batch, user, batch.asked.get("ending", ""))


def why_not_choose_columns(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch, user):
        return reason
    if batch.state != BatchState.ASKS:
        return f"这一批{batch.get_state_display()}，不用再指明列。"
    return ""


def why_not_discard(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch, user):
        return reason
    if batch.state not in (BatchState.CHECKED, BatchState.ASKS):
        return f"这一批{batch.get_state_display()}，不能放弃。"
    return ""


def why_not_withdraw(batch: ImportBatch, user, now: datetime, *, begun: bool = False) -> str:
    """Within 24 hours, and only while nothing has been built on it (ui.md 4.10)."""
    if reason := why_not_import(batch, user):
        return reason
    if batch.state != BatchState.CONFIRMED and not begun:
        return f"这一批{batch.get_state_display()}，没有可以撤回的内容。"
    if own_rule := kinds.of(batch.kind).why_not_withdraw:
        return own_rule(batch)
    if not begun and now - batch.confirmed_at > WITHDRAWN_WITHIN:
        return "导入已超过 24 小时，不能整批撤回。逐个在详情页面改正。"
    if batch.proposal_batches.approved().exists():
        return "这一批里的类别、状态或正面清单变更已经批准，不能整批撤回。逐个在详情页面提出变更。"
    return questions.ask.why_not_withdraw(batch, codes_of(batch))


def codes_of(batch: ImportBatch) -> list[str]:
    changes, name = (
        (batch.inspector_changes, "inspector_code")
        if BatchKind(batch.kind).about_people
        else (batch.facility_changes, "facility_code")
    )
    return list(changes.order_by(name).values_list(name, flat=True).distinct())
