"""What a unit decides for itself: asked for by the planner, approved by the leader, used by the editor (五-4a, 五-4b)."""

from datetime import date

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from plans.local import actions as local_actions
from plans.lottery import actions as lottery_actions
from plans.models import GeneralRatioPolicy, LocalScheme, UnitPolicy
from plans.quarterly import actions
from registry.models import Category
from tests.browsing import enter, post, queries, signed_in, text_of
from tests.factories import make_approver, make_lead_office, make_planner, make_unit, make_user
from tests.plans.factories import Q3, make_branch, make_plan

pytestmark = pytest.mark.django_db
FACTORS = {
    "air_quality": "优良天数比例 88%，PM2.5 年均 33",
    "pollution_sources": 186,
    "inspectors": 13,
    "area_km2": 411,
    "coverage_target": "2027 年底前查完一遍",
}
CHOICES = {
    "reserved_key": 90,
    "reserved_general": 70,
    "team_size": 3,
    "game": "SSQ",
    "positive_out": True,
    "release_on_draw_day": True,
    "reason": "未查企业集中",
}


def ask(unit, *, by=None, points=1000, **fields) -> GeneralRatioPolicy:
    asked = {"year": 2026, "valid_from": clock.today(), "basis_points": points, **FACTORS, **fields}
    return local_actions.ask_for_ratio(unit=unit, by=by or make_planner(unit), **asked)


def approved(unit, **fields) -> GeneralRatioPolicy:
    return local_actions.approve_decision(decision=ask(unit, **fields), by=make_approver(unit))


@pytest.mark.story("O17")
def test_the_leader_is_told_what_waits_for_him_and_the_planner_what_became_of_it():
    unit = make_branch()
    planner, leader = make_planner(unit), make_approver(unit)
    asked = ask(unit, by=planner)
    told = Message.objects.get(user=leader)
    assert (told.title, told.url) == (f"{unit}：批准一般监管对象抽查比例", asked.get_absolute_url())
    assert signed_in(leader).get(told.url).status_code == 200
    local_actions.approve_decision(decision=asked, by=leader)
    assert Message.objects.get(user=planner).title == f"{unit}：一般监管对象抽查比例已批准"


@pytest.mark.clause("七(一)2-a")
def test_the_ratio_rests_on_five_factors_and_the_leaders_approval():
    unit = make_branch()
    planner, leader = make_planner(unit), make_approver(unit)
    with pytest.raises(Refused, match="区域生态环境质量要写明"):
        ask(unit, by=planner, air_quality=" ")
    with pytest.raises(Refused, match="大于 0"):
        ask(unit, by=planner, points=0)
    with pytest.raises(Refused, match="检查人员数量不能是 0"):
        ask(unit, by=planner, inspectors=0)

    asked = ask(unit, by=planner)

    assert GeneralRatioPolicy.objects.in_force(unit, clock.today()) is None
    with pytest.raises(Refused, match="第 1 版还在等批准"):
        ask(unit, by=planner)
    with pytest.raises(Refused, match="没有审批"):
        local_actions.approve_decision(decision=asked, by=planner)
    decided = local_actions.approve_decision(decision=asked, by=leader, opinion="同意")
    assert (decided.decided_by, decided.valid_to) == (leader, date(2026, 12, 31))
    assert GeneralRatioPolicy.objects.in_force(unit, clock.today()) == decided
    assert GeneralRatioPolicy.objects.in_force(unit, date(2027, 1, 1)) is None
    assert GeneralRatioPolicy.objects.in_force(make_unit("210503"), clock.today()) is None


@pytest.mark.clause("七(一)2-a")
def test_a_version_never_reaches_back_and_ends_the_one_before_it(client, at):
    at("2026-07-02 09:00")
    unit = make_branch()
    first = approved(unit)
    at("2026-10-08 09:00")
    with pytest.raises(Refused, match="起始日不能早于今天"):
        ask(unit, valid_from=date(2026, 1, 1))
    second = ask(unit)
    at("2026-10-10 09:00")
    enter(client, make_approver(unit))
    assert "已过，批准的从批准当天起有效" in text_of(client.get(second.get_absolute_url()))

    second = local_actions.approve_decision(decision=second, by=make_approver(unit))

    first.refresh_from_db()
    assert (first.valid_to, second.valid_from) == (date(2026, 10, 9), date(2026, 10, 10))
    assert GeneralRatioPolicy.objects.in_force(unit, date(2026, 9, 1)) == first
    with pytest.raises(Refused, match="第 2 版从 2026 年 10 月 10 日起有效"):
        ask(unit)


