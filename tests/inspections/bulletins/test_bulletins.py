"""通报, 年度评估, 三年总结评估 and 执法统计: figures locked, words written, signed by another (五-2c, 五-2d, 五-4k, 二-c)."""

import copy
import io

import docx
import openpyxl
import pytest

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.bulletins import actions, content, papers
from inspections.bulletins.content import Subject
from inspections.indicators import figures
from inspections.models import Bulletin, BulletinKind, BulletinState
from plans.draw.actions import release_draw
from tests.browsing import enter, html_of, post, post_and_follow, queries, refused, signed_in, text_of
from tests.factories import make_approver, make_city_team, make_lead_office, make_planner, make_unit
from tests.inspections.factories import make_published
from tests.inspections.reports.factories import make_finished_quarter, make_received, make_sent

pytestmark = pytest.mark.django_db
WORDS = {
    "problems": "台账不按日填写的较多。",
    "practice": "无",
    "next": "逐家复查。",
    "opinion": "总体较好。",
    "comments": "",
}


@pytest.fixture
def quarter(at):
    """A branch that finished its third quarter late; the city team did nothing. The names are public, the 25th is over."""
    unit, team = make_unit(), make_city_team()
    first, *_ = make_finished_quarter(unit)
    make_received(unit)
    at("2026-10-09 09:00")
    release_draw(draw=first.draw)
    return unit, team


def of_quarter() -> Subject:
    return Subject(BulletinKind.QUARTER, Unit.objects.city_team(), 2026, 3)


def signed(subject: Subject) -> Bulletin:
    lead = make_lead_office()
    bulletin = actions.ask(bulletin=actions.make(subject=subject, by=lead), text=WORDS, by=lead)
    return actions.issue(
        bulletin=bulletin, by=make_approver(Unit.objects.city_team()), document_no="本环执通〔2026〕3 号"
    )


@pytest.mark.clause("五-2c")
def test_a_bulletin_ranks_the_units_names_who_was_late_and_is_signed_by_another(quarter, client):
    unit, team = quarter
    lead, leader = make_lead_office(), make_approver(team)
    enter(client, lead)
    page = html_of(client.get("/desk/bulletins/?quarter=2026Q3"))
    assert "2026 年第三季度“双随机、一公开”工作情况通报" in page and "那时这一期的检查和公开已经到期" in page
    asked = {"kind": "QUARTER", "of": team.code, "year": 2026, "number": 3}
    address = post_and_follow(client, "/desk/bulletins/make/", asked).request["PATH_INFO"]
    bulletin = Bulletin.objects.get()
    assert address == bulletin.get_absolute_url()
    assert bulletin.text["problems"] == "明山分局：台账填写不及时的较普遍。"  # what the unit has reported
    ranks = {u["name"]: (u["rank"], u["missed"]) for u in bulletin.figures["units"]}
    assert ranks["明山分局"][0] and "K14" in ranks["明山分局"][1] and "K6" not in ranks["明山分局"][1]  # the year runs
    held = {f["no"]: f["held"] for f in bulletin.figures["city"]}
    nothing = [f["no"] for f in bulletin.figures["city"] if f["goal"] and f["shown"] == "—"]
    assert (
        nothing and not any(held[no] for no in [*nothing, "K6"]) and held["K14"]
    )  # what cannot be counted is not reached
    assert ["市执法队", "检查结果报告没有报送", "没有写明原因"] in bulletin.figures["late"]

    page = html_of(client.get(address))
    assert 'aria-label="达到目标的指标项数：' in page and "名次" in page and "逾期及原因" in page
    assert "写明下一步要求" in html_of(post(client, address, {"act": "ask", **WORDS, "next": ""}))
    first = bulletin.seen
    post(client, address, {"act": "save", "seen": first, **WORDS, "next": ""})
    other = post(client, address, {"act": "ask", "seen": first, **WORDS})  # a window that was opened before
    bulletin.refresh_from_db()
    assert other.status_code == 409 and "另一个人改过文字" in html_of(other) and bulletin.state == BulletinState.DRAFT
    assert bulletin.seen in html_of(other) and WORDS["next"] in html_of(other)  # who has read it may go on
    post(client, address, {"act": "ask", "seen": bulletin.seen, **WORDS})
    bulletin.refresh_from_db()
    assert (bulletin.state, bulletin.asked_by) == (BulletinState.ASKED, lead)
    with refused("已经报签"):
        actions.write(bulletin=bulletin, text=WORDS, by=lead)
    late = post(client, address, {"act": "save", **WORDS})  # from a second window, which still shows the draft
    assert late.status_code == 409 and "已经报签，现在是“待签发”，不能再改" in text_of(late)
    with refused("由市执法队分管负责人签发"):
        actions.issue(bulletin=bulletin, by=make_approver(unit), document_no="本环执通〔2026〕3 号")
    assert enter(client, make_planner(unit)).get(address).status_code == 404  # nobody reads it before
    enter(client, leader)
    page = post_and_follow(client, address, decision="approve", document_no="本环执通〔2026〕3 号")
    assert "已签发，各单位已收到消息" in html_of(page)
    assert Duty.objects.get(rule="BULLETIN").closed_at and Message.objects.filter(title__contains="已签发").exists()

    enter(client, make_planner(unit))
    page = html_of(client.get(address))
    assert "台账不按日填写的较多。" in page and "本环执通〔2026〕3 号" in page
    word = docx.Document(io.BytesIO(client.get(f"{address}docx/").content))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert "K6 重点年度覆盖率（全部，年底到期）" in cells and "检查结果报告没有报送" in cells


