"""What somebody typed into the box of the frame, and what a room finds for it (reviews: desk A7; ui.md 3).

A room says on its nameplate what it finds (`benxi_shuangsuiji.subject:Finds`), always beginning at `visible_to`: whoever may not
open a thing does not find it either, not by its number, and not by a count (decisions.md 3).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import CharField, F, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.module_loading import import_string

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.subject import Finds

KINDS = ("企业", "任务", "人员", "文书")
LONGEST = 60  # characters that are looked for
MOST_WORDS = 5
_LETTER = re.compile(r"[\x21-\x7e]")
# Wide digits, letters and hyphens; brackets stay as they are, 文号 are kept with wide ones.
_NARROW = {0xFF00 + n: 0x20 + n for n in (*range(0x10, 0x1A), *range(0x21, 0x3B), *range(0x41, 0x5B))}
_NARROW |= dict.fromkeys(map(ord, "－‐‑–"), "-")


@dataclass(frozen=True)
class Asked:
    """`text` as it is shown again, `words` in small letters, `number` as numbers are written; wide letters made narrow."""

    text: str
    words: tuple[str, ...] = ()
    number: str = ""

    @property
    def too_short(self) -> bool:
        """One letter or digit is part of nearly everything; one Chinese character is a word."""
        return any(_LETTER.fullmatch(word) for word in self.words)


def read(typed: str) -> Asked:
    """Whatever was typed, pasted or sent: wide digits, strange spaces and invisible characters do no harm."""
    narrow = typed.translate(_NARROW)
    text = " ".join("".join(c if c.isprintable() else " " for c in narrow).split())[:LONGEST].strip()
    number = text.replace(" ", "").upper()
    return Asked(text, tuple(text.lower().split()[:MOST_WORDS]), number if any(c.isdigit() for c in number) else "")


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, its number, what else tells it from others, and its page."""

    title: str
    url: str
    no: str = ""
    words: str = ""


@dataclass(frozen=True)
class Found:
    """What one room has for one reader.

    `rows`: all that he may see, in the order of the page. `number`: that a row has exactly the number asked for; `words`: that
    what was asked for is part of what it is called; None where it is not found in that way. `list_url`: the list that narrows
    it further. `noted`: what having looked at rows leaves in the trail.
    """

    rows: QuerySet
    show: Callable[[Any], Hit]
    number: Q | None = None
    words: Q | None = None
    list_url: str = ""
    noted: Callable[[Sequence[Any]], None] = lambda rows: None

    def exactly(self) -> QuerySet:
        return self.rows.filter(self.number) if self.number is not None else self.rows.none()

    def about(self) -> QuerySet:
        return self.rows.filter(self.words) if self.words is not None else self.rows.none()


def any_is(asked: Asked, *columns: str) -> Q:
    """One of these columns is exactly what was typed, however its letters are written, with its spaces or without."""
    spellings = {asked.text, asked.number}
    return reduce(or_, (Q(**{f"{column}__iexact": text}) for column in columns for text in spellings))


def part_of(asked: Asked, *columns: str) -> Q:
    """Every word is part of one of these columns."""
    return each(asked, lambda word: reduce(or_, (Q(**{f"{column}__icontains": word}) for column in columns)))


def each(asked: Asked, about: Callable[[str], Q]) -> Q:
    return reduce(and_, map(about, asked.words))


def of_unit_and_period(unit: str = "unit", quarterly: bool = True) -> Concat:
    """210504-2026Q3 明山分局: how plans, reports and lists of a unit and a quarter (or a year) are numbered, for a search."""
    year = Cast(F("year"), CharField())
    quarter = (Value("Q"), Cast(F("number"), CharField())) if quarterly else ()
    return Concat(F(f"{unit}__code"), Value("-"), year, *quarter, output_field=CharField())


def closed_to(user: Any, hit: Hit) -> bool:
    """Whether the page of a hit asks for a permission that the reader has nowhere."""
    from django.urls import resolve

    access = getattr(resolve(hit.url.partition("?")[0]).func, "access", ())
    return access not in ("public", ()) and not any(user.units_with(p) for p in access)


def finders(user: Any, asked: Asked) -> list[tuple[Finds, Found]]:
    """What each room has for this reader; a room that has nothing for him asks the database nothing."""
    found = [(finds, import_string(finds.by)(user, asked)) for finds in subjects.house().finds]
    return [(finds, rows) for finds, rows in found if rows is not None]


def hits_of(user: Any, found: Found, rows: Sequence[Model]) -> list[Hit]:
    """Those that the reader can open, and the trail of what he saw thereby."""
    shown = [(row, hit) for row in rows if not closed_to(user, hit := found.show(row))]
    found.noted([row for row, _ in shown])
    return [hit for _, hit in shown]
