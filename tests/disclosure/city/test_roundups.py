"""检查结果汇总公开: the units' reports put together, published, and published again when one comes later (七(六)-b)."""

import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.notices import agenda, duties
from benxi_shuangsuiji.notices.models import Duty
from disclosure import digests
from disclosure.city import result_tables
from disclosure.city import roundups as city_roundups
from disclosure.lists import papers
from disclosure.models import Publication
from tests.browsing import refused, signed_in, text_of
from tests.disclosure.factories import ask_revision
from tests.factories import make_city_team, make_lead_office, make_planner, make_unit
from tests.inspections.reports.factories import Q3, make_finished_quarter, make_received, make_sent

pytestmark = pytest.mark.django_db
PUBLIC = "/results/summary/2026q3/"


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-07-06 10:00")


@pytest.mark.clause("七(六)-b", "五-4j")
def test_the_lead_office_publishes_when_every_report_is_signed_for(at):
    unit, team, lead = make_unit(), make_city_team(), make_lead_office()
    with refused("还没有签收任何单位"):
        city_roundups.publish_result_summary(quarter=Q3, by=lead)
    make_finished_quarter(unit)
    make_received(unit)
    with refused("还没有收齐：市执法队的检查结果报告没有签收"):
        city_roundups.publish_result_summary(quarter=Q3, by=lead)
    with refused("由牵头部门汇总公开"):
        city_roundups.publish_result_summary(quarter=Q3, by=make_planner(unit))

    at("2026-09-26 09:00")
    make_received(team)
    published = city_roundups.publish_result_summary(quarter=Q3, by=lead)
    assert (published.kind, published.no, published.title) == (
        "RESULT_SUM",
        "2026Q3",
        "全市 2026 年第三季度检查结果汇总",
    )
    assert [u["name"] for u in published.snapshot["units"]] == ["市执法队", "明山分局"]
    assert result_tables.totals_of(published.snapshot)["drawn"] == 2
    assert Duty.objects.get(rule="D-7b", period="2026Q3").closed_at == published.published_at
    with refused("没有新的报告"):
        city_roundups.publish_result_summary(quarter=Q3, by=lead)


@pytest.mark.clause("七(六)-b")
def test_of_a_quarter_that_is_over_the_missing_are_named_and_come_in_as_a_new_version(at):
    unit, team, lead = make_unit(), make_city_team(), make_lead_office()
    make_finished_quarter(unit)
    make_received(unit)
    at("2026-10-01 09:00")
    assert city_roundups.standing(Q3).is_due(clock.today())
    first = city_roundups.publish_result_summary(quarter=Q3, by=lead)
    assert first.snapshot["missing"] == ["市执法队"]
    assert "没有报送的单位：" in Client().get(PUBLIC).content.decode()

    make_received(team)
    second = city_roundups.publish_result_summary(quarter=Q3, by=lead)
    assert (second.version, second.snapshot["added"], second.snapshot["missing"]) == (2, ["市执法队"], [])
    page = Client().get(PUBLIC).content.decode()
    assert "补报：市执法队" in page and "没有报送的单位" not in page
    assert digests.digest_of(first.snapshot) == first.digest


@pytest.mark.clause("七(六)-b")
def test_who_held_no_draw_is_not_counted_as_having_drawn_and_is_marked(at, client):
    unit, team, lead = make_unit(), make_city_team(), make_lead_office()
    make_finished_quarter(unit)
    make_received(unit)
    at("2026-09-26 09:00")
    make_received(team)
    published = city_roundups.publish_result_summary(quarter=Q3, by=lead)

    assert result_tables.not_drawn(published.snapshot) == ["市执法队"]
    page = Client().get(PUBLIC).content.decode()
    assert "1 个单位随机抽取 2 家" in page and "发现问题 1 家。市执法队没有抽取。" in page
    assert '市执法队<span class="sub">没有抽取</span>' in page and page.count('class="sub">没有抽取') == 1
    paper = papers.paper_of(published, site="https://example.invalid")
    assert "1 个单位随机抽取 2 家" in paper.blocks[0].text
    assert paper.issuer == paper.signed == published.snapshot["unit_name"] != published.unit_name
    assert [row[0] for row in paper.blocks[2].rows] == ["市执法队（没有抽取）", "明山分局", "合计"]
    client.force_login(lead)
    assert client.get("/desk/city/results/?quarter=2026Q3").content.decode().count('data-l="内容">没有抽取') == 1


