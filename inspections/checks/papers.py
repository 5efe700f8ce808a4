"""Words of a check that its papers and pages share (七(五)-e, domain.md 3.2 (e))."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import Answer, Inspection, Outcome


@dataclass(frozen=True)
class ItemResult:
    """`answer` sums the item's points up: a problem in one is a problem; "" when the item was not checked."""

    name: str
    answer: str


def item_results(inspection: Inspection) -> tuple[ItemResult, ...]:
    by_item: dict[tuple[str, str], list[str]] = {}
    for point in inspection.answers.all():
        by_item.setdefault((point.item_code, point.item_name), []).append(point.answer)
    return tuple(ItemResult(name, summed(answers)) for (_, name), answers in sorted(by_item.items()))


def summed(answers: list[str]) -> str:
    """One answer for an item's points; an item with a point left open was not checked through."""
    if Answer.FOUND in answers:
        return Answer.FOUND
    if not answers or "" in answers:
        return ""
    return Answer.NONE_FOUND if Answer.NONE_FOUND in answers else Answer.NOT_APPLICABLE


def period_words(start: datetime, end: datetime) -> str:
    start, end = timezone.localtime(start), timezone.localtime(end)
    tail = "" if start.date() == end.date() else f"{full_date(end.date())} "
    return f"{full_date(start.date())} {_clock(start)} 至 {tail}{_clock(end)}"


def decision_words(inspection: Inspection) -> str:
    """What follows from the check, in the words of the outcome (domain.md 2.4)."""
    words = inspection.get_outcome_display()
    if inspection.outcome == Outcome.RECTIFY_ORDERED and inspection.rectify_by:
        words = f"责令 {full_date(inspection.rectify_by)}前改正，到期复查"
    return f"{words}。{inspection.measures}"


def masked_phone(number: str) -> str:
    return f"{number[:3]}××××{number[-4:]}" if len(number) >= 11 else number


def _clock(moment: datetime) -> str:
    return f"{moment.hour} 时 {moment.minute:02d} 分"
