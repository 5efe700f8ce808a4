"""非现场检查记录 in the volume of a check (七(七)-j)."""

from collections.abc import Iterable, Iterator
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.subject import Leaf
from inspections.models import Inspection, OffsiteLook

from . import papers


def records(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    """One paper for each check that somebody looked at from outside."""
    last: dict[int, OffsiteLook] = {}
    looks = OffsiteLook.objects.filter(inspection__in=checks).select_related("inspection", "by")
    for look in looks.order_by("number"):
        last[look.inspection_id] = look
    return {
        pk: [
            Leaf(
                "LOOKS",
                papers.TITLE,
                localtime(look.at).date(),
                partial(_record, look.inspection),
                author=look.by.full_name,
            )
        ]
        for pk, look in last.items()
    }


def _record(check: Inspection, site: str) -> Iterator[bytes]:
    yield papers.made(check)
