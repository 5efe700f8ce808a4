from datetime import datetime, timedelta

from django.utils.timezone import localtime

from registry import questions
from registry.book_rules import why_not_import
from registry.models import BatchKind, BatchState, ImportBatch
from registry.past_checks import rules as past_checks

WITHDRAWN_WITHIN = timedelta(hours=24)


_BUSY = frozenset({BatchState.CHECKING, BatchState.WRITING, BatchState.WITHDRAWING})


def why_not_confirm(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch.kind, batch.unit, user):
        return reason
    if batch.state == BatchState.CONFIRMED:
        return f"这一批已于 {localtime(batch.confirmed_at):%Y-%m-%d %H:%M} 导入，不能再导入一次。"
    if batch.state in _BUSY:
        return f"这一批{batch.get_state_display()}，做完再看。"
    if batch.state != BatchState.CHECKED:
        return f"这一批{batch.get_state_display()}。重新上传后再导入。"
    if not batch.counts["added"] + batch.counts["changed"]:
        return "没有要写入名录的行：各行都没有变化，或者都有问题。"
    return ""


def why_not_write(batch: ImportBatch, user) -> str:
    """The same for the writing itself, which may have been left to the worker."""
    return (
        why_not_import(batch.kind, batch.unit, user)
        if batch.state == BatchState.WRITING
        else why_not_confirm(batch, user)
    )


def why_not_choose_columns(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch.kind, batch.unit, user):
        return reason
    if batch.state != BatchState.ASKS:
        return f"这一批{batch.get_state_display()}，不用再指明列。"
    return ""


def why_not_discard(batch: ImportBatch, user) -> str:
    if reason := why_not_import(batch.kind, batch.unit, user):
        return reason
    if batch.state not in (BatchState.CHECKED, BatchState.ASKS):
        return f"这一批{batch.get_state_display()}，不能放弃。"
    return ""


def why_not_withdraw(batch: ImportBatch, user, now: datetime, *, begun: bool = False) -> str:
    """Within 24 hours, and only while nothing has been built on it (ui.md 4.10)."""
    if reason := why_not_import(batch.kind, batch.unit, user):
        return reason
    if batch.state != BatchState.CONFIRMED and not begun:
        return f"这一批{batch.get_state_display()}，没有可以撤回的内容。"
    if batch.kind == BatchKind.HISTORY:
        return past_checks.why_not_take_back(batch)
    if not begun and now - batch.confirmed_at > WITHDRAWN_WITHIN:
        return "导入已超过 24 小时，不能整批撤回。逐个在详情页面改正。"
    return questions.ask.why_not_withdraw(batch, codes_of(batch))


def codes_of(batch: ImportBatch) -> list[str]:
    changes, name = (
        (batch.inspector_changes, "inspector_code")
        if BatchKind(batch.kind).about_people
        else (batch.facility_changes, "facility_code")
    )
    return list(changes.order_by(name).values_list(name, flat=True).distinct())
