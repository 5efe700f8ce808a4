"""Which entry of the trail keeps an event, and whether its link holds (七(五)-n, reliability.md 5.5)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.audit import trail, words
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.audit.trail import Held
from benxi_shuangsuiji.subject import Followed
from inspections.models import Inspection, InspectionStatus, VisitMember

from . import events, rules
from .events import Event

SOON, LATER = timedelta(seconds=10), timedelta(days=14)  # a row and its entry; a moment that was typed and its entry
MINUTE = timedelta(seconds=59, microseconds=999_999)  # the last of it


@dataclass(frozen=True)
class Line:
    """One event with what the trail says of it."""

    event: Event
    entry: AuditEntry | None = None
    held: Held | None = None

    @property
    def moment(self) -> datetime:
        """Where it stands: a minute typed by hand is as late within itself as its entry says."""
        if self.entry and self.event.to_the_minute:
            return min(self.entry.at, self.event.at + MINUTE)
        return self.event.at

    @property
    def place(self) -> tuple[datetime, bool, bool, int]:
        """Of one moment in the order of the trail: the declaration before the arrival. What the trail does not tell follows."""
        return self.moment, not self.event.first, self.entry is None, self.entry.pk if self.entry else 0

    @property
    def who(self) -> str:
        """Where the row names nobody, whoever the trail names."""
        return self.event.who or (self.entry.actor.full_name if self.entry and self.entry.actor else "")

    @property
    def address(self) -> str:
        return self.entry.details.get("address", "") if self.entry else ""

    @property
    def device(self) -> str:
        told = self.entry.details.get("device", "") if self.entry else ""
        return "，".join(filter(None, [told, f"回执 {self.event.phone}" if self.event.phone else ""]))


ANSWERED = "inspections.points.answered"


@dataclass(frozen=True)
class Stroke:
    """The answers that were given at once, or any other event by itself."""

    lines: Sequence[Line]

    @property
    def one(self) -> Line:
        return self.lines[0]

    @property
    def words(self) -> str:
        """ "" of what stands by itself."""
        return f"答了 {len(self.lines)} 项" if len(self.lines) > 1 else ""


@dataclass(frozen=True)
class Trace:
    """`views`: how often somebody looked at it under its own number; before its result is public the trail counts by the draw."""

    lines: Sequence[Line]
    views: int

    @property
    def folded(self) -> list["Stroke"]:
        """As the page shows them: what was answered in one stroke is one line, where its first stands."""
        strokes: dict[object, list[Line]] = {}
        for n, line in enumerate(self.lines):
            key = (line.event.at, line.event.actor) if ANSWERED in line.event.verbs else n
            strokes.setdefault(key, []).append(line)
        return [Stroke(lines) for lines in strokes.values()]

    @property
    def kept(self) -> list[Line]:
        """With an entry of the trail, each entry once."""
        return list({line.entry.pk: line for line in self.lines if line.entry}.values())

    @property
    def sound(self) -> int:
        return sum(1 for line in self.kept if line.held and line.held.holds)

    @property
    def waiting(self) -> int:
        return sum(1 for line in self.kept if line.held is None)

    @property
    def broken(self) -> list[int]:
        return sorted(line.held.seq for line in self.kept if line.held and not line.held.holds)


def of(check: Inspection) -> Trace:
    """The events of a check, each with its entry; an act of which no row tells is an event of its own."""
    found = events.of(check)
    entries = _entries(check, found)
    lines = paired(found, entries, _courses(check))
    used = {entry.pk for _, entry in lines if entry}
    # One act may be kept under two names; the second is told with the first.
    used |= {e.pk for event, entry in lines if entry for e in entries if e.verb in event.with_it and _soon(e, event)}
    looks = subjects.house().looks
    own = [e for e in entries if e.about_key == check.no and e.about_type == "inspections.Inspection"]
    for entry in own:
        if entry.pk not in used and entry.verb not in looks:
            who = entry.actor.full_name if entry.actor else "系统"
            lines.append((Event(entry.at, words.words_for(entry), who=who), entry))
    held = trail.held([entry.pk for _, entry in lines if entry])
    made = [Line(event, entry, held.get(entry.pk) if entry else None) for event, entry in lines]
    return Trace(sorted(made, key=lambda line: line.place), sum(entry.verb in looks for entry in own))


def followed(user, no: str) -> Followed | None:
    """For the log asked about a check by its number: also what stands under the number of its draw, where the trail kept it
    before the result was public (decisions.md 3). Nobody finds more than the page of its trace shows him."""
    check = rules.open_to(user).filter(no=no, status=InspectionStatus.PUBLISHED).select_related("draw").first()
    if check is None:
        return None
    url = reverse("inspections:task-trace", args=[check.no])
    return Followed(url, tuple(line.entry.pk for line in of(check).kept if line.entry))


def _entries(check: Inspection, found: Sequence[Event]) -> list[AuditEntry]:
    """What the trail has under the number of the check, of its draw, and of what followed from it."""
    keys = {check.no, check.trail_key, *([check.draw.draw_id] if check.draw_id else [])}
    for rows in (check.cases.all(), check.referrals.all(), check.volumes.all(), check.followups.all()):
        keys |= {key for row in rows for key in (trail.key_of(row), trail.number_of(row))}
    keys |= {event.about for event in found if event.about}
    keys |= {trail.key_of(row) for rows in (check.approvals.all(), check.targeted.all()) for row in rows}
    verbs = {verb for event in found for verb in event.verbs}
    asked = AuditEntry.objects.filter(about_key__in=keys).exclude(verb__startswith="row.").select_related("actor")
    own = asked.filter(about_key=check.no)
    return sorted({e.pk: e for e in (*own, *asked.filter(verb__in=verbs))}.values(), key=lambda e: (e.at, e.pk))


@dataclass(frozen=True)
class Course:
    """Of one check of a draw: the moments that were typed, by column, and the users who have been of its team."""

    no: str
    moments: Mapping[str, datetime | None]
    team: frozenset[int | None]


def _courses(check: Inspection) -> tuple[Course, Sequence[Course]] | None:
    """Its own and those of the other checks of its draw, under whose number the trail kept them all before the names were public."""
    if not check.draw_id:
        return None
    checks = Inspection.objects.filter(draw_id=check.draw_id)
    teams: dict[int, set] = {}
    for pk, user in VisitMember.ever.filter(inspection__in=checks).values_list("inspection", "inspector__user"):
        teams.setdefault(pk, set()).add(user)
    rows = checks.values("pk", "no", *events.TYPED)
    found = {row["pk"]: Course(row["no"], row, frozenset(teams.get(row["pk"], ()))) for row in rows}
    return found.pop(check.pk), list(found.values())


def _of_another(entry: AuditEntry, event: Event, own: Course, others: Sequence[Course]) -> bool:
    """Where the trail names only the draw: it is of the last of its checks that this person can have meant."""
    if entry.actor_id is None or entry.about_key == own.no:
        return False
    return entry.actor_id not in own.team or any(
        (at := other.moments[event.typed]) and event.at < at <= entry.at and entry.actor_id in other.team
        for other in others
    )


def paired(
    found: Sequence[Event], entries: Sequence[AuditEntry], courses: tuple[Course, Sequence[Course]] | None = None
) -> list[tuple[Event, AuditEntry | None]]:
    """Each event, in order of time, with the next entry of its kind that no other of its kind has.

    One act may be told by rows of two kinds (the end of a check and its result), and by several of one kind where its entry
    says how many.
    """
    given: Counter[tuple[int, tuple[str, ...]]] = Counter()
    lines = []
    for event in found:
        known = [e for e in entries if _tells(e, event) and (event.shared or given[e.pk, event.verbs] < _rows_of(e))]
        if event.typed and courses:
            known = [e for e in known if not _of_another(e, event, *courses)]
        entry = next(iter(known), None)
        if entry:
            given[entry.pk, event.verbs] += 1
        lines.append((event, entry))
    return lines


def _tells(entry: AuditEntry, event: Event) -> bool:
    """By its kind, the same person, soon after the event, never before it: a row is written before its entry, in one transaction."""
    name, value = event.named
    return (
        entry.verb in event.verbs
        and _soon(entry, event)
        and event.about in ("", entry.about_key)
        and (event.actor is None or entry.actor_id in (None, event.actor))
        and entry.details.get(name, value) == value
    )


def _soon(entry: AuditEntry, event: Event) -> bool:
    return event.at <= entry.at <= event.at + (LATER if event.typed else SOON)


def _rows_of(entry: AuditEntry) -> int:
    """Signatures on one paper, gaps with one reason, points answered in one stroke."""
    return next((entry.details[n] for n in ("signatures", "gaps", "points") if entry.details.get(n)), 1)
