"""The steps that wait for their publication, for whom (八(二)-b)."""

from benxi_shuangsuiji.accounts.roles import Permission
from inspections.models import FollowUp, InspectionStatus


def steps_of(user, unit=None):
    """Of the units in which the user publishes, beside a result that is public; the first that happened first."""
    units = user.units_with(Permission.PUBLISH)
    if unit is not None:
        units &= {unit.pk}
    public = {"inspection__status": InspectionStatus.PUBLISHED, "inspection__withdrawn_at": None}
    found = FollowUp.objects.waiting().filter(inspection__unit__in=units, **public)
    return found.select_related("inspection__unit", "inspection__facility", "by").order_by("happened_on", "no")
