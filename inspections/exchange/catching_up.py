"""A difference ends by itself where ours became what the platform says: compared when a record comes, and again as ours goes on (五-4h)."""

from datetime import datetime

from benxi_shuangsuiji.accounts.models import Unit, User
from inspections.models import DifferenceState, PlatformDifference

from . import comparing

NEWER = "平台又发来新的内容，见新的一处"
ALIKE = "平台的新版本和本系统一样"
SINCE = "本系统后来改得和平台一样"
BY_ITSELF = (NEWER, ALIKE, SINCE)  # so closed, nobody decided anything of the words of either side


def is_alike(difference: PlatformDifference) -> bool:
    return comparing.ours_now(difference).strip() == difference.theirs.strip()


def look(unit: Unit, at: datetime, by: User | None = None) -> None:
    """Close what is alike by now. Where the worker sees it, it bears the name of whoever brought the platform's words: the row
    must bear one, and the words say that nobody decided."""
    rows = PlatformDifference.objects.filter(unit=unit, state=DifferenceState.OPEN)
    for row in rows.select_related("inspection__facility", "package").order_by("pk"):
        if is_alike(row):
            PlatformDifference.objects.filter(pk=row.pk, state=DifferenceState.OPEN).update(
                state=DifferenceState.OURS, words=SINCE, decided_by=by or row.package.by, decided_at=at
            )
