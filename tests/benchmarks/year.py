"""A unit's year into the archive by the real worker, killed on the way (issue 13): every 案卷 in one job, then 年度卷 with its package.

    .venv/bin/python -m tests.benchmarks.year               # some 60 checks with 2 photographs each; about ten minutes

A fresh database gets a released draw and the checks, each with its papers, published; one press asks for all their volumes. The
worker (`manage.py worker`, as the demo starts it) is killed with its family by SIGKILL in the middle of each job and started
anew; nothing may be there twice. Printed are the seconds by the clock, the processor time of the worker's processes, the most
memory that one of them held, the longest time that the job said nothing, and what it comes to for the city's year: its checks as the demo has them.
On a machine that others use as well, only the processor time says something.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CHECKS, PHOTOS = 60, 2
CITY_CHECKS, CITY_UNITS = 470, 8  # four quarters of some 115 drawn places, and what is checked on complaint
GOAL_MIB = 1024
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Run:
    """One job, from the press to its end."""

    seconds: float = 0.0
    silent: float = 0.0
    kib: int = 0
    papers: int = 0
    attempts: int = 0
    busy: dict[int, float] = field(default_factory=dict)

    @property
    def processor(self) -> float:
        return sum(self.busy.values())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--checks", type=int, default=CHECKS)
    options.add_argument("--photos", type=int, default=PHOTOS)
    asked = options.parse_args()
    from tests import database  # starts a server and migrates a template

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benxi_shuangsuiji.settings")
    os.environ["BENXI_AS"] = "worker"  # as the demo: one process plays everybody, and the queue is the worker's alone
    import django

    django.setup()
    from django.db.backends.signals import connection_created
    from django.test.utils import override_settings

    from benxi_shuangsuiji.policy import first_use
    from tests import putting

    connection_created.connect(putting.on_connection)
    first_use.use(None)  # the plan holds from its first day, as in the tests
    with (
        database.copy_of_template(f"benchmark_year_{os.getpid()}") as name,
        tempfile.TemporaryDirectory() as var,
        override_settings(MEDIA_ROOT=Path(var) / "media"),
    ):
        _use(name)
        files, year, _ = archived(name, Path(var), lay_out(asked.checks, asked.photos))
    report(asked.checks, files, year)


def _use(name: str) -> None:
    from django.db import connections

    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


def lay_out(checks: int, photos: int):
    """The unit with its released draw, its published checks, and its year over."""
    from inspections.evidence import actions as evidence
    from inspections.models import Inspection
    from tests.benchmarks.volume import picture_of
    from tests.disclosure.factories import make_published_result
    from tests.factories import make_city_team, make_unit
    from tests.inspections.factories import team_of
    from tests.plans.draw.factories import make_held_draw

    make_city_team()
    unit = make_unit()
    make_held_draw(unit, released=True)
    for n in range(checks):
        check = Inspection.objects.get(no=make_published_result(unit).no)
        for m in range(photos):
            content, by = picture_of(n * photos + m), team_of(check)[0].user
            evidence.keep_photo(inspection=check, name=f"{m}.jpg", content=content, by=by, words="现场")
    return unit


def archived(name: str, var: Path, unit) -> tuple[Run, Run, object]:
    """Both jobs, each killed in its middle; ends the process if anything is there twice."""
    from benxi_shuangsuiji.accounts.roles import Role
    from disclosure.models import YearVolume
    from disclosure.yearbook import actions as yearbook
    from inspections.archive import actions as archive
    from inspections.closing import actions as closing
    from inspections.models import Volume
    from tests import database
    from tests.factories import make_approver, make_lead_office, make_user

    by, site = make_user((Role.ARCHIVIST, unit)), "https://example.test"
    volumes = archive.bind_ready(unit=unit, site=site, by=by)
    files = _done(name, var, volumes[0].job_id)
    _nothing_twice(Volume.objects.all())
    database.set_clock(name, datetime(2027, 1, 20, 9, tzinfo=database.CHINA))
    head = make_approver(_city())
    closing.approve(closing=closing.ask(year=2026, by=make_lead_office()), by=head)
    year = _done(name, var, yearbook.bind(unit=unit, year=2026, site=site, by=by).job_id)
    _nothing_twice(YearVolume.objects.all())
    return files, year, YearVolume.objects.get()


def _city():
    from benxi_shuangsuiji.accounts.models import Unit, UnitKind

    return Unit.objects.get(kind=UnitKind.CITY_TEAM)


def _nothing_twice(volumes) -> None:
    from benxi_shuangsuiji.documents.models import StoredFile

    names = Counter(StoredFile.objects.filter(name__startswith="案卷_").values_list("name", flat=True))
    names += Counter(StoredFile.objects.filter(name__startswith="年度卷_").values_list("name", flat=True))
    for volume in volumes:
        keys = Counter(volume.papers.values_list("key", flat=True))
        last = volume.papers.last()
        if volume.file_id is None or max(keys.values()) > 1 or last.first_page + last.pages - 1 != volume.pages:
            sys.exit(f"{volume.no} is not whole")
    if max(names.values()) > 1:
        sys.exit(f"made twice: {names.most_common(1)}")


def _done(name: str, var: Path, pk: int) -> Run:
    """The worker at this job, killed once it has come half way, and another that ends it."""
    from benxi_shuangsuiji import clock
    from benxi_shuangsuiji.documents import jobs, tasks
    from benxi_shuangsuiji.documents.models import Job, JobState
    from tests import database

    run, job = Run(), Job.objects.get(pk=pk)
    with _worker(name, var, run, pk) as killing:
        _until(job, lambda: job.total and job.done >= job.total // 2, run)
        killing()
    before = job.done
    database.set_clock(name, clock.now() + jobs.CLAIM + timedelta(minutes=1))
    with _worker(name, var, run, pk):
        tasks.wake_waiting()
        _until(job, lambda: job.state == JobState.DONE, run)
    if job.attempts != 2 or not before:
        sys.exit("the worker was not killed in the middle of the job")
    run.attempts, run.papers = job.attempts, job.total
    return run


def _until(job, true, run: Run) -> None:
    began, said, done = time.perf_counter(), time.perf_counter(), -1
    while not true():
        time.sleep(0.05)
        job.refresh_from_db()
        now = time.perf_counter()
        if job.done != done:
            said, done = now, job.done
        run.silent = max(run.silent, now - said)
        if job.state == "FAILED" or now - said > 600:
            sys.exit(f"{job.title}: {job.state} {job.error}")
    run.seconds += time.perf_counter() - began


@contextmanager
def _worker(name: str, var: Path, run: Run, pk: int) -> Iterator:
    """`manage.py worker`; while it lives, how busy it and its family are is written down. Yields what kills them all."""
    from threading import Event, Thread

    from tests import database

    over = Event()
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "manage.py"), "worker", "--grace", "3"],
        env={**database.on(name), "BENXI_PYTHON_READY": "1", "BENXI_VAR": str(var)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )

    def watch():
        while not over.wait(0.1):
            family = _family(process.pid)
            run.kib = max(run.kib, *(kib for kib, _ in family.values()), 0)
            for pid, (_, busy) in family.items():
                run.busy[pid] = max(busy, run.busy.get(pid, 0.0))

    def kill():
        for pid in _family(process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield kill
    finally:
        kill()
        over.set()
        watcher.join()
        process.wait(30)


def _family(pid: int) -> dict[int, tuple[int, float]]:
    """A process and everything below it: KiB held, seconds of processor time."""
    found = {}
    with suppress(FileNotFoundError, ProcessLookupError):
        status = Path(f"/proc/{pid}/status").read_text()
        said = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        kib = next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
        found[pid] = kib, (int(said[11]) + int(said[12])) / TICK
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found |= _family(int(child))
    return found


def report(checks: int, files: Run, year: Run) -> None:
    for name, run in ((f"{checks} 案卷, one job", files), ("年度卷 and package", year)):
        _out(
            f"{name:22} {run.seconds:7.1f} s  processor {run.processor:6.1f} s  {run.kib / 1024:5.0f} MiB  "
            f"{run.papers} papers, silent at most {run.silent:.1f} s, killed once"
        )
    city = files.processor / checks * CITY_CHECKS + year.processor * CITY_UNITS
    _out(
        f"the city's year ({CITY_CHECKS} checks, {CITY_UNITS} units): {city / 60:.0f} min of processor time, one worker"
    )
    if max(files.kib, year.kib) / 1024 > GOAL_MIB:
        sys.exit(f"more than {GOAL_MIB} MiB")


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
