"""Plans and draws sent to the lead office, receipts and returns; the mark of the justice bureau (七(六)-a, 七(二)-j)."""

import io
from datetime import date

import openpyxl
import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from plans.filings import actions as filing_actions
from plans.filings import actions as filings_actions
from plans.lists import basis_changes as basis_actions
from plans.local import actions as local_actions
from plans.models import Filing, FilingKind, FilingState, LegalBasis, QuarterlyPlan
from plans.quarterly import actions as quarterly_actions
from plans.quarterly import papers
from plans.quarterly.late import late_plans
from tests.browsing import enter, post, queries, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_planner,
    make_supervisor,
)
from tests.plans.draw.factories import make_held_draw
from tests.plans.factories import Q3, make_branch, make_list, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-07-02 09:00")


@pytest.mark.clause("七(六)-a")
def test_a_published_plan_is_sent_and_gets_a_receipt_with_number_and_time():
    make_city_team()
    lead = make_lead_office()
    plan = make_plan(upto="PUBLISHED")
    filing = Filing.objects.get()
    assert (filing.kind, filing.state, filing.revision) == (FilingKind.PLAN, FilingState.SENT, 1)
    assert Message.objects.filter(user=lead, title__contains="签收").count() == 1
    assert Duty.objects.get(rule="D-3", unit=plan.unit).closed_by == "plans.plan.published"
    waiting = Duty.objects.open().get(rule="D-3s", unit=plan.unit)
    assert (waiting.role, waiting.due) == ("LEAD_OFFICE", date(2026, 7, 7))  # the third working day after the 2nd
    with pytest.raises(Refused, match="只有市执法队牵头部门"):
        filing_actions.receive_filing(filing=filing, by=make_planner(plan.unit))

    received = filing_actions.receive_filing(filing=filing, by=lead)

    plan.refresh_from_db()
    assert (received.receipt_no, received.state) == ("JH2026Q3-001", FilingState.RECEIVED)
    assert plan.received_at == received.decided_at
    waiting.refresh_from_db()
    assert waiting.closed_by == "回执 JH2026Q3-001"
    with pytest.raises(Refused, match="回执编号 JH2026Q3-001"):
        filing_actions.receive_filing(filing=filing, by=lead)
    other = make_plan(make_branch(code="210503"), upto="PUBLISHED")
    filings_actions.receive_plan(plan=other, by=make_lead_office())
    assert filing_actions.filing_of_plan(other).receipt_no == "JH2026Q3-002"


@pytest.mark.clause("七(六)-a", "五-2b")
def test_an_incomplete_plan_is_given_back_with_its_reason_and_sent_again():
    make_city_team()
    lead, plan = make_lead_office(), make_plan(upto="PUBLISHED")
    planner = make_planner(plan.unit)
    with pytest.raises(Refused, match="没有被退回"):
        filing_actions.send_plan_again(plan=plan, by=planner, note="补充附件")
    with pytest.raises(Refused, match="写明缺什么"):
        filing_actions.return_filing(filing=Filing.objects.get(), by=lead, opinion=" ")

    filing_actions.return_filing(filing=Filing.objects.get(), by=lead, opinion="缺检查单位的联系人")

    duty = Duty.objects.get(rule="D-3m", unit=plan.unit)
    assert (duty.role, duty.closed_at, duty.title[:2], duty.due) == ("PLANNER", None, "补正", date(2026, 7, 7))
    assert Duty.objects.get(rule="D-3", unit=plan.unit).closed_at  # kept all the same
    assert Message.objects.filter(user=planner, body__contains="缺检查单位的联系人").exists()
    again = filing_actions.send_plan_again(plan=plan, by=planner, note="已补充联系人")
    assert [f.state for f in Filing.objects.order_by("pk")] == [FilingState.RETURNED, FilingState.SENT]
    assert filing_actions.receive_filing(filing=again, by=lead).receipt_no == "JH2026Q3-001"
    duty.refresh_from_db()
    assert duty.closed_at


