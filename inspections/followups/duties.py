"""What follows is decided by another in our few days, its asker is told, and each step made public (八(二)-d, -e)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import clock as time
from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks import told
from inspections.checks.duties import of_the_leader
from inspections.models import Inspection, Outcome

from .models import FollowUp

PUBLICATION = Step("FOLLOW", "公开后续处理", button="公开处理", stage="公示")
ANOTHER_WAY = Step("OTHERWAY", "另行移送或者立案", button="另行办理", noun="另行办理", stage="处理")
# Results that say of themselves what comes of them.
CALLS_FOR = {
    Outcome.CASE_FILED: "inspections:case-new",
    Outcome.TRANSFERRED: "inspections:referral-new",
    Outcome.TRANSFERRED_CRIMINAL: "inspections:referral-new",
}


def handed_over(step: FollowUp) -> None:
    """To be published, unless its result is kept from the public: nobody owes what he may not do (二-b)."""
    check, within = step.inspection, policy.on(step.happened_on).publish_within_workdays
    PUBLICATION.keep(
        check.unit,
        step.no,
        wanted=check.withheld_at is None and check.withdrawn_at is None,
        role=Role.DISCLOSURE_OFFICER,
        title=f"公开{step.get_step_display()} {check.no}",
        due=workdays.calendar().within_workdays(step.happened_on, within),
        event="检查结果不公开或者已经撤下",
        at=time.now(),
        url=f"/desk/publish/step/{step.no}/",
        consequence="公开页上只有发现的问题，没有后来怎样处理。",
    )


def publicity_moved(check: Inspection) -> None:
    """What waits follows its result."""
    for step in check.followups.waiting():
        step.inspection = check
        handed_over(step)


def published(step: FollowUp, at: datetime) -> None:
    PUBLICATION.close(step.inspection.unit, step.no, "后续处理已公开", at)


def turned_down(check: Inspection, words: str, at: datetime) -> None:
    """A case or a referral came to nothing, and nothing else stands for what the result, or its order, called for.

    Whoever handles it has it again, and may put forward the one or the other (八(二)-e, -f).
    """
    order = getattr(check, "rectification", None)
    page = "inspections:case-new" if order and order.state == "HANDED" else CALLS_FOR.get(Outcome(check.outcome))
    stands = (
        check.cases.exclude(state="RETURNED").exists()
        or check.referrals.exclude(state__in=["RETURNED", "DECLINED"]).exists()
    )
    if page and not stands:
        _another_way(check, True, words, at, f"{reverse(page)}?check={check.no}")


def put_forward(check: Inspection, words: str, at: datetime) -> None:
    """A case or a referral was asked for."""
    _another_way(check, False, words, at)


def _another_way(check: Inspection, wanted: bool, words: str, at: datetime, url: str = "") -> None:
    ANOTHER_WAY.keep(
        check.unit,
        check.no,
        wanted=wanted,
        **of_the_leader(check),
        title=f"{words}，另行立案或者移送 {check.no}",
        due=our_days(at),
        event=words,
        at=at,
        url=url,
        consequence="发现的问题没有人再管，案卷不能成册。",
    )


def our_days(at: datetime) -> Due:
    return decision_due(at.date(), workdays.calendar())


def to_decide(
    step: Step,
    unit: Unit,
    period: str,
    title: str,
    *,
    by: User,
    at: datetime,
    url: str,
    consequence: str,
    role: str = Role.APPROVER,
    due: Due | None = None,
) -> None:
    """It lies with another now; the leaders are told, but not `by`, who asked."""
    step.open(unit, period, role=role, title=title, due=due or our_days(at), url=url, consequence=consequence)
    if role == Role.APPROVER:
        told.tell_leaders(unit, f"等批准：{title}", "提出的人不能批准。", url, by=by)


def decided(step: Step, unit: Unit, period: str, asked, words: str, url: str) -> None:
    """`asked` (a `Decision`) has its answer, and who asked is told."""
    step.close(unit, period, words, asked.decided_at)
    tell_people([asked.asked_by_id], words, f"{period.split(':')[0]}，意见见办理页。", url)
