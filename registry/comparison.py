"""What the rows of a workbook mean and what they would change, one way for every kind (ui.md 4.10, reliability.md C).

prepare → match → content → missing → absent → finish. A kind says in its own room how a row finds its entry (`look_up`, `find`) and what
it would change (`change`); everything else stands here, once.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from registry.codes import lost_zeros, name_key
from registry.columns import Column
from registry.divisions import DIVISIONS, whole_city
from registry.imports import kinds
from registry.imports.cells import shown
from registry.unit_words import unit_key, unit_meant, unit_words

# A blank, a line break or another bracket in one of these is no change; nor is a zero that a spreadsheet took from those.
_NAMES = frozenset({"name", "operator_name"})
_NUMBERS = frozenset({"certificate_no", "contact_phone"})
_ROWS_NAMED = 20
RUNNING_NUMBER = re.compile(r"\(?\d{1,4}[).、]?")  # under 编号 most lists number their rows


class Comparison:
    """One workbook against what is there. Some thousand lines at a time; of what is there, only what they mean is in memory."""

    by: tuple[str, ...] = ()  # what no two rows may share unless they say the same, the strongest first
    one_row_each = True  # two rows that mean one entry are a mistake
    double_remedy = "两行只留一行"
    counted = "家"
    foreign_remedy = ""  # what to do where one of them is not
    code_remedy = ""  # of a number that only counts the rows
    names_everybody = False  # whether it says something about whom it leaves out

    def __init__(self, kind: str, unit: Unit, today: date, notes, asked: Mapping[str, Any]):
        self.kind, self.unit, self.today, self.notes, self.asked = kind, unit, today, notes, asked
        self.columns: dict[str, Column] = {c.field: c for c in kinds.of(kind).columns()}
        self.keys = [self.columns[name] for name in self.by if name in self.columns]
        self.matched: set[int] = set()
        self.foreign: dict[int, None] = {}  # rows that are another unit's, in their order
        self._above = 0, ""  # the sheet and the unit last named in the rows gone by

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
            text = f"{len(self.foreign):,} {self.counted}属于其他单位，没有读取"
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

    def said(self, line) -> dict | None:
        """What the row says of its entry, for kinds whose lists are kept to compare with."""
        return None

    def see(self, cells: list) -> None:
        """Every row of every sheet passes here, read or refused, where the kind `names_everybody`."""

    def see_refused(self, cells: list) -> None:
        """And every row that is refused."""

    def leave(self, line) -> None:
        """The row is another unit's: no mistake of this one, and nothing of it is read."""
        line.problems.clear()
        self.foreign[line.number] = None

    def forget_running_number(self, line, known=()) -> None:
        code = line.values.get("code")
        if code and code not in known and RUNNING_NUMBER.fullmatch(code):
            del line.values["code"]
            text = f"有 {{n}} 格不是{self.title('code')}，按行的序号看待，没有读取"
            self.notes.count(line.number, self.columns["code"], text, self.code_remedy)

    # --- whose a row is ---

    @cached_property
    def county(self) -> str:
        """The district of a branch; the city team's objects stand in all of them (七(一)4-a)."""
        return self.unit.division_code if self.unit.kind == UnitKind.BRANCH else ""

    @cached_property
    def meant(self) -> Callable[[str], Unit | None]:
        units = list(Unit.objects.drawing().open())
        return cache(lambda said: unit_meant(said, units))

    def unit_said(self, line) -> str:
        """Whose the row is by its column, its section, its sheet or the title; "" where nobody is named."""
        if said := line.values.get("unit"):
            return named.short_name if (named := self.meant(said)) else ""
        under = line.under
        # Objects of the city team stand in every county: the name of one says where they are, not whose.
        says = (
            line.values.get("division_code", whole_city()) == whole_city()
            if self.county
            else re.search("[局队科]|市直", under)
        )
        return self._whose(under) if under and says else ""

    @cached_property
    def _whose(self) -> Callable[[str], str]:
        """The unit that such words mean: its short name where it is this one."""
        own = unit_words(self.unit)
        return cache(lambda under: self.unit.short_name if unit_key(under) in own else under)

    def other_unit(self, line) -> str:
        return "" if (said := self.unit_said(line)) == self.unit.short_name else said

    def not_ours(self, line) -> str:
        """The unit or the county by which a row says that it is another unit's; "" for none."""
        if said := self.unit_said(line):
            return "" if said == self.unit.short_name else said
        county = line.values.get("division_code") or whole_city()
        if (
            not self.county
            or county in (whole_city(), self.county)
            or (line.match and line.match.division_code == county)
        ):
            return ""
        return DIVISIONS[county]

    def refuse_blank_below_another(self, line) -> bool:
        """A blank cell may mean the unit above it: where that is another's, it is asked. To be called for every row."""
        if line.values.get("unit"):
            self._above = line.before, self.other_unit(line)
        elif line.match is None and "unit" in line.places and self._above[0] == line.before and self._above[1]:
            remedy = f"每行都写明{self.title('unit')}；归本单位的写“{self.unit.short_name}”"
            self.wrong(line, "unit", f"这一格空着，上面写的是{self._above[1]}", remedy)
            return True
        return False

    def title(self, name: str) -> str:
        return self.columns[name].title if name in self.columns else name

    def wrong(self, line, name: str, problem: str, remedy: str) -> None:
        line.wrong(name, self.title(name), problem, remedy)

    def written(self, line, name: str) -> str:
        return shown(line.cell(name))

    def note(self, line, name: str, problem: str, remedy: str = "") -> None:
        self.notes.add(line.number, self.title(name), self.written(line, name), problem, remedy)

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
    return {name: x if x.__class__ in _AS_IT_IS else json_value(x) for name, x in values.items()}


_AS_IT_IS = frozenset({str, bool, list, type(None)})  # nearly all there is, a hundred thousand rows long


def json_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _digits(number: str) -> str:
    return (number or "").replace("-", "")
