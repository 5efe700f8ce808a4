"""What a draw asks of people: to be held (D-4), filed with the city team (D-4b), and sent out to its teams (七(二))."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter
from plans.models import Draw
from plans.quarterly.duties import DRAW

SEND_WITHIN_WORKDAYS = 2
FILING = Step("D-4b", button="报送备案", noun="抽取备案", stage="抽取")
DISPATCH = Step("SEND", "派发检查任务", button="派发任务", stage="检查")  # 七(二)-h: what was drawn goes to its teams


def pass_on(draw: Draw, role: str, title: str, waiting_for: str = "") -> None:
    """The duty to draw passes from hand to hand; its date stays."""
    period = str(draw.plan.quarter)
    DRAW.ensure(draw.unit, period)
    DRAW.hand_over(draw.unit, period, role=role, title=title, url=draw.get_absolute_url(), waiting_for=waiting_for)


def draw_held(draw: Draw, by: User, at: datetime) -> None:
    """Drawn: its tasks go out, and it is filed."""
    DRAW.close(draw.unit, str(draw.plan.quarter), draw.draw_id, at)
    tasks_to_send(draw, draw.picks.count(), by, at)
    to_file(draw, localtime(at).date())


def draw_aborted(draw: Draw, by: User) -> None:
    """The quarter still has to be drawn: the duty goes back to the planner (SSJ1 9.2)."""
    title = f"{draw.plan.quarter.label}抽取已作废，另定公开随机数来源，重新抽取"
    url = draw.plan.get_absolute_url()
    DRAW.hand_over(draw.unit, str(draw.plan.quarter), role=Role.PLANNER, title=title, url=url, by=by)


def tasks_to_send(draw: Draw, tasks: int, by: User, at: datetime) -> None:
    """After the draw the tasks go out: a to-do of the planner, told at once (七(二)-h, 五-4i)."""
    period, title = dispatch_period(draw), f"派发 {tasks} 项检查"
    url = reverse("inspections:draw-dispatch", args=[draw.draw_id])
    DISPATCH.open(
        draw.unit,
        period,
        role=Role.PLANNER,
        title=title,
        due=workdays.calendar().within_workdays(at.date(), SEND_WITHIN_WORKDAYS),
        url=url,
        consequence="派发之后检查小组才收到任务。",
    )
    DISPATCH.hand_over(draw.unit, period, role=Role.PLANNER, title=title, url=url, by=by)


def dispatch_period(draw: Draw) -> str:
    """What the duty to dispatch is about: the draw, or its run once it was corrected (SSJ1 9.1)."""
    return draw.draw_id if draw.run == 1 else f"{draw.draw_id}r{draw.run}"


def to_file(draw: Draw, on: date) -> None:
    """A draw that is held is to be filed (D-4b); one that was held late has its days from then on, it was late once."""
    quarter, calendar = str(Quarter(draw.year, draw.number)), workdays.calendar()
    law = FILING.law
    FILING.open(
        draw.unit,
        quarter,
        role=law.role,
        title=law.title_for(quarter),
        due=max(law.due_for(quarter, calendar), filing_due_from(on, calendar), key=lambda due: due.date),
        url=reverse("plans:draw-file", args=[draw.draw_id]),
        consequence=law.consequence,
    )


def filing_due_from(on: date, calendar: Calendar) -> Due:
    return calendar.within_workdays(on, policy.on(on).recommended.filing_within_workdays)
