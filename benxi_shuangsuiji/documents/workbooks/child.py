"""The process in which a stranger's workbook is unpacked and parsed, under limits on memory and time (X09–X19).

It takes the file on its input, tells the visible sheets with their first rows, and then the rows of each sheet asked
for by name; everything goes out as one JSON text a line. It imports nothing of the application.
"""

import contextlib
import io
import json
import posixpath
import re
import sys
import zipfile
from datetime import date, datetime, time
from xml.etree import ElementTree
from xml.parsers import expat

MIB = 1024 * 1024
MAX_DATA_ROWS = 100_000
FIRST_ROWS = 12  # told of every sheet, so that the heads can be looked for
MAX_ROWS = MAX_DATA_ROWS + FIRST_ROWS
MAX_COLUMNS = 100
MAX_SECONDS = 120
MAX_MEMORY = 1024 * MIB
MAX_BLANK_ROWS = 200


class _Stop(Exception):
    """The file is refused; the text is the reason."""


def _main() -> None:
    _limit()
    source = sys.stdin.buffer
    content = source.read(int.from_bytes(source.read(8), "big"))
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n")
    try:
        book = _Book(content)
        _tell(out, book.sheets())
        for line in source:
            _tell(out, book.rows(json.loads(line)))
    except _Stop as stop:
        _tell(out, [{"refused": str(stop)}])


def _tell(out, items) -> None:
    write, dumps = out.write, json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for item in items:
        write(dumps(item) + "\n")
    write('"end"\n')
    out.flush()


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class _Book:
    def __init__(self, content: bytes):
        from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                _no_entities(archive)
                parts, self.is_1904 = _sheet_parts(archive)
                self.workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
                self.visible = [
                    m.name
                    for m in self.workbook.sheets_metadata
                    if m.typ == SheetTypeEnum.WorkSheet and m.visible == SheetVisibleEnum.Visible and m.name in parts
                ]
                if not self.visible:
                    raise _Stop("工作簿里没有可以读取的工作表。把内容放在一张没有隐藏的工作表里。")
                self.looks = {name: _look_through(archive, parts[name], name) for name in self.visible}
        except (zipfile.BadZipFile, CalamineError, ElementTree.ParseError, expat.ExpatError, KeyError, EOFError) as e:
            raise _damaged() from e
        self.damage = CalamineError
        self.kept = None  # the sheet loaded last: with one sheet it is read once

    def sheets(self):
        for name in self.visible:
            sheet = self._load(name)
            covered = []
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
                if (bottom - top + 1) * (right - left + 1) < 100_000:
                    covered += [
                        (r + 1, c + 1)
                        for r in range(top, bottom + 1)
                        for c in range(left, min(right, MAX_COLUMNS) + 1)
                        if (r, c) != (top, left)
                    ]
            first = []
            for row in self.rows(name):
                if row[0] > FIRST_ROWS:
                    break
                first.append(row)
            look = self.looks[name]
            yield {
                "sheet": name,
                "first": first,
                "last": look.last_row,
                "merged": covered[:200_000],
                "hidden": look.hidden,
                "1904": self.is_1904,
            }

    def rows(self, name: str):
        look = self.looks[name]
        if not look.last_row:
            return
        bad_rows: dict[int, list[tuple[int, tuple[str, str]]]] = {}
        for (row, column), trouble in look.bad.items():
            bad_rows.setdefault(row, []).append((column, trouble))
        blank = 0
        sheet = self._load(name)
        left = [None] * (sheet.start or (0, 0))[1]  # rows begin at row 1, columns at the first that is used
        for number, values in enumerate(sheet.iter_rows(), start=1):
            cells = left + [v if v.__class__ is str and v else _pack(v) for v in values]
            if number in bad_rows:
                for column, trouble in bad_rows[number]:
                    cells += [None] * (column - len(cells))
                    cells[column - 1] = list(trouble)
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                blank = 0
                yield [number, cells]
            else:
                blank += 1
                if blank > MAX_BLANK_ROWS:
                    return

    def _load(self, name: str):
        if self.kept is None or self.kept[0] != name:
            self.kept = None
            try:
                self.kept = name, self.workbook.get_sheet_by_name(name)
            except self.damage as e:
                raise _damaged() from e
        return self.kept[1]


def _damaged() -> _Stop:
    return _Stop("文件不完整或已损坏。用 Excel 或 WPS 打开后另存为 .xlsx，再上传。")


def _no_entities(archive) -> None:
    for member in archive.infolist():
        if member.filename.lower().endswith((".xml", ".rels")):
            with archive.open(member) as part:
                start = part.read(65536).replace(b"\x00", b"")
            if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
                raise _Stop("文件含有不允许的实体定义（DTD）。把内容复制到新建的工作簿里再上传。")
            if b"macroEnabled" in start and member.filename == "[Content_Types].xml":
                raise _Stop("含宏的文件不接受。另存为不含宏的 .xlsx，再上传。")


def _sheet_parts(archive) -> tuple[dict[str, str], bool]:
    """Sheet name → part of the zip, and whether the workbook counts days from 1904."""
    book_part = next(m.filename for m in archive.infolist() if m.filename.endswith("workbook.xml"))
    folder = posixpath.dirname(book_part)
    rels = ElementTree.fromstring(archive.read(f"{folder}/_rels/{posixpath.basename(book_part)}.rels"))
    targets = {}
    for rel in rels:
        target = rel.get("Target", "")
        targets[rel.get("Id")] = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
    book = ElementTree.fromstring(archive.read(book_part))
    parts, is_1904 = {}, False
    for element in book.iter():
        tag = element.tag.rpartition("}")[2]
        if tag == "workbookPr":
            is_1904 = element.get("date1904") in ("1", "true")
        elif tag == "sheet":
            rel_id = next((v for k, v in element.attrib.items() if k.endswith("}id")), "")
            parts[element.get("name", "")] = posixpath.normpath(targets.get(rel_id, ""))
    names = set(archive.namelist())
    return {n: p for n, p in parts.items() if p in names}, is_1904


