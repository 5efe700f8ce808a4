"""What a plan chooses, row by row: its items and the numbers of each category (六(一)2-a, 七(一))."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from plans.lists import rules
from plans.models import (
    EITHER,
    GeneralRatioPolicy,
    InspectionItem,
    Mode,
    PlanItem,
    PlanStratum,
    QuarterlyPlan,
    UnitPolicy,
)
from plans.quotas import quotas
from registry.models import Category

DEFAULT_RESERVED = {Category.KEY: 80, Category.GENERAL: 80, Category.SPECIAL: 0}
DEFAULT_POINTS = {Category.GENERAL: 0, Category.SPECIAL: 2500}  # 重点 begins at the legal minimum


def offered_items(plan: QuarterlyPlan) -> list[InspectionItem]:
    """What a plan may choose from: the city's list in force and the unit's own additions (六(一)2-a, 五-4c)."""
    lists = [rules.list_in_force(plan.year), rules.local_list_in_force(plan.unit, plan.year)]
    return list(InspectionItem.objects.filter(list__in=[found for found in lists if found]).order_by("code"))


def items_like(previous: QuarterlyPlan | None, plan: QuarterlyPlan) -> dict[str, dict[str, Any]]:
    """Last quarter's choices by item code; items that are new, and a first plan's, are checked everywhere."""
    chosen = chosen_in(previous) if previous else {}
    everywhere = {"key": True, "general": True, "special": True}
    known = set()
    if previous:
        known = set(previous.item_list.items.values_list("code", flat=True)) | set(chosen)
    found = {}
    for item in offered_items(plan):
        if item.code in chosen:
            found[item.code] = chosen[item.code]
        elif item.code not in known:
            found[item.code] = {**everywhere, "mode": item.modes}
    return found


def chosen_in(plan: QuarterlyPlan) -> dict[str, dict[str, Any]]:
    return {
        row.item.code: {
            "key": row.key,
            "general": row.general,
            "special": row.special,
            "mode": row.mode,
            "only_tag": row.only_tag,
        }
        for row in plan.items.select_related("item")
    }


def strata_like(previous: QuarterlyPlan | None, plan: QuarterlyPlan, now: datetime) -> dict[str, dict[str, int]]:
    """The ratio in force, else last quarter's, on today's registry; counts follow from ratio and pace (七(一)2-a)."""
    law = policy.on(plan.quarter.first_day)
    before = {s.category: s for s in previous.strata.all()} if previous else {}
    codes = [code for code, row in chosen_in(plan).items() if row["key"] or row["general"] or row["special"]]
    pools = quotas.pools(plan.unit, plan.quarter, codes, positive_out=plan.positive_out, today=localtime(now).date())
    choices = UnitPolicy.objects.for_plan(plan.unit, plan.quarter, clock.today())
    ratio = GeneralRatioPolicy.objects.for_plan(plan.unit, plan.quarter, localtime(now).date())
    found = {}
    for category in Category.values:
        points = DEFAULT_POINTS.get(category, law.key_basis_points)
        reserved = DEFAULT_RESERVED[category]
        if category in before:
            points, reserved = before[category].basis_points, before[category].reserved_percent
        if category == Category.KEY:  # what was enough before may not be any more (附-b)
            points = max(points, law.key_basis_points)
        if choices and category != Category.SPECIAL:
            reserved = choices.reserved_key if category == Category.KEY else choices.reserved_general
        if ratio and category == Category.GENERAL:
            points = ratio.basis_points
        pool = pools[category]
        reckoned = quotas.figures(
            plan.quarter, category, pool, basis_points=points, planned=0, reserved_percent=reserved
        )
        planned = min(max(reckoned.quota.m1, reckoned.quota.m2), reckoned.most)
        if category not in before and category == Category.GENERAL and ratio is None:
            points = quotas.points_for(planned, pool.N)
        found[category] = {"basis_points": points, "planned": planned, "reserved_percent": reserved}
    return found


def mode_for(item: InspectionItem, asked: str | None) -> str:
    """As it was asked for; what can be seen from outside is planned for nobody to enter (N-5)."""
    return EITHER if item.modes == EITHER and asked == Mode.ONSITE else asked or item.modes


def write_items(plan: QuarterlyPlan, chosen: Mapping[str, Mapping[str, Any]]) -> None:
    """Make the plan's rows exactly these, each of the newest published item of its code."""
    offered = {item.code: item for item in offered_items(plan)}
    wanted = {
        offered[code].pk: {
            "key": row["key"],
            "general": row["general"],
            "special": row["special"],
            "mode": mode_for(offered[code], row.get("mode")),
            "only_tag": row.get("only_tag", ""),
        }
        for code, row in chosen.items()
        if code in offered and (row["key"] or row["general"] or row["special"])
    }
    there = {row.item_id: row for row in PlanItem.objects.filter(plan=plan)}
    PlanItem.objects.filter(plan=plan).exclude(item__in=wanted).delete()
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, item_id=item, **values) for item, values in wanted.items() if item not in there
    )
    for item, row in there.items():
        values = wanted.get(item, {})
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    _forget_rows(plan)


def write_strata(plan: QuarterlyPlan, strata: Mapping[str, Mapping[str, int]]) -> None:
    there = {s.category: s for s in PlanStratum.objects.filter(plan=plan)}
    for category, numbers in strata.items():
        stratum = there.get(category) or PlanStratum(plan=plan, category=category)
        for name, value in numbers.items():
            setattr(stratum, name, value)
        stratum.save()
    _forget_rows(plan)


def _forget_rows(plan: QuarterlyPlan) -> None:
    plan._prefetched_objects_cache = {}
