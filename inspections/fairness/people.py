"""Of single inspectors: streaks of 未发现问题, and who goes with whom how often (七(二)-b, 八(一)-a).

For the city supervisor and the unit's own leader alone. Chance is reckoned, not simulated; a small number is no figure.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, partial
from itertools import combinations

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.shares import percent
from inspections.checks import known
from inspections.checks.states import SHUT_OR_NOBODY
from inspections.models import Outcome, Source, VisitMember
from inspections.oversight.analysis import FEW
from plans.draw import evenness
from plans.models import DrawStatus
from registry.models import Inspector

SHOWN = 10
SELDOM = 0.05  # what happens less often by chance is marked


@dataclass(frozen=True)
class Streak:
    name: str
    unit: str
    n: int  # checks
    clean: int  # without a problem
    longest: int  # of them one after the other
    usual: str  # how many of the unit's checks are without
    chance: float  # of so long a streak in so many checks at the unit's share

    @property
    def shown(self) -> str:
        return _percent(self.chance)

    @property
    def is_seldom(self) -> bool:
        return self.chance < SELDOM


@dataclass(frozen=True)
class Pair:
    names: tuple[str, str]
    unit: str
    n: tuple[int, int]  # checks of each
    together: int
    expected: float
    chance: float  # of so often, or more

    @property
    def shown(self) -> str:
        return _percent(self.chance)

    @property
    def is_seldom(self) -> bool:
        return self.chance < SELDOM


@dataclass(frozen=True)
class People:
    streaks: list[Streak]  # the least likely first
    pairs: list[Pair]
    inspectors: int  # with enough checks
    few: int  # and those with too few
    compared: int  # pairs
    checks: int
    years: str
    streaks_by_chance: str  # so many are marked on average where chance alone is at work
    pairs_by_chance: str


@dataclass
class _Draw:
    """Who sat where in the checks of one draw."""

    seats: int = 0
    of: Counter = field(default_factory=Counter)  # inspector → checks
    beside: Counter = field(default_factory=Counter)  # inspector → seats of others in his checks
    both: Counter = field(default_factory=Counter)  # pair → checks


def of(units: Collection[Unit], year: int) -> People:
    """From the first year of the coverage cycle to this one: in a year nobody has many checks. Two queries."""
    first, _ = policy.on(date(year, 12, 31)).coverage_cycle(year)
    went = VisitMember.objects.filter(
        known.telling("inspection__"),
        arrived_at__isnull=False,
        inspection__source=Source.DRAW,
        inspection__draw__status=DrawStatus.RELEASED,
        inspection__unit__in=units,
        inspection__year__range=(first, year),
    ).exclude(inspection__outcome__in=SHUT_OR_NOBODY)
    rows = went.order_by("inspection__ended_at", "inspection", "inspector").values_list(
        "inspection__unit", "inspection__draw", "inspection", "inspection__outcome", "inspector"
    )
    teams: dict[tuple[int, int, int, bool], list[int]] = defaultdict(list)
    for unit, draw, check, outcome, inspector in rows:
        teams[unit, draw, check, outcome == Outcome.NO_ISSUE].append(inspector)
    streaks, few = _streaks(teams)
    pairs = _pairs(teams)
    shown = {one for (_, one), *_ in streaks[:SHOWN]} | {one for (_, pair), *_ in pairs[:SHOWN] for one in pair}
    names = {
        pk: f"{name}（{code}）"
        for pk, name, code in Inspector.objects.filter(pk__in=shown).values_list("pk", "name", "code")
    }
    of_unit = {unit.pk: unit.short_name for unit in units}
    return People(
        streaks=[
            Streak(names[one], of_unit[unit], n, clean, longest, percent(*usual), chance)
            for (unit, one), n, clean, longest, usual, chance in streaks[:SHOWN]
        ],
        pairs=[
            Pair((names[a], names[b]), of_unit[unit], n, together, expected, chance)
            for (unit, (a, b)), n, together, expected, _, chance in pairs[:SHOWN]
        ],
        inspectors=len(streaks),
        few=few,
        compared=len(pairs),
        checks=len(teams),
        years=f"{first} 年" if first == year else f"{first}—{year} 年",
        streaks_by_chance=evenness.by_chance(
            chance_of_seldom_run(n, clean / checks) for _, n, _, _, (clean, checks), _ in streaks
        ),
        pairs_by_chance=evenness.by_chance(seldom for *_, seldom, _ in pairs),
    )


def _streaks(teams) -> tuple[list, int]:
    """Of everybody with enough checks, the least likely streak first; how many have too few."""
    answers: dict[tuple[int, int], list[bool]] = defaultdict(list)
    of_unit: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for (unit, _, _, clean), team in teams.items():
        of_unit[unit][0] += clean
        of_unit[unit][1] += 1
        for inspector in team:
            answers[unit, inspector].append(clean)
    found = []
    for (unit, inspector), given in answers.items():
        if len(given) < FEW:
            continue
        clean, n = of_unit[unit]
        longest = longest_run(given)
        chance = chance_of_run(longest, len(given), clean / n)
        found.append(((unit, inspector), len(given), sum(given), longest, (clean, n), chance))
    return sorted(found, key=lambda row: (row[-1], -row[3], row[0])), len(answers) - len(found)


def longest_run(answers: Iterable[bool]) -> int:
    longest = now = 0
    for one in answers:
        now = now + 1 if one else 0
        longest = max(longest, now)
    return longest


def chance_of_run(length: int, n: int, share: float) -> float:
    """How likely it is that n answers, each clean with this chance, hold at least so many clean ones in a row."""
    if not length:
        return 1.0
    running, reached = [1.0] + [0.0] * (length - 1), 0.0  # running[k]: the last k are clean, and never so many were
    for _ in range(n):
        reached += running[-1] * share
        running = [sum(running) * (1 - share), *(one * share for one in running[:-1])]
    return min(reached, 1.0)


@lru_cache(maxsize=4096)
def chance_of_seldom_run(n: int, share: float) -> float:
    """How likely so many answers hold a run that is marked as seldom: at most `SELDOM`, and mostly less."""
    return evenness.seldom_of(lambda length: chance_of_run(length, n, share), n, SELDOM)


def _pairs(teams) -> list:
    """Every two of a unit with enough checks each, the least likely first; before its chance, how likely chance marks it.

    Of the seats that were not A's, B had so many; those beside A are taken as any of them. Draws add up.
    """
    draws: dict[tuple[int, int], _Draw] = defaultdict(_Draw)
    for (unit, draw, _, _), team in teams.items():
        one = draws[unit, draw]
        one.seats += len(team)
        for inspector in team:
            one.of[inspector] += 1
            one.beside[inspector] += len(team) - 1
        one.both.update(combinations(sorted(team), 2))
    of_unit: dict[int, list[_Draw]] = defaultdict(list)
    for (unit, _), one in draws.items():
        of_unit[unit].append(one)
    found = []
    for unit, its in of_unit.items():
        checks: Counter[int] = sum((one.of for one in its), Counter())
        for a, b in combinations(sorted(one for one, n in checks.items() if n >= FEW), 2):
            first, second = (a, b) if checks[a] >= checks[b] else (b, a)
            shares = evenness.together(
                evenness.hypergeometric(one.seats - one.of[first], one.of[second], one.beside[first])
                for one in its
                if one.of[first] and one.of[second]
            )
            both = sum(one.both[a, b] for one in its)
            expected = evenness.expected(shares)
            seldom = evenness.seldom_of(partial(evenness.at_least, shares), len(shares) - 1, SELDOM)
            chance = evenness.at_least(shares, both)
            found.append(((unit, (a, b)), (checks[a], checks[b]), both, expected, seldom, chance))
    return sorted(found, key=lambda row: (row[-1], -row[2], row[0]))


def _percent(chance: float) -> str:
    tenths = round(1000 * chance)
    return f"{tenths / 10:g}%" if tenths else "不到 0.1%"
