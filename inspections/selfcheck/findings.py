"""What one rule found in one unit: the facts looked at, each kept, broken or not yet due, and what they come to (ui-2.md 23)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from benxi_shuangsuiji.workdays.days import is_over


class State(StrEnum):
    """As the classes of a cell of the matrix are called."""

    KEPT = "ok"
    BROKEN = "late"
    OPEN = "no"
    NA = "na"

    @property
    def label(self) -> str:
        return {"ok": "守住", "late": "没守住", "no": "还没到期", "na": "不适用"}[self.value]


def by_day(due: date) -> str:
    return f"{due.month}/{due.day} 前"


@dataclass(frozen=True)
class Fact:
    """One thing that a rule looks at. `on`: the day on which it was done; `result`: the number of the public result.

    `duty`: which one keeps the day; `url`: its page, where that opens for the reader.
    """

    what: str
    due: date | None = None
    on: date | None = None
    is_kept: bool | None = None  # where no day tells
    words: str = ""
    corrected: str = ""
    result: str = ""
    duty: int = field(default=0, compare=False)
    url: str = field(default="", compare=False)

    def state(self, today: date) -> State:
        if self.is_kept is not None:
            return State.KEPT if self.is_kept else State.BROKEN
        if self.on and not is_over(self.due, self.on):
            return State.KEPT
        return State.BROKEN if self.on or is_over(self.due, today) else State.OPEN

    def is_overdue(self, today: date) -> bool:
        """Not done although its day is over."""
        return self.is_kept is None and not self.on and self.state(today) == State.BROKEN

    def short(self, today: date) -> str:
        """As it stands alone in a cell."""
        if self.is_kept is not None:
            return "合要求" if self.is_kept else "不合要求"
        if self.on:
            late = (self.on - self.due).days if is_over(self.due, self.on) else 0
            return f"晚 {late} 天办了" if late else f"{self.on.month}/{self.on.day}"
        left = (self.due - today).days
        if left < 0:
            return f"逾期 {-left} 天" if is_over(self.due, today) else "无"
        return by_day(self.due) if left else "今天"


@dataclass(frozen=True)
class Cell:
    """One rule in one unit. `due`: the earliest day that is still to come; `note`: what was corrected."""

    state: State
    text: str = "—"
    facts: tuple[Fact, ...] = field(default=(), repr=False)
    due: date | None = None
    note: str = ""
    overdue: bool = False

    @property
    def counts(self) -> bool:
        return self.state != State.NA


NOTHING = Cell(State.KEPT, "无")  # nothing fell under it: kept
NA = Cell(State.NA)


def cell_of(facts: Iterable[Fact], today: date) -> Cell:
    """What several facts come to: broken with the first that is broken, open while one is not yet due."""
    facts = tuple(facts)
    if not facts:
        return NOTHING
    of_state = {state: [f for f in facts if f.state(today) == state] for state in State}
    broken, waits, kept = of_state[State.BROKEN], of_state[State.OPEN], of_state[State.KEPT]
    note = next((f.corrected for f in facts if f.corrected), "")
    due = min((f.due for f in waits), default=None)
    ordered = (*broken, *waits, *kept)
    if broken:
        text = broken[0].short(today) if len(facts) == 1 else f"{len(kept)}/{len(kept) + len(broken)}"
        return Cell(State.BROKEN, text, ordered, due, note, any(f.is_overdue(today) for f in broken))
    if waits:
        text = "今天" if due == today else by_day(due)
        return Cell(State.OPEN, text, ordered, due, note)
    alone = len(kept) == 1 and kept[0].on is not None
    return Cell(State.KEPT, kept[0].short(today) if alone else f"{len(kept)}/{len(kept)}", ordered, None, note)
