"""季度计划 for the box of the frame: by its number, 210504-2026Q3, or by unit."""

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, of_unit_and_period, part_of

from .models import QuarterlyPlan


def plans(user, asked: Asked) -> Found | None:
    if not user.units_with(P.SEE_PLANS):
        return None
    rows = QuarterlyPlan.objects.visible_to(user).select_related("unit").alias(called=of_unit_and_period())
    return Found(
        rows.order_by("-year", "-number", "unit__position"),
        lambda plan: Hit(
            str(plan), plan.get_absolute_url(), f"{plan.unit.code}-{plan.quarter}", plan.get_status_display()
        ),
        any_is(asked, "called"),
        part_of(asked, "called", "unit__name", "unit__short_name"),
    )
