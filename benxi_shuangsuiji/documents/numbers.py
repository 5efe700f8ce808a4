"""Official numbers: a stem that says of whom and when, then one after another without a gap or a double.

Whoever gives one out holds a row first, so that two who ask at once get two numbers: the unit's own, or the city team's
where the numbers of all units follow one another.
"""

from dataclasses import dataclass

from django.db import models

from benxi_shuangsuiji.accounts.models import Unit, UnitKind


@dataclass(frozen=True)
class Numbering:
    """One kind of number: `210504-2026Q3-T007` has the stem `210504-2026Q3-T` and three digits."""

    stem: str
    width: int

    def written(self, number: int) -> str:
        return f"{self.stem}{number:0{self.width}d}"

    def of(self, text: str) -> int | None:
        """The running number of one that was given out; None of a number of another kind."""
        rest = text.removeprefix(self.stem)
        return int(rest) if text.startswith(self.stem) and rest.isascii() and rest.isdigit() else None

    def following(self, given: models.QuerySet, field: str = "no") -> int:
        """The running number after the highest of those given out, for whoever gives out several at once."""
        rows = given.filter(**{f"{field}__startswith": self.stem}).order_by().values_list(field, flat=True)
        return max((n for text in rows if (n := self.of(text)) is not None), default=0) + 1

    def next(self, given: models.QuerySet, field: str = "no") -> str:
        """The next number among the rows given; the caller holds the row that orders those who ask."""
        return self.written(self.following(given, field))


def lock_of(unit: Unit) -> None:
    """Hold the unit while one of its numbers is given out; rows that point at it are written meanwhile."""
    Unit.objects.locked(unit.pk, fresh_keys=True)


def lock_of_city() -> None:
    """Hold the city team's row: the receipts of all units follow one another (七(六)-a)."""
    Unit.objects.select_for_update().get(kind=UnitKind.CITY_TEAM)
