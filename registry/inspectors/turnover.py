"""Changes of staff that the registry has not followed yet (六(三)-i, D-14).

Whoever keeps the registry enters a change himself; the one that the system learns of elsewhere is the end of somebody's
role as 检查人员. While the registry still lists him in that unit he may be drawn, so its registrar is told.
"""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import RoleGrant
from benxi_shuangsuiji.accounts.roles import Role
from registry.models import Inspector

from .duties import TURNOVER


def remind(at: datetime) -> int:
    """Open a duty for each person whose role ended and whom the registry still lists; close those that it followed.

    Returns how many are open; running twice changes nothing.
    """
    today, calendar = localtime(at).date(), workdays.calendar()
    left = {f"{person.code}:{day.isoformat()}": (person, day) for person, day in not_followed(today)}
    for duty in TURNOVER.duties.open():
        if duty.period not in left:
            TURNOVER.close(duty.unit, duty.period, "名录已更新", at)
    for period, (person, day) in left.items():
        within = policy.on(day).recommended.inspector_change_within_workdays
        TURNOVER.open(
            person.unit.drawing_unit,
            period,
            role=Role.REGISTRAR,
            title=f"更新检查人员名录：{person.name}的检查人员授权已终止",
            due=calendar.within_workdays(day, within),
            url=person.get_absolute_url(),
            consequence="名录没有更新的，仍会参加抽取。调离、换岗的登记变动；还在岗的由授权管理员重新授权。",
        )
    return len(left)


def not_followed(today: date) -> list[tuple[Inspector, date]]:
    """(person, the day on which the role ended) of whoever is still listed in the unit; two queries."""
    listed = (
        Inspector.objects.filter(Q(left_on__isnull=True) | Q(left_on__gt=today), user__isnull=False)
        .select_related("unit", "unit__serves", "unit__parent")
        .order_by("code")
    )
    people = {person.user_id: person for person in listed}
    ends: dict[int, date | None] = {}
    for grant in RoleGrant.objects.filter(role=Role.INSPECTOR, user__in=people).select_related("unit"):
        person = people[grant.user_id]
        if grant.unit_id not in (person.unit_id, person.unit.drawing_unit.pk) or grant.valid_from > today:
            continue
        end = _end_of(grant, today)
        known = ends.get(grant.user_id, date.min)
        ends[grant.user_id] = None if end is None or known is None else max(known, end)
    return [(people[user], end) for user, end in sorted(ends.items()) if end]


def _end_of(grant: RoleGrant, today: date) -> date | None:
    """The last day on which it counted, or None while it does."""
    if grant.ended_at:
        return localtime(grant.ended_at).date()
    return grant.valid_to if grant.valid_to and grant.valid_to + timedelta(days=1) <= today else None
