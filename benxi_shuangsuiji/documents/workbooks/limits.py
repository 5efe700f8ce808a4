"""What a table may hold, ours or a stranger's, and under which limits the processes work that open one (X09–X17)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time

from benxi_shuangsuiji.documents.limited import put_limits

MIB = 1024 * 1024
MAX_DATA_ROWS = 100_000
FIRST_ROWS = 32  # told of every sheet, so that the heads can be looked for
MAX_ROWS = MAX_DATA_ROWS + FIRST_ROWS
MAX_COLUMNS = 100
MAX_SECONDS = 120
CHILD_SECONDS = (
    2 * MAX_SECONDS
)  # the child's own limit counts the time it works; after this one without a word it hangs
SLOW = "这份表读取超过 4 分钟，已停止。把内容复制到新建的工作簿里，另存后重新上传。"
MAX_MEMORY = 1024 * MIB
MAX_SPANS, MAX_COVERED = 20_000, 200_000  # merged ranges told of a sheet, and the cells under them

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
TEXT = "@"  # the format of cells that are text whatever they look like
MADE_BY = "双随机、一公开"  # the author that every workbook names
A4_PAPER, A3_PAPER = 9, 8  # their numbers in the format of a workbook
HEAD = "核对结果"  # of the column that a marked copy adds

Span = tuple[int, int, int, int]  # top, left, bottom, right, from 1, inclusive


class Stop(Exception):
    """The file is refused; the text is the reason."""


@dataclass
class Look:
    """What is known of a sheet besides its cells. `bad`: (row, column) → why that cell has no usable value."""

    sheet: str
    last_row: int = 0
    last_column: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    bad: dict[tuple[int, int], tuple[str, str]] = field(default_factory=dict)

    def reach(self, row: int, column: int) -> None:
        """There is something in this cell: it must lie within the limits."""
        self.keep_within(row, column)
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def keep_within(self, row: int, column: int) -> None:
        if row > MAX_ROWS:
            raise Stop(
                f"工作表“{self.sheet}”第 {row:,} 行有内容，一张表最多 {MAX_DATA_ROWS:,} 行。"
                "拆成几份分别导入，或删去表格下方多余的内容。"
            )
        if column > MAX_COLUMNS:
            raise Stop(
                f"工作表“{self.sheet}”第 {row} 行第 {column} 列有内容，最多 {MAX_COLUMNS} 列。删去表格右侧多余的内容。"
            )


def limit() -> None:
    """Put the limits on this process."""
    put_limits(memory=MAX_MEMORY, seconds=MAX_SECONDS)


def damaged() -> Stop:
    return Stop("文件不完整或已损坏。用 Excel 或 WPS 打开后另存为 .xlsx，再上传。")


def entities(*_) -> None:
    """An XML parser's handler of a document type: there is none in a workbook."""
    raise Stop("文件含有不允许的实体定义（DTD）。把内容复制到新建的工作簿里再上传。")


def encrypted() -> Stop:
    return Stop("文件已加密。去除密码后另存，再上传。")


def bounded(spans: Iterable[Span], last_row: int) -> list[Span]:
    """The merged ranges that may be told: of one that runs down the whole sheet, the part beside its rows."""
    kept: list[Span] = []
    covered = 0
    for top, left, bottom, right in spans:
        bottom, right = min(bottom, MAX_ROWS), min(right, MAX_COLUMNS)
        if (bottom - top + 1) * (right - left + 1) > MAX_COVERED // 2:
            bottom = min(bottom, last_row)
        size = (bottom - top + 1) * (right - left + 1)
        if bottom < top or right < left or size < 2 or covered + size > MAX_COVERED:
            continue
        covered += size
        kept.append((top, left, bottom, right))
        if len(kept) == MAX_SPANS:
            break
    return kept


def pack(value):
    """A value as it goes through the pipe: text, number and truth as they are, the others as [kind, text]."""
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
