"""How many to draw of each category: SSJ1 §4 on the registry as it is today (七(一)).

The freeze reckons once more with the registry of that moment; until then these are the figures the plan is made with.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter, short_date
from plans.draw import ssj1
from registry.models import Category

from . import history, kinds

LONG_NAMES = {Category.KEY: "重点监管对象", Category.GENERAL: "一般监管对象", Category.SPECIAL: "特殊监管对象"}


@dataclass(frozen=True)
class Pool:
    """Counts of one category of a unit, as SSJ1 3.6 names them, and why some do not take part.

    `U` is the one figure of who is not drawn yet, for everybody alike: by the released lists, less the `reserved`
    places of those that are still sealed. It is never too low, and tells nothing of who was drawn (decisions.md 3);
    the seal counts once more. `unseen_out`: not drawn yet either, but out of the draw.
    """

    N: int = 0
    A: int = 0
    U: int = 0
    P: int = 0
    reserved: int = 0
    unseen_out: int = 0
    day: date | None = None
    halted: int = 0
    capped: int = 0
    offsite: int = 0  # 正面清单, drawn but checked off-site
    left_out: int = 0  # 正面清单, not drawn
    taken_out: int = 0  # of 重点: counted beside N though 特殊 (附则)
    key_grounds: int = 0  # on the books, with a ground of 重点


def pools(
    unit: Unit,
    quarter: Quarter,
    codes: Iterable[str],
    *,
    positive_out: bool,
    today: date,
    before: Quarter | None = None,
) -> dict[str, Pool]:
    """Count each category of the unit today, by what is public; a few queries, however many facilities there are."""
    past = history.seen_and_times(unit, quarter, codes, released_only=True, before=before)
    reserved = history.reserved_in_secret(unit, quarter, before=before)
    cap = policy.on(quarter.first_day).cap_per_item
    counted = kinds.count(unit, past, positive_out=positive_out, cap=cap, today=today)
    found = {
        category: _pool({kind: n for kind, n in counted.items() if kind.category == category}, reserved[category])
        for category in Category.values
    }
    taken_out = found[Category.SPECIAL].key_grounds if counts_taken_out(quarter) else 0
    found[Category.KEY] = replace(found[Category.KEY], taken_out=taken_out)
    return {category: replace(pool, P=past.standing(category), day=today) for category, pool in found.items()}


def _pool(counted: Mapping[kinds.Kind, int], reserved: int) -> Pool:
    states: Counter[str] = Counter()
    for kind, n in counted.items():
        states[kind.state] += n
    return Pool(
        N=kinds.where(counted, lambda kind: kind.on_books),
        A=states["in"],
        U=max(kinds.where(counted, lambda kind: kind.drawable and not kind.seen) - reserved, 0),
        reserved=reserved,
        unseen_out=kinds.where(counted, lambda kind: kind.on_books and not kind.drawable and not kind.seen),
        halted=states["out:HALT"],
        capped=states["out:CAP"],
        offsite=kinds.where(counted, lambda kind: kind.drawable and kind.mode == "offsite"),
        left_out=states["out:POSITIVE"],
        key_grounds=kinds.key_grounds(counted),
    )


def counts_taken_out(quarter: Quarter) -> bool:
    """Whether the bureau reads 七(一)1 so that the share is of those too whom a special label took out (附则)."""
    return policy.on(quarter.first_day).key_counted == 2


def least_key(number: int, taken_out: int, floor_points: int) -> int:
    """The least number of 重点; no more of them can be asked for than there are, whoever is counted beside them."""
    least = share(number + taken_out, floor_points)
    return min(least, number) if taken_out else least


@dataclass(frozen=True)
class Figures:
    """The whole arithmetic of one category: what there is, what is asked for, what follows."""

    category: str
    quarter: Quarter
    pool: Pool
    basis_points: int
    planned: int
    reserved_percent: int
    cycle_end: int | None
    floor_points: int  # the plan's own minimum: 2500 for 重点 (七(一)1), else 0
    quota: ssj1.Quota

    @property
    def name(self) -> str:
        return Category(self.category).label

    @property
    def long_name(self) -> str:
        return LONG_NAMES[self.category]

    @property
    def percent(self) -> str:
        return percent(self.basis_points)

    @property
    def minimum(self) -> int:
        """The legal minimum, rounded up; never lowered by how few are drawable (七(一)1)."""
        return least_key(self.pool.N, self.pool.taken_out, self.floor_points)

    @property
    def required(self) -> int | None:
        """应抽: what ratio and coverage ask for this quarter; none is asked for 特殊 (七(一)3)."""
        return None if self.category == Category.SPECIAL else min(max(self.quota.Q, self.minimum), self.most)

    @property
    def most(self) -> int:
        """No more than take part can be drawn; the legal minimum is not lowered by that (七(一)1)."""
        return max(self.pool.A, self.minimum)

    @property
    def difference(self) -> int | None:
        return None if self.required is None else self.planned - self.required

    @property
    def signed_difference(self) -> str:
        if self.difference is None:
            return ""
        return f"+{self.difference}" if self.difference > 0 else str(self.difference).replace("-", "−")

    @property
    def meets_minimum(self) -> bool:
        return self.basis_points >= self.floor_points and self.planned >= self.minimum

    @property
    def keeps_pace(self) -> bool:
        return self.planned >= self.quota.m2

    @property
    def reserved(self) -> int:
        return self.quota.u

    def minimum_sentence(self) -> str:
        """“42 × 25% = 10.5，不足 1 家的进 1”."""
        of, out = self.pool.N + self.pool.taken_out, self.pool.taken_out
        counted = f"（{self.pool.N} + 列为特殊的重点 {out}）" if out else f"{of}"
        return f"{counted} × {percent(self.floor_points)} = {product(of, self.floor_points)}" + (
            "，不足 1 家的进 1" if of * self.floor_points % 10000 else ""
        )

    def ratio_sentence(self) -> str:
        return f"{self.pool.N} × {self.percent} = {product(self.pool.N, self.basis_points)}" + (
            "，不足 1 家的进 1" if self.pool.N * self.basis_points % 10000 else ""
        )

    def pace_sentence(self) -> str:
        """“还有 89 家没抽到（到 7 月 6 日），余 6 个季度：89 ÷ 6 = 14.83…，不足 1 家的进 1，每季至少 15 家”."""
        left, quarters, least = self.pool.U + self.pool.P, self.quota.r, self.quota.m2
        up = "，不足 1 家的进 1" if left % quarters else ""
        return (
            f"还有 {left} 家没抽到{unseen_words(self.pool)}，余 {quarters} 个季度："
            f"{left} ÷ {quarters} = {quotient(left, quarters)}{up}，每季至少 {least} 家"
        )

    def sum_sentence(self) -> str:
        """Which of the sums before gives exactly the number of the plan, and what it adds (七(一))."""
        asked = [self.quota.m1] if self.category == Category.SPECIAL else [self.quota.m1, self.quota.m2, self.minimum]
        due = min(max(asked), self.most)
        if self.planned > due:
            return f"计划多抽 {self.planned - due} 家：{due} + {self.planned - due} = {self.planned} 家"
        if self.planned < due:
            return f"计划 {self.planned} 家，比应抽的 {due} 家少 {due - self.planned} 家，封存时按 {due} 家抽取"
        if due < max(asked):
            return f"参加抽取的只有 {due} 家，抽 {due} 家"
        return f"取大的，抽 {due} 家" if len(set(asked)) > 1 else f"抽 {due} 家"

    def coverage_short_sentence(self) -> str:
        """“按每季 12 家，到 2027 年底只能抽到 165 家；每季至少 15 家才能抽完”."""
        reach = self.pool.A - self.pool.U + self.planned * self.quota.r
        return f"按每季 {self.planned} 家，到 {self.cycle_end} 年底只能抽到 {reach} 家；每季至少 {self.quota.m2} 家才能抽完"


def figures(
    quarter: Quarter, category: str, pool: Pool, *, basis_points: int, planned: int, reserved_percent: int
) -> Figures:
    """Reckon one category (SSJ1 §4). `planned` may raise the quota, never lower it."""
    law = policy.on(quarter.first_day)
    cycle_end = cycle_end_of(quarter, category)
    return Figures(
        category=category,
        quarter=quarter,
        pool=pool,
        basis_points=basis_points,
        planned=planned,
        reserved_percent=reserved_percent,
        cycle_end=cycle_end,
        floor_points=law.key_basis_points if category == Category.KEY else law.special_minimum,
        quota=ssj1.quota(
            quarter.year,
            quarter.number,
            category,
            basis_points,
            reserved_percent,
            cycle_end,
            pool.P,
            planned,
            pool.N,
            pool.A,
            pool.U,
        ),
    )


def cycle_end_of(quarter: Quarter, category: str) -> int | None:
    """SSJ1 `E`: the last year in which every facility of the category must have been reached (七(一)1, 2)."""
    if category == Category.SPECIAL:
        return None
    if category == Category.KEY:
        return quarter.year
    return policy.on(quarter.first_day).coverage_cycle(quarter.year)[1]


def figures_of(plan, pool_of: Mapping[str, Pool]) -> list[Figures]:
    """The figures of a plan's rows, in the order 重点, 一般, 特殊."""
    strata = {stratum.category: stratum for stratum in plan.strata.all()}
    return [
        figures(
            plan.quarter,
            category,
            pool_of[category],
            basis_points=strata[category].basis_points,
            planned=strata[category].planned,
            reserved_percent=strata[category].reserved_percent,
        )
        for category in Category.values
        if category in strata
    ]


