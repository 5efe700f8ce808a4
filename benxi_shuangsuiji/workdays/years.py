"""A year of the calendar as pages show it."""

from dataclasses import dataclass

from .arrangements import ARRANGEMENTS, Holiday
from .days import Calendar
from .models import PublishedYear


@dataclass(frozen=True)
class Year:
    """`document` says where its days come from; a provisional year has only the days that stand in law."""

    number: int
    published: bool
    document: str
    published_on: object = None

    @property
    def unknown(self) -> str:
        return f"{self.number} 年的放假安排尚未公布。"

    @classmethod
    def of(cls, number: int, calendar: Calendar) -> "Year":
        entered = PublishedYear.objects.filter(year=number).first()
        built_in = next((a for a in ARRANGEMENTS if a.year == number), None)
        document = entered.source_document if entered else built_in.source_document if built_in else ""
        return cls(number, number in calendar.published, document, entered.published_on if entered else None)


def holidays_of(number: int) -> tuple[Holiday, ...]:
    """The holidays that came with the program."""
    return next((a.holidays for a in ARRANGEMENTS if a.year == number), ())
