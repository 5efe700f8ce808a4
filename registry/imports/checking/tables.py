"""Where in a workbook the table is: which sheet, which row holds the heads, which column holds which field (X18–X24)."""

import unicodedata
from dataclasses import dataclass, field

from benxi_shuangsuiji.documents.workbooks.reading import Sheet
from benxi_shuangsuiji.refusal import Refused
from registry.columns import Column
from registry.imports.cells import shown

HEADER_WITHIN = 10


@dataclass(frozen=True)
class Table:
    """The sheet, the row of its heads, and which column of the sheet (from 0) holds which field."""

    sheet: Sheet
    header_row: int
    places: dict[str, int]
    unknown: list[str] = field(default_factory=list)
    twice: tuple[str, ...] = ()


class Unclear(Exception):
    """The table is not recognised: the registrar is asked. The text says what was expected and what was found."""

    def __init__(self, why: str, best: Table | None = None):
        super().__init__(why)
        self.best = best

    def found(self) -> dict:
        """Where the mapping page begins: the sheet and the row that look most like it."""
        return {"sheet": self.best.sheet.name, "header_row": self.best.header_row} if self.best else {}


def find_table(sheets: list[Sheet], columns: tuple[Column, ...]) -> Table:
    """Recognise the heads by name, within the first ten rows of a sheet."""
    if not any(sheet.first for sheet in sheets):
        raise Refused("工作表是空的。下载模板，填好后再上传。")
    found = [t for t in (_table_in(sheet, columns) for sheet in sheets) if t]
    full = [t for t in found if not _lacking(t, columns)]
    if len(full) > 1:
        names = "、".join(f"“{t.sheet.name}”" for t in full)
        raise Unclear(f"有 {len(full)} 张工作表都带表头：{names}。选择要导入的一张。", full[0])
    wanted = "、".join(f"“{c.title}”" for c in columns if c.required)
    if not found:
        raise Unclear(f"前 {HEADER_WITHIN} 行里未找到表头{wanted}。表中的第一行是：{_first_texts(sheets)}。")
    table = full[0] if full else max(found, key=lambda t: len(t.places))
    if table.twice:
        heads = "、".join(f"“{title}”" for title in table.twice)
        raise Unclear(
            f"工作表“{table.sheet.name}”第 {table.header_row} 行表头重复：{heads}。选择用哪一列，其余不读取。", table
        )
    if lacking := _lacking(table, columns):
        names = "、".join(f"“{title}”" for title in lacking)
        extra = f"；认不出的列：{'、'.join(f'“{u}”' for u in table.unknown[:8])}" if table.unknown else ""
        raise Unclear(f"工作表“{table.sheet.name}”第 {table.header_row} 行的表头缺少{names}{extra}。", table)
    return table


def table_by_choice(sheets: list[Sheet], layout: dict, columns: tuple[Column, ...]) -> Table:
    """The table as the registrar said: {"sheet", "header_row", "places": {field: column from 0}}."""
    sheet = next((s for s in sheets if s.name == layout["sheet"]), None)
    if sheet is None:
        raise Refused(f"工作簿里没有“{layout['sheet']}”这张工作表。重新选择。")
    table = Table(sheet, layout["header_row"], layout["places"])
    if lacking := _lacking(table, columns):
        names = "、".join(f"“{title}”" for title in lacking)
        raise Refused(f"还没有指明哪一列是{names}。")
    return table


def guess(heads: list[str], columns: tuple[Column, ...]) -> dict[int, str]:
    """Column of the sheet → field, as far as the heads say; with this the mapping page begins."""
    table = _table_of(Sheet("", []), 0, heads, columns)
    return {at: name for name, at in table.places.items()}


def sheets_seen(sheets: list[Sheet]) -> list[dict]:
    """What the mapping page shows of each sheet: its first rows as text."""
    return [
        {
            "name": s.name,
            "first": [[number, [shown(c) if c is not None else "" for c in cells]] for number, cells in s.first],
        }
        for s in sheets
        if s.first
    ]


def _table_in(sheet: Sheet, columns: tuple[Column, ...]) -> Table | None:
    best: Table | None = None
    for number, cells in sheet.first:
        if number > HEADER_WITHIN:
            break
        table = _table_of(sheet, number, cells, columns)
        if len(table.places) >= 2 and (best is None or len(table.places) > len(best.places)):
            best = table
    return best


def _table_of(sheet: Sheet, number: int, cells: list, columns: tuple[Column, ...]) -> Table:
    known = {normal_head(text): c for c in columns for text in (c.title, *c.also)}
    # A head that another column calls its own name is never taken as a synonym.
    known |= {normal_head(c.title): c for c in columns}
    places: dict[str, int] = {}
    unknown, twice = [], {}
    for at, cell in enumerate(cells):
        if not isinstance(cell, str) or not cell.strip():
            continue
        col = known.get(normal_head(cell))
        if col is None:
            unknown.append(cell.strip()[:20])
        elif col.field in places:
            twice[col.title] = True
        else:
            places[col.field] = at
    return Table(sheet, number, places, unknown, tuple(twice))


def normal_head(text: str) -> str:
    """Heads are compared without blanks, line breaks, stars and remarks in parentheses of the template kind."""
    text = unicodedata.normalize("NFKC", text)
    for gone in ("*", "※", "(必填)", "(选填)", "(18位)", "(22位)", ":", '"'):
        text = text.replace(gone, "")
    return "".join(text.split()).upper()


def _lacking(table: Table, columns: tuple[Column, ...]) -> list[str]:
    return [c.title for c in columns if c.required and c.field not in table.places]


def _first_texts(sheets: list[Sheet]) -> str:
    for sheet in sheets:
        for _, cells in sheet.first[:1]:
            return "、".join(shown(c)[:12] for c in cells[:8] if c is not None)
    return "（空）"
