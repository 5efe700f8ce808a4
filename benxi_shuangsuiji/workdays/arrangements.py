"""State Council holiday arrangements, exactly as announced, and the statutory days of a year not announced.

Only what differs from "Monday to Friday" would need saying; whole holidays are listed all the same, so
that a line here can be read against the notice.
"""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """One holiday: its days off, first to last, and the rest days worked in exchange (调休)."""

    name: str
    first: date
    last: date
    work: tuple[date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Arrangement:
    """A year's holidays. `published` is False while only the days that stand in law are known."""

    year: int
    source_document: str
    published: bool
    holidays: tuple[Holiday, ...]

    def exceptions(self) -> dict[date, bool]:
        """Return every day the arrangement speaks of: True if worked, False if off."""
        days: dict[date, bool] = {}
        for holiday in self.holidays:
            for offset in range((holiday.last - holiday.first).days + 1):
                days[holiday.first + timedelta(days=offset)] = False
            for day in holiday.work:
                days[day] = True
        return days


def _holiday(year: int, name: str, first: tuple[int, int], last: tuple[int, int], *work: tuple[int, int]) -> Holiday:
    return Holiday(
        name=name,
        first=date(year, *first),
        last=date(year, *last),
        work=tuple(date(year, *day) for day in work),
    )


YEAR_2025 = Arrangement(
    year=2025,
    source_document="《国务院办公厅关于2025年部分节假日安排的通知》（国办发明电〔2024〕12号，2024-11-12）",
    published=True,
    holidays=(
        _holiday(2025, "元旦", (1, 1), (1, 1)),
        _holiday(2025, "春节", (1, 28), (2, 4), (1, 26), (2, 8)),
        _holiday(2025, "清明节", (4, 4), (4, 6)),
        _holiday(2025, "劳动节", (5, 1), (5, 5), (4, 27)),
        _holiday(2025, "端午节", (5, 31), (6, 2)),
        _holiday(2025, "国庆节、中秋节", (10, 1), (10, 8), (9, 28), (10, 11)),
    ),
)

YEAR_2026 = Arrangement(
    year=2026,
    source_document="《国务院办公厅关于2026年部分节假日安排的通知》（2025-11-04）",
    published=True,
    holidays=(
        _holiday(2026, "元旦", (1, 1), (1, 3), (1, 4)),
        _holiday(2026, "春节", (2, 15), (2, 23), (2, 14), (2, 28)),
        _holiday(2026, "清明节", (4, 4), (4, 6)),
        _holiday(2026, "劳动节", (5, 1), (5, 5), (5, 9)),
        _holiday(2026, "端午节", (6, 19), (6, 21)),
        _holiday(2026, "中秋节", (9, 25), (9, 27)),
        _holiday(2026, "国庆节", (10, 1), (10, 7), (9, 20), (10, 10)),
    ),
)

# No notice yet: only the days that are holidays by law. Nobody can know the days worked in exchange,
# so none is guessed; the year stays provisional until its notice is entered.
YEAR_2027 = Arrangement(
    year=2027,
    source_document="《全国年节及纪念日放假办法》（法定节日，2027 年安排尚未公布）",
    published=False,
    holidays=(
        _holiday(2027, "元旦", (1, 1), (1, 1)),
        _holiday(2027, "春节", (2, 5), (2, 8)),
        _holiday(2027, "清明节", (4, 5), (4, 5)),
        _holiday(2027, "劳动节", (5, 1), (5, 2)),
        _holiday(2027, "端午节", (6, 9), (6, 9)),
        _holiday(2027, "中秋节", (9, 15), (9, 15)),
        _holiday(2027, "国庆节", (10, 1), (10, 3)),
    ),
)

ARRANGEMENTS: tuple[Arrangement, ...] = (YEAR_2025, YEAR_2026, YEAR_2027)
