"""`manage.py worker`: the background worker under a watchdog.

One killed idle worker process of django-q2 can stop its whole cluster for good, because the dead process keeps the lock of
the shared queue. So the cluster, which does jobs, runs as a child here and is replaced when it ends or when tasks wait and
none finishes; so does `rounds`, which does everything else, when it ends or no round comes to its end.
"""

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections
from django.db.models import Q
from django_q.models import OrmQ, Task

from benxi_shuangsuiji import clock, schedule
from benxi_shuangsuiji.documents import jobs, tasks
from benxi_shuangsuiji.machine import processes, standalone
from benxi_shuangsuiji.notices.models import Heartbeat
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
        start.refuse_unsafe()
        with processes.stopped_in_order() as stop:
            children = [
                Watched(["qcluster"], is_stuck, patience),
                Watched(["rounds", "--grace", str(grace)], rounds_stand_still, schedule.LANES["round"].longest),
            ]
            jobs_known: set[int] = set()
            try:
                for child in children:
                    child.begin()
                while not stop():
                    close_old_connections()
                    with contextlib.suppress(DatabaseError):  # asked again at the next look
                        jobs_known = tasks.wake_new(jobs_known)
                    for child in children:
                        if why := child.why_begin_anew():
                            self.stderr.write(why)
                            child.begin_anew()
                    wait(SECONDS_BETWEEN_LOOKS, stop)
            finally:
                end([child.process for child in children if child.process], grace)


class Watched:
    """A program of the worker's, begun anew when it ends or stands still."""

    def __init__(self, command: list[str], stands_still: Callable[[datetime, timedelta], bool], patience: timedelta):
        self.command, self.stands_still, self.patience = command, stands_still, patience
        self.process: subprocess.Popen | None = None

    def begin(self) -> None:
        words = [sys.executable, str(standalone.ROOT / "manage.py"), *self.command]
        self.process, self.since = processes.child(words), machine_time()

    def why_begin_anew(self) -> str:
        if self.process.poll() is not None:
            return f"后台任务进程意外退出（{self.command[0]}，{self.process.returncode}），重新启动。"
        if machine_time() - self.since > self.patience and self.stands_still(self.since, self.patience):
            return f"后台任务停摆（{self.command[0]}），重新启动。"
        return ""

    def begin_anew(self) -> None:
        end([self.process], 0 if self.process.poll() is not None else 3)
        self.begin()


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


def rounds_stand_still(started: datetime, patience: timedelta) -> bool:
    """Tell whether no round has come to its end for so long, by the time of the database, which a demo shifts."""
    try:
        return not Heartbeat.objects.filter(name=schedule.LANES["round"].beat, at__gt=clock.now() - patience).exists()
    except DatabaseError:
        return False


def end(running: list[subprocess.Popen], grace: float) -> None:
    """Let what runs finish, then kill whatever is left of it."""
    for process in running:
        process.send_signal(signal.SIGTERM)
    latest = time.monotonic() + grace
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, latest - time.monotonic()))
        processes.kill_group(process)


def machine_time() -> datetime:
    """The machine's own time, in which django-q2 dates its rows; nothing of the policy depends on it."""
    return datetime.fromtimestamp(time.time(), UTC)


def wait(seconds: float, stop) -> None:
    latest = time.monotonic() + seconds
    while time.monotonic() < latest and not stop():
        time.sleep(0.1)
