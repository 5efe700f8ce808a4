"""Door for the worker."""

from benxi_shuangsuiji import clock
from plans.draw import actions as draw_actions
from plans.proofs import daily as proofs


def release_due() -> int:
    """Make the names of every draw public whose time has come (decisions.md 3)."""
    return len(draw_actions.release_due(clock.now()))


def prove_daily() -> bool:
    """Compute everything sealed anew, once a day (SSJ1 15 D10); say whether it was done now."""
    return proofs.prove_daily() is not None
