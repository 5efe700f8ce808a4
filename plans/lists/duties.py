"""What a list of items asks of people: made, made public, and filed with the justice bureau (六(一)1, D-1, D-9, D-24).

D-1 is the city's first list of a year. Every other waits for its leader in the days of a second person's word.
"""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell
from plans.models import ItemKind, ItemList

LIST = Step(
    "D-1", button="编制清单", buttons={Role.APPROVER: "审批清单", Role.DISCLOSURE_OFFICER: "公开清单"}, stage="清单"
)
PUBLICATION = Step("D-9", button="公开清单", stage="清单", of_the_city=True)
AGAIN = Step("ITEMLIST", "审批事项清单", button="审批清单", noun="清单审批", stage="清单")
KIND = Step("ITEMKIND", "批准增加抽查类别", button="审批类别", noun="抽查类别", stage="清单")
JUSTICE = Step("D-24", button="登记备案", noun="司法局备案", stage="计划")


def justice_to_file(year: int) -> None:
    """With the city's list of the year the six columns can be written: every branch files them (D-24).

    Called when the list is published in the first quarter; one that comes later is of a system's first year.
    """
    for unit in Unit.objects.drawing().open().filter(kind=UnitKind.BRANCH):
        if unit.justice_filings.filter(year=year).exists():
            continue
        JUSTICE.ensure(unit, str(year), url=reverse("plans:justice-filing", args=[unit.code, year]))


def is_of_the_year(item_list: ItemList) -> bool:
    """Whether it is the list that D-1 is about, from hand to hand; of a year before the day of first use none is (二-a)."""
    is_first = item_list.unit.kind == UnitKind.CITY_TEAM and item_list.version == 1
    return is_first and LIST.ensure(item_list.unit, str(item_list.year)) is not None


def again_submitted(item_list: ItemList) -> None:
    """Open as often as it is handed in, each time with new days."""
    AGAIN.keep(
        item_list.unit,
        str(item_list.pk),
        wanted=True,
        role=Role.APPROVER,
        title=f"审批 {item_list.year} 年随机抽查事项清单（第 {item_list.version} 版）",
        due=decision_due(localtime(item_list.submitted_at).date(), workdays.calendar()),
        event="",
        at=item_list.submitted_at,
        url=item_list.get_absolute_url(),
        consequence="批准以前，原来的清单照旧。",
    )


def again_decided(item_list: ItemList, event: str, at: datetime) -> None:
    AGAIN.close(item_list.unit, str(item_list.pk), event, at)


def kind_asked(kind: ItemKind, city: Unit, url: str, by: User) -> None:
    """The leader has it to do and is told."""
    title, role = f"增加抽查类别“{kind.label}”，等批准", Role.APPROVER
    due, consequence = (
        decision_due(localtime(kind.asked_at).date(), workdays.calendar()),
        "批准以前，清单里没有这一类。",
    )
    KIND.open(
        city,
        str(kind.pk),
        role=role,
        title=f"批准增加抽查类别“{kind.label}”",
        due=due,
        url=url,
        consequence=consequence,
    )
    tell(role=role, unit=city, key=f"kind:{kind.pk}", title=title, body="看依据后批准。", url=url, by=by)


def kind_decided(kind: ItemKind, city: Unit, event: str) -> None:
    KIND.close(city, str(kind.pk), event, kind.decided_at)
