"""What a list of items asks of people: made, made public, and filed with the justice bureau (六(一)1, D-1, D-9, D-24)."""

from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step

LIST = Step(
    "D-1", button="编制清单", buttons={Role.APPROVER: "审批清单", Role.DISCLOSURE_OFFICER: "公开清单"}, stage="清单"
)
PUBLICATION = Step("D-9", button="公开清单", stage="清单", of_the_city=True)
JUSTICE = Step("D-24", button="登记备案", noun="司法局备案", stage="计划")


def justice_to_file(year: int) -> None:
    """With the city's list of the year the six columns can be written: every branch files them (D-24).

    Called when the list is published in the first quarter; one that comes later is of a system's first year.
    """
    for unit in Unit.objects.drawing().open().filter(kind=UnitKind.BRANCH):
        if unit.justice_filings.filter(year=year).exists():
            continue
        JUSTICE.ensure(unit, str(year), url=reverse("plans:justice-filing", args=[unit.code, year]))
