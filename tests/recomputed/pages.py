"""What anybody reads: the public pages as they are answered, against the rows (四(3), 七(六), 八)."""

import csv
import html
import io
import re
from collections.abc import Iterator
from fractions import Fraction

from .days import CHINA
from .world import Draw, World

SUM = re.compile(r"(\d+) ([×÷]) (\d+(?:\.\d+)?)(%?) = (\d+(?:\.\d+)?)(…?)(，不足 1 家的进 1)?")
NUMBER = r"([\d,]+)"
CYCLE = (2025, 2027)


def text(client, path: str) -> str:
    """A page as it is read: words and numbers, one space between."""
    answer = client.get(path)
    if answer.status_code != 200:
        raise AssertionError(f"{path}: {answer.status_code}")
    page = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def numbers(pattern: str, page: str) -> tuple[int, ...] | None:
    found = re.search(pattern, page)
    return tuple(int(n.replace(",", "")) for n in found.groups()) if found else None


def everything(world: World, client, year: int, number: int) -> Iterator[str]:
    """`year` and `number`: the quarter that the home page shows."""
    yield from home(world, client, year, number)
    yield from plans(world, client)
    yield from draws(world, client)
    yield from results(world, client)
    yield from summaries(world, client)
    yield from statistics(world, client)


# --- 首页 --------------------------------------------------------------------------------------------------------------


def sealed(world: World) -> list[Draw]:
    return [draw for draw in world.draws if draw.status != "ABORTED"]


def coverage(world: World, category: str, year: int, draws: list[Draw] | None = None) -> tuple[int, int]:
    """(drawn, all): by the names of released draws, and the reserved places of the others; from no `seen` of any list."""
    first, last = (year, year) if category == "key" else CYCLE
    draws = sealed(world) if draws is None else draws
    mine = [draw for draw in draws if draw.year == year or category != "key"]
    if category != "key":
        mine = list({draw.unit: draw for draw in mine}.values())
    everybody = {
        row.code
        for draw in mine
        for row in draw.frames.get(category, {}).values()
        if row.state not in ("out:CLOSED", "out:MOVED")
    }
    drawn = {code for code, then, *_ in world.carried if first <= then <= last}
    secret = 0
    for draw in draws:
        if not first <= draw.year <= last or not draw.drawn_at:
            continue
        if draw.status == "RELEASED":
            drawn |= {pick.code for pick in draw.drawn if pick.stands()}
        elif category in draw.strata:
            secret += draw.strata[category].u
    return len(everybody & drawn) + secret, len(everybody)


def home(world: World, client, year: int, number: int) -> Iterator[str]:
    page = text(client, "/")
    newest = {draw.unit: draw for draw in sealed(world)}
    books = [sum(d.strata[c].N for d in newest.values() if c in d.strata) for c in ("key", "general", "special")]
    said = numbers(rf"监管对象 {NUMBER} 家 重点 {NUMBER}　?\s*一般 {NUMBER}　?\s*特殊 {NUMBER}", page)
    if said != (sum(books), *books):
        yield f"home: 监管对象 {said}; rows {books}"
    key, general = coverage(world, "key", year), coverage(world, "general", year)
    if (said := numbers(rf"本年重点对象已抽中 {NUMBER} / {NUMBER} 家", page)) != key:
        yield f"home: 重点 {said}; rows {key}"
    if (said := numbers(rf"已抽中 {NUMBER} / {NUMBER} 家，按进度", page)) not in (general, None):
        yield f"home: 一般 {said}; rows {general}"
    before = (year, number - 1) if number > 1 else (year - 1, 4)
    held = list(world.held(*before))
    due = sum(p.stands() or p.gone == "NOTDONE" for d in held for p in d.drawn) if held else 0
    owed = {(draw.code, p.code) for draw in held for p in draw.drawn if p.stands()}
    firsts = (p for p in world.publications if p.kind == "RESULT" and p.version == 1)
    public = sum((p.snapshot["draw"], p.facility_code) in owed for p in firsts)
    said = numbers(r"(\d+) 家全部公开", page) or numbers(r"(\d+) 家已公开 (\d+) 家", page)
    if due and said != ((due,) if public >= due else (due, public)):
        yield f"home: last quarter's results {said}; rows {due, public}"
    for unit, name in world.units.items():
        if unit not in {draw.unit for draw in held} and held and "不含没有抽取的" not in page:
            yield f"home: {name} held no draw, and nobody says so"


# --- 计划和抽取 ----------------------------------------------------------------------------------------------------------


