"""Official numbers, chips and moments: what every subject writes alike."""

from datetime import UTC, datetime

import pytest

from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web.chips import Chip, query_with
from benxi_shuangsuiji.workdays import days
from registry.models import Facility
from tests.factories import make_facility, make_unit

CODES = Numbering("BX-", 4)


def test_a_number_is_its_stem_and_digits_that_grow_when_they_must():
    assert [CODES.written(n) for n in (7, 9999, 10000)] == ["BX-0007", "BX-9999", "BX-10000"]
    assert [CODES.of(text) for text in ("BX-0007", "BX-10000", "BX-A", "BX-", "210504-07")] == [
        7,
        10000,
        None,
        None,
        None,
    ]


@pytest.mark.django_db
def test_the_next_number_follows_the_highest_as_a_number_and_not_as_a_word():
    unit = make_unit()
    assert CODES.next(Facility.objects.all(), "code") == "BX-0001"
    for code in ("BX-9999", "BX-10000", "BX-OTHER", "91210504DEM012330M"):
        make_facility(unit, code=code)
    assert CODES.next(Facility.objects.all(), "code") == "BX-10001"


def test_an_address_keeps_the_conditions_but_no_passing_ones(rf):
    request = rf.get("/", {"unit": "210504", "view": "key", "page": "3", "q": "热力"})
    assert query_with(request, view="") == "?unit=210504&q=%E7%83%AD%E5%8A%9B"
    assert query_with(request, keep=("unit",), view="gone") == "?unit=210504&view=gone"


def test_of_several_chips_one_is_current_and_conditions_can_be_taken_away():
    assert chips.choices([("", "全部", 2), ("a", "甲", 0)], "a", lambda value: f"?view={value}") == [
        Chip("全部", "?view=", current=False, count=2),
        Chip("甲", "?view=a", current=True, count=0),
    ]
    assert chips.conditions([("q", "热力")], lambda name: "?") == [Chip("热力", "?", remove=True)]


def test_one_moment_in_the_words_of_pages_papers_and_tables():
    moment = datetime(2026, 7, 10, 1, 5, tzinfo=UTC)
    assert days.shown_moment(moment) == "7 月 10 日 09:05"
    assert days.full_moment(moment) == "2026 年 7 月 10 日 09:05"
    assert days.paper_moment(moment) == "2026 年 7 月 10 日 9:05"
    assert days.moment_words(moment) == "2026 年 7 月 10 日（周五）9:05"
    assert [days.table_moment(at) for at in (moment, None)] == ["2026-07-10 09:05", ""]
