"""Tests marked `dates` mean the same at whatever hour of their days, wherever the machine stands (P17)."""

import os
import subprocess
import sys

import pytest

from tests.clause_summary import TESTS

WHEN = [("00:00:00", "UTC"), ("07:59:59", "America/New_York"), ("08:00:00", "Pacific/Kiritimati"), ("23:59:59", "UTC")]
MARK = "mark." + "dates"


@pytest.mark.slow("dates")
@pytest.mark.promise("P17")
@pytest.mark.parametrize(("hour", "zone"), WHEN)
def test_what_is_due_on_a_day_is_due_at_every_hour_of_it(hour, zone):
    files = [str(path) for path in sorted(TESTS.rglob("test_*.py")) if MARK in path.read_text(encoding="utf-8")]
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-m", "dates", *files]
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    ran = subprocess.run(
        command, cwd=TESTS.parent, env=env | {"BENXI_TEST_HOUR": hour, "TZ": zone}, capture_output=True, text=True
    )
    assert len(files) > 5 and ran.returncode == 0, ran.stdout[-3000:]
