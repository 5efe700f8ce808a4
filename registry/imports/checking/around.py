"""What stands around a row and is about it: the name of its sheet, the titles above the heads, its section, the other cells."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benxi_shuangsuiji.documents.workbooks.reading import Cell
from registry.imports.cells import shown
from registry.imports.checking.tables import Table, titles_of

_NEAR = 10  # rows passed over that are looked at: between a section and its last row there are a total or two


@dataclass(frozen=True, slots=True)
class Around:
    table: Table
    asides: Sequence[tuple[int, str]]  # of all tables: the rows passed over as no data, by their numbers
    number: int  # of the row, among all sheets
    cells: Sequence[Cell]

    @property
    def titles(self) -> Iterator[str]:
        """The name of the sheet, and the texts above the heads."""
        yield self.table.sheet.name
        yield from titles_of(self.table)

    @property
    def passed_over(self) -> Iterator[str]:
        """The rows above it in its sheet that are no data, the nearest first."""
        above = bisect_left(self.asides, (self.number, ""))
        for number, text in reversed(self.asides[max(above - _NEAR, 0) : above]):
            if number > self.table.before:
                yield text

    @property
    def unread(self) -> Iterator[tuple[str, str]]:
        """(head, text) of the cells in columns that are not known."""
        known = {*self.table.places.values(), *(at for of in self.table.ticks.values() for at in of)}
        heads = dict(self.table.sheet.first).get(self.table.header_row, [])
        for at, cell in enumerate(self.cells):
            if at not in known and cell.__class__ is str and not cell.isspace():
                yield shown(heads[at]) if at < len(heads) and heads[at] is not None else "", cell
