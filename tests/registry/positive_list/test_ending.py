"""A proposed exit ends when the level or the public result that was its ground is put right, whatever the door (七(三)-d, decision 0103)."""

from datetime import date

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from disclosure.models import Act
from disclosure.revisions import places
from inspections.models import Inspection
from registry.facilities.actions import change_facility
from registry.imports import actions as importing
from registry.models import BatchKind, ImportBatch, PositiveExit, Rating
from registry.positive_list import actions, exits
from registry.ratings.actions import enter_rating, save_term
from tests.browsing import refused
from tests.disclosure.factories import make_published_result, make_revision
from tests.factories import make_facility, make_lead_office, make_listed, make_registrar, make_unit
from tests.registry.workbooks import credit_code, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(三)-d")]


@pytest.fixture
def place():
    facility = make_facility(make_unit(), uscc=credit_code())
    make_listed(facility)
    return facility


def imported(place, level, year):
    """A list of credit ratings, checked and confirmed."""
    by, rows = make_registrar(place.unit), [{"名称": place.name, "统一社会信用代码": place.uscc, "环境信用评价": level}]
    said = {"file_name": "评价.xlsx", "kind": BatchKind.CREDIT, "asked": {"year": year, "source": "省厅公告"}}
    batch = importing.check_workbook(content=workbook(rows), unit=place.unit, by=by, **said)
    return importing.confirm_import(batch=batch, by=by)


def rated(place, level, year):
    said = {"kind": Rating.CREDIT, "level": level, "year": year, "month": None, "source": "评价结果通报"}
    return enter_rating(facility=place, by=make_registrar(place.unit), **said)


def by_form(place, level):
    place.refresh_from_db()
    said = {"version": place.version, "reason": "录错，改正", "by": make_registrar(place.unit)}
    return change_facility(facility=place, values={"credit_level": level}, **said)


def ranked(place):
    """The lead office says that 蓝 and 绿 are as good as each other."""
    words = {"label": "蓝", "also": ["蓝牌"], "is_serious": False, "valid_from": date(2020, 1, 1), "valid_to": None}
    return save_term(kind=Rating.CREDIT, code="蓝", rank=1, reason="省厅改了次序", by=make_lead_office(), **words)


RATING_DOORS = {
    "rated again": lambda place: rated(place, "绿", 2026),
    "the year before": lambda place: rated(place, "黄", 2025),
    "by form": lambda place: by_form(place, "绿"),
    "emptied": lambda place: by_form(place, ""),
    "imported": lambda place: imported(place, "绿", 2026),
    "withdrawn": lambda place: importing.withdraw_import(
        batch=ImportBatch.objects.latest("pk"), by=make_registrar(place.unit)
    ),
    "ranked": ranked,
}


@pytest.mark.parametrize("door", RATING_DOORS)
def test_an_exit_ends_when_the_level_that_was_its_ground_is_put_right(place, door):
    rated(place, "绿", 2025)
    imported(place, "蓝", 2026)
    assert exits.propose_exits(clock.now()) == 1
    asked = PositiveExit.objects.get()
    assert asked.words == "12 个月内信用降级 1 次"
    RATING_DOORS[door](place)
    _is_ended(asked)
    assert exits.propose_exits(clock.now()) == 0


def test_an_exit_stays_when_the_level_put_right_is_none_of_its_grounds(place):
    rated(place, "绿", 2025)
    rated(place, "黄", 2026)
    exits.propose_exits(clock.now())
    rated(place, "蓝", 2026)  # still worse than the year before
    by_form(place, "红")
    assert PositiveExit.objects.get().waits


def _clean(result) -> dict:
    """Everything that was private goes, and what was found stays."""
    return {"words": {place.key: "标签缺项" for place in places.places_of(result) if "住户" in place.value}}


RESULT_DOORS = [
    (Act.CORRECT, lambda result: {"words": {"outcome": "ON_SITE_FIXED", "rectify_by": ""}}, True),
    (Act.CORRECT, lambda result: {"words": {"finding": "标签缺项 3 处，旁边晾着住户衣物"}}, False),
    (Act.WITHDRAW, lambda result: {}, True),
    (Act.REISSUE, _clean, False),
]


@pytest.mark.parametrize(("act", "words", "ends"), RESULT_DOORS, ids=["otherwise", "words", "withdrawn", "reissued"])
def test_an_exit_ends_when_the_public_result_that_was_its_ground_is_put_right(act, words, ends):
    result = make_published_result(problem="标签缺项，旁边晾着住户衣物")
    facility = Inspection.objects.get(no=result.no).facility
    other = make_published_result(facility.unit, facility=facility, problem="台账缺页")
    make_listed(facility)
    exits.propose_exits(clock.now())
    asked = PositiveExit.objects.get()
    assert set(asked.events) == {f"check:{result.no}", f"check:{other.no}"}
    make_revision(result, act, **words(result))
    if ends:
        _is_ended(asked)
    else:
        asked.refresh_from_db()
        assert asked.waits


def _is_ended(asked):
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == ("ENDED", None) and "这条建议自行终止" in asked.opinion
    (told,) = AuditEntry.objects.filter(verb="registry.positive_list.ended")
    assert told.details["why"] == asked.opinion
    assert asked.facility.positive_entries.get().valid_to is None
    with refused("已终止，不用再办"):
        actions.decide_exit(proposal=asked, approve=True, opinion="同意移出", by=make_lead_office())


def test_between_two_rounds_an_exit_that_the_calendar_left_without_its_ground_is_not_approved(place, at):
    rated(place, "绿", 2025)
    rated(place, "蓝", 2026)
    exits.propose_exits(clock.now())
    asked, leader = PositiveExit.objects.get(), make_lead_office()
    at("2027-08-20 09:00")
    with refused("现在达不到移出的条件，不能批准移出"):
        actions.decide_exit(proposal=asked, approve=True, opinion="同意移出", by=leader)
    actions.decide_exit(proposal=asked, approve=False, opinion="已过一年", by=leader)
    assert place.positive_entries.get().valid_to is None
