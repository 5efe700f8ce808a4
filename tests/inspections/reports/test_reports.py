"""工作报告: the quarter's results to the lead office, the year's work to the bureau (七(六)-b, 八(一)-c, 五-4j, 五-4l)."""

import io
from datetime import date

import docx
import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.notices import agenda, duties
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.workdays.days import full_date
from inspections.coverage import actions as gap_actions
from inspections.coverage.gaps import DrawnList
from inspections.models import ReportState, WorkReport
from inspections.oversight import progress
from inspections.reports import actions as report_actions
from inspections.reports import duties as reports_duties
from inspections.reports.periods import Period, due_again, parse
from plans.draw import actions as draw_actions
from plans.models import Draw
from tests.browsing import enter, html_of, post_and_follow, queries, refused, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_planner,
    make_supervisor,
    make_unit,
)
from tests.inspections.factories import make_published
from tests.inspections.reports.factories import (
    PERIOD,
    Q3,
    TEXT,
    YEAR,
    YEAR_TEXT,
    carry_out,
    make_bureau,
    make_finished_quarter,
    make_public,
    make_received,
    make_sent,
    make_small_draw,
)
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db
PAGE, YEAR_PAGE = "/desk/reports/210504-2026Q3/", "/desk/reports/210504-2026/"


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-07-06 10:00")


def duty(rule, period="2026Q3", unit="210504") -> Duty:
    return Duty.objects.get(rule=rule, period=period, unit__code=unit)


def release(unit) -> None:
    draw_actions.release_draw(draw=Draw.objects.get(unit=unit))


# --- the quarter ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(六)-b", "五-4j", "五-4l", "七(四)-8")
def test_a_quarter_is_reported_with_the_systems_figures_and_signed_for(at):
    unit = make_unit()
    first, second = make_finished_quarter(unit)
    make_published(unit, problem="夜间异味", no="210504-2026Q3-T001")  # a complaint: targeted, and never a random one
    lead = make_lead_office()

    report = make_sent(unit)
    f = report.figures
    assert (f["drawn"], f["finished"], f["unfinished"], f["public"], f["in_time"]) == (2, 2, 0, 2, 2)
    assert (f["problems"], f["rectify"], f["case"], f["onsite"], f["offsite"]) == (1, 1, 0, 2, 0)
    assert f["outcomes"] == [["NO_ISSUE", "未发现问题", 1], ["RECTIFY_ORDERED", "责令限期改正", 1]]
    assert (f["targeted"], f["targeted_problems"], f["targeted_sources"]) == (1, 1, [["COMPLAINT", "投诉举报", 1]])
    assert [(s["category"], s["drawn"], s["public"]) for s in f["strata"]] == [
        ("key", 1, 1),
        ("general", 1, 1),
        ("special", 0, 0),
    ]
    assert first.facility.name not in str(f) and second.facility.name not in str(f)
    assert duty("D-7").closed_by == "检查结果报告报出 210504-2026Q3"
    assert Message.objects.filter(user=lead, title="明山分局：签收 2026 年第三季度检查结果报告").count() == 1

    received = report_actions.receive_report(report=report, by=lead)
    assert received.receipt_no == "JG2026Q3-001"
    verbs = (
        AuditEntry.objects.filter(verb__startswith="inspections.report").order_by("pk").values_list("verb", flat=True)
    )
    assert list(verbs) == [
        "inspections.report.sent",
        "inspections.report.received",
    ]


@pytest.mark.clause("七(六)-b", "七(五)-o")
def test_a_report_waits_until_nothing_of_the_quarter_is_sealed(at):
    """The lead office is outside the circle: a report may not tell how far the sealed checks are (decisions.md 3)."""
    unit = make_unit()
    first, second = make_small_draw(unit)
    make_public(first)
    before = report_actions.figures_of(unit, PERIOD)
    with refused("还有 1 家的检查结果没有公开，名单也没有公开"):
        make_sent(unit)

    carry_out(second)  # known to the circle alone
    assert report_actions.figures_of(unit, PERIOD) | {"responsible": []} == before | {"responsible": []}
    with refused("还有 1 家的检查结果没有公开"):
        make_sent(unit)


