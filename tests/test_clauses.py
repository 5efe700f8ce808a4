"""The table of clauses against the tests that wear their ids, and the checker against trees with a fault."""

import os
import subprocess
import sys
import textwrap

import pytest

from benxi_shuangsuiji.policy.clauses import CARRIED_OUT, CLAUSES, THIN, clause
from tests import clause_summary
from tests.clause_summary import Wearing, ids_digest, mark_faults, table_faults, thin_faults, wearings

COUNT = 225
# SHA-256 of the ids of the requirement matrix, one a line, in its order.
IDS_DIGEST = "8646dbc03e2fa06499af3302b69645e1a4891501889a5f6b9b4e0eeea338a23f"

IDS = [row.id for row in CLAUSES]


def test_the_table_holds_every_row_of_the_matrix_once_and_in_order():
    assert table_faults(IDS, CARRIED_OUT, count=COUNT, digest=IDS_DIGEST) == []


def test_every_row_has_words_and_a_duty():
    assert [row.id for row in CLAUSES if not row.words.strip() or not row.duty.strip()] == []


def test_every_row_carried_out_is_worn_by_a_test_that_runs_and_every_mark_names_a_row():
    assert mark_faults(IDS, CARRIED_OUT, wearings()) == []


def test_a_row_says_that_it_is_carried_out_exactly_when_the_list_does():
    assert {row.id for row in CLAUSES if row.carried_out} == CARRIED_OUT


def test_clause_finds_a_row_and_refuses_an_unknown_one():
    assert clause("七(二)-d").words == "一经确定，不得随意变更"
    with pytest.raises(LookupError, match="没有“七-z”"):
        clause("七-z")


def test_summary_line_counts_the_rows_carried_out(monkeypatch):
    monkeypatch.setattr(clause_summary, "CARRIED_OUT", frozenset({"0-a", "0-b"}))
    monkeypatch.setattr(clause_summary, "THIN", frozenset({"0-b"}))

    assert clause_summary.summary_line() == "《实施方案》225 行中已实现 2 行，其中 1 行还单薄"

    monkeypatch.setattr(clause_summary, "THIN", frozenset())
    assert clause_summary.summary_line() == "《实施方案》225 行中已实现 2 行"


def test_only_rows_carried_out_are_called_thin():
    assert thin_faults(IDS, CARRIED_OUT, THIN) == []


def test_a_thin_row_that_is_unknown_or_not_carried_out_is_a_fault():
    assert thin_faults(["a", "b"], ["a"], ["a"]) == []
    assert thin_faults(["a", "b"], ["a"], ["a", "b", "z"]) == [
        "z 记为单薄，但条款表中没有这一行",
        "b 记为单薄，但没有记为已实现",
    ]


# The checker must bite. Each tree below is one small test file with one fault.


def faults_of(tmp_path, source, *, carried_out=("a",), ids=("a", "b"), name="test_it.py"):
    path = tmp_path / "deep" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("import pytest\n" + textwrap.dedent(source), encoding="utf-8")
    return mark_faults(ids, carried_out, wearings(tmp_path))


