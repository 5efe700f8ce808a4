"""A plan from hand to hand: made (D-2), public and handed in (D-3), and then drawn from (D-4)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Max
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter
from plans.models import PlanSource, QuarterlyPlan

_APPROVED = {Role.APPROVER: "审批计划"}
PLAN = Step("D-2", button="编制计划", buttons=_APPROVED, stage="计划")
PUBLICATION = Step("D-3", button="公开计划", noun="计划公开", stage="公开")
# A later version has duties of its own: the first one's were kept or missed by it.
PLAN_AGAIN = Step(
    "D-2r",
    "修改已公开的计划",
    serves=PLAN.id,
    button="修改计划",
    buttons=_APPROVED,
    noun="计划修改",
    stage="计划",
    of_the_city=True,
)
PUBLICATION_AGAIN = Step(
    "D-3r", "公开改过的计划", serves=PUBLICATION.id, button="公开计划", noun="计划公开", stage="公开", of_the_city=True
)


def _numbers_come_today(duties: Sequence[Duty], today: date) -> list[Duty]:
    """Those whose last announced number comes up today or has: from then on the draw is the planner's to hold."""
    sources = PlanSource.objects.filter(plan__unit__in=[duty.unit_id for duty in duties]).order_by()
    last = sources.values_list("plan__unit", "plan__year", "plan__number").annotate(at=Max("due"))
    come = {(unit, str(Quarter(year, n))) for unit, year, n, at in last if localtime(at).date() <= today}
    return [duty for duty in duties if (duty.unit_id, duty.period) in come]


# 七(二): by the 10th of the quarter's first month
DRAW = Step("D-4", button="打开抽取", stage="抽取", arrived=_numbers_come_today)
AGAIN = {PLAN: PLAN_AGAIN, PUBLICATION: PUBLICATION_AGAIN}


def of_version(step: Step, quarter: Quarter, revision: int) -> tuple[Step, str]:
    """The step and the period of a plan's version."""
    return (step, str(quarter)) if revision == 1 else (AGAIN[step], f"{quarter}v{revision}")


def pass_on(
    plan: QuarterlyPlan,
    role: str,
    title: str,
    url: str,
    by: User,
    *,
    step: Step = PLAN,
    body: str = "",
) -> None:
    """The plan goes to its next hands, with the to-do and a message (七(四)-2, -3)."""
    step, period = of_version(step, plan.quarter, plan.revision)
    if plan.revision > 1:
        title = f"{title}（第 {plan.revision} 版）"
        due = plan.quarter.draw_due(workdays.calendar())  # it has to be public before the draw
        step.open(plan.unit, period, role=role, title=title, due=due, url=url)
    step.hand_over(plan.unit, period, role=role, title=title, url=url, by=by, body=body)


def plan_approved(plan: QuarterlyPlan, by: User) -> None:
    """Made in the sense of 六(一)2-b; now it has to become public."""
    step, period = of_version(PLAN, plan.quarter, plan.revision)
    step.close(plan.unit, period, "plans.plan.approved", plan.approved_at)
    pass_on(
        plan,
        Role.DISCLOSURE_OFFICER,
        f"公开 {plan.quarter.label}抽查工作计划",
        f"/desk/publish/plan/{plan.unit.code}-{plan.quarter}/",
        by,
        step=PUBLICATION,
        body="计划已批准。公开之后才能抽取。",
    )


def plan_published(plan: QuarterlyPlan) -> None:
    """Public, and in the same act handed to the lead office: the unit has done its part (D-3, 七(六)-a)."""
    step, period = of_version(PUBLICATION, plan.quarter, plan.revision)
    step.close(plan.unit, period, "plans.plan.published", plan.published_at)


def draw_follows(plan: QuarterlyPlan, role: str, title: str, url: str) -> None:
    """A draw that waits for its seal follows the plan from hand to hand, and its duty (D-4) with it."""
    DRAW.hand_over(plan.unit, str(plan.quarter), role=role, title=title, url=url)
