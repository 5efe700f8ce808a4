"""执法统计 (N-16) and the locked figures of 通报 and evaluations, counted once more (五-2c, 五-2d, 五-4k)."""

from collections.abc import Iterator
from datetime import datetime

from . import indicators
from .quarters import FOLLOWED, IN_VAIN
from .world import World, rows

# What the registry and the archive say today, and said otherwise on the day of the paper.
OF_TODAY = {"K6", "K7", "K15"}


def statistics(world: World, year: int, number: int | None, moment: datetime) -> dict[tuple[str, str], tuple[int, ...]]:
    """(how it is broken down, of what) → checks, by mode, places, in vain, with a problem, what followed."""
    public = [
        c
        for c in world.checks
        if c.year == year and number in (None, c.number) and c.status == "PUBLISHED" and c.published_at <= moment
    ]
    found = {}
    for kind in ("source", "category", "unit"):
        for value in {getattr(c, kind) for c in public}:
            some = [c for c in public if getattr(c, kind) == value]
            found[kind, value] = (
                len(some),
                *(sum(c.mode == mode for c in some) for mode in ("ONSITE", "OFFSITE", "DOCUMENT")),
                len({c.facility for c in some}),
                sum(c.outcome in IN_VAIN for c in some),
                sum(c.bad for c in some),
                *(sum(c.outcome in which for c in some) for which in FOLLOWED.values()),
            )
    return found


def locked(world: World) -> Iterator[str]:
    """Every 通报 and evaluation says what could be known when it was made."""
    for paper in rows(
        "SELECT b.*, u.code AS about FROM inspections_bulletin b JOIN accounts_unit u ON u.id = b.unit_id "
        "WHERE b.kind <> 'CYCLE' ORDER BY b.id"
    ):
        due = indicators.figures(world, paper.year, paper.number, paper.made_at)
        told = paper.figures.get("units") or [{"code": paper.about, "figures": paper.figures["figures"]}]
        for unit in told:
            for figure in unit["figures"]:
                mine = due[int(figure["no"][1:]), unit["code"]]
                if figure["no"] not in OF_TODAY and (figure["counted"], figure["n"]) != mine:
                    yield f"{paper.kind} {paper.id} {unit['code']} {figure['no']}: {figure['counted'], figure['n']}; rows {mine}"
