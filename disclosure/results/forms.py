"""Forms of the public search and of the publishing pages."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.utils.dateparse import parse_date

from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from disclosure import words
from disclosure.models import Publication

MOST_WORDS = 5
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
class ResultQuery:
    """What somebody asks the list of results for, read from the address. Nonsense is as if it were not there."""

    q: str = ""
    district: str = ""
    category: str = ""
    quarter: Quarter | None = None
    outcome: str = ""
    unit: str = ""
    on: date | None = None
    sort: str = "-date"

    @classmethod
    def of(cls, data) -> "ResultQuery":
        def one(name: str, most: int = 40) -> str:
            return data.get(name, "").strip()[:most]

        return cls(
            q=one("q", 100),
            district=one("district"),
            category=one("category") if one("category") in words.CATEGORIES else "",
            quarter=quarter_of(one("quarter")),
            outcome=one("outcome") if one("outcome") in words.OUTCOMES else "",
            unit=one("unit", 16),
            on=day_of(one("on")),
            sort=one("sort") if one("sort") in SORTS else "-date",
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
