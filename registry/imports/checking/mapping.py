"""What the mapping page shows and takes: the first rows of each sheet, and what their heads may mean (X19, X21)."""

import re
from collections.abc import Sequence

from benxi_shuangsuiji.documents.workbooks.reading import Cell, Sheet
from registry.columns import Column
from registry.imports.cells import shown
from registry.imports.checking.heads import Heads
from registry.imports.checking.tables import AREAS, HEADER_WITHIN, Grid, Table, copied

_SHEETS_SHOWN = 40


_NUMBER_OR_COMPANY = re.compile(r"(?=(.*\d){5})[0-9A-Za-z-]{7,}|.{3,}有限(责任)?公司")


def is_data(cells: Sequence[Cell], columns: Sequence[Column]) -> bool:
    """Whether a row says what no head says: the number of somebody, the name of a company, or words of some column and no head."""
    texts = [text for cell in cells if cell is not None and (text := "".join(shown(cell).split()))]
    if any(_NUMBER_OR_COMPANY.fullmatch(text) for text in texts):
        return True
    heads = Heads(columns)
    if any(heads.place([text])[0] for text in texts):
        return False
    return any(text in c.words for c in columns if c.kind in ("choice", "choices") for text in texts)


def taken_for_heads(tables: Sequence[Table], columns: Sequence[Column]) -> list[tuple[Table, str]]:
    """The tables whose chosen heads hold none that is known, and what stands there first: it may be the first of the data."""
    heads, found = Heads(columns), []
    for table in tables:
        cells = dict(table.sheet.first).get(table.header_row, [])
        grid = Grid(table.sheet)
        ats = [*table.places.values(), *(at for of in table.ticks.values() for at in of)]
        labels = [grid.labels(table.head_from, table.header_row, at) for at in ats]
        if cells and ats and not any(each and heads.place(each)[0] for each in labels):
            found.append((table, next((shown(cells[at]) for at in ats if at < len(cells) and cells[at]), "")))
    return found


def sheets_seen(sheets: list[Sheet]) -> list[dict]:
    """What the mapping page shows of each sheet: its first rows as text, and the merged areas among them."""
    return [
        {
            "name": s.name,
            "first": [[number, [shown(c) if c is not None else "" for c in cells]] for number, cells in s.first],
            "spans": [list(area) for area in s.spans[:AREAS] if area[0] <= HEADER_WITHIN],
        }
        for s in sheets[:_SHEETS_SHOWN]
        if s.first
    ]


def sheet_again(seen: dict) -> Sheet:
    """The sheet as the mapping page kept it."""
    first = [(number, [text or None for text in cells]) for number, cells in seen["first"]]
    return Sheet(seen["name"], first, spans=tuple(tuple(area) for area in seen.get("spans", ())))


def same_heads(sheet: Sheet, row: int, sheets: list[Sheet]) -> list[str]:
    """The other sheets in which the same heads stand in some row."""
    cells = dict(sheet.first).get(row, [])
    chosen = Table(sheet, row, {str(at): at for at, cell in enumerate(cells) if isinstance(cell, str)})
    return [s.name for s in sheets if s.name != sheet.name and copied(chosen, s)]
