"""Workbooks that go out: the templates of every kind of import, and the exports of the two registries.

The same columns are read and written, so that an export can be corrected and imported again (reliability.md P18).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_table, table

from .columns import (
    COLUMNS,
    FACILITY_COLUMNS,
    INSPECTOR_COLUMNS,
    PERSONAL,
    Column,
    column,
    title_of,
)
from .divisions import DIVISIONS
from .models import BatchKind, Category, Facility, Ground, Inspector

__all__ = [
    "COLUMNS",
    "DIVISIONS",
    "PERSONAL",
    "REMARKS",
    "Column",
    "column",
    "facility_export",
    "inspector_export",
    "out_column",
    "responsibility_export",
    "template",
    "title_of",
    "written",
]


def template(kind: str, choices: dict[str, tuple[str, ...]] | None = None) -> bytes:
    """The empty workbook to fill in: drop-downs, an explanation sheet, every column formatted as text.

    `choices`: the words of columns whose code set is kept in the database.
    """
    columns = [out_column(c) for c in COLUMNS[kind]]
    for at, c in enumerate(COLUMNS[kind]):
        if words := (choices or {}).get(c.field):
            columns[at] = replace(columns[at], choices=words)
    return table(
        sheet=BatchKind(kind).label,
        columns=columns,
        named_by=1 + next(at for at, c in enumerate(COLUMNS[kind]) if c.field == "name"),
        explanation=_explanation(kind),
        rows_prepared=500,
    )


def facility_export(
    facilities: Iterable[Facility], *, unit: Unit | None, day: date, with_personal_data: bool, long: bool = False
) -> bytes:
    """The registry as a workbook; `grounds` and `positive_entries` are expected to be prefetched."""
    columns = [c for c in FACILITY_COLUMNS if with_personal_data or c.field not in PERSONAL]
    return (long_table if long else table)(
        sheet=BatchKind.FACILITY.label,
        title=heading("检查对象名录", unit.name if unit else "", day),
        columns=[out_column(c) for c in columns],
        rows=([_facility_cell(f, c) for c in columns] for f in facilities),
        named_by=2,
    )


def responsibility_export(unit, lines, firms, day: date) -> bytes:
    """责任表 of one unit: a line for each person of the unit, then one for each firm's (四(2)-b)."""
    heads = ("责任", "岗位或企业", "负责", "责任人", "联系电话", "从", "文件")
    rows = [["监管责任", f"{unit.short_name}{x.what}", x.duty, x.who, "", x.since, x.document] for x in lines]
    rows += [["主体责任", x.facility.name, "企业环保负责人", x.person, x.phone, None, ""] for x in firms]
    columns = [OutColumn(title=head, width=28 if n in (1, 2) else 14) for n, head in enumerate(heads)]
    title = heading("生态环境保护责任表", unit.name, day)
    return table(sheet="责任表", title=title, columns=columns, rows=rows, named_by=2)


def inspector_export(inspectors: Iterable[Inspector], *, unit: Unit | None, day: date) -> bytes:
    return table(
        sheet=BatchKind.INSPECTOR.label,
        title=heading("执法检查人员名录", unit.name if unit else "", day),
        named_by=2,
        columns=[out_column(c) for c in INSPECTOR_COLUMNS],
        rows=([written(getattr(i, c.field), c) for c in INSPECTOR_COLUMNS] for i in inspectors),
    )


def _facility_cell(facility: Facility, column: Column):
    if hasattr(facility, "held"):  # as it was on a past day (past.py)
        open_grounds, entry = facility.held, facility.positive_then
    else:
        open_grounds = [g for g in facility.grounds.all() if g.valid_to is None]
        entry = next((p for p in facility.positive_entries.all() if p.valid_to is None), None)
    match column.field:
        case "key_grounds" | "special_grounds" | "key_evidence" | "special_evidence":
            makes = Category.KEY if column.field.startswith("key") else Category.SPECIAL
            kept = [g for g in open_grounds if Ground(g.kind).makes == makes]
            return "；".join(Ground(g.kind).label if column.field.endswith("grounds") else g.evidence for g in kept)
        case "positive":
            return entry is not None
        case "positive_batch":
            return entry.batch if entry else ""
        case "positive_from":
            return entry.valid_from if entry else None
        case "status_on" | "status_evidence":
            return ""
        case _:
            return written(getattr(facility, column.field), column)


def written(value, column: Column):
    """A value as the cell says it, in the first word for it."""
    if column.kind in ("unit", "section"):
        return value.name if column.kind == "section" else value.short_name
    if column.kind == "choices":
        return "、".join(column.label(v) for v in value)
    if column.kind == "names":
        return "；".join(value)
    if column.kind == "choice":
        return column.label(value)
    return value