def test_who_asks_does_not_approve_even_when_he_is_a_leader():
    unit = make_branch()
    both = make_user(("PLANNER", unit), ("APPROVER", unit))

    with pytest.raises(Refused, match="提出的人不能自己批准"):
        local_actions.approve_decision(decision=ask(unit, by=both), by=both)


@pytest.mark.clause("七(一)2-a")
def test_the_editor_begins_with_the_ratio_in_force_and_a_later_version_replaces_it(at):
    at("2026-07-02 09:00")
    unit = make_branch(general=100)
    approved(unit, points=1000)
    at("2026-07-03 09:00")
    approved(unit, points=3000)

    plan = make_plan(unit)

    stratum = plan.strata.get(category=Category.GENERAL)
    assert (stratum.basis_points, stratum.planned) == (3000, 30)


@pytest.mark.clause("七(一)2-a")
def test_the_pages_say_what_a_ratio_leads_to_and_when_a_plan_stays_below_it(client, at):
    at("2026-07-02 09:00")
    unit = make_branch(general=100)
    small = ask(unit, points=1000)
    enter(client, make_approver(unit))

    page = text_of(client.get(small.get_absolute_url()))

    assert "按每季 10 家，到 2027 年底只能抽到 60 家；每季至少 17 家才能抽完" in page
    answer = post(client, small.get_absolute_url(), {"opinion": "同意", "decision": "approve"})
    assert answer.status_code == 302
    small.refresh_from_db()
    assert small.state == State.APPROVED
    plan = make_plan(unit)
    actions.save_plan(
        plan=plan,
        by=make_planner(unit),
        data={"strata": {Category.GENERAL: {"basis_points": 500, "planned": 17, "reserved_percent": 80}}},
    )
    enter(client, make_planner(unit))
    editor = text_of(client.get(f"/desk/plans/{unit.code}/2026q3/edit/"))
    assert "一般对象比例 5%，低于本单位批准的 10%（第 1 版）" in editor


@pytest.mark.clause("五-4a")
def test_parameters_of_a_unit_are_rows_with_an_approver_within_the_citys_bounds(at):
    at("2026-07-02 09:00")
    unit = make_branch()
    with pytest.raises(Refused, match="每组 2 到 9 人"):
        local_actions.ask_for_choices(
            unit=unit, valid_from=date(2026, 7, 2), by=make_planner(unit), **CHOICES | {"team_size": 1}
        )
    asked = local_actions.ask_for_choices(unit=unit, valid_from=date(2026, 7, 2), by=make_planner(unit), **CHOICES)
    before = make_plan(make_branch(code="210503"))
    local_actions.approve_decision(decision=asked, by=make_approver(unit))

    plan = make_plan(unit)

    reserved = dict(plan.strata.values_list("category", "reserved_percent"))
    assert (reserved["key"], reserved["general"]) == (90, 70)
    assert (plan.team_size, plan.positive_out, plan.sources.get().label[:3]) == (3, True, "双色球")
    assert plan.release_at.date() == plan.draw_at.date()
    assert (before.team_size, before.positive_out) == (2, False)
    assert UnitPolicy.objects.for_plan(unit, Q3, clock.today()) == asked


