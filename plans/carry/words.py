"""What each unit has said of the time before first use: its checks, that there are none, or nothing (二-a)."""

from dataclasses import dataclass

from django.db.models import Count, Q

from benxi_shuangsuiji.accounts.models import Unit
from plans.draw import ssj1
from registry.models import NoPastChecks, PastCheck, PastResult, PastState

SILENT = "没有提供"


@dataclass(frozen=True)
class Word:
    """One unit's: how many random checks go into the chain, how many others count beside it."""

    unit: Unit
    carried: int = 0
    beside: int = 0
    waiting: int = 0  # entered, and not yet approved
    none: bool = False

    @property
    def is_silent(self) -> bool:
        return not (self.carried or self.beside or self.none)

    @property
    def words(self) -> str:
        if self.is_silent:
            return f"{SILENT}（{self.waiting} 次等批准）" if self.waiting else SILENT
        if self.none and not (self.carried or self.beside):
            return "声明没有"
        return f"结转 {self.carried} 次，另计 {self.beside} 次"


def words_of_units() -> list[Word]:
    """Every drawing unit, in three queries."""
    chain = Q(pk__in=PastCheck.objects.for_chain().values("pk"))
    counts = {
        row["request__unit"]: row
        for row in PastCheck.objects.exclude(request__state__in=[PastState.RETURNED, PastState.WITHDRAWN])
        .order_by()
        .values("request__unit")
        .annotate(
            carried=Count("pk", filter=chain),
            counted=Count("pk", filter=Q(request__state=PastState.APPROVED) & ~Q(result=PastResult.NOT_HELD)),
            waiting=Count("pk", filter=Q(request__state=PastState.ASKED)),
        )
    }
    none = set(NoPastChecks.objects.values_list("unit_id", flat=True))
    found = []
    for unit in Unit.objects.drawing():
        row = counts.get(unit.pk, {"carried": 0, "counted": 0, "waiting": 0})
        beside = row["counted"] - row["carried"]
        found.append(Word(unit, row["carried"], beside, row["waiting"], unit.pk in none))
    return found


def old_picks() -> list[ssj1.OldPick]:
    """The lines of the CARRY: random checks that ended with a public result, each with its quarter and items (SSJ1 10)."""
    rows = PastCheck.objects.for_chain().values_list("facility__code", "day", "items")
    return [
        ssj1.OldPick(code, day.year, (day.month + 2) // 3, tuple(sorted(items))) for code, day, items in rows.order_by()
    ]
