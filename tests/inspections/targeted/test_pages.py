"""The pages of targeted checks and of frequency: a check raised, approved and joined by hand (/desk/tasks/targeted/)."""

import html
import io
import re
from datetime import timedelta

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from inspections.frequency import actions as cap_actions
from inspections.frequency.caps import caps_of
from inspections.models import Campaign, Consent, FrequencyCap, Source, TargetedCheck, TargetedKind, TargetedState
from inspections.targeted.rules import ASKED
from registry.models import Category
from tests.browsing import enter, html_of, post_and_follow, queries
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_inspector,
    make_lead_office,
    make_planner,
    make_registrar,
    make_unit,
)
from tests.inspections.targeted.factories import ask, make_approved, make_campaign, make_cap, make_kind
from tests.plans.draw.factories import make_item_list

pytestmark = pytest.mark.django_db
LIST = "/desk/tasks/targeted/?unit=210504&quarter=2026Q3"


@pytest.fixture(autouse=True)
def a_day_in_july(at):
    at("2026-07-06 09:00")


@pytest.mark.clause("三-b", "七(一)3-b")
def test_a_planner_raises_a_complaint_and_the_leader_approves_it(client):
    unit = make_unit()
    place, item = make_facility(unit, name="示例水泥厂"), make_item_list().items.get()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    client.force_login(make_planner(unit))
    found = client.get("/desk/tasks/targeted/new/?object=示例水泥&source=COMPLAINT&unit=210504")
    page = f"/desk/tasks/targeted/new/?unit=210504&object={place.code}&source=COMPLAINT"
    assert "投诉举报编号" in html_of(found) and "投诉举报编号" in html_of(client.get(page))
    given = {
        "reason": "群众反映夜间排放异味",
        "mode": "ONSITE",
        "items": [item.pk],
        "leader": team[0].pk,
        "members": [team[1].pk],
        "finish_by": (clock.today() + timedelta(days=9)).isoformat(),
    }
    empty = html_of(post_and_follow(client, page, **given))
    assert "投诉举报要写明投诉举报编号" in empty and "群众反映夜间排放异味" in empty
    new = {"new_number": "12345-2026-000777", "new_day": "2026-07-05", "new_channel": "12345 热线"}
    assert "登记新的投诉要填写这一项" in html_of(post_and_follow(client, page, **new, **given))

    answer = post_and_follow(client, page, **new, new_matter="夜间排放异味", **given)

    asked = TargetedCheck.objects.get()
    assert answer.redirect_chain[-1][0] == asked.get_absolute_url()
    assert "12345-2026-000777" in html_of(answer)
    assert post_and_follow(client, asked.get_absolute_url(), decision="approve", document_no="x").status_code == 409
    client.force_login(make_approver(unit))
    post_and_follow(client, asked.get_absolute_url(), decision="approve", document_no="本环检批〔2026〕5号")
    asked.refresh_from_db()
    assert asked.state == TargetedState.APPROVED
    assert asked.inspection.no in html_of(client.get(asked.get_absolute_url()))
    assert "投诉举报编号：12345-2026-000777" in html_of(client.get(asked.inspection.get_absolute_url()))


@pytest.mark.parametrize("source", [s for s in Source if s != Source.DRAW])
def test_the_form_asks_for_what_the_source_rests_on(client, source):
    unit = make_unit()
    make_item_list()
    place = make_facility(unit, category=Category.SPECIAL)
    client.force_login(make_planner(unit))

    answer = client.get(f"/desk/tasks/targeted/new/?unit=210504&object={place.code}&source={source}")

    assert answer.status_code == 200
    for label in ASKED[source].values():
        assert label in html_of(answer)


@pytest.mark.clause("一-d")
def test_joining_is_one_button_on_the_page_of_the_check(client):
    unit = make_unit()
    place = make_facility(unit)
    first, second = (make_approved(unit, s, facility=place) for s in (Source.COMPLAINT, Source.MEDIA))
    client.force_login(make_planner(unit))
    page = html_of(client.get(second.get_absolute_url()))
    assert "综合查一次" in page and first.inspection.no in page

    answer = post_and_follow(client, f"{second.get_absolute_url()}join/", into=first.inspection.no)

    second.refresh_from_db()
    assert second.inspection_id == first.inspection_id and "已合并为一次检查" in html_of(answer)


def test_the_list_counts_by_source_and_exports_with_references(client):
    unit = make_unit()
    for source in (Source.COMPLAINT, Source.COMPLAINT, Source.MEDIA):
        make_approved(unit, source)
    ask(make_unit("210503"))
    client.force_login(make_planner(unit))

    page = html_of(client.get(LIST))
    assert "投诉举报 2" in page and "媒体曝光 1" in page and "210503-2026Q3-T001" not in page
    only = client.get(f"{LIST}&source=MEDIA")
    assert only.context["page"].paginator.count == 1
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/desk/tasks/targeted/export.xlsx?unit=210504&quarter=2026Q3").content)
    )
    rows = list(book.active.iter_rows(values_only=True))
    assert len(rows) == 5 and "投诉举报编号：12345-2026-000777" in rows[2] + rows[3] + rows[4]
    assert AuditEntry.objects.filter(verb="inspections.targeted.exported").exists()


