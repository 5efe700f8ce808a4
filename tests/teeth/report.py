"""docs/teeth.md: a row of each fault, as the last run that planted it found it."""

import os
import platform
import re
import time
from dataclasses import dataclass
from pathlib import Path

from .faults import FAULTS
from .planting import ROOT, Fault, Ran

PAGE = ROOT / "docs" / "teeth.md"
HEAD = """# Teeth

Single faults, planted one at a time in a copy of the tree, and the tests that turned red (`tests/teeth/`, reliability.md §H, decision 0074).
`.venv/bin/python -m tests.teeth` plants all of them and writes this page; with names it plants those and writes their rows. That each fault
still fits the code, and that its tests exist, is asked by `tests/teeth/test_faults_fit.py` in every run of the suite.
"""
ROW = re.compile(r"^\| (?P<words>.+?) \| .+ \| (?P<red>yes|NO) \|$", re.M)


@dataclass(frozen=True)
class Seen:
    """One fault in one run."""

    fault: Fault
    ran: Ran
    seconds: float


def rows(page: Path = PAGE) -> dict[str, str]:
    """What was wrong → the row about it."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    return {found["words"]: found[0] for found in ROW.finditer(text)}


def verdicts(page: Path = PAGE) -> dict[str, str]:
    return {words: ROW.match(row)["red"] for words, row in rows(page).items()}


def write(seen: list[Seen], *, sound: bool, page: Path = PAGE) -> None:
    """Only faults that are still declared keep their row; nothing is written of tests that fail without a fault."""
    if not sound:
        return
    kept = rows(page) | {one.fault.words: _row(one) for one in seen}
    lines = [kept[fault.words] for fault in FAULTS if fault.words in kept]
    seconds = sum(one.seconds for one in seen)
    last = f"Last run {time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, load {os.getloadavg()[1]:.1f}"
    said = f"{last}: {len(seen)} planted in {seconds:.0f} s, two beside each other; their tests were green without a fault."
    count = f"{sum(' | yes |' in line for line in lines)} of {len(FAULTS)} faults red."
    table = ["| fault | breaks | where | test | red |", "|---|---|---|---|---|", *lines]
    page.write_text("\n".join([HEAD, count, said, "", *table]) + "\n", encoding="utf-8")


def _row(one: Seen) -> str:
    fault = one.fault
    tests = "<br>".join(f"`{test.removeprefix('tests/')}`" for test in fault.tests)
    where = f"`{fault.file}`" if fault.file else "the database"
    return f"| {fault.words} | {fault.proves} | {where} | {tests} | {'yes' if one.ran.is_red else 'NO'} |"
