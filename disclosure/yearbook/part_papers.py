"""What a year's volume consists of, in the order of 七(七): papers to be read, and the same as data (七(七)-a…-g)."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.documents import official
from benxi_shuangsuiji.documents.official import Official, Para, Table
from benxi_shuangsuiji.workdays.days import full_date
from disclosure.draws.documents import history_of
from disclosure.lists.papers import paper_of
from disclosure.models import FOLLOWUPS, Publication, PublicationKind
from inspections.archive.papers import transfer_rows
from inspections.archive.standing import files_of
from inspections.closing.figures import Line
from inspections.models import Inspection, InspectionStatus, ReportState, WorkReport
from inspections.reports import papers as report_papers
from inspections.reports.periods import Period
from plans.draw import ssj1
from plans.draw.record import record_pdf
from plans.models import HELD, Draw, DrawStatus
from registry import book, sheets
from registry.facilities import past
from registry.models import Category

from .models import YearVolume
from .rules import closing_of


@dataclass(frozen=True)
class Part:
    """One paper of the volume; `make` is called once, its result is kept."""

    key: str
    title: str
    make: Callable[[], bytes]


def of(volume: YearVolume, site: str) -> Iterator[Part]:
    """Every part of the year; what a unit has none of says so on its paper."""
    year = _Year(volume, site)
    yield from year.lists()
    yield from year.plans()
    yield Part("facilities", f"检查对象名录库（{year.day_words}）", year.facilities)
    yield Part("inspectors", f"执法检查人员名录库（{year.day_words}）", year.inspectors)
    yield Part("draws", "抽查情况", year.draws)
    yield from year.records()
    yield Part("results", "检查结果", year.results)
    yield Part("followups", "违法违规情形处理", year.followups)
    yield Part("closing", "结果公开率和依法不公开的结果", year.closing)
    yield from year.reports()
    yield Part("volumes", "检查案卷目录", year.volumes)


def data_of(volume: YearVolume) -> Iterator[tuple[str, bytes]]:
    """The same as data: registries as workbooks, what was published word for word, the draws to be computed again."""
    year = _Year(volume, "")
    unit, day = volume.unit, year.day
    yield "data/facilities.xlsx", sheets.facility_export(year.roster, unit=unit, day=day, with_personal_data=False)
    yield "data/inspectors.xlsx", sheets.inspector_export(year.people, unit=unit, day=day)
    for name, kinds in (
        ("lists", [PublicationKind.ITEM_LIST]),
        ("plans", [PublicationKind.PLAN]),
        ("results", [PublicationKind.RESULT]),
        ("followups", list(FOLLOWUPS)),
    ):
        rows = year.published(*kinds).order_by("kind", "no", "version")
        yield f"data/{name}.jsonl", "".join(f"{row.text}\n" for row in rows).encode()
    closed = closing_of(volume.year)
    said = {"lines": closed.lines, "withheld": closed.withheld} if closed else {}
    yield "data/closing.json", json.dumps(said, ensure_ascii=False, indent=1).encode()
    if history := history_of(volume.year):
        yield "draws/history.json", ssj1.bundle_json(history).encode()


class _Year:
    def __init__(self, volume: YearVolume, site: str):
        self.volume, self.site = volume, site
        self.unit, self.year = volume.unit, volume.year
        self.day = date(volume.year, 12, 31)
        self.day_words = full_date(self.day)
        self._roster = None

    # --- what is asked for -------------------------------------------------------------------------------------

    @property
    def roster(self):
        """The registry as it stood at the end of the year (六(二)-f)."""
        if self._roster is None:
            self._roster = past.roster_on(self.unit, self.day)
        return self._roster

    @property
    def people(self):
        """Who was in the registry at the end of the year."""
        found = book.inspectors_of(self.unit).exclude(left_on__lte=self.day)
        return (
            found.exclude(changes__kind="NEW", changes__effective_on__gt=self.day)
            .select_related("unit")
            .order_by("code")
        )

    def published(self, *kinds: str):
        """What of the year can be read today: withdrawn words are sealed here too."""
        units = [self.unit.code]
        if PublicationKind.ITEM_LIST in kinds:
            units += Unit.objects.filter(kind=UnitKind.CITY_TEAM).values_list("code", flat=True)
        return Publication.objects.filter(kind__in=kinds, unit_code__in=units, year=self.year)

    # --- papers ------------------------------------------------------------------------------------------------

    def lists(self) -> Iterator[Part]:
        for row in self.published(PublicationKind.ITEM_LIST).current().order_by("unit_code", "no"):
            yield self._published(row)

    def plans(self) -> Iterator[Part]:
        for row in self.published(PublicationKind.PLAN).current().order_by("number", "no"):
            yield self._published(row)

    def _published(self, row: Publication) -> Part:
        make = partial(_laid_out, partial(paper_of, row, site=self.site))
        return Part(f"{row.kind}-{row.no}", row.title, make)

    def facilities(self) -> bytes:
        rows = tuple(
            (f.code, f.name, f.uscc, Category(f.category).label, f.address, f.get_status_display()) for f in self.roster
        )
        head = ("名录编号", "名称", "统一社会信用代码", "类别", "地址", "状态")
        return self._table(
            "检查对象名录库", f"{self.day_words}名录有 {len(rows)} 家。", head, rows, (16, 26, 19, 9, 20, 10)
        )

    def inspectors(self) -> bytes:
        rows = tuple(
            (p.code, p.name, p.unit.short_name, p.certificate_no, f"{p.certificate_to:%Y-%m-%d}") for p in self.people
        )
        head = ("名录编号", "姓名", "单位", "执法证号", "有效期止")
        words = f"{self.day_words}名录有 {len(rows)} 人。执法证是成册时登记的。"
        return self._table("执法检查人员名录库", words, head, rows, (20, 15, 20, 25, 20))

    def draws(self) -> bytes:
        rows = tuple(
            (
                draw.draw_id,
                draw.get_status_display(),
                f"{localtime(draw.frozen_at):%Y-%m-%d}" if draw.frozen_at else "—",
                f"{localtime(draw.drawn_at):%Y-%m-%d}" if draw.drawn_at else "—",
                str(draw.picks.standing().count()),
            )
            for draw in self._draws()
        )
        head = ("抽取编号", "状态", "封存", "抽取", "抽中（家）")
        words = f"本年抽取 {len(rows)} 次。每次的证据包在电子档案包里，可以重新计算。"
        return self._table("抽查情况", words, head, rows, (34, 18, 16, 16, 16))

    def _draws(self):
        return Draw.objects.filter(unit=self.unit, year=self.year, frozen_at__isnull=False).order_by("number", "serial")

    def records(self) -> Iterator[Part]:
        released = self._draws().filter(status__in=HELD).exclude(status=DrawStatus.DRAWN)
        for draw in released:
            yield Part(f"record-{draw.draw_id}", f"抽取记录 {draw.draw_id}", partial(record_pdf, draw, site=self.site))

    def results(self) -> bytes:
        rows = tuple(
            (r.no, r.facility_name, f"{r.checked_on:%Y-%m-%d}", _outcome(r), f"{localtime(r.issued_at):%Y-%m-%d}")
            for r in self.published(PublicationKind.RESULT).current().order_by("checked_on", "no")
        )
        gone = Publication.everything.tombstones().filter(
            kind=PublicationKind.RESULT, unit_code=self.unit.code, year=self.year
        )
        words = f"已公开 {len(rows)} 项" + (f"，另有 {n} 项公开以后撤下，原文封存。" if (n := gone.count()) else "。")
        head = ("检查编号", "检查对象", "检查日期", "检查结果", "公开日期")
        return self._table("检查结果", words, head, rows, (24, 32, 14, 16, 14))

    def followups(self) -> bytes:
        rows = tuple(
            (
                row.snapshot["check"],
                row.facility_name,
                row.snapshot["step_label"],
                row.snapshot["words"],
                row.snapshot["on"],
            )
            for row in self.published(*FOLLOWUPS).current().order_by("facility_name", "published_at")
        )
        head = ("检查编号", "检查对象", "步骤", "内容", "日期")
        words = f"公开的后续处理 {len(rows)} 步。" if rows else "本年没有公开的后续处理。"
        return self._table("违法违规情形处理", words, head, rows, (22, 24, 12, 30, 12))

    def closing(self) -> bytes:
        closed = closing_of(self.year)
        lines = [Line(**line) for line in closed.lines] if closed else []
        rows = tuple((one.name, str(one.due), str(one.public), str(one.withheld), one.share) for one in lines)
        kept = closed.withheld if closed else []
        blocks = [
            Table("各单位（项）", ("单位", "应公开", "已公开", "依法不公开", "公开率"), rows, (32, 17, 17, 17, 17)),
            *(Para(f"{one['no']}　{one['unit']}　{one['ground']}　{one['document']}。") for one in kept),
        ]
        by = (
            f"{full_date(localtime(closed.decided_at).date())}由{closed.decided_by.full_name}批准办结。"
            if closed
            else ""
        )
        return official.as_pdf(self._paper("结果公开率和依法不公开的结果", [Para(by), *blocks]))

    def reports(self) -> Iterator[Part]:
        found = WorkReport.objects.filter(unit=self.unit, year=self.year, state=ReportState.RECEIVED)
        for report in found.select_related("unit").order_by("number", "pk"):
            period = Period.of(report)
            make = partial(
                report_papers.of_report,
                self.unit,
                period,
                figures=report.figures,
                text=report.text,
                report=report,
                today=self.day,
            )
            yield Part(f"report-{report.no}", period.name, partial(_laid_out, make))

    def volumes(self) -> bytes:
        checks = Inspection.objects.filter(unit=self.unit, year=self.year, status=InspectionStatus.PUBLISHED)
        listed = checks.select_related("unit", "executing_unit", "facility", "draw").order_by("no")
        rows = tuple(
            (no, title, check, day, pages) for _, no, title, check, day, pages, *_ in transfer_rows(files_of(listed))
        )
        head = ("档号", "案卷题名", "检查编号", "成册日期", "页数")
        words = f"已成册 {len(rows)} 卷。"
        return self._table("检查案卷目录", words, head, rows, (20, 34, 22, 14, 10))

    def _table(self, title: str, words: str, head: tuple, rows: tuple, widths: tuple[int, ...]) -> bytes:
        blocks = [Para(words), *([Table(title, head, rows, widths)] if rows else [])]
        return official.as_pdf(self._paper(title, blocks))

    def _paper(self, title: str, blocks: list) -> Official:
        at = localtime(self.volume.asked_at)
        return Official(
            issuer=self.unit.name,
            number=f"{self.year} 年度卷　档号 {self.volume.no}",
            title=f"{self.unit.short_name} {self.year} 年{title}",
            blocks=tuple(blocks),
            signed=self.unit.name,
            dated=full_date(at.date()),
            made_at=at.isoformat(timespec="seconds"),
        )


def _laid_out(make: Callable[[], Official]) -> bytes:
    return official.as_pdf(make())


def _outcome(row: Publication) -> str:
    return row.snapshot.get("outcome_label") or row.outcome
