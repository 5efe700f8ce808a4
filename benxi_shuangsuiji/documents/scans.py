"""Scanned papers: which codes stand on their pages, and one paper's pages out of a heap. Opened in a limited process only."""

import json
from collections.abc import Sequence

from benxi_shuangsuiji.documents.limited import limited_process
from benxi_shuangsuiji.documents.scans_child import MAX_SECONDS
from benxi_shuangsuiji.refusal import Refused

_BROKEN = "这份扫描件打不开，没有收。重新扫描，或存成 PDF、JPG 再传。"
_SLOW = "这份扫描件一分钟还没有读完，没有收。分成几份再传。"


def codes_in(content: bytes) -> list[list[str]]:
    """What the codes on each page say, in the order of the pages; an empty list for a page without a code."""
    return _asked(content, b"")[0]["pages"]


def taken_out(content: bytes, papers: Sequence[Sequence[int]]) -> list[bytes]:
    """Out of one PDF a PDF for each paper, of these of its pages (from 0) in this order."""
    return _parts(*_asked(content, json.dumps([list(pages) for pages in papers]).encode()))


def drawn(content: bytes) -> list[bytes]:
    """What each page looks like, as JPEG, for a volume that takes in nothing else of a stranger's file."""
    return _parts(*_asked(content, b'"draw"'))


def _parts(told: dict, rest: bytes) -> list[bytes]:
    found, at = [], 0
    for size in told["sizes"]:
        found.append(rest[at : at + size])
        at += size
    if at != len(rest) or not all(found):
        raise Refused(_BROKEN)
    return found


def _asked(content: bytes, wanted: bytes) -> tuple[dict, bytes]:
    with limited_process(
        "scans_child", content, wanted, trouble=_BROKEN, slow=_SLOW, seconds=MAX_SECONDS + 15
    ) as child:
        told = json.loads(child.stdout.readline() or b"{}")
        rest = child.stdout.read()
    if "refused" in told or not told:
        raise Refused(told.get("refused", _BROKEN))
    return told, rest
