"""From an uploaded workbook to what it would change: the check page of an import (ui.md 4.10, reliability.md C).

Nothing here writes. The outcome is JSON, kept on the batch, and carried out word for word when it is confirmed.
"""

import json
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.workbooks_in import Cell, Sheet
from benxi_shuangsuiji.refusal import Refused

from . import book, categories, codes
from .cells import Reading, normal_word, read, shown
from .models import (
    BatchKind,
    Category,
    CategoryGround,
    Facility,
    Ground,
    Inspector,
    OperatingStatus,
    PositiveListEntry,
)
from .sheets import COLUMNS, Column, column, title_of

MAX_ROWS = 20_000
HEADER_WITHIN = 10
# Columns that steer the import and are no field of the row itself.
_FACILITY_STEERING = {
    "unit",
    "status_on",
    "status_evidence",
    "category",
    "key_grounds",
    "key_evidence",
    "special_grounds",
    "special_evidence",
    "positive",
    "positive_batch",
    "positive_from",
}
_GONE = {OperatingStatus.CLOSED, OperatingStatus.CANCELLED, OperatingStatus.MOVED_OUT}


@dataclass
class Line:
    """One row of the sheet while it is being checked."""

    number: int
    cells: dict[str, Cell]
    values: dict[str, object] = field(default_factory=dict)  # only what the row says
    problems: list[dict] = field(default_factory=list)
    match: object = None
    dropped: bool = False  # the same as an earlier row

    def wrong(self, name: str, title: str, problem: str, remedy: str) -> None:
        self.problems.append(_entry(self.number, title, shown(self.cells.get(name)), problem, remedy))


@dataclass
class Checked:
    sheet: str
    rows: list[dict]
    problems: list[dict]
    counts: dict


@dataclass(frozen=True)
class Table:
    """Where the table is: the sheet, the row of its heads, and which column of the sheet holds which field."""

    sheet: Sheet
    header_row: int
    places: dict[str, int]
    unknown: list[str]


def check(sheets: list[Sheet], *, kind: str, unit: Unit, today: date) -> Checked:
    """Compare a workbook with the registry of a unit."""
    table = find_table(sheets, kind)
    lines = [
        Line(number, {name: cells[at] if at < len(cells) else None for name, at in table.places.items()})
        for number, cells in table.sheet.rows
        if number > table.header_row
    ]
    lines = [line for line in lines if any(c is not None and c != "" for c in line.cells.values())]
    if not lines:
        raise Refused(f"工作表“{table.sheet.name}”只有表头，没有内容。填好后重新上传。")
    if len(lines) > MAX_ROWS:
        raise Refused(f"工作表“{table.sheet.name}”有 {len(lines):,} 行，一次最多 {MAX_ROWS:,} 行。拆成几份分别导入。")
    notes = _notes_of(table, lines)
    for line in lines:
        _read_line(line, table, kind, notes)
    if kind == BatchKind.FACILITY:
        rows, missing = _compare_facilities(lines, unit, today, notes)
    else:
        rows, missing = _compare_inspectors(lines, unit, today, notes)
    problems = [p for line in lines for p in line.problems]
    faulty = sum(1 for line in lines if line.problems)
    added = sum(1 for row in rows if not row["code"])
    return Checked(
        sheet=table.sheet.name,
        rows=rows,
        problems=problems + notes,
        counts={
            "rows": len(lines),
            "added": added,
            "changed": len(rows) - added,
            "unchanged": len(lines) - faulty - len(rows) - sum(1 for n in notes if n.get("dropped")),
            "faulty": faulty,
            "missing": missing,
            "sheet": table.sheet.name,
            "header_row": table.header_row,
            "places": {title_of(kind, name): at + 1 for name, at in table.places.items()},
        },
    )


# --- finding the table --------------------------------------------------------------------------------------------


