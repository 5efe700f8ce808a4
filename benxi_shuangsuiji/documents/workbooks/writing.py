"""Writing .xlsx workbooks: text stays text, heads are styled, choices drop down, faults are marked.

A text that begins with = + - @ is never a formula in what we hand out (reliability.md X27, P21).

openpyxl is loaded with the first workbook that a process writes, not before: many pages know `OutColumn` and `table`,
few processes ever write one, and every start would wait for it.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from types import SimpleNamespace

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TEXT = "@"
MADE_BY = "本溪双随机"


@dataclass(frozen=True)
class OutColumn:
    """`choices` become a drop-down; `hint` a comment shown while the cell is chosen."""

    title: str
    width: float = 16
    choices: tuple[str, ...] = ()
    strict: bool = True
    hint: str = ""
    required: bool = False


@cache
def _looks() -> SimpleNamespace:
    """Fills, fonts and lines of the cells."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    return SimpleNamespace(
        head_fill=PatternFill("solid", start_color="0F5C6C"),
        optional_fill=PatternFill("solid", start_color="4C5A58"),
        bad_fill=PatternFill("solid", start_color="F6C9C3"),
        head_font=Font(name="微软雅黑", size=10.5, bold=True, color="FFFFFF"),
        body_font=Font(name="微软雅黑", size=10.5),
        remark_font=Font(name="微软雅黑", size=10.5, color="8C1D13"),
        line=Border(bottom=Side(style="thin", color="C9D1CE")),
        centred=Alignment(vertical="center", wrap_text=True),
        at_top=Alignment(vertical="top", wrap_text=True),
        wrapped=Alignment(wrap_text=True),
    )


def table(
    *,
    sheet: str,
    columns: Sequence[OutColumn],
    rows: Iterable[Sequence] = (),
    explanation: Sequence[Sequence[str]] = (),
    rows_prepared: int = 0,
) -> bytes:
    """Return a workbook with one table; `rows_prepared` empty rows are formatted as text for typing in."""
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    looks, book = _looks(), Workbook()
    _stamp(book)
    ws = book.active
    ws.title = sheet
    for number, column in enumerate(columns, start=1):
        cell = ws.cell(1, number)
        put(cell, column.title)
        cell.font, cell.border, cell.alignment = looks.head_font, looks.line, looks.centred
        cell.fill = looks.head_fill if column.required or not rows_prepared else looks.optional_fill
        letter = get_column_letter(number)
        ws.column_dimensions[letter].width = column.width
        # Whoever types a new row gets text cells, so that no code becomes a number (X29).
        ws.column_dimensions[letter].number_format = TEXT
    ws.row_dimensions[1].height = 30
    last = 1
    for last, row in enumerate(rows, start=2):
        for number, value in enumerate(row, start=1):
            cell = ws.cell(last, number)
            put(cell, value)
            cell.font = looks.body_font
    for blank in range(last + 1, last + 1 + rows_prepared):
        for number in range(1, len(columns) + 1):
            ws.cell(blank, number).number_format = TEXT
    ws.freeze_panes = "B2"
    ws.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    ws.page_setup.orientation, ws.page_setup.paperSize, ws.page_setup.fitToWidth = "landscape", ws.PAPERSIZE_A4, 1
    ws.page_setup.fitToHeight = 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.print_title_rows = "1:1"
    _drop_downs(book, ws, columns, max(last, last + rows_prepared, 2))
    if explanation:
        _explain(book, explanation)
    return _bytes(book)


def long_table(*, sheet: str, columns: Sequence[OutColumn], rows: Iterable[Sequence]) -> bytes:
    """The same for tens of thousands of rows, written one after the other: heads and values, no drop-downs."""
    return long_tables([(sheet, columns, rows)])


def long_tables(sheets: Iterable[tuple[str, Sequence[OutColumn], Iterable[Sequence]]]) -> bytes:
    """Several such tables in one workbook, each on its sheet."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    looks, book = _looks(), Workbook(write_only=True)
    _stamp(book)
    for title, columns, rows in sheets:
        ws = book.create_sheet(title)
        for number, column in enumerate(columns, start=1):
            ws.column_dimensions[get_column_letter(number)].width = column.width
        ws.freeze_panes = "B2"
        heads = [WriteOnlyCell(ws) for _ in columns]
        for cell, column in zip(heads, columns, strict=True):
            put(cell, column.title)
            cell.font, cell.fill = looks.head_font, looks.head_fill
        ws.append(heads)
        styles: dict[type, object] = {}
        blank = partial(WriteOnlyCell, ws)
        for row in rows:
            ws.append([_written_once(blank, value, styles) for value in row])
    return _bytes(book)


def _written_once(blank: Callable, value, styles: dict):
    """A value as `put` writes it; the style of each type is worked out for its first cell only."""
    if value is None or value == "":
        return None
    cell = blank()
    if value.__class__ is str and value.__class__ in styles:
        cell._value, cell.data_type = _NOT_IN_XML.sub("�", value), "s"
    else:
        put(cell, value)
        styles.setdefault(value.__class__, cell._style)
    cell._style = styles[value.__class__]
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
        cell.value = _NOT_IN_XML.sub("�", str(value))
        cell.data_type = "s"
        cell.quotePrefix = True
        cell.number_format = TEXT


def _drop_downs(book, ws, columns, last_row) -> None:
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
        rule.add(f"{letter}2:{letter}{last_row}")
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
    ws.freeze_panes = "A2"


def marked_copy(content: bytes, *, sheet: str, faults: dict[tuple[int, int], str], remarks: dict[int, str]) -> bytes:
    """Return the same workbook with faulty cells in red and commented, and one more column saying what is wrong.

    `faults`: (row, column) → text; column 0 marks the first cell. `remarks`: row → text of the added column.
    """
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import Protection
    from openpyxl.utils import get_column_letter

    looks, book = _looks(), load_workbook(io.BytesIO(content), keep_vba=False, keep_links=False)
    ws = book[sheet]
    at = ws.max_column + 1 if ws.max_column < 200 else 200
    merged = [str(area) for area in ws.merged_cells.ranges]
    for area in merged:
        ws.unmerge_cells(area)
    for (row, column), text in faults.items():
        cell = ws.cell(row, max(column, 1))
        cell.fill = looks.bad_fill
        cell.comment = Comment(_NOT_IN_XML.sub("", text)[:1000], MADE_BY, width=320, height=120)
    for row, text in remarks.items():
        cell = ws.cell(row, at)
        put(cell, text)
        cell.font, cell.alignment = looks.remark_font, looks.wrapped
    ws.column_dimensions[get_column_letter(at)].width = 60
    for row in ws.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                # What came in as a formula goes back as the text of the formula: our copy computes nothing.
                put(cell, str(cell.value))
            cell.protection = Protection(locked=False)
            cell.hyperlink = None
    return _bytes(book)


def _stamp(book) -> None:
    book.properties.creator = book.properties.lastModifiedBy = MADE_BY


def _bytes(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