@pytest.mark.clause("七(六)-b", "六(一)2-g")
def test_once_the_list_is_public_a_report_names_who_is_not_checked_and_why(at):
    unit, planner = make_unit(), make_planner(make_unit())
    first, second = make_small_draw(unit)
    make_public(first)
    gap_actions.explain(listing=DrawnList(unit, Q3), keys=[second.pick_id], words="企业七月起停产", by=planner)
    at("2026-09-25 18:00")
    release(unit)

    report = make_sent(unit)
    assert (report.figures["finished"], report.figures["unfinished"]) == (1, 1)
    assert report.figures["reasons"] == [
        {
            "code": second.facility.code,
            "name": second.facility.name,
            "standing": "没有查完",
            "words": "企业七月起停产",
            "approved": False,
        }
    ]


@pytest.mark.clause("七(六)-b")
def test_a_unit_that_did_not_draw_reports_only_after_the_quarter_is_due(at):
    unit = make_unit()
    with refused("本季度还没有抽取"):
        make_sent(unit)
    at("2026-09-26 09:00")
    assert make_sent(unit).figures["drawn"] == 0


@pytest.mark.clause("七(六)-b")
def test_a_report_that_was_sent_in_time_and_given_back_has_days_of_its_own(at, client):
    unit, lead, planner = make_unit(), make_lead_office(), make_planner(make_unit())
    make_finished_quarter(unit)
    at("2026-09-24 09:00")
    report = make_sent(unit)
    at("2026-09-28 09:00")
    assert not agenda.mine(planner).filter(rule__startswith="D-7", period__contains="2026Q3").exists()
    report_actions.return_report(report=report, by=lead, opinion="写明台账问题的家数")

    due = agenda.mine(planner).get(rule="D-7r").due
    assert due == due_again(date(2026, 9, 28), workdays.calendar()).date > date(2026, 9, 30)
    assert duty("D-7").closed_at == report.asked_at
    rows = progress.city(lead, Q3, date(2026, 9, 28), workdays.calendar())
    row = next(row for row in rows if row.unit == unit)
    assert (row.cells[7].state, row.cells[7].text) == ("run", "已退回")
    client.force_login(planner)
    report_actions.save_report(unit=unit, period=PERIOD, text=TEXT, by=planner)
    assert f"应于 {full_date(due)}前报市执法队牵头部门" in client.get(PAGE).content.decode()
    assert f"{full_date(due)}前" in client.get("/desk/reports/?unit=210504&quarter=2026Q3").content.decode()


@pytest.mark.clause("七(六)-b", "五-4l")
def test_a_returned_report_goes_back_to_the_planner_and_is_sent_once_more():
    unit, lead, planner = make_unit(), make_lead_office(), make_planner(make_unit())
    make_finished_quarter(unit)
    first = make_sent(unit)
    with refused("已经报送，等待签收"):
        make_sent(unit)
    with refused("至少 4 个字"):
        report_actions.return_report(report=first, by=lead, opinion="缺")

    report_actions.return_report(report=first, by=lead, opinion="写明台账问题的家数")
    again = Duty.objects.get(rule="D-7r")
    assert (again.title, again.consequence) == (
        "补正并重新报送 2026 年第三季度检查结果报告",
        "牵头部门退回：写明台账问题的家数",
    )
    assert Message.objects.filter(user=planner, body="牵头部门退回：写明台账问题的家数").count() == 1

    second = make_sent(unit, text={**TEXT, "problems": "台账问题 1 家。"})
    assert Duty.objects.get(rule="D-7r").closed_at == duty("D-7").closed_at == second.asked_at
    report_actions.receive_report(report=second, by=lead)
    assert list(WorkReport.objects.order_by("pk").values_list("state", flat=True)) == ["RETURNED", "APPROVED"]
    with refused("已经签收，回执编号 JG2026Q3-001"):
        make_sent(unit)


