"""The published texts as one file, and the digests of the files that stand (四(3)-e)."""

from disclosure import kept_files, tables
from disclosure.facilities import rows as facility_rows
from disclosure.facilities.forms import FacilityQuery
from disclosure.kept_files import JSONL, File
from disclosure.results import exports, followups
from disclosure.results.forms import ResultQuery


def texts(query: ResultQuery) -> File:
    """In the order of the log, which `sort` does not change."""
    found = query.results().order_by("entry__index").values("text")
    address = "" if query.is_free else f"/data/results.jsonl{query.address('sort')}".removesuffix("?")
    return File("results.jsonl", JSONL, lambda out: tables.write_lines(out, found), address)


def sums() -> str:
    """Of each file of everything, and of all others that stand: whoever downloads one can compare it."""
    everything = (
        exports.file_of(ResultQuery(), "csv"),
        texts(ResultQuery()),
        followups.file(),
        facility_rows.file_of(FacilityQuery()),
    )
    said = set()
    for file in everything:
        made = kept_files.make(file)
        made.content.close()
        said.add(kept_files.line(made.digest, file.address))
    return "".join(sorted(said | kept_files.sums(), key=lambda line: line[66:]))
