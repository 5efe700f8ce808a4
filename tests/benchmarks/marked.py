"""The marked copy of a large table: how long its process works, and how much memory it and the asking process hold.

.venv/bin/python -m tests.benchmarks.marked            # 100,000 rows of 30 columns, 2,000 faulty cells; about half a minute

Goals: at most 20 seconds and 300 MiB outside the web process, none inside it.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GOAL_SECONDS, GOAL_MIB = 20, 300
SHEET = "检查对象"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--faults", type=int, default=2_000)
    options.add_argument("--run", type=Path)
    asked = options.parse_args()
    if asked.run:
        run(asked.run, asked.rows, asked.faults)
        return
    folder = ROOT / "var" / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{asked.rows}.xlsx"
    if not file.exists():
        from tests.benchmarks import workbooks

        workbooks.write(file, asked.rows)
    command = [sys.executable, "-m", "tests.benchmarks.marked", "--run", str(file)]
    command += ["--rows", str(asked.rows), "--faults", str(asked.faults)]
    found = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    _out(
        "marked copy of {rows:,} rows, {faults:,} faults: {seconds:.1f} s, processor {busy:.1f} s (goal {goal} s),"
        " {child:.0f} MiB outside (goal {most} MiB), {own:.0f} MiB inside beyond the {kib:,} KiB of the two files".format(
            rows=asked.rows, faults=asked.faults, goal=GOAL_SECONDS, most=GOAL_MIB, **found
        )
    )


def run(file: Path, rows: int, faults: int) -> None:
    """In the place of a web process: what it holds more afterwards than before is its own."""
    from benxi_shuangsuiji.documents.workbooks.marked import HEAD, marked_copy

    content = file.read_bytes()
    wrong = [2 + n * rows // faults for n in range(faults)]
    at = {(SHEET, row, 2): "应为 18 位，现为 17 位。对照营业执照改正" for row in wrong}
    remarks = {(SHEET, 1): HEAD} | {(SHEET, row): "统一社会信用代码：应为 18 位，现为 17 位" for row in wrong}
    before, started, busy = _peak(resource.RUSAGE_SELF), time.perf_counter(), _busy()
    made = marked_copy(content, faults=at, remarks=remarks)
    seconds, busy = time.perf_counter() - started, _busy() - busy
    kib = (len(content) + len(made)) // 1024
    own = max(_peak(resource.RUSAGE_SELF) - before - kib / 1024, 0)
    child = _peak(resource.RUSAGE_CHILDREN)
    _out(json.dumps({"seconds": seconds, "busy": busy, "child": child, "own": own, "kib": kib}))


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _out(text: str) -> None:
    sys.stdout.write(text + os.linesep)


if __name__ == "__main__":
    main()
