"""The public list at 10⁴ and 10⁵ published results beside Datasette on the same rows, and the home page beside a trivial view.

    .venv/bin/python -m tests.benchmarks.public                    # some minutes; the rows of 10⁵ take about 1 GB of disk
    .venv/bin/python -m tests.benchmarks.public --sizes 10000,100000,1000000

Each server is one process on a port of its own (gunicorn with one worker; Datasette as it comes, with an index on each
column that is filtered and a full-text index of trigrams). The requests of both take turns, one after the other, each with
other conditions, so that nobody answers from what was kept; printed is the median of each, and the file of all rows. Of that
also the processor time of the servers, our database's with ours: it says the same on a busy machine as on a quiet one.
"""

import argparse
import gzip
import hashlib
import http.client
import json
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
PEER, PACKAGES = "datasette>=0.65,<0.66", ROOT / "var" / "datasette"
GOALS = {"list": 7, "filter": 7, "search": 7, "csv": 3.5}
GOAL_GROWTH, GOAL_SHARE, GOAL_PAGE, GOAL_FIRST = 1.3, 0.6, 15_000, 25_000
DISTRICTS = ("平山区", "明山区", "溪湖区", "南芬区", "高新区", "本溪县", "桓仁县")
OUTCOMES = ("NO_ISSUE", "NO_ISSUE", "NO_ISSUE", "ON_SITE_FIXED", "RECTIFY_ORDERED", "CASE_FILED")
FIRST, SECOND = "枫岭澄溪晴川望鹤恒芷清竹棠汀砚北南", "溪岭川溪湖塘杉泽原山河谷泉林峰台"
TRADES = ("焦化", "印染", "铸造", "水泥", "化工", "矿业", "养殖", "制药", "印刷", "热力")
COLUMNS = "no facility_code facility_name uscc district category outcome year number unit_code checked_on published_at items finding search_text digest"  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default="10000,100000")
    options.add_argument("--repeat", type=int, default=15)
    asked = options.parse_args()
    from tests import database  # starts a server and migrates a template

    peer()
    measured = {}
    for size in map(int, asked.sizes.split(",")):
        name = f"benchmark_public_{size}_{os.getpid()}"
        with database.copy_of_template(name), tempfile.TemporaryDirectory() as folder:
            beside(Path(folder) / "bench.db", fill(name, size))
            measured[size] = measure(name, Path(folder) / "bench.db", asked.repeat)
    report(measured)


def peer() -> None:
    if not PACKAGES.is_dir():
        pip = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", str(PACKAGES), PEER], check=True)


# --- the rows ---------------------------------------------------------------------------------------------------


