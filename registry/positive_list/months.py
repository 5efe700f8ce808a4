"""在线监控超标 by month, from a workbook of the platform: which rows hold, and what an import of them does (七(三)-d, domain.md 7.4)."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, datetime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from registry import book
from registry.models import BatchKind, BatchState, ImportBatch, MonitoringMonth


def standing(facilities: Collection[int]) -> list[MonitoringMonth]:
    """One row for each place and month: the last one said, without what a withdrawn workbook had said."""
    rows = MonitoringMonth.objects.filter(facility__in=facilities).exclude(batch__state=BatchState.WITHDRAWN)
    return list({(row.facility_id, row.month): row for row in rows.order_by("month", "pk")}.values())


def month_of(asked: Mapping) -> date | None:
    """The month that a workbook is of, as it was said when it was uploaded."""
    return date(asked["year"], asked["month"], 1) if asked.get("year") and asked.get("month") else None


def why_not_of(asked: Mapping, today: date) -> str:
    """A month that runs has not been counted to its end (the database asks too)."""
    month = month_of(asked)
    if month is None or month < today.replace(day=1):
        return ""
    return f"{month.year} 年 {month.month} 月还没有过完。过完以后再导入；月份填错的，改好再上传。"


def why_not(why_not_import, unit: Unit, user: User, asked: Mapping) -> str:
    return why_not_import(unit, user, asked) or why_not_of(asked, clock.today())


def seen(unit: Unit, asked: Mapping) -> str:
    """The registry and the counts of the month, as the check compared with them."""
    there = MonitoringMonth.objects.filter(facility__unit=unit, month=month_of(asked)).exclude(
        batch__state=BatchState.WITHDRAWN
    )
    last = there.order_by("-pk").values_list("pk", flat=True).first()
    return hashlib.sha256(f"{book.digest(BatchKind.MONITORING, unit)}:{last}".encode()).hexdigest()


def enter(batch: ImportBatch, by: User, now: datetime, progress) -> None:
    """What a confirmed workbook writes: the counts that are new or otherwise than before; part of the import's transaction."""
    lines = batch.lines.filter(content__isnull=False).order_by("number")
    rows = [content["monitoring"] for content in lines.values_list("content", flat=True)]
    MonitoringMonth.objects.bulk_create(
        [
            MonitoringMonth(
                facility_id=row["facility"],
                month=date.fromisoformat(row["month"]),
                times=row["times"],
                source=row["source"],
                batch=batch,
                entered_by=by,
                entered_at=now,
            )
            for row in rows
        ],
        batch_size=500,
    )
    progress(len(rows), len(rows))


def take_back(batch: ImportBatch, by: User, now: datetime, progress) -> None:
    """Nothing is deleted: with its workbook withdrawn a count holds no more, and what stood before it holds again."""
    progress(0, 0)
