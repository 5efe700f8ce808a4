"""The table somebody brought, with what is wrong in it: for correcting and bringing again (ui.md 4.10).

What is too large to be checked at once is written by the worker too; the page of that job hands the file out.
"""

from benxi_shuangsuiji.documents import files, jobs
from benxi_shuangsuiji.documents.models import Job, JobState
from benxi_shuangsuiji.documents.workbooks.marked import HEAD, marked_copy
from benxi_shuangsuiji.documents.workbooks.reading import is_large
from registry.models import ImportBatch

_KIND = "registry_import_marked"


def tables_of(batch: ImportBatch) -> list[dict]:
    """Where the rows of a batch stood: sheet, row of the heads, title → column. Nothing before it was checked."""
    return batch.counts.get("tables", [])


def takes_long(batch: ImportBatch) -> bool:
    return is_large(files.read(batch.file))


def mark(batch: ImportBatch) -> bytes:
    """The marked copy; refuses with a sentence where none can be made."""
    tables = tables_of(batch)
    places = {table["sheet"]: table["places"] for table in tables}
    faults: dict[tuple[str, int, int], str] = {}
    sources = {table["sheet"]: table.get("source") or table["sheet"] for table in tables}
    remarks: dict[tuple[str, int], str] = {(sources[t["sheet"]], t["header_row"]): HEAD for t in tables}
    faulty = batch.lines.filter(content__isnull=True).values_list("problems", flat=True)
    for p in (p for problems in faulty.iterator() for p in problems):
        part, row, text = p.get("sheet") or tables[0]["sheet"], p["row"], f"{p['problem']}。{p['remedy']}"
        sheet = sources.get(part, part)
        at = (sheet, row, places.get(part, {}).get(p["column"], 0))
        faults[at] = f"{faults[at]}\n{text}" if at in faults else text
        line = f"{p['column']}：{text}"
        remarks[sheet, row] = f"{remarks[sheet, row]}；{line}" if (sheet, row) in remarks else line
    return marked_copy(files.read(batch.file), faults=faults, remarks=remarks)


def name_of(batch: ImportBatch) -> str:
    return f"{batch.file.name.rpartition('.')[0] or batch.file.name}_标好错误.xlsx"


def job_for(batch: ImportBatch, user) -> Job:
    """The job that makes the copy, or has made it, for this person."""
    asked = Job.objects.visible_to(user).filter(kind=_KIND, params__batch=batch.pk).exclude(state=JobState.FAILED)
    title = f"标出错误 {batch.file.name}"[:120]
    return asked.first() or jobs.ask_for(kind=_KIND, title=title, params={"batch": batch.pk}, by=user)
