"""Writing .xlsx workbooks: text stays text, heads are styled, choices drop down.

A text that begins with = + - @ is never a formula in what we hand out (reliability.md X27, P21).

openpyxl is loaded with the first workbook that a process writes, not before: many pages know `OutColumn` and `table`,
few processes ever write one, and every start would wait for it.
"""

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from types import SimpleNamespace
from typing import BinaryIO
from unicodedata import east_asian_width

from benxi_shuangsuiji.documents.workbooks.limits import A3_PAPER, A4_PAPER, MADE_BY, NOT_IN_XML, TEXT
from benxi_shuangsuiji.workdays.days import full_date


@dataclass(frozen=True)
class OutColumn:
    """`choices` become a drop-down; `hint` a comment shown while the cell is chosen."""

    title: str
    width: float = 16
    choices: tuple[str, ...] = ()
    strict: bool = True
    hint: str = ""
    required: bool = False


def heading(what: str, who: str, day: date) -> str:
    """The row above a table: what it is, whose, and of which day."""
    return "　".join(word for word in (what, who, full_date(day)) if word)


@cache
def _looks() -> SimpleNamespace:
    """Fills, fonts and lines of the cells."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    thin = Side(style="thin", color="A9B4B0")
    return SimpleNamespace(
        head_fill=PatternFill("solid", start_color="0F5C6C"),
        optional_fill=PatternFill("solid", start_color="4C5A58"),
        title_font=Font(name="微软雅黑", size=14, bold=True),
        head_font=Font(name="微软雅黑", size=10.5, bold=True, color="FFFFFF"),
        body_font=Font(name="微软雅黑", size=10.5),
        line=Border(left=thin, right=thin, top=thin, bottom=thin),
        centred=Alignment(horizontal="center", vertical="center", wrap_text=True),
        in_line=Alignment(vertical="center"),
        body=Alignment(vertical="center", wrap_text=True),
        at_top=Alignment(vertical="top", wrap_text=True),
    )


def table(
    *,
    sheet: str,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence] = (),
    title: str = "",
    named_by: int = 1,
    explanation: Sequence[Sequence[str]] = (),
    rows_prepared: int = 0,
) -> bytes:
    """Return a workbook with one table; `rows_prepared` empty rows are formatted as text for typing in.

    `title`: see `heading`; `named_by`: the column, from 1, that says what a row is about, to be seen beside every other.
    """
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    _stamp(book)
    ws = book.active
    ws.title = sheet
    head = _lay_out(ws, columns, title, named_by)
    if title:
        _as_title(ws.cell(1, 1), title)
    for number, column in enumerate(columns, start=1):
        cell = ws.cell(head, number)
        _as_head(cell, column.title, required=column.required or not rows_prepared)
    last, styles = head, {}
    for last, row in enumerate(rows, start=head + 1):
        for number, value in enumerate(row, start=1):
            cell = ws.cell(last, number)
            put(cell, value)
            _dress(cell, value, styles)
    for blank in range(last + 1, last + 1 + rows_prepared):
        for number in range(1, len(columns) + 1):
            cell = ws.cell(blank, number)
            cell.number_format, cell.alignment = TEXT, _looks().body
    ws.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{last}"
    _drop_downs(book, ws, columns, head + 1, max(last + rows_prepared, head + 1))
    if explanation:
        _explain(book, explanation)
    return _bytes(book)


def long_table(
    *, sheet: str, columns: Sequence[OutColumn], rows: Iterable[Sequence], title: str = "", named_by: int = 1
) -> bytes:
    """The same for tens of thousands of rows, written one after the other: no drop-downs."""
    return long_tables([(sheet, columns, rows)], title=title, named_by=named_by)


def long_tables(
    sheets: Iterable[tuple[str, Sequence[OutColumn], Iterable[Sequence]]],
    *,
    title: str = "",
    named_by: int = 1,
    out: BinaryIO | None = None,
) -> bytes:
    """Several such tables in one workbook, each on its sheet; into `out`, if one is given, and then nothing is returned."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    _stamp(book)
    for name, columns, rows in sheets:
        ws = book.create_sheet(name)
        last = head = _lay_out(ws, columns, title, named_by)
        heads = [WriteOnlyCell(ws) for _ in columns]
        for cell, column in zip(heads, columns, strict=True):
            _as_head(cell, column.title)
        if title:
            first = WriteOnlyCell(ws)
            _as_title(first, title)
            ws.append([first])
        ws.append(heads)
        styles: dict[type, object] = {}
        blank = partial(WriteOnlyCell, ws)
        # An empty cell is left out, for the time it would take; the paper gets its lines all the same.
        ws.print_options.gridLines = True
        for row in rows:
            ws.append([_written_once(blank, value, styles) for value in row])
            last += 1
        ws.auto_filter.ref = f"A{head}:{get_column_letter(len(columns))}{last}"
    if out is not None:
        book.save(out)
        return b""
    return _bytes(book)


# How many units of width a landscape page holds at full size, within margins of a centimetre. A wide table is made smaller
# down to three quarters (on a machine without the font, whose substitute has wider digits, that is some three fifths: 6.3
# point); a wider one goes on beside itself, page by page.
_A4, _A3 = 149, 216
_FITS, _BESIDE = 0.74, 66  # percent, the second


