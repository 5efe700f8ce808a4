"""The home page's figures: the quarter's progress, four numbers, the draws of the units (ui.md 7.1).

From publications and public documents only. A unit that is late is shown so; the home page does not hide it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, Sum
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.policy import first_use, parameters
from benxi_shuangsuiji.shares import percent
from benxi_shuangsuiji.workdays.days import Quarter, full_date, is_over, remaining, short_date
from disclosure.draws import coverage
from disclosure.draws import documents as public_documents
from disclosure.draws.announcements import Announcement
from disclosure.draws.documents import PublicDraw
from disclosure.models import Publication, PublicationKind
from disclosure.results.tallies import groups

from . import bulletin


@dataclass(frozen=True)
class UnitRow:
    """One unit's line in 本季度的抽取."""

    code: str
    name: str
    draw: PublicDraw | None
    last: PublicDraw | None
    words: str
    late: bool
    announced: Announcement | None = None

    @property
    def key(self):
        return self.draw.stratum("key") if self.draw else None

    @property
    def general(self):
        return self.draw.stratum("general") if self.draw else None


@dataclass
class Home:
    quarter: Quarter
    names: dict[str, str]
    draws: list[PublicDraw]
    progress: list[dict] = field(default_factory=list)
    stats: list[dict] = field(default_factory=list)
    rows: list[UnitRow] = field(default_factory=list)
    results: int = 0


@dataclass(frozen=True)
class Tally:
    """Published results of one quarter: all, those of draws, and the sum of their working-day numbers."""

    all: int = 0
    drawn: int = 0
    workdays: int = 0


def home(today: date) -> Home:
    """Everything on the home page, in seven queries, and one for lists that were not read before."""
    units = bulletin.drawing_units()
    this = Quarter.of(today)
    plans = defaultdict(dict)
    publications = (
        Publication.everything.filter(kind=PublicationKind.PLAN, year__gte=this.previous().year)
        .order_by("version")
        .values_list("year", "number", "unit_code", "published_at")
    )
    for year, number, unit, at in publications:
        plans[Quarter(year, number)].setdefault(unit, localtime(at))
    quarter = this if plans[this] or not first_use.counts(this.previous().first_day) else this.previous()
    before = quarter.previous()
    draws = public_documents.draws(Q(year=quarter.year) | Q(year=before.year, quarter=before.number))
    tallies = tally_by_quarter()
    every = {unit.code: unit.short_name for unit in units}
    found = Home(quarter, every, draws, results=sum(g.n for g in groups()))
    current, last = standing(draws, quarter), standing(draws, before)
    names = bulletin.names_in(quarter, units, current)
    if first_use.counts(quarter.first_day):
        found.progress = progress(quarter, names, plans[quarter], current, tallies.get(quarter, Tally()), today)
    else:
        found.progress = [_not_in_use()]
    if quarter != this:
        due = this.plan_due(workdays.built_in_calendar()).date
        found.progress.append(
            {"what": f"{this.label}抽查计划", "when": f"{short_date(due)}前公开，{remaining(due, today)}", "state": ""}
        )
    then = bulletin.names_in(before, units, last)
    found.stats = [
        *stats(quarter, names, draws),
        _results_out(last, coverage.lists_of(draws), then, tallies.get(before, Tally()), before),
    ]
    found.rows = [
        unit_row(code, name, current.get(code), last.get(code), quarter, today) for code, name in names.items()
    ]
    return found


def _not_in_use() -> dict:
    """Before the day of first use nobody is asked for anything (二-a)."""
    first = first_use.day()
    when = f"{full_date(first)}起，以前的季度不计" if first else "启用日期还没有确定"
    return {"what": "启用", "state": "", "when": when}


def tally_by_quarter() -> dict[Quarter, Tally]:
    """What became public counts, also what was withdrawn later: its number, and none of its words (八(二)-c)."""
    rows = (
        Publication.everything.counted()
        .filter(kind=PublicationKind.RESULT)
        .order_by()
        .values("year", "number")
        .annotate(
            n=Count("pk"),
            drawn=Count("pk", filter=~Q(draw="")),
            workdays=Sum("workday_number"),
        )
    )
    return {Quarter(r["year"], r["number"]): Tally(r["n"], r["drawn"], r["workdays"] or 0) for r in rows}


def standing(draws: list[PublicDraw], quarter: Quarter) -> dict[str, PublicDraw]:
    """The draw of each unit that counts in a quarter: the latest, a void one only while there is no other."""
    found: dict[str, PublicDraw] = {}
    for draw in sorted(draws, key=lambda d: d.id.serial):
        if draw.quarter == quarter and (draw.state != "ABORTED" or draw.id.unit not in found):
            found[draw.id.unit] = draw
    return found


