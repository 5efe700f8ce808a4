"""Codes on scanned papers are read whatever way the paper lay; what is no scan is refused in a sentence (issue 12)."""

import io
import re

import pikepdf
import pytest

from benxi_shuangsuiji.documents import pdf, scans
from benxi_shuangsuiji.refusal import Refused
from tests.documents.scanned import as_pdf, as_photo, pages_of

MARK = "BXP:210504-2026Q3-T007:RECORD:1A2B3C4D"
HTML = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>笔录</title>'
    '<meta name="dcterms.created" content="2026-07-06T10:00:00+08:00"></head>'
    '<body><p>第一页</p><p style="break-before: page">第二页</p></body></html>'
)
pytestmark = pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")


@pytest.fixture(scope="module")
def paper():
    return pdf.render(HTML, mark=MARK)


def test_the_code_says_which_page_of_how_many_it_stands_on(paper):
    assert scans.codes_in(paper) == [[f"{MARK}:1:2"], [f"{MARK}:2:2"]]


def test_a_scan_of_150_dots_an_inch_is_read_turned_and_askew(paper):
    """One file with a page that lay upside down, one on its side and one askew: the reader is started once."""
    first, second = f"{MARK}:1:2", f"{MARK}:2:2"
    pages = [pages_of(paper, turned=turned)[n] for turned, n in ((180, 1), (87, 0), (4, 1))]
    assert scans.codes_in(as_pdf(pages)) == [[second], [first], [second]]


def test_a_photograph_of_one_page_is_read_and_a_page_without_a_code_is_empty(paper):
    first, second = pages_of(paper, turned=-6)
    assert scans.codes_in(as_photo(first)) == [[f"{MARK}:1:2"]]
    without = second.crop((0, 0, second.width, second.height // 2))
    assert scans.codes_in(as_photo(without)) == [[]]


def test_the_pages_of_one_paper_are_taken_out_of_a_heap_in_their_order(paper):
    one, both = scans.taken_out(paper, [[1], [1, 0]])
    assert scans.codes_in(one) == [[f"{MARK}:2:2"]]
    assert scans.codes_in(both) == [[f"{MARK}:2:2"], [f"{MARK}:1:2"]]


def locked(content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as paper:
        paper.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def many(content: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as paper:
        for _ in range(60):
            paper.pages.append(paper.pages[0])
        paper.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("spoiled", "sentence"),
    [
        (lambda content: b"%PDF-1.7\n" + content[500:900], "打不开或加了密码"),
        (locked, "打不开或加了密码"),
        (many, "一次最多 60 页"),
        (lambda _: b"\xff\xd8\xff\xe0 no picture", "打不开"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_a_sentence(paper, spoiled, sentence):
    with pytest.raises(Refused, match=re.escape(sentence)):
        scans.codes_in(spoiled(paper))
