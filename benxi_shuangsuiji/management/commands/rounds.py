"""`manage.py rounds`: the worker's rounds, each lane in a thread of its own (`schedule.LANES`, decision 0062).

`manage.py worker` starts it beside the queue of jobs and begins it anew when it ends.
"""

import logging
import os
import threading
import time
from contextlib import suppress
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from benxi_shuangsuiji import schedule
from benxi_shuangsuiji.machine import collector, processes, standalone
from benxi_shuangsuiji.web import logs

log = logging.getLogger(__name__)
SOON = 5.0  # seconds until a database that was away is asked again
HANGS = 70  # the code with which a process ends whose lane does not come to its end


class Lane(threading.Thread):
    """One lane, round after round; `since` is when the present one began, None between two."""

    def __init__(self, name: str, alive: Path | None = None):
        super().__init__(name=name, daemon=True)
        self.lane, self.alive = schedule.LANES[name], alive
        self.over, self.since = threading.Event(), None

    def run(self) -> None:
        while not self.over.is_set():
            self.since = time.monotonic()
            with logs.about(lane=self.name):
                done = self.once()
            took, self.since = time.monotonic() - self.since, None
            self.over.wait(max(0.0, self.lane.every - took) if done else SOON)

    def once(self) -> bool:
        """One round; whether it came to its end. Only then does the file say that the worker is alive."""
        try:
            schedule.tick(self.name)
            if self.alive:
                self.alive.touch()
        except (schedule.Away, DatabaseError) as trouble:
            log.warning("the database does not answer: %s", type(trouble.__cause__ or trouble).__name__)
            return False
        except Exception:
            log.exception("lane %s", self.name)
            return False
        finally:
            with suppress(DatabaseError):
                connections.close_all()
        return True

    def hangs(self) -> bool:
        since = self.since
        return since is not None and time.monotonic() - since > self.lane.longest.total_seconds()


class Command(BaseCommand):
    help = "做后台任务的各轮：公开、期限和入链，每日核算，发邮件，互不等待。由 worker 命令启动。"

    def add_arguments(self, parser):
        parser.add_argument("--grace", type=float, default=50, help="停止时等待正在做的一轮的秒数")

    def handle(self, *, grace, **options):
        alive = standalone.var() / "worker.alive"
        alive.parent.mkdir(parents=True, exist_ok=True)
        lanes = [Lane(name, alive if name == "round" else None) for name in schedule.LANES]
        collector.relax()
        with processes.stopped_in_order() as stop:
            for lane in lanes:
                lane.start()
            while not stop():
                if stuck := [lane.name for lane in lanes if lane.hangs()]:
                    log.error("lanes hang: %s", stuck)
                    os._exit(HANGS)
                time.sleep(0.2)
            for lane in lanes:
                lane.over.set()
            latest = time.monotonic() + grace
            for lane in lanes:
                lane.join(max(0.0, latest - time.monotonic()))
