"""Forms of the public search and of the publishing pages."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.db.models import Count
from django.utils.dateparse import parse_date

from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from disclosure import words
from disclosure.rosters import search

from . import tallies

NAMES = ("q", "district", "category", "quarter", "outcome", "unit", "source", "item", "from", "to", "on", "sort")
SORTS = {"date": "checked_on", "-date": "-checked_on", "public": "published_at", "-public": "-published_at"}
SOURCES = {"random": "随机抽取", "other": "其他来源"}
A_DAY = ("2026-07-31 这样的日期",)


class ResultFilter(forms.Form):
    """检查结果的查询. The address holds the whole state; what it does not understand it ignores."""

    q = fields.text("企业名称或统一社会信用代码", max_length=100, required=False)
    district = fields.choice("所在县区", [], required=False)
    category = fields.choice("对象类别", fields.or_all(list(words.CATEGORIES.items())), required=False)
    quarter = fields.choice("年度与季度", [], required=False)
    outcome = fields.choice(
        "检查结果", fields.or_all([(code, o.label) for code, o in words.OUTCOMES.items()]), required=False
    )
    unit = fields.choice("检查单位", [], required=False)
    source = fields.choice("检查来源", fields.or_all(list(SOURCES.items())), required=False)
    item = fields.choice("检查事项", [], required=False)
    to = fields.day("检查日期止", required=False)

    def __init__(self, data):
        super().__init__(data, auto_id="f_%s")
        self.fields["district"].choices = fields.or_all([(d, d) for d in tallies.districts()])
        self.fields["quarter"].choices = fields.or_all([(str(q), q.label) for q in tallies.quarters()])
        self.fields["unit"].choices = fields.or_all(list(tallies.units().items()))
        self.fields["item"].choices = fields.or_all(list(tallies.items().items()))
        last = self.fields.pop("to")
        self.fields |= {"from": fields.day("检查日期起", required=False), "to": last}  # `from` is a word of Python


@dataclass(frozen=True)
class Unknown:
    """A condition that nobody can meet: pages say so and leave it out, files refuse it, lest a misspelt word export everything."""

    name: str
    value: str
    allowed: tuple[str, ...] = ()

    def __str__(self):
        return f"{self.name}={self.value}"


def asked(data, names: Iterable[str], also: Iterable[str] = ()) -> tuple[dict[str, str], list[Unknown]]:
    """What is asked by each name, and what nobody can meet: a name that is none, or one with two values, of which one alone
    would be used."""
    given: dict[str, str] = {}
    unknown = []
    for name in data:
        values = list(dict.fromkeys(value.strip() for value in data.getlist(name)))
        if name not in (*names, *also):
            unknown.append(Unknown(name[:40], values[-1][:40], tuple(names)))
        elif name in names and len(values) > 1:
            unknown.append(Unknown(name, "、".join(values)[:40], ("只写一次",)))
        elif name in names:
            given[name] = values[0]
    return given, unknown


def words_of(q: str, unknown: list[Unknown]) -> str:
    """What is searched for; what is more than is looked for at once is said, not left out in silence."""
    q = search.seen(q)
    if more := q.split()[search.MOST_WORDS :]:
        unknown.append(Unknown("q", " ".join(more)[:40], (f"最多 {search.MOST_WORDS} 个词",)))
        return " ".join(q.split()[: search.MOST_WORDS])
    return q


@dataclass(frozen=True)
class ResultQuery:
    """What somebody asks the list of results for, read from the address; what it does not know stands in `unknown`."""

    q: str = ""
    district: str = ""
    category: str = ""
    quarter: Quarter | None = None
    outcome: str = ""
    unit: str = ""
    source: str = ""
    item: str = ""
    since: date | None = None
    until: date | None = None
    on: date | None = None
    sort: str = "-date"
    unknown: tuple[Unknown, ...] = ()

    @classmethod
    def of(cls, data, also: Iterable[str] = ("page",)) -> "ResultQuery":
        """`also`: names that belong to the address and are no condition."""

        given, unknown = asked(data, NAMES, also)

        def one(name: str, most: int = 40) -> str:
            return given.get(name, "")[:most]

        def known(name: str, allowed: Callable[[], Iterable[str]]) -> str:
            if not (value := one(name)) or value in (choices := list(allowed())):
                return value
            unknown.append(Unknown(name, value, tuple(choices)))
            return ""

        def day(name: str) -> date | None:
            if (found := day_of(one(name))) is None and one(name):
                unknown.append(Unknown(name, one(name), A_DAY))
            return found

        if (quarter := quarter_of(one("quarter"))) is None and one("quarter"):
            unknown.append(Unknown("quarter", one("quarter"), tuple(map(str, tallies.quarters()))))
        return cls(
            q=words_of(one("q", 100), unknown),
            district=known("district", tallies.districts),
            category=known("category", lambda: words.CATEGORIES),
            quarter=quarter,
            outcome=known("outcome", lambda: words.OUTCOMES),
            unit=known("unit", tallies.units),
            source=known("source", lambda: SOURCES),
            item=known("item", tallies.items),
            since=day("from"),
            until=day("to"),
            on=day("on"),
            sort=known("sort", lambda: SORTS) or "-date",
            unknown=tuple(unknown),
        )

    @property
    def is_free(self) -> bool:
        """Whether words or days were asked for, of which there is no end."""
        return bool(self.q or self.since or self.until or self.on)

    def results(self):
        found = tallies.results()
        for word in self.q.lower().split():
            found = found.holding(*search.spellings(word))
        same = {"district": self.district, "category": self.category, "outcome": self.outcome, "unit_code": self.unit}
        same |= {"checked_on__gte": self.since, "checked_on__lte": self.until, "published_at__date": self.on}
        if self.quarter:
            same |= {"year": self.quarter.year, "number": self.quarter.number}
        if self.item:
            found = found.filter(item_codes__contains=[self.item])
        if self.source:
            found = found.filter(draw="") if self.source == "other" else found.exclude(draw="")
        return found.filter(**{column: value for column, value in same.items() if value})

    def outcomes(self) -> Counter[str]:
        """Outcome → how many: added up from what is known of this state, unless rows have to be looked at."""
        if self.q or self.item or self.since or self.until or self.on:
            return Counter(dict(self.results().order_by().values_list("outcome").annotate(n=Count("pk"))))
        return tallies.outcomes(g for g in tallies.groups() if self._has(g))

    def _has(self, group: tallies.Group) -> bool:
        return (
            (not self.district or group.district == self.district)
            and (not self.category or group.category == self.category)
            and (not self.quarter or (group.year, group.number) == (self.quarter.year, self.quarter.number))
            and (not self.outcome or group.outcome == self.outcome)
            and (not self.unit or group.unit_code == self.unit)
            and (not self.source or group.random == (self.source == "random"))
        )

    def ordered(self):
        return self.results().order_by(SORTS[self.sort], "-pk")

    def chips(self) -> list[chips.Chip]:
        """The conditions in force, each with the address that takes it away."""
        shown = {
            "q": self.q,
            "district": self.district,
            "category": words.CATEGORIES.get(self.category, ""),
            "quarter": self.quarter.label if self.quarter else "",
            "outcome": words.OUTCOMES[self.outcome].label if self.outcome else "",
            "unit": tallies.units()[self.unit] if self.unit else "",
            "source": SOURCES.get(self.source, ""),
            "item": tallies.items()[self.item] if self.item else "",
            "from": f"{full_date(self.since)}以后检查" if self.since else "",
            "to": f"{full_date(self.until)}以前检查" if self.until else "",
            "on": f"{full_date(self.on)}公开" if self.on else "",
        }
        return chips.conditions(((name, label) for name, label in shown.items() if label), self.address)

    def address(self, without: str = "") -> str:
        given = {
            "q": self.q,
            "district": self.district,
            "category": self.category,
            "quarter": self.quarter or "",
            "outcome": self.outcome,
            "unit": self.unit,
            "source": self.source,
            "item": self.item,
            "from": self.since or "",
            "to": self.until or "",
            "on": self.on or "",
            "sort": self.sort if self.sort != "-date" else "",
        }
        return "?" + urlencode({n: str(v) for n, v in given.items() if v and n != without})


def quarter_of(text: str) -> Quarter | None:
    try:
        return Quarter.parse(text)
    except ValueError:
        return None


def day_of(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
