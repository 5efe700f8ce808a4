"""省厅的栏目: which of our data stands in which column of the province, kept as data with its document (七(六)-c)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.models import ProvincialLayout, ProvincialSheet

# Our data, their widths in a workbook, and for a unit the name among its frozen figures.
UNIT_COLUMNS = (
    ("单位", 24, "name"),
    ("回执编号", 18, "receipt"),
    ("抽取（家）", 12, "drawn"),
    ("查完（家）", 12, "finished"),
    ("未能检查（家）", 14, "not_possible"),
    ("更换（家）", 12, "replaced"),
    ("没有查完（家）", 14, "unfinished"),
    ("公开结果（家）", 14, "public"),
    ("现场（家）", 12, "onsite"),
    ("非现场（家）", 12, "offsite"),
    ("发现问题（家）", 14, "problems"),
    ("责令限期改正（家）", 18, "rectify"),
    ("立案查处（家）", 14, "case"),
    ("移送（家）", 12, "transferred"),
    ("针对性检查（次）", 16, "targeted"),
)
RESULT_COLUMNS = (
    ("序号", 8),
    ("检查对象名称", 32),
    ("统一社会信用代码", 22),
    ("所属县区", 20),
    ("监管类别", 10),
    ("抽查事项", 40),
    ("检查单位", 24),
    ("检查日期", 14),
    ("检查方式", 12),
    ("检查结果", 16),
    ("后续处理情况", 30),
    ("公示日期", 14),
)
OURS = {
    ProvincialSheet.UNITS: {title: width for title, width, _ in UNIT_COLUMNS},
    ProvincialSheet.RESULTS: dict(RESULT_COLUMNS),
}
EMPTY_WIDTH = 16


@dataclass(frozen=True)
class Layout:
    """The columns of one sheet: heading, width, place of the data in our own row (None: stays empty)."""

    columns: tuple[tuple[str, int, int | None], ...]

    @property
    def titles(self) -> list[str]:
        return [title for title, _, _ in self.columns]

    def laid_out(self, rows: list[list]) -> list[list[str | int | date]]:
        return [["" if place is None else row[place] for _, _, place in self.columns] for row in rows]


def of(sheet: ProvincialSheet) -> Layout:
    """As the province wants it; our own columns until it has said so."""
    ours = list(OURS[sheet])
    kept = ProvincialLayout.objects.filter(sheet=sheet).first()
    wanted = kept.columns if kept else [[title, title] for title in ours]
    return Layout(
        tuple(
            (title, OURS[sheet].get(name, EMPTY_WIDTH), ours.index(name) if name in ours else None)
            for title, name in wanted
        )
    )


def written(sheet: ProvincialSheet) -> str:
    """The columns as they are typed: one a line, the province's heading = our data."""
    columns = OURS[sheet]
    return "\n".join(
        f"{title} = {list(columns)[place] if place is not None else ''}".rstrip()
        for title, _, place in of(sheet).columns
    )


def read(text: str) -> list[list[str]]:
    found = []
    for line in text.splitlines():
        title, _, name = line.replace("＝", "=").partition("=")
        if line.strip():
            found.append([title.strip(), name.strip()])
    return found


def why_not_open(by: User) -> str:
    return "" if by.units_with(Permission.RECEIVE_REPORTS) else "省厅的栏目由市执法队牵头部门登记。"


def why_not_keep(sheet: str, columns: list[list[str]], document: str, by: User) -> str:
    if reason := why_not_open(by):
        return reason
    if sheet not in ProvincialSheet.values:
        return "选择哪一张表。"
    if not columns:
        return "至少写一栏。"
    for number, (title, name) in enumerate(columns, 1):
        if not title:
            return f"第 {number} 行没有写省厅的栏名。"
        if len(title) > 40:
            return f"“{title[:12]}…”超过 40 个字。"
        if name and name not in OURS[sheet]:
            return f"第 {number} 行：没有“{name}”这项数据。从右边列出的数据里写；省厅要的本系统没有的，等号后面空着。"
    titles = [title for title, _ in columns]
    if twice := next((title for title in titles if titles.count(title) > 1), ""):
        return f"“{twice}”写了两次。"
    if not any(name for _, name in columns):
        return "至少有一栏写明数据。"
    return why_not_reason(document, "依据文件")


@transaction.atomic
def keep(*, sheet: str, columns: list[list[str]], document: str, by: User) -> ProvincialLayout:
    """From the next export on; what was sent keeps its columns in its own file."""
    refuse_if(why_not_keep(sheet, columns, document, by))
    kept = ProvincialLayout.objects.create(
        sheet=sheet, columns=columns, document=document.strip()[:200], made_by=by, made_at=clock.now()
    )
    trail.record("inspections.province.columns", by=by, about=kept, sheet=sheet, document=kept.document)
    return kept
