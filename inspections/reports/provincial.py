"""上报省生态环境厅: the quarter's data in agreed columns, and the record of each sending (七(六)-c, D-12).

Which data stands in which column of the province is data itself (`layouts`).
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Prefetch
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, long_tables
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks import known
from inspections.models import (
    CheckAnswer,
    Inspection,
    ProvincialReport,
    ProvincialSheet,
    ReportState,
    WorkReport,
)
from registry.facilities.wording import value_text
from registry.frames import public_name
from registry.models import Category

from . import layouts, rules
from .duties import sent_to_province
from .layouts import UNIT_COLUMNS


def received(quarter: Quarter) -> list[WorkReport]:
    """The reports that the lead office has signed for, in the order of the units."""
    found = WorkReport.objects.of(quarter.year, quarter.number).filter(state=ReportState.RECEIVED)
    return list(found.select_related("unit").order_by("unit__position", "unit__code"))


def missing(units: Iterable[Unit], reports: list[WorkReport]) -> list[str]:
    """Short names of those of these units, which worked in the quarter, that are not among the reports."""
    there = {report.unit_id for report in reports}
    return [unit.short_name for unit in units if unit.pk not in there]


def unit_rows(reports: list[WorkReport]) -> list[list]:
    """The frozen figures of each unit, and their sum."""
    rows = [{**report.figures, "name": report.unit.short_name, "receipt": report.receipt_no} for report in reports]
    total = {name: sum(row[name] for row in rows) for _, _, name in UNIT_COLUMNS[2:]}
    return [[row[name] for _, _, name in UNIT_COLUMNS] for row in [*rows, {**total, "name": "合计", "receipt": ""}]]


def result_rows(quarter: Quarter) -> list[list]:
    """Every public result of a draw of the quarter; of a withdrawn one nothing is told any more (domain.md 2.4, 八(二)-c)."""
    found = (
        Inspection.objects.filter(known.telling(), year=quarter.year, number=quarter.number, draw__isnull=False)
        .select_related("unit", "executing_unit", "facility")
        .prefetch_related(Prefetch("answers", CheckAnswer.objects.order_by("item_code", "number")))
        .order_by("unit__position", "no")
    )
    return [_result_row(n, inspection) for n, inspection in enumerate(found, 1)]


def _result_row(n: int, inspection: Inspection) -> list:
    facility = inspection.facility
    return [
        n,
        public_name(facility),
        "" if facility.is_natural_person else facility.uscc,
        value_text("division_code", facility.division_code),
        Category(inspection.category).label,
        "；".join(dict.fromkeys(point.item_name for point in inspection.answers.all())),
        inspection.executing_unit.on(localtime(inspection.ended_at).date()).name,
        localtime(inspection.ended_at).date(),
        inspection.get_mode_display(),
        inspection.get_outcome_display(),
        f"{inspection.rectify_by} 前改正" if inspection.rectify_by else inspection.measures,
        localtime(inspection.published_at).date(),
    ]


def workbook(quarter: Quarter) -> bytes:
    reports = received(quarter)
    rows = {ProvincialSheet.UNITS: unit_rows(reports), ProvincialSheet.RESULTS: result_rows(quarter)}
    return long_tables([_sheet(sheet, layouts.of(sheet), rows[sheet]) for sheet in ProvincialSheet])


def _sheet(sheet: ProvincialSheet, layout: layouts.Layout, rows: list[list]) -> tuple[str, list[OutColumn], list[list]]:
    return sheet.label, [OutColumn(title, width) for title, width, _ in layout.columns], layout.laid_out(rows)


def file_name(quarter: Quarter, today: date) -> str:
    return f"{this_city().name}_{quarter}双随机检查数据_报省厅_{today:%Y%m%d}.xlsx"


@transaction.atomic
def mark_sent(*, quarter: Quarter, document_no: str, sent_on: date, note: str = "", by: User) -> ProvincialReport:
    """Record a sending with its number and day, and keep the data as they were sent; the first one ends D-12."""
    lead = Unit.objects.select_for_update().city_team()
    now = clock.now()
    today, left = localtime(now).date(), missing(Unit.objects.working(quarter), received(quarter))
    refuse_if(rules.why_not_mark(quarter, left, document_no, sent_on, by, today))

    stored = files.store(name=file_name(quarter, today), content=workbook(quarter), content_type=files.XLSX, by=by)
    marked = ProvincialReport.objects.create(
        year=quarter.year,
        number=quarter.number,
        document_no=document_no.strip()[:60],
        sent_on=sent_on,
        note=note.strip()[:200],
        missing=left,
        file=stored,
        marked_by=by,
        marked_at=now,
    )
    sent_to_province(lead, quarter, marked.document_no, now)
    trail.record(
        "inspections.province.sent",
        by=by,
        about=marked,
        unit=lead,
        quarter=str(quarter),
        document=marked.document_no,
        digest=stored.sha256,
    )
    return marked
