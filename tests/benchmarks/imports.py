"""A large workbook into the registry: this system, tablib with django-import-export and django-simple-history, and parsing
with COPY alone.

    .venv/bin/python -m tests.benchmarks.imports            # 100,000 rows, some minutes
    .venv/bin/python -m tests.benchmarks.imports --rows 20000 --only ours,copy

Each runs in a process of its own on a fresh copy of the same migrated database, one after the other, and prints its
seconds, the processor time of its processes and of the database server, and the most memory it and its child processes held
together. On a machine that others use as well, only the processor time says something. Both keep a history; what the others
leave out besides (checks, grounds, trail, ratings, withdrawal) they are not charged for. The peer packages are fetched into
var/ once; they belong to no lock file.

Goals are a sixth of the peer's processor time, at most four times that of parsing and COPY, and at most 600 MiB. On 1 December
2026, two cores with nothing else to do, all three in one run:

    100,000 new rows   this system             32 s  processor  35.2 s (server 20.3)  399 MiB   check 12 s, write 20 s
                       parsing + COPY alone     9 s  processor   9.7 s (server  6.0)  376 MiB
                       the peer               214 s  processor 213.9 s (server 21.0)  531 MiB

So 3.6 times as much as COPY, and 6.08 times less than the peer (6.75 by the clock). The run before, with a second index of the
codes for LIKE, was 5.98 (6.64): the two differ by little more than two runs of the same do.
(1,000 rows take 1.4 s, checked and written.) Every one of these rows goes
into the history with old and new values, linked and hashed, and into the trail; three ratings come of it, and one row in five
asks for a ground that waits for a second person. Most of that the peer does not do. In seconds of processor for 100,000 rows,
about, from runs of the day before, in which single parts were left out or timed:

    12    this process: 7.5 the check, 3.5 the writing, of which 2 spell names in pinyin
     5.5  trigrams of names, former names, pinyin, initials and codes in the search index (COPY: 1.3, for the name alone)
     5    the reading process: 3 calamine, 1.3 looking through the sheet before it
     4.5  the history: 1.7 building "old and new" of each field, 1.7 linking and hashing, the rest rows and indexes
     4    foreign keys of 0.9 million new references; since decision 0071 0.5 million of them are asked by statement
     2.5  the rows of the facilities and their other eleven indexes
     2    the trail: 120,000 entries, each with all values of its row
     1.7  the checked lines, 1.5 the ratings, 0.5 grounds

Tried without gain: a pending list of 4 or 256 MB for the search index, or none (seven times slower); checking the foreign keys
at the end of each statement (SET CONSTRAINTS); hashing from json instead of jsonb; remembering the pinyin of endings. Left, by estimate:
an index that spreads Chinese characters less, and searches slower (1 s); values of the history made by the check (1 s, for half
as much again in every line); the ratings' references to their facilities (0.8 s).
"""

