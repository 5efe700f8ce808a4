"""From an uploaded workbook to what it would change: the check page of an import (ui.md 4.10, reliability.md C).

Nothing here writes in the registry. Rows come one by one out of the file and leave as outcomes a thousand at a time,
so that a hundred thousand of them never stand in memory together.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.workbooks.reading import Row, Workbook
from benxi_shuangsuiji.refusal import Refused
from registry.columns import COLUMNS, title_of
from registry.imports.checking.facilities import FacilityComparison
from registry.imports.checking.inspectors import InspectorComparison
from registry.imports.checking.lines import Doubles, Line, Notes, Reader, entry, groups_of
from registry.imports.checking.lists import ListComparison
from registry.imports.checking.past_checks import PastComparison
from registry.imports.checking.tables import Table, Unclear, find_table, guess, sheets_seen, table_by_choice
from registry.models import BatchKind

__all__ = ["Checked", "Outcome", "Unclear", "check", "entry", "groups_of", "guess", "sheets_seen"]

MAX_ROWS = 100_000
_AT_ONCE = 1_000


@dataclass(frozen=True)
class Outcome:
    """What one row would do: `content` is carried out word for word when the batch is confirmed."""

    number: int
    content: dict | None
    problems: list[dict]


@dataclass(frozen=True)
class Checked:
    counts: dict
    notes: list[dict]
    later: dict[int, list[dict]]  # row → what only a later row showed about it


def check(
    book: Workbook,
    *,
    kind: str,
    unit: Unit,
    today: date,
    keep: Callable[[list[Outcome]], None],
    layout: dict | None = None,
    asked: dict | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Checked:
    """Compare a workbook with the registry of a unit; `keep` takes the outcomes of the rows that matter."""
    columns = COLUMNS[kind]
    table = table_by_choice(book.sheets, layout, columns) if layout else find_table(book.sheets, columns)
    notes = Notes()
    _notes_of(table, notes)
    reader = Reader(table, columns, notes)
    comparison = _comparison(kind, unit, today, notes, asked)
    doubles = Doubles(comparison.keys, title_of(kind, "name"), comparison.double_remedy, notes)
    rows = hidden = last = 0
    reached = 0

    def rows_of(sheet):
        nonlocal reached
        for reached, cells in book.rows(sheet):
            if comparison.names_everybody:
                comparison.see(cells)
            yield reached, cells

    lines = _lines(rows_of(table.sheet), table, reader)
    while chunk := list(islice(lines, _AT_ONCE)):
        rows, last = rows + len(chunk), chunk[-1].number
        if rows > MAX_ROWS:
            raise Refused(f"工作表“{table.sheet.name}”超过 {MAX_ROWS:,} 行。拆成几份分别导入。")
        hidden += sum(1 for line in chunk if line.number in table.sheet.hidden_rows)
        for line in chunk:
            doubles.look_in_file(line)
        comparison.match([line for line in chunk if not line.dropped])
        outcomes = []
        for line in chunk:
            if line.match is not None:
                doubles.look_at_match(line, line.match.pk)
            content = None if line.dropped else comparison.content(line)
            if line.problems or content is not None:
                outcomes.append(Outcome(line.number, None if line.problems else content, line.problems))
        keep(outcomes)
        if progress:
            progress(rows, max(table.sheet.last_row - table.header_row, rows))
    if not rows:
        raise Refused(f"工作表“{table.sheet.name}”只有表头，没有内容。填好后重新上传。")
    unread = table.sheet.last_row > reached
    if unread:
        where, what = f"第 {reached + 1:,} 行到第 {table.sheet.last_row:,} 行", "中间空行太多，下面的内容没有读取"
        notes.kept.insert(0, entry(reached, "", where, what, "删去中间的空行，重新上传"))
    if comparison.names_everybody:
        for sheet in book.sheets:
            if sheet is not table.sheet:
                deque(rows_of(sheet), maxlen=0)
    # Whom the sheet does not name has no row in it: the numbers go on where it ends. What was not read names nobody.
    absent = [] if unread else comparison.absent()
    keep([Outcome(number, content, []) for number, content in enumerate(absent, start=last + 1)])
    comparison.finish()
    if hidden:
        first = min(table.sheet.hidden_rows)
        notes.kept.insert(
            0, entry(first, "", "", f"有 {hidden} 行隐藏或被筛选掉，也一并核对了", "不想导入的，从表里删去")
        )
    return Checked(
        notes=notes.kept,
        later=doubles.later,
        counts={
            "rows": rows,
            "same": doubles.dropped,
            "absent": len(absent),
            "last_row": last,
            "missing": 0 if unread and comparison.names_everybody else comparison.missing(),
            "more_notes": notes.more,
            "sheet": table.sheet.name,
            "header_row": table.header_row,
            "places": {title_of(kind, name): at + 1 for name, at in table.places.items()},
        },
    )


def _comparison(kind: str, unit: Unit, today: date, notes: Notes, asked: dict | None):
    if kind in (BatchKind.FACILITY, BatchKind.PERMIT):
        return FacilityComparison(unit, today, notes)
    if kind == BatchKind.INSPECTOR:
        return InspectorComparison(unit, today, notes)
    if kind == BatchKind.HISTORY:
        return PastComparison(unit, today, notes, kind, asked or {})
    return ListComparison(unit, today, notes, kind, asked or {})


def _lines(rows: Iterator[Row], table: Table, reader: Reader) -> Iterator[Line]:
    for number, cells in rows:
        if number > table.header_row and (line := reader.line(number, cells)) is not None:
            yield line


def _notes_of(table: Table, notes: Notes) -> None:
    if table.unknown:
        names = "、".join(f"“{u}”" for u in table.unknown[:12])
        notes.add(table.header_row, "", names, "认不出的列，没有读取", "需要导入的，改成模板里的列名")