def find_table(sheets: list[Sheet], kind: str) -> Table:
    """Recognise the heads by name, within the first ten rows of a sheet (X20–X24)."""
    found = [t for t in (_table_in(sheet, kind) for sheet in sheets) if t]
    full = [t for t in found if not _lacking(t, kind)]
    if len(full) > 1:
        names = "、".join(f"“{t.sheet.name}”" for t in full)
        raise Refused(f"有 {len(full)} 张工作表都带表头：{names}。只留要导入的一张，或把其余的隐藏。")
    wanted = "、".join(f"“{c.title}”" for c in COLUMNS[kind] if c.required)
    if not found:
        if not any(sheet.rows for sheet in sheets):
            raise Refused("工作表是空的。下载模板，填好后再上传。")
        seen = _first_texts(sheets)
        raise Refused(f"前 {HEADER_WITHIN} 行里未找到表头{wanted}。表中的第一行是：{seen}。按模板的列名填写。")
    table = full[0] if full else max(found, key=lambda t: len(t.places))
    if lacking := _lacking(table, kind):
        names = "、".join(f"“{title}”" for title in lacking)
        extra = f"；认不出的列：{'、'.join(f'“{u}”' for u in table.unknown[:8])}" if table.unknown else ""
        raise Refused(
            f"工作表“{table.sheet.name}”第 {table.header_row} 行的表头缺少{names}{extra}。按模板的列名改好再上传。"
        )
    return table


def _table_in(sheet: Sheet, kind: str) -> Table | None:
    known = {normal_head(text): c.field for c in COLUMNS[kind] for text in (c.title, *c.also)}
    # A head that another column calls its own name is never taken as a synonym.
    known |= {normal_head(c.title): c.field for c in COLUMNS[kind]}
    best: Table | None = None
    for number, cells in sheet.rows:
        if number > HEADER_WITHIN:
            break
        places: dict[str, int] = {}
        unknown, twice = [], []
        for at, cell in enumerate(cells):
            if not isinstance(cell, str) or not cell.strip():
                continue
            name = known.get(normal_head(cell))
            if name is None:
                unknown.append(cell.strip()[:20])
            elif name in places:
                twice.append((name, cell.strip()))
            else:
                places[name] = at
        if len(places) >= 2 and (best is None or len(places) > len(best.places)):
            if twice:
                heads = "、".join(f"“{title_of(kind, name)}”" for name, _ in dict(twice).items())
                raise Refused(f"工作表“{sheet.name}”第 {number} 行表头重复：{heads}。只留一列，再上传。")
            best = Table(sheet, number, places, unknown)
    return best


def normal_head(text: str) -> str:
    """Heads are compared without blanks, line breaks, stars and remarks in parentheses of the template kind."""
    text = unicodedata.normalize("NFKC", text)
    for gone in ("*", "※", "(必填)", "(选填)", "(18位)", "(22位)", ":", '"'):
        text = text.replace(gone, "")
    return "".join(text.split()).upper()


def _lacking(table: Table, kind: str) -> list[str]:
    return [c.title for c in COLUMNS[kind] if c.required and c.field not in table.places]


def _first_texts(sheets: list[Sheet]) -> str:
    for sheet in sheets:
        for _, cells in sheet.rows[:1]:
            return "、".join(shown(c)[:12] for c in cells[:8] if c is not None)
    return "（空）"


def _notes_of(table: Table, lines: list[Line]) -> list[dict]:
    notes = []
    if table.unknown:
        names = "、".join(f"“{u}”" for u in table.unknown[:12])
        notes.append(_note(table.header_row, "", names, "认不出的列，没有读取", "需要导入的，改成模板里的列名"))
    hidden = [line for line in lines if line.number in table.sheet.hidden_rows]
    if hidden:
        text = f"有 {len(hidden)} 行隐藏或被筛选掉，也一并核对了"
        notes.append(_note(hidden[0].number, "", "", text, "不想导入的，从表里删去"))
    return notes


def _read_line(line: Line, table: Table, kind: str, notes: list[dict]) -> None:
    for name, cell in line.cells.items():
        col = column(kind, name)
        at = table.places[name] + 1
        if cell is None and (line.number, at) in table.sheet.merged:
            line.wrong(name, col.title, "为空（被合并单元格盖住）", "取消合并单元格，每行分别填写")
            continue
        if isinstance(cell, str) and not cell.strip():
            line.cells[name] = cell = None
        reading: Reading = read(cell, col, serial_1904=table.sheet.serial_1904)
        if reading.problem:
            line.wrong(name, col.title, reading.problem, reading.remedy)
            continue
        for text in reading.notes:
            notes.append(_note(line.number, col.title, shown(cell), text, ""))
        if reading.value is not None and reading.value != "":
            line.values[name] = reading.value
    for col in COLUMNS[kind]:
        if col.field == "name" and not line.values.get("name") and not _has_problem(line, col):
            line.wrong("name", col.title, f"没有填写{col.title}", f"填写{col.title}，或删去这一行")


