"""From an uploaded workbook to what it would change: the check page of an import (ui.md 4.10, reliability.md C).

Nothing here writes in the registry. Rows come one by one out of the file and leave as outcomes a thousand at a time,
so that a hundred thousand of them never stand in memory together.
"""

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from itertools import islice

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.workbooks.reading import Sheet, Workbook
from benxi_shuangsuiji.refusal import Refused
from registry.columns import Column
from registry.imports import kinds
from registry.imports.checking import about
from registry.imports.checking.doubles import Doubles, joined
from registry.imports.checking.heads import Heads
from registry.imports.checking.leaving import leaving_of
from registry.imports.checking.line import entry, groups_of, place_of
from registry.imports.checking.lines import lines_of
from registry.imports.checking.mapping import sheets_seen, taken_for_heads
from registry.imports.checking.notes import Notes
from registry.imports.checking.tables import (
    Table,
    Unclear,
    find_tables,
    not_read,
    one_table,
    side_by_side,
    tables_by_choice,
)

__all__ = ["Checked", "Outcome", "Unclear", "check", "entry", "groups_of", "place_of", "sheets_seen"]

MAX_ROWS = 100_000
_AT_ONCE = 1_000


@dataclass(frozen=True)
class Outcome:
    """What one row would do: `content` is carried out word for word when the batch is confirmed."""

    number: int
    content: dict | None
    problems: list[dict]
    said: dict | None = None  # what the list says of an entry, kept to compare with, changed or not


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
    file_name: str = "",
) -> Checked:
    """Compare a workbook with the registry of a unit; `keep` takes the outcomes of the rows that matter."""
    how = kinds.of(kind)
    columns = how.columns()
    leaving = leaving_of(kind, asked or {})
    sheets = book.sheets
    if layout:
        tables = tables_by_choice(sheets, layout, columns, leaving)
    else:
        sheets = side_by_side(sheets, columns)
        tables = find_tables(sheets, columns, leaving)
    about.refuse_another_kind(tables, kind, [file_name, *(table.sheet.name for table in tables)])
    tables, earlier = about.of_the_year(tables, kind, asked or {})
    tables = one_table(tables, Heads(columns))
    notes, names = Notes(tables), _some([table.sheet.name for table in tables])
    about.notes_of(tables, kind, asked or {}, file_name, notes)
    if earlier:
        notes.first(0, "", "", f"工作表{_some(earlier)}是别的年度的，没有读取", "要导入的，另存为一份，按它的年度上传")
    left_out = [*leaving.sheets, *earlier]
    _notes_of(sheets, tables, notes, leaving.sheets, left_out)
    if hidden_sheets := _hidden_sheets(book, columns):
        text = f"隐藏的工作表{_some(hidden_sheets)}没有读取"
        notes.first(0, "", "", text, "要导入的，取消隐藏，重新上传；不要的，从工作簿里删去")
    comparison = how.comparison(kind, unit, today, notes, asked or {})
    doubles = Doubles(comparison, notes)
    rows = hidden = last = same = 0

    def rows_of(sheet: Sheet):
        leaving.here = False
        for row, cells in book.rows(sheet):
            yield row, cells
            if comparison.names_everybody and not leaving.here:
                comparison.see(cells)

    lines = lines_of(tables, columns, notes, rows_of, leaving)
    if any(c.several or c.latest for c in columns):
        lines = joined(islice(lines, MAX_ROWS + 1), columns, notes)
    expected = sum(table.sheet.last_row - table.header_row for table in tables)
    hidden_rows = {table.before + row for table in tables for row in table.sheet.hidden_rows}
    for table, text in taken_for_heads(tables, columns):
        remark = "这一行当作表头，没有读取"
        notes.first(table.before + table.header_row, "", text, remark, "是数据的，放弃这次导入，重新上传，选“没有表头”")
    while chunk := list(islice(lines, _AT_ONCE)):
        rows, last = rows + len(chunk), chunk[-1].number
        if rows > MAX_ROWS:
            raise Refused(f"工作表{names}超过 {MAX_ROWS:,} 行。拆成几份分别导入。")
        hidden += sum(1 for line in chunk if line.number in hidden_rows)
        same += sum(1 for line in chunk if line.dropped)
        comparison.prepare(chunk)
        for line in chunk:
            if not line.dropped and not line.leaving:
                doubles.look_in_file(line)
        comparison.match([line for line in chunk if not line.dropped])
        outcomes = []
        for line in chunk:
            if not line.leaving:
                doubles.look_at_match(line)
        for line in chunk:
            content = None if line.dropped or line.leaving else comparison.content(line)
            said = None if line.dropped or line.leaving or line.problems else comparison.said(line)
            if line.problems or content is not None or said:
                outcomes.append(Outcome(line.number, None if line.problems else content, line.problems, said))
            if line.problems and not line.leaving:
                comparison.see_refused(line.cells)
        keep(outcomes)
        if progress:
            progress(rows, max(expected, rows))
    if not rows:
        notes.finish()
        passed = f"{notes.kept[0]['problem']}。" if notes.asides else ""
        raise Refused(f"工作表{names}只有表头，没有内容。{passed}填好后重新上传。")
    if comparison.names_everybody:
        read = {*left_out, *(table.sheet.name for table in tables)}
        for sheet in (*sheets, *book.hidden):
            if sheet.name not in read and not leaving.section(sheet.name):
                deque(rows_of(sheet), maxlen=0)
    # Whom the sheets do not name has no row in them: the numbers go on where they end.
    absent = comparison.absent()
    keep([Outcome(number, content, []) for number, content in enumerate(absent, start=last + 1)])
    comparison.finish()
    notes.finish()
    if titles := _hidden_columns(tables, comparison.title):
        notes.first(0, "", titles, "列是隐藏的，也一并核对了", "不想导入的，从表里删去")
    if hidden:
        notes.first(min(hidden_rows), "", "", f"有 {hidden} 行隐藏或被筛选掉，也一并核对了", "不想导入的，从表里删去")
    places = [{comparison.title(name): at + 1 + t.sheet.left for name, at in t.places.items()} for t in tables]
    return Checked(
        notes=notes.kept,
        later={row: problems for row, problems in doubles.later.items() if row not in comparison.foreign},
        counts={
            "rows": rows,
            "same": doubles.dropped + same,
            "aside": len(notes.asides),
            "foreign": len(comparison.foreign),
            "absent": len(absent),
            "last_row": last,
            "missing": comparison.missing(),
            "more_notes": notes.more,
            "tables": [
                {"sheet": t.sheet.name, "header_row": t.header_row, "places": at, "before": t.before}
                | ({"source": t.sheet.source} if t.sheet.source else {})
                for t, at in zip(tables, places, strict=True)
            ],
        },
    )


