"""How many facilities of a unit are alike for a draw: by category, state, mode and whether they were drawn before (SSJ1 3.2–3.7)."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Count, QuerySet

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.database.arrays import among
from plans.draw import ssj1
from registry import frames
from registry.models import Category, Facility, OperatingStatus

from . import history

# SSJ1 OSTATE of an operating status; the others take part. Order of the draw's reasons: registry, then history.
OUT_BY_STATUS = {
    OperatingStatus.CLOSED: "out:CLOSED",
    OperatingStatus.CANCELLED: "out:CLOSED",
    OperatingStatus.MOVED_OUT: "out:MOVED",
    OperatingStatus.SUSPENDED: "out:HALT",
    OperatingStatus.SEASONAL: "out:HALT",
    OperatingStatus.LONG_SUSPENDED: "out:HALT",
}
OFF_BOOKS = ("out:CLOSED", "out:MOVED")


class Kind(NamedTuple):
    """What a pool counts a facility by (SSJ1 3.2–3.7)."""

    category: str
    mode: str
    seen: bool
    state: str
    has_key_ground: bool

    @property
    def on_books(self) -> bool:
        return self.state not in OFF_BOOKS

    @property
    def drawable(self) -> bool:
        return self.state == "in"


class PoolRow(NamedTuple):
    """What an SSJ1 frame line says of one facility, without its name."""

    facility: int
    code: str
    times: int
    kind: Kind


def _kind(row: tuple, past: history.Past, *, positive_out: bool, cap: int) -> Kind:
    """The one place that says whether a facility takes part, and why not."""
    facility, category, status, key_ground, positive = row
    state = OUT_BY_STATUS.get(status, "in")
    if state == "in" and category != Category.SPECIAL:
        state = held_back(facility, past, cap) or "in"
    if state == "in" and positive_out and positive:
        state = "out:POSITIVE"
    return Kind(category, "offsite" if positive else "onsite", past.has_seen(facility, category), state, key_ground)


def held_back(facility: int, past: history.Past, cap: int) -> str:
    """Why an object, but for 特殊, takes no part because of earlier draws: SSJ1 OSTATE, or ""."""
    if facility in past.this_quarter or facility in past.carried_now:
        return "out:NOW"
    return "out:CAP" if past.times_of(facility) >= cap else ""


NOBODY = 0  # a key that no facility has
ASKED = ("category", "status", "has_key_ground", "positive")


def pool_rows(unit: Unit, past: history.Past, *, positive_out: bool, cap: int, today: date) -> list[PoolRow]:
    """Every facility of the unit, drawable or not, with the reason; one query."""
    return rows_of(frames.known_on(unit, today).order_by("code"), past, positive_out=positive_out, cap=cap)


def rows_of(known: QuerySet[Facility], past: history.Past, *, positive_out: bool, cap: int) -> list[PoolRow]:
    """The same of some of them, as `frames.known_on` reads them."""
    return [
        PoolRow(row[0], code, past.times_of(row[0]), _kind(row, past, positive_out=positive_out, cap=cap))
        for code, *row in known.values_list("code", "pk", *ASKED)
    ]


def count(unit: Unit, past: history.Past, *, positive_out: bool, cap: int, today: date) -> Counter[Kind]:
    """How many of the unit's facilities are of each kind, as `pool_rows` would say; two queries.

    The database counts those that are alike; whom earlier draws met is looked at one by one.
    """
    known, met = frames.known_on(unit, today).order_by(), past.met
    rules = {"positive_out": positive_out, "cap": cap}
    found: Counter[Kind] = Counter()
    for *row, n in known.values_list(*ASKED).annotate(n=Count("pk")):
        found[_kind((NOBODY, *row), past, **rules)] += n
    for row in known.filter(among("pk", met)).values_list("pk", *ASKED) if met else ():
        found[_kind((NOBODY, *row[1:]), past, **rules)] -= 1
        found[_kind(row, past, **rules)] += 1
    return +found


def where(counted: Mapping[Kind, int], wanted: Callable[[Kind], bool]) -> int:
    return sum(n for kind, n in counted.items() if wanted(kind))


def key_grounds(counted: Mapping[Kind, int]) -> int:
    """How many are on the books and have a ground of 重点, whatever label they bear."""
    return where(counted, lambda kind: kind.has_key_ground and kind.on_books)


def counts_of(counted: Mapping[Kind, int], category: str) -> ssj1.Counts:
    """N, A and U of one category (SSJ1 3.6)."""
    own = {kind: n for kind, n in counted.items() if kind.category == category}
    return ssj1.Counts(
        where(own, lambda kind: kind.on_books),
        where(own, lambda kind: kind.drawable),
        where(own, lambda kind: kind.drawable and not kind.seen),
    )