def share(count: int, basis_points: int) -> int:
    """A ratio of a count, rounded up (SSJ1 m1)."""
    return (count * basis_points + 9999) // 10000


def points_for(count: int, of: int, floor_points: int = 0) -> int:
    """The plainest ratio that gives `count` out of `of`: the floor itself, else whole percents, tenths, hundredths."""
    if of <= 0:
        return floor_points
    if count >= of:
        return 10000
    if share(of, floor_points) == count:
        return floor_points
    exact = count * 10000 // of
    for step in (100, 10):
        if share(of, exact // step * step) == count:
            return exact // step * step
    return exact


def percent(basis_points: int) -> str:
    """25%, 8.6%, 12.34%."""
    whole, rest = divmod(basis_points, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"


def unseen_words(pool: Pool) -> str:
    """Up to which day who is not drawn yet is counted, and whom the figure leaves out."""
    said = [f"到 {short_date(pool.day)}"] if pool.day else []
    if pool.reserved:
        said.append(f"没有公开的名单里按优先名额扣除 {pool.reserved} 家")
    if pool.unseen_out:
        said.append(f"不含停产等不参加抽取的 {pool.unseen_out} 家")
    return f"（{'，'.join(said)}）" if said else ""


def quotient(count: int, by: int) -> str:
    """count ÷ by, to two places: 15, 14.5, 14.83…."""
    hundredths, rest = divmod(count * 100, by)
    return f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".") + ("…" if rest else "")


def product(count: int, basis_points: int) -> str:
    """count × ratio, written out exactly: 10.5."""
    whole, rest = divmod(count * basis_points, 10000)
    return f"{whole}.{rest:04d}".rstrip("0").rstrip(".")
