"""The to-do of a draw's tasks names the one place that is still waited for, and leads to its page (desk.md A3, decisions.md 3)."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from inspections.models import Inspection, VisitMember
from plans.models import DrawStatus
from registry.frames import public_name

from .duties import ACCEPTANCE, LEADING, OWN, period_of, waiting_for_acceptance


def by_name(duties: Sequence[Duty], user: User) -> int:
    """甲厂 instead of 210504-2026Q3-01 where of this draw one check is left; how many of the names only the circle knows.

    Of several the number of the draw stays: they stand on its list. Never saved, as every name of a to-do.
    """
    steps = {ACCEPTANCE.id, LEADING.id, OWN.id}
    mine = [d for d in duties if d.rule in steps and d.closed_at is None]
    if not mine:
        return 0
    numbers = {d.period.partition(":")[0] for d in mine}
    known = Q(inspection__draw__status=DrawStatus.RELEASED)
    circle = Q(inspection__in=Inspection.objects.in_circle_of(user).values("pk"))
    found = waiting_for_acceptance(Q(inspection__draw__draw_id__in=numbers)).filter(known | circle)
    found = found.select_related(
        "inspector", "inspection__draw", "inspection__facility", "inspection__unit", "inspection__executing_unit"
    )
    by_draw: dict[str, list[VisitMember]] = {}
    for member in found:
        by_draw.setdefault(member.inspection.draw.draw_id, []).append(member)
    led = led_by_sections(numbers)
    sealed = 0
    for duty in mine:
        no = duty.period.partition(":")[0]
        checks = {m.inspection for m in by_draw.get(no, []) if is_meant(duty, m, led)}
        if len(checks) != 1 or no not in duty.title:
            continue
        (check,) = checks
        place = public_name(check.facility)
        agenda.say(duty, duty.title.replace(no, place), check.no, place=place)
        if duty.rule != OWN.id and user.may(P.SEE_SEALED, check.unit):
            duty.url = reverse("inspections:task-detail", args=[check.no])  # where it can be done
        sealed += check.draw.status != DrawStatus.RELEASED
    return sealed


def is_meant(duty: Duty, member: VisitMember, led: set[tuple[str, int]]) -> bool:
    """By his own duty only his task; by a leader's the tasks of those whom he leads (五-2e)."""
    if duty.rule == OWN.id:
        return member.inspector.user_id == duty.person_id
    if duty.rule == ACCEPTANCE.id:
        return True
    check = member.inspection
    section = (period_of(check), check.executing_unit_id)
    return duty.unit_id == (check.executing_unit_id if section in led else check.unit_id)


def led_by_sections(numbers: set[str]) -> set[tuple[str, int]]:
    """Which units have a leader's duty about these draws, or checks of another source."""
    return set(LEADING.duties.open().filter(period__in=numbers).values_list("period", "unit_id"))
