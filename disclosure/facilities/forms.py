"""What somebody asks the list of facilities for, read from the address; as strict as every other list (四(3)-e)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.web import chips
from disclosure import words
from disclosure.models import RosterRow
from disclosure.results.forms import Unknown, asked, words_of
from disclosure.rosters import search

from . import story

NAMES = ("q", "never", "category", "district", "industry", "unit")


class FacilityFilter(forms.Form):
    """企业查询. The address holds the whole state; what it does not understand it ignores."""

    q = fields.text("名称、代码、地址或行业", max_length=100, required=False)
    district = fields.choice("所在县区", [], required=False)
    category = fields.choice("类别", fields.or_all(list(words.CATEGORIES.items())), required=False)
    industry = fields.choice("行业", [], required=False)
    never = fields.choice("最近检查", fields.or_all([("1", "从未检查")]), required=False)

    def __init__(self, data):
        super().__init__(data, auto_id="f_%s")
        for name in ("district", "industry"):
            self.fields[name].choices = fields.or_all([(value, value) for value in known(name)])


@dataclass(frozen=True)
class FacilityQuery:
    q: str = ""
    never: str = ""
    category: str = ""
    district: str = ""
    industry: str = ""
    unit: str = ""
    unknown: tuple[Unknown, ...] = ()

    @classmethod
    def of(cls, data, also: Iterable[str] = ("page",)) -> "FacilityQuery":
        once, unknown = asked(data, NAMES, also)
        given = {name: search.seen(once.get(name, ""))[:100] for name in NAMES}
        given["q"] = words_of(given["q"], unknown)
        allowed = {
            "never": lambda: ["1"],
            "category": lambda: [*words.CATEGORIES],
            **{name: partial(known, name) for name in ("district", "industry")},
            "unit": partial(known, "unit_code"),
        }
        for name, choices in allowed.items():
            if given[name] and given[name] not in (may := choices()):
                unknown.append(Unknown(name, given[name][:40], tuple(may)))
                given[name] = ""
        return cls(**given, unknown=tuple(unknown))

    def facilities(self) -> QuerySet[RosterRow]:
        found = search.matching(RosterRow.objects.filter(is_last=True), self.q)
        for name, column in (("category",) * 2, ("district",) * 2, ("industry",) * 2, ("unit", "unit_code")):
            if value := getattr(self, name):
                found = found.filter(**{column: value})
        if self.never:
            checked = story.done_results().filter(facility_code=OuterRef("code"))
            found = found.filter(~Exists(checked), of_roster=True).exclude(code__in=story.carried_codes())
        return found

    @property
    def is_empty(self) -> bool:
        return not any(getattr(self, name) for name in NAMES)

    def chips(self) -> list[chips.Chip]:
        """The conditions in force, each with the address that takes it away."""
        shown = {
            "q": self.q,
            "never": "从未检查" if self.never else "",
            "category": words.CATEGORIES.get(self.category, ""),
            "district": self.district,
            "industry": self.industry,
            "unit": self.unit,
        }
        return chips.conditions(((name, label) for name, label in shown.items() if label), self.address)

    def address(self, without: str = "", **more: str) -> str:
        given = {name: getattr(self, name) for name in NAMES} | more
        return "?" + urlencode({name: value for name, value in given.items() if value and name != without})


def known(column: str) -> list[str]:
    """What the rosters name."""
    found = RosterRow.objects.filter(is_last=True).exclude(**{column: ""})
    return list(found.order_by(column).values_list(column, flat=True).distinct())
