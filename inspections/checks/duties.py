from datetime import datetime

from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.coverage import duties as coverage
from inspections.coverage.gaps import COUNTING
from inspections.models import Inspection
from plans.models import Draw, Pick


def _settle_coverage(inspection: Inspection, at: datetime) -> None:
    """It may have been the last facility of the year or of the cycle (D-17, D-18)."""
    if inspection.source in COUNTING:
        coverage.settle(inspection.facility.unit, at)


def _hand_over(inspection, role, title, url, by, waiting_for="") -> None:
    duties.hand_over(
        rule="D-8",
        unit=inspection.unit,
        period=inspection.no,
        role=role,
        title=title,
        url=url,
        waiting_for=waiting_for,
        by=by,
    )


def close_when_all(inspection: Inspection, rule: str, event: str, statuses: list[str], at: datetime) -> None:
    """Close a quarter's duty when every pick of the draw has come so far; one without a team keeps it open."""
    if inspection.draw_id is None:
        return
    # The draw's row orders two last checks that end at the same moment.
    Draw.objects.select_for_update().get(pk=inspection.draw_id)
    picks = Pick.objects.standing().filter(draw=inspection.draw_id)
    if not picks.exclude(inspection__status__in=statuses).exists():
        period = str(Quarter(inspection.year, inspection.number))
        duties.close(rule=rule, unit=inspection.unit, period=period, event=event, at=at)
