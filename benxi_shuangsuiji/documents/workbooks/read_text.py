"""Tables as text (.csv, .txt): separated by commas, tabs or semicolons; every cell is text as it stands."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from benxi_shuangsuiji.documents.workbooks.limits import Look, Stop
from benxi_shuangsuiji.documents.workbooks.sniffing import encoding_of

_SEPARATORS = ",\t;"
_LINES_TRIED = 60
# ="0123": how programs keep Excel from taking a number for one.
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')


class Text:
    is_1904 = False
    visible = ["表格"]  # a text has one sheet, without a name
    hidden = ()

    def __init__(self, content: bytes):
        self._text = _decoded(content)
        self._separator = _separator_of(self._text)
        self._look = Look(self.visible[0])
        for number, cells in self.rows(self.visible[0]):
            self._look.reach(number, len(cells))

    def look(self, name: str) -> Look:
        return self._look

    def rows(self, name: str) -> Iterator[list]:
        """Numbered as a spreadsheet would: a quoted cell may hold line breaks."""
        number = 0
        try:
            for number, record in enumerate(self._records(strict=True), start=1):
                cells = [_cell(text) for text in record]
                while cells and cells[-1] is None:
                    cells.pop()
                if cells:
                    yield [number, cells]
        except csv.Error as e:
            raise Stop(f"第 {number + 1} 行的引号不成对。补上或删去这一行的引号，再上传。") from e

    def _records(self, **how):
        return csv.reader(io.StringIO(self._text, newline=""), delimiter=self._separator, **how)


def _decoded(content: bytes) -> str:
    try:
        return content.decode(encoding_of(content) or "gb18030")
    except UnicodeDecodeError as e:
        line = content.count(b"\n", 0, e.start) + 1
        raise Stop(f"第 {line} 行附近有认不出的字。用 Excel 或 WPS 打开后另存为 .xlsx，再上传。") from e


def _separator_of(text: str) -> str:
    """The one that parts most of the first lines into the same number of cells, and into more of them."""

    def regularity(separator: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=separator)
        try:
            widths = Counter(len(record) for record in islice(reader, _LINES_TRIED) if len(record) > 1)
        except csv.Error:
            return 0, 0
        return max(((lines, width) for width, lines in widths.items()), default=(0, 0))

    return max(_SEPARATORS, key=regularity)


def _cell(text: str) -> str | None:
    if match := _KEPT_AS_TEXT.fullmatch(text):
        text = match[1]
    return text if text and not text.isspace() else None
