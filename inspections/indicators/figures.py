"""K1 to K23: number, name, rule, target, and the rows of each (domain.md 8.2). Pages, reports and papers read this list."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.policy import Policy, first_use
from benxi_shuangsuiji.shares import percent
from benxi_shuangsuiji.workdays.days import Quarter, short_date

from . import of_changes, of_coverage, of_draws, of_endings, of_frequency, of_time, of_visits
from .facts import Row, Scope, day_of


@dataclass(frozen=True)
class Goal:
    """At least, or at most, such a share of n; or at most so many."""

    least: Fraction | None = None
    most: Fraction | None = None
    count: int | None = None

    def is_met(self, counted: int, n: int) -> bool:
        if self.count is not None:
            return counted <= self.count
        if not n:
            return True
        share = Fraction(counted, n)
        return (self.least is None or share >= self.least) and (self.most is None or share <= self.most)

    @property
    def words(self) -> str:
        if self.count is not None:
            return f"{self.count}"
        sign, share = ("不低于 ", self.least) if self.least is not None else ("不高于 ", self.most)
        return "全部" if share == 1 else f"{sign}{float(100 * share):.3g}%"


def _least(percents: float) -> Goal:
    return Goal(least=Fraction(percents) / 100)


def _as_said(k: int) -> Callable[[Policy, int], Goal]:
    """The plan names no share: what `policy.versions` holds for this number."""
    return lambda law, year: _least(dict(law.recommended.indicator_percents)[k])


def _third(law: Policy, year: int) -> Goal:
    return Goal(least=Fraction(*of_coverage.cycle_share(law, year)))


@dataclass(frozen=True)
class Indicator:
    """`what` is counted in n; `rule` takes the numbers of the law in force (`said`); with `only_count` the number itself is the figure, and no share of n."""

    k: int
    name: str
    what: str
    rule: str
    rows: Callable[[Scope], Iterable[Row]]
    goal: Callable[[Policy, int], Goal] | None = None
    only_count: bool = False
    # Until the last day of the year, or of the period, it grows, and nobody has missed it.
    by_year_end: bool = False
    by_the_close: bool = False
    # The same counted by the database, unit → (counted, n), for pages of a whole city; None where only the rows can tell.
    sums: Callable[[Scope], dict[int, tuple[int, int]] | None] | None = None

    @property
    def no(self) -> str:
        return f"K{self.k}"

    def said(self, law: Policy) -> str:
        """The rule in one sentence, with its clause."""
        return self.rule.format(law)


ALL: tuple[Indicator, ...] = (
    Indicator(
        1, "结果公开率", "家次", "检查结束满 {0.publish_within_workdays} 个工作日或者已经公开的抽查结果中，已公开的，二、八(二)。",
        of_time.published, lambda law, year: _least(law.published_basis_points / 100), sums=of_time.published_sums,
    ),
    Indicator(
        2, "公开及时率", "家次", "到期或者已经公开的抽查结果中，在季度末月 {0.close_day} 日和检查结束后 {0.publish_within_workdays} 个工作日两个日期中较早的一日以前公开的，六(一)2、八(二)。",
        of_time.prompt, lambda law, year: _least(law.recommended.prompt_publication_percent), sums=of_time.prompt_sums,
    ),
    Indicator(3, "计划按时率", "份", "到期的季度计划中，每季度首月 {0.plan_due_day} 日前批准的，六(一)2。", of_time.plans_made, _as_said(3)),
    Indicator(4, "抽取按时率", "次", "到期的抽取中，每季度首月 {0.draw_due_day} 日前完成的，七(二)。", of_time.draws_held, _as_said(4)),
    Indicator(
        5, "重点季度抽查率", "家次", "封存名单上的重点监管对象中，抽中并且仍在名单上的，七(一)1。",
        of_draws.key_drawn, lambda law, year: _least(law.key_basis_points / 100),
    ),
    Indicator(6, "重点年度覆盖率", "家", "本年应查的重点监管对象中，由抽查或者七(一)3 的检查查到的，七(一)1。", of_coverage.key_reached, _as_said(6), by_year_end=True),
    Indicator(
        7, "一般周期覆盖率", "家", "本周期应查的一般监管对象中，周期开始以来查到的，七(一)2。",
        of_coverage.general_reached, _third, by_year_end=True, sums=of_coverage.general_sums,
    ),
    Indicator(
        8, "随机抽查占日常检查比", "家次", "抽取的检查和登记的例外中，来自抽取的，四。",
        of_draws.random_share, lambda law, year: _least(law.random_basis_points / 100),
    ),
    Indicator(9, "任务完成率", "家次", "名单上应查的对象中，在季度末月 {0.close_day} 日前查完的，经批准更换的不计，六(一)2。", of_draws.finished, _as_said(9), by_the_close=True),
    Indicator(
        10, "超频次数", "家", "本年抽中的对象中，同一事项超过 {0.cap_per_item} 次的，特殊监管对象除外，七(一)4。",
        of_frequency.drawn_too_often, lambda law, year: Goal(count=0), only_count=True,
    ),
    Indicator(
        11, "超过入企检查上限", "家", "本年有入企检查的对象中，超过检查当日上限的，一。",
        of_frequency.visited_too_often, lambda law, year: Goal(count=0), only_count=True,
    ),
    Indicator(
        12, "抽取名单调整率", "家次", "抽取和补入的对象中，经批准更换的，七(二)。",
        of_draws.replaced, lambda law, year: Goal(most=Fraction(law.recommended.amendment_alert_percent, 100)),
    ),
    Indicator(13, "两人以上执法率", "次", "现场检查中，到场的持有效执法证的不少于 {0.min_team_size} 人的，七(五)。", of_visits.two_officers, _as_said(13)),
    Indicator(14, "执法记录仪覆盖率", "次", "现场检查中，从到达到结束都有录像的，七(五)。", of_visits.recorded, _as_said(14)),
    Indicator(15, "文书齐全率", "卷", "已经办结的检查的案卷中，应有的文书都有的，七(七)。", of_endings.complete, _as_said(15)),
    Indicator(16, "通知和亮码率", "次", "查到人的现场检查中，印有检查码的通知书已送达或者拒收已记明的，七(五)。", of_visits.served, _as_said(16)),
    Indicator(17, "问题发现率", "次", "查到人的检查中，发现问题的，只供参考，八(二)。", of_visits.problems),
    Indicator(
        18, "整改完成率", "件", "责令改正期限届满或者已经办结的检查中，在期限届满后 {0.recommended.reinspection_within_workdays} 个工作日内复查办结的，八(二)。",
        of_endings.mended, lambda law, year: _least(law.recommended.rectification_percent),
    ),
    Indicator(19, "回避按时办结率", "件", "回避登记和回避申请中，{0.recommended.recusal_decision_within_workdays} 个工作日内决定的，七(二)、七(五)。", of_changes.recusals, _as_said(19)),
    Indicator(20, "抽取可验证率", "次", "名单到期公开的抽取中，文书全部公开并且每日核算没有发现不一致的，四、七(二)。", of_draws.provable, _as_said(20)),
    Indicator(
        21, "按时归档率", "卷", "办结以后满 {0.recommended.archive_within_workdays} 个工作日或者已经成册的案卷中，按时成册的，七(七)。",
        of_endings.archived, _as_said(21),
    ),
    Indicator(
        22, "正面清单非现场占比", "次", "对正面清单企业（抽中的看封存的名单，其他看派发当天）的检查中，没有进入现场的，七(三)。",
        of_visits.offsite, lambda law, year: _least(law.recommended.positive_list_offsite_percent),
    ),
    Indicator(23, "更正和撤下", "件", "已公开的内容中，更正和撤下的件数，只供参考，八(二)。", of_changes.revised, only_count=True),
)  # fmt: skip
BY_K = {indicator.k: indicator for indicator in ALL}


class Measured:
    """What a figure says of itself: `counted` of `n`, beside its goal."""

    indicator: Indicator
    goal: Goal | None
    due_on: date | None  # before which nobody has missed it
    rule: str
    counted: int
    n: int

    @property
    def due(self) -> bool:
        return self.due_on is None

    @property
    def judged(self) -> tuple[int, int]:
        """What the target is asked of: counted and n, nothing before its day."""
        return (self.counted, self.n) if self.due else (0, 0)

    @property
    def left(self) -> int:
        return self.n - self.counted

    @property
    def shown(self) -> str:
        return str(self.counted) if self.indicator.only_count else percent(self.counted, self.n)

    @property
    def words(self) -> str:
        """With its n, for one cell."""
        return f"{self.shown}（{self.counted}/{self.n}）"

    @property
    def is_met(self) -> bool:
        return self.goal is None or self.goal.is_met(*self.judged)

    @property
    def is_held(self) -> bool:
        """Whether there was a target to reach yet, and anything that counts for it."""
        return self.goal is not None and (self.judged[1] > 0 or not self.is_met)

    @property
    def asked(self) -> str:
        """The target in words."""
        if self.goal is None or self.due_on is None:
            return "—" if self.goal is None else self.goal.words
        day = "年底" if self.indicator.by_year_end else short_date(self.due_on)
        return (
            f"{self.goal.words}，{'逐季到期，最后 ' if self.judged[1] else ''}{day}{'' if self.judged[1] else '到期'}"
        )

    def as_data(self) -> dict:
        """As a report locks it."""
        return {
            "no": self.indicator.no,
            "name": self.indicator.name,
            "counted": self.counted,
            "n": self.n,
            "what": self.indicator.what,
            "shown": self.shown,
            "goal": self.asked if self.goal else "",
            "met": self.is_met,
            "held": self.is_held,
            "rule": self.rule,
        }


@dataclass(frozen=True)
class Figure(Measured):
    """One indicator of one unit, or with `unit` None of all together."""

    indicator: Indicator
    unit: Unit | None
    rows: tuple[Row, ...] = field(repr=False)
    goal: Goal | None = None
    rule: str = ""
    due_on: date | None = None

    @property
    def n(self) -> int:
        return len(self.rows)

    @property
    def counted(self) -> int:
        return sum(row.counts for row in self.rows)

    @property
    def judged(self) -> tuple[int, int]:
        """Of a year that runs, what falls due with each quarter is asked as soon as that quarter's own day is over."""
        if self.due or not self.indicator.by_the_close:
            return super().judged
        due = [row for row in self.rows if row.due]
        return sum(row.counts for row in due), len(due)

    @property
    def told(self) -> list[Row]:
        """Its rows as they are shown: whether the check of a place is over is told with its result, until then as a number."""
        quiet = Counter((row.unit, row.counts) for row in self.rows if row.quiet)
        shown = [row for row in self.rows if not row.quiet]
        return shown + [
            Row(unit, counts, f"{n} {self.indicator.what}", QUIET) for (unit, counts), n in sorted(quiet.items())
        ]


