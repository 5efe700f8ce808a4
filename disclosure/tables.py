"""A table of what is public, said once: its columns, and where in the database each gets its words (四(3)-e).

The CSV is written by the database itself (COPY): a hundred thousand rows pass through this process as bytes, one after the
other. The workbook reads the same query row by row. Either takes the same memory whatever the size.
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
class Table:
    """`found`: the rows, in their order (`r` in the columns' SQL). `beside`: what is joined to each, row by row, so that the
    order stays. `facts`: what the code knows, by name (`f.name`), as JSON; `asked`: likewise, each a query with its arguments.
    """

    columns: Sequence[Column]
    found: QuerySet
    beside: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    asked: Mapping[str, tuple[str, Sequence]] = field(default_factory=dict)

    @property
    def heads(self) -> list[str]:
        return [column.title for column in self.columns]

    def _query(self) -> tuple[str, list]:
        facts = [f"%s::jsonb AS {name}" for name in self.facts]
        facts += [f"({sql}) AS {name}" for name, (sql, _) in self.asked.items()]
        facts += ["1 AS one"]
        given = [dumps(fact, ensure_ascii=False) for fact in self.facts.values()]
        given += [argument for _, arguments in self.asked.values() for argument in arguments]
        rows, conditions = self.found.query.sql_with_params()
        values = ", ".join(f"{column.sql} AS c{n}" for n, column in enumerate(self.columns))
        # Without OFFSET the two levels would be merged, and each value be computed as often as it is named.
        query = f"SELECT {values} FROM (SELECT {', '.join(facts)}) f CROSS JOIN ({rows}) r {self.beside} OFFSET 0"
        return query, [*given, *conditions]

    def write_csv(self, out: BinaryIO) -> None:
        query, arguments = self._query()
        cells = ", ".join(_cell(n, column.is_text) for n, column in enumerate(self.columns))
        with _reading(self.found.db) as cursor:
            # COPY takes no arguments of its own: they are put in by the driver, as literals.
            copied = cursor.mogrify(f"COPY (SELECT {cells} FROM ({query}) t) TO STDOUT (FORMAT csv)", arguments)
            out.write("".join(lines_of(self.heads, ())).encode())
            with cursor.copy(copied) as lines:
                for line in lines:  # one message of the server is one row
                    out.writelines((line[:-1], b"\r\n"))

    def rows(self) -> Iterator[tuple]:
        query, arguments = self._query()
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
    """The one text of each row, as it is, a line each. No text of JSON holds the signs by which CSV would quote."""
    query, arguments = found.query.sql_with_params()
    with _reading(found.db) as cursor:
        form = r"FORMAT csv, DELIMITER E'\x02', QUOTE E'\x01'"
        with cursor.copy(cursor.mogrify(f"COPY ({query}) TO STDOUT ({form})", arguments)) as lines:
            for line in lines:
                out.write(line)


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
