"""From the rows of a sheet to lines: every cell read as its column wants it, what is no data passed over."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.workbooks.reading import Cell, Row, Sheet
from registry.codes import normal_word, plain
from registry.columns import Column
from registry.facilities import levels as vocabularies
from registry.imports.cells import plainly, read, shown
from registry.imports.checking.asides import Asides
from registry.imports.checking.heads import Heads
from registry.imports.checking.leaving import Leaving, Sections, order_of
from registry.imports.checking.line import Line, entry
from registry.imports.checking.notes import Notes
from registry.imports.checking.tables import Table, other_columns, titles_of
from registry.unit_words import unit_in_title

_REMEMBERED = 5_000  # different texts of one column whose reading is kept; most columns have few
_NOTHING = re.compile(
    r"无|暂无|没有|无此项|[不未]涉及|不适用|未办理?|未申领|无数据|N/?A|NULL|NONE|[-‐‑‒–—―−_/\\∕⁄·.…]{1,6}"
)
# “ ” alone in a cell repeats what stands above it, however it was typed.
_DITTO = frozenset(["同上", "同前", "〃", "″", '"', "”", "“", "''", "’’", "′′"])
_WITH_WORDS = ("bool", "choice", "choices")
# What looking something up leaves where nothing is, and what stands for what is to be filled in.
_LEFT = {"0", "0.0", "#", "*", "?", "待填", "待补", "待补充", "待核实", "待定", "不详", "未知"}
_NEVER_LEFT = {
    *("code", "certificate", "person", "section", "unit", "level", "card", "bool", "choice", "choices"),
    *("longitude", "latitude", "number"),  # of a number 0 is a value
}
_SPAN = re.compile(r"(有效期限?|有效起止日期|有效期起止(日期)?)[)）]?$")
_TICK = Column("", "", "bool")
_ENDS_A_SECTION = re.compile("(企业|单位|等级|评价|评级|评定)([(（].*[)）])?$")
_NOT_TICKED = re.compile("[不未非无否免]|取消|移出|调出|注销|撤销|停|待|拟|其他")
_TICKED = {"V", "●", "■", "★", "▲", "☑", "☆", "✅"}


class Reader:
    """Reads the cells of the lines as their columns want them; the same text in one column is read once."""

    def __init__(self, table: Table, columns: Sequence[Column], notes: Notes, leaving: Leaving | None = None):
        self._table, self._notes, self._leaving = table, notes, leaving
        here = [_with_words(c) for c in columns if c.field in table.places]
        self._fields = {c.field for c in columns}
        self._ticks = [(c, table.ticks[c.field]) for c in columns if c.field in table.ticks]
        self._spans = {c.field: head for c in here if c.last == c.field and (head := _head_of_a_span(table, c))}
        # About every cell of a span there is something to be said: nothing of it is read quickly.
        quick = {c.field: (lambda text: None) if c.field in self._spans else plainly(c) for c in here}
        self._columns = [(c.field, c, table.places[c.field], quick[c.field], {}) for c in here]
        self._ticked = {at for _, of in self._ticks for at in of}
        places = {table.places[c.field] for c in here}
        self._width = max(places | self._ticked, default=0) + 1
        self._filled = [c for c in columns if c.filled]
        self._sections = [c for c in columns if c.headed and c.field not in table.fields]
        self._heads = Heads(columns) if self._sections or self._ticks else None
        self._going = Sections(leaving) if leaving else None
        # Columns in which it may stand that somebody leaves: where, under what head, and what was found in them.
        others = other_columns(table) if leaving else {}
        others |= {table.places[n]: head for n, head in leaving.also_in.items() if n in table.places} if leaving else {}
        self._tells = [(at, head, {}) for at, head in others.items() if leaving.column(head)]
        self._asides = Asides(table, columns, self._is_section)
        self._above: list[Cell] = []  # the row of data before
        self._codes = [table.places[c.field] for c in here if c.kind in ("uscc", "permit")]
        self._merged = _merged_from(table, places | self._ticked)
        self._open: dict[
            int, tuple[int, int, object]
        ] = {}  # column → first and last row of what covers it, and its cell
        self._says, self._order = dict(table.says), 0
        self._sheet = table.sheet.name if table.named else ""
        self._title_of_names = next((c.title for c in here if c.field == "name"), "")
        self._under = next(filter(None, map(unit_in_title, [table.sheet.name, *titles_of(table)])), "")

    def line(self, row: int, cells: list[Cell]) -> Line | None:
        """The line with its values and problems; None for what is no data, and when none of its known cells says anything."""
        if len(cells) < self._width:
            cells = cells + [None] * (self._width - len(cells))
        number = row + self._table.before
        if self._leaving:
            self._leaving.here = False
        for at in self._codes:
            cell = cells[at]
            if cell.__class__ is str and len(cell) > 14 and cell.isascii() and cell.isalnum():
                break
        else:
            if text := self._asides.why_not_data(row, cells):
                return self._aside(number, text)
        line = Line(number, cells, self._table.places, before=self._table.before, sheet=self._sheet, under=self._under)
        values, says = line.values, False
        for name, col, at, quick, known in self._columns:
            cell = cells[at]
            if cell.__class__ is str:
                value = known.get(cell)
                if value is None:
                    if not cell or cell.isspace():
                        continue
                    if len(cell) < 8:
                        if _is_nothing(cell, col):
                            self._empty(number, cell, col)
                            continue
                        if cell.strip() in _DITTO:
                            cell = self._as_above(line, at, col)
                            if cell is None:
                                says = True
                                continue
                    value = quick(cell) if cell.__class__ is str else None
                    if value is None:
                        says = True
                        value = self._slowly(line, cell, col)
                        if value is None or line.noted:
                            line.noted = False
                            if value is not None:
                                values[name] = value
                            continue
                    if len(known) < _REMEMBERED:
                        known[cell] = value
                values[name] = value
            elif cell is not None:
                if cell == 0 and cell.__class__ is float and _is_nothing("0", col):
                    self._empty(number, "0", col)
                    continue
                says = True
                value = self._slowly(line, cell, col)
                line.noted = False
                if value is not None:
                    values[name] = value
        if self._merged:
            self._look_what_covers(line)
        if self._ticks:
            says = self._read_ticks(line) or says
        if not says and not values:
            texts = [shown(c) for c in cells if c is not None and not (c.__class__ is str and c.isspace())]
            return self._aside(number, "" if len(texts) == 1 and texts[0].isdecimal() else texts[0] if texts else "")
        if self._merged:
            self._fill_down(line)
        self._above = cells
        for name, value in self._says.items():
            values.setdefault(name, value)
        for col in self._filled:
            if col.field not in values and not line.has_problem_in(col.title):
                line.wrong(col.field, col.title, f"没有填写{col.title}", f"填写{col.title}，或删去这一行")
        if self._asides.other:
            line.problems.clear()
            text = f"上面又有一行表头，“{self._asides.other[:20]}”一列与这张表的表头不同，它下面的没有读取"
            line.wrong("name", self._title_of_names, text, "这是另一张表：移到另外的工作簿里，单独导入")
        if self._going:
            self._look_who_leaves(line)
        return line

    def _is_section(self, text: str) -> bool:
        """Whether a text where a name is looked for says of whom the next rows speak."""
        if self._leaving and self._leaving.section(text):
            return True
        return any(c.kind == "level" and self._heads.tick(text, c) for c in self._sections)

    def _look_who_leaves(self, line: Line) -> None:
        text = self._going.open
        said = f"在“{text[:24]}”这一节里" if text else ""
        for at, head, known in self._tells:
            cell = line.cells[at] if at < len(line.cells) else None
            if cell:
                cell = cell if cell.__class__ is str else shown(cell)
                if (told := known.get(cell)) is None:
                    told = self._leaving.cell(head, cell)
                    if len(known) < _REMEMBERED:
                        known[cell] = told
                if told and not self._leaving.stays(cell, line.values):
                    said, text = told, cell
                    break
        if said:
            line.leaving = self._leaving.here = True
            line.problems.clear()
            line.wrong("name", self._title_of_names, f"{said}，不导入", self._leaving.remedy(text))

    def _aside(self, number: int, text: str) -> None:
        self._notes.asides.append((number, text))
        if self._going:
            self._going.begins(text)
        order = order_of(text)
        self._under = unit_in_title(text) or self._under
        for column in self._sections:
            if word := self._heads.said(text, column):
                self._says[column.field], self._order = word, order
            elif 0 < order <= self._order or (order == self._order == 0 and _ENDS_A_SECTION.search(text.strip())):
                # What a section says ends with the next of its order: 未参评企业 have none of the levels before.
                self._says.pop(column.field, None)
                self._says |= {n: word for n, word in self._table.says.items() if n == column.field}

    def _slowly(self, line: Line, cell: Cell, col: Column) -> object:
        """Read a cell about which there may be something to say; None when it says nothing."""
        reading = read(cell, col, serial_1904=self._table.sheet.serial_1904)
        if reading.problem:
            line.wrong(col.field, col.title, reading.problem, reading.remedy)
            return None
        if reading.alone and col.field in self._spans and not self._take_alone(line, cell, col, reading.value):
            return None
        for text in reading.notes:
            line.noted = True
            self._notes.add(line.number, col.title, shown(cell), text)
        for name, value in reading.also.items():
            line.noted = True
            if name in self._fields:
                line.values.setdefault(name, value)
        return None if reading.value == "" else reading.value

    def _as_above(self, line: Line, at: int, col: Column) -> Cell:
        """The cell that 同上 stands for, where the row above may say the same; None when there is none."""
        above = self._above[at] if at < len(self._above) else None
        if above is not None and _is_nothing(shown(above), col):
            return None
        if above is None or not col.down or col.kind in ("person", "certificate") or shown(above) in _DITTO:
            text = "上一行这一格是空的，“同上”看不出是什么" if above is None else "这一列不能写“同上”"
            line.wrong(col.field, col.title, text, f"写明{col.title}；没有的留空")
            return None
        self._notes.count(line.number, col, "有 {n} 格写的是{texts}，按上一行读取", "", line.cells[at].strip())
        line.cells[at] = above
        return above

    def _take_alone(self, line: Line, cell: Cell, col: Column, day: date) -> bool:
        """One day under a head that means a first and a last one: what is over may as well be the first."""
        head = self._spans[col.field]
        if day < clock.today():
            remedy = f"写成“{day.isoformat()} 至 …”；是截止日的，把列名“{head}”改成“有效期至”"
            line.wrong(col.field, col.title, "只有一个日期，看不出是起始日还是截止日", remedy)
            return False
        line.noted = True
        self._notes.count(
            line.number, col, f"列名是“{head}”，有 {{n}} 格只写了一个日期，按截止日读取", "是起始日的，补上截止日"
        )
        return True

    def _empty(self, number: int, cell: str, col: Column) -> None:
        if not col.filled:
            self._notes.count(number, col, "有 {n} 格写的是{texts}，按空着读取", "", cell.strip())

    def _read_ticks(self, line: Line) -> bool:
        """Put the values together whose columns are ticked."""
        said = False
        for col, places in self._ticks:
            words = [text for text in [line.values.get(col.field)] if isinstance(text, str)]
            for at, word in places.items():
                cell = line.cells[at]
                if cell is None or (cell.__class__ is str and (not cell or cell.isspace() or _is_nothing(cell, _TICK))):
                    continue
                said = True
                ticked = _is_ticked(cell, word)
                if ticked is None and (text := shown(cell)) and self._is_class(text, word, col):
                    ticked = True
                    if normal_word(text) not in _TICKED:
                        self._notes.add(line.number, col.title, text, f"“{word}”一栏写了字，按选中读取")
                if ticked is None:
                    text = f"“{word}”一栏看不出选没选"
                    line.problems.append(
                        entry(line.row, col.title, shown(cell), text, "选中的打“√”，其余空着", line.sheet)
                    )
                elif ticked:
                    words += word.split("、")
            if words:
                text = "、".join(dict.fromkeys(words))
                line.values[col.field] = text if col.kind == "text" else self._slowly(line, text, col)
                line.noted = False
        return said

    def _is_class(self, text: str, word: str, col: Column) -> bool:
        """Whether words in a column of ticks say that it is ticked: the class itself, what pollutes, a mark with a remark."""
        plain = normal_word(text)
        if self._heads.tick(text, col) == word or _is_ticked(re.sub(r"\([^()]*\)", "", plain), word):
            return True
        return bool(re.search("[\u4e00-\u9fff]|[A-Z]{2}", plain)) and not _NOT_TICKED.search(plain) and len(plain) < 20

    def _look_what_covers(self, line: Line) -> None:
        """What merged areas begin here; a tick stands for every column and every row that it covers."""
        row, cells = line.row, line.cells
        for at, left, bottom in self._merged.get(row, ()):
            own = left == at or {left, at} <= self._ticked
            self._open[at] = row, bottom, cells[left] if own else _NOT_SAID
        for at in self._ticked & self._open.keys():
            _, bottom, cell = self._open[at]
            if cells[at] is None and row <= bottom and cell is not _NOT_SAID:
                cells[at] = cell

    def _fill_down(self, line: Line) -> None:
        """What a merged cell says of the rows below its first, where it says whom or what they are."""
        row, cells = line.row, line.cells
        for name, col, at, _, _ in self._columns:
            top, bottom, cell = self._open.get(at, (0, 0, None))
            if cells[at] is not None or row > bottom or (row == top and cell is not _NOT_SAID):
                continue
            if cell is _NOT_SAID or not col.down:
                if col.required or col.filled:
                    line.wrong(name, col.title, "为空（被合并单元格盖住）", "取消合并单元格，每行分别填写")
                elif cell is not _NOT_SAID and cell is not None:
                    text = "合并的单元格只算最上面一行，其余 {n} 处按空着读取"
                    self._notes.count(line.number, col, text, "各行都有的，取消合并，每行分别填写")
            elif cell is not None and not (cell.__class__ is str and _is_nothing(cell, col)):
                cells[at] = cell
                value = self._slowly(line, cell, col)
                line.noted = False
                if value is not None:
                    line.values[name] = value
                    self._notes.count(line.number, col, "合并的单元格按最上面的一格读取，{n} 处", "")


def _head_of_a_span(table: Table, column: Column) -> str:
    """The head where it means a time, and says nothing of its end: 有效期限, 有效期."""
    cells = dict(table.sheet.first).get(table.header_row, [])
    at = table.places[column.field]
    head = "".join(shown(cells[at]).split()) if at < len(cells) and cells[at] is not None else ""
    return head if _SPAN.search(head) else ""


_NOT_SAID = object()  # covered by a cell of another column


def _merged_from(table: Table, known: set[int]) -> dict[int, list[tuple[int, int, int]]]:
    """First row of a merged area → for each known column in it: the column, where the area begins, its last row."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for top, left, bottom, right in table.sheet.spans:
        if top > table.header_row:
            for at in known.intersection(range(left - 1, right)):
                found.setdefault(top, []).append((at, left - 1, bottom))
    return found


