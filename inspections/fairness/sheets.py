"""公平性监测 as a workbook: the same figures as the page, each part on its sheet with its sentence."""

from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_tables

from . import words
from .pages import Page


def workbook(page: Page) -> bytes:
    parts = [_inclusion(page), _reasons(page), _rates(page), _visits(page), _shorts(page)]
    if page.told:
        parts += [_approvers(page), _streaks(page), _pairs(page)]
    parts.append(("怎样看", [OutColumn("部分", 24), OutColumn("看什么", 60), OutColumn("不能说明什么", 80)], words.ALL))
    return long_tables(parts, title=heading(f"{page.year} 年公平性监测", page.asked.place, page.today))


def _columns(heads: str) -> list[OutColumn]:
    return [OutColumn(head, 24 if n == 0 else 14) for n, head in enumerate(heads.split())]


def _inclusion(page: Page):
    found = page.inclusion
    rows = [[b.label, b.took, f"{b.expected:.1f}", b.low, b.high, b.drawn, b.verdict] for b in found.bands]
    return (
        f"抽中次数_{found.name}",
        _columns(f"{found.name} 参加（家次） 应有（次） 范围下限 范围上限 实际（次） 比较"),
        rows,
    )


def _reasons(page: Page):
    rows = [[one.label, one.approved, one.returned, one.places] for one in page.replacements.reasons]
    return "更换的原因", _columns("原因 批准（件） 未批准（件） 涉及企业（家）"), rows


def _approvers(page: Page):
    rows = [[one.label, one.approved, one.returned, one.share, one.most] for one in page.replacements.approvers]
    return "更换的批准人", _columns("批准人 批准（件） 未批准（件） 批准占比 批准最多的原因"), rows


def _rates(page: Page):
    rows = [
        [title, rate.line.label, rate.line.checks, rate.line.found, rate.line.percent, rate.range]
        for title, rates, _ in page.rates.groups
        for rate in rates
    ]
    return "发现问题", _columns("分组 标识 检查（次） 发现问题（次） 发现率（%） 可能范围"), rows


def _visits(page: Page):
    few = ["次数少"] * 3
    rows = [[one.unit, one.category, one.n, *(few if one.few else one.quartiles)] for one in page.visits.lines]
    return "现场用时", _columns("单位 类别 现场检查（次） 四分之一（分钟） 中位数（分钟） 四分之三（分钟）"), rows


def _shorts(page: Page):
    rows = [[one.no, one.unit, one.category, one.minutes, one.outcome] for one in page.visits.shorts]
    return "时间短的检查", _columns("检查编号 单位 类别 用时（分钟） 结果"), rows


def _streaks(page: Page):
    rows = [[s.name, s.unit, s.n, s.clean, s.longest, s.usual, s.shown] for s in page.people.streaks]
    return (
        "连续未发现问题",
        _columns("检查人员 单位 检查（次） 未发现问题（次） 最长连续（次） 本单位占比 偶然也会的可能"),
        rows,
    )


def _pairs(page: Page):
    rows = [[*p.names, p.unit, *p.n, p.together, f"{p.expected:.1f}", p.shown] for p in page.people.pairs]
    return (
        "同组次数",
        _columns("检查人员 另一人 单位 检查（次） 另一人检查（次） 同组（次） 应有（次） 偶然也会的可能"),
        rows,
    )
