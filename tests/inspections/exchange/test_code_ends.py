"""A pair of codes ends after a page has said what rests on it, not by one press among a hundred rows (七(二)-h)."""

import pytest

from inspections.exchange import actions, incoming
from inspections.models import PlatformCode
from tests.browsing import post, post_and_follow, signed_in, text_of
from tests.factories import make_lead_office
from tests.inspections.exchange.factories import dispatched_now, pack, task_there

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(二)-h")]


@pytest.mark.parametrize(
    ("kind", "ours", "rests"),
    [
        ("UNIT", "210504", "有明山分局 210504的检查待上传的单位不能导出数据包"),
        ("ITEM", "A01", "平台发起、还没有办理的任务里有 1 件写着 SX-101"),
        ("OUTCOME", "NO_ISSUE", "有结果是“未发现问题 NO_ISSUE”的检查待上传的单位不能导出数据包"),
    ],
)
def test_what_rests_on_it_is_read_before_it_ends(kind, ours, rests, unit, planner):
    dispatched_now(unit)
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit)]), by=planner)
    code = PlatformCode.objects.get(kind=kind, ours=ours)
    browser, page = signed_in(make_lead_office()), f"/desk/exchange/codes/{code.pk}/end/"
    assert page in browser.get("/desk/exchange/codes/").content.decode()
    assert rests in text_of(browser.get(page)) and f"再有 {code.theirs} 的，整个包不能导入" in text_of(
        browser.get(page)
    )
    code.refresh_from_db()
    assert code.ended_at is None  # it was only read
    assert "已停用" in text_of(post_and_follow(browser, page))
    code.refresh_from_db()
    assert code.ended_at is not None
    again = post(browser, page)  # from an older page
    assert "已经停用" in text_of(again) and actions.PlatformCode.objects.filter(pk=code.pk).count() == 1