def lines_of(
    tables: Iterable[Table],
    columns: Sequence[Column],
    notes: Notes,
    rows_of: Callable[[Sheet], Iterable[Row]],
    leaving: Leaving | None = None,
) -> Iterator[Line]:
    """Every line of the tables, one sheet after the other."""
    for table in tables:
        reader = Reader(table, columns, notes, leaving)
        for row, cells in rows_of(table.sheet):
            if row > table.header_row and (line := reader.line(row, cells)) is not None:
                yield line


def _is_nothing(cell: str, column: Column) -> bool:
    """Whether the text says that there is nothing to say, and is no value of the column."""
    text = plain(cell).upper()
    if text in _LEFT:
        return column.kind not in _NEVER_LEFT and column.field != "name"
    if not _NOTHING.fullmatch(text):
        return False
    if column.kind not in _WITH_WORDS:
        return True
    reading = read(cell, column)
    return bool(reading.problem) or reading.value is None


def _is_ticked(cell: Cell, word: str) -> bool | None:
    text = normal_word(shown(cell))
    if text in _TICKED or text == normal_word(word):
        return True
    return read(cell, _TICK).value


def _with_words(column: Column) -> Column:
    """A column whose words are kept in the database, with those of today."""
    if column.kind != "level":
        return column
    return replace(column, words=vocabularies.words(column.field, clock.today()))
