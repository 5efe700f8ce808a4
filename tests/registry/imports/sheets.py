"""Sheets as the limited process tells them, made of lists: for tests of where a table is and what its rows say."""

from benxi_shuangsuiji.documents.workbooks.reading import Sheet
from registry.columns import COLUMNS
from registry.imports.checking.doubles import joined
from registry.imports.checking.lines import lines_of
from registry.imports.checking.notes import Notes
from registry.imports.checking.tables import find_tables, side_by_side


def sheet(rows, *, name="名录", spans=(), first=1) -> Sheet:
    """`rows`: lists of cells, "" or None for an empty one; blank rows are there and not told, as by the process."""
    told = [(n, [None if c == "" else c for c in cells]) for n, cells in enumerate(rows, start=first)]
    told = [(n, cells) for n, cells in told if any(c is not None for c in cells)]
    last = told[-1][0] if told else 0
    return Sheet(name, told[:32], last_row=last, spans=tuple(spans))


def read(sheets, kind, leaving=None):
    """The lines of these sheets and what is told of them, as the check page does it."""
    sheets = [sheets] if isinstance(sheets, Sheet) else sheets
    columns = COLUMNS[kind]
    tables = find_tables(side_by_side(sheets, columns), columns, leaving)
    notes = Notes(tables)
    rows = lines_of(tables, columns, notes, lambda s: [(n, list(cells)) for n, cells in s.first], leaving)
    lines = list(joined(rows, columns, notes))
    notes.finish()
    return lines, notes
