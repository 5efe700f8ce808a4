"""How far the draws have reached: counted over every row of the sealed lists, from public documents alone (七(一)1-b, 2-b).

The one figure of coverage that the public reads. A row counts as drawn by its `seen` of the last seal, whether it takes
part or has reached the year's limit; by the names of a draw once they are public; until then by its reserved places,
each of which reaches somebody not drawn before. So the figure is never too high, and tells nothing that is sealed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.shares import percent
from benxi_shuangsuiji.workdays.days import short_date
from plans.draw import ssj1

from .documents import PublicDocument, PublicDraw

LISTS = Q(kind__in=["FRAME", "RESULT", "AMEND"])
OFF_BOOKS = ("out:CLOSED", "out:MOVED")
NOT_DONE = "NOTDONE"  # taken off when the quarter was over: drawn, not checked (SSJ1 8.1)
MOST = 2000  # texts whose content is kept in memory


class Row(NamedTuple):
    seen: bool
    state: str


@dataclass(frozen=True)
class Lists:
    """What is read of one draw: its rows by category; whom its names leave standing, None while they are secret."""

    frames: Mapping[str, Mapping[str, Row]]
    standing: frozenset[str] | None
    undone: frozenset[str] = frozenset()  # taken off as NOT_DONE
    picked: frozenset[str] = frozenset()  # by the draw itself, before anything was amended

    def rows(self, category: str) -> Mapping[str, Row]:
        return self.frames.get(category, {})

    @property
    def owed(self) -> frozenset[str]:
        """Of whom a released draw owes a result: whoever stands, or was left undone."""
        return (self.standing or frozenset()) | self.undone


@dataclass(frozen=True)
class Coverage:
    """`total` on the books, `seen` of them drawn; `halted`: of the others, those that cannot be checked now."""

    seen: int = 0
    total: int = 0
    halted: int = 0
    sealed_on: date | None = None
    without: tuple[str, ...] = ()

    @property
    def share(self) -> str:
        return percent(self.seen, self.total)

    @property
    def words(self) -> str:
        """Of which day the figure is, and what it leaves out."""
        said = [f"按到 {short_date(self.sealed_on)}封存的名单"] if self.sealed_on else []
        if self.halted:
            said.append(f"没抽到的里停产停业 {self.halted} 家")
        if self.without:
            said.append(f"不含没有封存名单的{'、'.join(self.without)}")
        return "，".join(said)


def of_key(draws: Iterable[PublicDraw], lists: Mapping[str, Lists], names: Mapping[str, str]) -> Coverage:
    """重点 in one year: whoever stood on the books of one of its lists stays in the sum, also when it closes (A-7)."""
    places: dict[str, Row] = {}
    drawn, reserved = set(), 0
    draws = _sealed(draws)
    for draw in draws:
        its = lists[draw.draw_id]
        for code, row in its.rows("key").items():
            if code in places or row.state not in OFF_BOOKS:
                places[code] = row
        drawn |= its.standing or set()
        reserved += _reserved(draw, its, "key")
    return _covered(places, drawn, reserved, draws, names)


def of_general(draws: Iterable[PublicDraw], lists: Mapping[str, Lists], names: Mapping[str, str]) -> Coverage:
    """一般 in their cycle: those on the books of the newest list of each unit."""
    newest = {draw.id.unit: draw for draw in _sealed(draws)}
    places: dict[str, Row] = {}
    drawn, reserved = set(), 0
    for draw in newest.values():
        its = lists[draw.draw_id]
        places |= {code: row for code, row in its.rows("general").items() if row.state not in OFF_BOOKS}
        drawn |= its.standing or set()
        reserved += _reserved(draw, its, "general")
    return _covered(places, drawn, reserved, list(newest.values()), names)


def _sealed(draws: Iterable[PublicDraw]) -> list[PublicDraw]:
    return sorted((draw for draw in draws if draw.state != "ABORTED"), key=lambda draw: draw.frozen_at)


def _reserved(draw: PublicDraw, its: Lists, category: str) -> int:
    line = draw.stratum(category)
    return line.u if line and draw.drawn and its.standing is None else 0


def _covered(places: Mapping[str, Row], drawn: set[str], reserved: int, draws, names: Mapping[str, str]) -> Coverage:
    left = [row for code, row in places.items() if not row.seen and code not in drawn]
    there = {draw.id.unit for draw in draws}
    return Coverage(
        seen=len(places) - max(len(left) - reserved, 0),
        total=len(places),
        halted=sum(row.state in ("out:HALT", *OFF_BOOKS) for row in left),
        sealed_on=max((localtime(draw.frozen_at).date() for draw in draws), default=None),
        without=tuple(name for code, name in names.items() if code not in there),
    )


def results_due(draw: PublicDraw, its: Lists) -> int:
    """How many results a held draw owes the public: of everybody drawn who was not replaced for another reason."""
    return draw.total if its.standing is None else len(its.standing) + len(its.undone)


# --- reading: of a text that is sealed for ever, once ------------------------------------------------------------------

_read: dict[str, Any] = {}  # by digest


def lists_of(draws: Iterable[PublicDraw]) -> dict[str, Lists]:
    """The lists and names of these draws as far as they are public, by draw; one query, and none for what was read before.

    Manifest and chain name every text by its digest.
    """
    draws = list(draws)
    named = {digest for draw in draws for digest in (*_frames_of(draw).values(), *_names_of(draw))}
    if len(_read) > MOST:
        _read.clear()
    if new := named - _read.keys():
        public = PublicDocument.objects.filter(LISTS, draw_id__in=[draw.draw_id for draw in draws], digest__in=new)
        for kind, digest, text in public.values_list("kind", "digest", "text"):
            _read[digest] = _READERS[kind](text)
    return {draw.draw_id: _lists(draw) for draw in draws}


def _frames_of(draw: PublicDraw) -> dict[str, str]:
    return {line.stratum.rpartition(".")[2]: line.frame for line in draw.manifest.strata}


def _names_of(draw: PublicDraw) -> list[str]:
    """The RESULT of the run that holds and what amended it, in their order (SSJ1 9.1); nothing before the release."""
    if draw.state != "RELEASED":
        return []
    said = [entry for entry in sorted(draw.entries, key=lambda e: e.seq) if entry.kind in ("RESULT", "AMEND")]
    last = max(place for place, entry in enumerate(said) if entry.kind == "RESULT")
    return [entry.doc for entry in said[last:]]


def _lists(draw: PublicDraw) -> Lists:
    """Who stands after the amendments (SSJ1 8.1)."""
    frames = {category: _read[digest] for category, digest in _frames_of(draw).items()}
    if draw.state != "RELEASED":
        return Lists(frames, None)
    standing, undone = set(), set()
    names = _names_of(draw)
    for digest in names:
        added, dropped = _read[digest]
        undone |= {code for code, reason in dropped if reason == NOT_DONE}
        standing = standing - {code for code, _ in dropped} | set(added)
    return Lists(frames, frozenset(standing), frozenset(undone), frozenset(_read[names[0]][0]))


def _frame(text: str) -> dict[str, Row]:
    return {row.id: Row(row.seen, row.state) for row in ssj1.parse_frame(text).rows}


def _result(text: str) -> tuple:
    return tuple(pick.id for pick in ssj1.parse_result(text).picks), ()


def _amend(text: str) -> tuple:
    amend = ssj1.parse_amend(text)
    return tuple(pick.id for pick in amend.added), tuple((drop.id, drop.reason) for drop in amend.drop_objects)


_READERS = {"FRAME": _frame, "RESULT": _result, "AMEND": _amend}
