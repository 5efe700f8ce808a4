"""The planner's quarter with the platform, by clicking: a package out once, the answer in, a result out by its day, a difference
decided (五-4h, 七(五)-m, D-10); the platform stands in."""

from pathlib import Path

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices.models import Duty
from inspections.models import ExchangePackage, Inspection, PlatformDifference, PlatformTask
from tests.inspections.exchange.both import Both, open_result
from tests.inspections.factories import answer_all, finish, make_dispatched, ready, start
from tests.journeys.people import InBrowser

pytestmark = [pytest.mark.slow("days"), pytest.mark.browser, pytest.mark.commits]
QUEUE = "/desk/exchange/"


def download(planner: InBrowser, folder: Path) -> bytes:
    """What one press hands over; after it there is nothing to hand over."""
    planner.open(QUEUE).follow("导出数据包")
    with planner.page.expect_download() as waiting:
        planner.page.get_by_role("button", name="导出数据包").click()
    waiting.value.save_as(folder / "package.zip")
    number = waiting.value.suggested_filename.removesuffix(".zip")
    planner.page.wait_for_url(f"**/packages/{number}/")  # the page follows to what went out
    planner.sees(f"已导出 {number}", "下一步：")
    planner.open(QUEUE + "make/").sees("没有待上传的内容，不用导出。")
    return (folder / "package.zip").read_bytes()


@pytest.mark.clause("五-4h", "七(五)-m", "七(二)-h")
def test_a_planner_exchanges_a_quarter_with_the_platform_by_clicking(site, page, at, tmp_path):
    at(clock.now())
    both = Both(tmp_path)
    checks = make_dispatched(both.unit)
    ready(*checks)
    planner = InBrowser(page, both.planner)
    assert both.platform.take(download(planner, tmp_path)).state == "TAKEN"
    assert ExchangePackage.objects.count() == 1
    planner.open(QUEUE).follow("导入数据包").press("导入", package=("回执.zip", both.sent()))
    planner.sees("已导入 MEP-210504-000001", "没有待上传的内容")
    check = Inspection.objects.filter(draw__isnull=False).order_by("no").first()
    number = PlatformTask.objects.get(inspection=check).number
    planner.follow("BXS-210504-000001").sees("已确认", check.no)

    # The inspector hands in; the planner sees by when it goes out, and the platform found something else.
    check = finish(answer_all(start(check)))
    duty = Duty.objects.get(rule="D-10", period=check.no)
    planner.open(QUEUE).sees(check.no, number, "检查情况")
    assert both.platform.take(download(planner, tmp_path)).state == "TAKEN"
    assert Duty.objects.get(pk=duty.pk).closed_at is None  # sent is not yet there
    said = open_result(both, number) | {"finding": "台账不全"}
    both.platform.say(both.unit.code, "results", number, **said)
    planner.open(QUEUE).follow("导入数据包").press("导入", package=("结果.zip", both.sent()))
    planner.sees("差异 1 处", "发现的问题")
    assert Duty.objects.get(pk=duty.pk).closed_by == "移动执法平台已确认收到检查情况"
    planner.follow("核对").sees("台账不全").press("记下", said="ours", words="现场记录没有这个问题")
    planner.sees("已记下以谁为准").does_not_see("两边的差异")
    decided = PlatformDifference.objects.get()
    assert (decided.state, decided.decided_by) == ("OURS", both.planner)
    assert Inspection.objects.get(pk=check.pk).finding == ""  # nothing was overwritten
