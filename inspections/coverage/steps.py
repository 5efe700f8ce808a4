"""The deadlines of coverage: of the quarter's picks (D-5), of 重点 (D-17) and 一般 (D-18), and what their reasons ask for."""

from collections.abc import Sequence
from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty


def listed_from(year: int) -> date:
    """The day of a year from which gaps in its coverage are listed (decisions.md 1)."""
    return date(year, policy.on(date(year, 12, 31)).recommended.coverage_gaps_from_month, 1)


def _not_listed_yet(duties: Sequence[Duty], today: date) -> dict[int, str]:
    """Before that day nobody is on the list and no reason can be written: no button, but from when there is one."""
    begins = {duty.pk: listed_from(int(duty.period)) for duty in duties}
    return {pk: f" {day.month} 月 {day.day} 日起列出没有查到的" for pk, day in begins.items() if today < day}


CHECKED = Step("D-5", button="打开任务", stage="检查", of_the_checks=True)
OF_KEY = Step(
    "D-17", button="打开重点全覆盖", noun="重点全覆盖", stage="抽取", of_the_checks=True, held_up=_not_listed_yet
)
OF_GENERAL = Step(
    "D-18", button="打开一般全覆盖", noun="一般全覆盖", stage="抽取", of_the_checks=True, held_up=_not_listed_yet
)
SPECIAL = Step(
    "SPEC", "检查没有查到的特殊监管对象", button="发起检查", noun="特殊对象检查", stage="检查", of_the_checks=True
)
APPROVAL = Step("REASON", "审批没有检查的原因", button="审批原因", noun="原因审批", stage="检查", of_the_checks=True)
MENDING = Step("REASONR", "改写被退回的原因", button="改写原因", noun="原因改写", stage="检查", of_the_checks=True)