@pytest.mark.clause("七(六)-b")
def test_who_may_write_and_who_may_receive():
    unit = make_unit()
    make_finished_quarter(unit)
    for stranger in (make_planner(make_unit("210503")), make_disclosure_officer(unit), make_lead_office()):
        with refused("由明山分局的计划员编写和报送"):
            make_sent(unit, by=stranger)
    report = make_sent(unit)
    for stranger in (make_planner(unit), make_bureau(), make_approver(unit)):
        with refused("只有市执法队牵头部门"):
            report_actions.receive_report(report=report, by=stranger)


@pytest.mark.clause("七(六)-b", "五-4l")
def test_the_page_saves_a_draft_sends_it_and_keeps_what_was_sent(client):
    unit = make_unit()
    make_finished_quarter(unit)
    enter(client, make_planner(unit))
    post_and_follow(client, PAGE, act="save", practice="检查前发放自查表。")
    assert WorkReport.objects.get().state == ReportState.DRAFT

    lacking = post_and_follow(client, PAGE, act="send", problems="", practice="检查前发放自查表。")
    assert "写明存在的问题，没有的写“无”" in html_of(lacking) and "检查前发放自查表。" in html_of(lacking)

    sent = html_of(post_and_follow(client, PAGE, act="send", **TEXT))
    assert "已报送，数字一并固定" in sent and "随机抽取检查对象 2 家，更换 0 家，应查 2 家，查完 2 家（100%）" in sent
    make_published(unit, problem="夜间异味", no="210504-2026Q3-T001")
    assert "针对性检查已公开结果" not in html_of(client.get(PAGE))  # frozen when it was sent
    assert "已经报送，等待签收" in html_of(post_and_follow(client, PAGE, act="send", **TEXT))

    enter(client, make_lead_office())
    page = html_of(client.get(PAGE))
    assert "台账填写不及时的较普遍。" in page and "签收" in page
    assert "已签收，回执编号 JG2026Q3-001" in html_of(
        post_and_follow(client, f"/desk/reports/{WorkReport.objects.get().pk}/receive/")
    )


@pytest.mark.clause("四(2)-a")
def test_a_draft_is_read_by_its_writers_alone_and_another_units_report_by_nobody(client):
    unit = make_unit()
    report_actions.save_report(unit=unit, period=PERIOD, text={"problems": "还在核对的情况"}, by=make_planner(unit))
    for reader in (make_lead_office(), make_approver(unit)):
        assert "还在核对的情况" not in html_of(enter(client, reader).get(PAGE))
        assert client.get(f"{PAGE}report.docx").status_code == 404
    enter(client, make_planner(make_unit("210503")))
    assert [client.get(url).status_code for url in (PAGE, YEAR_PAGE, f"{PAGE}report.pdf")] == [404, 404, 404]
    assert html_of(client.get("/desk/reports/?unit=210504")).count("还在核对") == 0


@pytest.mark.clause("七(六)-b", "五-4l")
def test_the_report_is_also_word_and_pdf(client):
    unit = make_unit()
    make_finished_quarter(unit)
    make_received(unit)
    enter(client, make_planner(unit))
    word = docx.Document(io.BytesIO(client.get(f"{PAGE}report.docx").content))
    text = "\n".join(p.text for p in word.paragraphs)
    assert "明山分局 2026 年第三季度检查结果报告" in text and "JG2026Q3-001" in text
    assert "台账填写不及时的较普遍。" in text and "发现问题 1 家。责令限期改正 1 家" in text
    assert [cell.text for cell in word.tables[0].rows[1].cells] == ["重点", "1", "1", "0", "0", "0", "1"]
    if pdf.available():
        assert client.get(f"{PAGE}report.pdf").content.startswith(b"%PDF-1.7")


