"""A real web server on the test's own database, a phone that sends, and what the database and the storage hold."""

import http.client
import subprocess
import sys
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.forms import keys as form_keys
from benxi_shuangsuiji.machine import processes, standalone
from tests import database
from tests.browsing import signed_in
from tests.killed import steps

TOKEN = "k" * 32
OURS = {"benxi_shuangsuiji.wsgi:application": "tests.killed.wsgi:application"}


@dataclass
class Sending:
    """One thing that a phone (`outbox`) or a page sends, as often as it takes, always under the same id."""

    user: object
    path: str
    fields: dict = field(default_factory=dict)
    file: tuple[str, bytes] | None = None  # the field and what it holds
    outbox: bool = True
    method: str = "POST"
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    cookies: str = ""

    def __post_init__(self):
        session = signed_in(self.user).cookies[settings.SESSION_COOKIE_NAME].value
        self.cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"

    def headers(self) -> dict[str, str]:
        now = clock.now().isoformat()
        sent = {"X-Outbox-Id": self.id, "X-Outbox-At": now, "X-Outbox-Sent": now} if self.outbox else {}
        return {"Cookie": self.cookies, "X-CSRFToken": TOKEN, **sent}

    def body(self) -> tuple[bytes | None, str]:
        if self.method == "GET":
            return None, "text/plain"
        fields = dict(self.fields) if self.outbox else {form_keys.FIELD: self.id, **self.fields}
        if self.file is None:
            return urlencode(fields, doseq=True).encode(), "application/x-www-form-urlencoded"
        name, content = self.file
        return encode_multipart(BOUNDARY, {**fields, name: SimpleUploadedFile("f.jpg", content)}), MULTIPART_CONTENT


@dataclass
class Answer:
    status: int
    body: bytes
    steps: list[str]
    location: str


class Site:
    """gunicorn as the demo starts it, with one worker process that is forked anew when it was killed."""

    def __init__(self, name: str, var: Path):
        self.name, self.var, self.process = name, var, None
        self.port = processes.free_port(18_400)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [OURS.get(word, word) for word in processes.web_command(self.port, workers=1)] + ["--preload"],
            cwd=standalone.ROOT,
            env={
                **database.on(self.name),
                "DJANGO_SETTINGS_MODULE": "tests.killed.settings",
                "BENXI_VAR": str(self.var),
                "BENXI_PYTHON_READY": "1",
            },
            stdout=subprocess.DEVNULL,
            stderr=(self.var / "web.log").open("ab"),
            start_new_session=True,
        )
        latest = time.monotonic() + 90
        while self._ask("GET", "/healthz/", None, {}) is None:
            assert self.process.poll() is None and time.monotonic() < latest, (self.var / "web.log").read_text()
            time.sleep(0.2)

    def end(self) -> None:
        processes.kill_group(self.process)

    def send(self, what: Sending, die_at: int = 0, everybody: bool = False) -> Answer | None:
        """The answer; None when the server was gone before it came."""
        body, kind = what.body()
        headers = {**what.headers(), "Content-Type": kind, steps.DIE_AT: str(die_at)}
        if everybody:
            headers[steps.EVERYBODY] = "1"
        return self._ask(what.method, what.path, body, headers)

    def _ask(self, method, path, body, headers) -> Answer | None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            said = answer.read()
        except (http.client.HTTPException, ConnectionError):
            return None
        finally:
            line.close()
        seen = answer.getheader(steps.STEPS, "").split("; ")
        return Answer(answer.status, said, seen, answer.getheader("Location", ""))


class Worker:
    """Does one job at a time, and dies at the step that it is told."""

    def __init__(self, name: str, var: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.killed.worker"],
            cwd=standalone.ROOT,
            env={
                **database.on(name),
                "BENXI_AS": "worker",
                "DJANGO_SETTINGS_MODULE": "tests.killed.settings",
                "BENXI_VAR": str(var),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(var / "worker.log").open("ab"),
            text=True,
        )
        assert self.process.stdout.readline() == "ready\n", (var / "worker.log").read_text()

    def do(self, job: int | str, die_at: int = 0) -> str:
        """`killed`, or how many steps there were and `ended`. `job`: its number, or rounds by their names."""
        self.process.stdin.write(f"{job} {die_at}\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(30)
        self.process.stdout.close()


# Whoever has been seen when is no record of the act.
BESIDE = {"django_session"}


def state(name: str) -> dict[str, tuple[int, str]]:
    """Of every table how many rows there are, and a digest of them all."""
    with database.owner_connection(name=name) as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({table for (table,) in cursor.fetchall()} - BESIDE)
        parts = (
            f"SELECT '{t}', count(*), coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM \"{t}\" t"
            for t in tables
        )
        cursor.execute(" UNION ALL ".join(parts))
        return {table: (count, digest) for table, count, digest in cursor.fetchall()}


def more(before: dict, after: dict) -> dict[str, int]:
    """How many rows there are more in each table."""
    return {t: after[t][0] - before[t][0] for t in after if after[t][0] != before[t][0]}


def stored(var: Path) -> list[Path]:
    """Every file in the storage, finished or not."""
    return [path for path in (var / "media" / "files").rglob("*") if path.is_file()]
