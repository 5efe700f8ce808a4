"""What the sheets of a 案卷 say of its check, and 移交清单 (domain.md 3.3)."""

from collections.abc import Iterable

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.covers import Covers
from benxi_shuangsuiji.documents.filled import Filled, Grid, Sign, Signs
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import Inspection, Volume

from .standing import File


def title_of(check: Inspection) -> str:
    return f"{check.facility.name}检查案卷"


def covers_of(file: File, volume: Volume) -> Covers:
    check = file.check
    quarter = f"{check.year} 年第{'一二三四'[check.number - 1]}季度"
    ended = localtime(check.ended_at).date()
    names = check.unit.on(ended)
    facts = (
        ("全宗名称", Unit.objects.bureau_on(ended)),
        ("类目名称", "行政执法检查"),
        ("案卷题名", title_of(check)),
        ("检查编号", f"{check.no}　{quarter}　{check.get_source_display()}"),
        ("检查日期", full_date(ended)),
        ("检查结果", check.get_outcome_display()),
        ("承办单位", check.executing_unit.on(ended).name),
        ("检查人员", "、".join(check.members.values_list("inspector__name", flat=True))),
    )
    return Covers(
        volume,
        unit=names.name,
        author=names.short_name,
        kind="案卷",
        about=f"检查编号：{check.no}",
        facts=facts,
        term=f"{file.years} 年，到 {full_date(file.kept_until)}",
        missing=tuple(f"没有{line.filed.name}：{line.excused}。" for line in file.excused),
    )


# --- 移交清单 ----------------------------------------------------------------------------------------------------

COLUMNS = (
    ("序号", 6),
    ("档号", 18),
    ("案卷题名", 34),
    ("检查编号", 20),
    ("成册日期", 12),
    ("页数", 8),
    ("保管期限", 14),
    ("盒号", 12),
    ("架位", 18),
    ("合订本指纹（SHA-256）", 66),
)
SHORT = {"序号": 6, "档号": 16, "案卷题名": 26, "成册日期": 15, "页数": 6, "保管期限": 10, "盒号": 11, "架位": 10}


def transfer_rows(files: Iterable[File]) -> list[tuple[str, ...]]:
    """Every bound volume, its supplements behind it; of a result that is kept from the public no name."""
    bound = [(file, volume) for file in files for volume in file.volumes if volume.file_id]
    return [
        (
            str(n),
            volume.no,
            "检查案卷（依法不公开）" if file.check.withheld_at else title_of(file.check),
            file.check.no,
            f"{localtime(volume.bound_at):%Y-%m-%d}",
            str(volume.pages),
            f"{file.years} 年",
            volume.box,
            volume.shelf,
            volume.file.sha256,
        )
        for n, (file, volume) in enumerate(bound, 1)
    ]


def transfer_workbook(rows: list[tuple], unit, year: int, today) -> bytes:
    title = heading(f"{year} 年案卷移交清单", unit.on(today).name, today)
    columns = [OutColumn(name, width) for name, width in COLUMNS]
    return table(sheet="移交清单", title=title, columns=columns, rows=rows, named_by=2)


def transfer_paper(rows: list[tuple], unit, year: int, made_at) -> Filled:
    shown = [n for n, (name, _) in enumerate(COLUMNS) if name in SHORT]
    short = tuple(tuple(row[n] for n in shown) for row in rows)
    return Filled(
        unit=unit.on(made_at.date()).name,
        title="档案移交清单",
        left=f"{year} 年检查案卷",
        right=f"共 {len(rows)} 卷",
        blocks=(
            Grid("案卷", tuple(SHORT), short, tuple(SHORT.values())),
            Signs((Sign("移交人"), Sign("接收人"), Sign("监交人"))),
        ),
        note="",
        made_at=made_at.isoformat(timespec="seconds"),
    )
