"""The matrix as a workbook."""

from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_tables

from .findings import State
from .standing import Matrix


def workbook(matrix: Matrix) -> bytes:
    units = matrix.units
    rules = [OutColumn("条款", 14), OutColumn("《实施方案》原文", 46), OutColumn("看什么", 26), OutColumn("类别", 8)]
    rows = [
        [line.rule.clause, line.rule.quote, line.rule.looks, str(line.rule.kind)]
        + [f"{line.cells[u.pk].state.label} {line.cells[u.pk].text}".removesuffix(" —") for u in units]
        for line in matrix.lines
    ]
    facts = [
        [line.rule.clause, line.rule.looks, unit.short_name, cell.state.label, fact.what, fact.due, fact.on, fact.words]
        for line in matrix.lines
        for unit in units
        for cell in [line.cells[unit.pk]]
        if cell.state in (State.BROKEN, State.OPEN)
        for fact in cell.facts
    ]
    head = ("条款", "看什么", "单位", "情况", "依据", "应在", "办结", "说明")
    widths = (14, 26, 12, 10, 40, 14, 14, 40)
    return long_tables(
        [
            ("条款和单位", [*rules, *(OutColumn(unit.short_name, 16) for unit in units)], rows),
            ("没守住和没到期的依据", [OutColumn(t, w) for t, w in zip(head, widths, strict=True)], facts),
        ],
        title=heading("合规体检", "　".join(filter(None, (matrix.quarter.label, matrix.unasked))), matrix.day),
    )