import argparse
import io
import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PEERS = (
    "django-import-export==4.4.3",
    "tablib==3.10.0",
    "diff-match-patch==20241021",
    "django-simple-history==3.13.0",
)
NAMES = {"ours": "this system", "peer": "tablib + import-export + history", "copy": "parsing + COPY alone"}
# The table that django-simple-history keeps beside its model: the same columns, and when, how and by whom.
HISTORY_TABLE = """
CREATE TABLE registry_historicalfacility (
    LIKE registry_facility,
    history_id serial PRIMARY KEY,
    history_date timestamptz NOT NULL,
    history_change_reason varchar(100),
    history_type varchar(1) NOT NULL,
    history_user_id bigint REFERENCES accounts_user DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX ON registry_historicalfacility (id);
CREATE INDEX ON registry_historicalfacility (code);
CREATE INDEX ON registry_historicalfacility (uscc);
CREATE INDEX ON registry_historicalfacility (unit_id);
CREATE INDEX ON registry_historicalfacility (history_date);
CREATE INDEX ON registry_historicalfacility (history_user_id);
GRANT SELECT, INSERT ON registry_historicalfacility TO sj_web;
GRANT USAGE ON SEQUENCE registry_historicalfacility_history_id_seq TO sj_web;
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--only", default="ours,copy,peer")
    options.add_argument("--run", choices=NAMES)
    options.add_argument("--file", type=Path)
    asked = options.parse_args()
    if asked.run:
        run(asked.run, asked.file, asked.rows)
        return
    folder = ROOT / "var" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = asked.only.split(",")
    if "peer" in wanted:
        _fetch_peers(folder / "packages")
    from tests import database  # starts a server and migrates a template

    file = folder / f"{asked.rows}.xlsx"
    if not file.exists():
        from tests.benchmarks import workbooks

        workbooks.write(file, asked.rows)
    results = {}
    for name in wanted:
        with database.copy_of_template(f"benchmark_{name}_{os.getpid()}") as db:
            if name == "peer":  # it sets the sequence back at its end, which our runtime login may not
                with database.owner_connection(name=db) as cursor:
                    cursor.execute("GRANT UPDATE ON SEQUENCE registry_facility_id_seq TO sj_web")
                    cursor.execute(HISTORY_TABLE)
            results[name] = _measured(
                name, file, asked.rows, database.with_name(os.environ["DATABASE_URL"], db), folder
            )
        _say(name, results[name])
    if ours := results.get("ours"):
        for name in ("peer", "copy"):
            if other := results.get(name):
                by_clock, by_work = other["seconds"] / ours["seconds"], _processor(other) / _processor(ours)
                _out(f"{NAMES[name]} : this system = {by_clock:.2f} (seconds), {by_work:.2f} (processor)")


def _processor(result: dict) -> float:
    return result["cpu"] + result["server"]


def _fetch_peers(folder: Path) -> None:
    if not (folder / "simple_history").exists():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--target", str(folder), *PEERS], check=True)


def _measured(name: str, file: Path, rows: int, url: str, folder: Path) -> dict:
    env = {**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(folder / "packages"), "PYTHONWARNINGS": "ignore"}
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.imports",
        "--run",
        name,
        "--file",
        str(file),
        "--rows",
        str(rows),
    ]
    child = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    peak, over = [0], threading.Event()

    def watch():
        while not over.wait(0.05):
            peak[0] = max(peak[0], _memory(child.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    said = child.communicate()[0]
    over.set()
    watcher.join()
    if child.returncode:
        sys.exit(f"{NAMES[name]} failed")
    return json.loads(said.splitlines()[-1]) | {"mib": peak[0] / 1024}


def _memory(pid: int) -> int:
    """KiB held by a process and everything below it; pages they share are counted once for each."""
    total = 0
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        total += next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")), 0)
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += sum(_memory(int(child)) for child in (task / "children").read_text().split())
    except (FileNotFoundError, ProcessLookupError):
        pass
    return total


def _say(name: str, result: dict) -> None:
    parts = "".join(f"  {what} {seconds:.1f} s" for what, seconds in result["parts"].items())
    used = f"processor {_processor(result):6.1f} s (server {result['server']:.1f})"
    _out(f"{NAMES[name]:32} {result['seconds']:7.1f} s  {used}  {result['mib']:5.0f} MiB {parts}")


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# --- in the process of its own ------------------------------------------------------------------------------------


def run(name: str, file: Path, rows: int) -> None:
    import tempfile

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benxi_shuangsuiji.settings")
    import django

    django.setup()
    from django.conf import settings

    from registry.models import Facility
    from tests.factories import make_registrar, make_unit

    unit = make_unit()
    by = make_registrar(unit)
    with tempfile.TemporaryDirectory() as media:
        settings.MEDIA_ROOT = media
        before, own, started = _server_seconds(), _own_seconds(), time.perf_counter()
        parts = {"ours": _ours, "peer": _peer, "copy": _copy}[name](file, unit, by)
        seconds, server, cpu = time.perf_counter() - started, _server_seconds() - before, _own_seconds() - own
    if Facility.objects.filter(unit=unit).count() != rows:
        sys.exit(f"{Facility.objects.count()} rows were written, not {rows}")
    _out(json.dumps({"seconds": seconds, "parts": parts, "cpu": cpu, "server": server}))


def _own_seconds() -> float:
    import resource

    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def _server_seconds() -> float:
    """Processor time of all processes of the database server, those that have ended too; 0 for a server elsewhere.

    One that ends while they are counted (autovacuum does, at any time) is among the living no more and perhaps not yet
    among those waited for: counted again. To take it for a server elsewhere once made a difference of two readings negative.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    if not Path(f"/proc/{backend}").exists():
        return 0.0
    server = int(_stat(backend)[1])
    children = Path(f"/proc/{server}/task/{server}/children")
    while True:
        living = children.read_text().split()
        try:
            ticks = sum(int(n) for pid in living for n in _stat(int(pid))[11:13])
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += sum(map(int, _stat(server)[11:15]))  # its own, and what it waited for
        if children.read_text().split() == living:
            return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _ours(file: Path, unit, by) -> dict:
    """What the page and the worker do: upload, check, confirm, write."""
    from benxi_shuangsuiji.documents import jobs
    from registry.imports import actions

    started = time.perf_counter()
    batch = actions.check_workbook(file_name=file.name, content=file.read_bytes(), kind="FACILITY", unit=unit, by=by)
    if batch.job_id:
        jobs.run(batch.job_id)
        batch.refresh_from_db()
    checked = time.perf_counter()
    batch = actions.confirm_import(batch=batch, by=by)
    if batch.state != "CONFIRMED":
        jobs.run(batch.job_id)
        batch.refresh_from_db()
    if batch.state != "CONFIRMED":
        sys.exit(f"{batch.state}: {batch.trouble}")
    return {"check": checked - started, "write": time.perf_counter() - checked}