def progress(quarter, names, plans, draws, tally: Tally, today: date) -> list[dict]:
    """The five lines of the quarter's timeline; a broken date is red."""
    calendar = workdays.built_in_calendar()  # fixed dates do not move with the calendar
    draw_due = quarter.draw_due(calendar).date
    frozen = {code: draw for code, draw in draws.items() if draw.state != "ABORTED"}
    drawn = {code: draw for code, draw in frozen.items() if draw.drawn}
    published_on = {code: at.date() for code, at in plans.items()}
    frozen_on = {code: localtime(draw.frozen_at).date() for code, draw in frozen.items()}
    drawn_on = {code: localtime(draw.drawn_at).date() for code, draw in drawn.items()}
    total = sum(draw.total for draw in drawn.values())
    done = 0 < total <= tally.drawn and len(drawn) == len(names)
    return [
        _step("抽查计划公开", names, published_on, quarter.plan_due(calendar).date, today, "公开"),
        _step("名单封存，指纹公布", names, frozen_on, draw_due, today, "封存"),
        _step("随机抽取", names, drawn_on, draw_due, today, "抽取") | _picked(list(drawn.values()), total),
        _checked(total, tally.drawn, done),
        _published(quarter.close_due(calendar).date, today, done),
    ]


def _picked(drawn: list[PublicDraw], total: int) -> dict:
    """How many were drawn, and by when the last of the sealed lists opens."""
    if not drawn:
        return {}
    releases = [draw.release_at for draw in drawn if draw.state != "RELEASED"]
    opens = f"，名单 {short_date(localtime(max(releases)).date())}公开" if releases else ""
    return {"who": f"抽中 {total} 家{opens}"}


def _checked(total: int, public: int, done: bool) -> dict:
    line = {"what": "实施检查", "state": "g" if done else "k" if public else "", "when": "查完一家公开一家"}
    if not total:
        return line
    left, share = max(total - public, 0), round(100 * public / total)
    when = f"已公开结果 {public} 家，还没有全部公开" if left else f"{public} 家的结果全部公开"
    return line | {"when": when, "bar": share, "bar_label": f"已公开结果 {share}%"}


def _published(due: date, today: date, done: bool) -> dict:
    if done:
        state, when = "g", "全部公开"
    elif is_over(due, today):
        state, when = "r", f"应在 {short_date(due)}前全部公开，{remaining(due, today)}"
    else:
        state, when = "", f"逐家公开，{short_date(due)}前全部完成"
    return {"what": "结果公示", "state": state, "when": when}


def _step(what: str, names: dict, done: dict[str, date], due: date, today: date, verb: str) -> dict:
    """One step that every unit has to take by a day."""
    missing = [name for code, name in names.items() if code not in done]
    if not missing and done:
        return {"what": what, "state": "g", "when": f"{short_date(max(done.values()))}　{len(names)} 个单位全部{verb}"}
    if is_over(due, today):
        who = "、".join(missing[:3]) + (f"等 {len(missing)} 个单位" if len(missing) > 3 else "")
        return {"what": what, "state": "r", "when": f"{who}没有{verb}，{remaining(due, today)}"}
    if done:
        return {
            "what": what,
            "state": "k",
            "when": f"{len(done)} 个单位已{verb}，还有 {len(missing)} 个，{short_date(due)}前完成",
        }
    return {"what": what, "state": "", "when": f"{short_date(due)}前{verb}"}


