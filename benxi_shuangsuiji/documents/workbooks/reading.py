"""Reading tables that strangers bring: .xlsx, .xls, .et, .ods, .csv, .txt (reliability.md C, X01–X19).

What kind of file it is, is told by its bytes (`sniffing`). Unpacking and parsing happen in a child process with limits on
memory and time (`child`): whatever a hostile file does there, this process only reads a refusal.
Rows come one after the other while the child still reads, so that a large table is never whole in this process.
"""

import contextlib
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from benxi_shuangsuiji.documents.limited import Child, limited_process
from benxi_shuangsuiji.documents.workbooks.limits import CHILD_SECONDS, FIRST_ROWS, MIB, SLOW, Span
from benxi_shuangsuiji.documents.workbooks.sniffing import ENDINGS, TYPES, kind_of, why_too_large
from benxi_shuangsuiji.refusal import Refused

__all__ = [
    "ENDINGS",
    "FIRST_ROWS",
    "Bad",
    "Cell",
    "Row",
    "Sheet",
    "Workbook",
    "content_type",
    "is_large",
    "open_workbook",
    "why_not_open",
    "why_too_large",
]

# A workbook above this size unpacked holds some two thousand rows: it is read in the background.
LARGE = 4 * MIB
# How much of that a byte of the other kinds says.
_DENSITY = {"xls": 2, "text": 4}
_UNREADABLE = "这份表读不出来：内容损坏，或者超出内存限制。用 Excel 或 WPS 打开后另存为 .xlsx，再上传。"


@dataclass(frozen=True)
class Bad:
    """A cell without a usable value: kind is "error" (#REF! …) or "formula" (never calculated)."""

    kind: str
    text: str = ""

    def __str__(self):
        return self.text


Cell = str | float | bool | date | datetime | Bad | None
Row = tuple[int, list[Cell]]


@dataclass(frozen=True)
class Sheet:
    """One worksheet. `first` pairs each of the first row numbers, as the spreadsheet shows them, with its cells.

    Rows, columns and spans (top, left, bottom, right, inclusive) count from 1.
    """

    name: str
    first: list[Row]
    last_row: int = 0
    merged: frozenset[tuple[int, int]] = frozenset()  # (row, column) hidden under a merged cell
    hidden_rows: frozenset[int] = frozenset()
    serial_1904: bool = False
    hidden_columns: frozenset[int] = frozenset()
    spans: tuple[Span, ...] = ()
    source: str = ""  # the name of the sheet of which it is a part: the columns from `left` to `right`
    left: int = 0
    right: int | None = None

    def part(self, name: str, head: int, left: int, right: int) -> "Sheet":
        """The columns of one of several tables side by side; what stands above their heads is about each of them."""
        cut = replace(self, name=name, source=self.name, left=left, right=right)
        first = [(n, cells if n < head else part) for n, cells in self.first if n < head or (part := cut.cut(cells))]
        spans = tuple(
            (t, max(a - left, 1), b, min(z, right) - left) for t, a, b, z in self.spans if a <= right and z > left
        )
        hidden = frozenset(at - left for at in self.hidden_columns if left < at <= right)
        return replace(cut, first=first, spans=spans, hidden_columns=hidden)

    def cut(self, cells: list[Cell]) -> list[Cell]:
        """Of a row what belongs to the part; the only text of a row is a title, which belongs to all parts."""
        if not self.source:
            return cells
        own, texts = cells[self.left : self.right], [c for c in cells if c is not None]
        return own if any(c is not None for c in own) else texts if len(texts) == 1 else []


class Workbook:
    """A workbook open in the child process: its visible sheets, and their rows one by one; the `hidden` ones apart."""

    def __init__(self, child: Child):
        self._child = child
        self.hidden = [_sheet(item) for item in self._items()]
        self.sheets = [_sheet(item) for item in self._items()]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Every row of a sheet that is not blank, with its number."""
        self._child.stdin.write(json.dumps(sheet.source or sheet.name).encode() + b"\n")
        self._child.stdin.flush()
        for some in self._items():
            for number, cells in some:
                if row := sheet.cut([_cell(c) if c.__class__ is list else c for c in cells]):
                    yield number, row

    def _items(self) -> Iterator:
        for line in self._child.lines():
            if line == b'"end"\n':
                return
            if not line.endswith(b"\n"):
                break  # the child was ended in the middle of it
            item = json.loads(line)
            if isinstance(item, dict) and "refused" in item:
                raise Refused(item["refused"])
            yield item
        raise Refused(_UNREADABLE)


@contextlib.contextmanager
def open_workbook(content: bytes) -> Iterator[Workbook]:
    """Open a workbook, or refuse with a sentence that says what the file is and what to do."""
    if obstacle := why_not_open(content):
        raise Refused(obstacle)
    with limited_process("workbooks.child", content, trouble=_UNREADABLE, slow=SLOW, seconds=CHILD_SECONDS) as child:
        yield Workbook(child)


def is_large(content: bytes) -> bool:
    """Whether reading takes long enough to be left to the worker; called after `why_not_open`."""
    kind, _ = kind_of(content)
    if kind in _DENSITY:
        return len(content) * _DENSITY[kind] > LARGE
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(m.file_size for m in archive.infolist()) > LARGE


def why_not_open(content: bytes) -> str:
    """Say why these bytes are not a table we open, from their beginning and the zip directory alone."""
    if not content:
        return "文件是空的（0 字节）。重新导出或另存后再上传。"
    return why_too_large(len(content)) or kind_of(content)[1]


def content_type(content: bytes) -> str:
    """What a stored table is, whatever its name says."""
    return TYPES.get(kind_of(content)[0], "application/octet-stream")


def _sheet(item: dict) -> Sheet:
    spans = tuple(tuple(span) for span in item["spans"])
    return Sheet(
        name=item["sheet"],
        first=[(number, [_cell(c) for c in cells]) for number, cells in item["first"]],
        last_row=item["last"],
        merged=frozenset(
            (row, column)
            for top, left, bottom, right in spans
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        ),
        hidden_rows=frozenset(item["hidden"]),
        serial_1904=item["1904"],
        hidden_columns=frozenset(item["hidden_columns"]),
        spans=spans,
    )


def _cell(packed) -> Cell:
    if not isinstance(packed, list):
        return packed
    kind, text = packed
    if kind == "d":
        return date.fromisoformat(text)
    if kind == "t":
        return datetime.fromisoformat(text)
    return Bad(kind, text)
