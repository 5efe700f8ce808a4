"""Each promise and each finding is held by a test that wears its id, and the page says which."""

from tests import promises
from tests.clause_summary import Wearing


def test_every_promise_and_every_story_has_its_test():
    assert promises.faults(promises.PROMISES, promises.worn("promise"), "promise") == []
    assert promises.faults(promises.STORIES, promises.worn("story"), "story") == []
    assert [*promises.PROMISES] == [f"P{n:02}" for n in range(1, 31)]


def test_the_page_is_what_the_marks_say():
    assert promises.PAGE.read_text(encoding="utf-8") == promises.page(), "run: python -m tests.promises"


def test_a_promise_without_a_test_an_unknown_one_and_one_on_no_test_are_faults():
    known = {"P01": "words", "P02": "words"}
    marks = [Wearing("P01", "a::test"), Wearing("P02", "b::test", skipped=True), Wearing("P9", "c::test")]
    assert promises.faults(known, [*marks, Wearing("P01", "d", on_a_test=False)], "promise") == [
        "c::test: promise P9 is unknown",
        "d: promise P01 is on no test",
        "no test that always runs wears promise P02",
    ]
