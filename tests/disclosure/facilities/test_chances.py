"""How likely one was to be drawn: the named values, and what is counted out over every order of tickets (ui-2.md 18)."""

from fractions import Fraction
from itertools import permutations

import pytest

from disclosure.facilities.chances import chance, left_out, shown

# A, U, K, u of the sealed lists of the demo.
NAMED = [
    ("210502 first quarter, unseen", (76, 76, 10, 8, False), "13.2%"),
    ("210502 second quarter, unseen", (76, 66, 10, 8, False), "13.4%"),
    ("210502 second quarter, seen", (76, 66, 10, 8, True), "11.7%"),
    ("210502 third quarter, seen", (75, 57, 10, 8, True), "9.4%"),
    ("210503 first quarter", (86, 86, 11, 8, False), "12.8%"),
    ("210503 second quarter", (86, 75, 11, 9, False), "13.0%"),
    ("210503 third quarter", (86, 64, 11, 9, False), "14.4%"),
    ("all are drawn", (4, 2, 4, 2, True), "100%"),
    ("none is drawn", (4, 2, 0, 0, True), "0%"),
]


@pytest.mark.clause("一-f")
@pytest.mark.parametrize(("asked", "said"), [row[1:] for row in NAMED], ids=[row[0] for row in NAMED])
def test_the_chance_of_the_named_lists(asked, said):
    assert shown(chance(*asked)) == said


def drawn(order, U, K, u):
    """SSJ1 6.2: the first u unseen by ticket, then whoever is left in the order of tickets; the first U are the unseen."""
    reserved = [i for i in order if i < U][:u]
    return {*reserved, *[i for i in order if i not in reserved][: K - len(reserved)]}


@pytest.mark.clause("一-f")
@pytest.mark.parametrize(("A", "U", "K", "u"), [(6, 4, 3, 2), (6, 2, 3, 2), (6, 6, 2, 1), (6, 3, 4, 0), (5, 1, 3, 1)])
def test_the_formula_counts_what_every_order_of_tickets_gives(A, U, K, u):
    outcomes = [drawn(order, U, K, u) for order in permutations(range(A))]
    unseen, seen = (Fraction(sum(i in picked for picked in outcomes), len(outcomes)) for i in (0, A - 1))
    assert chance(A, U, K, u, False) == unseen
    if U < A:
        assert chance(A, U, K, u, True) == seen
        assert U * unseen + (A - U) * seen == K


@pytest.mark.clause("一-f")
def test_to_be_left_out_twice_is_the_product():
    assert shown(left_out([chance(86, 86, 11, 8, False), chance(86, 75, 11, 9, False)])) == "75.8%"