def _hidden_columns(tables: Sequence[Table], title: Callable[[str], str]) -> str:
    hidden = [name for t in tables for name, at in t.places.items() if at + 1 in t.sheet.hidden_columns]
    return "、".join(dict.fromkeys(f"“{title(name)}”" for name in hidden))


def _notes_of(
    sheets: list[Sheet], tables: Sequence[Table], notes: Notes, leaving: Sequence[str], left_out: Sequence[str]
) -> None:
    """What of the workbook is not read."""
    if unknown := list(dict.fromkeys(head for table in tables for head in table.unknown)):
        names = "、".join(f"“{head}”" for head in unknown[:12])
        notes.add(
            tables[0].before + tables[0].header_row, "", names, "认不出的列，没有读取", "需要导入的，改成模板里的列名"
        )
    if len(tables) > 1:
        text = f"{len(tables)} 张工作表表头相同，作为一张表读取"
        notes.add(0, "", _some([t.sheet.name for t in tables]), text, "不想导入的，从工作簿里删去")
    if leaving:
        text = f"工作表{_some(leaving)}写的是移出、注销一类，没有读取"
        notes.first(0, "", "", text, "其中列入的，移到别的工作表里，重新上传")
    if left := not_read(sheets, tables, left_out):
        text = f"工作表{_some(left)}不是同一张表，没有读取"
        notes.add(0, "", "", text, "要一起导入的，改成同样的表头；或者另存为一份，单独导入")


def _hidden_sheets(book: Workbook, columns: Sequence[Column]) -> list[str]:
    """Hidden sheets in which a table like those that are read stands; lists of choices and remainders are none."""
    found = []
    for sheet in book.hidden:
        with suppress(Refused, Unclear):
            if find_tables([sheet], columns):
                found.append(sheet.name)
    return found


def _some(names: Sequence[str]) -> str:
    return "".join(f"“{name}”" for name in names[:8]) + (f"等 {len(names)} 张" if len(names) > 8 else "")