def out_column(column: Column) -> OutColumn:
    """A column as it is handed out: drop-down, hint, and whether it must be there."""
    single = column.kind in ("choice", "bool")
    choices = column.labels if column.kind == "choice" else ("是", "否") if single else ()
    return OutColumn(
        title=column.title,
        width={"bool": 8, "date": 12}.get(column.kind, column.width),
        choices=choices,
        strict=False,
        hint=column.hint,
        required=column.required,
    )


_HEADS_SHOWN = 8
_KINDS = {
    "date": "日期，如 2026-07-10",
    "bool": "是／否",
    "uscc": "18 位代码",
    "permit": "22 位编号",
    "longitude": "数字，如 123.765432",
    "latitude": "数字，如 41.298765",
    "phone": "电话号码",
    "level": "等级的名称",
    "industry": "代码或名称，如 C2521",
    "trade": "名称，可以连同代码",
    "person": "一个人的姓名",
    "unit": "单位简称，须是本次导入的单位",
    "section": "科室或单位名称；留空即本单位",
    "names": "多个用分号隔开",
}


def _explanation(kind: str) -> list[tuple[str, str, str, str]]:
    lines = [("列名", "必填", "怎样填", "说明")]
    for c in COLUMNS[kind]:
        if c.kind in ("choice", "choices"):
            how = ("从列表选：" if c.kind == "choice" else "可以多项：") + "、".join(c.labels)
        else:
            how = _KINDS.get(c.kind, f"文字，最多 {c.max_length} 字")
        # An example stands here and never in the table itself, where somebody would import it.
        how += f"，如 {c.example}" if c.example and "如 " not in how else ""
        more = "等" if len(c.also) > _HEADS_SHOWN else ""
        also = f"也认得这些列名：{'、'.join(c.also[:_HEADS_SHOWN])}{more}" if c.also else ""
        hint = c.hint and c.hint + ("　" if also else "")
        lines.append((c.title, "必填" if c.filled else "", how, hint + also))
    lines += [
        ("", "", "", ""),
        ("空白单元格", "", "不改动名录里已有的内容。", "要清空一项，在详情页面办理。"),
        ("不在表里的", "", "导入不会删除它们。", "注销、关闭、迁出在详情页面办理，写明日期和依据。"),
        ("撤回", "", "导入后 24 小时内可以整批撤回。", "已封存的名单用到了的，不能撤回。"),
    ]
    if kind in REMARKS:
        lines.append(("", "", "", ""))
        lines += [("这一种表", "", text, "") for text in REMARKS[kind]]
    if kind == BatchKind.FACILITY:
        lines.append(("", "", "", ""))
        lines += [(g.value, "", g.label, _ground_note(g)) for g in Ground]
    return lines


REMARKS = {
    BatchKind.KEY_LIST: (
        "每家加上当年的“纳入重点排污单位名录”依据；年度和文号在上传时填一次。",
        "上一年度名录里有、这份表里没有的，核对页面逐家列出；确实不再列入的，在那里勾选并写明理由，由分管负责人批准。",
    ),
    BatchKind.PERMIT: (
        "按 22 位编号对应；名录里没有的，作为新增。管理类别变了，由系统提出增加或取消“实行排污许可重点管理”的依据。",
    ),
    BatchKind.CREDIT: ("年度和来源在上传时填一次。最近一年的等级成为现在的等级；严重失信的，由系统提出特殊依据。",),
    BatchKind.RISK: ("年月和来源在上传时填一次。最近一个月的分类成为现在的分类。",),
    BatchKind.HISTORY: (
        "一次检查填一行，启用以前已经做完的才填。由另一位分管负责人批准以后计入，处处标明“历史补录”。",
        "批准以前可以整批撤回，批准以后不能。",
    ),
    BatchKind.MONITORING: (
        "年月和来源在上传时填一次，一个月一份。同一家同一个月再导入，以后一次为准，不重复计算。",
        "导入的是整月的次数，同一个月里逐条登记的在线监控超标不另加。达到规定次数的，系统提出移出正面清单，由牵头部门决定。",
    ),
    BatchKind.POSITIVE: (
        "批次和文号在上传时填一次。由牵头部门成批批准，从批准当天起算。移出在对象页面提出，写明原因。",
    ),
}


def _ground_note(ground: Ground) -> str:
    from registry.facilities.categories import DERIVED, JUDGED

    if ground in JUDGED:
        return "须经分管负责人批准，在对象页面提出，不能用表格导入。"
    if ground in DERIVED:
        return "由系统按许可管理类别或信用评价提出，分管负责人批准。"
    return f"{'特殊' if ground.makes == Category.SPECIAL else '重点'}依据，导入以后由分管负责人批准"
