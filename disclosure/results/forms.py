"""Forms of the public search and of the publishing pages."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.utils.dateparse import parse_date

from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from disclosure import words
from disclosure.models import Publication, PublicationKind

MOST_WORDS = 5
NAMES = ("q", "district", "category", "quarter", "outcome", "unit", "on", "sort")
SORTS = {"date": "checked_on", "-date": "-checked_on", "public": "published_at", "-public": "-published_at"}


class ResultFilter(forms.Form):
    """检查结果的查询. The address holds the whole state; what it does not understand it ignores."""

    q = fields.text("企业名称或统一社会信用代码", max_length=100, required=False)
    district = fields.choice("所在县区", [], required=False)
    category = fields.choice("对象类别", fields.or_all(list(words.CATEGORIES.items())), required=False)
    quarter = fields.choice("年度与季度", [], required=False)
    outcome = fields.choice(
        "检查结果", fields.or_all([(code, o.label) for code, o in words.OUTCOMES.items()]), required=False
    )

    def __init__(self, data, *, districts: list[str], quarters: list[Quarter]):
        super().__init__(data, auto_id="f_%s")
        self.fields["district"].choices = fields.or_all([(d, d) for d in districts])
        self.fields["quarter"].choices = fields.or_all([(str(q), q.label) for q in quarters])


@dataclass(frozen=True)
class Unknown:
    """A condition that nobody can meet: pages say so and leave it out, files refuse it, lest a misspelt word export everything."""

    name: str
    value: str
    allowed: tuple[str, ...] = ()

    def __str__(self):
        return f"{self.name}={self.value}"


@dataclass(frozen=True)
class ResultQuery:
    """What somebody asks the list of results for, read from the address; what it does not know stands in `unknown`."""

    q: str = ""
    district: str = ""
    category: str = ""
    quarter: Quarter | None = None
    outcome: str = ""
    unit: str = ""
    on: date | None = None
    sort: str = "-date"
    unknown: tuple[Unknown, ...] = ()

    @classmethod
    def of(cls, data, also: Iterable[str] = ("page",)) -> "ResultQuery":
        """`also`: names that belong to the address and are no condition."""

        def one(name: str, most: int = 40) -> str:
            return data.get(name, "").strip()[:most]

        unknown = [Unknown(name[:40], one(name), NAMES) for name in data if name not in (*NAMES, *also)]

        def known(name: str, allowed: Callable[[], Iterable[str]]) -> str:
            if not (value := one(name)) or value in (choices := list(allowed())):
                return value
            unknown.append(Unknown(name, value, tuple(choices)))
            return ""

        quarters = {str(quarter): quarter for quarter in published_quarters()} if one("quarter") else {}
        if (quarter := quarter_of(one("quarter"))) is None and one("quarter"):
            unknown.append(Unknown("quarter", one("quarter"), tuple(quarters)))
        if (on := day_of(one("on"))) is None and one("on"):
            unknown.append(Unknown("on", one("on"), ("2026-07-31 这样的日期",)))
        return cls(
            q=one("q", 100),
            district=known("district", partial(_published, "district")),
            category=known("category", lambda: words.CATEGORIES),
            quarter=quarter,
            outcome=known("outcome", lambda: words.OUTCOMES),
            unit=known("unit", partial(_published, "unit_code")),
            on=on,
            sort=known("sort", lambda: SORTS) or "-date",
            unknown=tuple(unknown),
        )

    def results(self):
        found = Publication.objects.results()
        for word in self.q.lower().split()[:MOST_WORDS]:
            found = found.filter(search_text__contains=word)
        if self.district:
            found = found.filter(district=self.district)
        if self.category:
            found = found.filter(category=self.category)
        if self.quarter:
            found = found.filter(year=self.quarter.year, number=self.quarter.number)
        if self.outcome:
            found = found.filter(outcome=self.outcome)
        if self.unit:
            found = found.filter(unit_code=self.unit)
        if self.on:
            found = found.filter(published_at__date=self.on)
        return found

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
            "unit": self.unit,
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
            "on": self.on or "",
            "sort": self.sort if self.sort != "-date" else "",
        }
        return "?" + urlencode({n: str(v) for n, v in given.items() if v and n != without})


def _published(column: str) -> list[str]:
    found = Publication.objects.filter(kind=PublicationKind.RESULT).exclude(**{column: ""})
    return list(found.order_by(column).values_list(column, flat=True).distinct())


def published_quarters() -> list[Quarter]:
    """The quarters of which there are results, the newest first."""
    pairs = Publication.objects.filter(kind=PublicationKind.RESULT).order_by().values_list("year", "number").distinct()
    return sorted((Quarter(year, number) for year, number in pairs), reverse=True)


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