SOUND = {
    "on a function": """
        @pytest.mark.clause("a")
        def test_one(): ...
        """,
    "two ids in one mark": """
        @pytest.mark.clause("b", "a")
        async def test_one(): ...
        """,
    "from pytest import mark": """
        from pytest import mark
        @mark.clause("a")
        def test_one(): ...
        """,
    "on a class": """
        @pytest.mark.clause("a")
        class TestIt:
            def test_one(self): ...
        """,
    "pytestmark of a class": """
        class TestIt:
            pytestmark = [pytest.mark.django_db, pytest.mark.clause("a")]
            def test_one(self): ...
        """,
    "pytestmark of the module": """
        pytestmark = pytest.mark.clause("a")
        def test_one(): ...
        """,
    "pytestmark with a type": """
        pytestmark: list = [pytest.mark.clause("a")]
        def test_one(): ...
        """,
    "under a name": """
        frozen = pytest.mark.clause("a")
        @frozen
        def test_one(): ...
        """,
    "on a parameter": """
        @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.clause("a"))])
        def test_one(n): ...
        """,
    "on a parameter in a constant": """
        CASES = [pytest.param(2, marks=[pytest.mark.slow, pytest.mark.clause("a")])]
        @pytest.mark.parametrize("n", CASES)
        def test_one(n): ...
        """,
    "on parameters made by a loop": """
        @pytest.mark.parametrize("n", [pytest.param(n, marks=pytest.mark.clause("a")) for n in range(3)])
        def test_one(n): ...
        """,
    "in a unittest class": """
        class Checks(unittest.TestCase):
            @pytest.mark.clause("a")
            def test_one(self): ...
        """,
    "one test skipped and one not": """
        @pytest.mark.skip
        @pytest.mark.clause("a")
        def test_one(): ...
        @pytest.mark.clause("a")
        def test_two(): ...
        """,
    "one parameter skipped and one not": """
        @pytest.mark.clause("a")
        @pytest.mark.parametrize("n", [1, pytest.param(2, marks=pytest.mark.skip)])
        def test_one(n): ...
        """,
    "skipped under a condition inside": """
        @pytest.mark.clause("a")
        def test_one(browser):
            if browser is None:
                pytest.skip("no browser")
        """,
}

UNWORN = {
    "no mark": "def test_one(): ...",
    "another id": """
        @pytest.mark.clause("b")
        def test_one(): ...
        """,
    "only words in a string": """
        def test_one():
            '@pytest.mark.clause("a")'
        """,
}

SKIPPED = {
    "skip": """
        @pytest.mark.skip(reason="later")
        @pytest.mark.clause("a")
        def test_one(): ...
        """,
    "skip without a call": """
        @pytest.mark.clause("a")
        @pytest.mark.skip
        def test_one(): ...
        """,
    "skipif": """
        @pytest.mark.clause("a")
        @pytest.mark.skipif(True, reason="later")
        def test_one(): ...
        """,
    "xfail": """
        @pytest.mark.clause("a")
        @pytest.mark.xfail
        def test_one(): ...
        """,
    "unittest": """
        import unittest
        @unittest.skip("later")
        @pytest.mark.clause("a")
        def test_one(): ...
        """,
    "skip under a name": """
        needs_browser = pytest.mark.skipif(True, reason="none")
        @needs_browser
        @pytest.mark.clause("a")
        def test_one(): ...
        """,
    "the class": """
        @pytest.mark.skip
        class TestIt:
            @pytest.mark.clause("a")
            def test_one(self): ...
        """,
    "pytestmark of the class": """
        @pytest.mark.clause("a")
        class TestIt:
            pytestmark = pytest.mark.xfail
            def test_one(self): ...
        """,
    "pytestmark of the module": """
        pytestmark = [pytest.mark.skip]
        @pytest.mark.clause("a")
        def test_one(): ...
        """,
    "the marked parameter": """
        @pytest.mark.parametrize("n", [1, pytest.param(2, marks=[pytest.mark.clause("a"), pytest.mark.skip])])
        def test_one(n): ...
        """,
    "every parameter": """
        @pytest.mark.clause("a")
        @pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.skip)])
        def test_one(n): ...
        """,
    "in the first line": """
        @pytest.mark.clause("a")
        def test_one():
            pytest.skip("later")
        """,
    "the whole module in its first line": """
        pytest.skip("later", allow_module_level=True)
        @pytest.mark.clause("a")
        def test_one(): ...
        """,
}

REACHES_NO_TEST = {
    "a function that is no test": """
        @pytest.mark.clause("a")
        def make_one(): ...
        """,
    "an empty class": """
        @pytest.mark.clause("a")
        class TestIt:
            pass
        """,
    "a class that is not collected": """
        @pytest.mark.clause("a")
        class Story:
            def test_one(self): ...
        """,
    "a module without tests": 'pytestmark = pytest.mark.clause("a")',
}


