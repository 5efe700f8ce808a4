"""Reading .xlsx workbooks that strangers bring (reliability.md C, X01–X19).

The zip directory is looked at before anything is unpacked. Unpacking and parsing happen in a child process with
limits on memory and time (`child`): whatever a hostile file does there, this process only reads a refusal.
Rows come one after the other while the child still reads, so that a large table is never whole in this process.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from benxi_shuangsuiji.documents.workbooks.child import MAX_SECONDS, MIB
from benxi_shuangsuiji.refusal import Refused

MAX_BYTES = 30 * MIB
MAX_UNPACKED = 400 * MIB
MAX_MEMBER = 300 * MIB
MAX_MEMBERS = 500
MAX_RATIO = 100
# A workbook above this size unpacked holds some two thousand rows: it is read in the background.
LARGE = 4 * MIB
_ROOT = Path(__file__).resolve().parents[3]
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
    """One visible worksheet. `first` pairs each of the first row numbers, as the spreadsheet shows them, with its cells."""

    name: str
    first: list[Row]
    last_row: int = 0
    merged: frozenset[tuple[int, int]] = frozenset()  # (row, column) hidden under a merged cell, both from 1
    hidden_rows: frozenset[int] = frozenset()
    serial_1904: bool = False


class Workbook:
    """A workbook open in the child process: its visible sheets, and their rows one by one."""

    def __init__(self, child: subprocess.Popen):
        self._child = child
        self.sheets = [_sheet(item) for item in self._items()]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Every row of a sheet that is not blank, with its number."""
        self._child.stdin.write(json.dumps(sheet.name).encode() + b"\n")
        self._child.stdin.flush()
        for number, cells in self._items():
            yield number, [_cell(c) if isinstance(c, list) else c for c in cells]

    def _items(self) -> Iterator:
        for line in self._child.stdout:
            if line == b'"end"\n':
                return
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
    child = subprocess.Popen(
        [sys.executable, "-m", "benxi_shuangsuiji.documents.workbooks.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    # The child's own limit counts the time it works; this one ends a child that hangs.
    slow = threading.Event()
    timer = threading.Timer(2 * MAX_SECONDS, lambda: (slow.set(), child.kill()))
    timer.daemon = True
    timer.start()
    try:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(len(content).to_bytes(8, "big") + content)
            child.stdin.flush()
        yield Workbook(child)
    except (Refused, BrokenPipeError) as trouble:
        if slow.is_set():
            raise Refused("这份表读取超过 4 分钟，已停止。把内容复制到新建的工作簿里，另存后重新上传。") from None
        raise trouble if isinstance(trouble, Refused) else Refused(_UNREADABLE) from None
    finally:
        timer.cancel()
        child.kill()
        for pipe in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                pipe.close()
        child.wait()


def is_large(content: bytes) -> bool:
    """Whether reading takes long enough to be left to the worker; called after `why_not_open`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return sum(m.file_size for m in archive.infolist()) > LARGE


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


def _sheet(item: dict) -> Sheet:
    return Sheet(
        name=item["sheet"],
        first=[(number, [_cell(c) for c in cells]) for number, cells in item["first"]],
        last_row=item["last"],
        merged=frozenset((r, c) for r, c in item["merged"]),
        hidden_rows=frozenset(item["hidden"]),
        serial_1904=item["1904"],
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