def sums(words: str) -> Iterator[tuple[str, int]]:
    """Every product and quotient that is printed: (what is wrong with it, the whole number it comes to)."""
    for count, sign, by, percent, told, more, _up in SUM.findall(words):
        exact = (
            Fraction(count) * Fraction(by) / (100 if percent else 1) if sign == "×" else Fraction(count) / Fraction(by)
        )
        wrong = Fraction(told) != (Fraction(int(exact * 100), 100) if more else exact)
        yield f"{count} {sign} {by}{percent} = {told}" if wrong else "", -(-exact.numerator // exact.denominator)


def plans(world: World, client) -> Iterator[str]:
    """Every published plan: its sums are right, and the largest of them, or what it says beside, is its number."""
    for publication in world.publications:
        if publication.kind != "PLAN":
            continue
        path = f"/plans/{publication.year}q{publication.number}/{publication.unit_code}/{publication.version}/"
        page, total = text(client, path), 0
        for stratum in publication.snapshot["strata"]:
            words, total = "；".join(stratum["lines"]), total + stratum["planned"]
            if any(line.replace(" ", "") not in page.replace(" ", "") for line in stratum["lines"]):
                yield f"{path}: the page says other words than were published"
            reckoned = list(sums(words))
            yield from (f"{path} {stratum['name']}: {wrong}" for wrong, _ in reckoned if wrong)
            last = numbers(r"(\d+) 家$", words) or numbers(r"计划 (\d+) 家，", words)
            only = stratum["category"] == "special" and not last
            number = reckoned[-1][1] if only else last and last[0]
            if number != stratum["planned"]:
                yield f"{path} {stratum['name']}: {stratum['planned']} planned; the sum gives {number}: {words}"
        if total != publication.snapshot["total"] or f"合计 {total} 家" not in page:
            yield f"{path}: 合计"


def draws(world: World, client) -> Iterator[str]:
    """Every draw's page: who is on the books, who takes part, how many are drawn and by which sum."""
    for draw in world.draws:
        path = f"/draws/{draw.code}/"
        page = text(client, path)
        books, able, drawn = (sum(getattr(line, n) for line in draw.strata.values()) for n in ("N", "A", "K"))
        label = "抽中" if draw.drawn_at else "应抽"
        said = numbers(rf"名录内企业 {NUMBER} 家 .*? 参加抽取 {NUMBER} 家 .*? {label} {NUMBER} 家", page)
        if said != (books, able, drawn):
            yield f"{path}: {said}; rows {books, able, drawn}"
        yield from (f"{path}: {wrong}" for wrong, _ in sums(page) if wrong)
        if draw.status != "RELEASED":
            continue
        for category, label in (("key", "重点"), ("general", "一般"), ("special", "特殊")):
            if category in draw.strata:
                stays = [
                    pick for pick in draw.drawn if pick.stands() or pick.gone == "NOTDONE"
                ]  # SSJ1 8.1: still drawn
                stand = sum(pick.category == category for pick in stays)
                if f"{label}　参加 {draw.strata[category].A} 抽中 {stand}" not in _spaced(client, path):
                    yield f"{path}: {label} 抽中 {stand}"


def _spaced(client, path: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", client.get(path).content.decode()))


# --- 结果 --------------------------------------------------------------------------------------------------------------


def results(world: World, client) -> Iterator[str]:
    """The open data has one line for each published result that was not withdrawn, with the outcome of its row."""
    content = client.get("/results/export.csv").getvalue().decode("utf-8-sig")
    _first, *lines = list(csv.reader(io.StringIO(content)))
    newest = {p.no: p for p in world.publications if p.kind == "RESULT"}  # the last of each number is what stands
    withdrawn = {no for no, p in newest.items() if p.state == "WITHDRAWN"}
    public = {c.no for c in world.checks if c.status == "PUBLISHED"} - withdrawn
    told = {line[0] for line in lines}
    if len(lines) != len(told) or told != public:
        yield f"results.csv: {len(lines)} lines; {len(public)} public checks; {sorted(told ^ public)[:5]}"


def summaries(world: World, client) -> Iterator[str]:
    """Every quarter's 汇总: what stands in its bottom line is the sum of the units."""
    newest = {(p.year, p.number): p for p in world.publications if p.kind == "RESULT_SUM"}
    for (year, number), publication in newest.items():
        path = f"/results/summary/{year}q{number}/"
        page = text(client, path)
        total = {
            n: sum(u[n] for u in publication.snapshot["units"]) for n in ("drawn", "finished", "public", "problems")
        }
        said = numbers(r"随机抽取 (\d+) 家，查完 (\d+) 家，.*?公开检查结果 (\d+) 家，发现问题 (\d+) 家", page)
        if said != tuple(total.values()):
            yield f"{path}: {said}; units {total}"


# --- 统计 --------------------------------------------------------------------------------------------------------------

FOUND = ("ON_SITE_FIXED", "RECTIFY_ORDERED", "CASE_FILED", "TRANSFERRED", "TRANSFERRED_CRIMINAL", "PENDING")
IN_VAIN = ("NOT_OPERATING", "UNREACHABLE")


def statistics(world: World, client) -> Iterator[str]:
    """The newest quarter whose names are public: each unit's parts and wholes, from texts of draws and published rows."""
    told = client.get("/statistics/rates.json").json()
    released = [draw for draw in sealed(world) if draw.status == "RELEASED"]
    if not released:
        if told["rows"]:
            yield f"statistics: {told['period']}, and no names are public"
        return
    year, number = max((draw.year, draw.number) for draw in released)
    if told["period"] != f"{year}Q{number}":
        yield f"statistics: {told['period']}; rows {year}Q{number}"
    results = [p for p in world.publications if p.kind == "RESULT" and p.state != "WITHDRAWN"]
    last, first = {p.no: p for p in results}, {p.no: p for p in reversed(results)}
    withdrawn = {p.no for p in world.publications if p.kind == "RECTIFICATION" and p.state == "WITHDRAWN"}
    steps = [p for p in world.publications if p.kind == "RECTIFICATION" and p.no not in withdrawn]
    mended = {p.snapshot["check"] for p in steps if p.snapshot["step"] == "MENDED"}
    # Whoever the city entered of the time before the system was checked, too (二-a): the chain's first entry says so.
    looked_at = {p.facility_code for p in last.values() if p.outcome not in IN_VAIN} | {c for c, *_ in world.carried}
    newest = {draw.unit: draw for draw in sealed(world)}
    until, whole = [draw for draw in released if (draw.year, draw.number) <= (year, number)], {}
    for row in told["rows"][:-1]:
        mine = [d for d in released if (d.year, d.number, d.unit) == (year, number, row["key"])]
        counted = [p for p in last.values() if p.snapshot["draw"] in {d.code for d in mine}]
        looked = [p for p in counted if p.outcome not in IN_VAIN]
        found = [p for p in looked if p.outcome in FOUND]
        owed = {(d.code, p.code) for d in mine for p in d.drawn if p.stands() or p.gone == "NOTDONE"}
        frames = newest[row["key"]].frames if row["key"] in newest else {}
        books = {r.code for f in frames.values() for r in f.values() if r.state not in ("out:CLOSED", "out:MOVED")}
        rows = {
            "in_time": (
                sum(in_time(first[p.no]) for p in counted if (p.snapshot["draw"], p.facility_code) in owed),
                len(owed),
            ),
            "workdays": (sum(p.workday_number for p in counted), len(counted)),
            "found": (len(found), len(looked)),
            "mended": (sum(p.outcome == "ON_SITE_FIXED" or p.no in mended for p in found), len(found)),
            "never": (len(books - looked_at), len(books)),
        }
        whole = {name: tuple(map(sum, zip(whole.get(name, (0, 0)), pair, strict=True))) for name, pair in rows.items()}
        yield from _unlike(row, rows | _covered(world, year, [draw for draw in until if draw.unit == row["key"]]))
    yield from _unlike(told["rows"][-1], whole | _covered(world, year, until))


def _covered(world: World, year: int, draws: list[Draw]) -> dict[str, tuple[int, int]]:
    return {category: coverage(world, category, year, draws) for category in ("key", "general")}


def _unlike(row: dict, rows: dict[str, tuple[int, int]]) -> Iterator[str]:
    told = {name: (figure["numerator"], figure["denominator"]) for name, figure in row["figures"].items()}
    for name in sorted(told.keys() | rows.keys()):
        if told.get(name) != rows.get(name):
            yield f"statistics: {row['label']} {name} {told.get(name)}; rows {rows.get(name)}"


def in_time(publication) -> bool:
    """When it first became public, by the earlier of both days that it names."""
    limit = min(publication.snapshot["publish_by"], publication.snapshot["quarter_due"])
    return publication.published_at.astimezone(CHINA).date().isoformat() <= limit
