"""A filled-in form on A4, as PDF and as Word, from one description. No business words here (domain.md 3.2).

`official` is for documents with a red head; this is for the forms of a check: rows of label and value, long texts that go
on over pages, tables, and a block of signatures.
"""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string

from . import pdf
from .codes import code_of


def is_long(row: tuple[str, ...]) -> bool:
    """Whether a row may go on over the page; a short one stays whole."""
    return max(map(len, row), default=0) > 200


@dataclass(frozen=True)
class Line:
    """One row of one or two pairs of label and value."""

    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Text:
    """A long text beside its label, of at least so many millimetres; `signed`: who wrote it and when, at its foot."""

    label: str
    text: str
    least: int = 12
    signed: str = ""

    @property
    def long(self) -> bool:
        return is_long((self.text,))


@dataclass(frozen=True)
class Picks:
    """Boxes, some of them ticked: of each row what is asked, the choices, and words behind them."""

    label: str
    rows: tuple[tuple[str, tuple[tuple[str, bool], ...], str], ...]


@dataclass(frozen=True)
class Prose:
    """A paragraph over the whole width, without a frame."""

    text: str


@dataclass(frozen=True)
class Grid:
    """`widths` in percent of the page."""

    label: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]

    @property
    def lines(self) -> list[tuple[bool, tuple[str, ...]]]:
        return [(is_long(row), row) for row in self.rows]

    @property
    def columns(self) -> list[tuple[str, int]]:
        return list(zip(self.head, self.widths, strict=True))


@dataclass(frozen=True)
class Sign:
    """Who signs; what was drawn as an SVG path with its box, or a remark in its place."""

    label: str
    name: str = ""
    when: str = ""
    path: str = ""
    box: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Signs:
    signs: tuple[Sign, ...]


Block = Line | Text | Picks | Prose | Grid | Signs


@dataclass(frozen=True)
class Filled:
    """Everything on the paper, so that the same facts give the same paper.

    `foot`: lines with the address of this site, which are no facts of the paper. `small`: set so that much fits a sheet.
    """

    unit: str
    title: str
    left: str
    right: str
    blocks: tuple[Block, ...]
    note: str
    made_at: str  # ISO moment
    foot: tuple[str, ...] = ()
    address: str = ""  # what a telephone opens that reads the code in the foot
    mark: str = ""  # by which the paper is known again, see `pdf.render`
    small: bool = False
    stamp: str = ""  # in the margins of every page of what is no paper yet: 样张

    @property
    def parts(self) -> list[tuple[str, Block]]:
        """(kind, block) for the template."""
        return [(type(block).__name__, block) for block in self.blocks]

    @property
    def digest(self) -> str:
        """The first 16 hex digits in groups of four; the whole is the SHA-256 of the facts as JSON."""
        return digest_of(self)


def digest_of(paper) -> str:
    """Of the facts alone: where it was printed changes nothing."""
    facts = asdict(paper) | {"mark": "", "foot": (), "address": ""}
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
    head = hashlib.sha256(text.encode()).hexdigest()[:16]
    return " ".join(head[i : i + 4] for i in range(0, 16, 4))


def as_pdf(paper: Filled) -> bytes:
    return pdf.render(as_html(paper), title_of_error=paper.title, mark=paper.mark)


def as_html(paper: Filled) -> str:
    code = code_of(paper.address) if paper.address else None
    return render_to_string("documents/filled.html", {"facts": paper, "code": code})


def as_docx(paper: Filled) -> bytes:
    """The paper as Word, to write on in it; what was signed by hand stands in the PDF only."""
    from . import word  # python-docx is loaded with the first such paper

    return word.filled(paper)
