"""Before the draw: whether every object could get its team, and a rehearsal that decides nothing (七(五)-b, -c; ui.md 7.2).

Both read what a freeze of this moment would seal (`frames.outlook`); neither stores anything.
"""

import secrets
from collections import Counter
from dataclasses import dataclass

from . import frames, ssj1
from .frames import Outlook

WORDS = {"FEW": "能派的人不够", "NOLEAD": "没有能任组长的人", "CAP": "人手排满"}
SHOWN = 5
MOST_STAFFED = 500  # a page must not wait for the teams of tens of thousands: twice as many take four times as long


@dataclass(frozen=True)
class Gaps:
    """For how many objects of the pool no team could be made, whoever is drawn; the first of them, and why."""

    count: int = 0
    sentences: tuple[str, ...] = ()


def gaps(outlook: Outlook, team_size: int) -> Gaps:
    """Every drawable object with too few people or no leader, by conflicts, certificates and scopes (SSJ1 7.1)."""
    groups = frames.drawable_alike(outlook)
    objects = [(group.code, outlook.plan.unit.code, group.scopes) for group in groups]
    reached = dict(zip(groups, ssj1.reach(outlook.inspectors, outlook.window_to, outlook.bars, objects), strict=True))
    short = [group for group, reach in reached.items() if _why_no_team(reach, "", team_size)]
    if not short:
        return Gaps()
    first = frames.first_of(outlook, short, SHOWN)
    sentences = [_why_no_team(reached[group], name, team_size) for _, name, group in first]
    count = sum(group.count for group in short)
    more = [f"还有 {count - SHOWN} 家也配不齐检查小组"] if count > SHOWN else []
    return Gaps(count, (*sentences, *more))


def _why_no_team(reach: ssj1.Reach, name: str, team_size: int) -> str:
    if reach.allowed < team_size:
        after = "回避后" if reach.bar else "除去资格不符的" if reach.scope else "除去执法证到期的" if reach.cert else ""
        return f"{after}只剩 {reach.allowed} 人可派往{name}，至少要 {team_size} 人。增加检查人员，或抽中后申请由市执法队派人"
    if not reach.leaders:
        return f"可派往{name}的 {reach.allowed} 人都不能任组长。指定组长，或抽中后申请由市执法队派人"
    return ""


@dataclass(frozen=True)
class RehearsedStratum:
    label: str
    pool: int
    places: int
    drawn: int
    reserved: int

    @property
    def shortfall(self) -> int:
        return self.places - self.drawn


@dataclass(frozen=True)
class Rehearsal:
    """What came out of a 试抽, in numbers only: who would be drawn is not kept, and means nothing."""

    strata: tuple[RehearsedStratum, ...]
    objects: int  # drawn
    staffed: int  # for so many of them teams were made
    complete: int
    open: tuple[tuple[str, int], ...]
    loads: tuple[tuple[int, int], ...]  # (checks, people), the most first

    @property
    def people(self) -> int:
        return sum(people for _, people in self.loads)


def rehearse(outlook: Outlook, team_size: int) -> Rehearsal:
    """Draw once with a seed that is thrown away, and make the teams of the first that were drawn.

    The seed holds 汉字, so that no SSJ1 document can carry it: a rehearsal can never be passed off as a draw.
    """
    seed, unit = f"试抽{secrets.token_hex(16)}", outlook.plan.unit.code
    pools = frames.drawable_ids(outlook)
    lines, drawn = [], []
    for line in outlook.lines:
        pool = pools[line.category]
        picks = ssj1.select(seed, f"{unit}.{line.category}", line.quota.K, line.quota.u, pool)
        reserved = sum(pick.slot == "R" for pick in picks)
        lines.append(RehearsedStratum(line.label, len(pool), line.quota.K, len(picks), reserved))
        drawn += [(pick.ticket, pick.id) for pick in picks]
    first = [code for _, code in sorted(drawn)[:MOST_STAFFED]]
    scopes = frames.scopes_by_code(outlook, first)
    order = [(code, unit, scopes[code]) for code in first]
    _, tasks, load = ssj1.assign(seed, team_size, outlook.inspectors, outlook.window_to, outlook.bars, order)
    usable = {person.code for person in outlook.usable_inspectors()}
    reasons = Counter(WORDS[task.reason] for task in tasks if isinstance(task, ssj1.Open))
    loads = Counter(count for code, count in load.items() if code in usable)
    return Rehearsal(
        strata=tuple(lines),
        objects=len(drawn),
        staffed=len(order),
        complete=sum(isinstance(task, ssj1.Team) for task in tasks),
        open=tuple(reasons.most_common()),
        loads=tuple(sorted(loads.items(), reverse=True)),
    )
