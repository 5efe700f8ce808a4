"""Every planted fault still fits the code, and what is not red is seen. Planting them is a command of its own."""

from benxi_shuangsuiji.policy.clauses import CLAUSES
from tests.promises import PROMISES

from . import report
from .faults import FAULTS
from .planting import RED, Fault, Ran, why_not_fitting

LEAST = 40  # reliability.md §H


def test_every_fault_fits_this_tree_and_its_tests_are_there():
    assert [reason for fault in FAULTS if (reason := why_not_fitting(fault))] == []
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= LEAST


def test_each_fault_breaks_a_promise_or_a_clause_and_most_promises_have_one():
    known = {*PROMISES, *(clause.id for clause in CLAUSES)}
    assert {fault.proves for fault in FAULTS} <= known
    assert set(PROMISES) - {fault.proves for fault in FAULTS} == set()


def test_the_report_names_every_fault_and_each_was_red():
    assert report.verdicts() == {fault.words: "yes" for fault in FAULTS}


def test_a_fault_that_does_not_fit_says_why(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\nx = 1\n")
    (tmp_path / "test_a.py").write_text("def test_a(): ...\n")
    sound = Fault("f", "w", "P01", ("test_a.py::test_a[1]",), file="a.py", old="x = 1\nx", new="y")
    assert why_not_fitting(sound, tmp_path) == ""
    for wrong, said in (
        ({"old": "x = 1"}, "stands 2 times"),
        ({"old": "z"}, "stands 0 times"),
        ({"file": "b.py"}, "stands 0 times"),
        ({"tests": ("test_a.py::test_b",)}, "no test test_a.py::test_b"),
        ({"tests": ()}, "no test is named"),
        ({"sql": "SELECT 1"}, "either a text of a file or a statement"),
    ):
        assert said in why_not_fitting(Fault(**vars(sound) | wrong), tmp_path)


def test_red_is_a_test_that_failed_and_nothing_else(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite failures="1" errors="0" skipped="0"><testcase name="t"><failure message="why"/></testcase></testsuite></testsuites>'
    )
    assert Ran.of(RED, report, "").is_red and Ran.of(RED, report, "").said == "t: why"
    assert not Ran.of(2, report, "").is_red  # it could not be collected
    report.write_text('<testsuites><testsuite failures="0" errors="0" skipped="1"/></testsuites>')
    assert not Ran.of(0, report, "").is_red and not Ran.of(0, report, "").is_green
    assert not Ran.of(RED, tmp_path / "none.xml", "broke down").is_red


def test_a_run_of_some_writes_their_rows_and_leaves_the_others(tmp_path):
    page, (one, two, *_) = tmp_path / "teeth.md", FAULTS
    red, blunt = Ran(RED, 1, 0, "why"), Ran(0, 0, 0, "")
    report.write([report.Seen(one, red, 1), report.Seen(two, blunt, 1)], sound=True, page=page)
    assert report.verdicts(page) == {one.words: "yes", two.words: "NO"}
    report.write([report.Seen(two, red, 1)], sound=False, page=page)  # its test fails without a fault, too
    assert report.verdicts(page)[two.words] == "NO"
    before = page.read_bytes()
    report.write([report.Seen(one, blunt, 1)], sound=False, page=page)  # nor is it blunt for that (decision 0074)
    assert page.read_bytes() == before
    report.write([report.Seen(two, red, 1)], sound=True, page=page)
    assert report.verdicts(page) == {one.words: "yes", two.words: "yes"}
