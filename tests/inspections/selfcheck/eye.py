"""One rule of 合规体检 looked at while a tale is told by the acts of the system: not yet due, broken, kept.

A tale names the rules that it tries (`tale`); `test_tales.py` asks that each was seen both ways, and that no rule is without a tale.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import QuerySet

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.workdays.days import SHANGHAI, Quarter
from inspections.selfcheck import standing
from inspections.selfcheck.catalogue import BY_ID
from inspections.selfcheck.findings import NA, Cell, State

Q3 = Quarter(2026, 3)
# The program prints them from the check itself, so that none can be missing: a tale shows them kept, and a test that takes
# the printing away (`test_a_paper_that_is_always_printed_would_be_missed`) broken.
NEVER_MISSING = {"p30", "p40", "p80", "p90", "p100"}
DATED = ("duty", "checks", "city", "book")


@dataclass(frozen=True)
class Tale:
    """`rules`: those that it shows kept and broken; `prints`: it binds papers, and what stands on them is not looked at."""

    rules: tuple[str, ...]
    told: Callable
    prints: bool


TALES: dict[str, Tale] = {}


def tale(*rules: str, prints: bool = False) -> Callable:
    def told(how: Callable) -> Callable:
        TALES[how.__name__] = Tale(rules, how, prints)
        return how

    return told


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def lost(rows: QuerySet) -> None:
    """What no act and no login takes away is gone all the same: as if somebody had got at the database itself."""
    _tampered(rows, "DELETE FROM {table}")


def changed(rows: QuerySet, to: str) -> None:
    """Likewise what no act and no login changes; `to` is what SQL sets."""
    _tampered(rows, f"UPDATE {{table}} SET {to}")


def _tampered(rows: QuerySet, statement: str) -> None:
    table, pks = rows.model._meta.db_table, ", ".join(str(pk) for pk in rows.values_list("pk", flat=True))
    assert pks, table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for told in (
            f"ALTER TABLE {table} DISABLE TRIGGER USER",
            f"{statement.format(table=table)} WHERE id IN ({pks})",
            f"ALTER TABLE {table} ENABLE TRIGGER USER",
        ):
            cursor.execute("SELECT tests.put(%s)", [told])


class Eye:
    """What was seen of each rule."""

    def __init__(self) -> None:
        self.seen: dict[str, set[State]] = defaultdict(set)

    def owed(self, rule: str, unit, quarter: Quarter = Q3) -> None:
        """An act has left something to do: it may wait until its day, and is overdue after it."""
        due = self._due(rule, unit, quarter)
        self.waits(rule, unit, quarter, noon(due))
        (late,) = self._see(State.BROKEN, [rule], unit, quarter, noon(due + timedelta(days=4)))
        assert late.overdue, (rule, late)

    def late(self, *rules: str, unit, quarter: Quarter = Q3) -> None:
        """It was done, after its day."""
        for found in self._see(State.BROKEN, rules, unit, quarter):
            assert not found.overdue and any(f.on and f.on > f.due for f in found.facts), (rules, found)

    def kept(self, *rules: str, unit, quarter: Quarter = Q3, moment: datetime | None = None) -> None:
        """By something that was done, or that there is: not because nothing fell under it."""
        for rule, found in zip(rules, self._see(State.KEPT, rules, unit, quarter, moment), strict=True):
            assert found.facts, (rule, found)
            assert BY_ID[rule].how not in DATED or any(fact.on for fact in found.facts), (rule, found.facts)

    def broken(self, *rules: str, unit, quarter: Quarter = Q3, moment: datetime | None = None) -> None:
        """A number is missed or a paper is not there, and the first fact says what."""
        for rule, found in zip(rules, self._see(State.BROKEN, rules, unit, quarter, moment), strict=True):
            assert found.facts[0].state(clock.today()) == State.BROKEN, (rule, found.facts)

    def waits(self, rule: str, unit, quarter: Quarter = Q3, moment: datetime | None = None) -> Cell:
        (found,) = self._see(State.OPEN, [rule], unit, quarter, moment)
        return found

    def untold(self, *rules: str, unit, quarter: Quarter = Q3) -> None:
        """There is something, and it is nobody's business before the result is public (decisions.md 3)."""
        for rule, found in zip(rules, self._cells(rules, unit, quarter, None), strict=True):
            assert not found.facts, (rule, found.facts)

    def _due(self, rule: str, unit, quarter: Quarter) -> date:
        (cell,) = self._cells([rule], unit, quarter, None)
        waiting = [fact.due for fact in cell.facts if not fact.on]
        assert waiting, (rule, cell, cell.facts)
        return min(waiting)

    def _see(self, state: State, rules, unit, quarter: Quarter, moment: datetime | None = None) -> list[Cell]:
        found = self._cells(rules, unit, quarter, moment)
        for rule, cell in zip(rules, found, strict=True):
            assert cell.state == state, (rule, state, cell, cell.facts, moment)
            self.seen[rule].add(state)
        return found

    @staticmethod
    def _cells(rules, unit, quarter: Quarter, moment: datetime | None) -> list[Cell]:
        matrix = standing.of([unit], quarter, moment=moment, rules=[BY_ID[rule] for rule in rules])
        found = {line.rule.id: line.cells[unit.pk] for line in matrix.lines}
        return [found.get(rule, NA) for rule in rules]