def stats(quarter, names, draws) -> list[dict]:
    """Three figures, each with its rule or its denominator, its day and what it leaves out (ui.md 4.8)."""
    newest: dict[str, PublicDraw] = {}
    for draw in sorted(draws, key=lambda d: (d.quarter, d.id.serial)):
        if draw.state != "ABORTED":
            newest[draw.id.unit] = draw
    law, lists = policy.on(quarter.first_day), coverage.lists_of(draws)
    books = {c: sum(s.N for d in newest.values() if (s := d.stratum(c))) for c in ("key", "general", "special")}
    key = coverage.of_key([d for d in draws if d.id.year == quarter.year], lists, names)
    general = coverage.of_general(draws, lists, names)
    first_year, _ = law.coverage_cycle(quarter.year)
    quarters = 4 * law.general_coverage_years
    pace = ((quarter.year - first_year) * 4 + quarter.number) / quarters
    missing = [name for code, name in names.items() if code not in newest]
    return [
        {
            "label": "监管对象",
            "figure": f"{sum(books.values()):,}" if newest else "—",
            "unit": "家",
            "note": f"重点 {books['key']:,}　一般 {books['general']:,}　特殊 {books['special']:,}"
            + (f"；不含没有封存名单的{'、'.join(missing)}" if missing else "")
            if newest
            else "名单封存后公布",
        },
        {
            "label": "本年重点对象已抽中",
            "figure": f"{key.seen:,}" if key.total else "—",
            "unit": f"/ {key.total:,} 家" if key.total else "",
            "note": (f"{key.share}，" if key.total else "")
            + f"每季度不少于 {parameters.share(law.key_basis_points)}，{law.key_coverage_years} 年一遍"
            + (f"；{key.words}" if key.total else ""),
        },
        {
            "label": f"一般对象 {law.general_coverage_years} 年覆盖",
            "figure": general.share if general.total else "—",
            "unit": "",
            "note": f"已抽中 {general.seen:,} / {general.total:,} 家{_pace(first_year, pace)}；{general.words}"
            if general.total
            else "抽取后公布",
        },
    ]


def _results_out(last: dict[str, PublicDraw], lists, names, tally: Tally, before: Quarter) -> dict:
    """How many of last quarter's drawn have a public result; a unit that held no draw is named, for it owes none."""
    held = {code: draw for code, draw in last.items() if draw.drawn}
    due = sum(coverage.results_due(draw, lists[draw.draw_id]) for draw in held.values())
    out = results_of_standing(held.values(), lists)
    average = f"，平均 {tally.workdays / tally.all:.0f} 个工作日" if tally.all else ""
    words = f"{due} 家全部公开{average}" if out >= due else f"{due} 家已公开 {out} 家"
    without = [name for code, name in names.items() if code not in held]
    return {
        "label": f"{before.label.partition('年')[2]}结果公开",
        "figure": percent(min(out, due), due) if due else "—",
        "unit": "",
        "note": words + (f"；不含没有抽取的{'、'.join(without)}" if without else "") if due else "还没有抽取",
        "bad": bool(due) and out < due and first_use.counts(before.first_day),
    }


def results_of_standing(held: Iterable[PublicDraw], lists: Mapping[str, coverage.Lists]) -> int:
    """Public results of those who stand: whoever was replaced after a visit has one too, and it stands for nobody else."""
    rows = Publication.everything.counted().filter(
        kind=PublicationKind.RESULT, draw__in=[draw.draw_id for draw in held]
    )
    return sum(
        (stand := lists[draw_id].standing) is None or code in stand
        for draw_id, code in rows.order_by().values_list("draw", "facility_code")
    )


def _pace(first_year: int, share: float) -> str:
    """How far the cycle should have come; not of a cycle that began before first use and whose past nobody entered (二-a)."""
    if not first_use.counts(date(first_year, 1, 1)) and not public_documents.PublicCarry.objects.exists():
        return ""
    return f"，按进度应达 {share * 100:.0f}%"


def unit_row(code, name, draw, last, quarter: Quarter, today: date, announced=None) -> UnitRow:
    """One unit's line; `announced`: the draw that its public plan names and nobody has sealed yet."""
    due = quarter.draw_due(workdays.built_in_calendar()).date
    if draw and draw.state == "ABORTED":
        words, late = "已作废，等待重新抽取", is_over(due, today)
    elif draw and draw.drawn:
        at = localtime(draw.drawn_at)
        words, late = f"{short_date(at.date())} {at:%H:%M} 已抽取", is_over(due, at.date())
        if late:
            words += f"，逾期 {(at.date() - due).days} 天"
        if len(draw.results) > 1:
            words += "，号码录错，已更正重算"
        hidden = (today - localtime(draw.release_at).date()).days if draw.state == "DRAWN" else 0
        if hidden > 0:
            words, late = f"{words}，名单逾期 {hidden} 天没有公开", True
    elif draw:
        at = localtime(draw.frozen_at)
        words, late = f"{short_date(at.date())} {at:%H:%M} 已封存，等待抽取", is_over(due, today)
    elif first_use.counts(quarter.first_day):
        words, late = "还没有封存名单", is_over(due, today)
    else:
        words, late = "启用以前", False
    if late and not (draw and draw.drawn):
        words += f"，{remaining(due, today)}"
    if announced:
        words += f"；{announced.words}"
    return UnitRow(code, name, draw, last, words, late, announced)
