"""文号 of the notices: 本环检通字〔2026〕第 1 号, one after another in each unit and year (issue 12, domain.md 3.2 (b))."""

from datetime import date

from django.db import connection, transaction
from django.db.models import Max
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.models import Inspection, NoticeNumber, NumberWord

_LOCK = 0x6A74  # of all locks by number, those of notices; the second number is the unit


@transaction.atomic
def number_of(inspection: Inspection) -> str:
    """The number of its notice, given when the notice is first made or served, and the same ever after."""
    if given := NoticeNumber.objects.filter(inspection=inspection).first():
        return given.text
    unit = inspection.unit
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, unit.pk])
    if given := NoticeNumber.objects.filter(inspection=inspection).first():
        return given.text  # whoever made it at the same moment
    now = clock.now()
    today = localtime(now).date()
    last = NoticeNumber.objects.filter(unit=unit, year=today.year).aggregate(n=Max("number"))["n"] or 0
    text = f"{word_of(unit, today)}〔{today.year}〕第 {last + 1} 号"
    NoticeNumber.objects.create(
        inspection=inspection, unit=unit, year=today.year, number=last + 1, text=text, given_at=now
    )
    return text


def word_of(unit: Unit, day: date) -> str:
    """As the lead office has entered it; until then the city's word, with the unit in it where it is a branch."""
    standing = NumberWord.objects.filter(unit=unit, valid_from__lte=day).first()
    if standing:
        return standing.word
    if unit.kind == UnitKind.CITY_TEAM:
        return "本环检通字"
    return f"本环（{unit.short_name.removesuffix('分局')}）检通字"


def why_not_set(unit: Unit, word: str, document: str, valid_from: date, by: User) -> str:
    if not by.units_with(Permission.RECEIVE_REPORTS):
        return "由牵头部门登记通知书的字。"
    if not word.strip():
        return "写明字，如 本环检通字。"
    if reason := why_not_reason(document, "依据文件"):
        return reason
    if valid_from < clock.today():
        return "起始日最早是今天，已经编号的通知书不改。"
    others = Unit.objects.exclude(pk=unit.pk)
    if same := next((u for u in others if word_of(u, valid_from) == word.strip()), None):
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