@pytest.mark.parametrize("source", SOUND.values(), ids=SOUND)
def test_a_mark_is_found_wherever_it_may_stand(tmp_path, source):
    assert faults_of(tmp_path, source) == []


@pytest.mark.parametrize("source", UNWORN.values(), ids=UNWORN)
def test_a_row_carried_out_without_a_test_is_a_fault(tmp_path, source):
    assert faults_of(tmp_path, source) == ["a 记为已实现，但没有带这一编号的测试"]


@pytest.mark.parametrize("source", SKIPPED.values(), ids=SKIPPED)
def test_a_row_whose_only_test_may_be_skipped_is_a_fault(tmp_path, source):
    (fault,) = faults_of(tmp_path, source)

    assert fault.startswith("a 记为已实现，但它的测试都可能被跳过：deep/test_it.py::")


@pytest.mark.parametrize("source", REACHES_NO_TEST.values(), ids=REACHES_NO_TEST)
def test_a_mark_that_reaches_no_test_is_a_fault_and_proves_nothing(tmp_path, source):
    unreached, unproved = faults_of(tmp_path, source)

    assert unreached.endswith("的标记 a 没有落在任何测试上")
    assert unproved == "a 记为已实现，但没有带这一编号的测试"


def test_a_mark_in_a_file_that_pytest_does_not_collect_is_a_fault(tmp_path):
    source = """
        @pytest.mark.clause("a")
        def test_one(): ...
        """

    assert len(faults_of(tmp_path, source, name="factories.py")) == 2


@pytest.mark.parametrize("mark", ['"§a"', '"A"', '""', "ROW", 'f"{1}"', "", 'id="a"'])
def test_a_mark_that_names_no_row_is_a_fault(tmp_path, mark):
    source = f"@pytest.mark.clause({mark})\ndef test_one(): ..."

    (fault,) = faults_of(tmp_path, source, carried_out=())

    assert fault.startswith("deep/test_it.py::test_one 的标记 ")
    assert fault.endswith(" 不是条款编号")


def test_a_mark_on_a_row_not_carried_out_yet_is_no_fault(tmp_path):
    source = """
        @pytest.mark.clause("b")
        def test_one(): ...
        """

    assert faults_of(tmp_path, source, carried_out=()) == []


def test_a_missing_doubled_renamed_moved_or_unknown_row_is_a_fault():
    whole = ["a", "b", "c"]
    expected = {"count": 3, "digest": ids_digest(whole)}

    assert table_faults(whole, {"a"}, **expected) == []
    assert table_faults(["a", "b"], (), **expected)[0] == "条款表应有 3 行，实有 2 行"
    assert table_faults(["a", "b", "b"], (), **expected)[0] == "b 在条款表中出现 2 次"
    assert len(table_faults(["a", "b", "d"], (), **expected)) == 1
    assert len(table_faults(["b", "a", "c"], (), **expected)) == 1
    assert table_faults(whole, {"z"}, **expected) == ["z 记为已实现，但条款表中没有这一行"]


def test_the_marks_of_this_tree_are_read():
    """Were nothing read, every check above would pass for the wrong reason."""
    assert Wearing("八(二)-d", "workdays/test_days.py::test_twenty_workdays_end_on_the_day_of_the_table") in wearings()


def test_the_count_stands_under_a_run_of_part_of_the_suite(tmp_path):
    (tmp_path / "test_part.py").write_text("def test_one(): ...\n")
    options = ["-q", "-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.clause_summary"]

    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", os.devnull, "--rootdir", tmp_path, tmp_path],
        cwd=clause_summary.TESTS.parent,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=os.environ | {"PYTHONUTF8": "1"},
        check=True,
    )

    assert clause_summary.summary_line() in run.stdout.splitlines()
