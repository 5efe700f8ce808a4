"""The process that writes a marked copy of a stranger's table, under the limits of `child` (X09).

What was read is written anew: openpyxl makes the frame (styles, comments, parts of the zip) from the faulty cells alone, and
the rows are streamed into it, so that a hundred thousand of them are never together in memory as cells.
"""

import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime

from benxi_shuangsuiji.documents.limited import read_block
from benxi_shuangsuiji.documents.workbooks.child import open_book
from benxi_shuangsuiji.documents.workbooks.limits import (
    A4_PAPER,
    FIRST_ROWS,
    HEAD,
    MADE_BY,
    MAX_COLUMNS,
    NOT_IN_XML,
    TEXT,
    Stop,
    limit,
)

MOST_COMMENTS = 5_000  # the added column says everything; thousands of comments only make the file slow to open
LONGEST = 32_767  # characters in a cell
_SHEET_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>.*?</sheetData>", re.S)
_DIMENSION = re.compile(rb"<dimension [^>]*/>")
_ESCAPED = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_NOT_IN_A_TITLE = re.compile(r"[\\*?:/\[\]\x00-\x1f]")
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"}
_FIRST_DAY = date(1899, 12, 30)
_LOOKS = {str: TEXT, float: "General", bool: "General", date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm"}


def main() -> None:
    limit()
    source, out = sys.stdin.buffer, sys.stdout.buffer
    try:
        book = open_book(read_block(source))  # whose bytes nobody keeps
        asked = json.loads(read_block(source))
        made = make(book, asked["faults"], asked["remarks"])
    except Stop as stop:
        out.write(json.dumps({"refused": str(stop)}).encode())
    else:
        out.write(json.dumps({"size": len(made)}).encode() + b"\n" + made)
    out.flush()


class _Marks:
    """What is to be said about one sheet: `faults` row → {column: text}, `remarks` row → text."""

    def __init__(self):
        self.faults: dict[int, dict[int, str]] = {}
        self.remarks: dict[int, str] = {}

    @property
    def head(self) -> int:
        return next((row for row, text in self.remarks.items() if text == HEAD), 0)


def make(book, faults: list, remarks: list) -> bytes:
    marks: dict[str, _Marks] = {}
    for sheet, row, column, text in faults:
        cells, at = marks.setdefault(sheet, _Marks()).faults.setdefault(row, {}), max(column, 1)
        cells[at] = f"{cells[at]}\n{text}" if at in cells else text
    for sheet, row, text in remarks:
        marks.setdefault(sheet, _Marks()).remarks[row] = text
    wanted = [name for name in book.visible if name in marks]
    if not wanted:
        raise Stop("这份表里没有可以标出的内容。")
    # Before openpyxl comes: to load a large sheet takes the most memory of all.
    ends = {name: book.look(name).last_column for name in wanted}
    frame, styles = _frame(book, ends, marks)
    out = io.BytesIO()
    with zipfile.ZipFile(frame) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as new:
        sheets = {f"xl/worksheets/sheet{n}.xml": name for n, name in enumerate(wanted, start=1)}
        for member in old.namelist():
            text = old.read(member)
            if member not in sheets:
                new.writestr(member, text)
                continue
            place = _SHEET_DATA.search(text)
            name = sheets[member]
            with new.open(member, "w", force_zip64=True) as part:
                part.write(_DIMENSION.sub(b"", text[: place.start()]) + b"<sheetData>")
                for piece in _rows(book, name, marks[name], ends[name] + 1, styles):
                    part.write(piece)
                part.write(b"</sheetData>" + text[place.end() :])
    return out.getvalue()


# --- the frame -------------------------------------------------------------------------------------------------------


def _frame(book, ends: dict[str, int], marks: dict[str, _Marks]) -> tuple[io.BytesIO, dict]:
    """A workbook of the faulty cells with their comments, and the number of each style."""
    from openpyxl import Workbook
    from openpyxl.comments import Comment
    from openpyxl.worksheet.properties import PageSetupProperties

    frame = Workbook()
    frame.remove(frame.active)
    frame.properties.creator = frame.properties.lastModifiedBy = MADE_BY
    left = MOST_COMMENTS
    for name, end in ends.items():
        ws = frame.create_sheet(_NOT_IN_A_TITLE.sub("_", NOT_IN_XML.sub("", name))[:31] or "表")
        head = marks[name].head
        _set_widths(ws, book, name, end, head)
        ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", A4_PAPER
        ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
        ws.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        if head:
            ws.freeze_panes = f"A{head + 1}"
            ws.print_title_rows = f"{head}:{head}"
        for row, cells in sorted(marks[name].faults.items()):
            for column, text in cells.items():
                if left:
                    left -= 1
                    said = NOT_IN_XML.sub("", text)[:1000]
                    ws.cell(row, column).comment = Comment(said, MADE_BY, width=320, height=120)
    styles = _styles(frame.worksheets[0])
    saved = io.BytesIO()
    frame.save(saved)
    return saved, styles


def _styles(ws) -> dict:
    """(type, faulty) → number of the style; "head" and "remark" for those two."""
    from openpyxl.cell import Cell
    from openpyxl.styles import Alignment, Font, PatternFill

    red = PatternFill("solid", start_color="F6C9C3")

    def number(form: str, font: Font, fill=None, wraps=False) -> int:
        cell = Cell(ws, row=1, column=1)
        cell.font, cell.number_format, cell.quotePrefix = font, form, form == TEXT
        if fill:
            cell.fill = fill
        if wraps:
            cell.alignment = Alignment(wrap_text=True, vertical="center")
        return cell.style_id

    body = Font(name="微软雅黑", size=10.5)
    found: dict = {(kind, False): number(form, body) for kind, form in _LOOKS.items()}
    found |= {(kind, True): number(form, body, red) for kind, form in _LOOKS.items()}
    found["head"] = number(TEXT, Font(name="微软雅黑", size=10.5, bold=True), wraps=True)
    found["remark"] = number(TEXT, Font(name="微软雅黑", size=10.5, color="8C1D13"), wraps=True)
    return found


def _set_widths(ws, book, name: str, end: int, head: int) -> None:
    """As wide as the heads and the first rows below them; a title above them says nothing of a column."""
    widths: dict[int, int] = {}
    for number, cells in book.rows(name):
        if number > FIRST_ROWS:
            break
        if number < head:
            continue
        for column, value in enumerate(cells, start=1):
            text = value if isinstance(value, str) else "0000-00-00" if value is not None else ""
            wide = sum(2 if ord(c) > 0x2E7F else 1 for c in text[:60]) + 2
            widths[column] = max(widths.get(column, 8), min(wide, 40))
    for column, width in widths.items():
        ws.column_dimensions[_letters(column)].width = width
    ws.column_dimensions[_letters(end + 1)].width = 60


# --- the rows --------------------------------------------------------------------------------------------------------


def _rows(book, name: str, marks: _Marks, at: int, styles: dict) -> Iterator[bytes]:
    pieces: list[str] = []
    for number, cells in book.rows(name):
        pieces.append(_row(number, cells, marks, at, styles))
        if len(pieces) == 500:
            yield "".join(pieces).encode()
            pieces.clear()
    yield "".join(pieces).encode()


def _row(number: int, cells: list, marks: _Marks, at: int, styles: dict) -> str:
    faults, remark = marks.faults.get(number, {}), marks.remarks.get(number)
    head = remark == HEAD
    if faults:
        cells = cells + [None] * (max(faults) - len(cells))
    plain = f'{number}" s="{styles[str, False]}" t="inlineStr"><is><t>'
    written = [f'<row r="{number}">']
    for column, value in enumerate(cells, start=1):
        if value.__class__ is str and not faults and not head:
            if not value.isprintable() or value[0] == " " or value[-1] == " " or "_x" in value or len(value) > LONGEST:
                written.append(_text(f"{_LETTERS[column]}{number}", styles[str, False], value))
                continue
            if "&" in value or "<" in value or ">" in value:
                value = _escape(value)
            written.append(f'<c r="{_LETTERS[column]}{plain}{value}</t></is></c>')
        elif value is not None or column in faults:
            place = f"{_LETTERS[column]}{number}"
            written.append(_cell(place, value, styles, faulty=column in faults, head=head))
    if remark:
        written.append(_text(f"{_LETTERS[at]}{number}", styles["head" if head else "remark"], remark))
    written.append("</row>")
    return "".join(written)


def _cell(place: str, value, styles: dict, *, faulty: bool, head: bool) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" s="{styles[bool, faulty]}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, float):
        figure = f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
        return f'<c r="{place}" s="{styles[float, faulty]}"><v>{figure}</v></c>'
    style = styles["head"] if head and not faulty else styles[str, faulty]
    if value is None or value == ["formula", ""]:
        return f'<c r="{place}" s="{style}"/>'
    if isinstance(value, str):
        return _text(place, style, value)
    kind, text = value
    if kind in ("d", "t"):
        moment = datetime.fromisoformat(text)
        days = (moment - datetime.combine(_FIRST_DAY, datetime.min.time())).total_seconds() / 86400
        if days > 60:  # before March 1900 spreadsheets count a day that never was
            style = styles[date if kind == "d" else datetime, faulty]
            return f'<c r="{place}" s="{style}"><v>{round(days, 8)}</v></c>'
    if text in _ERRORS:
        return f'<c r="{place}" s="{style}" t="e"><v>{text}</v></c>'
    return _text(place, style, text)


def _text(place: str, style: int, text: str) -> str:
    text = _ESCAPED.sub(r"_x005F_\1", NOT_IN_XML.sub("�", text[:LONGEST]))
    text = _escape(text).replace("\r", "&#13;")
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_LETTERS = [_letters(column) for column in range(MAX_COLUMNS + 2)]


if __name__ == "__main__":
    main()
