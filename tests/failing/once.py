"""An act that happens once, as the one world of all addresses tries it: on what stands there, or on what is brought there first."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from tests.access.world import World
from tests.failing.acts import Press

WORDS = "情况属实，已核对材料。"


@dataclass(frozen=True)
class Stage:
    """The one world, and who may press what in it."""

    world: World
    people: dict[str, Any]

    @property
    def unit(self):
        return self.world.unit

    @property
    def other(self):
        return self.world.other

    def own(self, role: Role):
        """The account of this role in the own unit, or in the city."""
        return self.people.get(f"own {role}") or self.people[f"city {role}"]

    def others(self, role: Role):
        return self.people[f"other {role}"]


@dataclass(frozen=True)
class Once:
    """`at`: the functions that offer the act. `where`: the page and the keys of `World.values` that its address takes."""

    name: str
    at: str
    by: Role | Callable[[World], Any]  # the account of this role in the own unit or in the city, or who else it is
    where: tuple[str, ...]
    button: str
    changes: dict[str, Any] = field(default_factory=dict)
    daily: bool = False  # in the suite, too
    left = None

    def press(self, stage: Stage) -> Press:
        page, *keys = self.where
        values = stage.world.values
        user = stage.own(self.by) if isinstance(self.by, Role) else self.by(stage.world)
        return Press(user, reverse(page, args=[values.get(key, key) for key in keys]), self.button, dict(self.changes))


@dataclass(frozen=True)
class Brought:
    """`bring` brings to the world what the act needs, through the actions, and says who presses what.

    Where the page answers the second as it answers the first, `left` gives the rows of which there is then one.
    """

    name: str
    at: str
    bring: Callable[[Stage], Press]
    left: Callable[[Press], QuerySet] | None = None
    daily: bool = False

    def press(self, stage: Stage) -> Press:
        return self.bring(stage)


def keeping(found: list[Brought]) -> Callable:
    """A decorator for what brings an act about, which keeps it in the table of its module."""

    def named(name: str, at: str = "", **more) -> Callable:
        def keep(bring: Callable[[Stage], Press]) -> Callable[[Stage], Press]:
            found.append(Brought(name, at, bring, **more))
            return bring

        return keep

    return named
