"""The maker of papers: reads nothing from outside, gives the same bytes, says what is missing (reliability.md P21)."""

import io
import socket
import threading

import pikepdf
import pytest

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.refusal import Refused

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
