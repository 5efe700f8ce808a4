"""When to go: a suggested day and hour that spread a team's tasks, and how long a visit will take (七(五)-q)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.workdays.days import Calendar
from inspections.checks.states import DROPPED
from inspections.models import Inspection, VisitMember
from registry.models import InspectorAbsence

LONGEST_LIST = 92  # days looked at: a quarter
START, PER_POINT, STEP = 30, 3, 30  # minutes: to begin with, for each check point, rounded up to

Visit = tuple[time | None, int]  # from when, how many minutes


def hours_on(day: date) -> tuple[time, time, time]:
    """When the first, the second and at the latest a further visit of that day begin."""
    first, second, latest = policy.on(day).recommended.visit_hours
    return time(first), time(second), time(latest)


def minutes_for(points: int) -> int:
    """How long a visit is planned to take: 34 points two and a half hours."""
    return -(-(START + PER_POINT * points) // STEP) * STEP


def minutes_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return "".join([f"{hours} 小时" if hours else "", " " if hours and rest else "", f"{rest} 分" if rest else ""])


def last_day_of(inspection: Inspection, today: date) -> date:
    """Until when the check may be made: as planned, and of one that is late as long again as an approval is good for."""
    return inspection.finish_by if inspection.finish_by >= today else today + timedelta(days=30)


def suggest(inspections: list[Inspection], today: date, calendar: Calendar) -> dict[int, tuple[date, time]]:
    """Inspection → the day and hour suggested for it: spread over the working days that are left, nobody of the team away
    or twice out. Its planned duration is known before."""
    members = _members_of(inspections)
    last = max((last_day_of(i, today) for i in inspections), default=today)
    days = _workdays(today, last, calendar)
    taken, away = _taken(members, today, last), _absences(members)
    found = {}
    for n, inspection in enumerate(inspections):
        mine = [d for d in days if d <= last_day_of(inspection, today)] or days[:1] or [today]
        people = members.get(inspection.pk, [])
        first = n * len(mine) // len(inspections)
        turn = [*mine[first:], *reversed(mine[:first])]
        day = min(
            turn,
            key=lambda d: (
                any(_is_away(away, p, d) for p in people),
                max((len(taken[p, d]) for p in people), default=0),
            ),
        )
        hour = _begin(day, [visit for p in people for visit in taken[p, day]])
        for person in people:
            taken[person, day].append((hour, inspection.planned_minutes))
        found[inspection.pk] = day, hour
    return found


def hour_on(inspection: Inspection, day: date) -> time:
    """When to be there on a day that was chosen."""
    members = _members_of([inspection])
    return _begin(day, [visit for visits in _taken(members, day, day).values() for visit in visits])


def _begin(day: date, visits: list[Visit]) -> time:
    """The first visit of a day begins in the morning, the next in the afternoon, a further one when that is over."""
    morning, afternoon, evening = hours_on(day)
    if not visits:
        return morning
    ends = [datetime.combine(day, hour or morning) + timedelta(minutes=minutes + STEP) for hour, minutes in visits]
    earliest, latest = datetime.combine(day, afternoon), datetime.combine(day, evening)
    return min(max(earliest, *ends), latest).time()


def _workdays(today: date, last: date, calendar: Calendar) -> list[date]:
    days = (today + timedelta(days=n) for n in range(1, min((last - today).days, LONGEST_LIST) + 1))
    return [day for day in days if calendar.is_workday(day)]


def _members_of(inspections: Iterable[Inspection]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = VisitMember.objects.filter(inspection__in=[i.pk for i in inspections])
    for inspection, person in rows.values_list("inspection_id", "inspector_id"):
        found.setdefault(inspection, []).append(person)
    return found


def _taken(members: dict[int, list[int]], first: date, last: date) -> dict[tuple[int, date], list[Visit]]:
    """(inspector, day) → the visits he has planned there already."""
    people = {person for team in members.values() for person in team}
    rows = VisitMember.objects.filter(inspector__in=people, inspection__planned_on__range=(first, last))
    rows = rows.exclude(inspection__status__in=DROPPED).exclude(inspection__in=members)
    found: dict[tuple[int, date], list[Visit]] = defaultdict(list)
    plan = ("inspection__planned_on", "inspection__planned_from", "inspection__planned_minutes")
    for person, day, hour, minutes in rows.values_list("inspector_id", *plan):
        found[person, day].append((hour, minutes))
    return found


def _absences(members: dict[int, list[int]]) -> dict[int, list[tuple[date, date | None]]]:
    people = {person for team in members.values() for person in team}
    found: dict[int, list[tuple[date, date | None]]] = {}
    for row in InspectorAbsence.objects.filter(Q(inspector__in=people)):
        found.setdefault(row.inspector_id, []).append((row.starts_on, row.ends_on))
    return found


def _is_away(away: dict[int, list[tuple[date, date | None]]], person: int, day: date) -> bool:
    return any(start <= day and (end is None or day <= end) for start, end in away.get(person, []))
