"""Everything that the registry asks about draws and checks, of which it knows nothing itself.

Apps further right answer, with one object put here at the start (`answered_by`); until then nothing is known of anybody,
and nothing stands in the way. They answer what everybody may know, never more (decisions.md 3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from django.db.models import QuerySet

if TYPE_CHECKING:
    from benxi_shuangsuiji.accounts.models import Unit, User
    from benxi_shuangsuiji.workdays.days import Quarter
    from registry.audits.standing import Line

    from .freezes import Freeze
    from .models import Facility, ImportBatch


class Answers(Protocol):
    def picks(self) -> QuerySet | None:
        """Whoever is known to have been drawn: rows with `facility` and `draw__year`."""

    def checks(self) -> QuerySet | None:
        """Checks that are known to be over: rows with `facility` and `ended_at`."""

    def visits(self, facility: Facility) -> list[dict]:
        """The last known checks of a facility: source, url, items, day, team, result, published."""

    def marks(self, facility: Facility) -> list[tuple[datetime, dict]]:
        """When it is known to have been drawn and checked, and its result published, as entries of a timeline (PNG 08)."""

    def times_left(self, facility: Facility, year: int) -> list[str]:
        """Item by item how often it is known to have been drawn in the year, and how often it still may be (七(一)4)."""

    def onsite(self, facility: Facility) -> list[str]:
        """Why a place on the 正面清单 was entered after all (七(三)-c)."""

    def adverse_results(self, facilities: Collection[int], since: date) -> list[tuple[int, str, str]]:
        """Public results after that day, and what they led to: facility, CASE, ORDER or PENALTY, and its number."""

    def loads(self, user: User, unit: Unit, quarter: Quarter) -> Counter:
        """Inspector → how many checks of the quarter he has, as far as this reader may know."""

    def near_other_units(self, user: User, unit: Unit, first: date, last: date) -> list[str]:
        """Places of the unit that another unit checks near those days, each in words, as far as this reader may know."""

    def audit_lines(self, unit: Unit, book: str, today: date) -> Iterable[Line]:
        """What the checks say about a registry that may be out of date (六(二)-e); of public results only."""

    def why_not_withdraw(self, batch: ImportBatch, codes: list[str]) -> str:
        """Why an import may no longer be withdrawn, by the codes of its facilities or inspectors."""

    def why_not_transfer(self, facility: Facility) -> str:
        """Why a facility may not change its drawing unit now."""

    def sealed_lists(self, units: Iterable[Unit]) -> list[Freeze]:
        """The lists of these units that are sealed and not released."""

    def why_not_seal(self, unit: Unit, quarter: Quarter, today: date) -> str:
        """Asked by the draw: why a list of this quarter may not be sealed, by the checks of earlier ones (七(一)1-b)."""

    def revisions(self, year: int) -> list[tuple[str, datetime, str, str, str]]:
        """Corrections and withdrawals of a year's publications: unit's code, when, number, 更正 or 撤下, its page (K23)."""

    def register_head(self, at: datetime) -> str:
        """The head of the public register that was signed last by that moment, in words for a paper (PUB1 §7)."""

    def under_objection(self) -> set[str]:
        """Numbers of the checks whose public result, or what followed it, somebody objects to and nobody has decided (四(3)-f)."""

    def corrected_results(self) -> Collection[str] | QuerySet:
        """Numbers of the checks whose public result is a corrected one, also where it took the place of withdrawn words (八(二)-c)."""

    def year_volume(self, unit: Unit, year: int) -> list[tuple[str, str, str]]:
        """How far the year's volume of a unit has come, for its archivist: what, tone, words (七(七)-a…-h)."""


class Nobody:
    """Knows nothing; who answers a part of the questions begins here."""

    def picks(self) -> QuerySet | None:
        return None

    def checks(self) -> QuerySet | None:
        return None

    def visits(self, facility: Facility) -> list[dict]:
        return []

    def marks(self, facility: Facility) -> list[tuple[datetime, dict]]:
        return []

    def times_left(self, facility: Facility, year: int) -> list[str]:
        return []

    def onsite(self, facility: Facility) -> list[str]:
        return []

    def adverse_results(self, facilities: Collection[int], since: date) -> list[tuple[int, str, str]]:
        return []

    def loads(self, user: User, unit: Unit, quarter: Quarter) -> Counter:
        return Counter()

    def near_other_units(self, user: User, unit: Unit, first: date, last: date) -> list[str]:
        return []

    def audit_lines(self, unit: Unit, book: str, today: date) -> Iterable[Line]:
        return []

    def why_not_withdraw(self, batch: ImportBatch, codes: list[str]) -> str:
        return ""

    def why_not_transfer(self, facility: Facility) -> str:
        return ""

    def sealed_lists(self, units: Iterable[Unit]) -> list[Freeze]:
        return []

    def why_not_seal(self, unit: Unit, quarter: Quarter, today: date) -> str:
        return ""

    def revisions(self, year: int) -> list[tuple[str, datetime, str, str, str]]:
        return []

    def register_head(self, at: datetime) -> str:
        return ""

    def under_objection(self) -> set[str]:
        return set()

    def corrected_results(self) -> Collection[str] | QuerySet:
        return ()

    def year_volume(self, unit: Unit, year: int) -> list[tuple[str, str, str]]:
        return []


ask: Answers = Nobody()


def answered_by(answers: Answers) -> None:
    """Called by each app in `ready()`; the right-most one's object stays, and knows what those before it know."""
    global ask
    ask = answers
