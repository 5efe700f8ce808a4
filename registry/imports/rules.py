from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.models import JobState
from benxi_shuangsuiji.refusal import why_not_reason
from registry import questions
from registry.models import BatchKind, BatchState, ImportBatch

from . import kinds

WITHDRAWN_WITHIN = timedelta(hours=24)
WAITING = frozenset({BatchState.CHECKED, BatchState.ASKS})
BUSY = frozenset({BatchState.CHECKING, BatchState.WRITING, BatchState.WITHDRAWING})


def why_not_import(batch: ImportBatch, user) -> str:
    return kinds.of(batch.kind).why_not(batch.unit, user, batch.asked)


def why_not_confirm(batch: ImportBatch, user, ending: str = "") -> str:
    if reason := why_not_import(batch, user):
        return reason
    if batch.state == BatchState.CONFIRMED:
        return f"这一批已于 {localtime(batch.confirmed_at):%Y-%m-%d %H:%M} 导入，不能再导入一次。"
    if batch.state in BUSY:
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
    if not counts["added"] + (counts["changed"] if ending else changed(counts)):
        return "没有要写入的行：各行都没有变化，或者都有问题。"
    return ""


def why_out_of_date(batch: ImportBatch) -> str:
    """What the check page shows must be what is there, or another check comes first (reliability.md X61)."""
    if kinds.of(batch.kind).seen(batch.unit, batch.asked) == batch.registry_digest:
        return ""
    book = "清单" if batch.kind == BatchKind.ITEM else "名录"
    return f"核对之后{book}有了变化。按“重新核对”，看过新的结果再导入。"


def why_not_check_again(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch, user):
        return reason
    return "" if given_up(batch) else _why_not_in(batch, {BatchState.CHECKED}, "不用重新核对。")


def given_up(batch: ImportBatch) -> bool:
    """The worker did not get to the end of it, however often it began: nothing of it was written."""
    return batch.state in BUSY and batch.job is not None and batch.job.state == JobState.FAILED


def changed(counts: dict) -> int:
    """Entries that a row of the sheet changes; those whom a year's list leaves out are asked about apart (六(二)-t)."""
    return counts["changed"] - counts.get("absent", 0)


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
    return why_not_import(batch, user) or _why_not_in(batch, {BatchState.ASKS}, "不用再指明列。")


def why_not_discard(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch, user):
        return reason
    if batch.state == BatchState.SPLIT:
        waits = batch.parts.filter(state__in=WAITING).exists()
        return "" if waits else "各单位都已确认或者放弃，没有可以收回的部分。"
    return _why_not_in(batch, WAITING, "不能放弃。")


def _why_not_in(batch: ImportBatch, states: Collection[str], so: str) -> str:
    """In another state than one of these: "" or what follows from it."""
    return "" if batch.state in states else f"这一批{batch.get_state_display()}，{so}"


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
