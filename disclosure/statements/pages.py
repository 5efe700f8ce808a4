"""企业说明 beside its result, from what is public, and the list of a unit's (四(3)-f; ui-2.md 18a)."""

from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji.notices.agenda import left_until
from benxi_shuangsuiji.workdays.days import Calendar, Due
from disclosure.models import Publication, PublicationKind

from . import duties
from .models import OwnWords


def of_checks(numbers) -> dict[str, Publication]:
    """Check number → its statement that stands, for a page of several."""
    found = Publication.objects.current().filter(kind=PublicationKind.STATEMENT, snapshot__check__in=list(numbers))
    return {p.snapshot["check"]: p for p in found.order_by("pk")}


@dataclass(frozen=True)
class Listed:
    """One statement in the list of its unit (`OwnWordsQuerySet.with_standing`): how far it is, and till when."""

    words: OwnWords
    today: date
    calendar: Calendar

    @property
    def status(self) -> tuple[str, str]:
        """(mark, sentence)."""
        w = self.words
        if w.taken_back_at:
            return ("warn", "企业撤回，等公示员撤下") if w.public else ("wait", "企业撤回")
        if w.returned_at:
            return "wait", "退回企业修改"
        if w.approved:
            return ("ok", "已公开") if w.public else ("wait", "随检查结果撤下")
        return ("run", "等分管负责人批准") if w.asked else ("run", "等公示员核查")

    @property
    def due(self) -> Due | None:
        return None if self.words.over else duties.due_of(self.words, self.calendar)

    @property
    def badge(self) -> tuple[str, str]:
        """(words, state of components/due.html), of what waits."""
        due = self.due
        if due is None:
            return "", ""
        words, tone = left_until(due.date, due.counted_from, self.today, self.calendar)
        return words + due.mark, tone
