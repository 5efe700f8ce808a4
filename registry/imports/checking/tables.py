"""Where in a workbook the table is: which sheets, which rows hold the heads, which column holds which field (X18–X24)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from benxi_shuangsuiji.documents.workbooks.reading import Row, Sheet
from benxi_shuangsuiji.refusal import Refused
from registry.columns import Column
from registry.imports.cells import shown
from registry.imports.checking.grid import HEAD_ROWS, HEADER_WITHIN, Grid
from registry.imports.checking.heads import SILENT, Heads, normal_head
from registry.imports.checking.leaving import Leaving

_SHEETS_READ = 100
_LICENCE = re.compile("许可|执照|资质|批复|验收|备案|证(书|件)?(的)?(编?号|号码|名称)?$")


@dataclass(frozen=True)
class Table:
    """One sheet, the rows of its heads, and which column of the sheet (from 0) holds which field."""

    sheet: Sheet
    header_row: int  # the lowest row of the heads
    places: dict[str, int]
    unknown: list[str] = field(default_factory=list)
    twice: tuple[str, ...] = ()
    ticks: dict[str, dict[int, str]] = field(default_factory=dict)  # field → column of ticks → what a tick means
    head_from: int = 0  # the uppermost row of the heads
    before: int = 0  # rows of the sheets read before this one: no two rows of a workbook have one number
    named: bool = False  # several sheets are read: who names a row names its sheet
    says: dict[str, str] = field(default_factory=dict)  # what the name of the sheet says of every row

    @property
    def fields(self) -> set[str]:
        return {*self.places, *self.ticks}


class Unclear(Exception):
    """The table is not recognised: the registrar is asked. The text says what was expected and what was found."""

    def __init__(self, why: str, best: Table | None = None):
        super().__init__(why)
        self.best = best

    def found(self) -> dict:
        """Where the mapping page begins: the sheet and the row that look most like it."""
        return {"sheet": self.best.sheet.name, "header_row": self.best.header_row} if self.best else {}


def find_tables(sheets: list[Sheet], columns: Sequence[Column], leaving: Leaving | None = None) -> list[Table]:
    """Recognise the heads by name, within the first thirty rows of a sheet; all sheets with the same head are one table."""
    if not any(sheet.first for sheet in sheets):
        raise Refused("工作表是空的。下载模板，填好后再上传。")
    heads = Heads(columns)
    found = [t for sheet in sheets[:_SHEETS_READ] if (t := _table_in(sheet, heads))]
    tables = _staying([t for t in found if not _is_cards(t, heads)], leaving)
    full = [t for t in tables if not _lacking(t, heads)]
    if not tables:
        if found:
            raise Refused(
                f"工作表“{found[0].sheet.name}”像是一企一表：列名在左边，内容在右边。"
                "改成一行一家：第一行写列名，下面每行一家。可以下载模板，照着填。"
            )
        cells = next(sheet.first[0][1] for sheet in sheets if sheet.first)
        first = "、".join(shown(c)[:12] for c in cells[:8] if c is not None)
        raise Unclear(
            f"前 {HEADER_WITHIN} 行里未找到表头{heads.wanted()}。表中的第一行是：{first}。"
            "在下面指明哪一行是表头、哪一列是什么；表头还在下面的，删去它上面的行，重新上传；"
            "一行全挤在一格里的，先用“数据”里的“分列”分开。"
        )
    best = max(full or tables, key=_score)
    same = [t for t in full if _alike(t, best)]
    where = f"工作表“{best.sheet.name}”第 {best.header_row} 行"
    if again := next((t for t in (best, *same) if t.twice), None):
        titles = "、".join(f"“{title}”" for title in again.twice)
        side = any(c.field == "name" and c.title in again.twice for c in columns)
        way = "左右并排几栏的，把右边的剪切到左边一栏的下面，重新上传；不是的，" if side else ""
        where = f"工作表“{again.sheet.name}”第 {again.header_row} 行"
        raise Unclear(f"{where}表头重复：{titles}。{way}选择用哪一列，其余不读取。", again)
    if lacking := _lacking(best, heads):
        extra = f"；认不出的列：{'、'.join(f'“{u}”' for u in best.unknown[:8])}" if best.unknown else ""
        raise Unclear(f"{where}的表头缺少{'、'.join(lacking)}{extra}。", best)
    if rivals := _rivals(best, heads):
        raise Unclear(
            f"{where}有几列像是等级：{'、'.join(f'“{head}”' for head in rivals)}。选择用哪一列，其余不读取。", best
        )
    return one_table(same, heads)


def tables_by_choice(
    sheets: list[Sheet], layout: dict, columns: Sequence[Column], leaving: Leaving | None = None
) -> list[Table]:
    """The tables as the registrar said: {"sheet", "header_row", "places": {field: column from 0}, "ticks", "all"}."""
    heads = Heads(columns)
    sheet = next((s for s in sheets if s.name == layout["sheet"]), None)
    if sheet is None:
        raise Refused(f"工作簿里没有“{layout['sheet']}”这张工作表。重新选择。")
    ticks = {name: {int(at): word for at, word in of.items()} for name, of in layout.get("ticks", {}).items()}
    row = layout["header_row"]
    top = head_at(sheet, row, columns).head_from
    chosen = Table(sheet, row, layout["places"], ticks=ticks, head_from=top)
    if lacking := _lacking(chosen, heads):
        raise Refused(f"还没有指明哪一列是{'、'.join(lacking)}。")
    tables = [chosen]
    if layout.get("all"):
        tables = [t for s in sheets if (t := chosen if s is sheet else copied(chosen, s))]
    return one_table(_staying(tables, leaving), heads)


def _staying(tables: list[Table], leaving: Leaving | None) -> list[Table]:
    """Without the sheets whose name or title says that all in them leave."""
    if leaving is None:
        return tables
    names, titles = leaving.section, leaving.title
    said = {t.sheet.name: [*filter(names, [t.sheet.name]), *filter(titles, titles_of(t))] for t in tables}
    going = {name: texts[0] for name, texts in said.items() if texts}
    if going and len(going) == len(tables):
        where, said = next(iter(going.items()))
        raise Refused(
            f"工作表“{where}”写的是“{said[:40]}”，不是列入的。{leaving.remedy_of_all()}"
            "弄错了的，改掉工作表名和标题里的这几个字，重新上传。"
        )
    leaving.sheets = list(going)
    return [t for t in tables if t.sheet.name not in going]


def titles_of(table: Table) -> list[str]:
    """The texts above the heads."""
    top = table.head_from or table.header_row
    return [c for number, cells in table.sheet.first if number < top for c in cells if isinstance(c, str) and c.strip()]


def other_columns(table: Table) -> dict[int, str]:
    """The columns that are no field, with what stands above them."""
    grid, top = Grid(table.sheet), table.head_from or table.header_row
    used = {*table.places.values(), *(at for of in table.ticks.values() for at in of)}
    return {at: "".join(grid.labels(top, table.header_row, at)[:1]) for at in range(grid.width) if at not in used}


def one_table(tables: list[Table], heads: Heads) -> list[Table]:
    """Several sheets read one after the other: their rows go on counting, and the name of a sheet may say what its rows are."""
    before, result = 0, []
    for table in tables:
        says = {
            c.field: word
            for c in heads.columns
            if c.headed and c.field not in table.fields and (word := _said_of_all(table, c, heads))
        }
        result.append(replace(table, before=before, named=len(tables) > 1, says=says))
        before += max(table.sheet.last_row, table.header_row)
    return result


def _said_of_all(table: Table, column: Column, heads: Heads) -> str:
    """What the name of the sheet says of all its rows, or of a level a title above the heads."""
    titles = titles_of(table) if column.kind == "level" else []
    return next((word for text in (table.sheet.name, *titles) if (word := heads.said(text, column))), "")


def _lacking(table: Table, heads: Heads) -> list[str]:
    """What is neither in a column nor said by the sheet, a title or the first section."""
    said = set()
    for column in heads.columns:
        if column.headed and column.required and column.field not in table.fields:
            first = [shown(c) for _, cells in _below(table.sheet, table.header_row)[:1] for c in cells if c is not None]
            section = len(first) < 3 and any(heads.tick(text, column) for text in first)
            if section or _said_of_all(table, column, heads):
                said.add(column.field)
    return heads.lacking(table.fields | said)


_OF_A_LEVEL = re.compile("等级|级别|结果|评价|评定|复核|复评|最终|调整")
_OTHER_LEVEL = re.compile("上年|上一年|上次|去年|往年|原|纳税|绩效|安全|海关|劳动")


def _rivals(table: Table, heads: Heads) -> list[str]:
    """The heads of columns that hold levels, if beside the one that was recognised there are others (初评, 复核后)."""
    for column in heads.columns:
        if column.kind != "level" or not column.required or column.field not in table.places:
            continue
        found = []
        for at, head in other_columns(table).items():
            if _OF_A_LEVEL.search(head) and not _OTHER_LEVEL.search(head):
                cells = [c for _, row in _below(table.sheet, table.header_row) if at < len(row) and (c := row[at])]
                right = sum(1 for c in cells if heads.value(c, column))
                if right and 2 * right >= len(cells):
                    found.append(head)
        if found:
            grid, top = Grid(table.sheet), table.head_from or table.header_row
            return [*grid.labels(top, table.header_row, table.places[column.field])[:1], *found]
    return []


def head_at(sheet: Sheet, row: int, columns: Sequence[Column]) -> Table:
    """What the heads mean whose lowest row is this one; with this the mapping page begins."""
    heads, grid = Heads(columns), Grid(sheet)
    tops = [top for top in range(row, max(row - HEAD_ROWS, 0), -1) if grid.may_be_head(top, row)]
    return max((_table_of(sheet, grid, top, row, heads) for top in tops or [row]), key=lambda t: _fits(t, heads))


def not_read(sheets: list[Sheet], tables: list[Table], others: Sequence[str] = ()) -> list[str]:
    """Sheets with something in them that are not read; the explanation of our own templates is none of them.

    `others`: sheets of which it is told otherwise why.
    """
    used = {id(t.sheet) for t in tables}
    return [s.name for s in sheets if s.first and id(s) not in used and s.name not in others and not _is_explanation(s)]


def side_by_side(sheets: list[Sheet], columns: Sequence[Column]) -> list[Sheet]:
    """Sheets in which the same heads stand several times in one row are as many sheets."""
    heads = Heads(columns)
    return [part for sheet in sheets for part in _parts(sheet, heads)]


def _parts(sheet: Sheet, heads: Heads) -> list[Sheet]:
    for number, cells in sheet.first:
        texts = {at: normal_head(c) for at, c in enumerate(cells) if isinstance(c, str) and c.strip()}
        columns = [heads.column(text) for text in texts.values()]
        if number <= HEADER_WITHIN and sum(1 for c in columns if c and c.field == "name") > 1:
            first = next(iter(texts.values()))
            starts = [at for at, text in texts.items() if text == first]
            ends = [*starts[1:], len(cells)]
            groups = [{at - a: t for at, t in texts.items() if a <= at < z} for a, z in zip(starts, ends, strict=True)]
            if len(starts) > 1 and len(groups[0]) > 1 and all(group == groups[0] for group in groups):
                ends[-1] = starts[-1] + starts[1] - starts[0]
                return [
                    sheet.part(f"{sheet.name}（第 {n} 栏）", number, a, z)
                    for n, (a, z) in enumerate(zip(starts, ends, strict=True), start=1)
                ]
    return [sheet]


def _table_in(sheet: Sheet, heads: Heads) -> Table | None:
    grid, best = Grid(sheet), None
    rows = [number for number, _ in sheet.first if number <= HEADER_WITHIN]
    known = {
        row for row in rows if any(heads.place([text])[0] for at in range(grid.width) if (text := grid.text(row, at)))
    }
    for bottom in rows:
        tops = (
            top
            for top in range(bottom, max(bottom - HEAD_ROWS, 0), -1)
            if grid.may_be_head(top, bottom) and not known.isdisjoint(range(top, bottom + 1))
        )
        tables = [t for top in tops if (t := _table_of(sheet, grid, top, bottom, heads)).places]
        table = max(tables, key=lambda t: _fits(t, heads), default=None)
        if table and (best is None or _score(table) > _score(best)):
            best = table
    return best


def _table_of(sheet: Sheet, grid: Grid, top: int, bottom: int, heads: Heads) -> Table:
    places: dict[str, int] = {}
    ticks: dict[str, dict[int, str]] = {}
    unknown, twice = [], {}
    licences: list[bool] = []  # the licences to the left: whether each is that of discharge
    for at in range(grid.width):
        if not (labels := grid.labels(top, bottom, at)):
            continue
        column, word = heads.place(labels)
        of_discharge = any("排污" in label for label in labels)
        if column and column.field == "permit_valid_to" and not of_discharge and not all(licences[-1:]):
            column = None  # 有效期至 is the last day of the licence before it
        if of_discharge or (column and column.field in ("permit_no", "permit_category")):
            licences.append(True)
        elif any(_LICENCE.search(label) for label in labels):
            licences.append(False)
        if column is None:
            if normal_head(labels[0]) not in SILENT:
                unknown.append(labels[0][:20])
        elif word:
            ticks.setdefault(column.field, {})[at] = word
        elif column.field not in places:
            places[column.field] = at
        else:
            of = {n: grid.labels(top, bottom, n)[0] for n in (places[column.field], at)}
            if better := _better(sheet, bottom, heads, column, of):
                (places[column.field],) = better
                unknown += [of[n][:20] for n in of if n not in better and of[n] != of[better[0]]]
            else:
                twice[column.title] = True
    for name, of in list(ticks.items()):
        # A single column under such a head holds the words themselves, unless it is called by one of them.
        column = next(c for c in heads.columns if c.field == name)
        (at, word), *more = of.items()
        if not more and name not in places and word not in column.each.values():
            places[name] = at
            del ticks[name]
    return Table(sheet, bottom, places, unknown, tuple(twice), ticks, top)


def _better(sheet: Sheet, row: int, heads: Heads, column: Column, labels: dict[int, str]) -> tuple[int, ...]:
    """Of two columns of one field that which alone can be read, or has its name; () where it is to be asked."""
    one, other = labels
    cells = {at: [c[at] if at < len(c) else None for _, c in _below(sheet, row)] for at in labels}
    values = {at: [heads.value(cell, column) for cell in of] for at, of in cells.items()}
    if values[one] == values[other] and any(value is not None for value in values[one]):
        return (one,)  # as far as can be seen they say the same
    right = {at: [v is not None for v, c in zip(values[at], cells[at], strict=True) if c is not None] for at in labels}
    if column.kind not in ("text", "name"):
        found = [at for at in labels if right[at] and all(right[at])]
        if len(found) == 1 and not any(right[one + other - found[0]]):
            return tuple(found)
    found = [at for at in labels if normal_head(labels[at]) == normal_head(column.title)]
    return tuple(found) if len(found) == 1 and not (column.required or column.one_of) else ()


def _below(sheet: Sheet, row: int) -> list[Row]:
    return [(number, cells) for number, cells in sheet.first if number > row]


def _score(table: Table) -> int:
    return len(table.places) + sum(map(len, table.ticks.values())) - len(table.twice)


def _fits(table: Table, heads: Heads) -> tuple[int, ...]:
    """Of the heads that end in one row the best: as many say the same, the higher, for 编号 is known by what is above it."""
    return _score(table), -len(heads.lacking(table.fields)), -len(table.twice), -table.head_from


def _alike(table: Table, best: Table) -> bool:
    """The same head, but for a column that one street has and another has not."""
    return 3 * len(table.fields & best.fields) >= 2 * len(table.fields | best.fields)


def _is_cards(table: Table, heads: Heads) -> bool:
    """One firm a card: below the first heads stand other heads beside their values, and no row of data."""
    head = dict(table.sheet.first).get(table.header_row, [])
    rows = labels = 0
    for _, cells in _below(table.sheet, table.header_row):
        if cells == head:
            continue  # the head again, on the next page
        rows += 1
        here = [c for at in table.places.values() if at < len(cells) and (c := cells[at]) is not None]
        labels += bool(here) and all(isinstance(c, str) and heads.column(c) is not None for c in here)
    return labels > 0 and 2 * labels >= rows


def copied(chosen: Table, sheet: Sheet) -> Table | None:
    """The same table on another sheet, where the same heads stand in the same columns."""
    ats = [*chosen.places.values(), *(at for of in chosen.ticks.values() for at in of)]
    wanted = _texts_at(dict(chosen.sheet.first).get(chosen.header_row, []), ats)
    if any(wanted):
        for number, cells in sheet.first:
            if number <= HEADER_WITHIN and _texts_at(cells, ats) == wanted:
                top = number - (chosen.header_row - chosen.head_from if chosen.head_from else 0)
                return replace(chosen, sheet=sheet, header_row=number, head_from=max(top, 1))
    return None


def _texts_at(cells: list, ats: list[int]) -> list[str]:
    return [normal_head(c) if at < len(cells) and isinstance(c := cells[at], str) else "" for at in ats]


def _is_explanation(sheet: Sheet) -> bool:
    return sheet.first[0][1][:3] == ["列名", "必填", "怎样填"]
