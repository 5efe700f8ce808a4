"""HTML to PDF. The same HTML gives the same bytes, and nothing outside it is ever read (reliability.md P21).

WeasyPrint is loaded when the first paper is made: it takes a second or two, and a machine without Pango must still
serve every page.
"""

import hashlib
import re
from functools import cache
from importlib import import_module as _import
from types import ModuleType

from benxi_shuangsuiji.refusal import Refused

PDF = "application/pdf"
MISSING = (
    "本机缺少 Pango 排版库，不能生成 PDF 文书，其余功能照常。由系统管理员安装软件包："
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk。"
)
_CREATED = re.compile(r'<meta name="dcterms\.created" content="[0-9T:+-]+">')


class PdfUnavailable(Refused):
    """No PDF can be made on this machine; the text says what is missing."""


class NotReproducible(Exception):
    """The template gives no fixed date, so its PDF would carry the present one."""


@cache
def _weasyprint() -> ModuleType:
    try:
        return _import("weasyprint")
    except OSError as missing:
        raise PdfUnavailable(MISSING) from missing


def available() -> bool:
    """Say whether papers can be made here."""
    try:
        _weasyprint()
    except PdfUnavailable:
        return False
    return True


def render(html: str, *, title_of_error: str = "文书") -> bytes:
    """Return the PDF of one paper, tagged (PDF/UA-1).

    The HTML must be whole: styles and drawings inside it, and `<meta name="dcterms.created">` with the day of the paper.
    """
    if not _CREATED.search(html):
        raise NotReproducible('the template lacks <meta name="dcterms.created" content="…">')
    weasyprint = _weasyprint()
    try:
        return weasyprint.HTML(string=html, base_url=None, url_fetcher=_deny_all()).write_pdf(
            pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
            pdf_variant="pdf/ua-1",
        )
    except _refused_fetch() as refused:
        raise Refused(f"{title_of_error}里引用了外部资源，没有生成 PDF。") from refused


@cache
def _refused_fetch() -> type[BaseException]:
    # Derives from BaseException: `except Exception` would let it through (reliability.md 1).
    from weasyprint.urls import FatalURLFetchingError

    return FatalURLFetchingError


@cache
def _deny_all():
    _weasyprint()
    from weasyprint.urls import URLFetcher

    class NoFetching(URLFetcher):
        """Answer every address with a refusal: none of our papers needs one."""

        def __init__(self):
            super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)

        def fetch(self, url, headers=None):
            raise _refused_fetch()(f"not allowed in a paper: {url[:80]}")

    return NoFetching()