def _has_problem(line: Line, col: Column) -> bool:
    return any(p["column"] == col.title for p in line.problems)


# --- facilities ---------------------------------------------------------------------------------------------------


def _compare_facilities(lines, unit, today, notes) -> tuple[list[dict], int]:
    kind = BatchKind.FACILITY
    existing = list(
        book.facilities_of(unit).prefetch_related(
            Prefetch("grounds", CategoryGround.objects.filter(valid_to__isnull=True), to_attr="open_grounds"),
            Prefetch("positive_entries", PositiveListEntry.objects.filter(valid_to__isnull=True), to_attr="listed"),
        )
    )
    _one_row_each(lines, kind, notes)
    elsewhere = _facilities_elsewhere(lines, unit)
    index = _FacilityIndex(existing)
    for line in lines:
        if not line.dropped:
            _check_unit(line, unit)
            _match_facility(line, index, elsewhere)
    _no_two_rows_for_one(lines, kind)
    rows, matched = [], set()
    for line in lines:
        if line.match is not None:
            matched.add(line.match.pk)
        if line.dropped:
            continue
        row = _facility_row(line, line.match, today, notes)
        if row and not line.problems:
            rows.append(row)
    missing = sum(1 for f in existing if f.pk not in matched and f.status not in _GONE)
    return rows, missing


class _FacilityIndex:
    def __init__(self, facilities):
        self.by_code = {f.code: f for f in facilities}
        self.by_permit = {f.permit_no: f for f in facilities if f.permit_no}
        self.by_uscc: dict[str, list[Facility]] = defaultdict(list)
        self.by_name: dict[str, list[Facility]] = defaultdict(list)
        for f in facilities:
            if f.uscc:
                self.by_uscc[f.uscc].append(f)
            self.by_name[f.name].append(f)


def _facilities_elsewhere(lines, unit) -> dict[str, set[str]]:
    """Codes in use in other units; nothing else about those facilities is read (X41)."""
    asked = {
        name: {line.values[name] for line in lines if line.values.get(name)} for name in ("code", "permit_no", "uscc")
    }
    return {
        name: set(Facility.objects.exclude(unit=unit).filter(**{f"{name}__in": values}).values_list(name, flat=True))
        if values
        else set()
        for name, values in asked.items()
    }


def _check_unit(line: Line, unit: Unit) -> None:
    said = line.values.get("unit")
    if said and normal_word(said) not in {normal_word(t) for t in (unit.code, unit.name, unit.short_name)}:
        line.wrong(
            "unit", "监管单位", f"这次导入的是{unit.short_name}的名录", f"删去此行，或由{said[:20]}的名录管理员导入"
        )


def _match_facility(line: Line, index: _FacilityIndex, elsewhere: dict[str, set[str]]) -> None:
    code, permit, uscc = (line.values.get(n) for n in ("code", "permit_no", "uscc"))
    transfer = "名录里已有这个对象，属于其他单位", "需要调整辖区的，提出移交申请；否则删去此行"
    if code:
        line.match = index.by_code.get(code)
        if line.match is None:
            if code in elsewhere["code"]:
                line.wrong("code", "名录编号", *transfer)
            else:
                line.wrong("code", "名录编号", "名录里没有这个编号", "编号由系统编排；新增的对象这一格留空")
        return
    if permit:
        if permit in elsewhere["permit_no"]:
            line.wrong("permit_no", title_of(BatchKind.FACILITY, "permit_no"), *transfer)
            return
        if permit in index.by_permit:
            line.match = index.by_permit[permit]
            return
    if uscc:
        # The same firm with another permit is another place; without any permit it is the place itself (decisions.md 1).
        same = [f for f in index.by_uscc.get(uscc, ()) if not permit or not f.permit_no]
        if len(same) == 1:
            line.match = same[0]
        elif len(same) > 1:
            line.wrong(
                "uscc",
                "统一社会信用代码",
                f"名录里有 {len(same)} 个对象用这个信用代码，分不清是哪一个",
                "填写名录编号或许可证编号",
            )
        elif not permit and uscc in elsewhere["uscc"]:
            line.wrong("uscc", "统一社会信用代码", *transfer)
        return
    if permit:
        return
    same = [f for f in index.by_name.get(line.values.get("name", ""), ()) if not f.uscc and not f.permit_no]
    if len(same) == 1:
        line.match = same[0]
    elif len(same) > 1:
        line.wrong("name", "名称", f"名录里有 {len(same)} 个同名对象", "填写名录编号")


