"""Reading .xlsx workbooks that strangers bring (reliability.md C, X01–X19).

The zip directory is looked at before anything is unpacked. Unpacking and parsing happen in a child process with
limits on memory and time: whatever a hostile file does there, the web process only reads a refusal.
"""

import contextlib
import io
import json
import os
import posixpath
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from benxi_shuangsuiji.refusal import Refused

MIB = 1024 * 1024
MAX_BYTES = 30 * MIB
MAX_UNPACKED = 400 * MIB
MAX_MEMBER = 300 * MIB
MAX_MEMBERS = 500
MAX_RATIO = 100
MAX_ROWS = 100_000
MAX_COLUMNS = 100
MAX_SECONDS = 120
MAX_MEMORY = 1024 * MIB
MAX_BLANK_ROWS = 200
_ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Bad:
    """A cell without a usable value: kind is "error" (#REF! …) or "formula" (never calculated)."""

    kind: str
    text: str = ""

    def __str__(self):
        return self.text


Cell = str | float | bool | date | datetime | Bad | None


@dataclass(frozen=True)
class Sheet:
    """One visible worksheet. `rows` pairs each row number, as the spreadsheet shows it, with its cells."""

    name: str
    rows: list[tuple[int, list[Cell]]]
    merged: frozenset[tuple[int, int]] = frozenset()  # (row, column) hidden under a merged cell, both from 1
    hidden_rows: frozenset[int] = frozenset()
    serial_1904: bool = False
    notes: list[str] = field(default_factory=list)


def read_workbook(content: bytes) -> list[Sheet]:
    """Return the visible worksheets, or refuse with a sentence that says what the file is and what to do."""
    if obstacle := why_not_open(content):
        raise Refused(obstacle)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benxi_shuangsuiji.documents.workbooks_in"],
            input=content,
            capture_output=True,
            timeout=MAX_SECONDS,
            cwd=_ROOT,
            env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refused("这份表读取超过 2 分钟，已停止。把内容复制到新建的工作簿里，另存后重新上传。") from None
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    if done.returncode != 0 or not lines or lines[-1] != '"end"':
        raise Refused("这份表读不出来：内容损坏，或者超出内存限制。用 Excel 或 WPS 打开后另存为 .xlsx，再上传。")
    return _unpacked(lines[:-1])


