"""Each process is restarted and killed while people work: no act is lost, none is there twice, and what they read is 503 in words.

Web, worker lanes and PostgreSQL of one office, on a database that is safe against a crash (P15, P20, P25; operations.md 6, 7).
Whoever sends does as the phone does: the same thing under the same id until it is received.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Role
from benxi_shuangsuiji.machine import devdb, processes, standalone
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.models import Reminder
from tests import database
from tests.drills.clusters import Cluster, cluster
from tests.factories import make_unit, make_user
from tests.inspections.evidence.pictures import photo
from tests.inspections.factories import make_started, team_of
from tests.killed.harness import TOKEN, Sending, Site

pytestmark = [pytest.mark.slow("drills"), pytest.mark.commits]
VISITS, PHOTOS, PEOPLE = 3, 12, 60
LATER = '{"state": "later"}'  # what the phone turns into words: it sends again by itself
CHILDREN = 2  # two of the web server; jobs and rounds of the worker
PUBLIC = ("/", "/results/", "/verify/")


@dataclass
class Office:
    """Web and worker as the guide starts them, begun again when they end, as systemd does."""

    given: dict
    var: Path
    port: int
    over: bool = False
    children: dict = field(default_factory=dict)

    def command(self, name: str) -> list[str]:
        if name == "worker":
            return [sys.executable, "manage.py", "worker", "--grace", "5"]
        web = processes.web_command(self.port, workers=2)
        at = web.index("--graceful-timeout") + 1
        return [*web[:at], "30", *web[at + 1 :]]

    def begin(self, name: str) -> None:
        self.children[name] = subprocess.Popen(
            self.command(name),
            cwd=standalone.ROOT,
            env={**self.given, "BENXI_AS": name},
            stdout=subprocess.DEVNULL,
            stderr=(self.var / f"{name}.log").open("ab"),
            start_new_session=True,
        )

    def watch(self) -> None:
        while not self.over:
            for name, child in list(self.children.items()):
                if child.poll() is not None and not self.over:
                    processes.kill_group(child)
                    self.begin(name)
            time.sleep(0.2)

    def below(self, name: str) -> list[int]:
        """The children of this process, oldest first, once it has begun them all."""
        latest = time.monotonic() + 60
        while time.monotonic() < latest:
            pid = self.children[name].pid
            with contextlib.suppress(OSError):
                found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
                if len(found) >= CHILDREN:
                    return [int(word) for word in found]
            time.sleep(0.2)
        raise AssertionError(f"{name} has not begun its processes")


@dataclass
class Load:
    site: Site
    waiting: list
    lock: threading.Lock = field(default_factory=threading.Lock)
    received: list = field(default_factory=list)
    answers: Counter = field(default_factory=Counter)  # what it was about, by what was going on
    wrong: list = field(default_factory=list)
    now: str = "quiet"
    over: bool = False

    def note(self, answer) -> bool:
        """Whether it was received; what is neither that nor 503, in words for people, is wrong."""
        kind = "dropped" if answer is None else str(answer.status)
        with self.lock:
            self.answers[self.now, kind] += 1
            if answer is not None and answer.status == 503:
                said = answer.body.decode(errors="replace")
                if said != LATER and not re.search("再试|稍后|恢复", said):
                    self.wrong.append((self.now, said[:300]))
            elif answer is not None and answer.status not in (200, 302, 303):
                self.wrong.append((self.now, answer.status, answer.body[-300:]))
        return answer is not None and answer.status in (200, 302, 303)

    def send(self) -> None:
        while True:
            with self.lock:
                if not self.waiting:
                    return
                what = self.waiting.pop(0)
            while True:
                answer = self.site.send(what)
                if self.note(answer) and (not what.outbox or json.loads(answer.body)["state"] == "kept"):
                    break
                if self.over:
                    return
                time.sleep(0.2)
            with self.lock:
                self.received.append(what.id)
            time.sleep(0.1)

    def read(self) -> None:
        while not self.over:
            for address in PUBLIC:
                self.note(self.site._ask("GET", address, None, {}))
                time.sleep(0.05)


def sendings() -> list[Sending]:
    """Photographs and answers of some visits, one after the other as they are taken."""
    made = []
    for _ in range(VISITS):
        visit = make_started()
        user = team_of(visit)[0].user
        cookies = Sending(user, "/").cookies
        point = visit.answers.order_by("item_code", "number").first()
        for n in range(PHOTOS):
            picture = ("file", photo(color=(n, 7 * len(made) % 250, 90)))
            shown = {"kind": "PHOTO", "words": f"池 {n}"}
            made.append(Tapped(user, f"/field/{visit.no}/evidence/", shown, picture, cookies=cookies))
            said = {f"answer_{point.pk}": "FOUND", f"words_{point.pk}": f"缺 {n} 页", f"seen_{point.pk}": ""}
            made.append(Tapped(user, f"/field/{visit.no}/check/1/", said, cookies=cookies))
    return made[::2] + made[1::2]


@dataclass
class Tapped(Sending):
    """One thing of a person whose sign-in is given; tapped when it was made, whenever it is sent."""

    at: str = ""

    def __post_init__(self):
        self.at = clock.now().isoformat()

    def headers(self) -> dict[str, str]:
        sent = {"X-Outbox-Id": self.id, "X-Outbox-At": self.at, "X-Outbox-Sent": self.at}
        return {"Cookie": self.cookies, "X-CSRFToken": TOKEN, **sent}


def reminders() -> None:
    """One for each of many who have a part in the unit, but are told of nothing by the duty itself."""
    unit = make_unit()
    duty, today = duties.ensure("D-2", unit, "2026Q3"), clock.today()
    people = [make_user((Role.ARCHIVIST, unit), email=f"u{n}@example.org") for n in range(PEOPLE)]
    Reminder.objects.bulk_create([Reminder(key=f"{u.pk}:k:", duty=duty, user=u, due_on=today) for u in people])


def moved(name: str, there: Cluster) -> None:
    """The test's database as it is, on the other server."""
    there.lay_roles()
    there.let_tests_change_roles()
    there.run("psql", "-q", "-c", "DROP DATABASE benxi", "-c", "CREATE DATABASE benxi OWNER sj_owner")
    url = database.with_name(database.owner_url(), name).replace("postgres://", "postgresql://", 1)
    dump = there.run("pg_dump", "-Fc", "-d", url)
    there.run("pg_restore", "--exit-on-error", "--no-owner", "--role=sj_owner", "-d", devdb.DATABASE, input=dump.stdout)
    # Some constraints are worded otherwise by whoever reads them out of a dump.
    laid = [sys.executable, "manage.py", "migrate", "-v", "0", "--restore-rules"]
    given = {**os.environ, **there.urls(), "BENXI_AS": "owner", "BENXI_PYTHON_READY": "1"}
    subprocess.run(laid, cwd=standalone.ROOT, env=given, check=True, capture_output=True)