def _one_row_each(lines: list[Line], kind: str, notes: list[dict]) -> None:
    """Rows with the same key: the same data count once, different data are both faulty (X39, X40)."""
    groups: dict[tuple, list[Line]] = defaultdict(list)
    for line in lines:
        if key := _key_in_file(line, kind):
            groups[key].append(line)
    for (name, value), group in groups.items():
        title = title_of(kind, name)
        first = group[0]
        for line in group[1:]:
            if _same(line.values, first.values):
                line.dropped = True
                notes.append(
                    {
                        **_note(line.number, title, str(value), f"与第 {first.number} 行完全相同，只算一行", ""),
                        "dropped": not line.problems,
                    }
                )
                continue
            what = "名称不同" if line.values.get("name") != first.values.get("name") else "其他内容不同"
            for a, b in ((first, line), (line, first)):
                text = f"与第 {b.number} 行{title}相同、{what}"
                if not any(p["problem"] == text for p in a.problems):
                    a.problems.append(
                        _entry(a.number, title, str(value), text, "两行只留一行；企业更名用“变更”")
                        if kind == BatchKind.FACILITY
                        else _entry(a.number, title, str(value), text, "两行只留一行")
                    )


def _key_in_file(line: Line, kind: str) -> tuple | None:
    names = ("code", "permit_no", "uscc") if kind == BatchKind.FACILITY else ("code", "certificate_no")
    for name in names:
        if line.values.get(name):
            return name, line.values[name]
    return None


def _same(a: dict, b: dict) -> bool:
    return a == b


def _no_two_rows_for_one(lines: list[Line], kind: str) -> None:
    """Two rows that mean the same entry of the registry by different codes."""
    seen: dict[int, Line] = {}
    for line in lines:
        if line.match is None or line.dropped:
            continue
        first = seen.setdefault(line.match.pk, line)
        if first is not line and not first.problems and not line.problems:
            for a, b in ((first, line), (line, first)):
                a.wrong("name", title_of(kind, "name"), f"与第 {b.number} 行是名录里的同一个", "两行只留一行")


def _facility_row(line: Line, facility: Facility | None, today: date, notes: list[dict]) -> dict | None:
    v = line.values
    new = {n: x for n, x in v.items() if n not in _FACILITY_STEERING and n != "code"}
    changed = {n: x for n, x in new.items() if facility is None or getattr(facility, n) != x}
    _check_identity(line, facility)
    status = new.get("status") or (facility.status if facility else OperatingStatus.OPERATING)
    if facility and "status" in changed:
        _check_status_change(line, facility, status)
    grounds, ended, category, has_key = _grounds(line, facility, new, today)
    positive = _positive(line, facility, today)
    if warning := codes.permit_warning(new.get("permit_no", ""), new.get("uscc", "")):
        notes.append(_note(line.number, "排污许可证／登记编号", shown(line.cells.get("permit_no")), warning, ""))
    if facility is not None and not changed and not grounds and not ended and not positive:
        return None
    return {
        "row": line.number,
        "code": facility.code if facility else "",
        "name": v.get("name") or (facility.name if facility else ""),
        "new": _json(changed),
        "old": _json({n: getattr(facility, n) for n in changed}) if facility else {},
        "grounds": grounds,
        "ended": ended,
        "category": [facility.category if facility else None, category],
        "has_key": has_key,
        "positive": positive,
        "status_on": _json_value(v.get("status_on")),
        "status_evidence": v.get("status_evidence", ""),
    }