def test_a_returned_plan_that_is_changed_closes_its_first_duty_with_the_next_version():
    make_city_team()
    lead, plan = make_lead_office(), make_plan(upto="PUBLISHED")
    filing_actions.return_filing(filing=Filing.objects.get(), by=lead, opinion="检查期间写错了")
    by = make_planner(plan.unit)
    plan = quarterly_actions.revise_plan(plan=plan, by=by, reason="更正检查期间，补正后重新报送")
    plan = quarterly_actions.submit_plan(plan=plan, by=by)
    plan = quarterly_actions.approve_plan(plan=plan, by=make_approver(plan.unit))
    officer = make_disclosure_officer(plan.unit)
    plan = quarterly_actions.mark_plan_published(plan=plan, by=officer, at=plan.approved_at)
    filing_actions.send_plan(plan=plan, by=officer, at=plan.approved_at)

    filings_actions.receive_plan(plan=plan, by=lead)

    assert not Duty.objects.open().filter(rule__startswith="D-3", unit=plan.unit).exists()
    assert filing_actions.filing_of_plan(plan).revision == 2


@pytest.mark.clause("七(二)-j", "七(二)-a")
def test_a_draw_is_filed_with_counts_digests_and_the_signed_record_and_never_a_name(client):
    make_city_team()
    draw = make_held_draw()
    lead, planner = make_lead_office(), make_planner(draw.unit)
    assert Duty.objects.get(rule="D-4", unit=draw.unit).closed_at == draw.drawn_at
    duty = Duty.objects.get(rule="D-4b", unit=draw.unit)
    calendar = workdays.calendar()
    assert duty.due == calendar.add_workdays(Quarter(draw.year, draw.number).draw_due(calendar).date, 3)
    with pytest.raises(Refused, match="只收 PDF"):
        filing_actions.file_draw(draw=draw, record=("记录.exe", b"MZ"), by=planner)

    filing = filing_actions.file_draw(draw=draw, record=("记录.pdf", b"%PDF-1.7 signed"), by=planner)

    said = " ".join(f"{label} {text}" for label, text in filing.summary)
    drawn = [pick.facility for pick in draw.picks.select_related("facility")]
    assert not [f for f in drawn if f.name in said or f.code in said]
    assert draw.documents.get(kind="RESULT").digest in said
    assert "抽中 1 家" in said
    with pytest.raises(Refused, match="等市执法队牵头部门签收"):
        filing_actions.file_draw(draw=draw, by=planner)
    duty.refresh_from_db()
    assert duty.closed_at == filing.asked_at
    received = filing_actions.receive_filing(filing=filing, by=lead)
    assert received.receipt_no == f"CQ{Quarter(draw.year, draw.number)}-001"
    assert Duty.objects.get(rule="D-4s", unit=draw.unit).closed_at == received.decided_at
    enter(client, lead)
    page = text_of(client.get(f"/desk/city/draws/?quarter={Quarter(draw.year, draw.number)}"))
    assert received.receipt_no in page
    assert not [f for f in drawn if f.name in page or f.code in page]
    assert "查看名单" not in page
    assert client.get(f"/desk/filings/{filing.pk}/record/").content == b"%PDF-1.7 signed"


@pytest.mark.clause("七(二)-j")
def test_only_the_supervisor_opens_the_names_and_each_look_is_kept(client):
    make_city_team()
    draw = make_held_draw()
    filing_actions.file_draw(draw=draw, by=make_planner(draw.unit))
    enter(client, make_supervisor())

    page = client.get(f"/desk/city/draws/?quarter={Quarter(draw.year, draw.number)}").content.decode()

    assert f"{draw.get_absolute_url()}#names" in page
    client.get(draw.get_absolute_url(), {"names": "1"})
    assert AuditEntry.objects.filter(verb="plans.sealed.viewed", about_key=draw.draw_id).count() == 1


def test_a_returned_draw_filing_is_sent_again():
    make_city_team()
    draw = make_held_draw()
    planner, lead = make_planner(draw.unit), make_lead_office()
    filing = filing_actions.file_draw(draw=draw, by=planner)

    filing_actions.return_filing(filing=filing, by=lead, opinion="没有附签字的抽取记录")

    assert Duty.objects.open().get(rule__startswith="D-4", unit=draw.unit).rule == "D-4m"
    again = filing_actions.file_draw(draw=draw, record=("记录.pdf", b"%PDF-1.7"), by=planner)
    assert (again.state, Filing.objects.filter(draw=draw).count()) == (FilingState.SENT, 2)
    assert Duty.objects.open().get(rule__startswith="D-4", unit=draw.unit).rule == "D-4s"


