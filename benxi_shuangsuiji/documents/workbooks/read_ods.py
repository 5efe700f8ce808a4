"""OpenDocument tables (.ods), as LibreOffice and WPS write them: one walk over content.xml, which lays nothing out.

A cell or a row may stand for many (`number-columns-repeated`, `number-rows-repeated`): blank ones are only counted, others
written out within the limits of a sheet (X09, X14, X17).
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from xml.parsers import expat

from benxi_shuangsuiji.documents.workbooks.limits import MAX_COLUMNS, MIB, Look, Stop, bounded, damaged, entities, pack

MAX_TOLD = 200 * MIB  # characters of all rows together, repeated ones as often as they stand there
_URN = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _TEXT, _STYLE = (f"{_URN}{name}:1.0 " for name in ("table", "office", "text", "style"))
_DRAWING = f"{_URN}drawing:1.0 "
_CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
# What may hold paragraphs or tables of its own and is no cell: remarks, drawings, tracked changes, links.
_PASSED_OVER = {
    f"{_OFFICE}annotation",
    f"{_TABLE}shapes",
    f"{_TABLE}tracked-changes",
    f"{_TABLE}dde-links",
    f"{_OFFICE}forms",
}
_UNSEEN = ("collapse", "filter")
_ERROR = re.compile(r"#[A-Z/0]+[!?]?|Err:\d+")


class Ods:
    is_1904 = False

    def __init__(self, content: bytes):
        walk = _Walk()
        parser = expat.ParserCreate(None, " ")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = walk.start, walk.end
        parser.CharacterDataHandler, parser.StartDoctypeDeclHandler = walk.data, entities
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("content.xml") as stream:
                parser.ParseFile(stream)
        except (zipfile.BadZipFile, expat.ExpatError, KeyError, EOFError, ValueError) as e:
            raise damaged() from e
        self._sheets = {sheet.look.sheet: sheet for sheet in walk.sheets if not sheet.elsewhere}
        self.visible = [name for name, sheet in self._sheets.items() if not sheet.hidden]
        self.hidden = [name for name, sheet in self._sheets.items() if sheet.hidden]

    def look(self, name: str) -> Look:
        return self._sheets[name].look

    def rows(self, name: str) -> Iterator[list]:
        for first, times, text in self._sheets[name].rows:
            for number in range(first, first + times):
                yield [number, json.loads(text)]


class _Sheet:
    def __init__(self, name: str, hidden: bool):
        self.look, self.hidden = Look(name), hidden
        self.elsewhere = False
        self.rows: list[tuple[int, int, str]] = []  # first number, how many such rows, the cells of each as JSON
        self.row = self.column = 0  # how many rows and columns are behind us
        self.merged: list[tuple[int, int, int, int]] = []


class _Walk:
    def __init__(self):
        self.sheets: list[_Sheet] = []
        self.sheet: _Sheet | None = None
        self.style = ""
        self.hidden_styles: set[str] = set()
        self.passing = self.told = 0
        self.times, self.unseen = 1, False
        self.cells: list = []
        self.attrs = self.text = None
        self.paragraphs, self.in_paragraph = 0, False

    def start(self, tag, attrs):
        if self.passing or tag in _PASSED_OVER or tag.startswith(_DRAWING) or (self.sheet and tag == f"{_TABLE}table"):
            self.passing += 1
        elif tag.startswith(_TABLE):
            self._start_of_table(tag[len(_TABLE) :], attrs)
        elif tag.startswith(_TEXT) and self.text is not None:
            self._start_of_text(tag[len(_TEXT) :], attrs)
        elif tag == f"{_STYLE}style":
            self.style = attrs.get(f"{_STYLE}name", "")
        elif tag == f"{_STYLE}table-properties" and attrs.get(f"{_TABLE}display") == "false":
            self.hidden_styles.add(self.style)

    def _start_of_table(self, tag: str, attrs) -> None:
        sheet = self.sheet
        if tag == "table":
            hidden = attrs.get(f"{_TABLE}style-name", "-") in self.hidden_styles
            self.sheet = _Sheet(attrs.get(f"{_TABLE}name", ""), hidden)
            self.sheets.append(self.sheet)
        elif sheet is None:
            return
        elif tag == "table-source":
            sheet.elsewhere = True  # what LibreOffice remembers of another file
        elif tag == "table-column":
            many = _many(attrs, "number-columns-repeated")
            if attrs.get(f"{_TABLE}visibility") in _UNSEEN:
                last = min(sheet.column + many, MAX_COLUMNS)
                sheet.look.hidden_columns += range(sheet.column + 1, last + 1)
            sheet.column += many
        elif tag == "table-row":
            self.times, self.cells = _many(attrs, "number-rows-repeated"), []
            self.unseen, sheet.column = attrs.get(f"{_TABLE}visibility") in _UNSEEN, 0
        elif tag in ("table-cell", "covered-table-cell"):
            self.attrs, self.text, self.paragraphs = attrs, [], 0

    def _start_of_text(self, tag: str, attrs) -> None:
        if tag in ("p", "h"):
            if self.paragraphs:
                self.text.append("\n")
            self.paragraphs += 1
            self.in_paragraph = True
        elif tag == "s":
            self.text.append(" " * min(_number(attrs.get(f"{_TEXT}c")), 100))
        elif tag in ("tab", "line-break"):
            self.text.append("\t" if tag == "tab" else "\n")

    def data(self, text):
        if self.in_paragraph and not self.passing:
            self.text.append(text)

    def end(self, tag):
        if self.passing:
            self.passing -= 1
        elif tag in (f"{_TEXT}p", f"{_TEXT}h"):
            self.in_paragraph = False
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell") and self.sheet:
            self._cell()
        elif tag == f"{_TABLE}table-row" and self.sheet:
            self._row()
        elif tag == f"{_TABLE}table" and self.sheet:
            sheet, self.sheet = self.sheet, None
            look = sheet.look
            look.hidden_columns = [column for column in look.hidden_columns if column <= look.last_column]
            look.spans = bounded(sheet.merged, look.last_row)

    def _cell(self) -> None:
        sheet, attrs = self.sheet, self.attrs
        many, value = _many(attrs, "number-columns-repeated"), self._value()
        self.text, first = None, sheet.column + 1
        sheet.column += many
        down, right = _many(attrs, "number-rows-spanned"), _many(attrs, "number-columns-spanned")
        if down > 1 or right > 1:
            sheet.merged.append((sheet.row + 1, first, sheet.row + down, first + right - 1))
        if value is not None and not sheet.elsewhere:
            try:
                sheet.look.reach(sheet.row + self.times, sheet.column)
            except Stop as stop:
                self._give_up(sheet, stop)
                return
            self.cells += [None] * (first - 1 - len(self.cells)) + [value] * many

    def _give_up(self, sheet: _Sheet, stop: Stop) -> None:
        """A hidden sheet that is too large is no reason to refuse the others."""
        if not sheet.hidden:
            raise stop
        sheet.elsewhere, sheet.rows, self.cells = True, [], []

    def _row(self) -> None:
        sheet = self.sheet
        if self.cells:
            text = json.dumps(self.cells, ensure_ascii=False, separators=(",", ":"))
            self.told += len(text) * self.times
            if self.told > MAX_TOLD:
                self.told -= len(text) * self.times
                self._give_up(sheet, Stop("表里的内容过多，已拒绝。删去重复填充的区域，或拆成几份导入。"))
                return
            sheet.rows.append((sheet.row + 1, self.times, text))
            if self.unseen:
                sheet.look.hidden_rows += range(sheet.row + 1, sheet.row + self.times + 1)
        sheet.row += self.times
        self.cells = []

    def _value(self):
        attrs, text = self.attrs, "".join(self.text or ())
        kind, formula = attrs.get(f"{_OFFICE}value-type"), f"{_TABLE}formula" in attrs
        if attrs.get(f"{_CALC}value-type") == "error" or (formula and _ERROR.fullmatch(text)):
            return ["error", text]
        if kind in ("float", "percentage", "currency"):
            return pack(float(attrs.get(f"{_OFFICE}value", "nan")))
        if kind == "boolean":
            return attrs.get(f"{_OFFICE}boolean-value") == "true"
        if kind == "date":
            return pack(datetime.fromisoformat(attrs[f"{_OFFICE}date-value"]).replace(tzinfo=None))
        if kind is None and formula and not text:
            return ["formula", ""]
        return text or attrs.get(f"{_OFFICE}string-value") or None


def _many(attrs, name: str) -> int:
    return _number(attrs.get(f"{_TABLE}{name}"))


def _number(text: str | None) -> int:
    """A count as a file gives it; nothing, or nonsense, is one."""
    return max(int(text), 1) if text and text.isascii() and text.isdigit() and len(text) < 9 else 1
