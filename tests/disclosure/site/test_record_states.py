"""Results, enterprises, objections and home: where each state is seen, and the sentence that says it (ui.md 7.1, ui-2.md 18—21)."""

from datetime import date

import pytest
from django.test import override_settings

from disclosure.models import Act
from disclosure.objections import actions as objecting
from disclosure.register import signing
from inspections.models import Outcome
from tests.disclosure.facilities.test_facility_page import published
from tests.disclosure.factories import make_published_result, make_published_step, make_revision
from tests.disclosure.objections.factories import correct, decide, make_objection, officer_of, propose
from tests.disclosure.site.states import missing, words_of
from tests.factories import make_facility, make_unit
from tests.inspections.factories import make_reviewed
from tests.plans.draw.factories import make_sealed_draw

RESULTS = {
    "检查结果：未能检查，原因": ("/results/{halted}/", "大门上锁，已停产"),
    "检查结果：列表，未能检查": ("/results/?outcome=NOT_OPERATING", "停产"),
    "检查结果：更正，旧的和新的": ("/results/{corrected}/", "更正"),
    "检查结果：更正，旧的一版": ("/results/{corrected}/1/", "这是更正以前的一版"),
    "检查结果：后续处理还没有公开": ("/results/{open}/", "还没有公开后续处理"),
    "企业页：没有列入名录": ("/enterprises/{open_code}/", "还没有列入公开的名录"),
    "企业页：问题没有改完": ("/enterprises/{open_code}/", "改正中"),
    "企业页：已改正": ("/enterprises/{mended_code}/", "已改正"),
    "企业页：立案": ("/enterprises/{case_code}/", "立案查处"),
    "企业页：移送": ("/enterprises/{sent_code}/", "已移送"),
    "企业页：去了没有查成": ("/enterprises/{halted_code}/", "去了没有查成：停产"),
    "企业页：结果已撤下": ("/enterprises/{gone_code}/", "检查结果已撤下"),
    "企业页：未发现问题": ("/enterprises/{good_code}/", "指检查当天、所列事项，不等于对企业的整体评价"),
    "企业页：没有企业说明": ("/enterprises/{good_code}/", "企业可以在自己的检查结果旁写说明"),
    "企业页：凭证等待签署": ("/enterprises/{good_code}/", "等待签署"),
    "企业查询：不认识的条件": ("/enterprises/?category=KEY", "不认识的条件：category=KEY"),
    "企业查询：曾用名": ("/enterprises/{former_code}/", "枫岭染织厂"),
    "企业查询：从未检查": ("/enterprises/?never=1", "从未检查"),
    "企业查询：地址": ("/enterprises/?q=枫桥路", "枫岭印染有限公司"),
    "企业查询：名称相近": ("/enterprises/?q=枫林印染", "名称相近的有"),
    "更正和撤下": ("/notices/revisions/", "涉及个人隐私。核对记录，原来写错 撤下"),
    "撤下的原文": ("/results/{gone}/", "本条信息于 2026 年 7 月 6 日因", 410),
    "最新公示": ("/notices/", "检查结果"),
    "公示日志：等待签署": ("/verify/register/", "条公示等待签署"),
    "公示日志：还没有检查点": ("/verify/register/", "还没有签署过检查点"),
    "公示日志：没有见证人": ("/verify/register/", "还没有见证人。两个人看到的日志是否相同，只能互相对照检查点"),
    "公示日志：没有脚本": ("/verify/register/", "浏览器没有开启脚本"),
}
OBJECTIONS = {
    "更正与申诉：没有这条公示": ("/corrections/new/?record=nobody", "这条公示不存在，核对编号", 404),
    "更正与申诉：写": ("/corrections/new/?record={record}", "公示与事实不符，或对检查结果有异议，在这里提出"),
    "更正与申诉：在办": ("/corrections/{open}/", "异议处理中"),
    "更正与申诉：在办，还剩几天": ("/corrections/{open}/", "还剩 15 个工作日"),
    "更正与申诉：在办，公示照常": ("/corrections/{open}/", "原公示照常公开，标注“异议处理中”；改正期限不变"),
    "更正与申诉：补正": ("/corrections/{more}/", "补正材料，时限暂停到 7 月 14 日"),
    "更正与申诉：不更正": ("/corrections/{kept}/", "决定：不更正"),
    "更正与申诉：更正": ("/corrections/{corrected}/", "决定：更正一处"),
    "更正与申诉：撤回": ("/corrections/{back}/", "申请人撤回"),
    "更正与申诉：全部": ("/corrections/", "{kept}"),
    "更正与申诉：撤下私人内容，决定以前": ("/corrections/{secret}/", "对检查结果 {private}的申请"),
    "检查结果：异议处理中": ("/results/{record}/", "办结前不作为信用评价的依据"),
    "企业页：异议处理中": ("/enterprises/{code}/", "异议处理中"),
}
LATE = {"更正与申诉：逾期": ("/corrections/{open}/", "逾期 1 天"), "首页：数据没有更新": ("/", "数据没有按日更新")}


