"""An item list as a workbook, out and in, with the columns of domain.md 2.1. What is written can be read again."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from benxi_shuangsuiji.documents.workbooks import reading as workbooks_in
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, table
from plans.models import InspectionItem, Mode
from registry.models import Scope

from . import kinds

MODES = {**dict(Mode.choices), "EITHER": "现场或非现场"}
IMPORTANCE = dict(InspectionItem._meta.get_field("importance").choices)
SCOPES = dict(Scope.choices)
MOST_FAULTS = 8
MOST_ROWS = 200


@dataclass(frozen=True)
class Column:
    """`choices`: code → word; None for text. What is not required may be empty."""

    title: str
    field: str
    width: float = 20
    choices: dict | None = None
    required: bool = True
    hint: str = ""


COLUMNS = (
    Column("序号", "code", 8, hint="事项编号，例如 A01；分局的以 L 开头"),
    Column("抽查类别", "category", 30),  # its words are rows: `columns`
    Column("抽查事项", "name", 30),
    Column("抽查内容", "content", 44),
    Column("检查对象", "objects_text", 30),
    Column("事项类别", "importance", 16, choices=IMPORTANCE),
    Column("检查方式", "modes", 14, choices=MODES),
    Column("抽查比例", "ratio_text", 24),
    Column("抽查频次", "frequency_text", 24),
    Column("检查主体", "body", 30),
    Column("法律依据", "legal_basis", 44, hint="依据库里的全称和条款，几部之间用分号隔开"),
    Column("权责清单编码", "power_code", 18, required=False),
    Column("年度重点", "annual_focus", 10, choices={True: "是", False: "否"}, required=False),
    Column("专业要求", "needs_scope", 12, choices=SCOPES, required=False, hint="检查人员要有的专业资格"),
    Column("生效日期", "valid_from", 14, required=False, hint="2026-01-01；空着是当年 1 月 1 日"),
    Column("备注", "note", 24, required=False),
    Column("备查资料", "materials", 40, required=False, hint="企业要备好的资料，写在检查通知书上"),
)


def columns() -> tuple[Column, ...]:
    """With the kinds that may stand in a list now (三-o)."""
    return tuple(replace(c, choices=kinds.labels()) if c.field == "category" else c for c in COLUMNS)


@dataclass(frozen=True)
class Row:
    line: int
    data: dict[str, Any]
    cites: list


def export(items: Iterable[InspectionItem]) -> bytes:
    known = columns()
    heads = [
        OutColumn(
            c.title, c.width, choices=tuple(c.choices.values()) if c.choices else (), hint=c.hint, required=c.required
        )
        for c in known
    ]
    return table(
        sheet="随机抽查事项清单",
        columns=heads,
        rows=([_shown(item, c) for c in known] for item in items),
        rows_prepared=30,
    )


def _shown(item: InspectionItem, column: Column):
    value = getattr(item, column.field)
    return column.choices.get(value, "") if column.choices else value


def read(content: bytes, *, library, first_day: date) -> tuple[list[Row], list[str]]:
    """The rows of a workbook, and what is wrong with it, line by line."""
    with workbooks_in.open_workbook(content) as book:
        lines = list(islice(book.rows(book.sheets[0]), MOST_ROWS + 2)) if book.sheets else []
    if not lines:
        return [], ["表里没有内容。"]
    heads = [str(cell or "").strip() for cell in lines[0][1]]
    if missing := [c.title for c in COLUMNS if c.required and c.title not in heads]:
        return [], [f"第一行没有这些列：{'、'.join(missing)}。下载清单，在它上面改。"]
    rows, faults, seen, known = [], [], set(), columns()
    for number, cells in lines[1 : MOST_ROWS + 1]:
        said = dict(zip(heads, cells, strict=False))
        data, wrong = _read_row(said, first_day, known)
        cites, unknown = library.find(data.pop("legal_basis", ""))
        if unknown:
            wrong.append(f"依据库里没有{unknown[0]}")
        elif not cites and not wrong:
            wrong.append("法律依据读不出来，按“《全称》第四十二条”的写法填写")
        if data.get("code") in seen:
            wrong.append(f"编号 {data['code']} 写了两次")
        seen.add(data.get("code"))
        faults += [f"第 {number} 行：{reason}。" for reason in wrong]
        if not wrong:
            rows.append(Row(number, data, cites))
    if len(lines) > MOST_ROWS + 1:
        faults.append(f"一份清单不超过 {MOST_ROWS} 项。")
    if not rows and not faults:
        faults.append("表里没有事项。")
    return rows, faults


def _read_row(said: dict, first_day: date, known: tuple[Column, ...]) -> tuple[dict[str, Any], list[str]]:
    data, wrong = {}, []
    for c in known:
        cell = said.get(c.title)
        text = _text(cell)
        if c.required and not text:
            wrong.append(f"{c.title}是空的")
        elif c.field == "valid_from":
            data[c.field] = _day(cell) if text else first_day
            if data[c.field] is None:
                wrong.append(f"{c.title}按 2026-01-01 的格式填写")
        elif c.choices:
            code = next((code for code, word in c.choices.items() if word == text), None)
            if text and code is None:
                wrong.append(f"{c.title}“{text}”不在可选的词里")
            data[c.field] = code if text else ("" if c.field == "needs_scope" else False)
        else:
            longest = InspectionItem._meta.get_field(c.field).max_length
            if len(text) > longest:
                wrong.append(f"{c.title}超过 {longest} 个字")
            data[c.field] = text.upper() if c.field == "code" else text
    if data["code"] and not re.fullmatch(r"[0-9A-Z][0-9A-Z_-]{0,7}", data["code"]):
        wrong.append("编号用 1 到 8 位大写字母和数字，例如 A01")
    return data, wrong


def _text(cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _day(cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    try:
        return date.fromisoformat(_text(cell))
    except ValueError:
        return None


def faults_in_words(faults: list[str]) -> str:
    """All or none: the first faults, and how many there are."""
    if not faults:
        return ""
    more = f"另有 {len(faults) - MOST_FAULTS} 处。" if len(faults) > MOST_FAULTS else ""
    return f"没有导入。{''.join(faults[:MOST_FAULTS])}{more}"
