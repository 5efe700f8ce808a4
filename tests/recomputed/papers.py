"""执法统计 (N-16) and the locked figures of 通报 and evaluations, counted once more (五-2c, 五-2d, 五-4k)."""

from collections.abc import Iterator
from datetime import date, datetime

from . import indicators, quarters
from .days import day_of
from .indicators import Year
from .quarters import FOLLOWED, IN_VAIN
from .world import World, rows


def statistics(world: World, year: int, number: int | None, moment: datetime) -> dict[tuple[str, str], tuple[int, ...]]:
    """(how it is broken down, of what) → checks, by mode, places, in vain, with a problem, what followed."""
    public = [
        c
        for c in world.checks
        if c.year == year and number in (None, c.number) and c.status == "PUBLISHED" and c.published_at <= moment
    ]
    found = {}
    for kind in ("source", "category", "unit"):
        for value in {getattr(c, kind) for c in public}:
            some = [c for c in public if getattr(c, kind) == value]
            found[kind, value] = (
                len(some),
                *(sum(c.mode == mode for c in some) for mode in ("ONSITE", "OFFSITE", "DOCUMENT")),
                len({c.facility for c in some}),
                sum(c.outcome in IN_VAIN for c in some),
                sum(c.bad for c in some),
                *(sum(c.outcome in which for c in some) for which in FOLLOWED.values()),
            )
    return found


def totals(lines: dict[tuple[str, str], tuple[int, ...]], checks: int) -> bool:
    """Whatever it is broken down by, the lines of one table are all the checks."""
    return all(sum(n for (of, _), (n, *_) in lines.items() if of == kind) == checks for kind, _ in lines)


def locked(world: World) -> Iterator[str]:
    """Every 通报, evaluation and report says what could be known when it was made."""
    for paper in rows(
        "SELECT b.*, u.code AS about FROM inspections_bulletin b JOIN accounts_unit u ON u.id = b.unit_id "
        "WHERE b.kind <> 'CYCLE' ORDER BY b.id"
    ):
        about = paper.about if paper.kind == "YEAR" else ""
        yield from said(world, paper.figures, about, paper.year, paper.number, paper.made_at)
    for report in rows(
        "SELECT r.*, u.code AS unit FROM inspections_workreport r JOIN accounts_unit u ON u.id = r.unit_id "
        "WHERE r.figures IS NOT NULL AND r.asked_at IS NOT NULL AND r.state <> 'DRAFT' ORDER BY r.id"
    ):
        due = indicators.figures(world, report.year, report.number, report.asked_at)
        yield from _figures(f"report {report.id} {report.unit}", report.figures["indicators"], due, [report.unit])


def said(world: World, told: dict, about: str, year: int, number: int | None, moment: datetime) -> Iterator[str]:
    """One 通报 (of a quarter) or the evaluation of the unit that it is `about`, made at that moment."""
    what, due = f"{year} {number or about}", indicators.figures(world, year, number, moment)
    y = Year(world, year, number, moment)
    if about:
        yield from _figures(what, told["figures"], due, [about])
        met = {f["no"]: f["met"] for f in told["figures"]}
        for k in indicators.COUNTS:
            if met[f"K{k}"] != is_met(k, *due[k, about], y):
                yield f"{what} K{k}: {'met' if met[f'K{k}'] else 'not met'}"
        counts = {about: told["counts"]}
    else:
        yield from _figures(f"{what} city", told["city"], due, list(world.units))
        for unit in told["units"]:
            yield from _figures(f"{what} {unit['code']}", unit["figures"], due, [unit["code"]])
        yield from _ranks(what, told["units"], due, y)
        yield from _late(what, told["late"], y)
        counts = dict(zip(world.units, told["counts"], strict=True))
    for unit, sums in counts.items():
        yield from quarters.differences(f"{what} {unit}", sums, quarters.figures(world, unit, year, number, moment))


def compared(years: list[dict], world: World, moment: datetime) -> Iterator[str]:
    """The years of a cycle, as 三年进展 and its closing show them: the whole city."""
    for year in years:
        due = indicators.figures(world, year["year"], None, moment)
        yield from _figures(f"city {year['year']}", year["figures"], due, list(world.units))


def _figures(what: str, told: list[dict], due: dict, units: list[str]) -> Iterator[str]:
    if len(told) != len(indicators.COUNTS):
        yield f"{what}: {len(told)} figures"
    for figure in told:
        mine = [due[int(figure["no"][1:]), unit] for unit in units]
        part, whole = sum(counted for counted, _ in mine), sum(n for _, n in mine)
        if (figure["counted"], figure["n"]) != (part, whole):
            yield f"{what} {figure['no']}: {figure['counted'], figure['n']}; rows {part, whole}"


