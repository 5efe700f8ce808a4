"""The world of the walk over all addresses, for whoever asks the log about its things."""

from tests.access.conftest import _world, world

__all__ = ["_world", "world"]
