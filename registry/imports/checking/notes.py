"""Remarks worth a look, and which rows were passed over: what the check page tells beside the faults."""

import re
from collections.abc import Sequence
from functools import cached_property

from benxi_shuangsuiji import clock
from registry.columns import Column
from registry.complaints import tallies as complaints
from registry.facilities import levels as vocabularies
from registry.imports.checking.line import entry, place_of
from registry.imports.checking.tables import Table

_REMEMBERED = 5_000  # kinds of remarks of which it is known how often they were made
NOTES_KEPT = 1_000
_ALIKE_KEPT = 3  # remarks of one kind about one column that are told one by one
_ASIDES_NAMED = 10
_VARYING = re.compile(r"“[^”]*”|[0-9][0-9.,:年月日-]*")


class Notes:
    """Remarks worth a look: of one kind about one column the first are told one by one, the others counted."""

    def __init__(self, tables: Sequence[Table] = ()):
        self.kept: list[dict] = []
        self.more = 0
        self.asides: list[tuple[int, str]] = []  # rows that are no data: number and text
        self.tables = tables
        self._alike: dict[tuple[str, str], list] = {}  # how often, and the last that is told
        self._tallies: dict[tuple[str, str, str], tuple[int, list[int], dict[str, None]]] = {}

    @cached_property
    def serious(self):
        return vocabularies.serious_credit()

    @cached_property
    def repeated(self):
        return complaints.rule_on(clock.today())

    def add(self, number: int, column: str, value: str, problem: str, remedy: str = "") -> None:
        state = self._alike.get((column, problem))
        if state is None:
            state = self._alike.setdefault((column, _VARYING.sub("#", problem)), [0, {}])
            if len(self._alike) < _REMEMBERED:
                self._alike[column, problem] = state
        state[0] += 1
        if state[0] <= _ALIKE_KEPT + 1:
            state[1] = self.entry(number, column, value, problem, remedy)
            self._keep(state[1])

    def first(self, number: int, column: str, value: str, problem: str, remedy: str = "") -> None:
        """A remark about the whole sheet, above the others."""
        self.kept.insert(0, self.entry(number, column, value, problem, remedy))

    def count(self, number: int, column: Column, what: str, remedy: str, text: str = "") -> None:
        """The same about many cells of a column: told once at the end; `what` with the number and the texts to fill in."""
        _, times, texts = self._tallies.setdefault((column.title, what, remedy), (number, [0], {}))
        times[0] += 1
        if text and len(texts) < 6:
            texts[text] = None

    def finish(self) -> None:
        """What only the end shows: how often, and which rows were passed over."""
        for times, last in {id(state): state for state in self._alike.values()}.values():
            if times > _ALIKE_KEPT + 1:
                last["problem"] = f"还有 {times - _ALIKE_KEPT:,} 处也是这样，如：{last['problem']}"
        for (title, what, remedy), (number, times, texts) in self._tallies.items():
            quoted = "".join(f"“{text}”" for text in texts)
            self._keep(self.entry(number, title, "", what.format(n=f"{times[0]:,}", texts=quoted), remedy))
        self._alike, self._tallies = {}, {}
        rows = [(number, text) for number, text in self.asides if text]
        if rows:
            named = "、".join(f"{self.where(number)}“{text[:12]}”" for number, text in rows[:_ASIDES_NAMED])
            more = " 等" if len(rows) > _ASIDES_NAMED else ""
            self.first(rows[0][0], "", "", f"有 {len(rows):,} 行不是数据，没有读取：{named}{more}")
        if bare := [number for number, text in self.asides if not text]:
            self.first(bare[0], "", "", f"有 {len(bare):,} 行只有序号，没有读取")

    def entry(self, number: int, column: str, value: str, problem: str, remedy: str = "") -> dict:
        sheet, row = self.place(number)
        return entry(row, column, value, problem, remedy, sheet)

    def place(self, number: int) -> tuple[str, int]:
        """The sheet, "" when one alone is read, and the row in it."""
        return place_of(number, [(t.before, t.sheet.name) for t in self.tables])

    def where(self, number: int) -> str:
        sheet, row = self.place(number)
        return f"“{sheet}”第 {row} 行" if sheet else f"第 {row} 行"

    def _keep(self, told: dict) -> None:
        if len(self.kept) < NOTES_KEPT:
            self.kept.append(told)
        else:
            self.more += 1
