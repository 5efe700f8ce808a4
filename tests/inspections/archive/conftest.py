import pytest

from benxi_shuangsuiji.documents import pdf

SMALL = '<html lang="zh-CN"><head><title>一</title><meta name="dcterms.created" content="2026-07-01T00:00:00+08:00"></head><body><p>一</p></body></html>'


@pytest.fixture
def one_page(monkeypatch):
    """Every paper is the same printed page: what is looked at is the volume, not the papers."""
    from benxi_shuangsuiji.documents import volumes

    volumes._digits()
    page, made = pdf.render(SMALL), []
    monkeypatch.setattr(pdf, "render", lambda html, **more: made.append(html) or page)
    return made