def _lay_out(ws, columns: Sequence[OutColumn], title: str, named_by: int) -> int:
    """Widths, heights of title and heads, what stays in sight, and how it is printed. Returns the row of the heads."""
    from openpyxl.utils import get_column_letter

    head = 2 if title else 1
    for number, column in enumerate(columns, start=1):
        letter = get_column_letter(number)
        ws.column_dimensions[letter].width = column.width
        # Whoever types a new row gets text cells, so that no code becomes a number (X29).
        ws.column_dimensions[letter].number_format = TEXT
    if title:
        ws.row_dimensions[1].height = 30
    lines = max((-(-_width(c.title) // max(int(c.width) - 2, 2)) for c in columns), default=1)
    ws.row_dimensions[head].height = max(30, 18 * lines)
    # More than this to the left would leave too little of a screen for the rest.
    kept = named_by if sum(column.width for column in columns[:named_by]) <= 70 else 1
    ws.freeze_panes = f"{get_column_letter(kept + 1)}{head + 1}"
    ws.print_title_rows = f"1:{head}"
    page, wide = ws.page_setup, sum(column.width for column in columns)
    page.orientation = "landscape"
    page.paperSize = A4_PAPER if wide * _FITS <= _A4 else A3_PAPER
    if wide * _FITS <= _A3:
        _on_one_page(ws)
    else:
        page.scale = _BESIDE
        name = get_column_letter(named_by)
        ws.print_title_cols = f"{name}:{name}"
    ws.oddFooter.left.text, ws.oddFooter.right.text = "&A", "第 &P 页，共 &N 页"
    margins = ws.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.header, margins.footer = 0.5, 0.7, 0.3, 0.3
    return head


def _on_one_page(ws) -> None:
    """As wide as the paper, as long as it has to be."""
    ws.page_setup.fitToWidth, ws.page_setup.fitToHeight = 1, 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True


def _width(text: str) -> int:
    """How many units of width a text takes: a Chinese character two."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _as_title(cell, title: str) -> None:
    looks = _looks()
    put(cell, title)
    cell.font, cell.alignment = looks.title_font, looks.in_line


def _as_head(cell, title: str, *, required: bool = True) -> None:
    looks = _looks()
    put(cell, title)
    cell.font, cell.border, cell.alignment = looks.head_font, looks.line, looks.centred
    cell.fill = looks.head_fill if required else looks.optional_fill


def _dress(cell, value, styles: dict) -> None:
    """Font, lines and wrapping of a cell of the body; worked out for the first cell of each type only."""
    kind = None if value is None or value == "" else value.__class__
    if kind not in styles:
        looks = _looks()
        cell.font, cell.border, cell.alignment = looks.body_font, looks.line, looks.body
        if kind is None:
            cell.number_format = TEXT  # for whoever types something into it
        styles[kind] = cell._style
    cell._style = styles[kind]


def _written_once(blank: Callable, value, styles: dict):
    """A value as `put` writes it."""
    if value is None or value == "":
        return None
    cell = blank()
    if value.__class__ is str and str in styles:
        cell._value, cell.data_type, cell._style = NOT_IN_XML.sub("�", value), "s", styles[str]
    else:
        put(cell, value)
        _dress(cell, value, styles)
    return cell


def put(cell, value) -> None:
    """Write one value; text is forced to be text whatever it begins with."""
    if isinstance(value, bool):
        value = "是" if value else "否"
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        cell.value, cell.number_format = value.replace(tzinfo=None), "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.value, cell.number_format = value, "yyyy-mm-dd"
    elif isinstance(value, int | float | Decimal):
        cell.value = value
    else:
        cell.value = NOT_IN_XML.sub("�", str(value))
        cell.data_type = "s"
        cell.quotePrefix = True
        cell.number_format = TEXT


def _drop_downs(book, ws, columns, first_row, last_row) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    lists = None
    for number, column in enumerate(columns, start=1):
        if not column.choices and not column.hint:
            continue
        letter = get_column_letter(number)
        if column.choices:
            if lists is None:
                lists = book.create_sheet("选项")
                lists.sheet_state = "hidden"
            at = lists.max_column + 1 if lists["A1"].value else 1
            for row, choice in enumerate((column.title, *column.choices), start=1):
                put(lists.cell(row, at), choice)
            source = get_column_letter(at)
            rule = DataValidation(
                type="list", formula1=f"选项!${source}$2:${source}${len(column.choices) + 1}", allow_blank=True
            )
            rule.showErrorMessage = column.strict
            rule.errorTitle, rule.error = column.title[:30], "从下拉列表里选一项。"
        else:
            rule = DataValidation(allow_blank=True)
        if column.hint:
            rule.showInputMessage = True
            rule.promptTitle, rule.prompt = column.title[:30], column.hint[:250]
        rule.add(f"{letter}{first_row}:{letter}{last_row}")
        ws.add_data_validation(rule)


def _explain(book, lines) -> None:
    looks, ws = _looks(), book.create_sheet("填表说明")
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line, start=1):
            cell = ws.cell(row, column)
            put(cell, text)
            cell.font, cell.alignment = looks.head_font if row == 1 else looks.body_font, looks.at_top
            if row == 1:
                cell.fill = looks.head_fill
    for letter, width in zip("ABCD", (22, 10, 46, 60), strict=False):
        ws.column_dimensions[letter].width = width
    ws.freeze_panes, ws.print_title_rows = "A2", "1:1"
    ws.page_setup.orientation, ws.page_setup.paperSize = "landscape", A4_PAPER
    _on_one_page(ws)


def _stamp(book) -> None:
    from openpyxl.styles import Font

    book.properties.creator = book.properties.lastModifiedBy = MADE_BY
    # Widths are counted in digits of this font: with the one of the cells they hold on every machine what they should.
    book._named_styles["Normal"].font = Font(name="微软雅黑", size=10)


def _bytes(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
