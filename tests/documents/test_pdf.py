"""The maker of papers: reads nothing from outside, gives the same bytes, says what is missing (reliability.md P21)."""

import io
import socket
import threading

import pikepdf
import pypdfium2
import pytest

from benxi_shuangsuiji.documents import filled, pdf
from benxi_shuangsuiji.documents.filled import Filled, Prose, Sign, Signs, Text
from benxi_shuangsuiji.refusal import Refused
from tests.documents import page_validation

HTML = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>登记表</title>'
    '<meta name="dcterms.created" content="2026-07-06T10:00:00+08:00">%s</head><body><p>你好</p>%s</body></html>'
)
made = pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")


@pytest.fixture
def somewhere():
    """An address on this machine that counts who calls."""
    calls = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    done = threading.Event()

    def listen():
        while not done.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            calls.append(connection)
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/x", calls
    done.set()
    thread.join()
    server.close()


@pytest.mark.promise("P21")
@made
def test_the_same_html_gives_the_same_bytes():
    first, second = (pdf.render(HTML % ("", "")) for _ in range(2))
    assert first == second
    assert pdf.render(HTML % ("", "！")) != first


@made
def test_the_paper_is_tagged_titled_and_in_chinese():
    with pikepdf.open(io.BytesIO(pdf.render(HTML % ("", "")))) as paper:
        assert str(paper.docinfo.Title) == "登记表"
        assert str(paper.docinfo.CreationDate).startswith("D:20260706")
        assert str(paper.Root.Lang) == "zh-CN"
        assert bool(paper.Root.MarkInfo.Marked) is True


@made
def test_the_paper_is_what_both_standards_ask_for():
    """PDF/A-3a and PDF/UA-1: said in its own description, and every page keeps to it."""
    body = (
        "<h1>登记表</h1><table><thead><tr><th>甲</th></tr></thead><tbody><tr><td>乙</td></tr></tbody></table>"
        '<table><tr><th scope="row">丙</th><td>丁</td></tr></table>'
        '<svg viewBox="0 0 9 9"><title>签名</title><path d="M0 0h9v9z"/></svg>'
    )
    assert page_validation.faults(pdf.render(HTML % ("", body))) == []
    bare = pdf.render(HTML % ("", '<svg viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'))
    assert [fault.partition(":")[0] for fault in page_validation.faults(bare)] == ["PDFUA1-FIGURE-ALTERNATIVE-TEXT-001"]


@made
def test_signatures_go_to_a_new_page_with_the_last_text_that_they_sign():
    drawn = Sign("现场负责人", "齐某", "2026 年 7 月 6 日", "M1 1L9 9", "0 0 10 10")
    seen = Text("现场情况", "".join(f"第 {n} 点未发现问题。\n" for n in range(38)))
    blocks = (seen, Text("被检查单位意见", "没有提出意见。"), Prose("以上笔录经核对。"), Signs((drawn,) * 3))
    paper = Filled("某局", "现场检查笔录", "编号：1", "", blocks, "", "2026-07-06T10:00:00+08:00")
    with pypdfium2.PdfDocument(filled.as_pdf(paper)) as printed:
        first, second = (page.get_textpage().get_text_bounded() for page in printed)
    assert "第 37 点" in first and "没有提出意见" not in first
    assert all(words in second for words in ("没有提出意见", "以上笔录经核对", "齐某"))


@pytest.mark.promise("P21")
@made
@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", '<img src="{}">'),
        ("", '<img src="file:///etc/passwd">'),
        ("", '<img src="data:image/png;base64,AAAA">'),
        ("<style>@import url({});</style>", ""),
        ('<link rel="stylesheet" href="{}">', ""),
        ('<link rel="attachment" href="file:///etc/passwd">', ""),
        ("<style>p {{ background: url({}) }}</style>", ""),
        ("<style>@font-face {{ font-family: x; src: url({}) }} p {{ font-family: x }}</style>", ""),
    ],
)
def test_an_address_in_a_paper_is_refused_and_never_called(somewhere, head, body):
    address, calls = somewhere
    with pytest.raises(Refused, match="引用了外部资源"):
        pdf.render(HTML % (head.format(address), body.format(address)))
    assert calls == []


@made
def test_an_address_in_a_drawing_is_not_called(somewhere):
    address, calls = somewhere
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{address}"/></svg>'
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("no_proxy", "*")
        try:
            content = pdf.render(HTML % ("", drawing))
        except Refused:
            content = b""
    assert calls == []
    assert b"root:" not in content


def test_a_paper_without_a_date_is_a_mistake_of_ours():
    with pytest.raises(pdf.NotReproducible):
        pdf.render("<p>没有日期</p>")


def test_without_pango_the_message_says_what_to_install(monkeypatch):
    monkeypatch.setattr(pdf, "_import", _cannot_load)
    pdf._weasyprint.cache_clear()
    try:
        with pytest.raises(pdf.PdfUnavailable, match="缺少 Pango 排版库"):
            pdf.render(HTML % ("", ""))
        assert pdf.available() is False
    finally:
        pdf._weasyprint.cache_clear()


def _cannot_load(name):
    raise OSError("cannot load library 'libpango-1.0-0'")
