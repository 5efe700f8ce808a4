"""Who goes where: ASSIGN against a slow reading of SSJ1 §7.2 that tries every staffing."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.draw import ssj1
from plans.draw.ssj1 import Open, Team
from tests.draw import samples
from tests.draw.samples import make_inspector, make_row, make_stratum

SEED = "cd" * 32
ANY = 10**9


class Slow:
    """§7.2 with sets, and FEAS by trying every choice of people for every task."""

    def __init__(self, size, people, tasks, load, leads):
        self.size, self.tasks, self.load, self.leads = size, tasks, dict(load), dict(leads)
        self.lead = {p.code for p in people if p.lead}
        self.hard = {p.code: ANY if p.cap is None else p.cap for p in people}

    def feasible(self, tasks, limit):
        def place(rest, used):
            if not rest:
                return True
            task, *others = rest
            for extra in combinations(sorted(task["A"] - task["X"]), self.size - len(task["X"])):
                if not (task["X"] | set(extra)) & self.lead:
                    continue
                if any(self.load[i] + used.get(i, 0) + 1 > min(self.hard[i], limit) for i in extra):
                    continue
                if place(others, {**used, **{i: used.get(i, 0) + 1 for i in extra}}):
                    return True
            return False

        return place(tasks, {})

    def release(self, task):
        for i in task["X"]:
            self.load[i] -= 1
        if task["leader"]:
            self.leads[task["leader"]] -= 1
        task["X"], task["leader"] = set(), None

    def add(self, task, i, tasks, limit):
        task["X"].add(i)
        self.load[i] += 1
        if self.feasible(tasks, limit):
            return True
        task["X"].remove(i)
        self.load[i] -= 1
        return False

    def run(self):
        opened, served = {}, []
        for task in self.tasks:
            at_hand = task["A"] | task["X"]
            if len(at_hand) < self.size:
                opened[task["id"]] = "FEW"
            elif not at_hand & self.lead:
                opened[task["id"]] = "NOLEAD"
            if task["id"] in opened:
                self.release(task)
        for task in self.tasks:
            if task["id"] not in opened:
                if self.feasible([*served, task], ANY):
                    served.append(task)
                else:
                    opened[task["id"]] = "CAP"
                    self.release(task)
        limit = 0
        while not self.feasible(served, limit):
            limit += 1
        for task in served:
            self.staff(task, served, limit)
        lines = []
        for task in self.tasks:
            if task["id"] in opened:
                lines.append((task["id"], opened[task["id"]], len(task["A"])))
            else:
                lines.append((task["id"], task["leader"], tuple(sorted(task["X"] - {task["leader"]}))))
        return limit, lines

    def ticket(self, tag, task, i):
        return ssj1.H(ssj1.ticket_string(tag, SEED, task["id"], i))

    def staff(self, task, served, limit):
        def free():
            return [i for i in task["A"] - task["X"] if self.load[i] < min(self.hard[i], limit)]

        if not task["leader"]:
            able = [i for i in free() if i in self.lead]
            able.sort(key=lambda i: (self.leads[i], self.load[i], self.ticket("L", task, i), i))
            for i in able:
                if self.add(task, i, served, limit):
                    break
            else:
                i = min(task["X"] & self.lead, key=lambda i: (self.ticket("L", task, i), i))
            task["leader"] = i
            self.leads[i] += 1
        while len(task["X"]) < self.size:
            able = sorted(free(), key=lambda i: (self.load[i], self.ticket("M", task, i), i))
            assert any(self.add(task, i, served, limit) for i in able)


@st.composite
def situations(draw):
    """People, and tasks some of which keep a part of their team, as after people have left."""
    size = draw(st.sampled_from((2, 2, 3)))
    people = [
        make_inspector(code, lead=draw(st.booleans()), cap=draw(st.sampled_from((None, None, 1, 2, 3))))
        for code in "ABCDEF"[: draw(st.integers(1, 6))]
    ]
    codes = [person.code for person in people]
    lead = {person.code for person in people if person.lead}
    tasks = []
    for number in range(draw(st.integers(1, 4))):
        allowed = draw(st.sets(st.sampled_from(codes)))
        left = draw(st.one_of(st.just(set()), st.sets(st.sampled_from(codes), max_size=size - 1)))
        leader = draw(st.sampled_from([None, *sorted(left & lead)]))
        tasks.append({"id": f"o{number}", "A": allowed, "X": left, "leader": leader})
    load = {code: draw(st.integers(0, 2)) + sum(code in task["X"] for task in tasks) for code in codes}
    leads = {code: sum(code == task["leader"] for task in tasks) for code in codes}
    return size, people, tasks, load, leads


def tight(random):
    """Hardly enough people, so that most first choices must be refused or rerouted."""
    size = random.choice((2, 3))
    caps = (1, 2, 2, 3, None)
    people = [make_inspector(code, lead=random.random() < 0.5, cap=random.choice(caps)) for code in "ABCDEF"]
    codes = [person.code for person in people]
    tasks = []
    for number in range(random.randint(3, 5)):
        left = set(random.sample(codes, random.choice((0, 0, 0, 1))))
        leader = next((p.code for p in people if p.lead and p.code in left and random.random() < 0.5), None)
        tasks.append({"id": f"o{number}", "A": set(random.sample(codes, 4)), "X": left, "leader": leader})
    load = {code: sum(code in task["X"] for task in tasks) for code in codes}
    leads = {code: sum(code == task["leader"] for task in tasks) for code in codes}
    return size, people, tasks, load, leads


@pytest.mark.clause("七(二)-b")
@settings(max_examples=400, deadline=None)
@given(situations())
def test_assign_agrees_with_trying_every_staffing(situation):
    check_against_slow(*situation)


@pytest.mark.clause("七(二)-b")
def test_assign_agrees_with_trying_every_staffing_where_people_are_scarce():
    random = Random(1)
    for _ in range(600):
        check_against_slow(*tight(random))


def check_against_slow(size, people, tasks, load, leads):
    pool = ssj1._Pool(people, "2026-06-25", [])

    def mask(codes):
        return sum(1 << pool.place[code] for code in codes)

    quick = [
        ssj1._Task(
            task["id"],
            mask(task["A"]),
            (0, 0, 0, 0, 0),
            mask(task["X"]),
            None if task["leader"] is None else pool.place[task["leader"]],
        )
        for task in tasks
    ]
    loads = [load[person.code] for person in pool.people]
    level, lines = ssj1._assign(SEED, size, quick, pool, loads, [leads[person.code] for person in pool.people])
    slow = Slow(size, people, tasks, load, leads)
    slow_level, slow_lines = slow.run()

    shown = [line[:3] if isinstance(line, Open) else (line.object, line.leader, line.members) for line in lines]
    assert (level, shown) == (slow_level, slow_lines)
    assert dict(zip(pool.place, loads, strict=True)) == slow.load


def held_with(inspectors, *, rows=None, bars=(), team=2):
    strata = [make_stratum(rows=rows or [make_row("K1", scopes=["HW"])])]
    return samples.hold(samples.make_freeze(strata=strata, inspectors=inspectors, bars=bars, team=team))


@pytest.mark.clause("七(二)-b")
def test_an_open_line_counts_each_inspector_under_the_first_rule_he_fails():
    inspectors = [
        make_inspector("A"),
        make_inspector("B", state="out:LEAVE", until="2026-01-01"),
        make_inspector("C", until="2026-06-24", units=("210503",)),
        make_inspector("D", units=("210503",), scopes=()),
        make_inspector("E", scopes=("RAD",)),
        make_inspector("F"),
    ]

    outcome = held_with(inspectors, bars=[ssj1.Bar("F", "K1", "RECUSE")])

    assert outcome.tasks == (Open("K1", "FEW", 1, 1, 1, 1, 1, 1),)
    assert outcome.level == 0


def test_a_certificate_valid_on_the_last_day_of_the_window_counts():
    inspectors = [make_inspector("A", until="2026-06-25"), make_inspector("B", until="2026-06-25")]

    assert [type(task) for task in held_with(inspectors).tasks] == [Team]


def test_without_anybody_who_can_lead_the_object_stays_open():
    outcome = held_with([make_inspector("A", lead=False), make_inspector("B", lead=False)])

    assert outcome.tasks[0].reason == "NOLEAD"


def test_hard_caps_leave_the_later_tickets_open():
    inspectors = [make_inspector("A", cap=1), make_inspector("B", cap=1)]

    outcome = held_with(inspectors, rows=[make_row(f"K{n}") for n in range(8)])

    assert [getattr(task, "reason", "team") for task in outcome.tasks] == ["team", "CAP", "CAP"]


def test_an_enormous_base_makes_nothing_slow_or_wrong():
    inspectors = [make_inspector("A", base=999_999_998), make_inspector("B", base=999_999_997)]

    assert held_with(inspectors).level == 999_999_999


def test_a_thousand_tasks_for_two_hundred_people_are_staffed_evenly():
    rows = [make_row(f"K{n:04d}") for n in range(3000)]
    inspectors = [make_inspector(f"Z{n:03d}", lead=n % 2 == 0) for n in range(200)]

    outcome = held_with(inspectors, rows=rows)

    assert (len(outcome.teams), outcome.level) == (1000, 10)
