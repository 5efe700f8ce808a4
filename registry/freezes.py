"""Which units' lists are sealed at the moment (ui.md 7.2 名录后台).

The registry knows nothing of draws: it asks those who do (`questions`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter

from . import questions


@dataclass(frozen=True)
class Freeze:
    """A list that was sealed and is not released: what changes now counts from the next quarter on."""

    unit: Unit
    quarter: Quarter
    at: datetime

    @property
    def next_quarter(self) -> str:
        """第三季度; with the year where that is another."""
        following = self.quarter.next()
        return following.label if following.year != self.quarter.year else following.label.partition(" 年")[2]


def of(units: Iterable[Unit]) -> list[Freeze]:
    return questions.ask.sealed_lists(units)
