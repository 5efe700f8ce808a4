"""A difference ends where ours became what the platform says, without a new package of it (五-4h)."""

import pytest

from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import actions, catching_up, duties, incoming
from inspections.models import Inspection, PlatformDifference
from tests.browsing import signed_in, text_of
from tests.factories import make_facility
from tests.inspections.exchange.factories import dispatched_now, pack, task_there
from tests.inspections.exchange.test_taken_up import by_its_page
from tests.inspections.factories import POINTS

pytestmark = [pytest.mark.django_db, pytest.mark.clause("五-4h")]


@pytest.fixture
def check(unit, planner):
    """The platform says 现场, ours 非现场."""
    place = make_facility(unit)
    check = dispatched_now(unit, facility=place, mode="OFFSITE", points=[p for p in POINTS if p[0] == "A01"])
    said = task_there(unit, place, mode="ONSITE", finish_by=check.finish_by.isoformat())
    incoming.take(content=pack(unit, 1, tasks=[said]), by=planner)
    by_its_page(check, planner)
    return check


def ours_becomes(check, **values):
    Inspection.objects.filter(pk=check.pk).update(**values)


def test_the_round_closes_what_ours_caught_up_with_and_its_to_do(check, unit, planner, request):
    (row,) = PlatformDifference.objects.filter(state="OPEN")
    assert (row.field, row.ours, row.theirs) == ("检查方式", "非现场", "现场")
    to_do = Duty.objects.open().filter(rule="PDIFF")
    duties.waits_no_more()
    assert PlatformDifference.objects.get().state == "OPEN" and to_do.exists()
    ours_becomes(check, mode="ONSITE")
    request.getfixturevalue("as_worker")
    duties.waits_no_more()
    row.refresh_from_db()
    assert (row.state, row.words, row.decided_by) == ("OURS", catching_up.SINCE, planner) and not to_do.exists()


def test_any_act_of_the_exchange_closes_it_and_words_that_come_back_are_asked(check, unit, planner):
    ours_becomes(check, mode="ONSITE")
    actions.make(unit=unit, by=planner)
    assert PlatformDifference.objects.get().words == catching_up.SINCE
    ours_becomes(check, mode="OFFSITE")
    said = task_there(unit, check.facility, finish_by=check.finish_by.isoformat(), record_version=2)
    assert incoming.take(content=pack(unit, 2, tasks=[said]), by=planner).differences == 1


def test_its_page_shows_ours_as_it_is_now_and_asks_nothing_of_what_is_alike(check, planner):
    row, browser = PlatformDifference.objects.get(), signed_in(planner)
    page = f"/desk/exchange/differences/{row.pk}/"
    ours_becomes(check, mode="DOCUMENT")
    said = text_of(browser.get(page))
    assert "书面" in said and "收到平台的内容时：非现场" in said and "以本系统为准" in said
    ours_becomes(check, mode="ONSITE")
    assert "本系统现在和平台一样" in text_of(browser.get(page))
    with pytest.raises(Refused, match="本系统现在和平台一样"):
        actions.decide(difference=row, ours=True, words="按计划办理", by=planner)


@pytest.mark.parametrize(("source", "said"), [("COMPLAINT", {}), ("MEDIA", {"来源": ("投诉举报", "媒体曝光")})])
def test_where_a_task_comes_from_is_compared(source, said, unit, planner):
    place = make_facility(unit)
    check = dispatched_now(unit, facility=place, points=[p for p in POINTS if p[0] == "A01"])
    task = task_there(unit, place, source=source, finish_by=check.finish_by.isoformat())
    incoming.take(content=pack(unit, 1, tasks=[task]), by=planner)
    by_its_page(check, planner)
    assert {d.field: (d.ours, d.theirs) for d in PlatformDifference.objects.all()} == said