def test_the_pages_of_reports_take_as_many_queries_for_one_as_for_many(client):
    lead = make_lead_office()
    make_finished_quarter(make_unit())
    make_sent(make_unit())
    enter(client, lead)
    pages = ("/desk/city/results/", "/desk/city/provincial/", "/desk/city/years/?quarter=2026Q3")
    before = {url: queries(client, url) for url in pages}
    make_finished_quarter(make_unit("210503"))
    make_received(make_unit("210503"))
    assert {url: queries(client, url) for url in pages} == before


def test_the_database_keeps_a_report_whole():
    unit = make_unit()
    make_finished_quarter(unit)
    report = make_sent(unit)
    for change in ({"figures": None}, {"state": "APPROVED"}, {"state": "RETURNED"}, {"receipt_no": "JG1"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            WorkReport.objects.filter(pk=report.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkReport.objects.create(unit=unit, year=2026, number=3, written_by=make_planner(unit), written_at=clock.now())


def test_a_report_is_named_by_unit_and_period():
    assert parse("210504-2026Q3") == ("210504", PERIOD)
    assert parse("2105GX-2026") == ("2105GX", YEAR)
    assert [parse(text) for text in ("210504-2026Q5", "210504-2024", "210504", "x" * 17 + "-2026")] == [None] * 4
    assert [reports_duties.sending(p).id for p in (PERIOD, YEAR)] == ["D-7", "D-11"]


def test_the_steps_and_the_citys_table_show_the_receipt(client):
    unit, planner, supervisor = make_unit(), make_planner(make_unit()), make_supervisor()
    make_finished_quarter(unit)
    make_received(unit)
    day = clock.today()
    assert f"{day.month} 月 {day.day} 日签收" in text_of(enter(client, planner).get("/desk/?quarter=2026Q3"))
    rows = enter(client, supervisor).get("/desk/city/?quarter=2026Q3").context["rows"]
    assert {row.unit.code: row.cells[7].text for row in rows} == {
        "210500": "9/25 前",
        "210504": f"{day.month}/{day.day}",
    }


# --- the year ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("八(一)-c")
def test_a_year_is_reported_from_december_and_ends_its_deadline(at):
    unit, bureau = make_unit(), make_bureau()
    make_finished_quarter(unit)
    with refused("从 2026 年 12 月 1 日起报送"):
        make_sent(unit, YEAR)

    at("2026-12-08 09:00")
    duties.open_due(clock.today(), workdays.calendar())
    assert (duty("D-11", "2026").due, duty("D-11", "2026").closed_at) == (date(2026, 12, 31), None)
    assert not Duty.objects.filter(rule="D-11", period="2027").exists()
    with refused("写明下一步"):
        make_sent(unit, YEAR, text={"problems": "无"})
    report = make_sent(unit, YEAR)
    assert duty("D-11", "2026").closed_by == "年度报告报出 210504-2026"

    f = report.figures
    assert [(q["planned"] >= 0, q["drawn"], q["public"]) for q in f["quarters"]][2] == (True, 2, 2)
    assert (f["books"]["items"], f["books"]["objects_total"], f["books"]["certified"]) == (1, 3, 4)
    assert (f["coverage"]["key"], f["coverage"]["key_reached"]) == (2, 1)
    assert (f["coverage"]["general"], f["coverage"]["general_reached"]) == (1, 1)
    assert f["frequency"] == {"cap": 2, "most": 1, "over": 0}
    assert f["units"] == []
    assert report_actions.receive_report(report=report, by=bureau).receipt_no == "ND2026-001"


@pytest.mark.clause("八(一)-c")
def test_the_city_teams_report_holds_a_line_for_each_unit(at):
    unit, team = make_unit(), make_city_team()
    make_finished_quarter(unit)
    at("2026-12-08 09:00")
    report = make_sent(team, YEAR)
    assert report.figures["drawn"] == 0
    lines = {line["code"]: (line["drawn"], line["public"], line["problems"]) for line in report.figures["units"]}
    assert lines == {"210500": (0, 0, 0), "210504": (2, 2, 1)}


@pytest.mark.clause("八(一)-c")
def test_a_year_given_back_opens_a_step_that_the_second_sending_closes(at):
    unit, bureau, planner = make_unit(), make_bureau(), make_planner(make_unit())
    at("2026-12-08 09:00")
    first = make_sent(unit, YEAR)
    with refused("只有市生态环境局"):
        report_actions.receive_report(report=first, by=make_lead_office())
    waiting = Duty.objects.visible_to(bureau).open().filter(rule="YEAR")
    assert [d.url for d in waiting] == [first.get_absolute_url()]
    (group,) = agenda.grouped(waiting, clock.today(), workdays.calendar())
    assert group["items"][0]["title"] == f"{unit}：签收 {YEAR.name}"
    report_actions.return_report(report=first, by=bureau, opinion="补充整改完成情况")
    assert not waiting.all().exists()
    again = Duty.objects.get(rule="D-11r")
    assert (again.role, again.due, again.closed_at) == (Role.PLANNER, date(2026, 12, 11), None)
    assert duty("D-11", "2026").closed_at is not None
    assert Message.objects.filter(user=planner, body="市局退回：补充整改完成情况").count() == 1

    second = make_sent(unit, YEAR, text={**YEAR_TEXT, "handling": "整改全部完成。"})
    assert waiting.all().count() == 1
    report_actions.receive_report(report=second, by=bureau)
    assert not waiting.all().exists()
    assert Duty.objects.get(rule="D-11r").closed_at is not None


@pytest.mark.clause("八(一)-c", "七(四)-8")
def test_the_years_page_and_papers_have_the_ten_chapters_and_the_text(client, at):
    unit = make_unit()
    make_finished_quarter(unit)
    at("2026-12-08 09:00")
    enter(client, make_planner(unit))
    page = html_of(post_and_follow(client, YEAR_PAGE, act="send", **YEAR_TEXT))
    chapters = [f"{n}、{c.title}" for n, c in zip("一二三四五六七八九十", Period(2026).chapters, strict=True)]
    assert [c for c in chapters if c not in page] == []
    assert "成立工作专班。" in page and "覆盖 50%" in page
    word = docx.Document(io.BytesIO(client.get(f"{YEAR_PAGE}report.docx").content))
    assert [c for c in chapters if c not in [p.text for p in word.paragraphs]] == []

    enter(client, make_bureau())
    assert "明山分局" in html_of(client.get("/desk/city/years/?quarter=2026Q4"))
    assert "签收" in html_of(client.get(YEAR_PAGE))
    back = post_and_follow(client, f"/desk/reports/{WorkReport.objects.get().pk}/return/", opinion="补充整改完成情况")
    assert "补充整改完成情况" in html_of(back)


@pytest.mark.clause("八(一)-c")
def test_in_december_the_report_of_the_year_is_on_the_planners_list_with_its_way(client, at):
    unit = make_unit()
    at("2026-12-01 09:00")
    duties.open_due(clock.today(), workdays.calendar())
    assert duty("D-11", "2026").url == "/desk/reports/?unit=210504"
    page = html_of(enter(client, make_planner(unit)).get("/desk/todo/"))
    assert "2026 年“双随机、一公开”工作报告" in page and "编写报告" in page
    assert client.get("/desk/reports/?unit=210504").status_code == 200


@pytest.mark.clause("八(一)-c")
def test_of_a_year_before_the_first_plan_nothing_is_late_and_no_list_is_numbered(at, client):
    at("2026-10-08 09:00")
    unit = make_unit()
    make_held_draw(unit)
    client.force_login(make_planner(unit))
    early = client.get("/desk/reports/210504-2025/").content.decode()
    assert "没有随机抽查事项清单" in early and "第 0 版" not in early and "逾期" not in early
    page = client.get("/desk/reports/210504-2026/").content.decode()
    assert "家还没有公开结果" in page and "家，没有查完" not in page and "due" in page
