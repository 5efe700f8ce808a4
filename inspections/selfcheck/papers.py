"""合规体检 of a quarter as an official paper, for the volume (七(七)-h)."""

from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.documents.official import Heading, Official, Para, Table
from benxi_shuangsuiji.workdays.days import full_date
from inspections.indicators.facts import day_of

from .findings import State
from .standing import Matrix

NOTE = "检查、录像、文书只算结果已公开的。每一条由办事时拦下不合规做法的同一套规则判断，更正以后重新算；已结束的季度照结束时的。"


def title_of(matrix: Matrix) -> str:
    place = matrix.units[0].short_name if len(matrix.units) == 1 else "全市"
    return f"{place} {matrix.quarter.label}合规体检"


def counted(matrix: Matrix) -> str:
    sums = matrix.sums
    return (
        f"本季看数据的规则 {len(matrix.lines)} 条，{len(matrix.units)} 个单位共 {matrix.total} 处：守住 {sums[State.KEPT]} 处，"
        f"没守住 {sums[State.BROKEN]} 处，还没到期 {sums[State.OPEN]} 处。"
    )


def broken_rows(matrix: Matrix) -> tuple[tuple[str, ...], ...]:
    """Clause, the plan's words, unit, what is so."""
    names = {unit.pk: unit.short_name for unit in matrix.units}
    return tuple(
        (rule.clause, f"{rule.quote}（{rule.looks}）", names[pk], cell.text)
        for rule, pk, cell in matrix.cells
        if cell.state == State.BROKEN
    )


def of_matrix(matrix: Matrix) -> Official:
    rows, units = broken_rows(matrix), matrix.units
    per_unit = []
    for unit in units:
        states = [line.cells[unit.pk].state for line in matrix.lines]
        figures = [states.count(s) for s in (State.KEPT, State.BROKEN, State.OPEN)]
        per_unit.append((unit.short_name, *map(str, figures)))
    office = this_city().team
    return Official(
        issuer=office,
        number=str(matrix.quarter),
        title=title_of(matrix),
        blocks=(
            Heading("一、总的情况"),
            Para(counted(matrix)),
            Table(
                "各单位的情况",
                ("单位", "守住（处）", "没守住（处）", "还没到期（处）"),
                tuple(per_unit),
                (34, 22, 22, 22),
            ),
            Heading("二、没守住的"),
            Table("没守住的条款", ("条款", "《实施方案》原文和看什么", "单位", "情况"), rows, (14, 50, 16, 20))
            if rows
            else Para("没有。"),
        ),
        signed=office,
        dated=full_date(day_of(matrix.moment)),
        made_at=matrix.moment.isoformat(timespec="minutes"),
        note=NOTE,
    )
