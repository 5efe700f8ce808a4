"""Where the exchange was used and is not any more, no page says that it never was, and no button is refused after the press (五-4h)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import actions, duties, incoming, leading
from inspections.models import PlatformDifference, PlatformTask
from tests.browsing import post, signed_in, text_of
from tests.factories import make_facility, make_lead_office, make_planner, make_unit
from tests.inspections.exchange.factories import connect, dispatched_now, pack, task_there, told
from tests.inspections.exchange.test_back import named

pytestmark = [pytest.mark.django_db, pytest.mark.clause("五-4h")]


def test_what_was_never_connected_is_told_so():
    unit = make_unit()
    page = text_of(signed_in(make_planner(unit)).get(duties.address(unit)))
    assert "还没有启用移动执法平台对接" in page and leading.stopped() is None


def test_every_page_says_since_when_it_is_off_and_has_no_button_that_would_be_refused(unit, planner, at):
    place, check = make_facility(unit), dispatched_now(unit)
    package, content = actions.make(unit=unit, by=planner)
    other = named(check, "PT-1", told(content, "tasks")[0]) | {"finish_by": "2026-12-30"}
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit, place), other]), by=planner)
    at(clock.now() + timedelta(hours=1))
    connect(in_use=False)
    connect(in_use=False, document="本环发〔2026〕12号")  # entered again: it is off since the first of them
    assert leading.stopped() == leading.course()[1].entered_at
    task, difference = PlatformTask.objects.get(content__isnull=False), PlatformDifference.objects.get()
    browser, since = signed_in(planner), f"{clock.today()} 起停用"
    here = f"/desk/exchange/differences/{difference.pk}/"
    for page in (duties.address(unit), task.get_absolute_url(), f"{task.get_absolute_url()}decline/", here):
        answer = browser.get(page)
        assert since in text_of(answer) and "还没有启用" not in text_of(answer), page
        assert 'type="submit">' not in answer.content.decode().split("<main")[1], page
    assert "重传" not in text_of(browser.get(package.get_absolute_url()))
    for page in (task.get_absolute_url(), f"{task.get_absolute_url()}decline/", here):  # from an older page
        assert since in text_of(post(browser, page, {"check": check.no, "reason": "不在本区了", "said": "ours"}))
    with pytest.raises(Refused, match="起停用"):
        actions.decide(difference=difference, ours=True, words="按计划办理", by=planner)
    assert leading.words_on(check) == "PT-1　对接已经停用，以本系统的记录为准"
    settings = text_of(signed_in(make_lead_office()).get("/desk/exchange/settings/"))
    assert since in settings and "还没有办的任务和差异留着" in settings
    connect()
    assert 'type="submit">' in browser.get(here).content.decode().split("<main")[1]
