"""The clauses that have a date, a number or a required paper, in their order: whose words, what is looked at, whom it
concerns, and where it is asked. What a rule demands is said by the one place that enforces it (`asking`), never here.

They stand in `catalogue.tsv`. `how` says by what a rule is asked, `of` which: `duty` the steps whose duties have the day,
`checks` those of public results, `city` those that the city team owes, `book` those of one registry;
`figure` an indicator that is missed on the spot, `end` one that is looked at when the quarter's day is over, `year` one of the
whole year, `share` how many of the key list were drawn; `paper` the kind of paper in the file of a check.
"""

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from benxi_shuangsuiji.notices.deadlines.rule import Rule as TableRule
from benxi_shuangsuiji.notices.deadlines.timetable import RULES as TIMETABLE
from registry.models import Book

from .asking import Ask, dated, figured, filed, share_drawn

TABLE = Path(__file__).with_name("catalogue.tsv")


class Kind(StrEnum):
    DATE = "日期"
    NUMBER = "数字"
    PAPER = "文书"


@dataclass(frozen=True)
class Rule:
    """`quote`: the plan's own words; `looks`: what is looked at."""

    id: str
    clause: str
    kind: Kind
    how: str
    of: str
    looks: str
    quote: str

    @property
    def ask(self) -> Ask:
        steps = self.of.split()
        match self.how:
            case "duty":
                return dated(*steps)
            case "checks":
                return dated(*steps, of_checks=True)
            case "city":
                return dated(*steps, by_the_city=True)
            case "book":
                return dated(steps[0], part=f"{Book(steps[1])}:")
            case "share":
                return share_drawn
            case "paper":
                return filed(self.of)
        return figured(self.k, at_once=self.how == "figure", fourth=self.how == "year")

    @property
    def steps(self) -> list[str]:
        """The steps whose duties are about it: those it asks, or of an indicator with a day the one that it is named after."""
        if self.k:
            return [f"D-{self.id[1:]}"] if self.id.startswith("d") else []
        return self.of.split()[:1] if self.how == "book" else self.of.split()

    @property
    def k(self) -> int:
        """The indicator whose page holds every row; 0 where there is none."""
        return int(self.of) if self.of.isdecimal() else 0

    @property
    def law(self) -> TableRule | None:
        """The deadline of the timetable that it is."""
        return TIMETABLE.get(self.of.partition(" ")[0])

    @property
    def place(self) -> str:
        """七（二） of 七(二)-a, as the plan numbers it."""
        return self.clause.partition("-")[0].replace("(", "（").replace(")", "）")

    @property
    def part(self) -> str:
        return self.clause[0]


def _read() -> tuple[Rule, ...]:
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple(Rule(**row | {"kind": Kind(row["kind"])}) for row in rows)


RULES = _read()
BY_ID = {rule.id: rule for rule in RULES}
