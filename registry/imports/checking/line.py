"""One row of a sheet while it is being checked: what it says, and what is wrong with it."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from benxi_shuangsuiji.documents.workbooks.reading import Cell
from registry.imports.cells import shown


@dataclass(slots=True)
class Line:
    """One row of the sheet. `values` holds only what the row says."""

    number: int  # among all sheets that are read
    cells: list[Cell]
    places: dict[str, int]
    values: dict[str, object] = field(default_factory=dict)
    problems: list[dict] = field(default_factory=list)
    match: object = None
    dropped: bool = False  # the same as an earlier row
    noted: bool = False  # something was told about the cell just read
    before: int = 0  # rows of the sheets read before its own
    sheet: str = ""  # its name, where several are read
    leaving: bool = False  # it says that somebody is no longer listed: nothing else of it counts
    under: str = ""  # the unit whose all rows here are, as its section, its sheet or the title calls it

    @property
    def row(self) -> int:
        """Its number in its sheet."""
        return self.number - self.before

    def cell(self, name: str) -> Cell:
        at = self.places.get(name)
        cell = None if at is None else self.cells[at]
        return None if cell.__class__ is str and cell.isspace() else cell

    def wrong(self, name: str, title: str, problem: str, remedy: str) -> None:
        self.problems.append(entry(self.row, title, shown(self.cell(name)), problem, remedy, self.sheet))

    def forget_problem(self, title: str) -> None:
        self.problems[:] = [p for p in self.problems if p["column"] != title]

    def has_problem_in(self, *titles: str) -> bool:
        return any(p["column"] in titles for p in self.problems)


def place_of(number: int, sheets: Sequence[tuple[int, str]]) -> tuple[str, int]:
    """From the number among all sheets to sheet and row; `sheets`: how many rows lie before each, and its name."""
    if len(sheets) < 2 or not number:
        return "", number
    before, name = sheets[bisect_right([before for before, _ in sheets], number - 1) - 1]
    return name, number - before


def entry(row: int, column: str, value: str, problem: str, remedy: str, sheet: str = "") -> dict:
    """One thing to be told of a row; the sheet stands in it only where several are read."""
    told = {"row": row, "column": column, "value": value, "problem": problem, "remedy": remedy}
    return told | {"sheet": sheet} if sheet else told


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
        "其他": bool(new.keys() - {"status"})
        or bool(content.get("positive") or content.get("rating") or content.get("monitoring")),
    }
    return [name for name, there in found.items() if there]
