"""One world for all tests of a module: it takes longer to make than most of them to read."""

import pytest

from tests.access.world import make_world
from tests.shared import standing


@pytest.fixture(scope="module")
def _world(django_db_setup, django_db_blocker):
    yield from standing(make_world, django_db_blocker)


@pytest.fixture
def world(_world, at):
    """The world of the module as it was made, at the moment when it was ready; what a test adds is taken back."""
    made, moment = _world
    at(moment)
    return made
