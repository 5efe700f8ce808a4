"""The log as a workbook."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_table

from .asking import Named, offices
from .models import AuditEntry
from .words import words_for

COLUMNS = (
    OutColumn("时间", 20),
    OutColumn("动作", 30),
    OutColumn("操作人", 12),
    OutColumn("账号", 18),
    OutColumn("单位", 16),
    OutColumn("对象", 40),
    OutColumn("链上序号", 12),
    OutColumn("链环", 24),
)


def workbook(entries: Sequence[AuditEntry], things: Mapping[int, Named], asked: str, today: date) -> bytes:
    """`asked`: what these lines were asked for by, in words; without it nobody knows what the workbook leaves out."""
    title = heading("操作记录", asked, today)
    units = offices(entries)
    rows = ([*_row(entry, units[entry.pk], things[entry.pk].words)] for entry in entries)
    return long_table(sheet="操作记录", title=title, columns=COLUMNS, rows=rows, named_by=2)


def _row(entry: AuditEntry, office: str, thing: str):
    link = getattr(entry, "link", None)
    yield f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}"  # as on the page: the order of two acts of one minute counts
    yield words_for(entry)
    yield entry.actor.full_name if entry.actor else "系统"
    yield entry.actor.username if entry.actor else ""
    yield office
    yield thing
    yield link.seq if link else "待入链"
    yield link.link if link else ""
