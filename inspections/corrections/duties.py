"""After a correction: what is newly drawn is to be dispatched, checked and made public (七(二)-h, SSJ1 9.1)."""

from datetime import datetime

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks.duties import ALL_PUBLIC
from inspections.coverage import duties as coverage
from inspections.models import InspectionStatus
from plans.draw.duties import DISPATCH, tasks_to_send
from plans.models import Draw, Pick


def follow_the_draw(draw: Draw, waiting: int, by: User, at: datetime) -> None:
    """`waiting` of its picks are not dispatched; a quarter that was done is open again while one of them is left."""
    for period in (draw.draw_id, *(f"{draw.draw_id}r{run}" for run in range(2, draw.run))):
        DISPATCH.close(draw.unit, period, "公开随机数更正，另行派发", at)
    if waiting:
        tasks_to_send(draw, waiting, by, at)
    coverage.quarter_moved(draw, at)
    picks, quarter = Pick.objects.standing().filter(draw=draw), str(Quarter(draw.year, draw.number))
    if picks.exclude(inspection__status=InspectionStatus.PUBLISHED).exists():
        ALL_PUBLIC.reopen(draw.unit, quarter)
