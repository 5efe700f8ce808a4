"""By which a printed paper of a check is known again: number, paper, the beginning of its digest, page. Nothing else.

All of it stands on the paper in plain words, so the code gives nothing away (decisions.md 3).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .visit_codes import ALPHABET, LENGTH

HEAD = "BXP"
_MARK = re.compile(rf"{HEAD}:([0-9A-Z-]{{4,32}}):([A-Z]{{3,9}}):([0-9A-F]{{8}}):([0-9]{{1,3}}):([0-9]{{1,3}})")
_VISIT = re.compile(rf"https?://[^/\s]+/v/([{ALPHABET}]{{{LENGTH}}})/?")


@dataclass(frozen=True)
class Marked:
    """What one page says of itself. Of a notice only the code of the visit; `page` is 0 where nobody counted."""

    no: str = ""
    paper: str = ""
    digest: str = ""
    page: int = 0
    pages: int = 0
    visit_code: str = ""


def mark_of(no: str, paper: str, digest: str) -> str:
    return f"{HEAD}:{no}:{paper}:{digest.replace(' ', '')[:8].upper()}"


def read(texts: Iterable[str]) -> Marked | None:
    """The mark among the codes of one page; a code of something else is none."""
    texts = list(texts)
    for text in texts:
        if found := _MARK.fullmatch(text):
            no, paper, digest, page, pages = found.groups()
            return Marked(no, paper, digest, int(page), int(pages))
    codes = (found.group(1) for text in texts if (found := _VISIT.fullmatch(text)))
    return next((Marked(paper="NOTICE", visit_code=code) for code in codes), None)