def _copy(file: Path, unit, by) -> dict:
    """The cells as they are into the columns of the same table: no check, no history, no search text but the name."""
    from django.db import connection, transaction
    from python_calamine import CalamineWorkbook

    started = time.perf_counter()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(file.read_bytes())).get_sheet_by_index(0)
    rows = sheet.iter_rows()
    next(rows)
    columns = (
        "code, name, uscc, permit_no, permit_category, permit_valid_to, managed_by_city, is_natural_person, operator_name,"
        " division_code, address, longitude, latitude, industry_code, industry_name, legal_person, contact_name,"
        " contact_phone, pollution_types, hazwaste, hazwaste_licence, air_grade, credit_level, credit_risk, scopes, status, former_names,"
        " entered_on, category, has_key_ground, search_text, version, unit_id"
    )
    parsed = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        cursor.copy(f"COPY registry_facility ({columns}) FROM STDIN") as copy,
    ):
        for r in rows:
            copy.write_row(
                (
                    *(
                        r[2],
                        r[0],
                        r[1],
                        r[2],
                        "KEY",
                        r[4],
                        False,
                        False,
                        r[7],
                        "210504",
                        r[9],
                        r[10],
                        r[11],
                        r[12],
                        r[13],
                    ),
                    *(r[14], r[15], r[16], ["WATER", "AIR"], "NONE", "", "C", r[20], r[21], [], "OPERATING", [], r[29]),
                    *("general", False, r[0], 1, unit.pk),
                )
            )
    return {"parse": parsed - started, "copy": time.perf_counter() - parsed}


def _peer(file: Path, unit, by) -> dict:
    """One pass, in bulk, with the fastest settings of their documentation, each new row in the history; no grounds, no preview."""
    from import_export import fields, instance_loaders, resources, widgets
    from simple_history import register
    from simple_history.utils import bulk_create_with_history
    from tablib import Dataset

    from registry.facilities.search import facility_text
    from registry.models import Facility
    from registry.sheets import FACILITY_COLUMNS

    class Words(widgets.CharWidget):
        def __init__(self, words):
            super().__init__()
            self.words = words

        def clean(self, value, row=None, **kwargs):
            return self.words[value] if value else ""

    class Lists(Words):
        def clean(self, value, row=None, **kwargs):
            return [self.words[v] for v in value.split("、")] if value else []

    class Names(widgets.CharWidget):
        def clean(self, value, row=None, **kwargs):
            return value.split("；") if value else []

    def widget(column):
        if column.kind == "choice":
            return Words(column.words)
        if column.kind == "choices":
            return Lists(column.words)
        kinds = {
            "bool": lambda: Words({"是": True, "否": False}),
            "date": lambda: widgets.DateWidget(format="%Y-%m-%d"),
            "longitude": widgets.DecimalWidget,
            "latitude": widgets.DecimalWidget,
            "names": Names,
        }
        return kinds.get(column.kind, widgets.CharWidget)()

    kept = {f.name for f in Facility._meta.concrete_fields} - {"unit", "code", "category"}
    if not hasattr(Facility, "history"):
        register(Facility, app="registry")

    class FacilityResource(resources.ModelResource):
        def bulk_create(self, *args, **kwargs):
            bulk_create_with_history(self.create_instances, Facility, batch_size=2_000, default_user=by)
            self.create_instances.clear()

        def before_save_instance(self, instance, row, **kwargs):
            instance.unit, instance.code = unit, instance.permit_no
            instance.search_text = facility_text(instance)

        class Meta:
            model = Facility
            fields = tuple(c.field for c in FACILITY_COLUMNS if c.field in kept)
            import_id_fields = ("permit_no",)
            instance_loader_class = instance_loaders.CachedInstanceLoader
            use_bulk, batch_size = True, 2_000
            skip_diff, report_skipped, use_transactions = True, False, True

    for column in FACILITY_COLUMNS:
        if column.field in kept:
            FacilityResource.fields[column.field] = fields.Field(
                attribute=column.field, column_name=column.title, widget=widget(column)
            )
    started = time.perf_counter()
    data = Dataset().load(file.read_bytes(), format="xlsx")
    parsed = time.perf_counter()
    result = FacilityResource().import_data(data, dry_run=False, raise_errors=True)
    if result.has_errors():
        sys.exit("the peer reports errors")
    return {"parse": parsed - started, "import": time.perf_counter() - parsed}


if __name__ == "__main__":
    main()
