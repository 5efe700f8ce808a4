"""合规体检 of a quarter as an official paper, for the volume (七(七)-h)."""

from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents.official import Block, Heading, Official, Para, Table
from benxi_shuangsuiji.workdays.days import full_date
from inspections.indicators.facts import day_of

from .findings import State
from .standing import Matrix

NOTE = "检查、录像、文书只算结果已公开的。分数是“合要求的／该看的”。每一条由办事时拦下不合规做法的同一套规则判断，更正以后重新算；已结束的季度照结束时的。"
INTERNAL = "系统打印，供内部使用，不是公文"
NAMED = 3  # units that a title names one by one


def is_whole(matrix: Matrix) -> bool:
    """Whether it holds every unit that works in the quarter."""
    return len(matrix.units) > 1 and len(matrix.units) == Unit.objects.working(matrix.quarter).count()


def place_of(matrix: Matrix) -> str:
    """Whose it is: 全市 only where no unit is left out."""
    if is_whole(matrix):
        return "全市"
    names = [unit.on(matrix.day).short_name for unit in matrix.units]
    return "、".join(names) if len(names) <= NAMED else f"{len(names)} 个单位"


def title_of(matrix: Matrix) -> str:
    return f"{place_of(matrix)} {matrix.quarter.label}合规体检"


def is_issued_by(reader: User) -> bool:
    """The city team alone issues it, by those who answer for the whole city (八(一)-a)."""
    return reader.has_role(Role.LEAD_OFFICE) or reader.has_role(Role.SUPERVISOR)


def counted(matrix: Matrix) -> str:
    sums = matrix.sums
    return (
        f"本季看数据的规则 {len(matrix.lines)} 条，{len(matrix.units)} 个单位共 {matrix.total} 处：守住 {sums[State.KEPT]} 处，"
        f"没守住 {sums[State.BROKEN]} 处，还没到期 {sums[State.OPEN]} 处。"
    )


def broken_rows(matrix: Matrix) -> list[tuple[str, str, str]]:
    """Where the plan says it, its words with what is looked at, and which units are how; each rule once."""
    names = {unit.pk: unit.on(matrix.day).short_name for unit in matrix.units}
    found = []
    for line in matrix.lines:
        units: dict[str, list[str]] = {}
        for pk, cell in line.cells.items():
            if cell.state == State.BROKEN:
                units.setdefault(cell.text, []).append(names[pk])
        if units:
            said = "；".join(f"{'、'.join(some)}：{text}" for text, some in units.items())
            found.append((line.rule.place, f"{line.rule.quote}（{line.rule.looks}）", said))
    return found


def of_matrix(matrix: Matrix, reader: User) -> Official:
    """Issued by the city team for those who may issue it; for everybody else a print that says it is none."""
    issued = is_issued_by(reader)
    if issued:
        office = Unit.objects.get(kind=UnitKind.CITY_TEAM).on(matrix.day).signed
    else:
        office = matrix.units[0].on(matrix.day).name if len(matrix.units) == 1 else ""
    return Official(
        issuer=office,
        number=str(matrix.quarter) if issued else INTERNAL,
        title=title_of(matrix),
        blocks=(Para(f"{matrix.unasked}。"),) if matrix.unasked else _blocks(matrix),
        signed=office if issued else "",
        dated=full_date(day_of(matrix.moment)),
        made_at=matrix.moment.isoformat(timespec="minutes"),
        note=NOTE,
        plain=not issued,
    )


def _blocks(matrix: Matrix) -> tuple[Block, ...]:
    rows, per_unit = broken_rows(matrix), []
    for unit in matrix.units:
        states = [line.cells[unit.pk].state for line in matrix.lines]
        figures = [states.count(s) for s in (State.KEPT, State.BROKEN, State.OPEN)]
        per_unit.append((unit.on(matrix.day).short_name, *map(str, figures)))
    return (
        Heading("一、总的情况"),
        Para(counted(matrix)),
        Table(
            "各单位的情况",
            ("单位", "守住（处）", "没守住（处）", "还没到期（处）"),
            tuple(per_unit),
            (34, 22, 22, 22),
        ),
        Heading("二、没守住的"),
        Table("没守住的条款", ("条款", "《实施方案》原文和看什么", "单位和情况"), tuple(rows), (13, 47, 40))
        if rows
        else Para("没有。"),
    )
