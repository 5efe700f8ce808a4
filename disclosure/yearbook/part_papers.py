"""What a year's volume consists of, in the order of 七(七): papers to be read, and the same as data (七(七)-a…-g)."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from functools import cached_property, partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.documents import official
from benxi_shuangsuiji.documents.official import Block, Official, Para, Table
from benxi_shuangsuiji.subject import Leaf
from benxi_shuangsuiji.workdays.days import end_of, full_date
from disclosure.draws.documents import history_of
from disclosure.lists.papers import paper_of
from disclosure.models import FOLLOWUPS, Publication, PublicationKind
from inspections.archive.papers import transfer_rows
from inspections.archive.standing import files_of
from inspections.closing.figures import Line
from inspections.models import Inspection, ReportState, WorkReport, YearClosing
from inspections.reports import papers as report_papers
from inspections.reports.periods import Period
from plans.draw import ssj1
from plans.draw.record import record_pdf
from plans.models import HELD, Draw, DrawStatus
from registry import book, sheets
from registry.facilities import past
from registry.inspectors.certificates import columns_of
from registry.models import Category

from .models import YearPaper, YearVolume
from .rules import closing_of


def leaves_of(volume: YearVolume) -> list[Leaf]:
    """Every part of the year; of a supplement those that no volume before it holds, and those that have changed since."""
    before = YearPaper.objects.filter(
        volume__unit=volume.unit, volume__year=volume.year, volume__part__lt=volume.part
    ).values_list("key", flat=True)
    inside = set(before)
    return [leaf for leaf in _Year(volume).leaves() if leaf.key not in inside]


def data_of(volume: YearVolume) -> Iterator[tuple[str, bytes]]:
    """The same as data: registries as workbooks, what was published word for word, the draws to be computed again."""
    year = _Year(volume)
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


def published_of(unit: Unit, year: int, *kinds: str):
    """What of the year can be read today: withdrawn words are sealed here too."""
    units = [unit.code]
    if PublicationKind.ITEM_LIST in kinds:
        units += Unit.objects.filter(kind=UnitKind.CITY_TEAM).values_list("code", flat=True)
    return Publication.objects.filter(kind__in=kinds, unit_code__in=units, year=year)


class _Year:
    def __init__(self, volume: YearVolume):
        self.volume, self.unit, self.year = volume, volume.unit, volume.year
        self.day = date(volume.year, 12, 31)
        self.day_words = full_date(self.day)
        self.bound_on = localtime(volume.asked_at)
        self.names = volume.unit.on(self.bound_on.date())

    def leaves(self) -> Iterator[Leaf]:
        """What a unit has none of says so on its paper."""
        for row in self.published(PublicationKind.ITEM_LIST).current().order_by("unit_code", "no"):
            yield self._published(row)
        for row in self.published(PublicationKind.PLAN).current().order_by("number", "no"):
            yield self._published(row)
        yield self.facilities()
        yield self.inspectors()
        yield self.draws()
        for draw in self._draws().filter(status__in=HELD).exclude(status=DrawStatus.DRAWN):
            yield self._leaf_of(
                f"record-{draw.draw_id}",
                f"抽取记录 {draw.draw_id}",
                lambda site, draw=draw: record_pdf(draw, site=site),
            )
        yield self.results()
        yield self.followups()
        if closed := closing_of(self.year):
            yield self.closing(closed)
        yield from self.reports()
        yield self.volumes()

    # --- what is asked for -------------------------------------------------------------------------------------

    @cached_property
    def roster(self):
        """The registry as it stood at the end of the year (六(二)-f)."""
        return past.roster_on(self.unit, self.day)

    @cached_property
    def people(self):
        """Who was in the registry at the end of the year, each with the card that counted then."""
        found = book.inspectors_of(self.unit).exclude(left_on__lte=self.day)
        found = found.exclude(changes__kind="NEW", changes__effective_on__gt=self.day).select_related("unit")
        people = list(found.prefetch_related("certificates").order_by("code"))
        for person in people:
            said = [card for card in person.certificates.all() if card.entered_at <= end_of(self.day)]
            for name, value in columns_of(said, self.day).items():
                setattr(person, name, value)
        return people

    def published(self, *kinds: str):
        return published_of(self.unit, self.year, *kinds)

    def _draws(self):
        return Draw.objects.filter(unit=self.unit, year=self.year, frozen_at__isnull=False).order_by("number", "serial")

    # --- papers ------------------------------------------------------------------------------------------------

    def _published(self, row: Publication) -> Leaf:
        """Corrected after the year was bound it is another paper."""
        key = f"{row.kind}-{row.no}-{row.version}"
        return self._leaf_of(key, row.title, lambda site: paper_of(row, site=site), row.no)

    def facilities(self) -> Leaf:
        rows = [
            (f.code, f.name, f.uscc, Category(f.category).label, f.address, f.get_status_display()) for f in self.roster
        ]
        head = ("名录编号", "名称", "统一社会信用代码", "类别", "地址", "状态")
        words, widths = f"{self.day_words}名录有 {len(rows)} 家。", (16, 26, 19, 9, 20, 10)
        return self._table("facilities", f"检查对象名录库（{self.day_words}）", words, head, rows, widths)

    def inspectors(self) -> Leaf:
        rows = [
            (p.code, p.name, p.unit.on(self.day).short_name, p.certificate_no, f"{p.certificate_to:%Y-%m-%d}")
            if p.certificate_to
            else (p.code, p.name, p.unit.on(self.day).short_name, "没有", "—")
            for p in self.people
        ]
        head = ("名录编号", "姓名", "单位", "执法证号", "有效期止")
        words, widths = f"{self.day_words}名录有 {len(rows)} 人，执法证是当天有效的。", (20, 15, 20, 25, 20)
        return self._table("inspectors", f"执法检查人员名录库（{self.day_words}）", words, head, rows, widths)

    def draws(self) -> Leaf:
        rows = [
            (
                draw.draw_id,
                draw.get_status_display(),
                f"{localtime(draw.frozen_at):%Y-%m-%d}",
                f"{localtime(draw.drawn_at):%Y-%m-%d}" if draw.drawn_at else "—",
                str(draw.picks.standing().count()),
            )
            for draw in self._draws()
        ]
        head = ("抽取编号", "状态", "封存", "抽取", "抽中（家）")
        words = f"本年抽取 {len(rows)} 次。每次的证据包在电子档案包里，可以重新计算。"
        return self._table("draws", "抽查情况", words, head, rows, (34, 18, 16, 16, 16))

    def results(self) -> Leaf:
        rows = [
            (r.no, r.facility_name, f"{r.checked_on:%Y-%m-%d}", _outcome(r), _day(r))
            for r in self.published(PublicationKind.RESULT).current().order_by("checked_on", "no")
        ]
        gone = Publication.everything.tombstones().filter(
            kind=PublicationKind.RESULT, unit_code=self.unit.code, year=self.year
        )
        words = f"已公开 {len(rows)} 项" + (f"，另有 {n} 项公开以后撤下，原文封存。" if (n := gone.count()) else "。")
        head = ("检查编号", "检查对象", "检查日期", "检查结果", "公开日期")
        return self._table("results", "检查结果", words, head, rows, (24, 32, 14, 16, 14))

    def followups(self) -> Leaf:
        rows = [
            (said["check"], row.facility_name, said["step_label"], said["words"], said["on"])
            for row in self.published(*FOLLOWUPS).current().order_by("facility_name", "published_at")
            if (said := row.snapshot)
        ]
        head = ("检查编号", "检查对象", "步骤", "内容", "日期")
        words = f"公开的后续处理 {len(rows)} 步。" if rows else "本年没有公开的后续处理。"
        return self._table("followups", "违法违规情形处理", words, head, rows, (22, 24, 12, 30, 12))

    def closing(self, closed: YearClosing) -> Leaf:
        by = f"{full_date(localtime(closed.decided_at).date())}由{closed.decided_by.full_name}批准办结。"
        rows = [
            (x.name, str(x.due), str(x.public), str(x.withheld), x.share, x.k1)
            for x in (Line(**said) for said in closed.lines)
        ]
        head = ("单位", "应公开", "已公开", "依法不公开", "占应公开", "K1 结果公开率")
        kept = [Para(f"{x['no']}　{x['unit']}　{x['ground']}　{x['document']}。") for x in closed.withheld]
        blocks = (Para(by), Table("各单位（项）", head, tuple(rows), (24, 13, 13, 15, 15, 20)), *kept)
        return self._leaf("closing", "结果公开率和依法不公开的结果", *blocks)

    def reports(self) -> Iterator[Leaf]:
        found = WorkReport.objects.filter(unit=self.unit, year=self.year, state=ReportState.RECEIVED)
        for report in found.select_related("unit").order_by("number", "pk"):
            said = {"figures": report.figures, "text": report.text, "report": report, "today": self.day}
            make = partial(report_papers.of_report, self.unit, Period.of(report), **said)
            yield self._leaf_of(
                f"report-{report.no}", Period.of(report).name, lambda site, make=make: make(), report.no
            )

    def volumes(self) -> Leaf:
        checks = Inspection.objects.settled().filter(unit=self.unit, year=self.year)
        listed = checks.select_related("unit", "executing_unit", "facility", "draw").order_by("no")
        rows = [tuple(row[1:6]) for row in transfer_rows(files_of(listed))]
        head = ("档号", "案卷题名", "检查编号", "成册日期", "页数")
        return self._table("volumes", "检查案卷目录", f"已成册 {len(rows)} 卷。", head, rows, (20, 34, 22, 14, 10))

    def _table(self, name: str, title: str, words: str, head: tuple, rows: list, widths: tuple[int, ...]) -> Leaf:
        return self._leaf(name, title, Para(words), *([Table(title, head, tuple(rows), widths)] if rows else []))

    def _leaf(self, name: str, title: str, *blocks: Block) -> Leaf:
        """A paper of its own with other figures: what changes after the year was bound goes into a supplement."""
        said = hashlib.sha256(repr(blocks).encode()).hexdigest()[:12]
        return self._leaf_of(f"{name}-{said}", title, lambda site: self._paper(title.partition("（")[0], blocks))

    def _leaf_of(self, key: str, title: str, make, number: str = "") -> Leaf:
        def content(site: str) -> list[bytes]:
            made = make(site)
            return [made if isinstance(made, bytes) else official.as_pdf(made)]

        author, day = self.names.short_name, self.bound_on.date()
        return Leaf(key, title, day, content, author=author, number=lambda: number)

    def _paper(self, title: str, blocks: tuple[Block, ...]) -> Official:
        return Official(
            issuer=self.names.name,
            number=f"{self.year} 年度卷　档号 {self.volume.no}",
            title=f"{self.names.short_name} {self.year} 年{title}",
            blocks=blocks,
            signed=self.names.signed,
            dated=full_date(self.bound_on.date()),
            made_at=self.bound_on.isoformat(timespec="seconds"),
        )


def _outcome(row: Publication) -> str:
    return row.snapshot.get("outcome_label") or row.outcome


def _day(row: Publication) -> str:
    day = f"{localtime(row.issued_at):%Y-%m-%d}"
    return day if row.version == 1 else f"{day}，第 {row.version} 版"