@pytest.mark.clause("六(一)2-b")
def test_a_late_plan_carries_its_reason_into_the_bulletin(at, client):
    make_city_team()
    calendar = workdays.calendar()
    in_time = make_plan(make_branch(code="210503"), upto="PUBLISHED")
    assert late_plans(Q3, date(2026, 7, 5), calendar) == []
    at("2026-07-07 09:00")
    late = make_plan(upto="PUBLISHED", late_reason="名录核对未完成")

    found = {plan.code: plan for plan in late_plans(Q3, date(2026, 7, 7), calendar)}

    assert in_time.unit.code not in found
    assert (found[late.unit.code].days, found[late.unit.code].reason) == (2, "名录核对未完成")
    assert (found["210500"].days, found["210500"].sent) == (2, False)
    enter(client, make_lead_office())
    data = client.get("/desk/city/plans/bulletin.json?quarter=2026Q3").json()
    assert data["late_plans"][1] == found[late.unit.code].as_data()
    assert "明山分局 计划晚 2 天报送 原因：名录核对未完成" in text_of(client.get("/desk/city/plans/?quarter=2026Q3"))


@pytest.mark.clause("七(二)-a")
def test_a_draw_set_after_the_tenth_stands_with_its_reason_where_the_late_plans_do(client):
    make_city_team()
    plan = make_plan(upto="PUBLISHED")
    at_half_past_nine = plan.draw_at.replace(day=14)
    QuarterlyPlan.objects.filter(pk=plan.pk).update(draw_at=at_half_past_nine, late_reason="名录核对未完成")
    assert plan.unit.code not in {late.code for late in late_plans(Q3, date(2026, 7, 5), workdays.calendar())}

    enter(client, make_lead_office())
    data = client.get("/desk/city/plans/bulletin.json?quarter=2026Q3").json()

    assert data["late_draws"] == [
        {
            "code": "210504",
            "unit": "明山分局",
            "draw_on": "2026-07-14",
            "days": 4,
            "how": "planned",
            "reason": "名录核对未完成",
        }
    ]
    page = text_of(client.get("/desk/city/plans/?quarter=2026Q3"))
    assert "明山分局 抽取定在期限以后 4 天 原因：名录核对未完成" in page


def test_the_lead_office_receives_and_returns_on_its_page(client):
    make_city_team()
    plan = make_plan(upto="PUBLISHED")
    lead, filing = make_lead_office(), Filing.objects.get()
    enter(client, lead)
    assert "待签收" in text_of(client.get("/desk/city/plans/?quarter=2026Q3"))

    wrong = post(client, f"/desk/city/filings/{filing.pk}/return/", {"opinion": "缺"})
    assert "至少 4 个字" in text_of(wrong)
    post(client, f"/desk/city/filings/{filing.pk}/return/", {"opinion": "缺联系人"})
    assert "缺联系人" in text_of(client.get("/desk/city/plans/?quarter=2026Q3"))
    planner = make_planner(plan.unit)
    enter(client, planner)
    assert "牵头部门退回了报送的计划： 缺联系人" in text_of(client.get(plan.get_absolute_url()))
    post(client, f"{plan.get_absolute_url()}send/", {"note": "已补联系人"})
    enter(client, lead)
    again = filing_actions.filing_of_plan(plan)
    post(client, f"/desk/city/filings/{again.pk}/receive/")

    assert "JH2026Q3-001" in text_of(client.get("/desk/city/plans/?quarter=2026Q3"))
    assert QuarterlyPlan.objects.get().received_at


def test_the_city_pages_ask_the_same_however_many_units_there_are(client):
    make_city_team()
    enter(client, make_lead_office())
    make_plan(upto="PUBLISHED")

    pages = ["/desk/city/plans/?quarter=2026Q3", "/desk/city/draws/?quarter=2026Q3"]
    before = [queries(client, page) for page in pages]
    make_plan(make_branch(code="210503"), upto="PUBLISHED")
    make_plan(make_branch(code="210502"), upto="PUBLISHED")

    assert [queries(client, page) for page in pages] == before


# --- 报司法局备案 (D-24) ----------------------------------------------------------------------------------------------