def test_lists_ask_no_more_for_many_rows_than_for_one(client):
    unit = make_unit()
    make_cap(unit, most=1)
    planner = make_planner(unit)
    client.force_login(planner)
    addresses = [LIST, "/desk/frequency/?unit=210504&quarter=2026Q3", "/desk/tasks/campaigns/?unit=210504"]
    place = make_facility(unit)
    make_approved(unit, facility=place)
    make_campaign(unit)
    detail = f"/desk/objects/{place.code}/frequency/"
    before = [queries(client, url) for url in [*addresses, detail]]
    for _ in range(3):
        make_approved(unit)
        make_campaign(unit)
        make_approved(make_city_team(), mode="OFFSITE", facility=place)

    assert [queries(client, url) for url in [*addresses, detail]] == before


@pytest.mark.clause("三-j")
def test_a_campaign_is_entered_on_a_page_and_shown_with_its_numbers(client):
    unit = make_unit()
    client.force_login(make_planner(unit))
    given = {
        "title": "汛期尾矿库专项检查",
        "document": "本政办发〔2026〕12号",
        "approving_body": "本溪市人民政府",
        "legal_basis": "《固体废物污染环境防治法》第二十六条",
        "starts_on": "2026-07-06",
        "ends_on": "2026-07-31",
        "scope": "尾矿库汛期防渗和排洪设施",
        "most_checks": "5",
    }

    answer = post_and_follow(client, "/desk/tasks/campaigns/?unit=210504", **given)

    campaign = Campaign.objects.get()
    assert "0 / 5" in html_of(answer) and campaign.no in html_of(answer) and "待批准" in html_of(answer)
    assert "上级部署" not in html_of(answer)  # what came from above is entered by the city team
    wrong = post_and_follow(client, "/desk/tasks/campaigns/?unit=210504", **{**given, "ends_on": "2026-07-01"})
    assert wrong.status_code == 409 and "结束日期早于开始日期" in html_of(wrong)
    again = post_and_follow(client, "/desk/tasks/campaigns/?unit=210504", **given)
    assert again.status_code == 409 and "已经登记过" in html_of(again)
    client.force_login(make_approver(unit))
    assert "进行中" in html_of(
        post_and_follow(client, f"/desk/tasks/campaigns/{campaign.pk}/decide/", decision="approve")
    )


@pytest.mark.clause("三-j")
def test_the_leader_says_no_to_a_campaign_and_it_may_be_entered_anew(client):
    unit = make_unit()
    planner = make_planner(unit)
    campaign = make_campaign(unit, by=planner, title="汛期专项检查", approved=False)
    leader = make_approver(unit)
    client.force_login(leader)
    url = f"/desk/tasks/campaigns/{campaign.pk}/decide/"
    duty = Duty.objects.visible_to(leader).open().get(rule="CAMP")
    assert duty.title == f"审批专项检查 {campaign.no}" and client.get(duty.url).status_code == 200
    assert "意见写得太短" in html_of(post_and_follow(client, url, decision="reject", opinion=" "))
    answer = html_of(post_and_follow(client, url, decision="reject", opinion="家数太多，改为两家"))
    assert "没有同意" in answer and "家数太多，改为两家" in answer and 'name="opinion"' not in answer
    assert "按意见重新登记" in html_of(post_and_follow(client, url, decision="approve"))
    told = Message.objects.get(user=planner)
    assert (told.title, told.body) == (f"专项检查 {campaign.no} 没有同意", "意见：家数太多，改为两家")
    assert not Duty.objects.visible_to(leader).open().filter(rule="CAMP").exists()
    assert make_campaign(unit, by=planner, title="汛期专项检查", most_checks=2)
    assert not Duty.objects.visible_to(leader).open().filter(rule="CAMP").exists()  # approved
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.filter(pk=campaign.pk).update(decided_by=planner)


