"""Public papers and the package for the portal (八(二)-a)."""

import io
import json
import zipfile

import pytest
from django.test import Client
from docx import Document

from benxi_shuangsuiji.documents import pdf
from disclosure.lists import papers
from disclosure.models import Publication
from disclosure.publishing import actions
from plans.filings import actions as plans_actions
from plans.models import QuarterlyPlan
from tests.disclosure.factories import make_published_list, make_published_plan
from tests.factories import make_city_team, make_disclosure_officer, make_lead_office, make_unit
from tests.plans.factories import make_branch, make_plan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-07-02 09:00")


def text_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([p.text for p in document.paragraphs] + cells)


@pytest.mark.clause("八(二)-a")
def test_a_public_plan_stands_beside_its_pdf_and_word_for_everybody():
    publication = make_published_plan()
    client = Client()

    page = client.get("/plans/2026q3/210504/").content.decode()

    for form in ("pdf", "docx"):
        assert f"/papers/plan/210504-2026Q3/1.{form}" in page
    word = client.get("/papers/plan/210504-2026Q3/1.docx")
    assert publication.digest in text_of(word.content)
    assert "公示编号 210504-2026Q3（第 1 版）" in text_of(word.content)
    assert client.get("/papers/plan/210504-2026Q3/2.docx").status_code == 404
    assert client.get("/papers/plan/210503-2026Q3/1.docx").status_code == 404
    if pdf.available():
        assert client.get("/papers/plan/210504-2026Q3/1.pdf").content.startswith(b"%PDF")


@pytest.mark.clause("七(六)-a")
def test_the_city_summary_has_its_paper_with_late_reasons():
    lead = make_lead_office()
    make_published_plan(make_branch())
    city = make_plan(make_city_team(), upto="APPROVED")
    QuarterlyPlan.objects.filter(pk=city.pk).update(late_reason="名录移交未完成")
    city.refresh_from_db()
    actions.publish_plan(plan=city, by=make_disclosure_officer(city.unit))
    for plan in QuarterlyPlan.objects.all():
        plans_actions.receive_plan(plan=plan, by=lead)
    actions.publish_plan_summary(quarter=city.quarter, by=lead)

    page = Client().get("/plans/2026q3/").content.decode()
    text = text_of(Client().get("/papers/summary/2026Q3/1.docx").content)

    assert "/papers/summary/2026Q3/1.pdf" in page
    assert "明山分局" in text and "名录移交未完成" in text


@pytest.mark.clause("八(二)-a")
def test_the_portal_package_holds_title_body_attachments_and_number():
    publication = make_published_list()
    officer = Client()
    officer.force_login(make_disclosure_officer(make_city_team()))

    answer = officer.get(f"/desk/publish/list/{publication.no}/portal.zip")

    packed = zipfile.ZipFile(io.BytesIO(answer.content))
    about = json.loads(packed.read("公示信息.json"))
    assert (about["标题"], about["公示编号"]) == (publication.title, "210500-2026（第 1 版）")
    assert about["公示地址"].endswith("/items/2026/")
    assert set(packed.namelist()) == {"公示信息.json", *about["正文"], *about["附件"]}
    body = packed.read("正文.html").decode()
    assert publication.snapshot["items"][0]["name"] in body and "style=" not in body
    json_name = next(name for name in about["附件"] if name.endswith(".json"))
    assert json.loads(packed.read(json_name)) == publication.snapshot
    other = Client()
    other.force_login(make_disclosure_officer(make_unit("210503")))
    assert other.get(f"/desk/publish/list/{publication.no}/portal.zip").status_code == 404


def test_an_older_snapshot_without_later_facts_still_becomes_a_paper():
    publication = make_published_plan()
    publication = Publication.objects.get(pk=publication.pk)
    publication.snapshot.pop("fallback_text")

    assert papers.paper_of(publication, site="https://example.org").title == publication.title
