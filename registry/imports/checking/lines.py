"""One row of a sheet while it is being checked: its cells read, its problems, and its double in the same file."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.workbooks.reading import Cell
from registry.columns import Column
from registry.complaints import tallies as complaints
from registry.facilities import levels as vocabularies
from registry.imports.cells import plainly, read, shown
from registry.imports.checking.tables import Table

_REMEMBERED = 5_000  # different texts of one column whose reading is kept; most columns have few
NOTES_KEPT = 1_000


@dataclass(slots=True)
class Line:
    """One row of the sheet. `values` holds only what the row says."""

    number: int
    cells: list[Cell]
    places: dict[str, int]
    values: dict[str, object] = field(default_factory=dict)
    problems: list[dict] = field(default_factory=list)
    match: object = None
    dropped: bool = False  # the same as an earlier row
    noted: bool = False  # something was told about the cell just read

    def cell(self, name: str) -> Cell:
        at = self.places.get(name)
        cell = None if at is None else self.cells[at]
        return None if cell.__class__ is str and cell.isspace() else cell

    def wrong(self, name: str, title: str, problem: str, remedy: str) -> None:
        self.problems.append(entry(self.number, title, shown(self.cell(name)), problem, remedy))

    def has_problem_in(self, *titles: str) -> bool:
        return any(p["column"] in titles for p in self.problems)


class Notes:
    """Remarks worth a look: the first of them are kept, the rest counted."""

    def __init__(self):
        self.kept: list[dict] = []
        self.more = 0
        self.serious = vocabularies.serious_credit()
        self.repeated = complaints.rule_on(clock.today())

    def add(self, row: int, column: str, value: str, problem: str, remedy: str = "") -> None:
        if len(self.kept) < NOTES_KEPT:
            self.kept.append(entry(row, column, value, problem, remedy))
        else:
            self.more += 1


class Reader:
    """Reads the cells of the lines as their columns want them; the same text in one column is read once."""

    def __init__(self, table: Table, columns: tuple[Column, ...], notes: Notes):
        self._table, self._notes = table, notes
        here = [c for c in columns if c.field in table.places]
        self._columns = [(c.field, c, table.places[c.field], plainly(c), {}) for c in here]
        self._width = max((at for _, _, at, _, _ in self._columns), default=0) + 1
        self._filled = [c for c in columns if c.filled]

    def line(self, number: int, cells: list[Cell]) -> Line | None:
        """The line with its values and problems; None when none of its known cells says anything."""
        if len(cells) < self._width:
            cells = cells + [None] * (self._width - len(cells))
        line = Line(number, cells, self._table.places)
        merged, values, says = self._table.sheet.merged, line.values, False
        for name, col, at, quick, known in self._columns:
            cell = cells[at]
            if cell.__class__ is str:
                value = known.get(cell)
                if value is None:
                    if not cell or cell.isspace():
                        continue
                    value = quick(cell)
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
            elif cell is None:
                if merged and (number, at + 1) in merged:
                    line.wrong(name, col.title, "为空（被合并单元格盖住）", "取消合并单元格，每行分别填写")
            else:
                says = True
                value = self._slowly(line, cell, col)
                line.noted = False
                if value is not None:
                    values[name] = value
        if not says and not values:
            return None
        for col in self._filled:
            if not values.get(col.field) and not line.has_problem_in(col.title):
                line.wrong(col.field, col.title, f"没有填写{col.title}", f"填写{col.title}，或删去这一行")
        return line

    def _slowly(self, line: Line, cell: Cell, col: Column) -> object:
        """Read a cell about which there may be something to say; None when it says nothing."""
        reading = read(cell, col, serial_1904=self._table.sheet.serial_1904)
        if reading.problem:
            line.wrong(col.field, col.title, reading.problem, reading.remedy)
            return None
        for text in reading.notes:
            line.noted = True
            self._notes.add(line.number, col.title, shown(cell), text)
        return None if reading.value == "" else reading.value


class Doubles:
    """Rows that mean the same thing twice: the same data count once, different data are all faulty (X39, X40).

    Of the rows gone by, only their key, name and a digest stay in memory; what is found out about them later is kept
    in `later` and written to them at the end.
    """

    def __init__(self, key_columns: list[Column], name_title: str, remedy: str, notes: Notes):
        self._keys, self._name_title, self._remedy, self._notes = key_columns, name_title, remedy, notes
        self._by_key: dict[tuple[str, str], tuple[int, str, int]] = {}
        self._by_match: dict[int, tuple[int, str]] = {}
        self.later: dict[int, list[dict]] = {}
        self.dropped = 0

    def look_in_file(self, line: Line) -> None:
        values = line.values
        col = next((c for c in self._keys if values.get(c.field)), None)
        if col is None:
            return
        key, name = str(values[col.field]), str(values.get("name") or "")
        known = hash((*values, *(tuple(v) if v.__class__ is list else v for v in values.values())))
        first = self._by_key.setdefault((col.field, key), (line.number, name, known))
        if first[0] == line.number:
            return
        if first[2] == known:
            line.dropped = True
            self.dropped += not line.problems
            self._notes.add(line.number, col.title, key, f"与第 {first[0]} 行完全相同，只算一行")
            return
        what = "名称不同" if name != first[1] else "其他内容不同"
        for at, other in ((first[0], line.number), (line.number, first[0])):
            self._tell(line, at, entry(at, col.title, key, f"与第 {other} 行{col.title}相同、{what}", self._remedy))

    def look_at_match(self, line: Line, pk: int) -> None:
        """Two rows that mean the same entry of the registry by different codes."""
        first = self._by_match.setdefault(pk, (line.number, shown(line.cell("name"))))
        if first[0] == line.number or line.problems or first[0] in self.later:
            return
        for at, other, quoted in (
            (first[0], line.number, first[1]),
            (line.number, first[0], shown(line.cell("name"))),
        ):
            self._tell(
                line, at, entry(at, self._name_title, quoted, f"与第 {other} 行是名录里的同一个", "两行只留一行")
            )

    def _tell(self, line: Line, at: int, problem: dict) -> None:
        (line.problems if at == line.number else self.later.setdefault(at, [])).append(problem)


def entry(row: int, column: str, value: str, problem: str, remedy: str) -> dict:
    return {"row": row, "column": column, "value": value, "problem": problem, "remedy": remedy}


def as_json(values: dict) -> dict:
    """The values of a row as the batch keeps them: days and decimals as text."""
    return {n: x if x.__class__ is str else json_value(x) for n, x in values.items()}


def json_value(value):
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def groups_of(content: dict) -> list[str]:
    """Which kinds of change a row makes, as the chips of the check page name them."""
    if not content["code"]:
        return ["新增"]
    before, after = content.get("category", (None, None))
    new = content["new"]
    found = {
        "类别": before != after,
        "依据": bool(content.get("grounds") or content.get("ended")),
        "状态": "status" in new,
        "其他": bool(new.keys() - {"status"}) or bool(content.get("positive") or content.get("rating")),
    }
    return [name for name, there in found.items() if there]
