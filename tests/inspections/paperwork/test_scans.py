"""A paper that was printed, signed and scanned finds its check by the code at its foot (issue 12, 四(3)-b)."""

import re
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.refusal import Refused
from inspections.models import EvidenceKind, Inspection, PaperKind, PaperScan
from inspections.paperwork import actions, papers, scans
from tests.browsing import post, signed_in
from tests.documents.scanned import as_pdf, as_photo, pages_of
from tests.factories import make_planner, make_unit
from tests.inspections.factories import issued, make_finished, make_inspection, start, team_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.clause("四(3)-b"),
    pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango"),
]
keep_scan = partial(actions.keep_scan, digest_today=papers.digest_today)
sort_heap = partial(actions.sort_heap, digest_today=papers.digest_today)
LONG = "贮存间东侧第一排第三只吨桶没有标签。" * 45


def printed(inspection, kind=PaperKind.RECORD) -> list:
    """The pages of a paper, scanned askew."""
    return pages_of(papers.made(inspection, kind, "pdf")[0], turned=3)


def test_a_signed_record_is_known_by_its_code_whatever_the_order_of_its_pages(client, at):
    at("2026-07-06 10:00")
    inspection = make_finished(problem=LONG)
    planner = make_planner(inspection.unit)
    client.force_login(planner)
    pages = printed(inspection)
    assert len(pages) == 2
    address = f"/desk/tasks/{inspection.no}/papers/scan/"

    scanned = as_pdf(pages[::-1])
    file = SimpleUploadedFile("扫描0001.pdf", scanned, "application/pdf")
    assert post(client, address, file=file, paper="").status_code == 302
    scan = PaperScan.objects.get()
    assert (scan.paper, scan.pages, scan.of_pages, scan.missing) == (PaperKind.RECORD, [2, 1], 2, [])
    assert scan.evidence.kind == EvidenceKind.SCAN and scan.evidence.inspection == inspection and not scan.changed
    page = client.get(address).content.decode()
    assert "共 2 页，扫描次序 2、1，齐全" in page and f"/evidence/{scan.evidence_id}/" in page

    # The same file from the phone's evidence page goes through the same door and is the same scan; what is no paper of
    # ours is evidence as it came.
    phone = signed_in(team_of(inspection)[0].user)
    blank = as_photo(pages[0].crop((0, 0, 1240, 900)))
    for content in (scanned, blank):
        file = SimpleUploadedFile("手机扫描", content)
        assert post(phone, f"{inspection.field_url}evidence/?kind=SCAN", kind="SCAN", file=file).status_code == 302
    assert PaperScan.objects.get() == scan and inspection.evidence.filter(paper_scan=None).count() == 1

    # One page alone says what is missing.
    alone = keep_scan(inspection=inspection, name="1.jpg", content=as_photo(pages[0]), by=team_of(inspection)[0].user)
    assert scans.order_words(alone.pages, alone.of_pages) == "共 2 页，缺第 2 页"


def test_a_paper_of_another_check_and_one_without_a_code_are_refused_with_what_to_do(at):
    at("2026-07-06 10:00")
    inspection = make_finished()
    other, planner = make_inspection(inspection.unit), make_planner(inspection.unit)
    drawn = printed(inspection)[0]
    page, blank = as_photo(drawn), as_photo(drawn.crop((0, 0, 1240, 900)))

    def refused(check, content, sentence, **said):
        with pytest.raises(Refused, match=re.escape(sentence)):
            keep_scan(inspection=check, name="x.jpg", content=content, by=planner, **said)

    refused(other, page, f"这是检查 {inspection.no} 的现场检查（勘察）笔录，不是这次检查的")
    refused(inspection, page, "和选的不同", paper=PaperKind.RESULT)
    refused(inspection, blank, "没有读出二维码，没有收。选明是哪一份文书再传")
    assert not PaperScan.objects.exists()
    said = keep_scan(inspection=inspection, name="x.jpg", content=blank, by=planner, paper=PaperKind.RECORD)
    assert (said.paper, said.pages) == (PaperKind.RECORD, [])


def test_a_paper_that_says_something_else_today_than_when_it_was_printed_is_marked(at):
    at("2026-07-06 10:00")
    inspection = make_finished()
    page = as_photo(printed(inspection)[0])
    Inspection.objects.filter(pk=inspection.pk).update(measures="后来加的处理")
    scan = keep_scan(
        inspection=Inspection.objects.get(pk=inspection.pk),
        name="x.jpg",
        content=page,
        by=make_planner(inspection.unit),
    )
    assert not scan.changed  # the record does not say what was decided
    report = as_photo(printed(inspection, PaperKind.REPORT)[0])
    scan = keep_scan(
        inspection=Inspection.objects.get(pk=inspection.pk),
        name="y.jpg",
        content=report,
        by=make_planner(inspection.unit),
    )
    assert scan.changed


def test_a_notice_printed_beforehand_is_known_by_its_foot_after_it_was_served(at):
    at("2026-07-06 08:00")
    inspection = issued(make_inspection())
    page = as_photo(
        pages_of(papers.made(inspection, PaperKind.NOTICE, "pdf", site="https://ssj.example")[0], turned=3)[0]
    )
    at("2026-07-06 10:00")
    start(inspection)
    scan = keep_scan(inspection=inspection, name="x.jpg", content=page, by=make_planner(inspection.unit))
    assert (scan.paper, scan.pages, scan.of_pages, scan.changed) == (PaperKind.NOTICE, [1], 1, False)


@pytest.mark.slow("offline")
def test_a_heap_is_sorted_into_its_checks_and_a_foreign_paper_stays_unknown(client, at):
    at("2026-07-06 10:00")
    one, two = make_finished(), make_finished(make_unit())
    foreign = make_finished(make_unit("210503"))
    planner = make_planner(one.unit)
    made = pages_of(papers.made(two, PaperKind.NOTICE, "pdf", site="https://ssj.example")[0])
    empty = made[0].crop((0, 0, 1240, 400))
    heap = as_pdf([*printed(two, PaperKind.RESULT), empty, *printed(one), *printed(foreign)])
    client.force_login(planner)
    files = [
        SimpleUploadedFile("一摞.pdf", heap, "application/pdf"),
        SimpleUploadedFile("通知书.jpg", as_photo(made[0]), "image/jpeg"),
    ]
    page = post(client, "/desk/papers/scans/", files=files).content.decode()

    found = {(s.inspection, s.paper) for s in PaperScan.objects.select_related("inspection")}
    assert found == {(one, PaperKind.RECORD), (two, PaperKind.RESULT), (two, PaperKind.NOTICE)}
    assert "现场检查（勘察）笔录：本单位没有这次检查，没有收" in page and foreign.no not in page
    assert "第 2 页没有读出二维码，没有收" in page
    again = sort_heap(files=[("一摞.pdf", heap)], by=planner)
    assert "现场检查（勘察）笔录：已经收过。" in [s.words for s in again] and PaperScan.objects.count() == 3
