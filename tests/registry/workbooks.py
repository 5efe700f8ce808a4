"""Workbooks as an office would bring them, made for one test each."""

import io

import openpyxl

from registry import codes
from registry.models import BatchKind
from registry.sheets import column

_bodies = iter(range(100, 99_999))  # the first hundred are named in tests


def credit_code(division="210504") -> str:
    """A new credit code with right check characters and a body that is never issued (domain.md 4.1)."""
    body = f"DEM{next(_bodies):05d}"
    first17 = f"91{division}{body}{codes.organisation_check_character(body)}"
    return first17 + codes.check_character(first17)


def workbook(rows, *, heads=None, before=(), sheet="检查对象", change=None) -> bytes:
    """`rows`: dicts of head → cell; `before`: rows above the heads; `change(worksheet)` spoils what is needed."""
    heads = heads or list(dict.fromkeys(head for row in rows for head in row))
    book = openpyxl.Workbook()
    ws = book.active
    ws.title = sheet
    for line in before:
        ws.append(line)
    ws.append(heads)
    for row in rows:
        ws.append([row.get(head) if isinstance(row, dict) else None for head in heads])
    if change:
        change(ws)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def facility_row(**fields) -> dict:
    """A valid row of 检查对象, by field name; the heads are those of the template."""
    values = {"name": "本溪示例有限公司", "uscc": fields.pop("uscc", None) or credit_code(), **fields}
    return {column(BatchKind.FACILITY, n).title: v for n, v in values.items()}


def inspector_row(**fields) -> dict:
    values = {
        "name": "示例甲",
        "certificate_no": "21050400001",
        "certificate_from": "2024-03-01",
        "certificate_to": "2028-02-28",
        **fields,
    }
    return {column(BatchKind.INSPECTOR, n).title: v for n, v in values.items()}


def reopened(content: bytes, sheet=None):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return book[sheet] if sheet else book.active