def _check_identity(line: Line, facility: Facility | None) -> None:
    v = line.values
    natural = v.get("is_natural_person", facility.is_natural_person if facility else False)
    if facility is None and not v.get("uscc") and not v.get("permit_no") and not natural:
        title = "统一社会信用代码"
        if not any(p["column"] in (title, "排污许可证／登记编号") for p in line.problems):
            line.wrong("uscc", title, "没有填写信用代码", "对照营业执照填写；自然人在“自然人”一列填“是”")


def _check_status_change(line: Line, facility: Facility, status: str) -> None:
    was, now = facility.get_status_display(), OperatingStatus(status).label
    if not line.values.get("status_on"):
        line.wrong(
            "status_on", "状态起始日期", f"生产状态由{was}改为{now}，需要起始日期", "填写从哪一天起，如 2026-03-20"
        )
    if not line.values.get("status_evidence"):
        line.wrong(
            "status_evidence",
            "状态依据",
            f"生产状态由{was}改为{now}，需要依据",
            "填写依据，如“现场核查记录”“注销通知书”",
        )


def _grounds(line: Line, facility: Facility | None, new: dict, today: date):
    """Which grounds the row adds, which derived ones fall away, and the category that follows (六(二)-r … -al)."""
    open_ = {g.kind: g for g in facility.open_grounds} if facility else {}
    added: list[dict] = []
    for makes, label, grounds, evidence in (
        (Category.KEY, "重点", "key_grounds", "key_evidence"),
        (Category.SPECIAL, "特殊", "special_grounds", "special_evidence"),
    ):
        said = line.values.get(grounds, [])
        fresh = [k for k in said if k not in open_ and k not in categories.DERIVED]
        texts = _evidence_of(line.values.get(evidence, ""), said)
        for kind in fresh:
            if kind in categories.NEED_APPROVAL:
                line.wrong(
                    grounds,
                    f"{label}依据",
                    f"“{Ground(kind).label}”须经分管负责人批准，不能用表格导入",
                    "先去掉这一项导入其余内容，再在对象页面提出，由分管负责人批准",
                )
            elif not texts.get(kind):
                line.wrong(
                    evidence,
                    f"{label}依据证据",
                    f"列为{label}需要证据",
                    f"填纳入{label}的证据，如“2026 年重点排污单位名录”"
                    if makes == Category.KEY
                    else "填文号、日期或链接",
                )
            else:
                added.append({"kind": kind, "evidence": texts[kind][:200]})
    derived = categories.derived_grounds(
        permit_category=new.get("permit_category", facility.permit_category if facility else ""),
        permit_no=new.get("permit_no", facility.permit_no if facility else ""),
        credit_level=new.get("credit_level", facility.credit_level if facility else ""),
    )
    added += [{"kind": k.value, "evidence": e} for k, e in derived.items() if k.value not in open_]
    ended = [k for k in open_ if k in categories.DERIVED and k not in derived]
    kinds = {g["kind"] for g in added} | {k for k, g in open_.items() if k not in ended and categories.counts(g)}
    category = categories.category_of(kinds)
    _check_category(line, facility, category, kinds)
    return added, ended, category, any(Ground(k).makes == Category.KEY for k in kinds)


def _evidence_of(text: str, kinds: list[str]) -> dict[str, str]:
    """One text for all, or as many as there are grounds, separated by semicolons."""
    parts = [p.strip() for p in text.replace(";", "；").split("；") if p.strip()]
    if len(parts) == len(kinds):
        return dict(zip(kinds, parts, strict=True))
    return dict.fromkeys(kinds, text.strip())


