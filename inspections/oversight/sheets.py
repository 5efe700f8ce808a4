"""全市进度 as a workbook: the same figures as the page, each on its sheet."""

from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_tables
from benxi_shuangsuiji.shares import percent

from . import progress
from .pages import City

_STATES = {"ok": "完成", "run": "进行中", "no": "未开始", "late": "逾期"}


def workbook(city: City) -> bytes:
    title = heading(f"全市进度　{city.quarter.label}", "", city.today)
    return long_tables([_steps(city), _drawn(city), _cycle(city), _alerts(city)], title=title)


def _steps(city: City):
    columns = [OutColumn("单位", 16), OutColumn("名录（家）", 10), *(OutColumn(step, 16) for step in progress.STEPS)]
    columns += [OutColumn("计划报送", 18), OutColumn("抽取备案", 18)]
    rows = [
        [line.unit.short_name, line.facilities]
        + [_words(cell) for cell in (*line.row.cells, line.filed.plan, line.filed.draw)]
        for line in city.lines
    ]
    return "各单位各环节", columns, rows


def _words(cell: progress.Cell) -> str:
    return cell.text if "逾期" in cell.text else f"{_STATES[cell.state]} {cell.text}".strip()


def _drawn(city: City):
    heads = "单位 抽取 查完 未能检查 更换 没有查完 已公开 重点名录 重点抽中 重点抽查率 重点查完 最低应抽 按期公开 到期"
    prompt = city.prompt
    rows = []
    for row in city.rows:
        tally, share = row.tally, row.share
        key = (
            [share.total, share.drawn, percent(share.drawn, share.total), share.done, share.least]
            if share
            else [""] * 5
        )
        counts = [tally.drawn, tally.done, tally.not_possible, tally.replaced, tally.not_done, row.public]
        rows.append([row.unit.short_name, *counts, *key, prompt[row.unit.pk].counted, prompt[row.unit.pk].n])
    return "抽取和公开", [OutColumn(head, 12) for head in heads.split()], rows


def _cycle(city: City):
    columns = [
        OutColumn(head, 16) for head in ("单位或季度", "应查（家）", "查过（家）", "覆盖率", "均匀进度应达（%）")
    ]
    rows = [[one.name, one.total, one.seen, one.shown, one.goal] for one in (city.cycle.whole, *city.covered)]
    rows += [[point.quarter.label, point.total, point.seen, point.shown, ""] for point in city.cycle.points]
    return f"一般对象{city.cycle.name}", columns, rows


def _alerts(city: City):
    columns = [OutColumn("单位", 16), OutColumn("预警", 40), OutColumn("情况", 50), OutColumn("督办", 30)]
    return "预警", columns, [[a.unit.short_name, a.title, a.text, a.asked] for a in city.alerts]
