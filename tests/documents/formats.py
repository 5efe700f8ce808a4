"""Tables of other kinds than .xlsx, made for one test each: OpenDocument written by hand, .xls by changing bytes of a real one."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

BOOKS = Path(__file__).resolve().parent.parent / "registry/imports/workbooks"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ODS = b"application/vnd.oasis.opendocument.spreadsheet"
HIDDEN_STYLE = (
    '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
)
_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{full}:1.0"'
    for short, full in [
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
        ("manifest", "manifest"),
    ]
)
_CALC = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def cell(text: str = "", kind: str = "string", more: str = "", columns_repeated: int = 1) -> str:
    """`more`: further attributes; `text` may be markup of paragraphs already."""
    kind = f' office:value-type="{kind}"' if kind else ""
    inside = text if text.startswith("<") else f"<text:p>{escape(text)}</text:p>" if text else ""
    return (
        f'<table:table-cell{kind} {more} table:number-columns-repeated="{columns_repeated}">{inside}</table:table-cell>'
    )


def row(*cells: str, n: int = 1, more: str = "") -> str:
    inside = "".join(cells) or '<table:table-cell table:number-columns-repeated="16384"/>'
    return f'<table:table-row table:number-rows-repeated="{n}" {more}>{inside}</table:table-row>'


def sheet(rows: str, name: str = "表", style: str = "", columns: str = "") -> str:
    return f'<table:table table:name="{name}" table:style-name="{style}">{columns}{rows}</table:table>'


def ods(*inside: str, before: str = "", manifest: str = "", **members: str) -> bytes:
    """A workbook of the given sheets (and styles before them); `members`: further files in the zip."""
    body = "".join(inside) or sheet(row(cell("x")))
    content = f'<?xml version="1.0"?>{before}<office:document-content {_NAMES} {_CALC}>{body}</office:document-content>'
    return zipped(
        {
            "mimetype": ODS,
            "content.xml": content.encode(),
            "META-INF/manifest.xml": f"<manifest:manifest {_NAMES}>{manifest}</manifest:manifest>".encode(),
            **{name: text.encode() for name, text in members.items()},
        }
    )


def old_xls() -> bytes:
    return (BOOKS / "f18_xls_named_xlsx.xlsx").read_bytes()


def hidden_xls() -> bytes:
    """The same with its one sheet hidden: a byte of BOUNDSHEET."""
    content = bytearray(old_xls())
    at = content.index(b"\x85\x00", content.index(b"\x09\x08\x10\x00"))
    assert content[at + 8 : at + 10] == b"\x00\x00"  # visible, a worksheet
    content[at + 8] = 1
    return bytes(content)


def far_xls() -> bytes:
    """The same with the text of B3 in the last cell that the format has."""
    content = bytearray(old_xls())
    at = content.index(b"\xfd\x00\x0a\x00\x02\x00\x01\x00") + 4
    content[at : at + 4] = b"\xff\xff\xff\x00"
    return bytes(content)


def locked_xls() -> bytes:
    """The same with the record of a password behind its first one."""
    content = bytearray(old_xls())
    at = content.index(b"\x09\x08\x10\x00") + 20
    content[at : at + 2] = b"\x2f\x00"
    return bytes(content)
