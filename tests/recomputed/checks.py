"""Each check: who came, when it had to be public and when it was, what was published of it (七(五), 八(二))."""

from collections import defaultdict
from collections.abc import Iterator

from . import days
from .days import day_of
from .world import World, rows

WORKDAYS = 20  # 八(二)
PEOPLE = 2  # 七(五)


def limits(world: World) -> Iterator[str]:
    """The last day of every result, and the working day on which it became public."""
    ended = {check.no: check for check in world.checks if check.ended_at}
    for check in ended.values():
        due = days.after(day_of(check.ended_at), WORKDAYS)
        if check.publish_by != due:
            yield f"{check.no}: public by {check.publish_by}; by the calendar {due}"
    for publication in world.publications:
        if publication.kind == "RESULT" and publication.version == 1:
            check = ended[publication.no]
            number = days.between(day_of(check.ended_at), day_of(publication.published_at))
            if publication.workday_number != number:
                yield f"{publication.no}: working day {publication.workday_number}; by the calendar {number}"
            if number > WORKDAYS and not publication.late_reason:
                yield f"{publication.no}: late without a reason"


def results(world: World) -> Iterator[str]:
    """What was published of a check is what its row says; nothing is public that nobody published, nothing twice."""
    checks = {check.no: check for check in world.checks}
    first = {p.no: p for p in world.publications if p.kind == "RESULT" and p.version == 1}
    for number, publication in first.items():
        check, said = checks[number], publication.snapshot
        told = (publication.facility_code, publication.category, publication.outcome, said["mode"], said["draw"])
        kept = (check.facility, check.category, check.outcome, check.mode, check.draw or "")
        if told != kept or publication.checked_on != day_of(check.ended_at):
            yield f"{number}: published {told}; rows {kept}"
    public = {check.no for check in world.checks if check.status == "PUBLISHED"}
    yield from (f"{number}: public on one side only" for number in sorted(public ^ first.keys()))


def members(world: World) -> Iterator[str]:
    """At every visit at least two, the leader among them, each with a card that held that day."""
    came = defaultdict(list)
    for row in rows(
        "SELECT m.*, p.code FROM inspections_visitmember m JOIN registry_inspector p ON p.id = m.inspector_id"
    ):
        if row.arrived_at:
            came[row.inspection_id].append(row)
    for check in world.checks:
        if check.mode != "ONSITE" or not check.ended_at:
            continue
        there, day = came[check.id], day_of(check.started_at)
        if len({m.code for m in there}) < PEOPLE or not any(m.is_leader for m in there):
            yield f"{check.no}: {len(there)} came, leader {any(m.is_leader for m in there)}"
        yield from (f"{check.no}: the card of {m.code} had run out" for m in there if m.certificate_to < day)


def of_picks(world: World) -> Iterator[str]:
    """Every random check is of an object that its draw named, with the people of its team."""
    named = {(draw.code, pick.code): pick for draw in world.draws for pick in draw.drawn}
    team = defaultdict(set)
    for row in rows(
        "SELECT m.inspection_id, p.code FROM inspections_visitmember m JOIN registry_inspector p ON p.id = m.inspector_id "
        "WHERE m.left_at IS NULL"
    ):
        team[row.inspection_id].add(row.code)
    for check in world.checks:
        if (check.source == "DRAW") != bool(check.draw):
            yield f"{check.no}: {check.source} of draw {check.draw}"
        if not check.draw or check.status == "REPLACED":
            continue
        pick = named.get((check.draw, check.facility))
        if pick is None:
            yield f"{check.no}: nobody drew {check.facility}"
        elif pick.stands() and not pick.open and team[check.id] != set(pick.team):
            yield f"{check.no}: goes {sorted(team[check.id])}; drawn {pick.team}"
