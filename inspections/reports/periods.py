"""What a report is about and which chapters it has: a quarter's (七(六)-b) and a year's (八(一)-c, domain.md 2.5)."""

import re
from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter, year_report_due

_NO = re.compile(r"(?P<unit>[0-9A-Za-z]{1,16})-(?P<year>20[0-9]{2})(?:[Qq](?P<number>[1-4]))?")
FIRST_YEAR = 2025  # 附-a


@dataclass(frozen=True)
class Chapter:
    """`asked`: it must be written; the others only add to what the system has counted."""

    key: str
    title: str
    hint: str = ""
    asked: bool = False


NONE = "没有的写“无”"
OF_QUARTER = (
    Chapter("problems", "存在的问题", f"检查中发现的普遍问题、工作中的困难。{NONE}", asked=True),
    Chapter("practice", "经验做法", "可以推广的做法"),
)
OF_YEAR = (
    Chapter("basis", "基本情况", "文件依据、组织领导、“一单两库”更新"),
    Chapter("draws", "抽查计划与抽取情况", "监督人、宣传、抽取中的情况"),
    Chapter("checks", "检查实施", "执法过程、文书"),
    Chapter("results", "结果公开", "更正和撤回"),
    Chapter("handling", "问题处理", "整改、立案、移送的进展"),
    Chapter("use", "结果运用", "信用评价、修复、正面清单调整"),
    Chapter("coverage", "覆盖率", "没有覆盖的，说明原因"),
    Chapter("frequency", "频次控制", "不计入频次的检查"),
    Chapter("problems", "存在问题", NONE, asked=True),
    Chapter("next", "下一步", "下一年度的打算", asked=True),
)


@dataclass(frozen=True)
class Period:
    """A quarter, or with `number` None a year."""

    year: int
    number: int | None = None

    @classmethod
    def of(cls, of) -> "Period":
        """The period of a report, or of a `Quarter`."""
        return cls(of.year, of.number)

    @property
    def quarter(self) -> Quarter | None:
        return Quarter(self.year, self.number) if self.number else None

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return OF_QUARTER if self.number else OF_YEAR

    @property
    def label(self) -> str:
        return self.quarter.label if self.quarter else f"{self.year} 年度"

    @property
    def name(self) -> str:
        """What the report of this period is called."""
        return f"{self.label}检查结果报告" if self.number else f"{self.label}“双随机、一公开”工作报告"

    def due(self, calendar: Calendar) -> Due:
        return self.quarter.close_due(calendar) if self.quarter else year_report_due(self.year, calendar)

    def is_over(self, today: date) -> bool:
        return today > (self.quarter.last_day if self.quarter else date(self.year, 12, 31))

    def __str__(self) -> str:
        return str(self.quarter or self.year)


def due_again(returned_on: date, calendar: Calendar) -> Due:
    """When a report that was given back is due once more."""
    return calendar.within_workdays(returned_on, policy.on(returned_on).recommended.filing_within_workdays)


def parse(report_no: str) -> tuple[str, Period] | None:
    """The unit's code and the period of 210504-2026Q1 or 210504-2026; None when it is neither."""
    found = _NO.fullmatch(report_no)
    if found is None or int(found["year"]) < FIRST_YEAR:
        return None
    return found["unit"], Period(int(found["year"]), int(found["number"]) if found["number"] else None)
