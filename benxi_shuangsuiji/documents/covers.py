"""封面, 卷内目录 and 备考表, the sheets that every volume has (domain.md 3.3, GB/T 9705). Knows no business."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.timezone import localtime

from benxi_shuangsuiji.subject import Leaf
from benxi_shuangsuiji.workdays.days import full_date

from . import filled
from .bound import Bound, BoundPaper
from .filled import Filled, Grid, Line, Sign, Signs, Text

HEAD = ("顺序号", "文号", "责任者", "题名", "日期", "页号", "备注")
WIDTHS = (7, 25, 14, 22, 15, 10, 7)  # a number such as 210504-2026Q3-0004 stays whole
LAST = "BACKUP"  # 备考表


@dataclass(frozen=True)
class Covers:
    """The words of one volume: `unit` stands over its sheets, `about` beside its number, `facts` on its cover before those
    that every cover has; `missing`: what 备考表 says is not in it, and why."""

    volume: Bound
    unit: str
    author: str
    kind: str
    about: str
    facts: tuple[tuple[str, str], ...]
    term: str
    missing: tuple[str, ...] = ()

    def cover(self, papers: int, pages: int) -> Filled:
        volume = self.volume
        facts = (
            *self.facts,
            ("归档日期", full_date(localtime(volume.asked_at).date())),
            ("保管期限", self.term),
            ("件数和页数", f"{papers} 件，{pages} 页" if papers else "成册时写明"),
            ("立卷人", volume.asked_by.full_name),
        )
        why = [Text("为什么补充", volume.reason)] if volume.reason else []
        return self._sheet("补充卷" if volume.part else self.kind, *(Line((fact,)) for fact in facts), *why)

    def catalogue(self, rows: Sequence[BoundPaper]) -> Filled:
        lines = (
            (str(r.n), r.number, r.author, r.title, f"{r.dated:%Y-%m-%d}", r.span if r.first_page else "", "")
            for r in rows
        )
        return self._sheet("卷内目录", Grid("卷内文件", HEAD, tuple(lines), WIDTHS))

    def last_leaf(self, rows: Sequence[BoundPaper]) -> Leaf:
        """What is in it, what is not and why, who bound it and who looked it over."""
        volume = self.volume
        said = [f"本卷共 {len(rows)} 件文书，{sum(r.pages for r in rows)} 页，另有本表 1 页。", *self.missing]
        signs = (Sign("立卷人", volume.asked_by.full_name), Sign("检查人"))
        made = filled.as_pdf(self._sheet("卷内备考表", Text("本卷情况说明", "\n".join(said), 120), Signs(signs)))
        return Leaf(LAST, "卷内备考表", localtime(volume.asked_at).date(), lambda site: [made], author=self.author)

    def _sheet(self, title: str, *blocks) -> Filled:
        return Filled(
            unit=self.unit,
            title=title,
            left=f"档号：{self.volume.no or '成册时编号'}",
            right=self.about,
            blocks=blocks,
            note="",
            made_at=localtime(self.volume.asked_at).isoformat(timespec="seconds"),
        )
