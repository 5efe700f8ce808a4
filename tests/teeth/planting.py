"""Plants one fault in a copy of the tree, runs the tests that must see it, and takes it out again.

The working tree is never touched: everything happens in a temporary folder, with databases copied from one template. A
fault is a text of one file in place of another, or a statement of the owner that takes something out of the database.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[2]
NOT_COPIED = (".git", ".venv", "var", "__pycache__", "img", ".mypy_cache", ".ruff_cache")
# The rules of the database may be run again, file by file, and so may its rights.
RULES, GIVEN = ".sql", ("database/rights.py", "database/shown.py", "database/logins.py")
GIVE = (
    "from benxi_shuangsuiji.database import rights; from django.db import connection; rights.apply(connection.cursor())"
)
LONGEST = 300  # seconds for one test, on a busy machine
RED, GREEN = 1, 0  # of pytest; whatever else it answers, it could not run


@dataclass(frozen=True)
class Fault:
    """`words`: what somebody did wrong; `proves`: the promise (reliability.md) or clause that it breaks; `tests`: must turn red.

    `old` stands in `file` exactly once, and `new` takes its place; or `sql` is what the owner of the database does.
    """

    name: str
    words: str
    proves: str
    tests: tuple[str, ...]
    file: str = ""
    old: str = ""
    new: str = ""
    sql: str = ""

    @property
    def in_database(self) -> bool:
        return bool(self.sql) or self.file.endswith((RULES, *GIVEN))


def why_not_fitting(fault: Fault, root: Path = ROOT) -> str:
    """Why a fault cannot be planted in this tree any more: its text or one of its tests is gone."""
    if bool(fault.sql) == bool(fault.file):
        return f"{fault.name}: either a text of a file or a statement"
    if fault.file:
        path = root / fault.file
        found = path.read_text(encoding="utf-8").count(fault.old) if path.is_file() else 0
        if found != 1:
            return f"{fault.name}: its text stands {found} times in {fault.file}, not once"
    for test in fault.tests:
        file, _, name = test.partition("::")
        path = root / file
        if not path.is_file() or f"def {name.partition('[')[0]}(" not in path.read_text(encoding="utf-8"):
            return f"{fault.name}: there is no test {test}"
    return "" if fault.tests else f"{fault.name}: no test is named"


class Tree:
    """A copy of the tree, in which one fault at a time is planted."""

    def __init__(self, folder: Path, template: str):
        self.root, self.template = folder / "tree", template
        self._moment = 0
        shutil.copytree(ROOT, self.root, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (self.root / "var").mkdir()

    @contextmanager
    def planted(self, fault: Fault) -> Iterator[str]:
        """Inside, the fault is there; yields the template of databases that has it too."""
        path = self.root / fault.file if fault.file else None
        whole = path.read_text(encoding="utf-8") if path else ""
        if path:
            self._write(path, whole.replace(fault.old, fault.new))
        try:
            if fault.in_database:
                with self._database(fault) as name:
                    yield name
            else:
                yield self.template
        finally:
            if path:
                self._write(path, whole)

    def _write(self, path: Path, text: str) -> None:
        """With a time of its own, so that Python never takes what it has compiled of the text before."""
        path.write_text(text, encoding="utf-8")
        self._moment += 2
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + self._moment))

    @contextmanager
    def _database(self, fault: Fault) -> Iterator[str]:
        from tests import database

        with database.copy_of_template(f"{self.template}_{fault.name.replace('-', '_')}"[:60]) as name:
            if fault.sql or fault.file.endswith(RULES):
                with database.owner_connection(name=name) as cursor:
                    cursor.execute(fault.sql or (self.root / fault.file).read_text(encoding="utf-8"))
            else:
                env = {**database.on(name), "BENXI_AS": "owner", "BENXI_PYTHON_READY": "1"}
                command = [sys.executable, "-W", "ignore", "manage.py", "shell", "-v", "0", "-c", GIVE]
                given = subprocess.run(command, env=env, capture_output=True, text=True, cwd=self.root)
                if given.returncode:
                    raise RuntimeError(f"{fault.name}: {given.stdout}{given.stderr}")
            yield name

    def run(self, tests: Sequence[str], template: str) -> "Ran":
        """These tests in the copy, in a process of their own."""
        with tempfile.TemporaryDirectory(prefix="benxi-teeth-") as folder:
            report = Path(folder) / "report.xml"
            command = [sys.executable, "-m", "pytest", "-q", "-n", "0", f"--junitxml={report}", *tests]
            env = {**os.environ, "BENXI_TEST_TEMPLATE": template, "PYTHONDONTWRITEBYTECODE": ""}
            env.pop("PYTEST_XDIST_WORKER", None)
            try:
                done = subprocess.run(
                    command, cwd=self.root, env=env, capture_output=True, text=True, timeout=LONGEST * len(tests)
                )
            except subprocess.TimeoutExpired:
                return Ran(-1, 0, 0, "not ended in time")
            return Ran.of(done.returncode, report, done.stdout + done.stderr)


@dataclass(frozen=True)
class Ran:
    """What became of the tests: `code` of pytest, how many failed and how many were skipped, and what they said."""

    code: int
    failed: int
    skipped: int
    said: str

    @classmethod
    def of(cls, code: int, report: Path, output: str) -> "Ran":
        if not report.exists():
            return cls(code, 0, 0, output[-2000:])
        suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
        failed = sum(int(s.get("failures")) + int(s.get("errors")) for s in suites)
        wrong = [
            (case.get("name"), case.find(kind))
            for s in suites
            for case in s.iter("testcase")
            for kind in ("failure", "error")
        ]
        said = "; ".join(f"{name}: {found.get('message')}" for name, found in wrong if found is not None)
        return cls(code, failed, sum(int(s.get("skipped")) for s in suites), said)

    @property
    def is_red(self) -> bool:
        return self.code == RED and self.failed > 0

    @property
    def is_green(self) -> bool:
        return self.code == GREEN and not self.skipped


def bites(tree: Tree, fault: Fault) -> Ran:
    with tree.planted(fault) as template:
        return tree.run(fault.tests, template)
