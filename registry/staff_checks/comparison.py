"""Is everybody in the registry who holds a certificate? The personnel office's list says who should be (六(三)-b)."""

import re
from dataclasses import dataclass, replace

from benxi_shuangsuiji.documents.workbooks.reading import Workbook
from benxi_shuangsuiji.refusal import Refused
from registry import book
from registry.imports.checking.lines import lines_of
from registry.imports.checking.notes import Notes
from registry.imports.checking.tables import Unclear, find_tables
from registry.models import BatchKind, Inspector
from registry.sheets import column

KINDS = {
    "uncertain": "名录里有几名同名的人，补上执法证号再核对",
    "missing": "有执法证，名录里没有",
    "unlisted": "没有执法证，名录里没有",
    "number": "名录里的执法证号不同",
    "extra": "名录里有，人事名单里没有",
}
# The personnel office's list is compared, not kept: a name may be written there as it likes.
_COLUMNS = (
    replace(column(BatchKind.INSPECTOR, "name"), kind="text", filled=False),
    replace(column(BatchKind.INSPECTOR, "certificate_no"), required=False),
)


@dataclass(frozen=True)
class Listed:
    row: int
    name: str
    number: str


def read_list(workbook: Workbook) -> list[Listed]:
    """The people of a list as every workbook is read; a column 执法证号 where there is one."""
    try:
        tables = find_tables(workbook.sheets, _COLUMNS)
    except Unclear:
        raise Refused("这份表的前 30 行里没有“姓名”一列。把表头改成“姓名”“执法证号”，再上传。") from None
    notes, found = Notes(tables), []
    for line in lines_of(tables, _COLUMNS, notes, workbook.rows):
        for wrong in line.problems:
            raise Refused(f"{notes.where(line.number)}的{wrong['column']}：{wrong['problem']}。{wrong['remedy']}。")
        if name := line.values.get("name"):
            found.append(Listed(line.number, re.sub(r"\s+", "", str(name)), str(line.values.get("certificate_no", ""))))
    if not found:
        raise Refused("这份表里没有人。核对是不是选错了文件。")
    return found


def compare(unit, listed: list[Listed]) -> tuple[int, list[dict]]:
    """Match by certificate number, then by name; return how many matched, and what is to be looked at."""
    people = list(book.inspectors_of(unit).filter(left_on__isnull=True).order_by("code"))
    by_number = {p.certificate_no: p for p in people if p.certificate_no}
    taken: set[int] = set()
    findings, rest = [], []
    for person in listed:
        match = by_number.get(person.number) if person.number else None
        if match is not None and match.pk not in taken:
            taken.add(match.pk)
        else:
            rest.append(person)
    for person in rest:
        same = [p for p in people if p.name == person.name and p.pk not in taken]
        if len(same) > 1:
            findings.append(_finding("uncertain", person))
        elif same:
            taken.add(same[0].pk)
            if person.number and same[0].certificate_no != person.number:
                findings.append(_finding("number", person, same[0]))
        else:
            findings.append(_finding("missing" if person.number else "unlisted", person))
    unsure = {f["name"] for f in findings if f["kind"] == "uncertain"}
    findings += [
        {"kind": "extra", "name": p.name, "number": p.certificate_no, "code": p.code, "row": None}
        for p in people
        if p.pk not in taken and p.name not in unsure
    ]
    order = list(KINDS)
    return len(taken), sorted(findings, key=lambda f: (order.index(f["kind"]), f["row"] or 0, f["code"]))


def _finding(kind: str, person: Listed, inspector: Inspector | None = None) -> dict:
    return {
        "kind": kind,
        "name": person.name,
        "number": person.number,
        "code": inspector.code if inspector else "",
        "row": person.row,
    }
