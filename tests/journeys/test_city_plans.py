"""All drawing units of a city: every plan arrives, one late, one returned, and the city's summary says so (七(六)-a)."""

import io
import json

import pytest
from docx import Document

from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.notices.models import Duty
from disclosure.models import Publication
from plans.models import Filing, FilingState, QuarterlyPlan
from tests.documents.reading import text_of
from tests.factories import make_user
from tests.journeys.people import OverHttp
from tests.plans.factories import make_branch, make_list

pytestmark = pytest.mark.django_db
LATE, RETURNED, MENDED = "210522", "210505", "210504"
REASON = "名录移交还没有核对完"
CITY = "/desk/city/plans/?quarter=2026Q3"


def person(role, unit):
    return OverHttp(make_user((role, unit)))


def address(unit):
    return f"/desk/plans/{unit.code}/2026q3/"


@pytest.fixture
def units(at):
    """The eight of Benxi, each with a small registry; the year's list is public."""
    at("2026-07-02 09:00")
    made = benxi.establish()
    for code in benxi.DRAWING:
        make_branch(code=code, key=4, general=6, special=0, inspectors=2)
    make_list()
    return {code: made[code] for code in benxi.DRAWING}


def prepare(unit, **typed):
    """The planner prepares, the leader approves, the unit's officer publishes."""
    person(Role.PLANNER, unit).open(address(unit)).press("编制计划").press("提交审核", **typed).sees("计划已提交审核")
    approve_and_publish(unit)


def approve_and_publish(unit):
    person(Role.APPROVER, unit).open(address(unit)).follow("审核计划").press("批准计划", opinion="同意").sees(
        "计划已批准"
    )
    person(Role.DISCLOSURE_OFFICER, unit).open(f"/desk/publish/plan/{unit.code}-2026Q3/").press("公开").sees("已公开：")


def sent_back_by_its_leader(unit):
    """The leader returns it, the planner mends it, then it goes the same way."""
    planner, leader = person(Role.PLANNER, unit), person(Role.APPROVER, unit)
    planner.open(address(unit)).press("编制计划").press("提交审核")
    leader.open(address(unit)).follow("审核计划").press("退回修改", opinion="一般对象再多抽两家")
    planner.open(address(unit)).sees("一般对象再多抽两家").follow("继续编制")
    planner.press("提交审核", planned_general="3").sees("计划已提交审核")
    approve_and_publish(unit)


def receive(lead, unit):
    filing = Filing.objects.get(unit=unit, state=FilingState.SENT)
    lead.post(f"/desk/city/filings/{filing.pk}/receive/").sees("已签收，回执编号 JH2026Q3-")


def words_of(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


@pytest.mark.slow("walks")
@pytest.mark.clause("七(四)-2", "七(四)-3", "七(六)-a", "八(二)-a", "五-2b")
def test_eight_plans_become_one_summary_that_names_them_all_and_the_late_ones_reason(at, units):
    for code, unit in units.items():
        if code not in (LATE, MENDED):
            prepare(unit)
    sent_back_by_its_leader(units[MENDED])
    lead, planner = person(Role.LEAD_OFFICE, units["210500"]), person(Role.PLANNER, units[RETURNED])

    # One is incomplete: given back, mended with a note, sent again, signed for.
    lead.open(CITY).sees("还没有收齐：")
    first = Filing.objects.get(unit=units[RETURNED])
    lead.open(f"/desk/city/filings/{first.pk}/return/").press("退回", opinion="没有写清检查人员怎样调配")
    lead.open("/desk/coordination/?quarter=2026Q3").sees("补正并重新报送季度计划", "没有写清检查人员怎样调配")
    planner.open(address(units[RETURNED])).follow("重新报送").sees("没有写清检查人员怎样调配")
    planner.press("重新报送", note="两个小组，组长和专业已经补充").sees("已重新报送")
    for code, unit in units.items():
        if code != LATE:
            receive(lead, unit)
    lead.open(CITY).sees("还没有收齐：桓仁县分局", "两个小组，组长和专业已经补充")
    assert not Duty.objects.filter(rule="D-3b").exists()

    # One comes on the 7th and must say why.
    at("2026-07-07 09:00")
    late = person(Role.PLANNER, units[LATE])
    late.open(address(units[LATE])).press("编制计划").press("提交审核").does_not_see("计划已提交审核")
    late.press("提交审核", late_reason=REASON).sees("计划已提交审核")
    approve_and_publish(units[LATE])
    receive(lead, units[LATE])
    lead.open(CITY).sees("已经收齐，可以公开", f"桓仁县分局 计划晚 2 天报送 原因：{REASON}")
    assert Duty.objects.open().filter(rule="D-3b").count() == 1
    lead.open("/desk/publish/summary/2026Q3/").press("公开").sees("已公开：")
    assert not Duty.objects.open().filter(rule__in=["D-2", "D-3", "D-3b"], period="2026Q3").exists()

    bulletin = json.loads(lead.open("/desk/city/plans/bulletin.json?quarter=2026Q3").answer.content)
    assert bulletin["late_plans"] == [{"code": LATE, "unit": "桓仁县分局", "days": 2, "reason": REASON, "sent": True}]
    the_public_reads_it(units)


def the_public_reads_it(units):
    names = [unit.short_name for unit in units.values()]
    plans = {p.unit_code: p for p in Publication.objects.filter(kind="PLAN")}
    summary = Publication.objects.get(kind="SUMMARY")
    data = OverHttp().open("/plans/2026q3/summary/1/snapshot.json").answer.json()
    assert [u["name"] for u in data["units"]] == names
    for unit in data["units"]:
        shown = plans[unit["code"]].snapshot
        assert (unit["draw_text"], unit["window_text"], unit["total"]) == (
            shown["draw_text"],
            shown["window_text"],
            shown["total"],
        )
    assert {u["code"]: u["late_reason"] for u in data["units"]} == {c: REASON if c == LATE else "" for c in units}

    page = OverHttp().open("/plans/2026q3/").sees(*names, f"逾期：{REASON}", "全市汇总")
    for unit in data["units"]:
        page.sees(unit["draw_text"])
    papers = [words_of(page.download("Word"))]
    if pdf.available():
        papers.append(text_of(page.download("PDF")))
    wanted = [*names, REASON, *{u["draw_text"] for u in data["units"]}]
    for paper in papers:
        said = "".join(paper.split())
        assert [word for word in wanted if "".join(word.split()) not in said] == []
    for unit in units.values():
        of_unit = OverHttp().open(f"/plans/2026q3/{unit.code}/").sees("2026 年第三季度抽查工作计划")
        assert of_unit.page.link_with("PDF")
    assert QuarterlyPlan.objects.filter(status="PUBLISHED", received_at__isnull=False).count() == len(names)
    assert summary.published_by.has_role(Role.LEAD_OFFICE)
