"""The tables of the public statistics: each figure with its numerator and its denominator (四(3)-f; ui-2.md 20)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.shares import percent, tenths
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import words
from disclosure.draws import coverage
from disclosure.draws.documents import PublicDraw
from disclosure.site import bulletin
from plans.draw import evenness
from plans.draw.evenness import Band

from .bands import Evenness
from .counting import Public, Result, is_found

GROUPS = {"unit": "单位", "item": "事项", "industry": "行业", "category": "类别"}


@dataclass(frozen=True)
class Figure:
    """A part of a whole, or a sum over a number (`mean`). `was`: the part before a result was corrected."""

    part: int = 0
    whole: int = 0
    mean: bool = False
    was: int | None = None

    @property
    def value(self) -> str:
        if self.mean:
            return f"{self.part / self.whole:.1f}" if self.whole else "—"
        return percent(self.part, self.whole)

    def bar(self, full: int) -> str:
        """For the width of a bar, in per cent, where the whole bar is `full` per cent."""
        return f"{10 * tenths(self.part, self.whole) / full:.4g}" if self.whole else "0"

    def as_json(self) -> dict:
        said = {"numerator": self.part, "denominator": self.whole, "value": self.value}
        return said if self.was is None else said | {"numerator_before_correction": self.was}


@dataclass(frozen=True)
class Row:
    key: str
    label: str
    figures: Mapping[str, Figure]
    note: str = ""
    url: str = ""  # where its results can be read one by one


@dataclass(frozen=True)
class Table:
    """Rows of figures; `columns`: what each is, and of what it is counted.

    `bars`: those that are drawn beside them, one under the other; `full`: what a whole bar stands for, in per cent.
    """

    name: str
    title: str
    first: str
    columns: Mapping[str, tuple[str, str]]
    rows: Sequence[Row]
    total: Row
    bars: tuple[str, ...] = ()
    full: int = 100

    @property
    def all(self) -> list[Row]:
        return [*self.rows, self.total]

    @property
    def shown(self) -> list[tuple[Row, list[tuple[str, Figure | None]], list[str]]]:
        """Row by row: its figures, each with what it is, and the widths of what is drawn."""
        titles = {key: title for key, (title, _) in self.columns.items()}
        return [
            (
                row,
                [(title, row.figures.get(key)) for key, title in titles.items()],
                [row.figures[key].bar(self.full) for key in self.bars],
            )
            for row in self.all
        ]

    @property
    def drawn(self) -> list[str]:
        """What each bar is, the upper one first."""
        return [self.columns[key][0] for key in self.bars]

    def heads(self) -> list[str]:
        parts = ((f"{title}（{of}）", f"{title}：分子", f"{title}：分母") for title, of in self.columns.values())
        return [self.first, *(head for three in parts for head in three), "说明"]

    def lines(self) -> Iterable[list]:
        for row in self.all:
            cells = (row.figures.get(key) for key in self.columns)
            yield [
                row.label,
                *(v for c in cells for v in ((c.value, c.part, c.whole) if c else ("", "", ""))),
                row.note,
            ]

    def as_json(self) -> list[dict]:
        return [
            {"key": row.key, "label": row.label, "note": row.note}
            | {"figures": {key: figure.as_json() for key, figure in row.figures.items()}}
            for row in self.all
        ]


COLUMNS = {
    "key": ("重点已抽中", "本年，家"),
    "general": ("一般已抽中", "三年，家"),
    "in_time": ("按期公开", "结果，条"),
    "workdays": ("平均用时", "工作日"),
    "found": ("发现问题", "检查，家"),
    "mended": ("已改正", "发现问题的，家"),
    "never": ("从未检查", "名录，家"),
}


@dataclass(frozen=True)
class Statistics:
    """What is asked for: one quarter or a year so far, one category or all, grouped by one thing."""

    public: Public
    quarters: tuple[Quarter, ...]
    category: str = ""
    by: str = "unit"
    today: date = field(default=date.min)

    @cached_property
    def draws(self) -> list[PublicDraw]:
        return self._released(self.quarters)

    def _released(self, quarters: Iterable[Quarter]) -> list[PublicDraw]:
        return [draw for draw in self.public.released if draw.quarter in tuple(quarters)]

    def _of(self, draws: Iterable[PublicDraw]) -> list[Result]:
        ids = {draw.draw_id for draw in draws}
        wanted = (r for r in self.public.results if r.draw in ids)
        return [r for r in wanted if self.category in ("", r.category)]

    @cached_property
    def results(self) -> list[Result]:
        return self._of(self.draws)

    # --- groups ------------------------------------------------------------------------------------------------------

    def _group_of(self) -> Callable[[str, str, str], str]:
        """The group of (unit, category, code); "" of what no group is shown of."""
        match self.by:
            case "category":
                return lambda unit, category, code: category
            case "industry":
                return lambda unit, category, code: self.public.industries.get(code, "")
        return lambda unit, category, code: unit

    @cached_property
    def _labels(self) -> dict[str, str]:
        match self.by:
            case "category":
                return {c: name for c, name in words.CATEGORIES.items() if self.category in ("", c)}
            case "industry":
                return {name: name for name in sorted(set(self.public.industries.values()))}
        return dict(self._names)

    @cached_property
    def _names(self) -> dict[str, str]:
        """Whoever drew at all, and those of whom the last quarter of the period asked a draw."""
        drew = {draw.id.unit for draw in self.public.draws}
        return bulletin.names_in(max(self.quarters), self.public.units, drew)

    def rates(self) -> Table:
        """By unit, category or industry: coverage, publication, findings, repair, never checked."""
        if self.by == "item":
            return self._items()
        group = self._group_of()
        results, books = defaultdict(list), defaultdict(list)
        for r in self.results:
            results[group(r.unit, r.category, r.code)].append(r)
        for code, place in self.public.everyone.items():
            if self.category in ("", place.category):
                books[group(place.unit, place.category, code)].append(code)
        due = self._due_by_group(group)
        rows = []
        for key, label in self._labels.items():
            figures = self._figures(results[key], due[key], books[key])
            figures = (self._coverage(key) if self.by == "unit" else {}) | figures
            url = self._results_of(key) if results[key] else ""
            rows.append(Row(key, label, figures, self._note(key, len(books[key])), url))
        shown = list(self._labels)
        total = self._figures(
            [r for key in shown for r in results[key]],
            sum(due[key] for key in shown),
            [code for key in shown for code in books[key]],
        )
        total = (self._coverage(None) if self.by == "unit" else {}) | total
        columns = COLUMNS if self.by == "unit" else {k: v for k, v in COLUMNS.items() if k not in ("key", "general")}
        label = "以上合计" if self.by == "industry" else "全市"
        whole = Row("all", label, total, f"名录 {total['never'].whole} 家")
        return Table("rates", f"各{GROUPS[self.by]}", GROUPS[self.by], columns, rows, whole)

    def _results_of(self, key: str) -> str:
        """The list of what is counted here; of a year, of all that is public."""
        if self.by != "unit":
            return ""
        asked = {"unit": key, "category": self.category, "source": "random"}
        asked["quarter"] = str(self.quarters[0]) if len(self.quarters) == 1 else ""
        return f"{reverse('disclosure:results')}?{urlencode({n: v for n, v in asked.items() if v})}"

    def _due_by_group(self, group) -> Counter:
        """How many results the draws owe: of everybody who stands after the amendments, or was left undone."""
        due = Counter()
        for draw in self.draws:
            its = self.public.lists[draw.draw_id]
            unit, category_of = draw.id.unit, _categories(its)
            for code in its.owed:
                if self.category in ("", category_of.get(code, "")):
                    due[group(unit, category_of.get(code, ""), code)] += 1
        return due

    def _figures(self, results: Sequence[Result], due: int, books: Sequence[str]) -> dict[str, Figure]:
        owed = [r for r in results if r.code in self.public.lists[r.draw].owed]
        return {
            "in_time": Figure(sum(r.in_time for r in owed), due),
            "workdays": Figure(sum(r.workdays for r in results), len(results), mean=True),
            "found": self._found(results),
            "mended": Figure(sum(self._mended(r) for r in results if r.found), sum(r.found for r in results)),
            "never": Figure(sum(code not in self.public.checked for code in books), len(books)),
        }

    def _mended(self, result: Result) -> bool:
        return result.outcome == "ON_SITE_FIXED" or result.no in self.public.mended

    def _found(self, results: Iterable[Result]) -> Figure:
        looked = [r for r in results if r.looked]
        found, was = sum(r.found for r in looked), sum(is_found(r.first or r.outcome) for r in looked)
        return Figure(found, len(looked), was=was if was != found else None)

    def _coverage(self, unit: str | None) -> dict[str, Figure]:
        """As the home page counts it, over the draws whose names were public at the end of the period."""
        last = max(self.quarters)
        draws = [d for d in self.public.released if d.quarter <= last and unit in (None, d.id.unit)]
        names, lists = self._names, self.public.lists
        key = coverage.of_key([d for d in draws if d.id.year == last.year], lists, names)
        general = coverage.of_general(draws, lists, names)
        return {"key": Figure(key.seen, key.total), "general": Figure(general.seen, general.total)}

    def _note(self, key: str, books: int) -> str:
        said = [f"名录 {books} 家"]
        if self.by == "unit" and not any(draw.id.unit == key for draw in self.draws):
            said.append(self._without(key))
        return "，".join(said)

    def _without(self, unit: str) -> str:
        """A unit that held no draw in the last quarter of the period, or whose names are still sealed."""
        quarter = max(self.quarters)
        if any(d.quarter == quarter and d.id.unit == unit for d in self.public.sealed):
            return "名单还没有公开，不计入"
        if not any(one.code == unit and one.works_in(quarter) for one in self.public.units):
            return "当时没有抽取任务"
        late = (self.today - quarter.draw_due(workdays.built_in_calendar()).date).days
        return f"没有抽取，逾期 {late} 天" if late > 0 else "没有抽取"

    # --- further tables -----------------------------------------------------------------------------------------------

    def _items(self) -> Table:
        """How often each item was looked at, and a problem found."""
        judged, found = Counter(), Counter()
        for category, name, answer in self.public.answers(draw.draw_id for draw in self.draws):
            if self.category in ("", category) and answer in ("FOUND", "NONE_FOUND"):
                judged[name] += 1
                found[name] += answer == "FOUND"
        rows = [Row(name, name, {"found": Figure(found[name], n)}) for name, n in sorted(judged.items())]
        whole = Row("all", "合计", {"found": Figure(found.total(), judged.total())})
        return Table("rates", "各事项", "事项", {"found": ("发现问题", "检查事项，项次")}, rows, whole)

    def found(self) -> Table:
        """The share of findings by quarter and year so far, for each unit."""
        year = max(self.quarters).year
        quarters = sorted(q for q in self.public.quarters if q.year == year)
        columns = {str(q): (q.label.partition("年")[2].strip(), "家") for q in quarters} | {
            "year": (f"{year} 年", "家")
        }
        by_quarter = {str(q): self._of(self._released([q])) for q in quarters}
        by_quarter["year"] = [r for one in by_quarter.values() for r in one]

        def row(key: str, label: str) -> Row:
            of_unit = {n: [r for r in rs if key in ("all", r.unit)] for n, rs in by_quarter.items()}
            return Row(key, label, {name: self._found(results) for name, results in of_unit.items()})

        rows = [row(code, name) for code, name in self._names.items()]
        whole = row("all", "全市")
        bars = tuple(str(q) for q in quarters[-2:])  # the last two, one under the other
        most = max(
            (tenths(f.part, f.whole) for r in [*rows, whole] for f in map(r.figures.get, bars) if f.whole), default=0
        )
        full = max(5, 5 * -(-most // 50))  # to the next five per cent
        return Table("found", "发现问题占比", "单位", columns, rows, whole, bars, full)

    def never(self) -> Table:
        """Who was never looked at, the highest share first."""
        columns = {"never": ("从未检查", "家"), "key": ("其中重点", "家")}

        def row(key: str, label: str) -> Row:
            mine = {c: p for c, p in self.public.everyone.items() if key in ("all", p.unit)}
            every = [c for c, p in mine.items() if self.category in ("", p.category)]
            keys = [c for c, p in mine.items() if p.category == "key"]
            figures = {
                name: Figure(sum(c not in self.public.checked for c in codes), len(codes))
                for name, codes in (("never", every), ("key", keys))
            }
            return Row(key, label, figures)

        rows = [row(code, name) for code, name in self._names.items()]
        rows.sort(key=lambda r: -tenths(r.figures["never"].part, r.figures["never"].whole or 1))
        return Table("never", "从未检查", "单位", columns, rows, row("all", "全市"), ("never",))

    def evenness(self) -> Evenness:
        """How often each industry was drawn against what a fair draw would take (SSJ1 6.2)."""
        parts, took, drawn = defaultdict(list), Counter(), Counter()
        for draw in self.draws:
            its = self.public.lists[draw.draw_id]
            for line in draw.manifest.strata:
                category = line.stratum.rpartition(".")[2]
                if self.category not in ("", category) or not line.K:
                    continue
                members, everybody = defaultdict(lambda: [0, 0]), [0, 0]
                for code, row in its.rows(category).items():
                    if row.state != "in":
                        continue
                    everybody[row.seen] += 1
                    if industry := self.public.industries.get(code):
                        members[industry][row.seen] += 1
                        drawn[industry] += code in its.picked
                A, U = sum(everybody), everybody[False]
                for industry, (unseen, seen) in members.items():
                    took[industry] += unseen + seen
                    parts[industry].append(evenness.of_group(A, U, line.K, line.u, unseen=unseen, seen=seen))
        bands = [Band.of(name, took[name], drawn[name], evenness.together(parts[name])) for name in parts]
        most = max((max(band.high, band.drawn) for band in bands), default=0) or 1
        bands = [replace(band, most=most) for band in bands]
        return Evenness(sorted(bands, key=lambda b: (-b.expected, b.label)), most)


def _categories(its: coverage.Lists) -> dict[str, str]:
    return {code: category for category, rows in its.frames.items() for code in rows}
