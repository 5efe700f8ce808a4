"""抽取公示 and 核验这次检查 from one state to the next: where each is seen, and the sentence that says it (ui.md 7.1)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from inspections.checks import visit_codes
from inspections.codes.actions import keep_phone
from plans.aborts import actions as abort_actions
from plans.draw import actions as draw_actions
from plans.models import QuarterlyPlan
from registry.models import Category
from tests.disclosure.draws.test_public_amendments import make_amended
from tests.disclosure.factories import make_published_plan
from tests.disclosure.site.states import missing, words_of
from tests.factories import make_approver, make_listed, make_planner, make_unit
from tests.inspections.dispatch.test_dispatch import declare
from tests.inspections.factories import answer_all, approve, finish, make_dispatched, make_inspection, ready, start
from tests.plans.draw.factories import agree_on_values, make_held_draw, make_sealed_draw, move_clock
from tests.plans.draw.factories import make_published_plan as make_plan_to_draw
from tests.plans.factories import make_branch

SEALED = {
    "首页：封存以后、抽取以前": ("/", "7 月 6 日 10:00 已封存，等待抽取"),
    "抽取公示：封存": ("/draws/{draw}/", "已封存，等待抽取"),
    "抽取公示：封存，还没有签号": ("/draws/{draw}/", "现在可以下载封存时和抽取时的指纹、全部参加抽取的企业名单"),
    "抽取公示：封存，名单可以读": ("/draws/{draw}/frames/general/", "{name}"),
    "抽取公示：封存，核验能核的": ("/draws/{draw}/", "名单公开后可以核验，最迟 9 月 25 日 18:00"),
    "企业页：在本季度的抽取里": ("/enterprises/{code}/", "此前各企业都显示这一句"),
    "企业页：正面清单": ("/enterprises/{listed}/", "{name}"),
    "统计：还没有名单已公开的季度": ("/statistics/", "第一次在 9 月 25 日"),
    "怎样核验：还没有例子": ("/verify/", "第一次公开名单之后，这里给出可以照着算的例子"),
}
DRAWN = {
    "首页：抽取以后、公开以前": ("/", "名单 9 月 25 日公开"),
    "抽取公示：已抽取": ("/draws/{draw}/", "已抽取，名单保密"),
    "抽取公示：已抽取，查一家": (
        "/draws/{draw}/?code={code}",
        "名单 9 月 25 日 18:00 公开，在那之前谁都看不到抽中了谁",
    ),
    "企业页：抽取以后、公开以前": ("/enterprises/{code}/", "此前各企业都显示这一句"),
}
OVERDUE = {
    "首页：名单没有按时公开": ("/", "名单逾期 1 天没有公开"),
    "抽取公示：名单没有按时公开": ("/draws/{draw}/", "名单没有按时公开"),
}
RELEASED = {
    "抽取公示：已公开": ("/draws/{draw}/", "名单已公开"),
    "抽取公示：核验": ("/draws/{draw}/", "待核验"),
    "抽取公示：没有这家": ("/draws/{draw}/?code=没有这家", "这次抽取的名单里没有“没有这家”"),
    "抽取公示：只算一家": ("/draws/{draw}/?code={code}", "任何能算 SHA-256 的工具，对下面这一行算出来的就是签号"),
    "企业页：没有抽中过": ("/enterprises/{out}/", "没有抽中"),
    "怎样核验：三种办法": ("/verify/", "手工算一家"),
}
AMENDED = {
    "抽取公示：更换": ("/draws/{draw}/", "本环更〔2026〕1 号"),
    "抽取公示：更换，换成谁是算出来的": ("/draws/{draw}/", "换成谁由抽取时的签号算出，不能指定"),
}
VOID = {
    "抽取公示：已公告": ("/draws/210502-2026Q3-02/", "已公告，等待封存"),
    "抽取公示：作废": ("/draws/210502-2026Q3-01/", "作废的记录不会隐去"),
    "抽取公示：作废，批准": ("/draws/210502-2026Q3-01/", "平环审〔2026〕7号"),
    "抽取公示：各单位，已作废": ("/draws/", "已作废，等待重新抽取"),
}
LATE = {"抽取公示：逾期抽取": ("/draws/{draw}/", "应在季度首月 10 日前抽取，实际晚了")}
OPEN_TEAM = {"抽取公示：没有配齐": ("/draws/{draw}/?list=special&all=1", "未配齐：")}
CODES = {
    "检查码：输入": ("/v/", "在检查通知书右上角，三组，每组四位"),
    "检查码：位数不对": ("/v/?code=7KQ4MW9T2HA", "检查码是 12 位，现在是 11 位"),
    "检查码：没有查到": ("/v/{unknown}/", "没有查到这个检查码", 404),
    "检查码：没有查到，打给谁": ("/v/{unknown}/", "024-00001204", 404),
    "检查码：今天": ("/v/{today}/", "这次检查是真的"),
    "检查码：今天，凭条": ("/v/{today}/", "抽取当天就定下了"),
    "检查码：另一天": ("/v/{later}/", "今天来的，打电话核实"),
    "检查码：还没有批准": ("/v/{waiting}/", "这次检查是真的，还没有批准"),
    "检查码：不是随机抽取": ("/v/{complaint}/", "投诉举报"),
    "检查码：已经结束": ("/v/{over}/", "这次检查是真的，已经结束"),
}


@pytest.mark.clause("四(3)-a", "七(五)-o")
def test_a_draw_from_the_seal_to_the_names(at):
    at("2026-07-06 10:00")
    make_published_plan(make_branch(code="210502"))  # of this quarter, which the home page shows from then on
    plan = make_plan_to_draw(make_unit("210503"), key=2, general=6, special=1, positive_out=True)
    listed = plan.unit.facilities.filter(category=Category.GENERAL).first()
    make_listed(listed)
    draw = make_sealed_draw(plan=plan)
    one = plan.unit.facilities.filter(category=Category.GENERAL).last()
    names = {"draw": draw.draw_id, "code": one.code, "name": one.name, "listed": listed.code}
    assert missing({s: row for s, row in SEALED.items() if "正面清单" not in s}, **names) == {}
    assert missing({"企业页：正面清单": ("/enterprises/{listed}/", "不参加：正面清单")}, **names) == {}
    agree_on_values(draw)
    draw = draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    assert missing(DRAWN, **names) == {}
    move_clock(draw.release_at + timedelta(days=1))
    assert missing(OVERDUE, **names) == {}
    draw_actions.release_draw(draw=draw)
    drawn = set(draw.picks.values_list("facility__code", flat=True))
    out = next(f for f in plan.unit.facilities.filter(category=Category.GENERAL) if f.code not in {*drawn, listed.code})
    assert missing(RELEASED, out=out.code, **names) == {}


@pytest.mark.django_db
@pytest.mark.usefixtures("at")
@pytest.mark.clause("四(3)-a", "七(二)-g")
def test_an_amended_draw():
    draw, gone, _ = make_amended()
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    assert missing(AMENDED | {"旧名": ("/draws/{draw}/", "{gone}")}, draw=draw.draw_id, gone=gone.facility.name) == {}


@pytest.mark.clause("四(3)-a", "七(二)-d")
def test_a_late_and_an_unstaffed_draw(at):
    at("2026-07-13 10:00")
    plan = make_plan_to_draw(make_unit("210505"), key=0, general=0, inspectors=2)
    declare(plan.unit.inspectors.first(), plan.unit.facilities.get())
    late = make_held_draw(plan=plan, released=True)
    assert missing(LATE | OPEN_TEAM, draw=late.draw_id) == {}


@pytest.mark.clause("四(3)-a", "七(二)-d")
def test_an_announced_and_a_void_draw(at):
    at("2026-07-03 10:00")
    unit = make_branch(code="210502")
    make_published_plan(unit)
    assert missing({"抽取公示：已公告": ("/draws/210502-2026Q3-01/", "已公告，等待封存")}) == {}
    draw = draw_actions.prepare_draw(plan=QuarterlyPlan.objects.get(unit=unit), by=make_planner(unit))
    draw = draw_actions.seal_draw(draw=draw, by=make_approver(unit), registry_reason="名录专人还没有到任")
    said = {"reason": "快乐8 停售，公开随机数开不出来", "evidence": "停售公告 3 号"}
    asked = abort_actions.ask_to_abort(draw=draw, by=make_planner(unit), **said)
    abort_actions.approve_abort(request=asked, by=make_approver(unit), document_no="平环审〔2026〕7号")
    assert missing(VOID) == {}


@pytest.mark.clause("七(五)-d", "七(五)-i", "七(五)-j")
def test_what_a_code_opens(at):
    at("2026-07-06 10:00")
    first, over, *_ = make_dispatched(make_unit())
    keep_phone(unit=first.unit, day="024-00001204", night="", by=make_approver(first.unit))
    later, waiting = make_inspection(first.unit, approved=False), make_inspection(first.unit, approved=False)
    day = clock.today() + timedelta(days=3)
    approve(later, first_day=day, last_day=day)
    ready(first, over)
    finish(answer_all(start(over)))
    codes = {"later": later, "waiting": waiting, "complaint": make_inspection(first.unit), "over": over, "today": first}
    names = {name: check.visit_code for name, check in codes.items()}
    assert missing(CODES, unknown=visit_codes.by_chance(), **names) == {}
    assert "不用接受" not in words_of(f"/v/{names['later']}/")