@dataclass(frozen=True)
class Sum(Measured):
    """The same without its rows."""

    indicator: Indicator
    counted: int
    n: int
    goal: Goal | None = None
    rule: str = ""
    due_on: date | None = None


QUIET = "名单已经公开，结果还没有公开的，不逐家列出"


def sums(scope: Scope, k: int) -> dict[int | None, Sum]:
    """One indicator of each unit, and under None of all together, without rows: as the database counts it where it can."""
    indicator = BY_K[k]
    told = indicator.sums(scope) if indicator.sums else None
    if told is None:
        told = {unit: (one.counted, one.n) for unit, one in of_each(scope, k).items() if unit is not None}
    goal, due_on, said = _asked_by(scope, indicator)
    found = {unit.pk: told.get(unit.pk, (0, 0)) for unit in scope.units}
    found[None] = tuple(map(sum, zip(*found.values(), strict=True))) or (0, 0)
    return {unit: Sum(indicator, counted, n, goal, said, due_on) for unit, (counted, n) in found.items()}


def figure(scope: Scope, k: int) -> Figure:
    """Of all units of the scope together."""
    return of_each(scope, k)[None]


def of_each(scope: Scope, k: int) -> dict[int | None, Figure]:
    """One indicator: unit → its figure, under None that of all together."""
    return _figures(scope, BY_K[k])


