"""Official documents after GB/T 9704 as PDF and as Word, from one description (ui.md 8). No business words here.

The office's machines have 小标宋 and 仿宋_GB2312; elsewhere a free serif stands in. Word names the official faces first.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.template.loader import render_to_string

from . import pdf

_FIGURE = re.compile(r"[0-9０-９,.%％/+*\-— ]*")
# After what a long title may go on in a second line: the name of an enterprise, the period, what is quoted.
_BREAKS = re.compile("公司|季度|年度|关于|》|”|医院|工厂|[0-9] 年")
TEXT_WIDE = 442  # points between the margins of `documents/official.html`
TITLE_WIDE = 20  # letters of its title
MOST_COLUMNS = 8
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _wide(text: str) -> float:
    """In Chinese letters; the others are about half as wide."""
    return sum(0.5 if letter.isascii() else 1 for letter in text)


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Para:
    text: str


@dataclass(frozen=True)
class Table:
    """`widths` in percent of the page; a column of figures is centred."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...]

    @property
    def figures(self) -> tuple[bool, ...]:
        """Of each column, whether it holds nothing but figures: 12、34 / 210、8.5%、—."""
        columns = zip(*self.rows, strict=True) if self.rows else ((),) * len(self.head)
        return tuple(all(map(_FIGURE.fullmatch, column)) and any(map(str.strip, column)) for column in columns)

    @property
    def is_dense(self) -> bool:
        """So many columns that a figure would be broken at the usual size."""
        return len(self.head) > MOST_COLUMNS

    @property
    def lines(self) -> list[list[tuple[str, bool]]]:
        """(text, whether it is a figure) of every cell, for the template."""
        figures = self.figures
        return [list(zip(row, figures, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Bar:
    """`percent` of the width; `low` where it is below what is asked."""

    label: str
    value: str
    percent: float
    low: bool = False


@dataclass(frozen=True)
class Chart:
    """Bars with their values beside them; the same values stand in a table, which alone goes into Word."""

    caption: str
    bars: tuple[Bar, ...]

    @property
    def words(self) -> str:
        """What is read aloud."""
        return f"{self.caption}：" + "，".join(f"{bar.label} {bar.value}" for bar in self.bars)

    @property
    def lines(self) -> list[tuple[Bar, int, float]]:
        """Each bar with its place from the top and its length, in a picture 400 wide."""
        return [(bar, 26 * n, 2.0 * min(max(bar.percent, 0), 100)) for n, bar in enumerate(self.bars)]

    @property
    def height(self) -> int:
        return 26 * len(self.bars)


Block = Heading | Para | Table | Chart


@dataclass(frozen=True)
class Official:
    """One document: red head, number, title, text, signature and date."""

    issuer: str
    number: str
    title: str
    blocks: tuple[Block, ...]
    signed: str
    dated: str
    made_at: str  # ISO moment, so that the same facts give the same bytes
    note: str = ""
    address: str = ""
    mark: str = ""  # by which the paper is known again, see `pdf.render`
    plain: bool = False  # printed for oneself: no red head, for it is no official paper
    stamp: str = ""  # in the margins of every page of what is no paper yet: 样张

    @property
    def parts(self) -> list[tuple[str, Block]]:
        """(kind, block) for the template."""
        return [(type(block).__name__, block) for block in self.blocks]

    @property
    def title_parts(self) -> tuple[str, str]:
        """The title and what stands behind it in brackets, （第 2 版）, which is never broken."""
        name, bracket, rest = self.title.partition("（")
        return name, bracket + rest

    @property
    def title_lines(self) -> tuple[str, ...]:
        """Its name in one line, or in two that are about as long and break no word (GB/T 9704 7.3.1)."""
        name = self.title_parts[0]
        if _wide(name) <= TITLE_WIDE:
            return (name,)
        after = (found.end() for found in _BREAKS.finditer(name) if found.end() < len(name))
        at = min(after, key=lambda n: max(_wide(name[:n]), _wide(name[n:])), default=0)
        return (name[:at], name[at:]) if at else (name,)

    @property
    def issuer_size(self) -> float:
        """In points: the red head stands in one line, in the largest letters that it has room for (GB/T 9704 7.2.4)."""
        return min(30.0, int(TEXT_WIDE / max(_wide(self.issuer), 1) * 10) / 10)


@lru_cache(maxsize=64)
def as_pdf(paper: Official) -> bytes:
    """The paper as a tagged PDF; the same description is laid out once."""
    html = render_to_string("documents/official.html", {"paper": paper})
    return pdf.render(html, title_of_error="文稿", mark=paper.mark)


def as_docx(paper: Official) -> bytes:
    """The paper as Word with real styles (标题 1…), so that the office can go on writing in it."""
    # python-docx is loaded with the first such paper: few processes write one, and every one would wait for it.
    from . import word

    return word.written(paper)
