"""Tickets and places: who is drawn, and what a withdrawal changes (SSJ1 §6)."""

import hashlib
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plans.draw import ssj1

SEED = "ab" * 32


def plain_select(rows, K, u, withdrawn):
    """§6.2 word for word, with tuples."""
    eligible = sorted(
        (hashlib.sha256(f"SSJ1|T|{SEED}|S.key|{name}".encode()).hexdigest(), name.encode(), name, seen)
        for name, seen in rows
        if name not in withdrawn
    )
    reserved = [one for one in eligible if not one[3]][:u]
    free = [one for one in eligible if one not in reserved][: max(0, K - len(reserved))]
    return [(one[2], "R" if one in reserved else "F", one[0]) for one in sorted(reserved + free)]


names = st.text("abAB甲乙Ａ𠮷-1", min_size=1, max_size=4).filter(lambda name: name != "-")


@st.composite
def frames(draw):
    rows = draw(st.lists(st.tuples(names, st.booleans()), unique_by=lambda row: row[0], max_size=14))
    K = draw(st.integers(0, len(rows)))
    u = draw(st.integers(0, min(K, sum(not seen for _, seen in rows))))
    withdrawn = draw(st.sets(st.sampled_from([name for name, _ in rows]))) if rows else set()
    return rows, K, u, withdrawn


def chosen(rows, K, u, withdrawn):
    return [(p.id, p.slot, p.ticket) for p in ssj1.select(SEED, "S.key", K, u, rows, withdrawn)]


@pytest.mark.clause("七(二)-c")
@given(frames(), st.randoms(use_true_random=False))
def test_select_does_what_the_specification_says_in_whatever_order_the_rows_come(frame, random):
    rows, K, u, withdrawn = frame

    shuffled = random.sample(rows, len(rows))

    assert chosen(shuffled, K, u, withdrawn) == plain_select(rows, K, u, withdrawn)


@pytest.mark.clause("七(二)-g")
@given(frames(), st.data())
def test_withdrawing_a_pick_removes_it_adds_at_most_one_and_moves_nobody_else(frame, data):
    rows, K, u, withdrawn = frame
    before = [name for name, _, _ in chosen(rows, K, u, withdrawn)]
    if not before:
        return
    leaving = data.draw(st.sampled_from(before))

    after = {name for name, _, _ in chosen(rows, K, u, withdrawn | {leaving})}

    assert set(before) - after == {leaving}
    assert len(after - set(before)) <= 1


@given(frames())
def test_picks_are_numbered_and_ascend_by_ticket(frame):
    rows, K, u, withdrawn = frame
    picks = ssj1.select(SEED, "S.key", K, u, rows, withdrawn)

    assert [pick.number for pick in picks] == list(range(1, len(picks) + 1))
    assert [pick.ticket for pick in picks] == sorted(pick.ticket for pick in picks)


def test_equal_tickets_are_ordered_by_utf8_bytes():
    assert sorted(["Ａ-2", "𠮷-1", "B"]) == sorted(["Ａ-2", "𠮷-1", "B"], key=str.encode) == ["B", "Ａ-2", "𠮷-1"]


def test_every_object_has_about_the_same_chance():
    rows = [(f"o{n}", False) for n in range(20)]
    drawn = {name: 0 for name, _ in rows}
    for number in range(2000):
        for pick in ssj1.select(ssj1.H(str(number)), "S.key", 5, 0, rows):
            drawn[pick.id] += 1

    # 500 expected, standard deviation 19.4: five of them either way.
    assert all(400 < times < 600 for times in drawn.values())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_select_gives_the_same_however_few_of_many_are_drawn(number):
    """Where few are drawn only the beginning of the ranking is sorted."""
    random = Random(number)
    share = random.choice((0.1, 0.5, 0.99))
    rows = [(f"o{n}", random.random() < share) for n in range(random.choice((1, 50, 400, 900)))]
    K = random.choice((0, 1, len(rows) // 10, len(rows)))
    u = random.randint(0, K)
    withdrawn = [name for name, _ in rows if random.random() < random.choice((0, 0.3))]

    assert chosen(rows, K, u, withdrawn) == plain_select(rows, K, u, withdrawn)