@pytest.mark.clause("七(六)-b")
def test_the_public_page_its_papers_and_the_ways_to_it(at):
    unit, lead = make_unit(), make_lead_office()
    checks = make_finished_quarter(unit)
    make_received(unit)
    at("2026-10-01 09:00")
    client = Client()
    assert client.get(PUBLIC).status_code == 404
    published = city_roundups.publish_result_summary(quarter=Q3, by=lead)

    page = client.get(PUBLIC).content.decode()
    counted = "查完 2 家，未能检查 0 家，更换 0 家，没有查完 0 家；公开检查结果 2 家"
    assert f"1 个单位随机抽取 2 家，{counted}，发现问题 1 家。" in page
    assert not any(check.facility.name in page for check in checks)  # counts alone; each result has its own page
    assert f'href="{PUBLIC}"' in client.get("/results/").content.decode()
    assert client.get(f"{PUBLIC}1/snapshot.json").content.decode() == digests.canonical(published.snapshot)
    paper = papers.paper_of(published, site="https://example.invalid")
    assert "现将全市 2026 年第三季度随机抽查的检查结果汇总公开" in paper.blocks[0].text
    assert client.get("/papers/results/2026Q3/1.docx").status_code == 200
    if pdf.available():
        assert client.get("/papers/results/2026Q3/1.pdf").content.startswith(b"%PDF-1.7")


@pytest.mark.clause("七(六)-b")
def test_the_desk_receives_and_publishes_and_counts_what_waits(at, client):
    unit, lead = make_unit(), make_lead_office()
    make_finished_quarter(unit)
    report = make_sent(unit)
    client.force_login(lead)
    page = client.get("/desk/city/results/?quarter=2026Q3").content.decode()
    assert "待签收" in page and "还没有收齐：市执法队、明山分局" in page
    client.post(f"/desk/reports/{report.pk}/receive/", {"form_key": str(uuid.uuid4())})
    at("2026-10-01 09:00")
    assert "点名" in client.get("/desk/city/results/?quarter=2026Q3").content.decode()
    address = "/desk/publish/results/2026Q3/"
    preview = client.get(address).content.decode()
    assert "将要公开的内容" in preview and "合计" in preview
    assert address in client.get("/desk/publish/?quarter=2026Q3").content.decode()
    client.post(address, {"form_key": str(uuid.uuid4())})
    assert Publication.objects.filter(kind="RESULT_SUM").count() == 1
    assert "已经公开" in client.post(address, {"form_key": str(uuid.uuid4())}, follow=True).content.decode()
    client.force_login(make_planner(unit))
    assert client.get(address).status_code == 403


def test_the_public_page_takes_as_many_queries_for_one_unit_as_for_more(at):
    unit, lead = make_unit(), make_lead_office()
    make_finished_quarter(unit)
    make_received(unit)
    at("2026-10-01 09:00")
    city_roundups.publish_result_summary(quarter=Q3, by=lead)
    with CaptureQueriesContext(connection) as one:
        Client().get(PUBLIC)
    make_received(make_city_team())
    city_roundups.publish_result_summary(quarter=Q3, by=lead)
    with CaptureQueriesContext(connection) as two:
        Client().get(PUBLIC)
    assert len(two) == len(one)


@pytest.mark.clause("七(六)-b", "八(二)-c")
def test_the_figures_of_a_summary_add_up_when_they_are_corrected(at):
    """抽取 = 查完 + 未能检查 + 更换 + 没有查完, asked of a correction as everywhere."""
    unit, lead = make_unit(), make_lead_office()
    make_finished_quarter(unit)
    make_received(unit)
    at("2026-10-01 09:00")
    summary = city_roundups.publish_result_summary(quarter=Q3, by=lead)
    n, said = next((n, u) for n, u in enumerate(summary.snapshot["units"]) if u["drawn"])
    wrong = {f"units.{n}.finished": str(said["finished"] + 1)}
    with refused("与抽取的"):
        ask_revision(summary, words=wrong)
    assert ask_revision(summary, words=wrong | {f"units.{n}.drawn": str(said["drawn"] + 1)}).waits


@pytest.mark.clause("七(六)-b", "七(六)-c")
def test_what_is_made_of_all_reports_has_grey_words_for_a_button_until_they_are_there(at):
    """报送数据 and 汇总结果 led to 不能办理。还没有收齐."""
    unit, team, lead = make_unit(), make_city_team(), make_lead_office()
    for rule in ("D-7b", "D-12"):
        duties.ensure(rule, team, str(Q3))
    both = list(Duty.objects.filter(rule__in=("D-7b", "D-12")))

    def shown():
        words = text_of(signed_in(lead).get("/desk/"))
        assert ("汇总结果" in words) is ("报送数据" in words) is (not agenda.waits(both, clock.today()))
        return set(agenda.waits(both, clock.today()).values())

    assert shown() == {"等各单位报告"}
    make_finished_quarter(unit)
    make_received(unit)
    at("2026-09-26 09:00")
    assert shown() == {"等各单位报告"}
    make_received(team)
    assert shown() == set()
    at("2026-10-01 09:00")  # of a quarter that is over with the missing ones named
    make_unit("210503")
    assert shown() == set()
