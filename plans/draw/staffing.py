"""Before the draw: whether every object could get its team, and a rehearsal that decides nothing (七(五)-b, -c; ui.md 7.2).

Both read what a freeze of this moment would seal (`frames.material`); neither stores anything.
"""

import secrets
from collections import Counter
from dataclasses import dataclass

from registry.models import Category

from . import ssj1
from .frames import Material

WORDS = {"FEW": "能派的人不够", "NOLEAD": "没有能任组长的人", "CAP": "人手排满"}
SHOWN = 5


@dataclass(frozen=True)
class Gap:
    """An object of the pool for which no team could be made, whoever is drawn."""

    code: str
    sentence: str


def gaps(material: Material, team_size: int) -> list[Gap]:
    """Every drawable object with too few people or no leader, by conflicts, certificates and scopes (SSJ1 7.1)."""
    names = {row.id: row.name for stratum in material.strata for row in stratum.rows}
    found = []
    for reach in ssj1.reach(material.inspectors, material.window_to, material.bars, _pool(material)):
        if sentence := _why_no_team(reach, names[reach.object], team_size):
            found.append(Gap(reach.object, sentence))
    return found


def _pool(material: Material) -> list[tuple[str, str, tuple[str, ...]]]:
    return [
        (row.id, stratum.unit, tuple(row.scopes))
        for stratum in material.strata
        for row in stratum.rows
        if row.state == "in"
    ]


def _why_no_team(reach: ssj1.Reach, name: str, team_size: int) -> str:
    if reach.allowed < team_size:
        after = "回避后" if reach.bar else "除去资格不符的" if reach.scope else "除去执法证到期的" if reach.cert else ""
        return f"{after}只剩 {reach.allowed} 人可派往{name}，至少要 {team_size} 人。增加检查人员，或抽中后申请由市执法队派人"
    if not reach.leaders:
        return f"可派往{name}的 {reach.allowed} 人都不能任组长。指定组长，或抽中后申请由市执法队派人"
    return ""


def gap_sentences(found: list[Gap]) -> list[str]:
    """The first few, and how many more."""
    sentences = [gap.sentence for gap in found[:SHOWN]]
    if more := len(found) - SHOWN:
        sentences += [f"还有 {more} 家也配不齐检查小组"] if more > 0 else []
    return sentences


@dataclass(frozen=True)
class RehearsedStratum:
    label: str
    pool: int
    places: int
    drawn: int
    reserved: int
    shortfall: int


@dataclass(frozen=True)
class Rehearsal:
    """What came out of a 试抽, in numbers only: who would be drawn is not kept, and means nothing."""

    strata: tuple[RehearsedStratum, ...]
    objects: int
    complete: int
    open: tuple[tuple[str, int], ...]
    loads: tuple[tuple[int, int], ...]  # (checks, people), the most first

    @property
    def people(self) -> int:
        return sum(people for _, people in self.loads)


def rehearse(material: Material, team_size: int) -> Rehearsal:
    """Draw once with a seed that is thrown away.

    The seed holds 汉字, so that no SSJ1 document can carry it: a rehearsal can never be passed off as a draw.
    """
    seed = f"试抽{secrets.token_hex(16)}"
    lines, drawn = [], []
    for line, stratum in zip(material.lines(), _in_law_order(material), strict=True):
        rows = {row.id: row for row in stratum.rows if row.state == "in"}
        picks = ssj1.select(
            seed,
            f"{stratum.unit}.{stratum.category}",
            line.quota.K,
            line.quota.u,
            ((row.id, row.seen) for row in rows.values()),
        )
        reserved = sum(pick.slot == "R" for pick in picks)
        lines.append(
            RehearsedStratum(line.label, len(rows), line.quota.K, len(picks), reserved, line.quota.K - len(picks))
        )
        drawn += [(pick.ticket, pick.id, stratum.unit, tuple(rows[pick.id].scopes)) for pick in picks]
    order = [(name, unit, scopes) for _, name, unit, scopes in sorted(drawn)]
    _, tasks, load = ssj1.assign(seed, team_size, material.inspectors, material.window_to, material.bars, order)
    usable = {person.code for person in material.usable_inspectors()}
    reasons = Counter(WORDS[task.reason] for task in tasks if isinstance(task, ssj1.Open))
    loads = Counter(count for code, count in load.items() if code in usable)
    return Rehearsal(
        strata=tuple(lines),
        objects=len(order),
        complete=sum(isinstance(task, ssj1.Team) for task in tasks),
        open=tuple(reasons.most_common()),
        loads=tuple(sorted(loads.items(), reverse=True)),
    )


def _in_law_order(material: Material) -> list[ssj1.Stratum]:
    order = list(Category)
    return sorted(material.strata, key=lambda stratum: order.index(stratum.category))
