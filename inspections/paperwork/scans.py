"""Which paper a scan is: read from the codes on its pages, or said by the officer (四(3)-b)."""

from collections.abc import Sequence
from dataclasses import dataclass

from benxi_shuangsuiji.documents import scans
from inspections.checks import marks
from inspections.models import PaperKind


@dataclass(frozen=True)
class Found:
    """One paper among the pages of a file: where its pages lay, from 0, and what they say of themselves.

    Two signed copies of one paper are one paper; pages of two different checks never are.
    """

    no: str
    visit_code: str
    paper: str
    digest: str
    at: tuple[int, ...]
    pages: tuple[int, ...]
    of_pages: int

    @property
    def in_order(self) -> list[int]:
        """Where the pages lay, in the order of the paper."""
        return [at for _, at in sorted(zip(self.pages, self.at, strict=True))]


@dataclass(frozen=True)
class Reading:
    """What stands in one file: its papers, and the pages, from 1, on which nothing could be read."""

    papers: tuple[Found, ...]
    unread: tuple[int, ...]
    pages: int

    @property
    def only(self) -> Found | None:
        return self.papers[0] if len(self.papers) == 1 else None


def read(content: bytes) -> Reading:
    pages = [marks.read(texts) for texts in scans.codes_in(content)]
    known = {kind.value for kind in PaperKind}
    pages = [page if page and page.paper in known else None for page in pages]
    keys = dict.fromkeys((p.no, p.visit_code, p.paper) for p in pages if p)
    found = []
    for key in keys:
        mine = [(at, p) for at, p in enumerate(pages) if p and (p.no, p.visit_code, p.paper) == key]
        found.append(
            Found(
                *key,
                digest=mine[0][1].digest,
                at=tuple(at for at, _ in mine),
                pages=tuple(p.page for _, p in mine),
                of_pages=max(p.pages for _, p in mine),
            )
        )
    return Reading(tuple(found), tuple(n for n, p in enumerate(pages, 1) if p is None), len(pages))


def order_words(pages: Sequence[int], of_pages: int) -> str:
    """How many pages there are, in which order they lay, and which is missing."""
    counted = [n for n in pages if n]
    if not counted or not of_pages:
        return ""
    missing = [n for n in range(1, of_pages + 1) if n not in counted]
    words = [f"共 {of_pages} 页"]
    if counted != sorted(counted):
        words.append(f"扫描次序 {'、'.join(map(str, pages))}")
    words.append(f"缺第 {'、'.join(map(str, missing))} 页" if missing else "齐全")
    return "，".join(words)
