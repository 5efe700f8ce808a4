"""A 通报 or an evaluation as an official document, from its locked figures and its words; page and paper show the same."""

from collections.abc import Sequence
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.official import Bar, Block, Chart, Heading, Official, Para, Table
from benxi_shuangsuiji.workdays.days import full_date
from inspections.indicators.figures import BY_K
from inspections.models import Bulletin, BulletinKind, BulletinState
from inspections.reports.papers import NUMERALS, counted, handled, targeted
from registry import questions

from .content import TREND, Subject

RULE = "按没有达到目标的指标项数由少到多排名，项数相同的并列。没有到期的、没有可以计数的，不算达到，也不算没有达到。"


def of_bulletin(bulletin: Bulletin) -> Official:
    subject = Subject(bulletin.kind, bulletin.unit, bulletin.year, bulletin.number)
    issued = bulletin.state == BulletinState.ISSUED
    at = localtime(bulletin.decided_at if issued else bulletin.made_at)
    counted_on = full_date(localtime(bulletin.made_at).date())
    blocks = {BulletinKind.QUARTER: _quarter, BulletinKind.YEAR: _year, BulletinKind.CYCLE: _cycle}[bulletin.kind]
    return Official(
        issuer=bulletin.office.name,
        number=bulletin.document_no or f"{bulletin.no}（{bulletin.get_state_display()}）",
        title=subject.name,
        blocks=(*blocks(bulletin.figures), *_written(bulletin, subject)),
        signed=bulletin.office.name,
        dated=full_date(at.date()) if issued else f"（{bulletin.get_state_display()}）",
        made_at=at.isoformat(timespec="seconds"),
        note=f"数字由系统在 {counted_on}统计并固定，只计已公开的检查结果和已公开的名单。"
        + ("" if bulletin.kind == BulletinKind.YEAR else "带 * 的没有达到目标。")  # its table has a column for that
        + "指标的规则见系统“工作指标”。"
        + (questions.ask.register_head(at) if issued else ""),
    )


def _quarter(figures: dict) -> list:
    units = figures["units"]
    names = [unit["name"] for unit in units]
    sums = {k: sum(one[k] for one in figures["counts"]) for k, v in figures["counts"][0].items() if isinstance(v, int)}
    late = tuple(tuple(line) for line in figures["late"])
    return [
        Heading("一、工作开展情况"),
        Para(counted(sums) + handled(sums)),
        Table(
            "各单位的工作指标",
            ("指标和目标", "全市", *names),
            tuple(
                (_named(f), _shown(f), *(_shown(unit["figures"][n]) for unit in units))
                for n, f in enumerate(figures["city"])
            ),
            (20, 8, *[72 // len(names)] * len(names)),
        ),
        Heading("二、排名"),
        Para(RULE),
        _missed_chart(units),
        Table(
            "各单位排名",
            ("名次", "单位", "没有达到目标的指标"),
            tuple((str(u["rank"]), u["name"], "、".join(u["missed"]) or "无") for u in units),
            (12, 24, 64),
        ),
        Heading("三、逾期及原因"),
        Table("逾期的单位", ("单位", "事项", "原因"), late, (22, 34, 44)) if late else Para("本季度没有逾期。"),
    ]


def _missed_chart(units: list[dict]) -> Chart:
    """Of the targets for which there was anything to count, and which are due (before the end of a year some are not)."""
    held = [sum(f["held"] for f in unit["figures"]) for unit in units]
    bars = (
        Bar(u["name"], f"{n - len(u['missed'])} / {n}", 100 * (n - len(u["missed"])) / (n or 1), low=bool(u["missed"]))
        for u, n in zip(units, held, strict=True)
    )
    return Chart("达到目标的指标项数", tuple(bars))


def _year(figures: dict) -> list:
    missed = "、".join(f"{f['no']} {f['name']}" for f in figures["figures"] if not f["met"])
    return [
        Heading("一、基本情况"),
        Para(counted(figures["counts"]) + handled(figures["counts"]) + targeted(figures["counts"])),
        Heading("二、指标"),
        Table(
            "全年工作指标",
            ("指标", "数字", "分子", "分母", "目标", "是否达到", "规则"),
            tuple(
                (
                    f"{f['no']} {f['name']}",
                    f["shown"],
                    str(f["counted"]),
                    str(f["n"]),
                    f["goal"] or "—",
                    _met(f),
                    f["rule"],
                )
                for f in figures["figures"]
            ),
            (18, 9, 7, 7, 12, 9, 38),
        ),
        Para(f"没有达到目标的：{missed}。" if missed else "有目标的指标全部达到。"),
    ]


def _cycle(figures: dict) -> list:
    years = figures["years"]
    return [Heading("一、三年进展"), *trend_blocks(years)]


def trend_blocks(years: list[dict]) -> list:
    """Coverage, timeliness and papers, year by year (二-c)."""
    found: list = []
    rows = []
    for no in (f"K{k}" for k in TREND if k in BY_K):
        line = [next(f for f in year["figures"] if f["no"] == no) for year in years]
        rows.append(
            (f"{no} {line[0]['name']}", line[-1]["goal"], *(f"{_shown(f)}（{f['counted']}/{f['n']}）" for f in line))
        )
        bars = [
            Bar(f"{year['year']} 年", _shown(f), 100 * f["counted"] / f["n"] if f["n"] else 0, low=not f["met"])
            for year, f in zip(years, line, strict=True)
        ]
        found.append(Chart(line[0]["name"], tuple(bars)))
    width = 54 // len(years)
    head = ("指标", "目标", *(f"{year['year']} 年" for year in years))
    return [
        *(block for chart in found for block in (Para(chart.caption), chart)),
        Table("三年进展", head, tuple(rows), (28, 18, *[width] * len(years))),
    ]


def _written(bulletin: Bulletin, subject: Subject) -> list:
    blocks, n = [], {BulletinKind.QUARTER: 3, BulletinKind.YEAR: 2, BulletinKind.CYCLE: 1}[bulletin.kind]
    for chapter in subject.chapters:
        if words := bulletin.text.get(chapter.key, ""):
            blocks.append(Heading(f"{NUMERALS[n]}、{chapter.title}"))
            blocks += [Para(line.strip()) for line in words.splitlines() if line.strip()]
            n += 1
    return blocks


def _named(figure: dict) -> str:
    return f"{figure['no']} {figure['name']}" + (f"（{figure['goal']}）" if figure["goal"] else "")


def _shown(figure: dict) -> str:
    return figure["shown"] + ("" if figure["met"] else "*")


def _met(figure: dict) -> str:
    return "—" if not figure["held"] else "达到" if figure["met"] else "没有达到"


def plain(title: str, blocks: Sequence[Block], day: date) -> Official:
    """For a page of its own, which nobody prints as a document."""
    return Official("", "", title, tuple(blocks), "", "", day.isoformat())