class _Look:
    """Walk a sheet's XML without building it: where cells really are, and which have no usable value.

    Needed before calamine, which lays the sheet out as a rectangle (one cell at XFD1048576 would fill all memory),
    and reads errors and uncalculated formulas as empty.
    """

    REF = re.compile(r"([A-Z]{1,3})([0-9]{1,7})$")

    def __init__(self, sheet: str):
        self.sheet, self.bad, self.hidden, self.row, self.column = sheet, {}, [], 0, 0
        self.last_row = self.last_column = 0
        self.kind = self.text = None
        self.has_formula = self.has_value = False

    def start(self, tag, attrs):
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self.column += 1
            if match := self.REF.match(attrs.get("r", "")):
                self.column, self.row = _column_number(match[1]), int(match[2])
            self.kind, self.text = attrs.get("t"), None
            self.has_formula = self.has_value = False
        elif tag == "row":
            self.row = int(attrs["r"]) if attrs.get("r", "").isdigit() else self.row + 1
            self.column = 0
            if attrs.get("hidden") in ("1", "true") and len(self.hidden) < MAX_ROWS:
                self.hidden.append(self.row)
        elif tag == "f":
            self.has_formula = True
        elif tag in ("v", "is"):
            self.has_value, self.text = True, []

    def data(self, text):
        if self.text is not None:
            self.text.append(text)

    def end(self, tag):
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell()
            self.text = None

    def _cell(self):
        text = "".join(self.text or [])
        if not self.has_value and not self.has_formula:
            return
        if self.row > MAX_ROWS:
            raise _Stop(
                f"工作表“{self.sheet}”第 {self.row:,} 行有内容，一张表最多 {MAX_DATA_ROWS:,} 行。"
                "拆成几份分别导入，或删去表格下方多余的内容。"
            )
        if self.column > MAX_COLUMNS:
            raise _Stop(
                f"工作表“{self.sheet}”第 {self.row} 行第 {self.column} 列有内容，最多 {MAX_COLUMNS} 列。删去表格右侧多余的内容。"
            )
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.kind == "e":
            self.bad[self.row, self.column] = ("error", text)
        elif self.has_formula and not text:
            self.bad[self.row, self.column] = ("formula", "")


# A cell that is not what Excel, WPS and openpyxl write for a plain value within the limits, to the byte.
_ODD_CELL = re.compile(
    rb'<c(?=[\s/>])(?! r="(?:[A-Z]|[AB][A-Z]|C[A-V])(?:[1-9][0-9]{0,4}|1000(?:0[0-9]|1[0-2]))"'
    rb'(?: s="[0-9]+")?(?: t="(?:s|n|str|inlineStr|b)")?/?>)'
)
_PLAIN_ROW = re.compile(rb'<row r="([1-9][0-9]{0,5})"([^>]*)>')
_BLOCK = 4 * MIB


def _look_through(archive, part: str, sheet: str) -> _Look:
    look = _Look(sheet)
    with archive.open(part) as stream:
        if _look_quickly(stream, look):
            return look
    look = _Look(sheet)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.CharacterDataHandler = look.data
    with archive.open(part) as stream:
        parser.ParseFile(stream)
    return look


def _look_quickly(stream, look: _Look) -> bool:
    """The same as the walk for a sheet of plain cells, by patterns; False as soon as anything is not plain.

    A hundred thousand rows take a second instead of twenty. What does not match to the byte (formulas, errors, cells
    without an address, other prefixes or encodings) is left to the walk, so that nothing can slip through here.
    """
    rest, first = b"", True
    while data := stream.read(_BLOCK):
        block = rest + data
        end = block.rfind(b"</row>") + 6
        if first:
            if b"\x00" in block or block.count(b"xmlns", 0, 65536) != block.count(
                b"xmlns", 0, block.find(b"<sheetData")
            ):
                return False
            root = re.search(rb"<(?!\?)[^>]*>", block)
            if root is None or not root[0].startswith(b"<worksheet "):
                return False
            first = False
        elif b"xmlns" in block:
            return False
        if end < 6:
            if len(block) > 8 * _BLOCK:
                return False
            rest = block
            continue
        block, rest = block[:end], block[end:]
        if not _plain_block(block, look):
            return False
    return not first and b"<c" not in rest.replace(b"<col", b"").replace(b"<conditional", b"").replace(b"<cf", b"")


def _plain_block(block: bytes, look: _Look) -> bool:
    if _ODD_CELL.search(block) or b"<f" in block or b"<!" in block:
        return False
    rows = _PLAIN_ROW.findall(block)
    if len(rows) != block.count(b"<row"):
        return False
    last = max((int(number) for number, _ in rows), default=0)
    if last > MAX_ROWS:
        return False  # the walk says which cell stands there, or that the rows are empty
    look.last_row = max(look.last_row, last if b"<c " in block else 0)
    for number, rest in rows:
        if b"hidden" in rest and (b'hidden="1"' in rest or b'hidden="true"' in rest):
            look.hidden.append(int(number))
    return True


def _pack(value):
    if value is None or value == "":
        return None
    if isinstance(value, bool | str):
        return value
    if isinstance(value, datetime):
        return ["d", value.date().isoformat()] if value.time() == time() else ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, int | float):
        return float(value) if value == value and abs(value) != float("inf") else str(value)
    return str(value)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


if __name__ == "__main__":
    _main()
