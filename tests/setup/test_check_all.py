"""`check_all`: the slow set is left out unless asked for, runs group by group, and is summed up at the end."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from benxi_shuangsuiji.machine import standalone, suite
from benxi_shuangsuiji.machine.suite import GROUPS, SUITE, Counts, Part
from tests import slow

FIRST, SECOND = list(GROUPS)[:2]
TREE = f"""
import pytest
def test_quick(): ...
@pytest.mark.slow("{FIRST}")
def test_first(): ...
@pytest.mark.slow("{SECOND}")
def test_second(): assert False
"""
INI = "[pytest]\ntestpaths = tests\nmarkers = slow(group): slow\n"


@pytest.fixture
def said(tmp_path):
    """Run pytest with the plugin on a small tree, and return what it said."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_it.py").write_text(TREE)
    (tmp_path / "pytest.ini").write_text(INI)

    def run(*arguments):
        plugins = ["-p", "no:cacheprovider", "-p", "xdist", "-p", "tests.slow"]
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-v", *plugins, *arguments],
            cwd=tmp_path,
            env=os.environ
            | {"PYTHONPATH": str(standalone.ROOT), "PYTHONUTF8": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        return ran.stdout + ran.stderr

    return run


def names_in(said):
    return {name for name in ("test_quick", "test_first", "test_second") if name in said}


@pytest.mark.parametrize(
    ("arguments", "ran"),
    [
        (["-n", "1"], {"test_quick"}),
        (["tests"], {"test_quick"}),
        (["tests/test_it.py::test_first"], {"test_first"}),
        (["--slow", FIRST], {"test_first"}),
    ],
)
def test_the_slow_set_runs_when_it_is_named_and_its_number_is_told_when_not(said, arguments, ran):
    words = said(*arguments)

    assert names_in(words) == ran
    assert ("慢测试 2 项没有运行；用 python3 manage.py check_all 运行。" in words) == (ran == {"test_quick"})


def test_every_group_has_tests_and_every_slow_test_a_group_that_is_known():
    """Read from the source, so that a mistyped group, which no run would ask for, is seen."""
    used = set()
    for path in slow.TESTS.rglob("test_*.py"):
        used |= {group for group in slow.groups_in(path.read_text()) if path != Path(__file__)}

    assert used == set(GROUPS)


def test_check_all_runs_everything_ci_a_share_and_names_only_those():
    assert suite.parts_of([]) == [SUITE, *GROUPS]
    assert suite.parts_of(["--ci"]) == [name for name, group in GROUPS.items() if group.in_ci]
    assert suite.parts_of([SECOND, FIRST]) == [FIRST, SECOND]
    assert suite.parts_of([SUITE]) == [SUITE]


def test_a_group_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(SystemExit, match=f"没有“jokes”这一组。可以写：--ci、{SUITE}、{FIRST}"):
        suite.parts_of(["jokes"])


def test_a_part_is_measured_with_what_its_run_reported():
    def run(report, *arguments):
        assert arguments[:4] == ("-n", "0", "--slow", FIRST)
        assert f"{standalone.ROOT}/tests/setup/test_devdb.py" in arguments[4:]
        report.write_text('<testsuites><testsuite errors="0" failures="1" skipped="1" tests="5"/></testsuites>')
        return 1

    part = suite.measured(FIRST, run)

    assert (part.name, part.counts, part.code, part.result) == (FIRST, Counts(4, 1, 1), 1, "未通过（1）")
    assert part.seconds >= 0 and part.processor >= 0


def test_what_ends_processes_or_drives_a_browser_runs_alone_and_the_walks_are_shared():
    assert [name for name, group in GROUPS.items() if group.shared] == [
        "secrecy",
        "walks",
        "matrix",
        "years",
        "moments",
    ]
    for name, group in GROUPS.items():
        assert suite.slow_arguments(name)[:2] == ["-n", suite.WORKERS if group.shared else "0"]


def test_of_two_groups_beside_each_other_one_at_most_runs_alone_and_none_is_left_out():
    running, seen, lock = [], [], threading.Lock()

    def measure(group):
        with lock:
            running.append(group)
            seen.append(tuple(running))
        time.sleep(0.01)
        with lock:
            running.remove(group)
        return Part(group, Counts(1, 0, 0), 1, 1, 0)

    groups = suite.parts_of(["--ci"])
    done = suite.two_at_a_time(groups, measure)

    assert [part.name for part in done] == [*groups, suite.SERVER]
    assert max(map(len, seen)) == 2
    assert all(sum(not GROUPS[group].shared for group in together) <= 1 for together in seen)


def test_a_group_beside_another_is_measured_by_itself(monkeypatch):
    monkeypatch.setattr(suite, "files_of", lambda group: ["no-such-file.py"])

    part = suite.beside(FIRST)

    assert (part.name, part.counts, part.code) == (FIRST, Counts(), 4)
    assert part.processor > 0


def test_the_summary_is_a_table_with_a_last_line_for_all():
    done = [Part(SUITE, Counts(5400, 0, 2), 281.4, 540.2, 0), Part("years", Counts(9, 1, 0), 60, 59.6, 1)]

    assert suite.summary(done) == [
        "",
        "组     测试  跳过   秒  处理器秒  结果",
        "suite  5400     2  281       540  通过",
        "years     9     0   60        60  未通过（1）",
        "合计   5409     2  341       600  未通过",
    ]
