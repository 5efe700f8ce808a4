"""What a frozen list holds still in the registries: the import it uses, and the unit that draws (ui.md 4.10)."""

from django.db.models import Q

from benxi_shuangsuiji.workdays.days import Quarter, shown_moment
from plans.models import Draw, DrawStatus
from registry.freezes import Freeze
from registry.models import ImportBatch


def why_not_withdraw(batch: ImportBatch, codes: list[str]) -> str:
    """A list frozen since the import holds its rows; an aborted draw too, for its lists stay public (SSJ1 9.2)."""
    frozen = (
        Draw.objects.filter(Q(unit=batch.unit) | Q(plan__executing_unit=batch.unit), frozen_at__gte=batch.confirmed_at)
        .order_by("frozen_at")
        .first()
    )
    if frozen is None:
        return ""
    return f"{frozen.draw_id} 的名单已于 {shown_moment(frozen.frozen_at)} 封存，用到了这一批，不能整批撤回。逐个在详情页面改正。"


def why_not_transfer(facility) -> str:
    """No facility changes its drawing unit between the freeze and the release (decisions.md 3).

    Asked of the unit, never of the picks: a refusal that only drawn ones meet would say who was drawn.
    """
    held = Draw.objects.filter(unit=facility.unit_id, status__in=[DrawStatus.FROZEN, DrawStatus.DRAWN]).first()
    if held is None:
        return ""
    return f"{held.draw_id} 的名单已封存，还没有公开。名单公开以后再移交。"


def sealed_lists(units) -> list[Freeze]:
    """The lists of these units that are sealed and not released; whether they are drawn yet makes no difference."""
    held = Draw.objects.filter(unit__in=units, status__in=[DrawStatus.FROZEN, DrawStatus.DRAWN])
    held = held.select_related("unit").order_by("year", "number", "unit__position", "serial")
    return [Freeze(draw.unit, Quarter(draw.year, draw.number), draw.frozen_at) for draw in held]
