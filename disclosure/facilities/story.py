"""What the public knows of one facility: rosters, draws, checks and what followed, from public documents alone (ui-2.md 18).

Until a draw is released it says the same of everybody: who takes part, how many, with what chance. Only a published result
says more, and only of itself (decisions.md 3).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import words
from disclosure.draws import amendments, coverage
from disclosure.draws import documents as public_documents
from disclosure.draws.documents import PublicCarry, PublicDraw
from disclosure.models import FOLLOWUPS, Publication, PublicationKind, PublicationState, RosterRow
from disclosure.results.followups import Shown
from plans.draw import ssj1

from . import chances

NOT_DONE = ("NOT_OPERATING", "UNREACHABLE")  # somebody went and could not look: nothing is known of the place
STATEMENT = "STATEMENT"
NAMES = public_documents.SHORT | Q(kind__in=["RESULT", "AMEND"])


@dataclass(frozen=True)
class Place:
    """One draw with this facility in its lists. `pick` and `rank` once the names are public; `told`: by its own result."""

    draw: PublicDraw
    line: ssj1.StratumLine
    seen: bool
    state: str
    told: bool = False
    pick: ssj1.Pick | None = None
    team: tuple[str, ...] = ()
    gone: str = ""
    rank: int = 0

    @property
    def category(self) -> str:
        return self.line.stratum.rpartition(".")[2]

    @property
    def took_part(self) -> bool:
        return self.state == "in" and self.draw.state != "ABORTED"

    @property
    def released(self) -> bool:
        return self.draw.state == "RELEASED"

    @cached_property
    def chance(self) -> Fraction:
        line = self.line
        return chances.chance(line.A, line.U, line.K, line.u, self.seen)

    @property
    def why_not(self) -> str:
        return words.OUT_STATES[self.state]


@dataclass
class Facility:
    rows: list[RosterRow]  # the newest word last
    published: list[Publication] = field(default_factory=list)  # the newest first
    places: list[Place] = field(default_factory=list)  # the newest draw first
    left: Publication | None = None  # the first roster of its unit without it
    left_because: str = ""
    carried: tuple[Quarter, ...] = ()  # random checks of before the day of first use
    among: tuple[int, int] = (0, 0)  # of those who took part in the same released draws: how many, how many never drawn

    @property
    def now(self) -> RosterRow:
        return self.rows[-1]

    @cached_property
    def rosters(self) -> list[RosterRow]:
        return [row for row in self.rows if row.of_roster]

    @property
    def since(self) -> date | None:
        """The day of the first public roster with it."""
        return localtime(self.rosters[0].publication.issued_at).date() if self.rosters else None

    def _of(self, *kinds: str) -> list[Publication]:
        return [p for p in self.published if p.kind in kinds and not p.is_withdrawn]

    @cached_property
    def results(self) -> list[Publication]:
        return sorted(self._of(PublicationKind.RESULT), key=lambda p: (p.checked_on, p.pk), reverse=True)

    @property
    def checks(self) -> list[Publication]:
        """The results of checks that could be made."""
        return [p for p in self.results if p.outcome not in NOT_DONE]

    @property
    def last(self) -> Publication | None:
        return next(iter(self.checks or self.results), None)

    @property
    def withdrawn(self) -> Publication | None:
        """The newest result that is no longer public, where nothing newer is."""
        stones = [p for p in self.published if p.is_withdrawn and p.kind == PublicationKind.RESULT]
        newest = max((p.pk for p in self.checks), default=0)
        return next((p for p in stones if p.pk > newest), None)

    @property
    def never(self) -> bool:
        """No check of it has ever been public, and none was carried over from before."""
        return not self.checks and not self.withdrawn and not self.carried

    @property
    def statements(self) -> list[Publication]:
        return self._of(STATEMENT)

    def steps_of(self, no: str) -> list[Shown]:
        found = [Shown(p) for p in self._of(*FOLLOWUPS) if p.snapshot["check"] == no]
        return sorted(found, key=lambda step: (step.publication.issued_at, step.publication.pk))

    @property
    def took_part(self) -> list[Place]:
        """The draws that are over for the public, in which it could have been drawn; the newest first."""
        return [p for p in self.places if p.took_part and p.released]

    @property
    def drawn(self) -> list[Place]:
        return [p for p in self.took_part if p.pick]

    @property
    def waiting(self) -> Place | None:
        """The draw whose names are not public yet."""
        return next((p for p in self.places if p.took_part and not p.released), None)

    @property
    def left_out(self) -> Fraction:
        return chances.left_out(p.chance for p in self.took_part)


def of(code: str) -> Facility | None:
    """In a fixed number of queries, whatever has happened; a list that was read before is not read again."""
    rows = RosterRow.objects.filter(code=code).select_related("publication__entry")
    rows = rows.defer("search_text", "publication__text", "publication__snapshot", "publication__search_text")
    found = sorted(rows, key=lambda r: (r.of_roster, r.year, r.number, r.publication_id))
    if not found:
        return None
    facility = Facility(found, published=_published(code))
    if facility.rosters:
        newest = facility.rosters[-1]
        later = Q(year=newest.year, number__gt=newest.number) | Q(year__gt=newest.year)
        rosters = Publication.objects.current().filter(later, kind=PublicationKind.REGISTER, unit_code=newest.unit_code)
        facility.left = rosters.defer("text", "snapshot").order_by("year", "number").first()
    units = {row.unit_code for row in facility.rosters}
    _read_draws(facility, code, public_documents.draws(_of_units(units), what=NAMES) if units else [])
    facility.carried = _carried().get(code, ())
    return facility


def _published(code: str) -> list[Publication]:
    """Whatever names it, and what stands in place of a withdrawn result; the newest first."""
    found = Publication.everything.unsealed().current().filter(Q(facility_code=code) | _stones([code]))
    return list(found.select_related("entry").order_by("-pk"))


def _stones(codes: Iterable[str]) -> Q:
    """In place of the results of checks that could be made; who was visited in vain was never looked at, withdrawn or not."""
    looked = done_results().filter(facility_code__in=codes).order_by().values("no")
    return Q(state=PublicationState.WITHDRAWN, kind=PublicationKind.RESULT, no__in=looked)


def in_list(rows: Iterable[RosterRow]) -> list[Facility]:
    """Each with its results alone, in two queries: for a line as its page says it (`answers.in_short`)."""
    rows = list(rows)
    codes = [row.code for row in rows]
    found = Publication.everything.unsealed().current().defer("text", "snapshot", "search_text")
    named = found.filter(Q(facility_code__in=codes, kind=PublicationKind.RESULT) | _stones(codes)).order_by("-pk")
    owners = dict(done_results().filter(facility_code__in=codes).order_by().values_list("no", "facility_code"))
    published: dict[str, list[Publication]] = defaultdict(list)
    for p in named:
        published[p.facility_code or owners[p.no]].append(p)
    carried = _carried()
    return [Facility([row], published=published[row.code], carried=carried.get(row.code, ())) for row in rows]


def _of_units(units: Iterable[str]) -> Q:
    asked = Q()
    for unit in units:
        asked |= Q(draw_id__startswith=f"{unit}-")
    return asked


def _read_draws(facility: Facility, code: str, draws: list[PublicDraw]) -> None:
    lists = coverage.lists_of(draws)
    told = {p.snapshot["draw"] for p in facility.results}
    for draw in reversed(draws):
        for line in draw.manifest.strata:
            row = lists[draw.draw_id].rows(line.stratum.rpartition(".")[2]).get(code)
            if row is None:
                continue
            place = Place(draw, line, row.seen, row.state, draw.draw_id in told, **_drawn(draw, line, code, lists))
            if row.state not in coverage.OFF_BOOKS:
                facility.places.append(place)
            elif facility.left and draw.quarter == Quarter(facility.left.year, facility.left.number):
                facility.left_because = place.why_not
    facility.among = _among(facility, lists)


def _drawn(draw: PublicDraw, line: ssj1.StratumLine, code: str, lists) -> dict:
    """What the released documents say of it: its rank, whether it was picked, by whom it was to be checked."""
    rows = lists[draw.draw_id].rows(line.stratum.rpartition(".")[2])
    if draw.state != "RELEASED" or rows[code].state != "in":
        return {}
    order = ssj1.ranking(draw.result.seed, line.stratum, [other for other, row in rows.items() if row.state == "in"])
    found = {"rank": 1 + next(n for n, key in enumerate(order) if key[32:] == code.encode())}
    for pick, team, gone in amendments.standing(draw.result, amendments.amends_of(draw)):
        if pick.id == code:
            people = tuple(sorted((team.leader, *team.members))) if isinstance(team, ssj1.Team) else ()
            found |= {"pick": pick, "team": people, "gone": gone}
    return found


def _among(facility: Facility, lists) -> tuple[int, int]:
    """Everybody who took part in the same draws in the same category, and whom none of them reached."""
    same: set[str] | None = None
    reached: set[str] = set()
    for place in facility.took_part:
        rows = lists[place.draw.draw_id].rows(place.category)
        there = {code for code, row in rows.items() if row.state == "in"}
        same = there if same is None else same & there
        reached |= {pick.id for pick, _, _ in amendments.standing(place.draw.result, amendments.amends_of(place.draw))}
    return (len(same), len(same - reached)) if same else (0, 0)


@lru_cache(maxsize=2)
def _read_carry(text: str) -> dict[str, tuple[Quarter, ...]]:
    found: dict[str, tuple[Quarter, ...]] = {}
    for line in ssj1.parse_carry(text).old:
        found[line.id] = (*found.get(line.id, ()), Quarter(line.year, line.quarter))
    return found


def _carried() -> dict[str, tuple[Quarter, ...]]:
    """Code → the quarters in which a random check was recorded before the day of first use (SSJ1 10)."""
    carry = PublicCarry.objects.values_list("text", flat=True).first()
    return _read_carry(carry) if carry else {}


def carried_codes() -> list[str]:
    return [*_carried()]


def done_results():
    """Results of checks that could be made, also those withdrawn since: whoever has one was checked (八(二)-c)."""
    return Publication.everything.counted().filter(kind=PublicationKind.RESULT).exclude(outcome__in=NOT_DONE)