def _check_category(line: Line, facility, category: str, kinds: set[str]) -> None:
    said = line.values.get("category")
    if not said or said == category or any(p["column"] in ("重点依据", "特殊依据") for p in line.problems):
        return
    if any(p["column"] in ("重点依据证据", "特殊依据证据") for p in line.problems):
        return
    now = Category(category).label
    if said != Category.GENERAL and category == Category.GENERAL:
        label = Category(said).label
        was = "由一般改为" if facility else "列为"
        field_ = "key_grounds" if said == Category.KEY else "special_grounds"
        line.wrong(field_, f"{label}依据", f"类别{was}{label}，需要依据", f"填“{label}依据”和“{label}依据证据”两列")
        return
    reasons = "、".join(Ground(k).label for k in sorted(kinds) if Ground(k).makes == category)
    remedy = f"填“{now}”或留空；已有的依据不再成立的，在对象页面取消"
    if said == Category.SPECIAL:
        remedy = "填“特殊依据”和“特殊依据证据”两列"
    line.wrong("category", "监管类别", f"按依据应为{now}：{reasons}", remedy)


def _positive(line: Line, facility: Facility | None, today: date) -> dict | None:
    listed = facility.listed[0] if facility and facility.listed else None
    said = line.values.get("positive")
    if said is False and listed:
        line.wrong("positive", "正面清单", "移出正面清单要写明原因", "在对象页面办理移出；这一格留空或填“是”")
    if said is not True or listed:
        return None
    batch = line.values.get("positive_batch")
    if not batch:
        line.wrong("positive_batch", "正面清单批次", "纳入正面清单需要批次", "填写批次或文号")
        return None
    return {"batch": batch, "from": _json_value(line.values.get("positive_from") or today)}


# --- inspectors ---------------------------------------------------------------------------------------------------


def _compare_inspectors(lines, unit, today, notes) -> tuple[list[dict], int]:
    kind = BatchKind.INSPECTOR
    existing = list(book.inspectors_of(unit).select_related("unit"))
    sections = {normal_word(t): s for s in book.sections_of(unit) for t in (s.code, s.name, s.short_name)}
    _one_row_each(lines, kind, notes)
    by_code = {i.code: i for i in existing}
    by_certificate = {i.certificate_no: i for i in existing if i.certificate_no}
    without: dict[str, list[Inspector]] = defaultdict(list)
    for i in existing:
        if not i.certificate_no:
            without[i.name].append(i)
    taken = _inspectors_elsewhere(lines, existing)
    for line in [line for line in lines if not line.dropped]:
        _match_inspector(line, by_code, by_certificate, without, taken)
    _no_two_rows_for_one(lines, kind)
    rows, matched = [], set()
    for line in lines:
        if line.match is not None:
            matched.add(line.match.pk)
        if line.dropped:
            continue
        row = _inspector_row(line, line.match, sections, unit, today)
        if row and not line.problems:
            rows.append(row)
    _same_name_notes(lines, notes)
    return rows, sum(1 for i in existing if i.pk not in matched and i.left_on is None)


def _inspectors_elsewhere(lines, existing) -> dict[str, set[str]]:
    own = [i.pk for i in existing]
    result = {}
    for name in ("code", "certificate_no"):
        asked = {line.values[name] for line in lines if line.values.get(name)}
        rows = Inspector.objects.exclude(pk__in=own).filter(**{f"{name}__in": asked})
        result[name] = set(rows.values_list(name, flat=True)) if asked else set()
    return result


def _match_inspector(line, by_code, by_certificate, without, taken) -> None:
    code, certificate, name = (line.values.get(n) for n in ("code", "certificate_no", "name"))
    if code and code in taken["code"]:
        line.wrong("code", "人员编号", "这个编号属于其他单位的检查人员", "对照人员名册改正；新增人员可以留空")
        return
    if certificate and certificate in taken["certificate_no"]:
        line.wrong(
            "certificate_no",
            "执法证号",
            "这个执法证号属于其他单位的检查人员",
            "对照执法证改正；人员调动先由原单位登记调离",
        )
        return
    owner = by_certificate.get(certificate)
    if code and code in by_code:
        line.match = by_code[code]
        if owner is not None and owner is not line.match:
            line.wrong("certificate_no", "执法证号", f"这个执法证号属于{owner.name}（{owner.code}）", "对照执法证改正")
        return
    if owner is not None:
        if name and owner.name != name:
            line.wrong(
                "certificate_no",
                "执法证号",
                f"这个执法证号属于{owner.name}（{owner.code}）",
                "对照执法证改正；改名的，填写人员编号",
            )
            return
        line.match = owner
        return
    same = without.get(name, [])
    if not code and len(same) == 1:
        line.match = same[0]
    elif not code and len(same) > 1:
        line.wrong("name", "姓名", f"名录里有 {len(same)} 名没有证号的同名人员", "填写人员编号")


