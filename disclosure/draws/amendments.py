"""What amendments made of a released draw, from their public documents alone (SSJ1 8.3, ui.md 7.1 抽取公示)."""

from django.utils.dateparse import parse_datetime

from benxi_shuangsuiji.workdays.days import full_moment
from disclosure import words
from plans.draw import ssj1


def amends_of(found) -> list[ssj1.Amend]:
    """The amendments of the run that holds."""
    run = found.runs[-1] if found.runs else None
    return [ssj1.parse_amend(d.text) for d in found.documents_of("AMEND", run=run)]


def shown(amends: list[ssj1.Amend], rows) -> list[dict]:
    """One entry for each amendment: number, time, approver, document, who left and why, who came by which ticket."""
    return [
        {
            "number": amend.number,
            "at": full_moment(parse_datetime(amend.at)),
            "person": amend.person,
            "document": amend.document,
            "left": _left(amend, rows),
            "came": _came(amend, rows),
        }
        for amend in amends
    ]


def _left(amend: ssj1.Amend, rows) -> list[str]:
    said = [f"{rows[drop.id].name}不再检查：{words.DROPPED[drop.reason]}" for drop in amend.drop_objects]
    said += [
        f"{drop.inspector}离开{rows[drop.object].name}的检查小组：{words.DROPPED[drop.reason]}"
        for drop in amend.drop_inspectors
    ]
    return said


def _came(amend: ssj1.Amend, rows) -> list[str]:
    said = [f"{person.code}加入检查人员" for person in amend.joins]
    for pick in amend.added:
        said.append(f"{rows[pick.id].name}补入，签号 {' '.join(pick.ticket[i : i + 4] for i in (0, 4, 8))}")
    for task in amend.tasks:
        if isinstance(task, ssj1.Team):
            said.append(f"{rows[task.object].name}的检查小组：{'、'.join((task.leader, *task.members))}")
        else:
            said.append(f"{rows[task.object].name}的检查小组没有配齐")
    for stratum, missing in amend.vacant:
        said.append(f"{words.CATEGORIES[stratum.rpartition('.')[2]]}对象空缺 {missing} 家，没有可以补入的")
    return said


def standing(result: ssj1.Result, amends: list[ssj1.Amend]) -> list[tuple[ssj1.Pick, object, str]]:
    """Every pick in the order of drawing, with its last team and, for one that was replaced, the reason."""
    picks = list(result.picks)
    teams = {task.object: task for task in result.tasks}
    gone: dict[str, str] = {}
    for amend in amends:
        gone |= {drop.id: f"第 {amend.number} 次更换：{words.DROPPED[drop.reason]}" for drop in amend.drop_objects}
        last = {p.stratum: sum(q.stratum == p.stratum for q in picks) for p in picks}
        for pick in amend.added:
            last[pick.stratum] = last.get(pick.stratum, 0) + 1
            picks.append(pick._replace(number=last[pick.stratum]))
        teams |= {task.object: task for task in amend.tasks}
    return [(pick, teams.get(pick.id), gone.get(pick.id, "")) for pick in picks]