def answers(site: Site, address="/healthz/?only=database") -> bool:
    with contextlib.suppress(OSError):
        found = site._ask("GET", address, None, {})
        return found is not None and found.status == 200
    return False


@pytest.mark.clause("四(3)-b", "七(五)-l")
def test_nothing_is_lost_or_doubled_while_each_process_is_restarted_under_load(own_database, tmp_path, at):
    at("2026-07-06 10:00", running=True)
    waiting = sendings()
    total, photos = len(waiting), VISITS * PHOTOS
    reminders()
    with cluster() as there:
        moved(own_database, there)
        site = Site(own_database, tmp_path)
        given = {k: v for k, v in os.environ.items() if not k.startswith("DATABASE")} | there.urls()
        given |= {
            "DJANGO_SETTINGS_MODULE": "tests.killed.settings",
            "BENXI_VAR": str(tmp_path),
            "BENXI_PYTHON_READY": "1",
        }
        office = Office(given, tmp_path, site.port)
        load = Load(site, waiting)
        watching = threading.Thread(target=office.watch, daemon=True)
        senders = [threading.Thread(target=load.send, daemon=True) for _ in range(3)]
        readers = [threading.Thread(target=load.read, daemon=True) for _ in range(2)]
        outages = {}

        def while_they_work(name, act, settle=1.0):
            load.now = name
            began = time.monotonic()
            act()
            away, seen = 0.0, time.monotonic()
            while time.monotonic() - began < 60:
                if not answers(site):
                    away = time.monotonic() - began
                    seen = time.monotonic()
                elif time.monotonic() - seen > settle:
                    break
                time.sleep(0.05)
            assert answers(site), f"{name}: it does not come back"
            outages[name] = round(away, 1)

        try:
            office.begin("web")
            office.begin("worker")
            latest = time.monotonic() + 90
            while not answers(site):
                assert time.monotonic() < latest, (tmp_path / "web.log").read_text()[-2000:]
                time.sleep(0.2)
            for thread in (watching, *senders, *readers):
                thread.start()
            web, worker = lambda: office.children["web"].pid, lambda: office.children["worker"].pid
            server = there.server
            master = lambda: int((server.data / "postmaster.pid").read_text().split()[0])  # noqa: E731

            def one_backend(number):
                with contextlib.suppress(psycopg.Error), psycopg.connect(there.admin, autocommit=True) as line:
                    found = line.execute("SELECT pid FROM pg_stat_activity WHERE usename = 'sj_web' LIMIT 1").fetchone()
                    if found:
                        os.kill(found[0], number)

            def server_again(number):
                os.kill(master(), number)
                latest = time.monotonic() + 30
                while not server.keep_up() and time.monotonic() < latest:
                    time.sleep(0.2)

            while_they_work("网站 HUP", lambda: os.kill(web(), signal.SIGHUP), 3)
            while_they_work("网站进程 TERM", lambda: os.kill(office.below("web")[0], signal.SIGTERM))
            while_they_work("数据库 HUP", lambda: os.kill(master(), signal.SIGHUP))
            while_they_work("数据库连接 TERM", lambda: one_backend(signal.SIGTERM))
            while_they_work("后台任务 TERM", lambda: os.kill(worker(), signal.SIGTERM))
            while_they_work("网站进程 kill -9", lambda: os.kill(office.below("web")[0], signal.SIGKILL))
            while_they_work("数据库连接 kill -9", lambda: one_backend(signal.SIGKILL))
            while_they_work("后台一轮 kill -9", lambda: os.kill(office.below("worker")[-1], signal.SIGKILL))
            while_they_work("数据库 TERM（INT）", lambda: server_again(signal.SIGINT))
            while_they_work("数据库 kill -9", lambda: server_again(signal.SIGKILL))
            while_they_work("网站 kill -9", lambda: os.killpg(web(), signal.SIGKILL))
            while_they_work("后台任务 kill -9", lambda: os.killpg(worker(), signal.SIGKILL))
            load.now = "quiet"
            for thread in senders:
                thread.join(120)
            assert not load.waiting and len(load.received) == total
            latest = time.monotonic() + 90
            with psycopg.connect(there.admin.replace("/postgres?", f"/{devdb.DATABASE}?"), autocommit=True) as line:
                one = lambda asked: line.execute(asked).fetchone()  # noqa: E731
                while one("SELECT count(*) FROM notices_reminder WHERE sent_at IS NULL")[0] or not sealed(one):
                    assert time.monotonic() < latest, (tmp_path / "worker.log").read_text()[-2000:]
                    time.sleep(1)
                load.over = True
                assert one("SELECT count(*), count(DISTINCT id) FROM inspections_receipt") == (total, total)
                assert one("SELECT count(*) FROM inspections_evidence") == (photos,)
                reminded = "SELECT count(*), count(DISTINCT user_id) FROM notices_message WHERE user_id IN (SELECT user_id FROM notices_reminder)"
                assert one(reminded) == (PEOPLE, PEOPLE)
                assert (
                    one("SELECT count(*) FROM notices_outgoingmail m JOIN accounts_user u ON u.id = m.user_id")[0]
                    >= PEOPLE
                )
        finally:
            office.over = load.over = True
            watching.join(5) if watching.is_alive() else None
            for child in office.children.values():
                processes.kill_group(child)
        sent = b"".join(path.read_bytes() for path in (tmp_path / "mails").glob("*"))
        named = re.findall(rb"^Message-ID: (\S+)", sent, re.M)
        # Killed between sending and marking: it goes once more under its name, and a mailbox shows one (`notices.mails`).
        assert len(set(named)) >= PEOPLE - 2 and len(named) - len(set(named)) <= 2
        assert load.wrong == []
        of_the_web = {"网站进程 kill -9", "网站 kill -9"}
        assert {name for name, kind in load.answers if kind == "dropped"} <= of_the_web, load.answers
        print("\n", json.dumps(outages, ensure_ascii=False), dict(load.answers))  # noqa: T201


def sealed(one) -> bool:
    """Every entry of the trail is linked, and each link follows from the one before."""
    unsealed = "SELECT count(*) FROM audit_auditentry e WHERE NOT EXISTS (SELECT FROM audit_auditlink l WHERE l.entry_id = e.id)"
    follows = """SELECT count(*) FROM audit_auditlink l JOIN audit_auditentry e ON e.id = l.entry_id
        LEFT JOIN audit_auditlink b ON b.seq = l.seq - 1
        WHERE l.prev IS DISTINCT FROM coalesce(b.link, repeat('0', 64)) OR l.link IS DISTINCT FROM audit_hash(l.prev, e)"""
    return one(unsealed)[0] < 20 and one(follows) == (0,)
