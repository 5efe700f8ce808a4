"""Excel's workbooks, .xlsx and .xls, also as WPS names them (.et): read by calamine."""

import contextlib
import io
import posixpath
import struct
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers import expat

from benxi_shuangsuiji.documents.workbooks.limits import MAX_COLUMNS, Look, Stop, bounded, damaged, pack
from benxi_shuangsuiji.documents.workbooks.look_at_xls import looks_of
from benxi_shuangsuiji.documents.workbooks.look_through import look_through


class _Excel:
    """What both have in common. `looks` of the visible sheets are there, or come with the sheet (`look`)."""

    is_1904 = False

    def __init__(self, content: bytes):
        from python_calamine import CalamineError, SheetTypeEnum, SheetVisibleEnum

        self._damage = CalamineError
        try:
            self._workbook = _opened(content)
        except CalamineError as e:
            raise damaged() from e
        sheets = [m for m in self._workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        self.visible = [m.name for m in sheets if m.visible == SheetVisibleEnum.Visible]
        self.hidden = [m.name for m in sheets if m.visible != SheetVisibleEnum.Visible]
        self._looks: dict[str, Look] = {}
        self._kept = None  # the sheet loaded last: with one sheet it is read once

    def look(self, name: str) -> Look:
        """Where the sheet ends: the walk knows of empty texts, calamine of rows that are only formatted."""
        look = self._looks.setdefault(name, Look(name))
        sheet = self._load(name)
        bottom, right = sheet.end or (-1, -1)
        look.last_row = max([min(bottom + 1, look.last_row or bottom + 1), *(row for row, _ in look.bad)])
        look.last_column = max([right + 1, *(column for _, column in look.bad)])
        look.hidden_columns = [column for column in look.hidden_columns if column <= look.last_column]
        merged = ((t + 1, le + 1, b + 1, r + 1) for (t, le), (b, r) in sheet.merged_cell_ranges or [])
        look.spans = bounded(merged, look.last_row)
        return look

    def rows(self, name: str):
        bad_rows: dict[int, list[tuple[int, tuple[str, str]]]] = {}
        for (row, column), trouble in self._looks.setdefault(name, Look(name)).bad.items():
            bad_rows.setdefault(row, []).append((column, trouble))
        sheet = self._load(name)
        left = [None] * (sheet.start or (0, 0))[1]  # rows begin at row 1, columns at the first that is used
        number = 0
        for number, values in enumerate(sheet.iter_rows(), start=1):
            cells = left + [v or None if v.__class__ is str else pack(v) for v in values]
            if number in bad_rows:
                _put_in(cells, bad_rows.pop(number))
            while cells and cells[-1] is None:
                cells.pop()
            if cells:
                yield [number, cells]
        for number, troubles in sorted(bad_rows.items()):  # below everything that calamine sees
            cells = []
            _put_in(cells, troubles)
            yield [number, cells]

    def _load(self, name: str):
        if self._kept is None or self._kept[0] != name:
            self._kept = None
            try:
                self._kept = name, self._workbook.get_sheet_by_name(name)
            except self._damage as e:
                raise damaged() from e
        return self._kept[1]


class Xlsx(_Excel):
    """The parts of the zip are looked through before calamine lays a sheet out."""

    def __init__(self, content: bytes):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts, self.is_1904 = _sheet_parts(archive)
                super().__init__(content)
                self.visible = [name for name in self.visible if name in parts]
                self._looks = {name: look_through(archive, parts[name], name) for name in self.visible}
                self.hidden = [
                    name for name in self.hidden if name in parts and self._look_at_hidden(archive, parts, name)
                ]
        except (zipfile.BadZipFile, ElementTree.ParseError, expat.ExpatError, KeyError, EOFError) as e:
            raise damaged() from e

    def _look_at_hidden(self, archive, parts: dict[str, str], name: str) -> bool:
        """A hidden sheet that is too large, or damaged, is no reason to refuse the others."""
        with contextlib.suppress(Stop, expat.ExpatError):
            self._looks[name] = look_through(archive, parts[name], name)
        return name in self._looks


class Xls(_Excel):
    """A sheet of the old format has at most 65,536 rows and 256 columns."""

    def __init__(self, content: bytes):
        looks: dict[str, Look] = {}
        with contextlib.suppress(
            struct.error, ValueError, LookupError
        ):  # what calamine reads is read without this, too
            looks = looks_of(content)
        super().__init__(content)
        self._looks = looks

    def look(self, name: str) -> Look:
        look = super().look(name)
        if look.last_column > MAX_COLUMNS:
            for number, cells in self.rows(name):
                look.reach(number, len(cells))
        return look


def _opened(content: bytes):
    """Calamine reads a file as it needs it; bytes it would keep, twice while it looks what they are."""
    from python_calamine import CalamineWorkbook

    if not Path("/proc/self/fd").exists():
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    with tempfile.TemporaryFile() as file:  # without a name: nothing is left of it, however this process ends
        file.write(content)
        file.flush()
        return CalamineWorkbook.from_path(f"/proc/self/fd/{file.fileno()}")


def _put_in(cells: list, troubles) -> None:
    for column, trouble in troubles:
        cells += [None] * (column - len(cells))
        cells[column - 1] = list(trouble)


def _sheet_parts(archive) -> tuple[dict[str, str], bool]:
    """Sheet name → part of the zip, and whether the workbook counts days from 1904."""
    book_part = next((m.filename for m in archive.infolist() if m.filename.endswith("workbook.xml")), None)
    if book_part is None:
        raise damaged()
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
