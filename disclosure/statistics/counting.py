"""What the public statistics are counted from: released draws, published results and steps, the newest lists (四(3)-f).

Everything is read at once, in a fixed number of queries; what is sealed is left out here, and nowhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter, result_limit
from disclosure import words
from disclosure.draws import coverage
from disclosure.draws import documents as public_documents
from disclosure.draws.coverage import OFF_BOOKS, Lists
from disclosure.draws.documents import PublicDraw
from disclosure.facilities import story
from disclosure.models import Publication, PublicationKind, PublicationState
from disclosure.site import bulletin

ROSTER = "REGISTER"


@dataclass(frozen=True)
class Result:
    """One published result of a released draw. `first`: the outcome before it was corrected, and when that was."""

    no: str
    draw: str
    unit: str
    category: str
    code: str
    outcome: str
    workdays: int
    in_time: bool
    first: str = ""
    corrected_on: date | None = None

    @property
    def looked(self) -> bool:
        return self.outcome not in story.NOT_DONE

    @property
    def found(self) -> bool:
        return is_found(self.outcome)


def is_found(outcome: str) -> bool:
    return words.OUTCOMES[outcome].group == "发现问题"


@dataclass(frozen=True)
class Place:
    """One facility of the newest sealed list of its unit."""

    unit: str
    category: str


@dataclass(frozen=True)
class Public:
    """All that is public and counts."""

    units: Sequence[Unit]  # every one that ever drew
    draws: list[PublicDraw]
    lists: Mapping[str, Lists]

    @classmethod
    def read(cls) -> "Public":
        draws = [draw for draw in public_documents.draws(Q()) if draw.state != "ABORTED"]
        return cls(bulletin.drawing_units(), draws, coverage.lists_of(draws))

    @property
    def released(self) -> list[PublicDraw]:
        return [draw for draw in self.draws if draw.state == "RELEASED"]

    @property
    def sealed(self) -> list[PublicDraw]:
        return [draw for draw in self.draws if draw.state != "RELEASED"]

    @cached_property
    def quarters(self) -> list[Quarter]:
        """Those that count, the newest first."""
        return sorted({draw.quarter for draw in self.released}, reverse=True)

    @cached_property
    def results(self) -> list[Result]:
        """Of released draws only; what was withdrawn counts, without its words (八(二)-c). Two queries."""
        released = {draw.draw_id for draw in self.released}
        columns = ("no", "unit_code", "category", "facility_code", "outcome", "workday_number", "issued_at", "state")
        said = ("snapshot__draw", "snapshot__publish_by", "snapshot__quarter_due", "published_at")
        rows = _results().filter(draw__in=sorted(released)).order_by("no").values_list(*columns, *said)
        first = self._first_outcomes(row[0] for row in rows if row[7] == PublicationState.CORRECTED)
        found = []
        for no, unit, category, code, outcome, workdays, issued, _, draw, by, close, published in rows:
            limit = result_limit(date.fromisoformat(by), date.fromisoformat(close))
            was = first.get(no, outcome)
            changed = {"first": was, "corrected_on": localtime(published).date()} if was != outcome else {}
            in_time = localtime(issued).date() <= limit
            found.append(Result(no, draw, unit, category, code, outcome, workdays or 0, in_time, **changed))
        return found

    def _first_outcomes(self, numbers: Iterable[str]) -> dict[str, str]:
        first = Publication.everything.unsealed().filter(kind=PublicationKind.RESULT, version=1, no__in=list(numbers))
        return dict(first.order_by().values_list("no", "outcome"))

    @cached_property
    def mended(self) -> frozenset[str]:
        """The checks of which it is public that everything was put right."""
        steps = Publication.objects.current().filter(kind=PublicationKind.RECTIFICATION, snapshot__step="MENDED")
        return frozenset(steps.order_by().values_list("snapshot__check", flat=True))

    @cached_property
    def checked(self) -> frozenset[str]:
        """Whoever was ever looked at, as the page of each facility says it (`facilities.story`): of whatever source, before first use too."""
        looked = story.done_results().order_by().values_list("facility_code", flat=True).distinct()
        return frozenset([*looked, *story.carried_codes()])

    @cached_property
    def everyone(self) -> dict[str, Place]:
        """Who is on the books: of the newest list of each unit, which is public from its seal on."""
        newest = {draw.id.unit: draw for draw in sorted(self.draws, key=lambda draw: draw.frozen_at)}
        return {
            code: Place(unit, category)
            for unit, draw in newest.items()
            for category, rows in self.lists[draw.draw_id].frames.items()
            for code, row in rows.items()
            if row.state not in OFF_BOOKS
        }

    @cached_property
    def industries(self) -> dict[str, str]:
        """Industry by facility, of the newest roster that names it. A natural person has none: no cell tells of one (7.8)."""
        rosters = Publication.objects.current().filter(kind=ROSTER).order_by("year", "number")
        rows = [row for one in rosters.values_list("snapshot__rows", flat=True) for row in one]
        return {row["code"]: row["industry"] for row in rows if row["industry"] and not row["natural_person"]}

    def answers(self, draws: Iterable[str]) -> Iterable[tuple[str, str]]:
        """(name of an item, its answer) of every item of the results of these draws."""
        rows = _results().filter(draw__in=sorted(draws)).order_by().values_list("category", "snapshot__items")
        return ((category, item["name"], item["answer"]) for category, items in rows for item in items)


def _results():
    return Publication.everything.counted().filter(kind=PublicationKind.RESULT)