LEAST = dict.fromkeys((1, 3, 4, 6, 8, 9, 13, 14, 15, 16, 19, 20, 21), 100) | {2: 98, 5: 25, 18: 95, 22: 95}
MOST, NONE = {12: 5}, (10, 11)


def is_met(k: int, counted: int, n: int, y: Year) -> bool:
    """What is asked for (domain.md 8.2); of a year and a cycle nothing before 25 December is over, of tasks nothing before the 25th."""
    closes = {6: 12, 7: 12, 9: 3 * y.numbers[-1]}
    running = k in closes and y.last <= date(y.year, closes[k], 25)
    if date(y.year, 3 * y.numbers[-1], 30) < y.first_use or running:
        return True
    if k in NONE:
        return counted == 0
    if k == 7:
        return 3 * counted >= n * (y.year - indicators.CYCLE[0] + 1)
    return 100 * counted >= n * LEAST.get(k, 0) and 100 * counted <= n * MOST.get(k, 100)


def _ranks(what: str, units: list[dict], due: dict, y: Year) -> Iterator[str]:
    """Who missed fewest targets is first; as many are equal."""
    missed = {
        unit["code"]: [f"K{k}" for k in sorted(indicators.COUNTS) if not is_met(k, *due[k, unit["code"]], y)]
        for unit in units
    }
    for unit in units:
        mine = missed[unit["code"]]
        rank = 1 + sum(len(other) < len(mine) for other in missed.values())
        if (unit["missed"], unit["rank"]) != (mine, rank):
            yield f"{what} {unit['code']}: {unit['rank']} {unit['missed']}; rows {rank} {mine}"


def _late(what: str, told: list[list[str]], y: Year) -> Iterator[str]:
    """Plans after the 5th, draws after the 10th, reports after the 25th, each by its days and with its reason."""
    (number,) = y.numbers
    month = 3 * number - 2
    of = "JOIN accounts_unit u ON u.id = x.unit_id WHERE x.year = %s AND x.number = %s"
    plans = {r.code: r for r in rows(f"SELECT x.*, u.code FROM plans_quarterlyplan x {of}", y.year, number)}
    filed = rows(f"SELECT x.*, u.code FROM plans_filing x {of} AND x.kind = 'PLAN' AND x.revision = 1", y.year, number)
    reports = rows(f"SELECT x.*, u.code FROM inspections_workreport x {of} AND x.state <> 'DRAFT'", y.year, number)
    due, mine = date(y.year, month, 5), []
    for unit, name in y.world.units.items():
        sent = [day_of(r.asked_at) for r in filed if r.code == unit and r.asked_at <= y.moment]
        days = (min(sent, default=y.today) - due).days
        if days > 0 and due >= y.first_use:
            reason = plans[unit].late_reason if unit in plans else ""
            mine.append((name, f"计划晚 {days} 天报送" if sent else f"计划已逾期 {days} 天", reason))
        sent = [day_of(r.asked_at) for r in reports if r.code == unit and r.asked_at and r.asked_at <= y.moment]
        days = (min(sent, default=y.today) - date(y.year, month + 2, 25)).days
        if days > 0 and date(y.year, month + 2, 25) >= y.first_use:
            mine.append((name, f"检查结果报告晚 {days} 天报送" if sent else "检查结果报告没有报送", ""))
    due, of_plan = date(y.year, month, 10), {draw.plan_id: draw for draw in y.world.draws if draw.status != "ABORTED"}
    for unit, plan in plans.items():
        if plan.published_at and plan.published_at <= y.moment:
            draw, planned = of_plan.get(plan.id), day_of(plan.draw_at)
            held = draw and draw.drawn_at and draw.drawn_at <= y.moment
            days = ((day_of(draw.drawn_at) if held else max(planned, y.today)) - due).days
            if days > 0 and due >= y.first_use:
                words = (
                    "抽取晚 {} 天" if held else "抽取已逾期 {} 天" if y.today > planned else "抽取定在期限以后 {} 天"
                )
                reason = (draw.late_reason if held else "") or (plan.late_reason if planned > due else "")
                mine.append((y.world.units[unit], words.format(days), reason))
    mine = [(name, words, reason or "没有写明原因") for name, words, reason in mine]
    for line in set(mine) ^ set(map(tuple, told)):
        yield f"{what} late {'rows only' if line in mine else 'told only'}: {line}"
