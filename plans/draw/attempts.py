"""What somebody tried to do with a draw and was refused stays in the trail (七(二)-d)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused


def kept_when_refused(words: str) -> Callable:
    """Decorate an action about a draw, named by `words`, outside its transaction, which a refusal undoes.

    The entry says who tried what with which draw. The sentence that refused him is not kept: it may name a facility that
    was drawn, and observers read the trail (decisions.md 3).
    """

    def decorate(action: Callable) -> Callable:
        @wraps(action)
        def tried(*, by, **given: Any):
            try:
                return action(by=by, **given)
            except Refused:
                trail.record("plans.draw.refused", by=by, about=_draw_of(given), tried=words)
                raise

        return tried

    return decorate


def _draw_of(given: dict[str, Any]):
    """The draw itself, that of a request, or the plan of which another draw was wanted."""
    if "request" in given:
        return given["request"].draw
    return given.get("draw") or given["plan"]
