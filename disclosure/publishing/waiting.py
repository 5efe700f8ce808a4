"""What waits to be made public, for whom (八(二))."""

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.subject import Waiting
from disclosure.city import roundups
from disclosure.city.standing import standing
from inspections.models import FollowUp, Inspection, InspectionStatus
from plans.models import ItemList, ListStatus, PlanStatus, QuarterlyPlan


def lists_of(units):
    """Approved item lists of these units."""
    return ItemList.objects.filter(status=ListStatus.APPROVED, unit__in=units)


def plans_of(units):
    """Approved plans of these units."""
    return QuarterlyPlan.objects.filter(status=PlanStatus.APPROVED, unit__in=units)


def results_of(user, unit=None):
    """Reviewed results of the units in which the user publishes, the most urgent first."""
    units = user.units_with(Permission.PUBLISH)
    if unit is not None:
        units &= {unit.pk}
    return (
        Inspection.objects.filter(status=InspectionStatus.REVIEWED, withheld_at__isnull=True, unit__in=units)
        .select_related("facility__unit", "unit", "executing_unit", "draw", "reviewed_by")
        .prefetch_related("answers", "deliveries", "members__inspector", "kept_names", "looks")
        .order_by("publish_by", "no")
    )


def count(user, unit, quarter):
    """What waits, for the navigation; red when a limit is over."""
    rows, late, more = (), (), 0
    if unit is not None and user.may(Permission.PUBLISH, unit):
        reviewed = Inspection.objects.filter(status=InspectionStatus.REVIEWED, withheld_at__isnull=True, unit=unit)
        steps = FollowUp.objects.waiting().filter(inspection__unit=unit, inspection__status=InspectionStatus.PUBLISHED)
        rows = (reviewed, steps, lists_of([unit]), plans_of([unit]))
        late = (reviewed.filter(publish_by__lt=clock.today()),)
    if user.units_with(Permission.PUBLISH_CITY):
        today = clock.today()
        city = standing(quarter, today)
        more = city.is_due + roundups.standing(quarter, city).is_due(today)
    return Waiting(rows, late, more=more)
