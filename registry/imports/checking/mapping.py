"""What the mapping page shows and takes: the first rows of each sheet, and what their heads may mean (X19, X21)."""

import re
from collections.abc import Sequence

from benxi_shuangsuiji.documents.workbooks.reading import Cell, Sheet
from registry.columns import Column
from registry.imports.cells import shown
from registry.imports.checking.grid import AREAS, HEADER_WITHIN, Grid
from registry.imports.checking.heads import Heads
from registry.imports.checking.tables import Table, copied

_SHEETS_SHOWN = 40
_NUMBER = re.compile(r"(?=(.*\d){5})[0-9A-Za-z-]{7,}")
_LIKE_A_HEAD = re.compile(
    ".{0,12}(名称|名|名单|代码|编号|号码|号|证|日期|时间|年度|地址|电话|方式|类别|类型|类|等级|级别|结果|姓名|单位|企业|备注|说明|序号|情况|人|区县|县区"
    "|区划|区域|行业|原因|依据|批次|状态|性别|职务|经度|纬度|[(（].*[)）])|[A-Za-z.()]+"
)


def is_data(cells: Sequence[Cell], columns: Sequence[Column]) -> bool:
    """Whether a row says what no head says: the number of somebody, or nothing that is, or sounds like, a head."""
    texts = [text for cell in cells if cell is not None and (text := "".join(shown(cell).split()))]
    if any(_NUMBER.fullmatch(text) for text in texts):
        return True
    heads = Heads(columns)
    return bool(texts) and not any(heads.place([text])[0] or _LIKE_A_HEAD.fullmatch(text) for text in texts)


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
