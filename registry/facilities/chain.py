"""The history of one record: linked entry by entry by the database, recomputed here (ui.md 4.9; SSJ1 D9)."""

from dataclasses import dataclass, replace

from django.db import connection

from benxi_shuangsuiji import clock
from registry.models import BatchKind, Facility, FacilityChange, Inspector, InspectorChange

from . import past, wording

_FUNCTIONS = {Facility: "registry_facility_check", Inspector: "registry_inspector_check"}


@dataclass(frozen=True)
class Verdict:
    """What recomputing a history found. `broken_at` and `missing` are numbers of entries, or None."""

    checked: int
    broken_at: int | None
    missing: int | None
    differing: tuple[str, ...] = ()  # fields of the record that are not what its history says

    @property
    def whole(self) -> bool:
        return self.broken_at is None and self.missing is None and not self.differing

    @property
    def text(self) -> str:
        """One sentence for the page: what was checked, or which entry is the first that does not fit."""
        if self.broken_at is not None:
            return f"第 {self.broken_at} 条的内容或指纹与前一条接不上，可能被改动过。这条记录已停止修改，报告市执法队监督员。"
        if self.missing is not None:
            return f"操作记录里有第 {self.missing} 条，历史里没有，可能被删去。这条记录已停止修改，报告市执法队监督员。"
        if self.differing:
            fields = "、".join(self.differing)
            return f"现在的“{fields}”与历史不一致，可能绕过登记改过。这条记录已停止修改，报告市执法队监督员。"
        if not self.checked:
            return "还没有变更，没有可以核对的内容。"
        return f"从第 1 条到第 {self.checked} 条逐条重算了指纹，序号连续，内容未改动；操作记录里的指纹和现在的内容都对得上。"


def check(record: Facility | Inspector) -> Verdict:
    """Recompute every digest of the record's history inside the database, and compare the record with its history."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT checked, broken_at, missing FROM {_FUNCTIONS[type(record)]}(%s, %s)", [record.pk, record.code]
        )
        verdict = Verdict(*cursor.fetchone())
    if not isinstance(record, Facility) or not verdict.checked:
        return verdict
    names = past.differences(record, clock.today())
    return replace(verdict, differing=tuple(wording.title(BatchKind.FACILITY, n) for n in names))


def why_not_trust(record: Facility | Inspector) -> str:
    """A record whose history does not fit takes no more changes until somebody has looked (ui.md 7.2)."""
    verdict = check(record)
    return "" if verdict.whole else f"这条记录的历史对不上：{verdict.text}"


def entry(change: FacilityChange | InspectorChange) -> list:
    """Number and digest for the trail of actions, so that cutting off the end of a history is noticed as well."""
    return [change.seq, change.digest]