def snapshots(size: int):
    """So many results of some tenth as many enterprises, over five years."""
    chance = random.Random(size)
    for n in range(size):
        place = n % max(1, size // 10)
        name = f"本溪{FIRST[place % 17]}{SECOND[place // 17 % 16]}{TRADES[place % 10]}{place:05d}有限公司"
        checked, outcome = date(2025, 7, 1) + timedelta(days=n * 500 // size), chance.choice(OUTCOMES)
        found = outcome != "NO_ISSUE"
        items = [
            {"code": f"BX{i:02d}", "name": f"生态环境保护措施落实情况第 {i} 项", "answer": "NONE_FOUND", "words": [], "handling": ""}
            for i in range(1, 9)
        ]  # fmt: skip
        yield {
            "kind": "RESULT", "no": f"B{n:07d}", "version": 1, "salt": f"{n:032x}",
            "facility": {"code": f"BX{place:06d}", "name": name, "uscc": f"91210500{place:010d}", "natural_person": False},
            "district": DISTRICTS[place % 7], "category": "key" if place % 9 == 0 else "general", "category_label": "一般",
            "source": "DRAW", "source_label": "随机抽取", "draw": "210504-2026Q1-01" if n % 5 else "", "executing_unit": "分局",
            "inspectors": 2, "mode": "ONSITE", "mode_label": "现场", "items": items, "outcome": outcome, "outcome_label": "",
            "finding": "危险废物贮存间标签缺项 2 处，现场指出" if found else "", "measures": "", "checked_on": checked.isoformat(),
            "unit": f"2105{place % 7 + 2:02d}",
        }  # fmt: skip


def fill(database_name: str, size: int) -> list[tuple]:
    """Write the rows as publishing leaves them, with their leaves; returned are those of the list beside."""
    from tests import database

    columns = "no version kind title unit_code unit_name year number state change text digest facility_code facility_name district category outcome checked_on workday_number late_reason search_text published_by_id published_at issued_at"  # fmt: skip
    rows = []
    with database.owner_connection(name=database_name) as cursor, _unguarded(cursor):
        with cursor.copy(f"COPY disclosure_publication ({', '.join(columns.split())}) FROM STDIN") as copy:
            for s in snapshots(size):
                f, day = s["facility"], date.fromisoformat(s["checked_on"])
                text = json.dumps(s, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
                digest = hashlib.sha256(text.encode()).hexdigest()
                quarter, searched = (day.month + 2) // 3, f"{f['name']} {f['code']} {f['uscc']}".lower()
                public = f"{day}T09:00:00+08:00"
                copy.write_row(
                    [s["no"], 1, "RESULT", f"{f['name']}检查结果", s["unit"], "分局", day.year, quarter, "ISSUED", "", text, digest,
                     f["code"], f["name"], s["district"], s["category"], s["outcome"], day, 0, "", searched, 1, public, public]
                )  # fmt: skip
                items = "；".join(i["name"] for i in s["items"])
                rows.append((s["no"], f["code"], f["name"], f["uscc"], s["district"], s["category"], s["outcome"], day.year,
                             quarter, s["unit"], str(day), public, items, s["finding"], searched, digest))  # fmt: skip
        cursor.execute(
            "INSERT INTO disclosure_registerentry SELECT row_number() OVER (ORDER BY id) - 1, '2026-07-01T00:00:00+08:00',"
            " sha256(convert_to(digest, 'UTF8')), id FROM disclosure_publication"
        )
        cursor.execute("VACUUM ANALYZE")
    return rows


@contextmanager
def _unguarded(cursor):
    """Reading is measured: what guards the tables rests meanwhile, and stands afterwards, or the site would not start."""
    tables, resting = ["disclosure_publication", "disclosure_registerentry"], []
    for table in tables:
        cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'", [table])
        for (constraint,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")
        cursor.execute(
            "SELECT format('%%s ENABLE %%s TRIGGER %%I', tgrelid::regclass, CASE tgenabled WHEN 'A' THEN 'ALWAYS' ELSE '' END, tgname)"
            " FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [table],
        )
        resting += [again for (again,) in cursor.fetchall()]
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    cursor.execute(
        "ALTER TABLE disclosure_publication ENABLE ALWAYS TRIGGER result_has_its_line"
    )  # what is read is made
    yield
    for again in resting:
        cursor.execute(f"ALTER TABLE {again}")


def beside(path: Path, rows: list[tuple]) -> None:
    names = COLUMNS.split()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"CREATE TABLE results ({', '.join(names)}, PRIMARY KEY (no))")
        db.executemany(f"INSERT INTO results VALUES ({', '.join('?' * len(names))})", rows)
        for column in ("facility_code", "district", "category", "outcome", "year", "number", "unit_code", "checked_on"):
            db.execute(f"CREATE INDEX of_{column} ON results ({column})")
        db.execute("CREATE VIRTUAL TABLE results_fts USING fts5(search_text, content=results, tokenize=trigram)")
        db.execute("INSERT INTO results_fts(results_fts) VALUES ('rebuild')")
        db.execute("ANALYZE")
        db.commit()


# --- the questions ----------------------------------------------------------------------------------------------


def questions(n: int) -> dict[str, tuple[str, str]]:
    """The n-th of each kind, ours and theirs: twenty rows, and how many there are."""
    district, outcome, word = DISTRICTS[n % 7], OUTCOMES[2 + n % 4], f"{TRADES[n % 10]}{n * 7 % 100:05d}"
    return {
        "list": (f"/results/?page={n + 1}", f"/bench/results?_sort_desc=checked_on&_size={20 + n}"),
        "filter": (
            f"/results/?district={quote(district)}&outcome={outcome}&category={('general', 'key')[n // 7 % 2]}",
            f"/bench/results?district={quote(district)}&outcome={outcome}&category={('general', 'key')[n // 7 % 2]}"
            "&_sort_desc=checked_on&_size=20",
        ),
        "search": (
            f"/results/?q={quote(word)}",
            f"/bench/results?_search={quote(word)}&_sort_desc=checked_on&_size=20",
        ),
    }


FILES = {"csv": ("/results/export.csv", "/bench/results.csv?_stream=on&_size=max")}
# What is kept answers nobody: ours is asked in another order each time, theirs in the order in which its rows lie.
ORDERS = ("", "?sort=date", "?sort=public")


def measure(name: str, other: Path, repeat: int) -> dict:
    ours_port, their_port = _free_port(), _free_port()
    with _ours(name, ours_port) as process, _theirs(other, their_port) as peer_process:
        ours, theirs = _wait(ours_port), _wait(their_port)
        found: dict = {"p50": {}, "rows": {}}
        for path in ("/results/", "/results/?page=99"):
            _ask(ours, path)  # what is known of the state once is known
        _ask(theirs, "/bench/results?_size=20")
        times: dict = {}
        for n in range(repeat):
            for kind, pair in questions(n).items():
                for who, line, path in ((0, ours, pair[0]), (1, theirs, pair[1])):
                    took, page = _ask(line, path)
                    times.setdefault((kind, who), []).append(took)
                    if who == 0:
                        found.setdefault("page", []).append(len(gzip.compress(page)))
        found["p50"] = {k: tuple(statistics.median(times[k, who]) * 1000 for who in (0, 1)) for k in questions(0)}
        before = _memory(process.pid)
        for kind, pair in FILES.items():
            used = ([process.pid, _postmaster(name)], [peer_process.pid])
            asked = [
                (_ask(ours, pair[0] + order), _processor(used[0]), _ask(theirs, pair[1]), _processor(used[1]))
                for order in ORDERS
            ]
            found[kind] = tuple(statistics.median(one[who][0] for one in asked) for who in (0, 2))
            found["cpu"] = tuple((asked[-1][who] - asked[0][who]) / (len(asked) - 1) for who in (1, 3))
            found["lines"] = tuple(asked[-1][who][1].count(b"\n") for who in (0, 2))
        found["grown"] = _memory(process.pid) - before
        found["share"] = _share(ours)
        found["first"] = _first_visit(ours)
    return found


def _share(line) -> float:
    """Requests a second of the home page, against those of a trivial view through the same middleware; in turns."""
    rates: dict[str, list[float]] = {"/": [], "/trivial/": []}
    for _ in range(6):
        for path, found in rates.items():
            begun, n = time.perf_counter(), 200
            for _ in range(n):
                _ask(line, path, packed=True)
            found.append(n / (time.perf_counter() - begun))
    return statistics.median(rates["/"]) / statistics.median(rates["/trivial/"])


def _first_visit(line) -> int:
    """Bytes on the wire of the home page with its style sheets."""
    _, page = _ask(line, "/")
    sheets = re.findall(r'rel="stylesheet"\s+href="([^"]+)"', page.decode())
    return sum(len(_ask(line, path, packed=True)[1]) for path in ("/", *sheets))


def _ask(line, path: str, packed: bool = False) -> tuple[float, bytes]:
    headers = {"Accept-Encoding": "gzip"} if packed else {}
    begun = time.perf_counter()
    try:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
    except (http.client.RemoteDisconnected, ConnectionError):  # it had been quiet for too long
        line.close()
        begun = time.perf_counter()
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {body[:300]!r}")
    return time.perf_counter() - begun, body


@contextmanager
def _ours(name: str, port: int):
    from tests import database

    urls = [url for url in ("DATABASE_URL", "DATABASE_PUBLIC_URL") if url in os.environ]
    settings = {url: database.with_name(os.environ[url], name) for url in urls} | {"BENXI_BENCHMARK": "1"}
    command = [sys.executable, "-m", "gunicorn", "tests.benchmarks.served:application", "--worker-class", "gthread", "--threads", "4", "--bind", f"127.0.0.1:{port}", "--log-level", "error", "--no-control-socket"]  # fmt: skip
    with _process(command, os.environ | settings) as process:
        yield process


@contextmanager
def _theirs(path: Path, port: int):
    command = [sys.executable, "-m", "datasette", str(path), "--port", str(port), "--setting", "max_csv_mb", "0", "--setting", "max_returned_rows", "1000"]  # fmt: skip
    with _process(command, os.environ | {"PYTHONPATH": str(PACKAGES)}) as process:
        yield process


@contextmanager
def _process(command: list[str], environ: dict):
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with closing(socket.socket()) as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _wait(port: int) -> http.client.HTTPConnection:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        except OSError:
            time.sleep(0.2)
    raise SystemExit("a server did not start")


def _memory(pid: int) -> float:
    """MiB of the worker of this gunicorn."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(
        int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{child}/status").read_text())[1]) / 1024 for child in children
    )


def _postmaster(name: str) -> int:
    from tests import database

    with database.owner_connection(name=name) as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        status = Path(f"/proc/{cursor.fetchone()[0]}/status").read_text()
    return int(re.search(r"PPid:\s+(\d+)", status)[1])


def _processor(pids: list[int]) -> float:
    """Seconds of processor of these processes and of their children, of those that ended too."""
    ticks = 0
    for pid in pids:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for one, columns in ((pid, slice(11, 15)), *((child, slice(11, 13)) for child in children)):
            ticks += sum(map(int, Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()[columns]))
    return ticks / os.sysconf("SC_CLK_TCK")


def report(measured: dict[int, dict]) -> None:
    for size, found in measured.items():
        _out(f"\n{size:,} results")
        for kind, (ours, theirs) in found["p50"].items():
            _out(
                f"  {kind:7} p50 {ours:8.1f} ms  Datasette {theirs:8.1f} ms  {theirs / ours:5.1f}x (goal {GOALS[kind]} at 100,000)"
            )
        (ours, theirs), lines, cpu = found["csv"], found["lines"], found["cpu"]
        _out(
            f"  csv     {ours:8.2f} s  Datasette {theirs:8.2f} s  {theirs / ours:5.1f}x (goal {GOALS['csv']}); processor {cpu[0]:.2f} and {cpu[1]:.2f} s,"
            f" {cpu[1] / cpu[0]:.1f}x; lines {lines}; + {found['grown']:.0f} MiB"
        )
        _out(f"  home / trivial view {found['share']:.0%} (goal {GOAL_SHARE:.0%}); largest page {max(found['page']):,} B packed (goal {GOAL_PAGE:,}); first visit {found['first']:,} B (goal {GOAL_FIRST:,})")  # fmt: skip
    first, last = measured[min(measured)], measured[max(measured)]
    if first is not last:
        for kind in GOALS.keys() & first["p50"].keys():
            growth = last["p50"][kind][0] / first["p50"][kind][0]
            _out(f"growth of {kind}: {growth:.2f} (goal {GOAL_GROWTH} a tenfold)")


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
