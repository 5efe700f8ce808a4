"""Which city this installation serves: its name, its districts, what its site and papers are called (五, domain.md 2.6).

The facts stand in one row (`CityRecord`), which an approved change alone writes. Everything that needs a name of the place
asks `this_city()`; nothing of a city stands in the program but its first filling (`benxi.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Names:
    """What a unit is called: in full, on pages, on its seals and below its papers where that is another name."""

    name: str
    short_name: str
    seal_name: str = ""

    @property
    def signed(self) -> str:
        """On its seal and below its papers (五-2a)."""
        return self.seal_name or self.name


@dataclass(frozen=True)
class District:
    """A county or district of GB/T 2260. `words`: in which other ways it is written, the shorter full name first;
    `zones`: areas without a code of their own, whose addresses carry that of this district (domain.md 4.4)."""

    code: str
    name: str
    words: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class City:
    """`site`: the title of the public site; `label`: what names of files and the authenticator app begin with; `mark`: 机关代字,
    with which document numbers begin, one in each year.

    `bureau`, `team` and `drawing` (short names) are those of the units; `past`: what units were called, until which day.
    """

    name: str = ""
    province: str = ""
    code: str = ""
    site: str = "生态环境执法双随机公示"
    label: str = "双随机"
    mark: str = ""
    identifier: str = ""
    icp: str = ""
    police: str = ""
    districts: tuple[District, ...] = ()
    bureau: str = "生态环境局"
    team: str = "生态环境保护综合行政执法队"
    drawing: tuple[str, ...] = ()
    past: tuple[tuple[str, str, Names], ...] = ()  # (unit's code, first day of the new names, the names before)
    past_marks: tuple[tuple[int, str], ...] = ()  # (first year of the new one, the one before)

    @property
    def stem(self) -> str:
        """The name without 市."""
        return self.name.removesuffix("市")

    @cached_property
    def divisions(self) -> Mapping[str, str]:
        """Code → name, the city's own first: it says nothing of where."""
        return {self.code: self.name, **{d.code: d.name for d in self.districts}} if self.code else {}

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Name → code."""
        return {name: code for code, name in self.divisions.items()}

    def named(self, unit: Any, day: date) -> Names:
        """What the unit was called on that day; today's names where nothing has changed since."""
        for code, until, before in self.past:
            if code == unit.code and day.isoformat() < until:
                return before
        return Names(unit.name, unit.short_name, unit.seal_name)

    def mark_in(self, year: int) -> str:
        """The 机关代字 of the document numbers of that year."""
        return next((before for first, before in self.past_marks if year < first), self.mark)


# What stands in the row; the rest is asked of the units.
FACTS = tuple(
    f.name for f in fields(City) if f.name not in ("bureau", "team", "drawing", "past", "past_marks", "districts")
)


def from_facts(facts: Mapping[str, Any], past: list[dict[str, Any]] = (), **of_units: Any) -> City:  # type: ignore[assignment]
    """A city from its row, or from the file with which another one begins."""
    districts = tuple(
        District(d["code"], d["name"], tuple(d.get("words", ())), tuple(d.get("zones", ())))
        for d in facts.get("districts", ())
    )
    known = {name: facts[name] for name in FACTS if facts.get(name)}
    in_order = sorted(past, key=lambda one: one["until"])
    names = tuple((one["unit"], one["until"], Names(**one["names"])) for one in in_order if "unit" in one)
    marks = tuple((_first_year(one["until"]), one["mark"]) for one in in_order if "mark" in one)
    return City(**known, districts=districts, past=names, past_marks=marks, **{k: v for k, v in of_units.items() if v})


def _first_year(until: str) -> int:
    """Of a new 机关代字: one that came later than on 1 January finds a year whose numbers have begun with the old one."""
    return int(until[:4]) + (until[5:] != "01-01")


NOWHERE = City()
_loader: Callable[[], City] | None = None


def use(loader: Callable[[], City] | None) -> None:
    """Take the facts from here from now on; None: from nowhere."""
    global _loader
    _loader = loader


def this_city() -> City:
    return _loader() if _loader else NOWHERE
