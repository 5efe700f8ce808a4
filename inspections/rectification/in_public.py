"""Each step of a 整改 that happened is handed over for publication (八(二)-e)."""

from collections.abc import Mapping

from django.utils.timezone import localtime

from benxi_shuangsuiji import clock as now_clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.workdays.days import full_date
from inspections.followups import actions as followups
from inspections.models import FollowUpKind, Inspection, Rectification


def hand_over(rectification: Rectification, step: str, words: str, by: User, facts: Mapping[str, str]) -> None:
    followups.hand_over(
        inspection=rectification.inspection,
        kind=FollowUpKind.RECTIFICATION,
        step=step,
        on=now_clock.today(),
        words=words,
        by=by,
        facts=facts,
    )


def day_of(check: Inspection | None) -> str:
    return full_date(localtime(check.ended_at).date()) if check else ""
