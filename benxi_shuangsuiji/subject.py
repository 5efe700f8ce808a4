"""What stands on a room's door: its `subject.py` says what it adds to pages and lists that belong to no room.

Every such list (the navigation, the log's words, to-dos, the timetable of the worker) is a loop over these nameplates;
`subjects.py` names the rooms. Adding a room adds a folder and one line; deleting it leaves no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from benxi_shuangsuiji.accounts.models import Unit, User
    from benxi_shuangsuiji.accounts.roles import Permission
    from benxi_shuangsuiji.notices.duties import Step
    from benxi_shuangsuiji.notices.models import PolicyChange
    from benxi_shuangsuiji.workdays.days import Calendar, Quarter

    # How much waits behind a door: None shows no number; red when it is urgent.
    Counting: TypeAlias = Callable[[User, Unit | None, Quarter], tuple[int | None, bool]]


@dataclass(frozen=True)
class Door:
    """An entry of the navigation. `place` orders it within its group; without permissions everybody sees it."""

    group: str
    label: str
    url_name: str
    icon: str
    permissions: tuple[Permission, ...] = ()
    place: int = 1000
    count: Counting | None = None

    def opens_for(self, user: User) -> bool:
        return not self.permissions or any(user.units_with(p) for p in self.permissions)


@dataclass(frozen=True)
class Round:
    """Work that the worker does at every wake-up: the dotted name of a function, and its turn among the others."""

    does: str
    turn: int


@dataclass(frozen=True)
class Heard:
    """What a room has to look at again when something changes that it cannot see coming."""

    calendar_moved: Callable[[Calendar], None] | None = None
    number_changed: Callable[[PolicyChange, User], None] | None = None


@dataclass(frozen=True)
class Subject:
    """The nameplate of one room.

    `verbs`: what the trail records → its words; `told`: verb → the detail that is read out behind them. `jobs`: kind of a
    background job → the dotted name of what does it; by name, so that no process loads what only the worker needs.
    `workbooks`: kind of a workbook → the dotted name of what its rows mean (`registry.imports.kinds:Kind`).
    """

    name: str
    clauses: tuple[str, ...] = ()
    doors: tuple[Door, ...] = ()
    verbs: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    rounds: tuple[Round, ...] = ()
    jobs: Mapping[str, str] = field(default_factory=dict)
    workbooks: Mapping[str, str] = field(default_factory=dict)
    heard: Heard = Heard()
