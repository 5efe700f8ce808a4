"""Every test of before the rooms is still there, or stands in the list of changed names with its reason."""

from collections import Counter

import pytest

from tests import names, slow
from tests.names import Change


def test_every_test_of_before_is_there_or_accounted_for(pytestconfig):
    if slow.NAMES not in pytestconfig.stash:
        pytest.skip("只在收集全部测试时比较：python3 manage.py test")

    faults = names.faults(names.before(), pytestconfig.stash[slow.NAMES], names.changes())

    assert not faults, "\n".join(faults)


def test_the_list_of_before_holds_the_tests_of_that_day():
    assert sum(names.before().values()) == 5435


OLD = Counter({"test_a": 1, "test_b[1]": 1, "test_b[2-x]": 1, "test_c": 2, "test_d": 1, "test_d[1]": 1})


def test_the_compact_form_gives_the_names_back():
    assert names.before(names.as_text(OLD)) == OLD


@pytest.mark.parametrize(
    ("new", "changed", "fault"),
    [
        (OLD, [], None),
        (OLD + Counter(["test_new"]), [], None),
        (OLD - Counter(["test_a"]), [], "test_a：不见了"),
        (OLD - Counter(["test_b[2-x]"]), [], "test_b[2-x]：不见了"),
        (OLD - Counter(["test_c"]), [], "test_c：不见了"),
        (OLD - Counter(["test_a"]), [Change("test_a", "(gone)", "the page went")], None),
        (OLD - Counter(["test_a"]), [Change("test_a", "(gone)", " ")], "test_a：没有写原因"),
        (OLD - Counter(["test_a"]), [Change("test_a", "test_d", "moved into one")], None),
        (OLD - Counter(["test_a"]), [Change("test_a", "test_z", "renamed")], "test_a：改名后的 test_z 不存在"),
        (OLD - Counter(["test_b[1]", "test_b[2-x]"]), [Change("test_b[*]", "test_d[*]", "by file")], None),
        (OLD - Counter(["test_b[1]"]), [Change("test_b[*]", "test_b[*]", "one case a file")], None),
        (OLD, [Change("test_z", "(gone)", "r")], "test_z：原来没有这个测试"),
    ],
)
def test_a_test_that_went_without_a_word_is_a_fault(new, changed, fault):
    found = names.faults(OLD, new, changed)

    assert (found == []) if fault is None else found[0].startswith(fault)


def test_lines_of_the_account_are_read():
    text = "# a heading\n\ntest_a\ttest_b\tits page has another name\ntest_c\t(gone)\n"

    assert names.changes(text) == [
        Change("test_a", "test_b", "its page has another name"),
        Change("test_c", "(gone)", ""),
    ]
