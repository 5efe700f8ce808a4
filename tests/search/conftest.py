"""The world of the walk over all addresses, for whoever looks for its things."""

from tests.access.conftest import _world, world

__all__ = ["_world", "world"]
