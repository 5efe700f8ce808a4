"""The worker's timetable, and the work it knows by name. Like urls.py, this joins all the apps.

One wake-up a minute does every round in turn; rows of our own say what is due, so a round that is missed is made up by
the next, and one that runs twice does nothing the second time (reliability.md P12).
"""

import logging

from django.db import close_old_connections
from django.utils.module_loading import import_string
from django_q.models import Schedule

from benxi_shuangsuiji import clock

log = logging.getLogger(__name__)

ROUNDS = [
    "registry.facilities.recompute.recompute_categories",
    "plans.tasks.release_due",
    "inspections.tasks.campaigns_daily",
    "registry.tasks.people_daily",
    "registry.tasks.audits_daily",
    "registry.tasks.positive_monthly",
    "benxi_shuangsuiji.notices.tasks.daily",
    "inspections.tasks.coverage_daily",
    "benxi_shuangsuiji.notices.tasks.deliver",
    "benxi_shuangsuiji.documents.tasks.wake_waiting",
    "benxi_shuangsuiji.audit.tasks.seal",
    "plans.tasks.prove_daily",
]
# Kinds of background job → what does them: function(job, progress) returning a StoredFile or None.
JOBS = {
    "check_forms": "inspections.tasks.make_check_forms",
    "registry_export": "registry.facilities.export_jobs.make",
    "registry_import_check": "registry.imports.jobs.check_import",
    "registry_import_write": "registry.imports.jobs.write_import",
    "registry_import_withdraw": "registry.imports.jobs.withdraw_import",
}


def install() -> None:
    """Make sure the one schedule exists, once, however many workers start."""
    Schedule.objects.update_or_create(
        name="every minute",
        defaults={
            "func": "benxi_shuangsuiji.schedule.tick",
            "schedule_type": Schedule.MINUTES,
            "minutes": 1,
            "repeats": -1,
        },
    )


def tick() -> None:
    """Do every round; one that fails is logged and does not keep the others from theirs."""
    from benxi_shuangsuiji.notices.tasks import beat

    for name in ROUNDS:
        close_old_connections()
        try:
            import_string(name)()
        except Exception:
            log.exception("round %s failed", name)
    beat("tick", clock.now())
