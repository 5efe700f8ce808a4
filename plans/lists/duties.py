"""To-dos of the item lists (D-24)."""

from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.notices import duties

JUSTICE_RULE = "D-24"


def open_justice_duties(year: int) -> None:
    """With the city's list of the year the six columns can be written: every branch files them (D-24).

    Called when the list is published in the first quarter; one that comes later is of a system's first year.
    """
    for unit in Unit.objects.drawing().filter(kind=UnitKind.BRANCH):
        if unit.justice_filings.filter(year=year).exists():
            continue
        duties.ensure(JUSTICE_RULE, unit, str(year), url=reverse("plans:justice-filing", args=[unit.code, year]))
