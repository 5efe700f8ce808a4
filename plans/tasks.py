"""Door for the worker."""

from benxi_shuangsuiji import clock

from . import draw_actions


def release_due() -> int:
    """Make the names of every draw public whose time has come (decisions.md 3)."""
    return len(draw_actions.release_due(clock.now()))
