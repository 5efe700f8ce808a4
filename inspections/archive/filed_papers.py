"""What was taken in from outside: monitoring reports, written proof (七(七)-l, -m)."""

from collections.abc import Iterable
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.subject import Leaf
from inspections.evidence.filed_papers import sampled
from inspections.models import Enclosure, Inspection, Taken


def reports(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    return _taken(checks, Taken.MONITORING)


def proofs(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    return _taken(checks, Taken.PROOF)


def grounds(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    return _taken(checks, Taken.GROUND)


def others(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    return _taken(checks, Taken.OTHER)


def not_sampled(checks: Iterable[Inspection]) -> dict[int, str]:
    """没有采样, and nothing was taken: a report is missed as soon as there is one sample."""
    taken = sampled(checks)
    return {check.pk: "没有采样" for check in checks if check.pk not in taken}


def laboratories(checks: Iterable[Inspection]) -> dict[int, str]:
    """Who has the report: where the samples were sent."""
    return {pk: "、".join(dict.fromkeys(s.sent_to for s in rows if s.sent_to)) for pk, rows in sampled(checks).items()}


def _taken(checks: Iterable[Inspection], kind: Taken) -> dict[int, list[Leaf]]:
    found: dict[int, list[Leaf]] = {}
    for row in Enclosure.objects.filter(inspection__in=checks, kind=kind).select_related("file"):
        leaf = Leaf(
            f"TAKEN-{row.pk}",
            row.title,
            row.dated,
            partial(_content, row),
            author=row.author,
            number=partial(str, row.number),
            digests=(row.file.sha256,),
            foreign=True,
            since=localtime(row.at).date(),
        )
        found.setdefault(row.inspection_id, []).append(leaf)
    return found


def _content(row: Enclosure, site: str) -> list[bytes]:
    return [files.read(row.file)]
