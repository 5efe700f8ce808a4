"""A record that is reviewed is made public or goes back to its team (七(四)-5); what follows from a public one (八(二)-e)."""

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from inspections.checks import duties as of_checks
from inspections.models import Inspection


def given_back(check: Inspection, by: User) -> None:
    """The leader waits; the day by which it must be public stays."""
    of_checks.record_handed_in(check, by, waiting_for="检查小组修改")


def reviewed(check: Inspection, by: User) -> None:
    of_checks.REVIEW.hand_over(
        check.unit,
        check.no,
        role=Role.DISCLOSURE_OFFICER,
        title=f"公开检查结果 {check.no}",
        url=f"/desk/publish/result/{check.no}/confirm/",
        by=by,
    )
