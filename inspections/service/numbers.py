"""字 of the notices' numbers: 本环检通字〔2026〕第 1 号, set by the lead office (issue 12, domain.md 3.2 (b))."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.models import NumberWord


def why_not_set(unit: Unit, word: str, document: str, valid_from: date, by: User) -> str:
    if not by.units_with(Permission.RECEIVE_REPORTS):
        return "由牵头部门登记通知书的字。"
    if not word.strip():
        return "写明字，如 本环检通字。"
    if reason := why_not_reason(document, "依据文件"):
        return reason
    if valid_from < clock.today():
        return "起始日最早是今天，已经编号的通知书不改。"
    words = NumberWord.objects
    others = Unit.objects.exclude(pk=unit.pk)
    if same := next((u for u in others if words.word_of(u, valid_from) == word.strip()), None):
        return f"{same.short_name}的通知书已用这个字。两个单位的文号会相同，换一个字。"
    return ""


@transaction.atomic
def set_word(*, unit: Unit, word: str, document: str, valid_from: date, by: User) -> NumberWord:
    """From a day on, by a document; numbers that were given stay."""
    refuse_if(why_not_set(unit, word, document, valid_from, by))
    made = NumberWord.objects.create(
        unit=unit,
        word=word.strip(),
        document=document.strip(),
        valid_from=valid_from,
        entered_by=by,
        entered_at=clock.now(),
    )
    trail.record("inspections.number_word.set", by=by, unit=unit, word=made.word, document=made.document)
    return made