def test_the_six_columns_say_each_quarter_with_its_number_of_objects(client, at):
    at("2026-01-04 09:00")
    make_list()
    unit = make_branch(key=42, general=120)
    local_actions.approve_decision(
        decision=local_actions.ask_for_ratio(
            unit=unit,
            year=2026,
            valid_from=date(2026, 1, 4),
            basis_points=1000,
            air_quality="优良天数比例 88%",
            pollution_sources=164,
            inspectors=4,
            area_km2=411,
            coverage_target="2027 年底查完",
            by=make_planner(unit),
        ),
        by=make_approver(unit),
    )
    make_plan(unit, quarter=Quarter(2026, 1), upto="APPROVED")
    enter(client, make_planner(unit))

    content = client.get(f"/desk/justice/{unit.code}/2026/plan.xlsx").content

    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet["A1"].value == f"2026 年度随机抽查计划　{unit.name}　{full_date(clock.today())}"
    assert [cell.value for cell in sheet[2]] == [
        "行政执法机关",
        "检查对象",
        "检查内容",
        "检查依据",
        "检查时间",
        "检查方式",
    ]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert [row[1] for row in rows] == [
        "重点监管对象（随机抽取）",
        "一般监管对象（随机抽取）",
        "特殊监管对象（随机抽取）",
    ]
    assert rows[0][4] == "第一季度检查 11 家；第二季度检查 11 家；第三季度检查 11 家；第四季度检查 11 家"
    assert rows[1][4].split("；")[1] == "第二季度检查 12 家"
    assert rows[0][0] == unit.name
    assert "《" in rows[0][3]


def test_the_six_columns_cite_each_law_once_and_only_what_each_category_is_planned_for(at):
    at("2026-07-02 09:00")
    unit = make_branch()
    plan = make_plan(unit)
    before = papers.justice_rows(unit, 2026, date(2026, 7, 2))
    assert "碳排放情况" in before[2].content
    assert before[0].basis.count("《中华人民共和国环境保护法》") == 1
    carbon = LegalBasis.objects.get(title="碳排放权交易管理暂行条例")
    basis_actions.record_change(
        basis=carbon,
        by=make_lead_office(),
        kind="REPEALED",
        effective_on=date(2026, 7, 1),
        document="某令（示例）",
        summary="废止（示例）",
    )
    chosen = {
        "A01": {"key": True, "general": True, "special": True},
        "B01": {"key": True, "general": False, "special": False},
    }
    plan = quarterly_actions.save_plan(plan=plan, by=make_planner(unit), data={"items": chosen})
    plan = quarterly_actions.submit_plan(plan=plan, by=make_planner(unit))
    quarterly_actions.approve_plan(plan=plan, by=make_approver(unit))

    key, general, special = papers.justice_rows(unit, 2026, date(2026, 7, 2))

    names = dict(plan.item_list.items.values_list("code", "name"))
    assert key.content == f"{names['A01']}；{names['B01']}"
    assert general.content == special.content == names["A01"]
    assert not any("碳排放" in row.content + row.basis for row in (key, general, special))


def test_the_mark_of_the_filing_ends_the_duty_of_10_january(at):
    at("2026-01-08 09:00")
    unit = make_branch()
    planner = make_planner(unit)
    with pytest.raises(Refused, match="各分局"):
        filing_actions.mark_justice_filing(
            unit=make_city_team(),
            year=2026,
            recipient="明山区司法局",
            document_no="收文 12 号",
            sent_on=date(2026, 1, 8),
            by=planner,
        )
    with pytest.raises(Refused, match="还没有到"):
        filing_actions.mark_justice_filing(
            unit=unit,
            year=2026,
            recipient="明山区司法局",
            document_no="收文 12 号",
            sent_on=date(2026, 1, 9),
            by=planner,
        )
    make_list()
    duty = Duty.objects.get(rule="D-24", unit=unit)
    assert (duty.due, duty.role, duty.closed_at) == (date(2026, 1, 10), "PLANNER", None)

    filing_actions.mark_justice_filing(
        unit=unit,
        year=2026,
        recipient="明山区司法局",
        document_no="收文 12 号",
        sent_on=date(2026, 1, 8),
        by=planner,
    )

    assert Duty.objects.get(rule="D-24", unit=unit).closed_by == "plans.justice.filed"
