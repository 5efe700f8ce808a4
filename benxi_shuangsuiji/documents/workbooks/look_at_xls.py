"""What calamine does not tell of the sheets of an .xls: hidden rows and columns, cells with an error, cells out of reach.

The old format is a small file system (sectors of a compound file, [MS-CFB]) with one stream of records ([MS-XLS]). Only
what is needed is looked at; numbers of the format stand beside their names.
"""

import struct
from array import array
from collections.abc import Iterator

from benxi_shuangsuiji.documents.workbooks.limits import MAX_COLUMNS, Look

_BOF, _EOF, _SHEET, _ROW, _COLUMNS, _FORMULA, _ERROR = 0x0809, 0x000A, 0x0085, 0x0208, 0x007D, 0x0006, 0x0205
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_SMALL, _SMALL_SECTOR = 4096, 64  # shorter streams lie together in one, in smaller sectors


# NUMBER, RK, MULRK, LABEL, LABELSST: a cell with a value, or a row of them from the column named first.
_VALUES = (0x0203, 0x027E, 0x00BD, 0x0204, 0x00FD)


def looks_of(content: bytes) -> dict[str, Look]:
    """By the names of the sheets. Asked before calamine opens the file, which lays out all of its sheets at once."""
    stream = _workbook(content)
    sheets = [data for kind, data in _records(stream, 0) if kind == _SHEET]
    looks = {name: Look(name) for name in map(_name, sheets)}
    for data, look in zip(sheets, looks.values(), strict=False):
        if data[4] == 0:  # not hidden
            _fill_in(look, stream, struct.unpack_from("<I", data)[0])
    return looks


def _name(data: bytes) -> str:
    length, wide = data[6], data[7] & 1
    return data[8 : 8 + 2 * length].decode("utf-16-le", "replace") if wide else data[8 : 8 + length].decode("latin-1")


def _fill_in(look: Look, stream: bytes, start: int) -> None:
    for kind, data in _records(stream, start):
        if kind == _ROW:
            row, flags = struct.unpack_from("<H10xH", data)
            if flags & 0x20:
                look.hidden_rows.append(row + 1)
        elif kind == _COLUMNS:
            first, last, flags = struct.unpack_from("<HH4xH", data)
            if flags & 1:
                look.hidden_columns += range(first + 1, min(last + 1, MAX_COLUMNS) + 1)
        elif kind in _VALUES:
            row, column = struct.unpack_from("<HH", data)
            look.keep_within(row + 1, column + 1)
        elif kind in (_FORMULA, _ERROR):
            row, column = struct.unpack_from("<HH", data)
            look.keep_within(row + 1, column + 1)
            # An error is a constant, or the result of a formula, which is then no number but 02 .. XX .. FFFF.
            is_error = data[7] == 1 if kind == _ERROR else data[6] == 2 and data[12:14] == b"\xff\xff"
            if is_error:
                code = data[6] if kind == _ERROR else data[8]
                look.bad[row + 1, column + 1] = ("error", _ERRORS.get(code, "#?"))


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Those of one part of the stream, without the charts that lie inside it."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 0:
            return
        if depth == 1:
            yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook(content: bytes) -> bytes:
    """The stream of the workbook out of the compound file."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    directory_at, small_table_at, more_at = (struct.unpack_from("<I", content, at)[0] for at in (48, 60, 68))

    def sector(number: int) -> bytes:
        return content[(number + 1) * size : (number + 2) * size]

    table_sectors = list(struct.unpack_from("<109I", content, 76))
    for _ in range(len(content) // size):
        if (number := more_at) >= len(content) // size:
            break
        *more, more_at = _numbers(sector(number))
        table_sectors += more
    table = _numbers(b"".join(sector(number) for number in table_sectors if number < len(content) // size))

    def chain(start: int) -> bytes:
        return b"".join(sector(number) for number in _chain(table, start))

    directory = chain(directory_at)
    entries = [directory[at : at + 128] for at in range(0, len(directory), 128)]
    named = {entry[: max(entry[64] - 2, 0)].decode("utf-16-le", "replace"): entry for entry in entries}
    start, length = struct.unpack_from("<II", named.get("Workbook") or named["Book"], 116)
    if length >= _SMALL:
        return chain(start)[:length]
    small = chain(struct.unpack_from("<I", entries[0], 116)[0])
    numbers = _chain(_numbers(chain(small_table_at)), start)
    return b"".join(small[n * _SMALL_SECTOR : (n + 1) * _SMALL_SECTOR] for n in numbers)[:length]


def _chain(table: array, number: int) -> Iterator[int]:
    for _ in range(len(table)):  # one that runs in a circle ends, too
        if number >= len(table):
            return
        yield number
        number = table[number]


def _numbers(content: bytes) -> array:
    return array("I", content[: len(content) // 4 * 4])
