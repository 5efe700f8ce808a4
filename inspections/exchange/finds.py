"""移动执法平台编号 for the box of the frame: the task of whoever sees the unit's lists; a check by both its numbers."""

from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of
from inspections.checks import finds as checks
from inspections.models import ExchangePackage, Inspection, PlatformTask


def tasks(user, asked: Asked) -> Found | None:
    """Of checks those that the reader may open; of tasks begun there, those of his units (decisions.md 3)."""
    known = Inspection.objects.visible_to(user).values("pk")
    mine = (
        set(Inspection.objects.in_my_team(user).values_list("pk", flat=True)) if user.units_with(P.FIELD_WORK) else ()
    )
    waiting = Q(inspection__isnull=True, unit__in=user.units_with(P.SEE_SEALED))
    return Found(
        PlatformTask.objects.filter(Q(inspection__in=known) | waiting)
        .select_related("inspection__facility", "inspection__unit", "inspection__draw", "facility", "unit")
        .order_by("-pk"),
        lambda task: _hit(user, task, mine),
        Q(number=asked.number),
        part_of(asked, "number"),
        noted=lambda rows: checks.note(user, [row.inspection for row in rows if row.inspection_id]),
    )


def _hit(user, task: PlatformTask, mine) -> Hit:
    if task.inspection_id is None:
        words = f"{task.unit.short_name}　移动执法平台　{task.get_state_display()}"
        return Hit(task.place_name, task.get_absolute_url(), task.number, words)
    check = task.inspection
    words = f"{check.unit.short_name}　移动执法平台　{check.no}"
    return Hit(check.facility.name, checks.address(user, check, mine), task.number, words)


def packages(user, asked: Asked) -> Found | None:
    """数据包 by their number, of either side: the circle's, like the numbers of the checks within (decisions.md 3)."""
    if not user.units_with(P.SEE_SEALED):
        return None
    return Found(
        ExchangePackage.objects.visible_to(user).select_related("unit").order_by("-pk"),
        lambda one: Hit(
            f"{one.unit.short_name}　{one.get_sender_display()}数据包",
            one.get_absolute_url(),
            one.number,
            one.get_state_display(),
        ),
        any_is(asked, "number"),
        part_of(asked, "number"),
    )
