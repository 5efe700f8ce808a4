"""Hand out the evidence as a workbook or as JSON, and keep a record of it (八(二)-g)."""

import hashlib
import json
from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import CreditExport, CreditFormat

from . import evidence

BASIS = "《本溪市生态环境执法“双随机、一公开”工作实施方案（试行）》八（二）：随机抽查结果作为环境信用等级评价的依据"


def why_not_export(first: date, last: date) -> str:
    return "公开日期的止日早于起日。核对日期。" if last < first else ""


@transaction.atomic
def export(*, unit: Unit | None, first: date, last: date, format: str, by: User) -> tuple[CreditExport, bytes]:
    """The rows as they stand now; the record keeps how many there were, how many were left out, and the file's digest."""
    refuse_if(why_not_export(first, last))
    today = clock.today()
    rows = [row.values for row in evidence.rows(by, unit, first, last, today)]
    content = (_workbook if format == CreditFormat.XLSX else _json)(rows, unit, first, last, today)
    made = CreditExport.objects.create(
        unit=unit,
        first_day=first,
        last_day=last,
        format=format,
        rows=len(rows),
        left_out=evidence.left_out(by, unit, first, last),
        digest=hashlib.sha256(content).hexdigest(),
        by=by,
        at=clock.now(),
    )
    trail.record("inspections.credit.exported", by=by, unit=unit, rows=made.rows, digest=made.digest)
    return made, content


def _workbook(rows: list[dict], unit: Unit | None, first: date, last: date, today: date) -> bytes:
    notes = [("栏目", "", "内容"), ("依据", "", BASIS), ("公开日期", "", f"{first} 至 {last}")]
    notes += [(label, "", words) for _, label, _, words in evidence.FIELDS]
    return table(
        sheet="信用评价依据",
        title=heading("环境信用评价依据：公开的检查结果", unit.name if unit else this_city().bureau, today),
        named_by=2,
        columns=[OutColumn(label, width) for _, label, width, _ in evidence.FIELDS],
        rows=([row[key] for key, *_ in evidence.FIELDS] for row in rows),
        explanation=notes,
    )


def _json(rows: list[dict], unit: Unit | None, first: date, last: date, today: date) -> bytes:
    said = {
        "basis": BASIS,
        "made_on": today,
        "unit": unit.name if unit else "",
        "published_from": first,
        "published_to": last,
        "fields": {key: f"{label}：{words}" for key, label, _, words in evidence.FIELDS},
        "results": rows,
    }
    return json.dumps(said, ensure_ascii=False, indent=1, default=str).encode()
