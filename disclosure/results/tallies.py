"""What there is among the results and how often, once for each state of what is public: the list counts without its rows."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.kept import SHELF
from disclosure.models import Publication, PublicationKind


class Group(NamedTuple):
    """So many current results that are alike in everything by which the list is filtered and that has few values."""

    year: int
    number: int
    district: str
    category: str
    unit_code: str
    outcome: str
    random: bool
    n: int


def results():
    """The newest words of each result that was not withdrawn: one look for a later version, whatever it is."""
    return Publication.everything.current().filter(kind=PublicationKind.RESULT).exclude(state="WITHDRAWN")


def groups() -> list[Group]:
    return SHELF.once(_groups)


def _groups() -> list[Group]:
    *alike, _, _ = Group._fields
    random = ExpressionWrapper(~Q(draw=""), output_field=BooleanField())
    rows = results().order_by().values_list(*alike, random).annotate(n=Count("pk"))
    return [Group(*row) for row in rows]


def outcomes(found: Iterable[Group]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for group in found:
        counted[group.outcome] += group.n
    return counted


def districts() -> list[str]:
    return sorted({g.district for g in groups()} - {""})


def quarters() -> list[Quarter]:
    """Those of which there are results, the newest first."""
    return sorted({Quarter(g.year, g.number) for g in groups()}, reverse=True)


def units() -> dict[str, str]:
    """Code → name of the units with results."""
    names = dict(Unit.objects.drawing().values_list("code", "short_name"))
    return {code: names.get(code, code) for code in sorted({g.unit_code for g in groups()})}


def items() -> dict[str, str]:
    """Code → name of every item on a published list, as the newest list that has it says."""
    return SHELF.once(_items)


def _items() -> dict[str, str]:
    lists = Publication.objects.current().filter(kind=PublicationKind.ITEM_LIST).order_by("year", "pk")
    return {item["code"]: item["name"] for s in lists.values_list("snapshot", flat=True) for item in s["items"]}