def _inspector_row(line: Line, inspector: Inspector | None, sections, unit, today: date) -> dict | None:
    v = {n: x for n, x in line.values.items() if n != "unit"}
    if said := line.values.get("unit"):
        section = sections.get(normal_word(said))
        if section is None:
            names = "、".join(dict.fromkeys(s.short_name for s in sections.values()))
            line.wrong("unit", "科室（单位）", f"不是{unit.short_name}的科室", f"可填：{names}")
        else:
            v["unit_id"] = section.pk
    elif inspector is None:
        v["unit_id"] = unit.pk
    if inspector is None and unit.division_code and not v.get("division_code"):
        v["division_code"] = unit.division_code
    _check_certificate(line, v, inspector, today)
    if inspector is not None:
        v.pop("code", None)
    changed = {n: x for n, x in v.items() if inspector is None or getattr(inspector, n) != x}
    if inspector is not None and not changed:
        return None
    return {
        "row": line.number,
        "code": inspector.code if inspector else "",
        "name": v.get("name", ""),
        "new": _json(changed),
        "old": _json({n: getattr(inspector, n) for n in changed}) if inspector else {},
    }


def _check_certificate(line: Line, v: dict, inspector: Inspector | None, today: date) -> None:
    """A certificate has a validity that is not over; without one the person is listed and not drawn (N-2, X59)."""
    had = inspector if inspector and inspector.certificate_no else None
    number = v.get("certificate_no") or (had.certificate_no if had else "")
    start = v.get("certificate_from") or (had.certificate_from if had else None)
    end = v.get("certificate_to") or (had.certificate_to if had else None)
    if _any(line, "执法证号", "执法证有效期起", "执法证有效期止"):
        return
    if not number:
        for name, title in (("certificate_from", "执法证有效期起"), ("certificate_to", "执法证有效期止")):
            if v.get(name):
                line.wrong(
                    "certificate_no",
                    "执法证号",
                    f"填了{title}，没有填执法证号",
                    "补上执法证号；没有执法证的，有效期也留空",
                )
                return
        return
    for value, name, title in (
        (start, "certificate_from", "执法证有效期起"),
        (end, "certificate_to", "执法证有效期止"),
    ):
        if not value:
            line.wrong(name, title, f"有执法证号，没有填{title}", "对照执法证填写，如 2028-06-30")
            return
    if end < start:
        line.wrong("certificate_to", "执法证有效期止", "有效期止早于有效期起", "对照执法证改正")
    elif end < today and not (had and had.certificate_to == end and had.certificate_no == number):
        line.wrong(
            "certificate_to",
            "执法证有效期止",
            f"执法证已于 {end.isoformat()} 到期",
            "换证后填写新的有效期；没有换证的，证号和有效期都留空，不参加抽取",
        )


def _any(line: Line, *titles: str) -> bool:
    return any(p["column"] in titles for p in line.problems)


def _same_name_notes(lines, notes) -> None:
    names = Counter(line.values.get("name") for line in lines if not line.dropped)
    for line in lines:
        name = line.values.get("name")
        if name and names[name] > 1 and not line.problems:
            notes.append(_note(line.number, "姓名", name, "表里有同名人员", "确认不是同一人"))


# --- JSON ---------------------------------------------------------------------------------------------------------


def _entry(row: int, column: str, value: str, problem: str, remedy: str) -> dict:
    return {"row": row, "column": column, "value": value, "problem": problem, "remedy": remedy}


def _note(row: int, column: str, value: str, problem: str, remedy: str) -> dict:
    return {**_entry(row, column, value, problem, remedy), "note": True}


def _json_value(value):
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _json(values: dict) -> dict:
    return json.loads(json.dumps({n: _json_value(x) for n, x in values.items()}, ensure_ascii=False))
