"""Chances and loads over ten thousand draws with fixed seeds (SSJ1 §6, §7)."""

from collections import Counter
from itertools import combinations
from random import Random

import pytest

from plans.draw import ssj1
from tests.draw.samples import hold as hold_draw
from tests.draw.samples import make_freeze, make_inspector, make_row, make_stratum

DRAWS = 10_000
# Size of the stratum → what χ² with one degree of freedom fewer leaves once in a thousand, below and above.
BOUNDS = {4: (0.0243, 16.27), 9: (0.8571, 26.12), 126: (81.77, 179.6)}


def objects(size, seen=0):
    return [(f"91210502MA{n:08d}", n < seen) for n in range(size)]


def draws_of(size, places, *, reserved=0, seen=0):
    """Who is drawn, ten thousand times."""
    rows = objects(size, seen)
    return [
        [pick.id for pick in ssj1.select(ssj1.H(f"{size}/{number}"), "210502.key", places, reserved, rows)]
        for number in range(DRAWS)
    ]


def chi_squared(draws, among):
    """Σ (how often − the same for all)² / variance: χ² with len(among) − 1 degrees of freedom if all are equally likely.

    k of n without replacement: a draw adds k(n − k)/(n(n − 1)) to the variance of one object against the others.
    """
    n, counted, variance = len(among), Counter(), 0.0
    for picks in draws:
        here = [name for name in picks if name in among]
        counted.update(here)
        variance += len(here) * (n - len(here)) / (n * (n - 1))
    mean = counted.total() / n
    return sum((counted[name] - mean) ** 2 for name in among) / variance


@pytest.mark.clause("七(二)-c")
@pytest.mark.parametrize("size", BOUNDS)
def test_every_object_is_drawn_equally_often(size):
    least, most = BOUNDS[size]

    assert least < chi_squared(draws_of(size, -(-size // 4)), dict(objects(size))) < most


@pytest.mark.clause("七(二)-c")
def test_all_the_unseen_have_one_chance_and_all_the_seen_another():
    draws = draws_of(13, 6, reserved=5, seen=4)
    seen, unseen = {name for name, was in objects(13, 4) if was}, {name for name, was in objects(13, 4) if not was}

    for some in (seen, unseen):
        least, most = BOUNDS[len(some)]
        assert least < chi_squared(draws, some) < most
    assert chi_squared(draws, seen | unseen) > 100  # five places are reserved for the unseen


@pytest.mark.clause("七(二)-c")
@pytest.mark.parametrize("size", BOUNDS)
def test_a_ticket_that_favours_one_of_them_would_be_noticed(size, monkeypatch):
    """The bounds bite: somebody whose friend is in the list gives him a second ticket, of which the larger counts."""
    fair, friend = ssj1._tickets, objects(size)[0][0]

    def biased(seed, stratum, ids):
        (second,) = fair(ssj1.H(seed), stratum, [friend])
        return [max(key, second) if key[32:] == friend.encode() else key for key in fair(seed, stratum, ids)]

    monkeypatch.setattr(ssj1, "_tickets", biased)

    assert chi_squared(draws_of(size, -(-size // 4)), dict(objects(size))) > BOUNDS[size][1]


# --- loads (§7.2) -----------------------------------------------------------------------------------------------------
#
# The level C is the smallest number for which every object that can be staffed is staffed while nobody ends above C. So
# whoever is given a task ends at most at C, and two people who may be sent to the same facilities differ by no more than
# the places that C leaves empty among all who may: C times their number, less their tasks. Members are taken by load
# first, so two of them who cannot lead differ by one at most; leaders are taken by how often they led before.


def staffed(number):
    """A draw of one key stratum: its outcome, its people, and how many tasks each has."""
    random = Random(number)
    kinds = random.choice(([("HW",)], [("HW",), ()], [("HW",), ("RAD",), ("HW", "RAD")]))
    people = [
        make_inspector(f"Z{n}", lead=n == 0 or random.random() < 0.5, scopes=random.choice(kinds))
        for n in range(random.randint(3, 9))
    ]
    rows = [make_row(f"K{n:02d}", scopes=random.choice(kinds)) for n in range(random.randint(1, 14))]
    team = random.choice((2, 2, 3))
    freeze = make_freeze(strata=[make_stratum(rows=rows, bp=10000)], inspectors=people, team=team)
    outcome = hold_draw(freeze)
    load = Counter({person.code: 0 for person in people})
    for task in outcome.teams:
        load.update((task.leader, *task.members))
    return outcome, people, rows, load, team


@pytest.fixture(scope="module")
def all_staffed():
    return [staffed(number) for number in range(800)]


@pytest.mark.clause("七(二)-b")
def test_two_who_may_be_sent_to_the_same_facilities_differ_by_no_more_than_the_level_allows(all_staffed):
    compared = 0
    for outcome, people, _, load, _ in all_staffed:
        assert max(load.values(), default=0) <= outcome.level
        for scopes in {person.scopes for person in people}:
            alike = [person for person in people if person.scopes == scopes]
            empty = outcome.level * len(alike) - sum(load[person.code] for person in alike)
            for one, other in combinations(alike, 2):
                apart = abs(load[one.code] - load[other.code])
                assert apart <= empty or apart == 0
                if not one.lead and not other.lead:
                    assert apart <= 1
                    compared += 1
    assert compared > 500


@pytest.mark.clause("七(二)-b")
def test_where_everybody_may_go_everywhere_the_level_is_the_least_that_arithmetic_allows(all_staffed):
    """Every task takes a whole team and somebody who leads it; no distribution has a lower maximum than the larger."""
    found = 0
    for outcome, people, rows, _, team in all_staffed:
        if len({person.scopes for person in people} | {row.scopes for row in rows}) == 1:
            tasks, leaders = len(outcome.teams), sum(person.lead for person in people)
            assert outcome.opens == ()
            assert outcome.level == max(-(-team * tasks // len(people)), -(-tasks // leaders))
            found += 1
    assert found > 100
