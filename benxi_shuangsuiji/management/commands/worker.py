"""`manage.py worker`: the background worker under a watchdog.

One killed idle worker process of django-q2 can stop its whole cluster for good,
because the dead process keeps the lock of the shared queue. So the cluster runs
as a child here and is replaced when it ends or when tasks wait and none finishes.
"""

import contextlib
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.db.models import Q
from django_q.models import OrmQ, Task

from benxi_shuangsuiji import schedule
from benxi_shuangsuiji.documents import jobs, tasks
from benxi_shuangsuiji.machine import processes, standalone
from benxi_shuangsuiji.web import start

SECONDS_BETWEEN_LOOKS = 1


class Command(BaseCommand):
    help = "运行后台任务（提醒、文书生成），并在其停摆时重新启动。"

    def add_arguments(self, parser):
        parser.add_argument("--grace", type=float, default=50, help="停止时等待正在执行的任务的秒数")
        parser.add_argument("--stuck", type=float, help="任务等待多少秒而无一完成即重新启动")

    def get_check_kwargs(self, options):
        return super().get_check_kwargs(options) | {
            "databases": ["default"]
        }  # works only under the rules of its program

    def handle(self, *, grace, stuck, **options):
        # Longer than the longest task may take, so that a busy cluster is left alone.
        patience = timedelta(seconds=stuck or settings.Q_CLUSTER["timeout"] + 60)
        alive = standalone.var() / "worker.alive"  # its age tells a health check that somebody watches
        alive.parent.mkdir(parents=True, exist_ok=True)
        start.refuse_unsafe()
        schedule.install()
        with processes.stopped_in_order() as stop:
            cluster, started = self.spawn()
            jobs_known: set[int] = set()
            try:
                while not stop():
                    alive.touch()
                    close_old_connections()
                    with contextlib.suppress(DatabaseError):  # asked again at the next look
                        jobs_known = tasks.wake_new(jobs_known)
                    if cluster.poll() is not None:
                        self.stderr.write(f"后台任务进程意外退出（{cluster.returncode}），重新启动。")
                        end(cluster, 0)
                        cluster, started = self.spawn()
                    elif machine_time() - started > patience and is_stuck(started, patience):
                        self.stderr.write("后台任务停摆，重新启动。")
                        end(cluster, 3)
                        cluster, started = self.spawn()
                    wait(SECONDS_BETWEEN_LOOKS, stop)
            finally:
                end(cluster, grace)

    def spawn(self) -> tuple[subprocess.Popen, datetime]:
        return processes.child([sys.executable, str(standalone.ROOT / "manage.py"), "qcluster"]), machine_time()


def is_stuck(started: datetime, patience: timedelta) -> bool:
    """Tell whether tasks wait, or were taken by this cluster, for too long while none finishes and no long job gets on.

    A row's `lock` is the moment from which it may be taken: when it was queued
    or, once taken, `retry` seconds after that.
    """
    now = machine_time()
    retry = timedelta(seconds=settings.Q_CLUSTER["retry"])
    waits = Q(lock__lt=now - patience)
    taken = Q(lock__gt=max(now, started + retry), lock__lt=now + retry - patience)
    try:
        return (
            OrmQ.objects.filter(waits | taken).exists()
            and not Task.objects.filter(stopped__gt=now - patience).exists()
            and not jobs.under_way()
        )
    except DatabaseError:
        return False  # no answer says nothing about the cluster, which reconnects by itself


def end(cluster: subprocess.Popen, grace: float) -> None:
    """Let the running tasks finish, then kill whatever is left of the cluster."""
    cluster.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        cluster.wait(grace)
    processes.kill_group(cluster)


def machine_time() -> datetime:
    """The machine's own time, in which django-q2 dates its rows; nothing of the policy depends on it."""
    return datetime.fromtimestamp(time.time(), UTC)


def wait(seconds: float, stop) -> None:
    latest = time.monotonic() + seconds
    while time.monotonic() < latest and not stop():
        time.sleep(0.1)
