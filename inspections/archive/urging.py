"""What keeps the archivist from asking for a paper again: it was asked for today, or whether it is needed waits for a decision."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.workdays.days import short_date
from inspections.models import ArchiveRequest, Wish


@dataclass(frozen=True)
class Urging:
    """`last`: when it was asked for last; `asked`: the paper of which the leader is to say whether it is needed."""

    last: date | None = None
    times: int = 0
    asked: str = ""

    @property
    def words(self) -> str:
        if self.last is None:
            return ""
        return f"{short_date(self.last)}催过" + (f"，第 {self.times} 次" if self.times > 1 else "")

    def stays(self, missing: list[str], today: date) -> str:
        """In place of the button, while asking again is of no use."""
        if self.asked and missing == [self.asked]:
            return f"“{self.asked}”确实没有，申请在等决定"
        return "今天已催" if self.last == today else ""


def of(numbers: list[str]) -> dict[str, Urging]:
    """By the number of the check; what was asked for is what the trail says. Two queries."""
    entries = AuditEntry.objects.filter(
        about_type="inspections.Inspection", about_key__in=numbers, verb="inspections.volume.urged"
    )
    days: dict[str, list[date]] = {no: [] for no in numbers}
    for no, at in entries.order_by("at").values_list("about_key", "at"):
        days[no].append(localtime(at).date())
    waiting = ArchiveRequest.objects.pending().filter(inspection__no__in=numbers, wish=Wish.WITHOUT)
    asked = dict(waiting.values_list("inspection__no", "paper"))
    return {no: Urging(on[-1] if on else None, len(on), asked.get(no, "")) for no, on in days.items()}
