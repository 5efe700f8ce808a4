"""What a 通报 or an evaluation is about, and its figures as everybody may know them (五-2c, 五-2d, 二-c)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter, is_over
from inspections.indicators import counts, figures
from inspections.indicators.facts import Scope, day_of
from inspections.indicators.figures import Figure
from inspections.models import BulletinKind, ReportState, WorkReport
from inspections.reports.periods import NONE, Chapter
from plans.quarterly.late import late_draws, late_plans

CHAPTERS = {
    BulletinKind.QUARTER: (
        Chapter("problems", "存在的问题", f"检查中和工作中的共性问题。{NONE}", asked=True),
        Chapter("practice", "好的做法", f"可以推广的做法。{NONE}", asked=True),
        Chapter("next", "下一步要求", asked=True),
    ),
    BulletinKind.YEAR: (
        Chapter("comments", "指标的说明", "没有达到目标的，逐项说明"),
        Chapter("opinion", "评估意见", asked=True),
    ),
    BulletinKind.CYCLE: (
        Chapter("opinion", "总体评价", "制度、执行、公开三个方面", asked=True),
        Chapter("problems", "存在的问题", NONE, asked=True),
        Chapter("next", "下一周期的打算", asked=True),
    ),
}
# Of the three years: coverage, timeliness and complete papers (二-c).
TREND = (6, 7, 1, 2, 3, 4, 14, 15, 16)


@dataclass(frozen=True)
class Subject:
    """The kind of paper, about whom, of when; of the city the unit is the city team."""

    kind: str
    unit: Unit
    year: int
    number: int | None = None

    @property
    def name(self) -> str:
        if self.kind == BulletinKind.QUARTER:
            return f"{Quarter(self.year, self.number).label}“双随机、一公开”工作情况通报"
        if self.kind == BulletinKind.YEAR:
            return f"{self.unit.short_name} {self.year} 年“双随机、一公开”工作评估"
        first, last = self.cycle
        return f"{first}—{last} 年“双随机、一公开”工作总结评估"

    @property
    def cycle(self) -> tuple[int, int]:
        return policy.on(date(self.year, 12, 31)).coverage_cycle(self.year)

    @property
    def last_quarter(self) -> Quarter:
        return Quarter(self.year, self.number or 4)

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        return CHAPTERS[self.kind]


def subjects_of(year: int) -> list[Subject]:
    """The papers of a year: four 通报, an evaluation of each unit, and in the last year of a cycle its closing."""
    team = Unit.objects.city_team()
    found = [Subject(BulletinKind.QUARTER, team, year, n) for n in (1, 2, 3, 4)]
    found += [Subject(BulletinKind.YEAR, unit, year) for unit in Unit.objects.of_year(year)]
    closing = Subject(BulletinKind.CYCLE, team, year)
    return [*found, closing] if closing.cycle[1] == year else found


def figures_of(subject: Subject, today: date) -> dict:
    """Counted now; nothing that is sealed is in it."""
    if subject.kind == BulletinKind.QUARTER:
        return _of_quarter(subject.last_quarter, today)
    if subject.kind == BulletinKind.YEAR:
        scope = Scope.of([subject.unit], subject.year)
        found = figures.of_units(scope)[subject.unit.pk]
        return {"figures": _data(found), "counts": counts.of_unit(scope, subject.unit.pk)}
    return {"years": trend(subject.cycle, today)}


def _of_quarter(quarter: Quarter, today: date) -> dict:
    units = list(Unit.objects.drawing())
    scope = Scope.of(units, quarter.year, quarter.number)
    found = figures.of_units(scope)
    return {
        "city": _data(found[None]),
        "units": ranked({"code": u.code, "name": u.short_name, "figures": _data(found[u.pk])} for u in units),
        "counts": [counts.of_unit(scope, u.pk) for u in units],
        "late": _late(quarter, today),
    }


def ranked(units: Iterable[dict]) -> list[dict]:
    """By how many targets were missed, the fewest first; as many are equal."""
    found = []
    for unit in units:
        missed = [f["no"] for f in unit["figures"] if not f["met"]]
        found.append({**unit, "missed": missed})
    found.sort(key=lambda one: (len(one["missed"]), one["code"]))
    for one in found:
        one["rank"] = 1 + sum(len(other["missed"]) < len(one["missed"]) for other in found)
    return found


def _late(quarter: Quarter, today: date) -> list[list[str]]:
    """Plans, draws and reports after their day, each with its reason where one was written (五-2c)."""
    calendar = workdays.calendar()
    found = [*late_plans(quarter, today, calendar), *late_draws(quarter, today, calendar)]
    lines = [[one.unit, one.words, one.reason or "没有写明原因"] for one in found]
    due = quarter.close_due(calendar).date
    sent = WorkReport.objects.of(quarter.year, quarter.number).exclude(state=ReportState.DRAFT).order_by("-asked_at")
    first = dict(sent.values_list("unit", "asked_at"))
    for unit in Unit.objects.working(quarter):
        on = day_of(first[unit.pk]) if unit.pk in first else today
        if is_over(due, on):
            said = f"检查结果报告晚 {(on - due).days} 天报送" if unit.pk in first else "检查结果报告没有报送"
            lines.append([unit.short_name, said, "没有写明原因"])
    return lines


def trend(cycle: tuple[int, int], today: date) -> list[dict]:
    """The city's figures of each year of a cycle that has begun."""
    units = list(Unit.objects.drawing())
    return [
        {"year": year, "figures": _data(figures.of_units(Scope.of(units, year))[None])}
        for year in range(cycle[0], min(cycle[1], today.year) + 1)
    ]


def first_words(subject: Subject) -> dict[str, str]:
    """What the units have written themselves, for the office to go on from."""
    if subject.kind != BulletinKind.QUARTER:
        return {}
    reports = WorkReport.objects.of(subject.year, subject.number).filter(state=ReportState.RECEIVED)
    found = {}
    for key in ("problems", "practice"):
        lines = [
            (r.unit.short_name, r.text.get(key, "")) for r in reports.select_related("unit").order_by("unit__position")
        ]
        found[key] = "\n".join(f"{name}：{words}" for name, words in lines if words not in ("", "无"))
    return found


def _data(found: list[Figure]) -> list[dict]:
    return [one.as_data() for one in found]