@pytest.mark.clause("五-2c")
def test_the_figures_are_those_of_the_day_it_was_made_and_a_return_counts_anew(quarter):
    _, team = quarter
    lead, leader = make_lead_office(), make_approver(team)
    before = actions.make(subject=of_quarter(), by=lead)
    with refused("已有一份，草稿"):
        actions.make(subject=of_quarter(), by=lead)
    make_sent(team)  # the late report comes in
    asked = actions.ask(bulletin=before, text=WORDS, by=lead)
    assert asked.figures == before.figures
    actions.give_back(bulletin=asked, by=leader, opinion="补上市执法队的报告")
    after = actions.make(subject=of_quarter(), by=lead)
    assert after.text == asked.text  # nobody writes it twice
    assert "检查结果报告没有报送" not in str(after.figures["late"]) and "晚 " in str(after.figures["late"])
    assert "检查结果报告没有报送" in str(Bulletin.objects.get(pk=before.pk).figures["late"])


@pytest.mark.clause("五-2c")
def test_no_bulletin_is_made_of_a_quarter_that_runs_or_whose_names_are_sealed(at):
    make_city_team()
    first, *_ = make_finished_quarter(make_unit())
    lead = make_lead_office()
    with refused("9 月 25 日以后编写"):
        actions.make(subject=of_quarter(), by=lead)
    at("2026-09-28 09:00")
    with refused("还有 1 份抽取名单没有公开"):
        actions.make(subject=of_quarter(), by=lead)
    with refused("由市执法队牵头部门编写"):
        actions.make(subject=of_quarter(), by=make_planner(first.unit))


@pytest.mark.clause("五-2d")
def test_each_unit_has_a_yearly_evaluation_with_every_indicator_and_comments_that_it_reads_alone(quarter, at, client):
    unit, _ = quarter
    other = make_unit("210503")
    at("2026-12-28 09:00")
    bulletin = signed(Subject(BulletinKind.YEAR, unit, 2026))
    page = html_of(enter(client, make_planner(unit)).get(bulletin.get_absolute_url()))
    assert "明山分局 2026 年“双随机、一公开”工作评估" in page and "总体较好。" in page
    law = policy.on(clock.today())
    for one in figures.ALL:
        assert f"{one.no} {one.name}" in page and one.said(law) in page
    assert "没有达到目标的：" in page and "K6 重点年度覆盖率" in page
    assert "带 *" not in papers.of_bulletin(bulletin).note  # nothing on this paper wears one
    assert enter(client, make_planner(other)).get(bulletin.get_absolute_url()).status_code == 404


@pytest.mark.clause("二-c")
def test_the_three_years_are_compared_and_closed_with_an_assessment(quarter, at, client):
    enter(client, make_lead_office())
    page = html_of(client.get("/desk/trend/?quarter=2026Q3"))
    assert "2025—2027 年进展" in page and "重点年度覆盖率：2025 年 " in page and "2026 年 50%" in page
    assert not [s for s in content.subjects_of(2026) if s.kind == BulletinKind.CYCLE]
    at("2027-12-28 09:00")
    bulletin = signed(next(s for s in content.subjects_of(2027) if s.kind == BulletinKind.CYCLE))
    assert [year["year"] for year in bulletin.figures["years"]] == [2025, 2026, 2027]
    paper = papers.of_bulletin(bulletin)
    assert paper.title == "2025—2027 年“双随机、一公开”工作总结评估"
    charts = [block for kind, block in paper.parts if kind == "Chart"]
    assert {bar.value.rstrip("*") for chart in charts for bar in chart.bars} >= {"50%", "—"}


@pytest.mark.clause("五-4k", "二-d")
def test_the_statistics_count_public_checks_by_kind_object_and_unit_with_what_followed(client):
    unit = make_unit()
    make_city_team()
    make_published(unit, problem="台账缺页")
    make_published(unit)
    enter(client, make_lead_office())
    page = html_of(client.get("/desk/statistics/?quarter=2026Q3"))
    assert "执法统计" in page and "按单位" in page and "投诉举报" in page
    book = openpyxl.load_workbook(io.BytesIO(client.get("/desk/statistics/export.xlsx?quarter=2026Q3").content))
    rows = {row[0].value: [cell.value for cell in row[1:]] for row in book["按检查类型"].iter_rows()}
    assert rows["投诉举报"] == rows["合计"] == [2, 2, 0, 0, 2, 0, 1, 1, 0, 0, 0]


def test_the_list_costs_the_same_for_thirty(client):
    team, lead = make_city_team(), make_lead_office()
    leader, now = make_approver(team), clock.now()
    period = {"kind": BulletinKind.QUARTER, "office": team, "unit": team, "year": 2026, "number": 2, "figures": {}}
    people = {
        "made_by": lead,
        "made_at": now,
        "asked_by": lead,
        "asked_at": now,
        "decided_by": leader,
        "decided_at": now,
    }
    given_back = Bulletin(**period, **people, state=BulletinState.RETURNED, opinion="补上市执法队的报告")
    enter(client, lead)
    counts = []
    for n in (1, 29):
        Bulletin.objects.bulk_create([copy.copy(given_back) for _ in range(n)])
        counts.append(queries(client, "/desk/bulletins/?quarter=2026Q3"))
    assert counts[0] == counts[1]


def test_a_paper_that_is_asked_for_by_signs_that_are_no_number_is_not_there():
    lead = signed_in(make_lead_office())
    said = {"kind": "QUARTER", "of": make_city_team().code}
    for year, number in (("²⁰²⁶", "1"), ("2026", "²"), ("", ""), ("9" * 30, "1")):
        asked = said | {"year": year, "number": number}
        assert post(lead, "/desk/bulletins/make/", asked).status_code == 404
