"""The process in which a stranger's table is unpacked and parsed, under limits on memory and time (X09–X19).

It takes the file on its input, tells the hidden sheets and then the visible ones with their first rows, and then the rows of
each sheet asked for by name, some at a time; everything goes out as one JSON text a line. It imports nothing of the application.
"""

import contextlib
import io
import json
import sys
import zipfile
from collections.abc import Iterator
from itertools import islice

from benxi_shuangsuiji.documents.limited import read_block
from benxi_shuangsuiji.documents.workbooks.limits import FIRST_ROWS, Stop, damaged, encrypted, entities, limit
from benxi_shuangsuiji.documents.workbooks.read_excel import Xls, Xlsx
from benxi_shuangsuiji.documents.workbooks.read_ods import Ods
from benxi_shuangsuiji.documents.workbooks.read_text import Text
from benxi_shuangsuiji.documents.workbooks.sniffing import kind_of

_AT_ONCE = 10  # rows told in one line: few, since one may hold a million characters
BOOKS = {"xlsx": Xlsx, "xls": Xls, "ods": Ods, "text": Text}


def main() -> None:
    limit()
    source = sys.stdin.buffer
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", errors="replace", newline="\n")
    try:
        book = open_book(read_block(source))  # whose bytes nobody keeps
        _tell(out, _facts_of_hidden(book))  # first: the sheet looked at last is kept for its rows
        _tell(out, (_facts(book, name) for name in book.visible))
        for line in source:
            _tell(out, _some(book.rows(json.loads(line))))
    except Stop as stop:
        _tell(out, [{"refused": str(stop)}])


def open_book(content: bytes):
    """The table in these bytes: `visible` names of sheets, `look` and `rows` of each."""
    kind, reason = kind_of(content)
    if reason:
        raise Stop(reason)
    if kind in ("xlsx", "ods"):
        _no_entities(content)
    book = BOOKS[kind](content)
    if not book.visible:
        raise Stop("工作簿里没有可以读取的工作表。把内容放在一张没有隐藏的工作表里。")
    return book


def _facts(book, name: str) -> dict:
    look, first = book.look(name), []
    for row in book.rows(name):
        if row[0] > FIRST_ROWS:
            break
        first.append(row)
    return {
        "sheet": name,
        "first": first,
        "last": look.last_row,
        "spans": look.spans,
        "hidden": look.hidden_rows,
        "hidden_columns": look.hidden_columns,
        "1904": book.is_1904,
    }


def _facts_of_hidden(book):
    """Nobody sees them, and nothing of them is imported; what cannot be read there is no reason to refuse the others."""
    for name in book.hidden:
        with contextlib.suppress(Stop):
            yield _facts(book, name)


def _tell(out, items) -> None:
    write, dumps = out.write, json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode
    for item in items:
        write(dumps(item) + "\n")
    write('"end"\n')
    out.flush()


def _some(rows: Iterator) -> Iterator[list]:
    while some := list(islice(rows, _AT_ONCE)):
        yield some


def _no_entities(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        _no_entities_in(member.filename, part.read(65536).replace(b"\x00", b""))
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as e:
        raise damaged() from e


def _no_entities_in(name: str, start: bytes) -> None:
    if name == "META-INF/manifest.xml" and (b"encryption-data" in start or b"encrypted-package" in start):
        raise encrypted()
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        entities()
    if b"macroEnabled" in start and name == "[Content_Types].xml":
        raise Stop("含宏的文件不接受。另存为不含宏的 .xlsx，再上传。")


if __name__ == "__main__":
    main()