def why_not_open(content: bytes) -> str:
    """Say why these bytes are not a workbook we open, from the header and the zip directory alone."""
    if not content:
        return "文件是空的（0 字节）。重新导出或另存后再上传。"
    if len(content) > MAX_BYTES:
        return f"文件有 {len(content) // MIB} MB，最多 30 MB。拆成几份分别导入。"
    if not content.startswith(b"PK"):
        return _what_else(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        return "文件不完整，可能没有传完。重新上传；仍不行时用 Excel 打开后另存为 .xlsx。"
    names = {m.filename for m in members}
    if any(m.flag_bits & 1 for m in members):
        return "文件已加密。去除密码后另存为 .xlsx，再上传。"
    if len(members) > MAX_MEMBERS:
        return f"压缩包成员过多（{len(members)} 个，最多 {MAX_MEMBERS} 个），不像一份工作簿。把内容复制到新建的工作簿里再上传。"
    unpacked = sum(m.file_size for m in members)
    if unpacked > MAX_UNPACKED or any(m.file_size > MAX_MEMBER for m in members):
        return "解压后超过 400 MiB，已拒绝。删去空白的格式化区域和图片，或拆成几份导入。"
    if unpacked > 20 * MIB and unpacked > MAX_RATIO * len(content):
        return "压缩比异常（解压后是文件的 100 倍以上），已拒绝。把内容复制到新建的工作簿里再上传。"
    if any("vbaproject" in n.lower() for n in names):
        return "含宏的文件不接受。另存为不含宏的 .xlsx，再上传。"
    if "[Content_Types].xml" not in names or not any(n.endswith("workbook.xml") for n in names):
        return "压缩包内没有工作簿。上传 .xlsx 文件本身，不要打包成 zip。"
    return ""


def _what_else(content: bytes) -> str:
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "文件已加密。去除密码后另存为 .xlsx，再上传。"
        return "这是旧版 .xls 文件。用 Excel 或 WPS 打开，另存为 .xlsx，再上传。"
    start = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta")) or b"<table" in start:
        return "不是有效的 .xlsx 文件（看起来是网页表格）。打开后另存为 .xlsx，再上传。"
    for encoding in ("utf-8", "gb18030", "utf-16"):
        with contextlib.suppress(UnicodeDecodeError):
            text = content[:4096].decode(encoding, "strict" if len(content) <= 4096 else "ignore")
            if "\x00" not in text and any(mark in text for mark in ",\t;"):
                return "不是有效的 .xlsx 文件（看起来是 CSV）。用 Excel 打开后另存为 .xlsx，再上传。"
    return "不是有效的 .xlsx 文件。用 Excel 或 WPS 打开后另存为 .xlsx，再上传。"


def _unpacked(lines: list[str]) -> list[Sheet]:
    sheets: list[Sheet] = []
    for line in lines:
        item = json.loads(line)
        if isinstance(item, dict):
            if "refused" in item:
                raise Refused(item["refused"])
            sheets.append(
                Sheet(
                    name=item["sheet"],
                    rows=[],
                    merged=frozenset((r, c) for r, c in item["merged"]),
                    hidden_rows=frozenset(item["hidden"]),
                    serial_1904=item["1904"],
                )
            )
        else:
            number, cells = item
            sheets[-1].rows.append((number, [_cell(c) for c in cells]))
    return sheets


def _cell(packed) -> Cell:
    if not isinstance(packed, list):
        return packed
    kind, text = packed
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "t":
        return datetime.fromisoformat(text)
    return Bad(kind, text)


# --- the child process: everything below runs under limits -------------------------------------------------------


class _Stop(Exception):
    """The file is refused; the text is the reason."""


def _main() -> None:
    _limit()
    content = sys.stdin.buffer.read()
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n")
    try:
        for item in _read(content):
            out.write(json.dumps(item, ensure_ascii=False) + "\n")
    except _Stop as stop:
        out.write(json.dumps({"refused": str(stop)}) + "\n")
    out.write('"end"\n')
    out.flush()


def _limit() -> None:
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(content: bytes):
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        try:
            _no_entities(archive)
            parts, is_1904 = _sheet_parts(archive)
            workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
            visible = [
                m.name
                for m in workbook.sheets_metadata
                if m.typ == SheetTypeEnum.WorkSheet and m.visible == SheetVisibleEnum.Visible and m.name in parts
            ]
            if not visible:
                raise _Stop("工作簿里没有可以读取的工作表。把内容放在一张没有隐藏的工作表里。")
            for name in visible:
                yield from _sheet(workbook, name, _look_through(archive, parts[name], name), is_1904)
        except (zipfile.BadZipFile, CalamineError, ElementTree.ParseError, expat.ExpatError, KeyError, EOFError) as e:
            raise _Stop("文件不完整或已损坏。用 Excel 或 WPS 打开后另存为 .xlsx，再上传。") from e


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
                f"工作表“{self.sheet}”第 {self.row} 行有内容，最多 {MAX_ROWS} 行。拆成几份，或删去表格下方多余的内容。"
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


def _look_through(archive, part: str, sheet: str) -> _Look:
    look = _Look(sheet)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = look.start, look.end
    parser.CharacterDataHandler = look.data
    with archive.open(part) as stream:
        parser.ParseFile(stream)
    return look


def _sheet(workbook, name: str, look: _Look, is_1904: bool):
    sheet = workbook.get_sheet_by_name(name)
    covered = []
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or []:
        if (bottom - top + 1) * (right - left + 1) < 100_000:
            covered += [
                (r + 1, c + 1)
                for r in range(top, bottom + 1)
                for c in range(left, min(right, MAX_COLUMNS) + 1)
                if (r, c) != (top, left)
            ]
    yield {"sheet": name, "merged": covered[:200_000], "hidden": look.hidden, "1904": is_1904}
    if not look.last_row:
        return
    blank = 0
    bad_rows: dict[int, list[tuple[int, tuple[str, str]]]] = {}
    for (row, column), trouble in look.bad.items():
        bad_rows.setdefault(row, []).append((column, trouble))
    for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
        cells = [_pack(v) for v in values]
        for column, trouble in bad_rows.get(number, ()):
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
