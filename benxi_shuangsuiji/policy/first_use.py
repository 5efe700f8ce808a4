"""The day of first use: for time before it nobody is late, mailed, counted or named in public (二-a, 附-a).

Whatever tells that something is over, of whatever page, figure or reminder, asks here and nowhere else. `use` takes the
loader of the day that was fixed; without one it is the first day of the plan, for whoever reads the law alone.
"""

from collections.abc import Callable
from datetime import date

from .in_force import begins

_loader: Callable[[], date | None] | None = None


def use(loader: Callable[[], date | None] | None) -> None:
    """Ask this for the day from now on; None: the first day of the plan."""
    global _loader
    _loader = loader


def day() -> date | None:
    """The first day of a quarter; None as long as nobody has fixed it, and then nothing counts."""
    return _loader() if _loader else begins()


def counts(on: date) -> bool:
    """Whether something that was due, or a period that began, on this day is asked of anybody."""
    first = day()
    return first is not None and on >= first


def has_past() -> bool:
    """Whether there is time of the plan before it, of which checks may be entered (七(一)1-b)."""
    first = day()
    return first is not None and first > begins()
