"""A visit: its record is uploaded in time (D-10), then its result has days to become public (D-8)."""

from datetime import datetime

from benxi_shuangsuiji import policy, subjects, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.workdays.days import Due, publication_due
from inspections.checks import duties as of_checks
from inspections.evidence import duties as recorder
from inspections.exchange import duties as exchange
from inspections.models import Inspection
from inspections.service import duties as told


def visit_started(check: Inspection) -> None:
    exchange.visit_started(check)


def public_by(ended_at: datetime) -> Due:
    """The day by which the result must be public, whatever laboratory results still come (八(二)-d, A-36)."""
    return publication_due(ended_at.date(), workdays.calendar())


def visit_finished(check: Inspection, due: Due, by: User, at: datetime) -> None:
    """The 20 working days run; what the check was the last of is done (八(二)-d, D-5, D-17, D-18)."""
    exchange.visit_finished(check, at)
    within = policy.on(check.ended_at.date()).publish_within_workdays
    of_checks.REVIEW.open(
        check.unit,
        check.no,
        role=Role.APPROVER,
        title=f"审核检查结果 {check.no}",
        due=due,
        url=check.get_absolute_url(),
        consequence=f"检查结束之日起 {within} 个工作日内公开，逾期计入通报。",
    )
    of_checks.record_handed_in(check, by)
    told.visit_ended(check, at)
    recorder.visit_ended(check, at)
    subjects.house().check_left(check, at)
    of_checks.ended(check, at)


def record_mended(check: Inspection, by: User, at: datetime) -> None:
    """Handed in again; the day the check ended, and its clock, stay (A-36)."""
    of_checks.record_handed_in(check, by)
    told.result_mended(check, at)
    of_checks.quarter_moved(check, at)
    of_checks.settle_coverage(check, at)