@pytest.mark.clause("一-e")
def test_the_leader_says_no_to_a_cap_and_another_may_be_proposed(client):
    unit = make_unit()
    planner, leader = make_planner(unit), make_approver(unit)
    given = {"unit": unit, "category": "general", "document": "本环发〔2026〕3号", "by": planner}
    with pytest.raises(Refused, match="只定本年和下一年的上限"):
        cap_actions.propose_cap(year=2028, max_visits=9, **given)
    cap = cap_actions.propose_cap(year=2026, max_visits=9, **given)
    client.force_login(leader)
    url = f"/desk/frequency/caps/{cap.pk}/decide/"
    duty = Duty.objects.visible_to(leader).open().get(rule="CAP")
    assert "不同意</button>" in html_of(client.get(duty.url))
    assert Message.objects.get(user=leader).title == f"{unit}：{duty.title}"
    assert "意见写得太短" in html_of(post_and_follow(client, url, decision="reject"))
    answer = html_of(post_and_follow(client, url, decision="reject", opinion="次数太多，改为两次"))
    assert "没有同意：次数太多，改为两次" in answer and "不同意</button>" not in answer
    assert "由计划员按意见重新提出" in html_of(post_and_follow(client, url, decision="approve"))
    told = Message.objects.get(user=planner)
    assert told.title == "2026 年一般对象的入企检查上限没有同意" and "次数太多" in told.body
    assert caps_of(2026).rows == {}
    assert not Duty.objects.visible_to(leader).open().filter(rule="CAP").exists()
    cap = cap_actions.propose_cap(year=2026, max_visits=2, **given)
    assert Duty.objects.visible_to(leader).open().get(rule="CAP").period == str(cap.pk)
    cap_actions.approve_cap(cap=cap, by=leader)
    assert not Duty.objects.open().filter(rule="CAP").exists()


@pytest.mark.clause("三-m")
def test_kinds_are_kept_by_the_lead_office(client):
    client.force_login(make_lead_office())
    post_and_follow(client, "/desk/tasks/targeted/kinds/", code="T09", label="信访积案核查", basis="示例文件")
    kind = TargetedKind.objects.get()
    post_and_follow(client, "/desk/tasks/targeted/kinds/", retire="T09")
    kind.refresh_from_db()
    assert kind.retired_on == clock.today()
    client.force_login(make_planner(make_unit()))
    assert "登记种类</button>" not in html_of(client.get("/desk/tasks/targeted/kinds/"))
    make_kind()


@pytest.mark.clause("一-e")
def test_a_cap_is_proposed_and_approved_on_the_page_and_the_report_exports(client):
    unit = make_unit()
    client.force_login(make_planner(unit))
    url = "/desk/frequency/?unit=210504&quarter=2026Q3"
    post_and_follow(client, url, year="2026", category="general", max_visits="1", document="本环发〔2026〕3号")
    cap = FrequencyCap.objects.get()
    client.force_login(make_approver(unit))
    post_and_follow(client, f"/desk/frequency/caps/{cap.pk}/decide/", decision="approve")
    cap.refresh_from_db()
    assert cap.state == Consent.APPROVED
    place = make_facility(unit)
    make_approved(unit, facility=place)

    assert place.name in html_of(client.get(url))
    book = openpyxl.load_workbook(
        io.BytesIO(client.get("/desk/frequency/export.xlsx?unit=210504&quarter=2026Q3").content)
    )
    assert [row[0] for row in book.active.iter_rows(min_row=3, values_only=True)] == [place.code]


@pytest.mark.clause("七(一)4-c")
def test_the_page_of_a_facility_shows_its_counter_to_its_own_unit_only(client):
    unit = make_unit()
    place = make_facility(unit)
    make_approved(unit, facility=place)
    client.force_login(make_registrar(unit))
    assert "检查频次" in html_of(client.get(place.get_absolute_url()))
    page = html_of(client.get(f"/desk/objects/{place.code}/frequency/"))
    assert "本年没有已知的抽查" in page and "2026 年 1 次" in page
    client.force_login(make_registrar(make_unit("210503")))
    assert client.get(f"/desk/objects/{place.code}/frequency/").status_code == 404


def test_another_units_check_is_not_found(client):
    asked = make_approved(make_unit())
    client.force_login(make_planner(make_unit("210503")))
    assert client.get(asked.get_absolute_url()).status_code == 404
    assert post_and_follow(client, f"{asked.get_absolute_url()}join/", into="x").status_code == 404


@pytest.mark.clause("四(1)-a")
def test_the_draw_stands_before_the_targeted_checks_in_the_navigation(client):
    client.force_login(make_planner(make_unit()))
    page = html_of(client.get(LIST))
    nav = page[page.index("季度工作") :]
    assert nav.index("随机抽取") < nav.index("针对性检查")


def test_the_door_on_the_page_of_a_facility_opens_its_request_without_an_error(client):
    unit = make_unit()
    facility = make_facility(unit)
    planner = make_planner(unit)
    page = html_of(enter(client, planner).get(facility.get_absolute_url()))
    door = html.unescape(re.search(r'href="([^"]*/targeted/[^"]*)"[^>]*>发起针对性检查', page)[1])
    opened = html_of(client.get(door))
    assert "换对象或来源" in opened and facility.name in opened and 'class="errsum"' not in opened
