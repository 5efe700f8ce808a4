"""Papers of what followed, check by check, for the volumes (七(七)-k)."""

from collections.abc import Callable, Iterable

from benxi_shuangsuiji.documents import files, filled
from benxi_shuangsuiji.documents.filled import Filled
from benxi_shuangsuiji.subject import Leaf
from inspections.models import Inspection

Leaves = dict[int, list[Leaf]]


def gathered(rows: Iterable, check_of: Callable[..., Inspection], leaf: Callable[..., Leaf]) -> Leaves:
    """Primary key of the check → its leaves, in the order of the rows."""
    found: Leaves = {}
    for row in rows:
        found.setdefault(check_of(row).pk, []).append(leaf(row))
    return found


def printed(paper_of: Callable[..., Filled], row, site: str) -> list[bytes]:
    """For `Leaf.content`, by `partial`."""
    return [filled.as_pdf(paper_of(row))]


def scanned(file, site: str) -> list[bytes]:
    return [files.read(file)]
