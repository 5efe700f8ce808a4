"""HTML to PDF/A-3a and PDF/UA-1. The same HTML gives the same bytes, and nothing outside it is ever read (P21).

WeasyPrint is loaded when the first paper is made: it takes a second or two, and a machine without Pango must still
serve every page.
"""

import hashlib
import re
from functools import cache, partial
from importlib import import_module as _import
from types import ModuleType

from benxi_shuangsuiji.refusal import Refused

from .codes import dots_of

PDF = "application/pdf"
MISSING = (
    "本机缺少 Pango 排版库，不能生成 PDF 文书，其余功能照常。由系统管理员安装软件包："
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk。"
)
# PDF/A takes a property that it does not know itself only with its description (ISO 19005-3, 6.6.2.3).
_READ_ALOUD = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />'
    b'<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"'
    b' xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">'
    b'<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b"<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>"
    b"<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>"
    b"<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>"
    b'<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    b"<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>"
    b"<pdfaProperty:category>internal</pdfaProperty:category>"
    b"<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed</pdfaProperty:description>"
    b"</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description></rdf:RDF>"
)
MM = 72 / 25.4
MARK = 16 * MM
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


def render(html: str, *, title_of_error: str = "文书", mark: str = "") -> bytes:
    """Return the PDF of one paper, to be kept for good (PDF/A-3a) and read aloud (PDF/UA-1).

    `mark` is drawn as a small code at the foot of each page, with the page and how many there are, so that the paper is
    known again when it comes back signed and scanned.

    The HTML must be whole: styles and drawings inside it, and `<meta name="dcterms.created">` with the day of the paper.
    """
    if not _CREATED.search(html):
        raise NotReproducible('the template lacks <meta name="dcterms.created" content="…">')
    weasyprint = _weasyprint()
    try:
        return weasyprint.HTML(string=html, base_url=None, url_fetcher=_deny_all()).write_pdf(
            pdf_identifier=hashlib.sha256(f"{mark}{html}".encode()).digest()[:16],
            pdf_variant="pdf/a-3a",
            finisher=partial(_finished, mark=mark),
        )
    except _refused_fetch() as refused:
        raise Refused(f"{title_of_error}里引用了外部资源，没有生成 PDF。") from refused


def _finished(_, made, *, mark: str) -> None:
    _both_standards(made)
    _say_what_heads_govern(made)
    if mark:
        _mark_pages(made, mark)


def _both_standards(made) -> None:
    """WeasyPrint writes down one standard; the paper keeps both, so its description of itself says the second too."""
    stream = made.objects[int(made.catalog["Metadata"].split()[0])]
    stream.stream = [part.replace(b"</rdf:RDF>", _READ_ALOUD) for part in stream.stream]
    stream.compress = False  # archives find it without opening the file


def _say_what_heads_govern(made) -> None:
    """Heads in the head of a table are of its columns, all others of their rows (PDF/UA-1, 7.5)."""
    by_reference = {o.reference: o for o in made.objects if isinstance(o, dict) and o.get("Type") == "/StructElem"}
    for element in by_reference.values():
        if element["S"] == "/TH":
            row = by_reference[element["P"]]
            of_columns = by_reference.get(row["P"], {}).get("S") == "/THead"
            element["A"]["Scope"] = "/Column" if of_columns else "/Row"


def _mark_pages(made, mark: str) -> None:
    """A square of 16 mm in the lower right corner; decoration for whoever listens to the paper."""
    pages = made.page_references
    for n, reference in enumerate(pages, 1):
        page = made.objects[int(reference.split()[0])]
        stream = made.objects[int(page["Contents"].split()[0])]
        _, _, width, height = page["MediaBox"]
        side, dots = dots_of(f"{mark}:{n}:{len(pages)}")
        left, top, one = width - 20 * MM - MARK, height - 6 * MM - MARK, MARK / side
        squares = " ".join(f"{left + x * one:.3f} {top + y * one:.3f} {one:.3f} {one:.3f} re" for x, y in dots)
        stream.stream.append(f"/Artifact BMC q 0 g {squares} f Q EMC".encode())


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
