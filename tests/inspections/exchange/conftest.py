"""A unit whose packages go to the platform, and its planner."""

import pytest

from tests.factories import make_planner, make_unit
from tests.inspections.exchange.factories import connect, map_codes


@pytest.fixture
def unit():
    unit = make_unit()
    connect()
    map_codes(unit)
    return unit


@pytest.fixture
def planner(unit):
    return make_planner(unit)