@pytest.mark.clause("四(3)-a", "八(二)-a", "八(二)-c", "八(二)-e")
def test_what_a_result_and_its_enterprise_say(at):
    at("2026-07-06 10:00")
    unit = make_unit()
    named = {"name": "枫岭印染有限公司", "former_names": ["枫岭染织厂"], "address": "明山区枫桥路 49 号"}
    former = make_facility(make_unit("210505"), **named)
    make_sealed_draw(former.unit)
    hidden = make_reviewed(unit)
    results = {"good": make_published_result(unit)}
    results["halted"] = published(unit, outcome=Outcome.NOT_OPERATING, finding="大门上锁，已停产")
    found = ("open", "mended", "case", "sent", "corrected")
    results |= {name: make_published_result(unit, problem="标签缺项 2 处") for name in found}
    named = former.unit.facilities.exclude(pk=former.pk).first()  # in a roster, so that its page stays
    results["gone"] = make_published_result(former.unit, facility=named, problem="标签缺项 2 处")
    again, end = ("CHECKED_AGAIN", "复查 1 处问题，1 处已改好"), ("MENDED", "复查 1 处问题都已改好，整改办结")
    steps = {
        "mended": [again, end],
        "case": [("CASE_OPENED", "已立案调查。")],
        "sent": [("SENT", "已移送水务局处理。")],
    }
    for name, taken in steps.items():
        for step, words in taken:
            make_published_step(results[name], step=step, words=words)
    make_revision(results["corrected"], words={"finding": "标签缺项 3 处"})
    make_revision(results["gone"], Act.WITHDRAW)
    names = {name: p.no for name, p in results.items()}
    names |= {f"{name}_code": p.facility_code for name, p in results.items()}
    assert missing(RESULTS, former_code=former.code, **names) == {}
    assert hidden.no not in words_of("/results/") + words_of("/notices/")  # under review: not listed at all
    assert former.code.lower() != former.code


@pytest.mark.clause("四(3)-f", "四(3)-a")
def test_how_far_an_objection_is(at):
    at("2026-07-06 10:00")
    unit = make_unit()
    made = {
        n: make_objection(make_published_result(unit, problem="标签缺项 2 处"))
        for n in ("open", "more", "kept", "corrected", "back")
    }
    at("2026-07-06 12:00")  # one network may hand in a few an hour
    secret = make_objection(make_published_result(unit), demand="WITHDRAW")
    more = made["more"]
    objecting.ask_for_more(objection=more, what="补交 5 月的台账", until=date(2026, 7, 14), by=officer_of(more))
    decide(propose(made["kept"]))
    decide(correct(made["corrected"], finding="设施运行正常"))
    objecting.take_back(objection=made["back"])
    record, private = made["open"].publication, secret.publication
    names = {name: objection.receipt for name, objection in made.items()} | {
        "record": record.no,
        "code": record.facility_code,
    }
    assert missing(OBJECTIONS, secret=secret.receipt, private=private.no, **names) == {}
    at("2026-07-28 10:00")
    assert missing(LATE, **names) == {}


@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_what_the_register_says_once_it_is_signed(at, tmp_path):
    at("2026-07-06 10:00")
    result = make_published_result()
    with override_settings(REGISTER_KEY="11" * 32, REGISTER_ORIGIN="", REGISTER_HEAD=str(tmp_path / "head")):
        signing.sign_newest()
    signed = {
        "公示日志：检查点": ("/verify/register/", "1 条　现行公示 1 条"),
        "公示日志：下载": ("/verify/register/", "下载检查点"),
        "检查结果：凭证": ("/results/{no}/", "凭证"),
        "首页：日志的根": ("/", "公示日志已有 1 条，根"),
    }
    assert missing(signed, no=result.no) == {}
