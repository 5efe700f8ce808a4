"""上报省生态环境厅: the quarter's data in columns, the record with document number and day, its history (七(六)-c)."""

import io
import uuid
from datetime import date

import openpyxl
import pytest
from django.db import DatabaseError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.notices.models import Duty
from inspections.models import Inspection, ProvincialLayout, ProvincialReport
from inspections.reports import layouts, provincial
from tests.browsing import post, refused
from tests.factories import make_city_team, make_facility, make_lead_office, make_planner, make_supervisor, make_unit
from tests.inspections.reports.factories import Q3, make_finished_quarter, make_received, make_small_draw

pytestmark = pytest.mark.django_db
PAGE = "/desk/city/provincial/?quarter=2026Q3"


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-07-06 10:00")


def mark(by, **fields):
    return provincial.mark_sent(
        **{"quarter": Q3, "document_no": "本环报〔2026〕12号", "sent_on": date(2026, 10, 9), "by": by, **fields}
    )


def sheets_of(content: bytes) -> dict[str, list[tuple]]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.mark.clause("七(六)-c", "五-4j")
def test_the_data_are_exported_in_columns_marked_with_their_number_and_kept_as_sent(at):
    unit, lead = make_unit(), make_lead_office()
    found, clean = make_finished_quarter(unit)
    with refused("还没有收齐：市执法队、明山分局的检查结果报告没有签收"):
        mark(lead, sent_on=date(2026, 7, 8))
    make_received(unit)
    at("2026-10-09 10:00")

    marked = mark(lead)
    assert marked.missing == ["市执法队"]
    assert Duty.objects.get(rule="D-12", period="2026Q3").closed_by == "报省厅 本环报〔2026〕12号"
    assert AuditEntry.objects.get(verb="inspections.province.sent").details["document"] == "本环报〔2026〕12号"
    sheets = sheets_of(files.read(marked.file))
    assert sheets["各单位汇总"][0] == tuple(title for title, _, _ in layouts.UNIT_COLUMNS)
    assert sheets["各单位汇总"][1][:4] == ("明山分局", "JG2026Q3-001", 2, 2)
    assert sheets["各单位汇总"][2][0] == "合计"
    head, *rows = sheets["检查结果"]
    assert head == tuple(title for title, _ in layouts.RESULT_COLUMNS)
    by_name = {row[1]: row for row in rows}
    assert set(by_name) == {found.facility.name, clean.facility.name}
    line = by_name[found.facility.name]
    assert (line[3], line[9], line[10]) == ("明山区", "责令限期改正", "2026-09-18 前改正")
    Inspection.objects.filter(pk=found.pk).update(withdrawn_at=clock.now())
    assert [row[1] for row in provincial.result_rows(Q3)] == [clean.facility.name]  # what was sent stays as it was sent


@pytest.mark.clause("七(六)-c")
def test_a_second_sending_has_its_own_number_and_the_history_stays(at):
    lead, unit = make_lead_office(), make_unit()
    make_finished_quarter(unit)
    make_received(unit)
    at("2026-10-09 10:00")
    first = mark(lead)
    with refused("这个文号已经登记过"):
        mark(lead)
    with refused("报出日期还没有到"):
        mark(lead, document_no="本环报〔2026〕13号", sent_on=date(2026, 10, 10))
    with refused("填写报出的文号"):
        mark(lead, document_no=" ")
    with refused("由市执法队牵头部门上报"):
        mark(make_planner(unit), document_no="本环报〔2026〕13号")
    mark(lead, document_no="本环报〔2026〕13号", note="补报市执法队")
    assert ProvincialReport.objects.count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        ProvincialReport.objects.filter(pk=first.pk).update(document_no="改过的文号")


@pytest.mark.clause("七(六)-c", "七(五)-o")
def test_only_published_results_go_to_the_province(at):
    """A natural person goes under the masked name, and a sealed check not at all."""
    unit = make_unit()
    make_small_draw(unit)
    assert provincial.result_rows(Q3) == []
    person = make_facility(make_unit("210503"), name="示例养殖户", is_natural_person=True)
    assert person.name not in str(provincial.result_rows(Q3))


@pytest.mark.clause("七(六)-c")
def test_the_page_shows_what_would_be_sent_marks_it_and_lists_what_was_sent(client, at):
    unit = make_unit()
    make_finished_quarter(unit)
    make_received(unit)
    make_city_team()
    client.force_login(make_lead_office())
    page = client.get(PAGE).content.decode()
    assert "没有签收的：市执法队。" in page and "不能办理" in page
    assert client.get("/desk/city/provincial/export.xlsx?quarter=2026Q3").status_code == 302

    at("2026-10-09 10:00")
    assert sheets_of(client.get("/desk/city/provincial/export.xlsx?quarter=2026Q3").content)["各单位汇总"][1][2] == 2
    data = {"form_key": str(uuid.uuid4()), "document_no": "本环报〔2026〕12号", "sent_on": "2026-10-09", "note": ""}
    page = client.post(PAGE, data, follow=True).content.decode()
    assert "已登记报省厅：本环报〔2026〕12号。" in page and "没有包括：市执法队" in page
    marked = ProvincialReport.objects.get()
    client.force_login(make_supervisor())
    assert client.get(f"/desk/city/provincial/{marked.pk}/data.xlsx").content == files.read(marked.file)
    assert "登记报出" not in client.get(PAGE).content.decode().partition("已报出的")[2]


@pytest.mark.clause("七(六)-c")
def test_the_provinces_columns_are_a_mapping_that_the_lead_office_keeps(at, client):
    lead, unit = make_lead_office(), make_unit()
    make_finished_quarter(unit)
    make_received(unit)
    at("2026-10-09 10:00")
    before = mark(lead)
    page = "/desk/city/provincial/columns/units/"
    client.force_login(lead)
    assert "单位 = 单位" in client.get(page).content.decode()
    typed = "填报单位 = 单位\n抽查企业数＝抽取（家）\n问题企业数 = 问题\n填表人 ="
    assert "没有“问题”这项数据" in post(client, page, columns=typed, document="辽环办〔2026〕7号").content.decode()
    typed = typed.replace("= 问题", "= 发现问题（家）")
    assert post(client, page, columns=typed, document="辽环办〔2026〕7号").status_code == 302

    marked = mark(lead, document_no="本环报〔2026〕14号")
    head, first, total = sheets_of(files.read(marked.file))["各单位汇总"]
    assert head == ("填报单位", "抽查企业数", "问题企业数", "填表人")
    assert (first[0], first[1], first[2], total[0]) == ("明山分局", 2, 1, "合计")
    assert "填报单位" in client.get(PAGE).content.decode()
    assert sheets_of(files.read(before.file))["各单位汇总"][0][0] == "单位"  # what was sent stays as it was
    client.force_login(make_planner(unit))
    assert client.get(page).status_code == 403
    with refused("由市执法队牵头部门登记"):
        layouts.keep(sheet="UNITS", columns=[["单位", "单位"]], document="辽环办〔2026〕8号", by=make_planner(unit))
    with pytest.raises(DatabaseError), transaction.atomic():
        ProvincialLayout.objects.update(document="改过的文件")
