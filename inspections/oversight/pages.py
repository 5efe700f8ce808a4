"""全市进度 as PNG 06: tiles, units × nine steps, the three-year line, and the alerts with their prefilled 督办 (五-1a, 五-2b).

No figure is reckoned here: steps are `progress`, K1 to K7 `inspections.indicators`, filings and 督办 those of `coordination`,
audits those of the registry. What is red anywhere on the page is one of `Alert`, and the tile counts their units.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.shares import percent
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, full_date, item_list_due, short_date
from inspections.coordination import log as coordination
from inspections.coordination import matters
from inspections.coordination import rules as coordination_rules
from inspections.coverage.tally import Tally
from inspections.indicators import figures
from inspections.indicators.facts import Scope
from inspections.models import Instruction, InstructionKind
from registry.audits import standing as audits
from registry.models import Facility

from . import cycle as cycles
from . import progress
from .progress import Row

SCALE = 40  # per cent of 重点 that a whole bar stands for: the tick of 25 % stands at 62.5 (ui-2.md 22)
MOST_ALERTS = 5  # beside the page; the others unfold below them
MOST_NOTES = 5


@dataclass(frozen=True)
class Alert:
    """One matter of one unit that somebody has to look at; `is_late` stands in red."""

    key: str
    unit: Unit
    title: str
    text: str
    url: str
    is_late: bool = True
    ask_url: str = ""  # 督办 with this matter filled in
    asked: str = ""

    @property
    def state(self) -> str:
        return "r" if self.is_late else ""


@dataclass(frozen=True)
class Line:
    """A unit with everything that the page says of it."""

    row: Row
    facilities: int
    filed: coordination.Standing
    books: dict

    @property
    def unit(self) -> Unit:
        return self.row.unit

    @property
    def bar(self) -> str:
        return f"{min(self.row.share.percent * 100 / SCALE, 100):.1f}" if self.row.share else "0.0"

    @property
    def done_bar(self) -> str:
        share = self.row.share
        return f"{min(100 * share.done / share.total * 100 / SCALE, 100):.1f}" if share and share.total else "0.0"

    @property
    def is_low(self) -> bool:
        return bool(self.row.share and self.row.share.problem)

    @property
    def waits(self) -> str:
        """In place of a bar, while nothing is drawn."""
        due, cell = self.row.draw_due, self.row.cells[3]
        return "还没有抽" if cell.state == "late" or due is None else f"{short_date(due.date)}前抽取"


@dataclass
class City:
    """The page as this reader may know it; a fixed number of queries, whatever the number of units and facilities."""

    user: object
    quarter: Quarter
    now: datetime
    calendar: Calendar
    only: str = ""

    @property
    def today(self) -> date:
        return self.now.date()

    @cached_property
    def rows(self) -> list[Row]:
        return progress.city(self.user, self.quarter, self.today, self.calendar, scope=self.scope)

    @cached_property
    def units(self) -> list[Unit]:
        return progress.units_of(self.user, self.quarter, self.only)

    @cached_property
    def lines(self) -> list[Line]:
        on_books = on_books_of(self.units)
        filed = coordination.standings(self.user, self.units, self.quarter, self.today, self.calendar, told=self.told)
        books = audits.standings(self.units, self.today)
        return [
            Line(row, on_books.get(row.unit.pk, 0), standing, books[row.unit.pk])
            for row, standing in zip(self.rows, filed, strict=True)
        ]

    @cached_property
    def scope(self) -> Scope:
        return self._scope(self.quarter)

    @cached_property
    def cycle(self) -> cycles.Cycle:
        """Of the year that runs: a line of a registry that was another would be none. Of a quarter that is over as far as it went."""
        return cycles.of(self._scope(Quarter.of(self.today), whole_year=True), self.quarter)

    def _scope(self, quarter: Quarter, *, whole_year: bool = False) -> Scope:
        return Scope.known_to(
            self.user, self.units, quarter, whole_year=whole_year, moment=self.now, calendar=self.calendar
        )

    @cached_property
    def covered(self) -> list[cycles.Covered]:
        return list(self.cycle.units.values())

    @cached_property
    def prompt(self) -> dict[int | None, figures.Sum]:
        """K2."""
        return figures.sums(self.scope, 2)

    @property
    def is_over(self) -> bool:
        """Nothing of the quarter moves any more; what was not kept stands in its cells, and in 合规体检."""
        return self.quarter.last_day < self.today

    @property
    def close(self) -> str:
        """9 月 25 日，还剩 37 天; late is only what was not done."""
        due = self.quarter.close_due(self.calendar)
        if self.is_over:
            words = "本季已结束"
        elif due.is_over(self.today) and not any(c.state == "late" for row in self.rows for c in row.cells[4:6]):
            words = "都已办完"
        else:
            words = due.remaining(self.today)
        return f"{short_date(due.date)}，{words}"

    # --- what stands on top ------------------------------------------------------------------------------------------

    @property
    def inside(self) -> bool:
        """Whether the reader is told of every unit how its checks advance."""
        return bool(self.rows) and all(row.inside for row in self.rows)

    @cached_property
    def whole(self) -> Tally:
        return sum((row.tally for row in self.rows), Tally())

    @property
    def stats(self) -> list[dict]:
        return self.tiles if self.only else [*self.tiles, self._late()]

    @property
    def tiles(self) -> list[dict]:
        """Without what is late, which asks for everything that the page shows; the home has that above."""
        return [self._checked(), self._key(), self._prompt(), self._general()]

    def _checked(self) -> dict:
        """Outside the circle how many results are public, as the cells 公示 count them."""
        whole, in_vain = self.whole, ""
        label, done, total = "本季已检查", whole.over, whole.to_check
        if whole.not_possible:
            in_vain = f"，其中 {whole.not_possible} 家未能检查"
        if not self.inside:
            label, in_vain = "本季结果已公开", ""
            done, total = sum(row.public for row in self.rows), sum(row.results for row in self.rows)
        note = f"{percent(done, total)}，还有 {total - done} 家{in_vain}" if total else "还没有抽取"
        return {"label": label, "figure": done, "unit": f"/ {total} 家", "note": note, "url": self._behind(9)}

    def _key(self) -> dict:
        shares = [row.share for row in self.rows if row.share]
        drawn, total, least = (sum(getattr(s, name) for s in shares) for name in ("drawn", "total", "least"))
        low = sum(bool(s.problem) for s in shares)
        note = f"名录 {total} 家，抽中 {drawn} 家，最低需 {least} 家" if shares else "还没有抽取"
        if low:
            note += f"；{low} 个单位不够"
        return {
            "label": "重点对象本季抽查",
            "figure": percent(drawn, total),
            "note": note,
            "bad": bool(low),
            "url": self._behind(5),
        }

    def _prompt(self) -> dict:
        prompt, public = self.prompt[None], figures.sums(self.scope, 1)[None]
        late = sum(row.late_results for row in self.rows)
        told = sum(row.public for row in self.rows)
        note = f"公开率 {public.shown}；{told} 家已公开，{late} 家逾期"
        bad = late > 0 or not prompt.is_met
        return {"label": "本季结果按期公开", "figure": prompt.shown, "note": note, "bad": bad, "url": self.rows_of(2)}

    def _general(self) -> dict:
        whole = self.cycle.whole
        note = f"{self.cycle.at}；均匀进度应达 {whole.asked}"
        return {
            "label": f"一般对象{self.cycle.name}",
            "figure": whole.shown,
            "note": note,
            "bad": whole.is_low,
            "url": self.rows_of(7),
        }

    def _late(self) -> dict:
        return {
            "label": "有逾期或不足",
            "figure": self.late_units,
            "unit": f"/ {len(self.rows)} 个单位",
            "note": f"标红的 {sum(a.is_late for a in self.alerts)} 件，逐件在预警里",
            "bad": self.late_units,
            "url": "#alerts",
        }

    def _behind(self, k: int) -> str:
        """The rows that the tile counts; of whom they count only what is public, the units' numbers as the tile adds them up."""
        if self.inside:
            return self.rows_of(k)
        page = reverse("inspections:city-unit", args=[self.only]) if self.only else reverse("inspections:city-progress")
        return f"{page}?quarter={self.quarter}#steps"

    def rows_of(self, k: int) -> str:
        """The rows behind an indicator."""
        where = f"unit={self.only}" if self.only else "scope=city"
        return f"{reverse('inspections:indicator-rows', args=[k])}?{where}&quarter={self.quarter}"

    @property
    def late_units(self) -> int:
        return len({alert.unit.pk for alert in self.alerts if alert.is_late})

    # --- alerts ------------------------------------------------------------------------------------------------------

    @cached_property
    def told(self) -> list[Instruction]:
        """督办, 指导 and 协调 of the quarter, newest first."""
        found = Instruction.objects.visible_to(self.user).of(self.quarter).filter(unit__in=self.units)
        return list(found.select_related("unit", "sent_by", "duty").order_by("-sent_at", "-pk"))

    @property
    def notes(self) -> list[tuple[Instruction, str]]:
        """With what is late in red: that first, the oldest of it before the others, then the newest."""
        found = [(one, coordination_rules.late_words(one, self.today)) for one in self.told]
        late = sorted((note for note in found if note[1]), key=lambda note: note[0].due)
        return [*late, *(note for note in found if not note[1])][:MOST_NOTES]

    @cached_property
    def alerts(self) -> list[Alert]:
        """What is late or too little first."""
        found = []
        for line in self.lines:
            told = [o for o in self.told if o.unit_id == line.unit.pk and o.kind == InstructionKind.REMIND]
            may = self.user.may(P.INSTRUCT, line.unit)
            for key, title, text, url, is_late in self._matters(line):
                ask = {"of": line.unit.code, "quarter": str(self.quarter), "matter": key}
                urged = may and _may_be_urged(key)
                ask_url = f"{reverse('inspections:coordination-new')}?{urlencode(ask)}" if urged else ""
                said = ""
                if same := matters.told_of(key, title, told):
                    said = f"本季督办过 {len(same)} 次，最近 {short_date(localtime(same[0].sent_at).date())}"
                found.append(Alert(key, line.unit, title, text, url, is_late, ask_url, said))
        # What the plan dates comes before what the city dates itself, and that before even progress, which is no duty yet.
        return sorted(
            found, key=lambda alert: (not alert.is_late, alert.key == "cycle", not alert.key.startswith("step"))
        )

    def _matters(self, line: Line) -> Iterator[tuple[str, str, str, str, bool]]:
        row, law = line.row, policy.on(self.quarter.first_day)
        for step, cell in (*row.late_steps, ("计划报送", line.filed.plan), ("抽取备案", line.filed.draw)):
            if cell.state == "late" and cell.of_the_office:
                yield f"receipt-{step}", f"{step}{cell.text}", "报来的在市执法队牵头部门手里", cell.url or row.url, True
        for step, cell in row.late_steps:
            if cell.of_the_office:
                continue
            if step != "公示" or not row.late_results:
                words = coordination.behind_words([(step, cell)])
                yield f"step-{progress.STEPS.index(step)}", words, self._due_words(step), cell.url, True
        if n := row.late_results:
            title = f"{n} 家结果超过 {law.publish_within_workdays} 个工作日未公开"
            yield "results", title, "名单公开以前，企业名称只在检查任务里", row.cells[4].url, True
        share, problems = row.share, row.problems
        if share and share.problem:
            text = f"{share.drawn}/{share.total}，{share.shown}，应抽 {share.least} 家"
            yield "key", f"重点对象抽查低于 {law.key_basis_points // 100}%", text, row.cells[3].url, True
            problems = tuple(p for p in problems if p != share.problem)
        for problem in problems:
            yield "replaced", "抽取名单更换较多", problem, row.cells[3].url, True
        for kind, cell in (("计划报送", line.filed.plan), ("抽取备案", line.filed.draw)):
            if cell.state == "late" and not cell.of_the_office:
                words = coordination.behind_words([(kind, cell)])
                yield f"filed-{kind}", words, "报市执法队牵头部门", row.url, True
        for book, standing in line.books.items():
            if standing.overdue:
                title = f"{standing.book.label}{standing.badge}"
                text = f"上次审核 {full_date(standing.last_day)}" if standing.last else "还没有审核过"
                yield f"audit-{book}", title, text, row.url, True
        if line.filed.late:
            yield "answer", f"{line.filed.late} 件督办逾期没有回复", "统筹指导台账", line.filed.log_url, True
        covered = self.cycle.units[line.unit.pk]
        if covered.behind:
            title = f"{self.cycle.name}落后 {covered.behind:g} 个百分点"
            text = f"{covered.seen}/{covered.total}，{covered.shown}，均匀进度应达 {covered.asked}"
            yield "cycle", title, text, row.url, covered.is_low

    def _due_words(self, step: str) -> str:
        """By when a step had to be done; a report that was given back has days of its own."""
        quarter, calendar = self.quarter, self.calendar
        plan, close = quarter.plan_due(calendar), quarter.close_due(calendar)
        dues = {
            "清单": item_list_due(quarter.year, calendar),
            "计划": plan,
            "公开": plan,
            "抽取": quarter.draw_due(calendar),
            "检查": close,
            "公示": close,
        }
        bound = policy.on(self.today).recommended.archive_within_workdays
        own = {"处理": "责令改正的期限已过，没有复查办结", "归档": f"办结后 {bound} 个工作日内成册"}
        return f"应于 {short_date(dues[step].date)}前" if step in dues else own.get(step, "检查结果报告")

    def matter(self, key: str) -> Alert | None:
        """What a 督办 can be about."""
        return next((alert for alert in self.alerts if alert.key == key and _may_be_urged(key)), None)


def _may_be_urged(key: str) -> bool:
    """Not what lies with the office, which is no matter of the unit's; nor a 督办 by another one, for which the home has 催."""
    return not key.startswith("receipt") and key != "answer"


def on_books_of(units: list[Unit]) -> dict[int, int]:
    """How many of each unit stand on the books; one query."""
    counted = Facility.objects.on_books().filter(unit__in=units).order_by().values_list("unit")
    return dict(counted.annotate(n=Count("pk")))
