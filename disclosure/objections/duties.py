"""D-25: an objection is answered within its working days, by the officer and then the leader; its delay is told upwards."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step

from .models import OF_THE_CITY, Objection

OBJECTION = Step(
    "D-25",
    button="核查申诉",
    buttons={Role.APPROVER: "决定申诉"},
    noun="申诉答复",
    stage="公示",
    of_the_city=True,
    pages=Objection.objects.visible_to,
)


def address_of(objection: Objection) -> str:
    return reverse("disclosure:objection-desk", args=[objection.receipt])


def _officer(objection: Objection) -> str:
    return Role.LEAD_OFFICE if objection.publication.kind in OF_THE_CITY else Role.DISCLOSURE_OFFICER


def received(objection: Objection) -> None:
    title = f"核查{objection.get_demand_display()} {objection.receipt}"
    OBJECTION.open(
        objection.unit,
        objection.receipt,
        role=_officer(objection),
        title=title,
        due=objection.due(workdays.calendar()),
        url=address_of(objection),
        consequence="办理情况和逾期的天数对外公开。",
    )
    with_officer(objection, title)


def with_officer(objection: Objection, title: str, by: User | None = None) -> None:
    words = {"role": _officer(objection), "title": title, "url": address_of(objection), "by": by}
    OBJECTION.hand_over(objection.unit, objection.receipt, **words)


def with_leader(objection: Objection, by: User) -> None:
    words = {"title": f"决定{objection.get_demand_display()} {objection.receipt}", "url": address_of(objection)}
    OBJECTION.hand_over(objection.unit, objection.receipt, role=Role.APPROVER, by=by, **words)


def moved(objection: Objection) -> None:
    """补正 lets the days stand still."""
    title = f"核查{objection.get_demand_display()} {objection.receipt}"
    OBJECTION.give_back(objection.unit, objection.receipt, title=title, due=objection.due(workdays.calendar()))


def ended(objection: Objection, event: str, at: datetime) -> None:
    OBJECTION.close(objection.unit, objection.receipt, event, at)
