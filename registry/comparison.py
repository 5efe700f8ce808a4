"""What the rows of a workbook mean and what they would change, one way for every kind (ui.md 4.10, reliability.md C).

prepare → match → content → missing → absent → finish. A kind says in its own room how a row finds its entry (`look_up`, `find`) and what
it would change (`change`); everything else stands here, once.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from benxi_shuangsuiji.accounts.models import Unit
from registry.codes import lost_zeros, name_key
from registry.columns import Column
from registry.imports import kinds
from registry.imports.cells import shown

# A blank, a line break or another bracket in one of these is no change; nor is a zero that a spreadsheet took from those.
_NAMES = frozenset({"name", "operator_name"})
_NUMBERS = frozenset({"certificate_no", "contact_phone"})
_ROWS_NAMED = 20


class Comparison:
    """One workbook against what is there. Some thousand lines at a time; of what is there, only what they mean is in memory."""

    by: tuple[str, ...] = ()  # what no two rows may share unless they say the same, the strongest first
    one_row_each = True  # two rows that mean one entry are a mistake
    double_remedy = "两行只留一行"
    foreign_remedy = ""  # what to do where one of them is not
    names_everybody = False  # whether it says something about whom it leaves out

    def __init__(self, kind: str, unit: Unit, today: date, notes, asked: Mapping[str, Any]):
        self.kind, self.unit, self.today, self.notes, self.asked = kind, unit, today, notes, asked
        self.columns: dict[str, Column] = {c.field: c for c in kinds.of(kind).columns()}
        self.keys = [self.columns[name] for name in self.by if name in self.columns]
        self.matched: set[int] = set()
        self.foreign: dict[int, None] = {}  # rows that are another unit's, in their order

    # --- what a kind says ---

    def prepare(self, lines: list) -> None:
        """What is to be said or set right about the rows before one is compared with another."""

    def look_up(self, lines: list) -> Any:
        """Whatever may be meant by these lines, in as few queries as will do."""

    def find(self, line, found: Any) -> None:
        """Put `line.match`, or say why it cannot be told, or `leave` it to another unit."""
        raise NotImplementedError

    def change(self, line, entry: Any) -> dict | None:
        """What the row would do, as the batch keeps it and its `write` carries it out; None for nothing."""
        raise NotImplementedError

    def missing(self) -> int:
        """How many entries stand there and are not in the sheet."""
        return 0

    def absent(self) -> list[dict]:
        """What would change for those whom the sheet does not name."""
        return []

    def finish(self) -> None:
        """What only the whole sheet shows."""
        if self.foreign:
            rows = "、".join(map(self.notes.where, list(self.foreign)[:_ROWS_NAMED]))
            more = "等" if len(self.foreign) > _ROWS_NAMED else ""
            text = f"{len(self.foreign):,} 家属于其他单位，没有读取"
            self.notes.first(next(iter(self.foreign)), "", f"{rows}{more}", text, self.foreign_remedy)

    # --- the same for all ---

    def match(self, lines: list) -> None:
        """Find what each line means; say what is wrong where nothing or several things are meant."""
        found = self.look_up(lines)
        for line in lines:
            self.find(line, found)
            if line.match is not None and not line.leaving:
                self.matched.add(line.match.pk)

    def content(self, line) -> dict | None:
        return None if line.number in self.foreign else self.change(line, line.match)

    def see(self, cells: list) -> None:
        """Every row of every sheet passes here, read or refused, where the kind `names_everybody`."""

    def see_refused(self, cells: list) -> None:
        """And every row that is refused."""

    def leave(self, line) -> None:
        """The row is another unit's: no mistake of this one, and nothing of it is read."""
        line.problems.clear()
        self.foreign[line.number] = None

    def title(self, name: str) -> str:
        return self.columns[name].title if name in self.columns else name

    def wrong(self, line, name: str, problem: str, remedy: str) -> None:
        line.wrong(name, self.title(name), problem, remedy)

    def note(self, line, name: str, problem: str, remedy: str = "") -> None:
        self.notes.add(line.number, self.title(name), shown(line.cell(name)), problem, remedy)

    def differing(self, line, entry: Any, said: Mapping[str, Any]) -> dict[str, Any]:
        """What the row says otherwise than it stands there; the spelling that is there stays."""
        if entry is None:
            return dict(said)
        found = {}
        for name, value in said.items():
            held = getattr(entry, name)
            if held == value or (name in _NAMES and name_key(held) == name_key(value)):
                continue
            if name in _NUMBERS and lost_zeros(_digits(value), _digits(held)):
                self.note(line, name, f"少了前面的 0，名录里是 {held}，没有改", "整列设为“文本”格式，重新填写")
                continue
            found[name] = value
        return found


def before_and_after(entry: Any, changed: Mapping[str, Any]) -> dict[str, dict]:
    """Old and new values as the batch keeps them: days and decimals as text."""
    old = {name: getattr(entry, name) for name in changed} if entry else {}
    return {"new": as_json(changed), "old": as_json(old)}


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: x if x.__class__ is str else json_value(x) for name, x in values.items()}


def json_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _digits(number: str) -> str:
    return (number or "").replace("-", "")
