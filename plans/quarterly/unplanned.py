"""本年还没有安排的事项: what the year's list holds and no plan of the unit does (三-o, 六(一)2-c)."""

from django.db.models import Q

from plans.lists.rules import list_in_force, local_list_in_force
from plans.models import InspectionItem, PlanItem, PlanStatus

FROM_QUARTER = 3  # earlier there is time for all of them


def unplanned(unit, year: int, *, published: bool = False) -> list[InspectionItem]:
    """Items of the lists in force that stand in no plan of the unit in that year; `published`: in no public one."""
    lists = [found for found in (list_in_force(year), local_list_in_force(unit, year)) if found]
    rows = PlanItem.objects.filter(Q(key=True) | Q(general=True) | Q(special=True), plan__unit=unit, plan__year=year)
    if published:
        rows = rows.filter(plan__status=PlanStatus.PUBLISHED)
    return list(InspectionItem.objects.filter(list__in=lists).exclude(code__in=rows.values("item__code")))


def words(items) -> str:
    return "、".join(f"{item.code} {item.name}" for item in items)
