"""A table of what is public, said once: its columns, and where in the database each gets its words (四(3)-e).

The CSV is written by the database itself (COPY): a hundred thousand rows pass through this process as bytes, one after the
other. The workbook reads the same query row by row. Either takes the same memory whatever the size. Where the line of a row
is kept in the database, the CSV is made of those (decision 0067).
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice
from json import dumps
from typing import Any, BinaryIO

from django.db import connections, transaction
from django.db.models import QuerySet

from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, long_tables

# What a spreadsheet takes for a formula when a text begins with it (reliability.md P21).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARK = "\ufeff"  # by which spreadsheets know that the file is UTF-8
# Excel takes 1,048,576 rows on a sheet, with the heads.
ROWS_OF_A_SHEET = 1_000_000
AT_A_TIME = 500
LONGEST = "10min"  # a file of everything takes longer than a page may
COPY_HEAD, BEFORE_TEXT = (
    11 + 4 + 4,
    2 + 4,
)  # bytes of PostgreSQL's binary COPY; its end is shorter than what goes before a text
SORTED_IN = "64MB"  # the rows with their texts, which would otherwise be sorted on disk


@dataclass(frozen=True)
class Column:
    """`sql`: where its value comes from; a text is written so that no spreadsheet takes it for a formula."""

    title: str
    width: int
    meaning: str
    sql: str
    is_text: bool = True


@dataclass(frozen=True)
class Line:
    """How the line that is kept of a row becomes one of the CSV. `names`: the columns of `found` that it needs. The facts are
    cells already when they are put in."""

    sql: str
    names: Sequence[str]
    beside: str = ""


@dataclass(frozen=True)
class Table:
    """`found`: the rows, in their order (`r` in the columns' SQL). `beside`: what is joined to each, row by row, so that the
    order stays. `facts`: what the code knows, by name (`f.name`), as JSON; `asked`: likewise, each a query with its arguments.
    """

    columns: Sequence[Column]
    found: QuerySet
    beside: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, tuple[str, Sequence]] = field(default_factory=dict)
    line: Line | None = None

    @property
    def heads(self) -> list[str]:
        return [column.title for column in self.columns]

    def _query(self, values: str, found: QuerySet, beside: str, facts: Mapping[str, Any]) -> tuple[str, list]:
        known = [f"%s::jsonb AS {name}" for name in facts]
        known += [f"({sql}) AS {name}" for name, (sql, _) in self.asked.items()]
        known += ["1 AS one"]
        given = [dumps(fact, ensure_ascii=False) for fact in facts.values()]
        given += [argument for _, arguments in self.asked.values() for argument in arguments]
        rows, conditions = found.query.sql_with_params()
        return f"SELECT {values} FROM (SELECT {', '.join(known)}) f CROSS JOIN ({rows}) r {beside}", [
            *given,
            *conditions,
        ]

    def _values(self) -> tuple[str, list]:
        values = ", ".join(f"{column.sql} AS c{n}" for n, column in enumerate(self.columns))
        query, arguments = self._query(values, self.found, self.beside, self.facts)
        # Without OFFSET the two levels would be merged, and each value be computed as often as it is named.
        return f"{query} OFFSET 0", arguments

    def write_csv(self, out: BinaryIO) -> None:
        out.write("".join(lines_of(self.heads, ())).encode())
        if self.line:
            facts = {name: _as_cells(fact) for name, fact in self.facts.items()}
            query = self._query(self.line.sql, self.found.values(*self.line.names), self.line.beside, facts)
            return _write_texts(out, self.found.db, *query)
        query, arguments = self._values()
        cells = ", ".join(_cell(n, column.is_text) for n, column in enumerate(self.columns))
        with _copied(self.found.db, f"SELECT {cells} FROM ({query}) t", arguments, "FORMAT csv") as lines:
            for line in lines:  # one message of the server is one row
                out.writelines((line[:-1], b"\r\n"))

    def rows(self) -> Iterator[tuple]:
        query, arguments = self._values()
        with _reading(self.found.db), connections[self.found.db].chunked_cursor() as cursor:
            cursor.execute(query, arguments)
            while some := cursor.fetchmany(AT_A_TIME):
                yield from some

    def write_workbook(self, out: BinaryIO, *, sheet: str, title: str, named_by: int) -> None:
        columns = [OutColumn(column.title, column.width) for column in self.columns]
        sheets = ((name, columns, rows) for name, rows in _sheets(sheet, self.rows()))
        long_tables(sheets, title=title, named_by=named_by, out=out)


def _cell(n: int, is_text: bool) -> str:
    """A value as the CSV has it; nothing where there is nothing, for COPY would put an empty text in quotation marks."""
    if not is_text:
        return f"c{n}"
    signs = ", ".join(str(ord(sign)) for sign in FORMULA)
    return f"CASE WHEN ascii(c{n}) IN ({signs}) THEN '''' || c{n} ELSE nullif(c{n}, '') END"


def _as_cells(fact: Any) -> Any:
    """A fact with each text as a cell of a CSV."""
    if isinstance(fact, Mapping):
        return {name: _as_cells(value) for name, value in fact.items()}
    if isinstance(fact, (list, tuple)):
        return [_as_cells(value) for value in fact]
    return "".join(lines_of([safe(fact)], ())).removeprefix(MARK).rstrip("\r\n") if fact else fact


def _write_texts(out: BinaryIO, using: str, query: str, arguments: Sequence) -> None:
    """The one text of each row, to the byte: only in its binary form does COPY quote nothing. A message of the server is a
    row: the number of its columns and the length of the text, then the text; before the first stands the head of the file."""
    begins = COPY_HEAD + BEFORE_TEXT
    with _copied(using, query, arguments, "FORMAT binary") as messages:
        for message in messages:
            out.write(message[begins:])
            begins = BEFORE_TEXT


@contextmanager
def _copied(using: str, query: str, arguments: Sequence, form: str) -> Iterator[Any]:
    with _reading(using) as cursor:
        # COPY takes no arguments of its own: they are put in by the driver, as literals.
        copied = cursor.mogrify(f"COPY ({query}) TO STDOUT ({form})", arguments)
        with cursor.copy(copied) as rows:
            yield rows


@contextmanager
def _reading(using: str) -> Iterator[Any]:
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST}'")
        cursor.execute(f"SET LOCAL work_mem = '{SORTED_IN}'")
        yield cursor


def _sheets(name: str, rows: Iterator[tuple]) -> Iterator[tuple[str, Iterator[tuple]]]:
    """As many sheets as the rows fill; one without a row where there is none."""
    number, first = 1, next(rows, None)
    yield name, chain(() if first is None else (first,), islice(rows, ROWS_OF_A_SHEET - 1))
    while (first := next(rows, None)) is not None:
        number += 1
        yield f"{name}（{number}）", chain((first,), islice(rows, ROWS_OF_A_SHEET - 1))


def write_lines(out: BinaryIO, found: QuerySet) -> None:
    """The one text of each row, as it is, a line each."""
    query, arguments = found.query.sql_with_params()
    _write_texts(out, found.db, f"SELECT text || E'\\n' FROM ({query}) r (text)", arguments)


def safe(value) -> str:
    """A text that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return "'" + text if text.startswith(FORMULA) else text


class _Line:
    """A file that hands each line straight on."""

    def write(self, line: str) -> str:
        return line


def lines_of(heads: Iterable[str], rows: Iterable[list]) -> Iterator[str]:
    """A short table as CSV, as the database writes the long ones."""
    writer = csv.writer(_Line(), lineterminator="\r\n")
    yield MARK + writer.writerow(heads)
    for row in rows:
        yield writer.writerow([safe(value) for value in row])
