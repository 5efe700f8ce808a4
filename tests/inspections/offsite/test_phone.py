"""An off-site check by thumb: a clue, asked for, approved, followed to the place and to the public result (七(三), N-14, issue 17)."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from benxi_shuangsuiji import clock
from disclosure.publishing import actions as publishing
from inspections.models import Inspection, Mode, OnsiteRequest
from inspections.onsite import actions as onsite
from inspections.review import actions as review
from tests.factories import make_approver, make_disclosure_officer, make_unit
from tests.inspections.evidence.pictures import PDF
from tests.inspections.factories import answer_all, finish, make_inspection, team_of
from tests.inspections.visits.test_phone import PHONE, Thumb

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]


@pytest.fixture
def thumb(chromium, site):
    context = chromium.new_context(locale="zh-CN", viewport=PHONE, is_mobile=True, has_touch=True)
    yield Thumb(context.new_page(), site)
    context.close()


@pytest.mark.clause("七(三)-a", "七(三)-b", "七(三)-c")
def test_a_clue_by_thumb_leads_to_the_place_and_to_the_public_result(own_database, at, thumb):
    unit = make_unit()
    check = make_inspection(unit, mode=Mode.OFFSITE)
    base, page = f"/field/{check.no}/", thumb.page
    thumb.sign_in(team_of(check)[0].user)
    page.goto(f"{thumb.site}{base}")
    expect(page.get_by_text("用手机地图打开地址")).to_have_count(0)
    thumb.tap("开始检查", f"{base}arrive/")
    thumb.tap("开始检查", f"{base}looks/")

    look = {"name": "小时均值.pdf", "mimeType": "application/pdf", "buffer": PDF}
    page.select_option("[name=method]", "ONLINE")
    page.fill("[name=source]", "废气排口小时均值")
    for name in ("period_from", "period_to"):
        page.fill(f"[name={name}]", f"{clock.today() - timedelta(days=2)}")
    page.set_input_files("[name=files]", look)
    page.locator("[name^=seen_]").first.fill("三次超过限值")
    page.select_option("[name=result]", "CLUE")
    thumb.tap("登记查看")
    expect(page.get_by_text("发现线索的，写明是什么线索")).to_be_visible()
    expect(page.get_by_text("选过的文件要重新选")).to_be_visible()
    expect(page.locator("[name^=seen_]").first).to_have_value("三次超过限值")
    thumb.look()
    page.fill("[name=clue]", "三次小时均值超过限值")
    page.set_input_files("[name=files]", look)
    thumb.tap("登记查看")
    expect(page.get_by_text("第 1 次查看已登记")).to_be_visible()

    page.goto(f"{thumb.site}{base}")
    thumb.tap("发现线索，申请现场核实", f"{base}onsite/")
    thumb.look()
    thumb.tap("提交申请", base)
    onsite.decide(request=OnsiteRequest.objects.get(), approve=True, opinion="", by=make_approver(unit))
    # They are on the way. The clock of a test stands still, and what a phone was told of it is seconds old: in the minute of
    # the approval itself it would now and then have pressed a moment before it, and be refused (登记到场早于批准).
    at(clock.now() + timedelta(minutes=40))
    page.goto(f"{thumb.site}{base}")
    thumb.look()
    thumb.tap("登记到场", f"{base}arrive/")
    page.fill("[name=recorder_no]", "BX-MS-07")
    thumb.tap("登记到场，记录仪已开启", f"{base}code/")
    thumb.tap("已出示证件并送达", f"{base}check/1/")

    done = finish(answer_all(Inspection.objects.get(pk=check.pk)))
    done = review.review_result(inspection=done, by=make_approver(unit))
    publishing.publish_result(inspection=done, by=make_disclosure_officer(unit))
    page.goto(f"{thumb.site}/results/{check.no}/")
    expect(page.get_by_text("现场检查").first).to_be_visible()
    expect(page.get_by_text("监管类别", exact=True)).to_be_visible()
