"""How the rules stand in the units and a quarter: the matrix, its sums, and what was not kept in the quarter before."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.policy import Policy
from benxi_shuangsuiji.workdays.days import Quarter, end_of
from inspections.indicators.facts import Scope, day_of

from .asking import closes_on, why_not_asked
from .catalogue import RULES, Rule
from .findings import Cell, State

ORDER = (State.BROKEN, State.OPEN, State.KEPT)


@dataclass(frozen=True)
class Line:
    """One rule in every unit."""

    rule: Rule
    cells: dict[int, Cell]

    @property
    def state(self) -> State:
        """Of all units together: broken if one is, open if one is."""
        states = {cell.state for cell in self.cells.values()}
        return next((state for state in ORDER if state in states), State.NA)


@dataclass(frozen=True)
class Matrix:
    """What every rule came to at a moment; of checks only published results, whoever reads it (decisions.md 3)."""

    quarter: Quarter
    units: tuple[Unit, ...]
    moment: datetime
    lines: tuple[Line, ...]
    law: Policy
    is_closed: bool = False
    unasked: str = ""  # why nothing is asked of it

    @property
    def day(self) -> date:
        return day_of(self.moment)

    @cached_property
    def cells(self) -> list[tuple[Rule, int, Cell]]:
        return [(line.rule, pk, cell) for line in self.lines for pk, cell in line.cells.items() if cell.counts]

    @cached_property
    def sums(self) -> Counter[State]:
        return Counter(cell.state for _, _, cell in self.cells)

    @property
    def total(self) -> int:
        return len(self.cells)

    @property
    def overdue(self) -> int:
        return sum(cell.overdue for _, _, cell in self.cells)

    @property
    def broken(self) -> set[tuple[str, int]]:
        return {(rule.id, pk) for rule, pk, cell in self.cells if cell.state == State.BROKEN}

    @property
    def days_to_come(self) -> list[date]:
        return sorted(cell.due for _, _, cell in self.cells if cell.due)


def of(units: Iterable[Unit], quarter: Quarter, *, moment: datetime | None = None, rules=RULES) -> Matrix:
    """As everybody may know it; a rule that concerns none of the units is left out.

    A quarter that is closed is counted as it stood on its last day, so that it stays as it was (ui-2.md 23).
    """
    now, closed = moment or clock.now(), end_of(closes_on(quarter))
    moment = min(now, closed)
    scope = Scope.of(units, quarter.year, quarter.number, moment=moment)
    unasked = why_not_asked(quarter, day_of(now))
    lines = () if unasked else (Line(rule, rule.ask(scope)) for rule in rules)
    known = tuple(line for line in lines if line.state != State.NA)
    return Matrix(quarter, scope.units, moment, known, scope.law, now > closed, unasked)


def units_of(user, quarter: Quarter, permission) -> list[Unit]:
    """Those that work in the quarter and whose progress the reader follows."""
    return list(Unit.objects.working(quarter).visible_to(user, permission))
