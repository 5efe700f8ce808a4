"""A bound volume read back: real papers, photographs and a stranger's scan (七(七)-p, -k; PDF/A)."""

import io
import re

import page
import pypdfium2
import pytest
from PIL import Image

from benxi_shuangsuiji.documents import files, pdf, volumes
from benxi_shuangsuiji.documents.pdf import MM
from inspections.archive import pages
from inspections.models import Inspection, Taken
from inspections.paperwork.actions import sort_heap
from inspections.paperwork.papers import digest_today
from tests.documents import page_validation
from tests.inspections.archive.test_archive import archivist, bound, file_of, published, taken_in

pytestmark = pytest.mark.django_db
SHEET = (
    '<html lang="zh-CN"><head><title>一份文书</title><meta name="dcterms.created" content="2026-07-01T00:00:00+08:00">'
    "<style>@page {{ size: A4 }} p {{ break-after: page }}</style></head><body><h1>一份文书</h1>{}</body></html>"
)


def sheet(pages: int) -> bytes:
    return pdf.render(
        SHEET.format("".join(f"<p>第 {n} 页的话</p>" for n in range(1, pages + 1))), mark="BXP:1:RECORD:0A0A0A0A"
    )


def picture(held: int = 1, kind: str = "JPEG", size=(1200, 800)) -> bytes:
    """The upper left corner of what was seen is red, however the camera was held."""
    seen = Image.new("RGB", size, "white")
    seen.paste("red", (0, 0, size[0] // 4, size[1] // 4))
    turned = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[held]
    out, said = io.BytesIO(), Image.Exif()
    said[274] = held
    (seen.transpose(turned) if turned is not None else seen).save(
        out, kind, **({"exif": said} if kind == "JPEG" else {})
    )
    return out.getvalue()


def stamped(content: bytes) -> list[str]:
    """What stands in the lower right corner of each page, outside the code of our own papers."""
    with pypdfium2.PdfDocument(content) as paper:
        said = [p.get_textpage().get_text_bounded(left=190 * MM, bottom=0, right=210 * MM, top=13 * MM) for p in paper]
        for n, p in enumerate(paper):
            edge = p.render(scale=2).to_pil().convert("L")
            corner = edge.crop((int(edge.width * 0.92), int(edge.height * 0.95), edge.width, edge.height))
            assert bool(said[n].strip()) == (min(corner.getdata()) < 90), n  # it can be seen, not only copied out
    return [re.sub(r"\s", "", text) for text in said]


@pytest.mark.clause("七(七)-p")
def test_own_papers_stay_readable_aloud_and_every_page_has_its_number(tmp_path):
    parts = []
    for n, many in enumerate((1, 2), 1):
        path = tmp_path / f"{n}.pdf"
        path.write_bytes(sheet(many))
        parts.append(volumes.Part(f"文书 {n}", path))
    made = tmp_path / "volume.pdf"
    volumes.joined([sheet(1), sheet(1)], parts, title="案卷 一", to=made)
    content = made.read_bytes()
    assert page_validation.faults(content) == []  # PDF/A-3a and PDF/UA-1, as each paper
    with pypdfium2.PdfDocument(content) as paper:
        labels = [paper.get_page_label(n) for n in range(len(paper))]
    front = len(labels) - sum(volumes.pages_in(part.path.read_bytes()) for part in parts)
    numbers = [str(n) for n in range(1, len(labels) - front + 1)]
    assert stamped(content) == [""] * front + numbers and labels[front:] == numbers
    volumes.joined([sheet(1), sheet(1)], parts, title="案卷 一", to=made)
    assert made.read_bytes() == content


def test_a_picture_stands_upright_however_the_camera_was_held():
    for held in (1, 3, 6, 8):
        with pypdfium2.PdfDocument(volumes.assembled([picture(held)])) as paper:
            drawn = paper[0].render(scale=0.5).to_pil().convert("RGB")
        red = [
            at
            for at in [(x, y) for x in range(0, drawn.width, 8) for y in range(0, drawn.height, 8)]
            if drawn.getpixel(at)[1] < 90
        ]
        assert red and max(x for x, _ in red) < drawn.width / 2 and max(y for _, y in red) < drawn.height / 2, held


@pytest.mark.clause("七(七)-k", "七(七)-p")
def test_what_comes_from_outside_is_taken_in_as_pictures_and_the_volume_is_kept_for_good(tmp_path):
    hostile = sheet(1).replace(b"pdfaid", b"xxxxid")  # a PDF of somebody else
    taken = volumes.assembled([picture(), picture(kind="PNG"), hostile])
    assert volumes.pages_in(taken) == 2 + volumes.pages_in(hostile)
    own, outside = tmp_path / "own.pdf", tmp_path / "outside.pdf"
    own.write_bytes(sheet(1))
    outside.write_bytes(taken)
    made = tmp_path / "volume.pdf"
    parts = [volumes.Part("文书", own), volumes.Part("照片", outside, ours=False)]
    volumes.joined([sheet(1)], parts, title="案卷 二", to=made)
    assert page_validation.faults(made.read_bytes(), [page.ValidationProfile.PDF_A_3B]) == []


@pytest.mark.slow("offline")
@pytest.mark.clause("七(七)-p", "七(七)-k", "七(七)-r", "七(四)-9")
def test_the_pages_that_the_catalogue_names_are_the_pages_of_the_volume():
    check = published()
    by = archivist(check.unit)
    taken_in(check, by, Taken.PROOF, content=picture())
    volume = bound(check, by)
    content = files.read(volume.file)
    assert page_validation.faults(content, [page.ValidationProfile.PDF_A_3B]) == []
    with pypdfium2.PdfDocument(content) as paper:
        said = [re.sub(r"\s", "", p.get_textpage().get_text_bounded()) for p in paper]
    front = len(said) - volume.pages
    assert stamped(content)[front:] == [str(n) for n in range(1, volume.pages + 1)]
    rows = list(volume.papers.all())
    assert [row.first_page for row in rows] == [1 + sum(r.pages for r in rows[:n]) for n in range(len(rows))]
    for row in rows:
        assert f"{row.span}" in "".join(said[:front]) and row.title.partition("（")[0] in "".join(said[:front])
    first = {row.key: front + row.first_page - 1 for row in rows}
    assert "现场检查（勘察）笔录" in said[first["RECORD"]] and "备考表" in said[first["BACKUP"]]
    assert volume.no in said[0] and "保管期限" in said[0]
    sorted_in = sort_heap(files=[("卷.pdf", content)], by=by, digest_today=digest_today)  # printed and scanned again
    assert {one.scan.paper for one in sorted_in if one.scan} >= {"RECORD", "CHECKLIST", "REPORT", "RESULT", "RECEIPT"}
    shown = pages.shown(file_of(Inspection.objects.get(pk=check.pk)), by)
    matched, of = shown["matched"]
    assert matched == of >= 5 and pages.mismatches(by, check.unit)[1].rows == []
