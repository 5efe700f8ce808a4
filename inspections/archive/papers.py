"""封面, 卷内目录, 备考表, 移交清单 (domain.md 3.3, GB/T 9705)."""

from collections.abc import Iterable, Sequence

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.filled import Filled, Grid, Line, Sign, Signs, Text
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from benxi_shuangsuiji.subject import Leaf
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks.issuer import BUREAU
from inspections.models import Inspection, Volume, VolumePaper

from .standing import File

HEAD = ("顺序号", "文号", "责任者", "题名", "日期", "页号", "备注")
WIDTHS = (8, 20, 13, 26, 17, 10, 6)


def title_of(check: Inspection) -> str:
    return f"{check.facility.name}检查案卷"


def front(file: File, volume: Volume, rows: Sequence[VolumePaper], pages: int) -> list[bytes]:
    return [filled.as_pdf(cover(file, volume, len(rows), pages)), filled.as_pdf(catalogue(file, volume, rows))]


def cover(file: File, volume: Volume, papers: int, pages: int) -> Filled:
    check = file.check
    facts = (
        ("全宗名称", BUREAU),
        ("类目名称", "行政执法检查"),
        ("案卷题名", title_of(check)),
        ("检查编号", f"{check.no}　{check.year} 年第{'一二三四'[check.number - 1]}季度　{check.get_source_display()}"),
        ("检查日期", full_date(localtime(check.ended_at).date())),
        ("检查结果", check.get_outcome_display()),
        ("承办单位", check.executing_unit.name),
        ("检查人员", "、".join(check.members.values_list("inspector__name", flat=True))),
        ("归档日期", full_date(localtime(volume.asked_at).date())),
        ("保管期限", f"{file.years} 年，到 {full_date(file.kept_until)}"),
        ("件数和页数", f"{papers} 件，{pages} 页" if papers else "成册时写明"),
        ("立卷人", volume.asked_by.full_name),
    )
    blocks = [Line((fact,)) for fact in facts]
    if volume.reason:
        blocks.append(Text("为什么补充", volume.reason))
    return _paper(file, volume, "补充卷" if volume.part else "案卷", tuple(blocks))


def catalogue(file: File, volume: Volume, rows: Sequence[VolumePaper]) -> Filled:
    lines = tuple(
        (str(row.n), row.number, row.author, row.title, f"{row.dated:%Y-%m-%d}", row.span if row.first_page else "", "")
        for row in rows
    )
    return _paper(file, volume, "卷内目录", (Grid("卷内文件", HEAD, lines, WIDTHS),))


def last_leaf(file: File, volume: Volume, rows: Sequence[VolumePaper]) -> Leaf:
    """卷内备考表: what is in it, what is not and why, who bound it and who looked it over."""
    said = [f"本卷共 {len(rows)} 件文书，{sum(r.pages for r in rows)} 页，另有本表 1 页。"]
    said += [f"没有{line.filed.name}：{line.excused}。" for line in file.lines if line.filed.needed and line.excused]
    signs = (Sign("立卷人", volume.asked_by.full_name), Sign("检查人"))
    blocks = (Text("本卷情况说明", "\n".join(said), 120), Signs(signs))
    made = filled.as_pdf(_paper(file, volume, "卷内备考表", blocks))
    day, unit = localtime(volume.asked_at).date(), file.check.unit.short_name
    return Leaf("BACKUP", "卷内备考表", day, lambda site: [made], author=unit)


def _paper(file: File, volume: Volume, title: str, blocks: tuple) -> Filled:
    return Filled(
        unit=file.check.unit.name,
        title=title,
        left=f"档号：{volume.no or '成册时编号'}",
        right=f"检查编号：{file.check.no}",
        blocks=blocks,
        note="",
        made_at=localtime(volume.asked_at).isoformat(timespec="seconds"),
    )


# --- 移交清单 ----------------------------------------------------------------------------------------------------

COLUMNS = [
    OutColumn(title, width)
    for title, width in (
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
]


def transfer_rows(files: Iterable[File]) -> list[tuple]:
    """Every bound volume, its supplements behind it."""
    bound = [(file, volume) for file in files for volume in file.volumes if volume.file_id]
    return [
        (
            str(n),
            volume.no,
            title_of(file.check),
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
    title = heading(f"{year} 年案卷移交清单", unit.name, today)
    return table(sheet="移交清单", title=title, columns=COLUMNS, rows=rows, named_by=2)


def transfer_paper(rows: list[tuple], unit, year: int, made_at) -> Filled:
    short = tuple(
        (n, no, title, day, pages, kept, f"{box} {shelf}") for n, no, title, _, day, pages, kept, box, shelf, _ in rows
    )
    head = ("序号", "档号", "案卷题名", "成册日期", "页数", "保管期限", "盒号和架位")
    return Filled(
        unit=unit.name,
        title="档案移交清单",
        left=f"{year} 年检查案卷",
        right=f"共 {len(rows)} 卷",
        blocks=(
            Grid("案卷", head, short, (7, 18, 30, 13, 8, 10, 14)),
            Signs((Sign("移交人"), Sign("接收人"), Sign("监交人"))),
        ),
        note="",
        made_at=made_at.isoformat(timespec="seconds"),
    )
