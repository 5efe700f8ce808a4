"""Who must be told of what on which morning, from the rows alone: domain.md 8.1 written down once more.

No rule of the system is asked. Working days are those of `tests/recomputed/days.py`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import NamedTuple

from tests.recomputed import days
from tests.recomputed.world import rows

AHEAD, RESULTS_AHEAD = (10, 5, 2, 0), (5, 2, 0)
RESULTS = ("D-8", "D-9", "D-10")
TOLD_BY_THEIR_ROOMS = ("CERT",)  # cards have steps of their own, 60, 30 and 7 days
ADMINS = ("ADMIN_SYSTEM", "ADMIN_GRANTS", "ADMIN_AUDIT")
CITY = ("SUPERVISOR", "LEAD_OFFICE", "BUREAU_READER", "OBSERVER", *ADMINS)
DUTIES = """
    SELECT d.id, d.rule, d.unit_id AS unit, u.kind, d.role, d.person_id AS person, d.due, d.target
    FROM notices_duty d JOIN accounts_unit u ON u.id = d.unit_id
    WHERE d.closed_at IS NULL AND d.due >= (SELECT day FROM notices_firstuse WHERE state = 'APPROVED') ORDER BY d.id"""
GRANTS = """
    SELECT g.user_id AS person, g.role, g.unit_id AS unit, g.valid_from, g.valid_to,
           CASE WHEN u.kind = 'COUNTY_SECTION' THEN coalesce(u.serves_id, u.id)
                WHEN u.kind = 'HQ_SECTION' THEN coalesce(u.parent_id, u.id) ELSE u.id END AS works_for
    FROM accounts_rolegrant g JOIN accounts_unit u ON u.id = g.unit_id JOIN accounts_user p ON p.id = g.user_id
    WHERE g.ended_at IS NULL AND p.is_active"""


class Told(NamedTuple):
    """What is said once: of this duty, for this day, this step, to this person."""

    duty: int
    due: date
    step: str
    person: int


class Books:
    """Duties and people as they stand now; asked for days on which nothing else happens."""

    def __init__(self, duties: list[SimpleNamespace], grants: list[SimpleNamespace], team: int):
        self.duties = {d.id: d for d in duties if d.rule not in TOLD_BY_THEIR_ROOMS}
        self.grants, self.team = grants, team
        self._people: dict[date, dict] = {}

    @classmethod
    def now(cls) -> "Books":
        team = rows("SELECT id FROM accounts_unit WHERE kind = 'CITY_TEAM'")[0].id
        return cls(rows(DUTIES), rows(GRANTS), team)

    def told_on(self, today: date) -> Iterator[Told]:
        for duty in self.duties.values():
            if step := step_of(duty, today):
                for person in self.heard_by(duty, step, today):
                    yield Told(duty.id, duty.due, step, person)

    def heard_by(self, duty: SimpleNamespace, step: str, today: date) -> set[int]:
        above = duty.role in CITY and duty.kind != "CITY_TEAM"
        role = {"after1": "APPROVER", "after3": "SUPERVISOR"}.get(step, duty.role)
        roles = [role]
        if duty.role in ADMINS or (duty.role == "BUREAU_READER" and above):
            roles = [duty.role]  # nobody of this system is above them
        elif not above and step == "before0" and today >= duty.due:
            roles.append("PLANNER")
        people, unit, found = self.people(today), self.team if above else duty.unit, set()
        for role in roles:
            found |= {duty.person} if duty.person and role == duty.role else people[role, unit] | people[role, None]
        return found

    def people(self, today: date) -> dict[tuple[str, int | None], set[int]]:
        if today not in self._people:
            found = self._people[today] = defaultdict(set)
            for g in self.grants:
                if g.valid_from <= today and (g.valid_to is None or today <= g.valid_to):
                    for unit in {None} if g.role in CITY else {g.unit, g.works_for}:
                        found[g.role, unit].add(g.person)
        return self._people[today]


def step_of(duty: SimpleNamespace, today: date) -> str:
    """The latest that has come: so many working days before the day to aim at, then one and three days after the last day."""
    late = (today - duty.due).days
    if late >= 1:
        return "after3" if late >= 3 else "after1"
    left = [n for n in (RESULTS_AHEAD if duty.rule in RESULTS else AHEAD) if today >= before(duty.target, n)]
    return f"before{min(left)}" if left else ""


class Ledger:
    """What must be said, morning by morning, beside what was said: `wrong` names every difference."""

    def __init__(self):
        self.told: set[Told] = set()  # said, or meant to be
        self.waiting: dict[Told, date] = {}  # of these the ones not said yet, with the day on which they came up
        self.wrong: list[tuple] = []
        self.heard: Counter[str] = Counter()

    def note(self, books: Books, today: date) -> None:
        """What comes up this morning, whether or not somebody sends it."""
        fresh = set(books.told_on(today)) - self.told
        self.told |= fresh
        self.waiting |= dict.fromkeys(fresh, today)

    def compare(self, books: Books, today: date, messages: list[tuple[int, int]], digests: list[int]) -> None:
        """`messages`: (person, duty) of each that was written; `digests`: to whom each mail of the morning goes."""
        due = set()
        for one, since in list(self.waiting.items()):
            duty = books.duties.get(one.duty)
            if duty is None:  # done meanwhile: nobody is told
                del self.waiting[one]
            elif one.person in books.heard_by(duty, one.step, since):  # who has it no more waits till he has it again
                due.add((one.person, one.duty))
                self.heard[one.step] += 1
                del self.waiting[one]
        said, mails = Counter(messages), Counter(digests)
        self.wrong += [(today, "twice", *one) for one, n in said.items() if n > 1]
        self.wrong += [(today, "not told", *one) for one in due - set(said)]
        self.wrong += [(today, "told without need", *one) for one in set(said) - due]
        self.wrong += [(today, "mails", person, n) for person, n in mails.items() if n != 1]
        self.wrong += [(today, "no mail", person) for person in {person for person, _ in due} - set(mails)]


def before(day: date, count: int) -> date:
    while count:
        day -= timedelta(1)
        count -= days.is_worked(day)
    return day