@pytest.mark.clause("五-4b")
def test_the_units_scheme_is_kept_as_it_was_issued_with_number_and_approver(client):
    unit = make_branch()
    planner = make_planner(unit)
    fields = {"title": "明山分局随机抽查方案", "document_no": "本环明〔2026〕3号", "issued_on": date(2026, 1, 4)}
    pdf = ("方案.pdf", b"%PDF-1.7 text")
    for day, said in ((date(2030, 1, 4), "不能晚于今天"), (date(2019, 1, 4), "印发日期不能更早")):
        with pytest.raises(Refused, match=said):
            local_actions.ask_for_scheme(unit=unit, valid_from=day, file=pdf, by=planner, **fields | {"issued_on": day})
    with pytest.raises(Refused, match="起始日从印发日期"):
        local_actions.ask_for_scheme(unit=unit, valid_from=date(2026, 1, 3), file=pdf, by=planner, **fields)
    with pytest.raises(Refused, match="上传 PDF"):
        local_actions.ask_for_scheme(
            unit=unit, valid_from=date(2026, 1, 5), file=("方案.docx", b"PK"), by=planner, **fields
        )
    asked = local_actions.ask_for_scheme(
        unit=unit, valid_from=date(2026, 1, 5), file=("方案.pdf", b"%PDF-1.7 text"), by=planner, **fields
    )
    returned = local_actions.return_decision(decision=asked, by=make_approver(unit), opinion="补上附件")
    assert (returned.state, LocalScheme.objects.in_force(unit, date(2026, 2, 1))) == (State.RETURNED, None)
    again = local_actions.ask_for_scheme(
        unit=unit, valid_from=date(2026, 1, 5), file=("方案.pdf", b"%PDF-1.7 text"), by=planner, **fields
    )
    local_actions.approve_decision(decision=again, by=make_approver(unit))

    in_force = LocalScheme.objects.in_force(unit, date(2026, 2, 1))

    assert (in_force.version, files.read(in_force.file)) == (2, b"%PDF-1.7 text")
    enter(client, planner)
    assert client.get(f"/desk/local/{unit.code}/scheme/2/file/").content == b"%PDF-1.7 text"
    page = text_of(client.get(f"/desk/local/{unit.code}/"))
    assert "第 2 版 现在有效" in page


def test_a_version_is_asked_for_on_its_page_and_what_was_typed_stays(client, at):
    at("2026-07-02 09:00")
    unit = make_branch()
    enter(client, make_planner(unit))
    address = f"/desk/local/{unit.code}/ratio/new/"
    typed = {"year": 2026, "percent": "8.6", "valid_from": "2026-07-02", **FACTORS}

    wrong = post(client, address, typed, percent="0")
    assert "比例大于 0" in text_of(wrong)
    assert 'value="411"' in wrong.content.decode()
    right = post(client, address, typed)

    asked = GeneralRatioPolicy.objects.get()
    assert right["Location"] == asked.get_absolute_url()
    assert asked.basis_points == 860


def test_the_lists_ask_the_same_however_many_rows_there_are(client, at):
    at("2026-07-02 09:00")
    unit = make_branch()
    lead = make_lead_office()
    enter(client, make_planner(unit))

    pages = [f"/desk/local/{unit.code}/", "/desk/lottery/"]
    for n in range(2):
        approved(unit, valid_from=date(2026, 7, 2 + n))
        lottery_actions.add_break(
            game="",
            starts_on=date(2026, 10, 1 + n),
            ends_on=date(2026, 10, 1 + n),
            source_document="休市公告",
            by=lead,
        )
        if n == 0:
            before = [queries(client, page) for page in pages]

    assert [queries(client, page) for page in pages] == before


@pytest.mark.clause("五-4a")
def test_what_was_asked_for_stands_on_the_leaders_home_until_it_is_decided(at):
    at("2026-07-02 09:00")
    unit = make_branch()
    planner, leader = make_planner(unit), make_approver(unit)

    def waiting():
        return [(d.title, d.url, d.due) for d in Duty.objects.visible_to(leader).open().filter(rule="UNITRULE")]

    ratio = ask(unit, by=planner)
    assert waiting() == [("批准一般监管对象抽查比例（第 1 版）", ratio.get_absolute_url(), date(2026, 7, 6))]
    assert Message.objects.get(user=leader).duty.url == ratio.get_absolute_url()
    assert not Duty.objects.visible_to(planner).open().filter(rule="UNITRULE").exists()
    choices = local_actions.ask_for_choices(unit=unit, valid_from=clock.today(), by=planner, **CHOICES)
    assert [title for title, *_ in waiting()][1:] == ["批准本单位参数（第 1 版）"]
    local_actions.return_decision(decision=ratio, by=leader, opinion="比例偏低，重新测算")
    local_actions.approve_decision(decision=choices, by=leader)
    assert waiting() == []
    ask(unit, by=planner)
    assert [title for title, *_ in waiting()] == ["批准一般监管对象抽查比例（第 2 版）"]
