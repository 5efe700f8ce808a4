"""What came of a check is told to whom it is about, within days (N-10, 七(五)-k)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.notices.deadlines.due_days import told_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.checks.duties import of_the_leader
from inspections.models import Inspection

from . import rules

TELLING = Step("N-10", "告知检查结果", button="记下告知", stage="处理")


def visit_ended(check: Inspection, at: datetime) -> None:
    """The team's leader brings it, the planner sends it by post: whoever does it, it is done."""
    _keep(check, at, since=check.ended_at)


def result_mended(check: Inspection, at: datetime) -> None:
    """What was told is not what stands now: to be told anew, in as many days from now; untold still has its first day."""
    _keep(check, at, since=at)


def _keep(check: Inspection, at: datetime, *, since: datetime) -> None:
    TELLING.keep(
        check.unit,
        check.no,
        wanted=bool(rules.why_not_told(check)),
        **of_the_leader(check),
        title=f"把检查结果告知企业 {check.no}",
        due=told_due(since.date(), workdays.calendar()),
        event="检查结果已告知",
        at=at,
        url=reverse("inspections:result-served", args=[check.no]),
        consequence="没有告知的结果不能公开，公开的期限不顺延。",
    )


def told(check: Inspection, at: datetime) -> None:
    TELLING.close(check.unit, check.no, "检查结果已告知", at)
