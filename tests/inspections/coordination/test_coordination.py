"""督办、指导、协调: told, answered, given back, closed; one log with the returned filings (五-1a, 五-2b, 八(一)-a)."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.coordination import actions
from inspections.coordination import log as coordination
from inspections.models import Instruction, InstructionAnswer, InstructionKind, InstructionState
from plans.draw.actions import release_draw
from plans.filings import actions as filing_actions
from plans.models import Filing
from plans.quarterly.duties import PLAN
from tests.browsing import enter, html_of, post_and_follow, queries, refused
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_lead_office,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_dispatched
from tests.inspections.reports.factories import carry_out
from tests.plans.draw.factories import make_held_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("begin")]
Q3 = Quarter(2026, 3)
LOG = "/desk/coordination/?quarter=2026Q3"
NEW = "/desk/coordination/new/?quarter=2026Q3"


@pytest.fixture
def begin(at):
    at("2026-07-06 09:00")


def make_bureau_reader():
    bureau = make_unit("2105SJ", kind=UnitKind.CITY_BUREAU, name="市生态环境局")
    return make_user((Role.BUREAU_READER, bureau))


def make_instruction(unit=None, *, by=None, **fields) -> Instruction:
    unit = unit or make_unit()
    if not unit.grants.filter(role=Role.PLANNER).exists():
        make_planner(unit)
    given = {
        "quarter": Q3,
        "kind": InstructionKind.REMIND,
        "to_role": Role.PLANNER,
        "title": "抽取还没有完成",
        "text": "10 日前完成抽取，报市执法队备案。",
        "due": date(2026, 7, 10),
    } | fields
    (sent,) = actions.send_instructions(units=[unit], by=by or make_lead_office(), **given)
    return sent


def log_of(user, **wanted) -> list[coordination.Entry]:
    found = coordination.lines(user, quarter=wanted.pop("quarter", Q3), **wanted)
    return coordination.entries(user, list(found), clock.today())


# --- from hand to hand ------------------------------------------------------------------------------------------------


@pytest.mark.clause("五-2b", "八(一)-a")
def test_an_instruction_is_answered_given_back_answered_again_and_closed(at):
    unit, lead = make_unit(), make_lead_office()
    planner, leader = make_planner(unit), make_approver(unit)

    one = make_instruction(unit, by=lead)

    duty = Duty.objects.visible_to(planner).get(rule="COORD")
    assert (duty.period, duty.due, duty.title, duty.url) == (
        "210504-2026Q3-Z001",
        date(2026, 7, 10),
        "督办：抽取还没有完成",
        "/desk/coordination/210504-2026Q3-Z001/",
    )
    assert {m.user for m in Message.objects.filter(title__contains="督办：抽取还没有完成")} == {planner, leader}

    at("2026-07-07 09:00")
    actions.answer_instruction(instruction=one, words="名录还有两处要核对，9 日抽取。", by=planner)
    duty.refresh_from_db()
    assert duty.closed_at == clock.now()
    assert Message.objects.filter(user=lead, title__contains="审定回复").count() == 1
    mine = Duty.objects.visible_to(lead).open().filter(rule="COORDA")
    assert [(d.title, d.url) for d in mine] == [("审定回复，督办：抽取还没有完成", duty.url)]
    assert not Duty.objects.visible_to(planner).filter(rule="COORDA").exists()
    with refused("已经回复，等审定"):
        actions.answer_instruction(instruction=one, words="再写一遍", by=leader)

    actions.return_answer(instruction=one, opinion="写明是哪一部分名录没有核对", by=lead)
    one.refresh_from_db()
    duty.refresh_from_db()
    assert (one.state, duty.title, duty.closed_at) == (
        InstructionState.RETURNED,
        "重新回复，督办：抽取还没有完成",
        None,
    )
    assert one.due == duty.due == date(2026, 7, 14)
    assert Message.objects.filter(user=planner, body__contains="写明是哪一部分名录没有核对").count() == 1

    assert not mine.all().exists()
    actions.answer_instruction(instruction=one, words="检查人员名录，9 日抽取。", by=leader)
    assert mine.all().count() == 1
    answered_at = clock.now()
    at("2026-07-08 09:00")
    actions.accept_answer(instruction=one, opinion="同意", by=lead)
    one.refresh_from_db()
    duty.refresh_from_db()
    assert not mine.all().exists()
    assert (one.state, duty.closed_at) == (InstructionState.ACCEPTED, answered_at)
    assert list(one.answers.values_list("accepted", "opinion")) == [
        (False, "写明是哪一部分名录没有核对"),
        (True, "同意"),
    ]
    with refused("已经办结"):
        actions.answer_instruction(instruction=one, words="再写一遍", by=planner)
    assert list(
        AuditEntry.objects.filter(verb__startswith="inspections.instruction")
        .order_by("pk")
        .values_list("verb", flat=True)
    ) == [f"inspections.instruction.{verb}" for verb in ("sent", "answered", "returned", "answered", "accepted")]


@pytest.mark.clause("五-2b", "八(一)-a")
def test_a_unit_that_answered_in_time_is_not_late_by_the_days_the_office_took(at):
    unit, lead = make_unit(), make_lead_office()
    planner = make_planner(unit)
    one = make_instruction(unit, by=lead)
    actions.answer_instruction(instruction=one, words="已抽取。", by=planner)

    at("2026-08-20 09:00")
    assert not agenda.mine(planner).filter(rule="COORD").exists()
    actions.return_answer(instruction=one, opinion="附抽取记录", by=lead)
    duty = agenda.mine(planner).get(rule="COORD")
    assert duty.due == date(2026, 8, 27)
    (line,) = log_of(lead)
    assert (line.due, line.late) == (date(2026, 8, 27), "")
    at("2026-08-28 09:00")
    (line,) = log_of(lead)
    assert line.late == "逾期 1 天，应于 2026 年 8 月 27 日前回复"


@pytest.mark.clause("五-2b", "八(一)-a")
def test_one_press_tells_all_units_and_each_gets_its_own_number_and_to_do(client):
    units = [make_city_team(), make_unit("210503"), make_unit("210504")]
    for unit in units:
        make_planner(unit)

    given = {
        "kind": "COORDINATE",
        "to_role": "PLANNER",
        "title": "跨区检查",
        "text": "按附件分工。",
        "due": "2026-07-20",
    }
    page = html_of(post_and_follow(enter(client, make_supervisor()), NEW, units="all", **given))

    assert "已发出 3 件" in page
    assert set(Instruction.objects.values_list("no", "kind")) == {
        (f"{u.code}-2026Q3-Z001", InstructionKind.COORDINATE) for u in units
    }
    assert {d.unit for d in Duty.objects.filter(rule="COORD", due=date(2026, 7, 20))} == set(units)


@pytest.mark.clause("五-1a")
def test_the_bureau_tells_a_unit_and_closes_its_own_while_the_city_team_closes_its_own():
    unit = make_unit()
    planner, bureau, lead, supervisor = make_planner(unit), make_bureau_reader(), make_lead_office(), make_supervisor()
    of_bureau = make_instruction(unit, by=bureau, kind=InstructionKind.GUIDE, title="公示页面的说明")
    of_team = make_instruction(unit, by=lead)
    for one in (of_bureau, of_team):
        actions.answer_instruction(instruction=one, words="已办", by=planner)

    assert of_bureau.get_office_display() == "市局"
    with refused("由市局审定回复"):
        actions.accept_answer(instruction=of_bureau, opinion="同意", by=lead)
    with refused("由市执法队牵头部门或者监督员审定回复"):
        actions.accept_answer(instruction=of_team, opinion="同意", by=bureau)
    actions.accept_answer(instruction=of_bureau, opinion="同意", by=bureau)
    actions.accept_answer(instruction=of_team, opinion="同意", by=supervisor)
    assert not Instruction.objects.open().exists()


@pytest.mark.clause("五-1a", "五-2b")
def test_who_may_not_tell_answer_or_close(at):
    unit, other = make_unit(), make_unit("210503")
    planner = make_planner(unit)
    for by in (planner, make_approver(unit), make_observer(), make_registrar(unit)):
        with refused("由市局、市执法队牵头部门或者监督员"):
            make_instruction(unit, by=by)
    one = make_instruction(unit)
    for by in (make_planner(other), make_registrar(unit), make_disclosure_officer(unit), make_lead_office()):
        with refused("由明山分局的计划员或者分管负责人回复"):
            actions.answer_instruction(instruction=one, words="已办", by=by)
    with refused("单位还没有回复"):
        actions.accept_answer(instruction=one, opinion="同意", by=make_lead_office())
    both = make_user((Role.PLANNER, unit), (Role.LEAD_OFFICE, make_city_team()))
    actions.answer_instruction(instruction=one, words="已办", by=both)
    with refused("回复的人不能自己审定"):
        actions.accept_answer(instruction=one, opinion="同意", by=both)
    with refused("至少 2 个字"):
        actions.return_answer(instruction=one, opinion="", by=make_lead_office())


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"due": date(2026, 7, 5)}, "办理期限已经过去"),
        ({"due": date(9999, 12, 31)}, "办理期限最长一年，写 2027 年 7 月 7 日或者以前的日期"),
        ({"to_role": Role.APPROVER}, "明山分局现在没有分管负责人"),
        ({"text": " ", "title": " "}, "写明内容"),
    ],
)
def test_what_cannot_be_sent(fields, match):
    with refused(match):
        make_instruction(**fields)
    with refused("至少选一个单位"):
        actions.send_instructions(
            units=[],
            quarter=Q3,
            kind="GUIDE",
            to_role=Role.PLANNER,
            title="t",
            text="t",
            due=date(2026, 7, 10),
            by=make_lead_office(),
        )


@pytest.mark.clause("八(一)-a")
def test_the_same_text_is_not_sent_twice_while_the_first_waits_for_an_answer(client):
    """The button of a page gone back to, with a fresh key."""
    unit, other, lead = make_unit(), make_unit("210503"), make_lead_office()
    planner = make_planner(unit)
    make_planner(other)
    one = make_instruction(unit, by=lead)
    given = {"kind": "REMIND", "to_role": "PLANNER", "title": one.title, "text": f"{one.text} ", "due": "2026-07-10"}

    page = html_of(post_and_follow(enter(client, lead), NEW, units=[unit.code, other.code], **given))
    assert f"同样的内容已经发出，还没有回复：{one.no}。" in page
    assert Instruction.objects.count() == 1
    make_instruction(unit, by=lead, text="另一件")
    make_instruction(unit, by=lead, quarter=Quarter(2026, 2))
    actions.answer_instruction(instruction=one, words="已办", by=planner)
    make_instruction(unit, by=lead)


def test_the_database_keeps_one_open_answer_and_an_opinion_of_another():
    one, planner = make_instruction(), make_user()
    answer = {"words": "w", "answered_by": planner, "answered_at": clock.now()}
    one.answers.create(**answer)
    for wrong in (
        answer,
        {**answer, "accepted": True, "decided_by": planner, "decided_at": clock.now(), "opinion": "同意"},
        {**answer, "accepted": False, "decided_by": make_user(), "decided_at": clock.now()},
        {
            **answer,
            "words": "",
            "accepted": False,
            "decided_by": make_user(),
            "decided_at": clock.now(),
            "opinion": "o",
        },
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            one.answers.create(**wrong)
    assert InstructionAnswer.objects.count() == 1


# --- secrecy ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(五)-o")
def test_no_text_of_the_log_names_a_facility_drawn_or_not():
    unit = make_unit()
    planner, lead = make_planner(unit), make_lead_office()
    place = make_facility(unit, name="示例化工厂", code="BX-09001")
    one = make_instruction(unit, by=lead)

    for text in (f"先查{place.name}", f"先查 {place.code}"):
        with refused("内容里写着“示例化工厂”"):
            make_instruction(unit, by=lead, text=text)
        with refused("不写企业的名称和编号"):
            actions.answer_instruction(instruction=one, words=text, by=planner)
    actions.answer_instruction(instruction=one, words="已查 3 家", by=planner)
    with refused("示例化工厂"):
        actions.return_answer(instruction=one, opinion="示例化工厂还没有查", by=lead)


# --- the log ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("五-2b")
def test_the_log_holds_returned_filings_and_follows_what_becomes_of_them(at):
    unit, lead = make_unit(), make_lead_office()
    draw = make_held_draw(unit)
    planner = make_planner(unit)
    sent = filing_actions.file_draw(draw=draw, by=planner)
    assert log_of(lead) == []

    at("2026-07-13 09:00")
    filing_actions.return_filing(filing=sent, by=lead, opinion="没有附签字的抽取记录")
    (line,) = log_of(lead)
    assert (line.kind_label, line.text, line.state_label, line.by) == (
        "退回补正",
        "没有附签字的抽取记录",
        "待回复",
        lead.full_name,
    )
    assert (line.title, line.url) == ("补正并重新报送抽查结果", draw.get_absolute_url())  # opens for the unit too

    at("2026-07-14 09:00")
    again = filing_actions.file_draw(draw=draw, by=planner)
    assert [e.state_label for e in log_of(lead)] == ["待审定"]
    filing_actions.receive_filing(filing=again, by=lead)
    assert [e.state_label for e in log_of(lead)] == ["已办结"]
    assert [e.state_label for e in log_of(planner, kind="RETURN", state="ACCEPTED")] == ["已办结"]
    assert log_of(lead, kind="REMIND") == [] and log_of(lead, state="SENT") == []
    assert Filing.objects.count() == 2


@pytest.mark.clause("五-2b", "八(一)-a")
def test_the_log_is_filtered_by_unit_quarter_kind_and_state_and_says_what_is_late(at):
    unit, other, lead = make_unit(), make_unit("210503"), make_lead_office()
    remind = make_instruction(unit, by=lead)
    guide = make_instruction(other, by=lead, kind=InstructionKind.GUIDE)
    earlier = make_instruction(unit, by=lead, quarter=Quarter(2026, 2))
    actions.answer_instruction(instruction=guide, words="已办", by=make_planner(other))
    at("2026-07-14 09:00")

    assert [e.no for e in log_of(lead)] == [guide.no, remind.no]
    assert [e.no for e in log_of(lead, whole_year=True)] == [earlier.no, guide.no, remind.no]
    assert [e.no for e in log_of(lead, unit=unit.pk)] == [remind.no]
    assert [e.no for e in log_of(lead, kind="GUIDE")] == [guide.no]
    assert [e.no for e in log_of(lead, state="ANSWERED")] == [guide.no]
    assert [e.no for e in log_of(make_planner(unit))] == [remind.no]  # a unit reads its own
    assert {e.no: e.late for e in log_of(lead)} == {
        guide.no: "",  # answered in time
        remind.no: "逾期 4 天，应于 2026 年 7 月 10 日前回复",
    }


@pytest.mark.clause("八(一)-a")
def test_the_log_is_read_and_exported_by_who_may_and_nobody_else(client):
    unit = make_unit()
    one = make_instruction(unit)
    page = html_of(enter(client, make_observer()).get(LOG))
    assert one.no in page and "督办、指导或协调</a>" not in page  # an observer reads, and tells nobody anything
    assert client.get(NEW).status_code == 403
    book = openpyxl.load_workbook(io.BytesIO(client.get(LOG.replace("?", "export.xlsx?")).content))
    (row,) = list(book.active.iter_rows(min_row=3, values_only=True))
    assert row[:6] == (one.no, "督办", "明山分局", "2026 年第三季度", one.title, one.text)

    enter(client, make_planner(make_unit("210503")))
    assert one.no not in html_of(client.get(LOG))
    assert client.get(one.get_absolute_url()).status_code == 404
    assert client.get("/desk/coordination/210504-2026Q3-Z099/").status_code == 404
    assert enter(client, make_user((Role.ARCHIVIST, unit))).get(LOG).status_code == 403


def test_the_pages_of_one_instruction_from_the_reminder_to_its_end(client):
    unit, lead, planner = make_unit(), make_lead_office(), make_planner(make_unit())
    page = html_of(enter(client, lead).get(f"{NEW}&of={unit.code}"))
    assert "清单逾期" in page  # what is late in 全市进度 is already written
    given = {"kind": "REMIND", "to_role": "PLANNER", "title": "抽取逾期", "text": "尽快办理。", "due": "2026-07-10"}
    page = html_of(post_and_follow(client, NEW, units=[unit.code], **{**given, "text": ""}))
    assert "填写内容" in page and "抽取逾期" in page
    assert "已发出 1 件" in html_of(post_and_follow(client, NEW, units=[unit.code], **given))
    one = Instruction.objects.get()

    page = html_of(post_and_follow(enter(client, planner), one.get_absolute_url(), words="9 日抽取。"))
    assert "已回复，等牵头部门审定" in page and "9 日抽取。" in page
    assert "由市执法队" not in html_of(client.get(one.get_absolute_url()))
    enter(client, lead)
    nav = client.get(LOG).context["desk"].nav
    assert next(x.count for g in nav for x in g.links if x.label == "统筹指导") == 1
    page = html_of(post_and_follow(client, one.get_absolute_url(), opinion="写明几点", decision="return"))
    assert "已退回明山分局重新回复" in page
    post_and_follow(enter(client, planner), one.get_absolute_url(), words="9 日 9 时 30 分。")
    assert "已办结。" in html_of(
        post_and_follow(enter(client, lead), one.get_absolute_url(), opinion="同意", decision="accept")
    )
    assert "已经办结，不用再回复" in html_of(
        post_and_follow(enter(client, planner), one.get_absolute_url(), words="再写")
    )


@pytest.mark.clause("七(五)-o", "五-2b")
def test_what_is_filled_in_for_others_to_read_tells_nothing_of_what_is_not_public(at, client):
    """The supervisor knows how the checks advance; what he sends is read by whoever follows the unit's progress."""
    unit = make_unit()
    check = make_dispatched(unit, key=1, general=1, special=0)[0]
    carry_out(check)
    at(clock.now() + timedelta(days=45))
    enter(client, make_supervisor())
    for matter in ("", "&matter=results", "&matter=step-4", "&matter=step-5"):
        filled = client.get(f"{NEW}&of={unit.code}{matter}").context["form"].initial
        assert filled["units"] == [unit.code]
        words = f"{filled.get('title', '')}{filled.get('text', '')}"
        assert "公示" not in words and "结果" not in words and "检查" not in words, (matter, words)
    at("2026-09-26 09:00")
    release_draw(draw=check.draw)
    filled = client.get(f"{NEW}&of={unit.code}&matter=results").context["form"].initial
    assert "1 家结果超过" in filled["title"] and "企业名称" not in filled["text"]


