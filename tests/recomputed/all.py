"""Every difference between what the system claims and what its rows say."""

from collections.abc import Callable, Container, Iterator

from . import checks, draws, frames, pages, quarters
from .world import World

PARTS: dict[str, Callable[[World], Iterator[str]]] = {
    f"{part.__module__.rpartition('.')[2]}.{part.__name__}": part
    for part in (
        frames.history,
        frames.caps,
        frames.membership,
        draws.quotas,
        draws.documents,
        draws.chain,
        draws.picks,
        draws.teams,
        draws.dates,
        checks.limits,
        checks.results,
        checks.members,
        checks.of_picks,
        quarters.reports,
        quarters.summaries,
    )
}


def differences(client, year: int, number: int, *, without: Container[str] = ()) -> list[str]:
    """`client` reads the public pages; year and number are the quarter that the home page shows."""
    world = World()
    found = [f"{name}: {said}" for name, part in PARTS.items() if name not in without for said in part(world)]
    return found + [f"pages: {said}" for said in pages.everything(world, client, year, number)]
