"""接收: a task that was begun on the platform is a check of ours, once the person who raised that check says so."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import Inspection, PlatformTask

from . import actions, duties, rules


@transaction.atomic
def take_up(*, task: PlatformTask, check: Inspection | None, by: User) -> PlatformTask:
    """Whoever raised the check here says that it is this task; the next package tells the platform its number.

    What the platform has told of it is compared like anything that comes later (`actions.link`).
    """
    task = PlatformTask.objects.locked(task.pk, "unit", "package")
    refuse_if(rules.why_not_exchange(task.unit, by) or rules.why_not_link(task, check))
    now = clock.now()
    task = actions.link(check, task.number, by=by, at=now)
    duties.look_again(task.unit, now, by)
    trail.record("inspections.exchange.taken_up", by=by, about=task.unit, number=task.number)
    return task