@pytest.mark.clause("五-1a", "八(一)-a")
def test_an_alert_is_urged_with_the_words_and_days_of_the_home(at, client):
    """全市进度 filled 督办 in with less than the home: no day on which it was due, no days late (issue 16)."""
    unit = make_unit()
    PLAN.ensure(unit, "2026Q3")
    at("2026-07-14 09:00")
    browser = enter(client, make_lead_office())
    (row,) = (r for r in browser.get("/desk/").context["page"].found if r.matter.first.rule == PLAN.id)
    home = browser.get(row.urge.partition("#")[0]).context["form"].initial
    city = browser.get(f"{NEW}&of={unit.code}&matter=step-1").context["form"].initial
    assert {name: city[name] for name in home} == home
    assert f"到 7 月 14 日逾期 {row.matter.days} 天" in city["text"] and city["title"].startswith(row.title)
    assert city["to_role"] == Role.PLANNER and city["units"] == [unit.code]


@pytest.mark.clause("五-1a", "八(一)-a")
def test_the_city_page_shows_filings_reminders_and_the_button_to_those_who_may(client, at):
    unit, lead = make_unit(), make_lead_office()
    make_instruction(unit, by=lead)
    at("2026-07-14 09:00")
    url = "/desk/city/?quarter=2026Q3"

    page = html_of(enter(client, lead).get(url))
    assert "逾期 9 天" in page and "1 件未办结" in page and "1 件逾期没有回复" in page
    assert f"/desk/coordination/new/?of={unit.code}&amp;quarter=2026Q3" in page
    page = html_of(enter(client, make_observer()).get(url))
    assert "1 件未办结" in page and "/desk/coordination/new/" not in page


@pytest.mark.parametrize("url", [LOG, "/desk/city/?quarter=2026Q3"])
def test_the_log_and_the_city_page_cost_the_same_for_one_line_and_for_many(client, url):
    lead = make_lead_office()
    unit, planner = make_unit(), make_planner(make_unit())
    draw = make_held_draw(unit)
    filing_actions.return_filing(filing=filing_actions.file_draw(draw=draw, by=planner), by=lead, opinion="没有附记录")
    one = make_instruction(unit, by=lead)
    actions.answer_instruction(instruction=one, words="已办", by=planner)
    enter(client, lead)
    few = queries(client, url)
    for n in range(4):
        more = make_instruction(unit, by=lead, title=f"第 {n} 件")
        actions.answer_instruction(instruction=more, words="已办", by=planner)
        filing_actions.return_filing(
            filing=filing_actions.file_draw(draw=draw, by=planner), by=lead, opinion="没有附记录"
        )

    assert queries(client, url) == few