def of_units(scope: Scope) -> dict[int | None, list[Figure]]:
    """Unit → its figures in their order, under None the sum; as many queries for all units as for one."""
    found: dict[int | None, list[Figure]] = {None: [], **{unit.pk: [] for unit in scope.units}}
    for indicator in ALL:
        for unit, one in _figures(scope, indicator).items():
            found[unit].append(one)
    return found


def _figures(scope: Scope, indicator: Indicator) -> dict[int | None, Figure]:
    if indicator not in scope.kept:
        rows = tuple(indicator.rows(scope))
        goal, due_on, said = _asked_by(scope, indicator)
        of_unit: dict[int, list[Row]] = {unit.pk: [] for unit in scope.units}
        for row in rows:
            of_unit[row.unit].append(row)
        found = {None: Figure(indicator, None, rows, goal, said, due_on)}
        found |= {unit.pk: Figure(indicator, unit, tuple(of_unit[unit.pk]), goal, said, due_on) for unit in scope.units}
        scope.kept[indicator] = found
    return scope.kept[indicator]


def _asked_by(scope: Scope, indicator: Indicator) -> tuple[Goal | None, date | None, str]:
    """The target in the period, the day until which it is not due yet, and the rule in words."""
    held = indicator.goal and first_use.counts(scope.quarters[-1].last_day)
    goal = indicator.goal(scope.law, scope.year) if held else None
    closing = (
        Quarter(scope.year, 4) if indicator.by_year_end else scope.quarters[-1] if indicator.by_the_close else None
    )
    day = closing and closing.close_due(scope.calendar).date
    return goal, day if day and day_of(scope.until) <= day else None, indicator.said(scope.law)
