"""封面, 卷内目录 and 备考表 of a year's volume (domain.md 3.3)."""

from collections.abc import Sequence

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.filled import Filled, Grid, Line, Sign, Signs, Text
from benxi_shuangsuiji.workdays.days import full_date
from inspections.archive.papers import HEAD, WIDTHS
from inspections.checks.issuer import BUREAU

from .models import YearPaper, YearVolume


def cover(volume: YearVolume, papers: int, pages: int) -> bytes:
    facts = (
        ("全宗名称", BUREAU),
        ("类目名称", "“双随机、一公开”年度卷"),
        ("案卷题名", f"{volume.unit.short_name} {volume.year} 年“双随机、一公开”工作"),
        ("归档单位", volume.unit.name),
        ("归档日期", full_date(localtime(volume.asked_at).date())),
        ("保管期限", "永久"),
        ("件数和页数", f"{papers} 件，{pages} 页"),
        ("立卷人", volume.asked_by.full_name),
    )
    return _pdf(volume, "年度卷", tuple(Line((fact,)) for fact in facts))


def catalogue(volume: YearVolume, rows: Sequence[YearPaper]) -> bytes:
    day, by = f"{localtime(volume.asked_at):%Y-%m-%d}", volume.unit.short_name
    lines = tuple((str(row.n), "", by, row.title, day, row.span, "") for row in rows)
    return _pdf(volume, "卷内目录", (Grid("卷内文件", HEAD, lines, WIDTHS),))


def last(volume: YearVolume, rows: Sequence[YearPaper]) -> bytes:
    said = f"本卷共 {len(rows)} 件文书，{sum(row.pages for row in rows)} 页，另有本表 1 页。电子档案包另存，内有全部数据和校验程序。"
    return _pdf(
        volume,
        "卷内备考表",
        (Text("本卷情况说明", said, 120), Signs((Sign("立卷人", volume.asked_by.full_name), Sign("检查人")))),
    )


def _pdf(volume: YearVolume, title: str, blocks: tuple) -> bytes:
    return filled.as_pdf(
        Filled(
            unit=volume.unit.name,
            title=title,
            left=f"档号：{volume.no}",
            right=f"年度：{volume.year}",
            blocks=blocks,
            note="",
            made_at=localtime(volume.asked_at).isoformat(timespec="seconds"),
        )
    )
