"""What the freeze reads stands still while it reads (SSJ1 15 D7, docs/decisions/0002-freeze-locks.md)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.draw import frames
from tests.plans.draw.factories import make_prepared_draw

# The plan's own rows: sealing holds the plan's lock, and only a published plan, which nobody edits, is sealed.
OF_THE_PLAN = {
    "plans_quarterlyplan",
    "plans_planitem",
    "plans_plansource",
    "plans_planstratum",
    "plans_inspectionitem",
}
# Written only under the lock of the chain, which the freeze holds.
UNDER_THE_CHAINS_LOCK = {"plans_draw", "plans_pick", "plans_pickdrop", "plans_team", "plans_teammember"}


@pytest.mark.django_db
def test_d7_every_table_that_the_lists_are_read_from_stands_still(at):
    at("2026-07-06 10:00")
    draw = make_prepared_draw()
    with CaptureQueriesContext(connection) as queries:
        frames.outlook(draw.plan, draw.prepared_at).strata()
    read = {name for q in queries for name in re.findall(r'(?:FROM|JOIN) "(\w+)"', q["sql"])}
    assert {"registry_facility", "registry_inspector", "plans_pick"} <= read
    assert read - set(frames.READ_TABLES) - OF_THE_PLAN - UNDER_THE_CHAINS_LOCK == set()
