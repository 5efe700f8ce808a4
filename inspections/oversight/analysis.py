"""发现问题分析: how often a check finds a problem, by each tag of the facility (四(2)-d, 六(二)-q).

Read from results that everybody may read (`known.telling`), so it tells nobody who was drawn (decisions.md 3). Category is that of the draw, the other
tags are those of today's registry.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q

from inspections.checks import known
from inspections.checks.listed import listed
from inspections.checks.states import SHUT_OR_NOBODY
from inspections.models import Answer, CheckAnswer, Inspection
from plans.models import Mode
from registry.facilities.wording import GROUND_TAGS
from registry.models import (
    Category,
    CategoryGround,
    FacilityTag,
    Ground,
    HazwasteKind,
    PermitCategory,
    PollutionType,
    Rating,
    VocabularyTerm,
)

FEW = 5  # below so many checks a share says little
MOST_INDUSTRIES = 20
INDUSTRY, POLLUTION = "facility__industry_name", "facility__pollution_types"
Row = dict[str, Any]  # the checks of one facility in one category: its fields, `n`, and `bad_n` that found a problem
Labels = Callable[[Row], list[str]]
FIELDS = (
    ("facility__permit_category", "排污许可管理类别", dict(PermitCategory.choices)),
    ("facility__hazwaste", "危险废物管理", dict(HazwasteKind.choices)),
)


@dataclass(frozen=True)
class Line:
    label: str
    checks: int
    found: int

    @property
    def percent(self) -> int:
        return round(100 * self.found / self.checks) if self.checks else 0

    @property
    def few(self) -> bool:
        return self.checks < FEW


@dataclass(frozen=True)
class Group:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Result:
    total: Line
    groups: list[Group]


def of(units, year: int) -> Result:
    """The year's published checks of these units; five queries, whatever there is to group by."""
    found = CheckAnswer.objects.filter(inspection=OuterRef("pk"), answer=Answer.FOUND)
    rows = (
        Inspection.objects.filter(known.telling(), unit__in=units, year=year)
        .exclude(outcome__in=SHUT_OR_NOBODY)
        .annotate(bad=Exists(found), listed=ExpressionWrapper(listed(), BooleanField()))
        .order_by()
    )
    levels = _levels()
    fields = (*FIELDS, *((f"facility__{kind}", Rating(kind).label, words) for kind, words in levels.items()))
    names = ("mode", "listed", "category", INDUSTRY, POLLUTION, *(field for field, _, _ in fields))
    counted = list(rows.values("facility", *names).annotate(n=Count("pk"), bad_n=Count("pk", filter=Q(bad=True))))
    checked = rows.values("facility")
    grounds = CategoryGround.objects.filter(valid_to__isnull=True, facility__in=checked)
    tags = FacilityTag.objects.filter(removed__isnull=True, facility__in=checked)
    of_fields = [Group(title, _lines(counted, _in(field, words))) for field, title, words in fields]
    groups = [
        Group(
            "检查方式", _lines(counted, _in("mode", dict(Mode.choices)))
        ),  # what was found from outside beside what on the spot (N-14)
        Group("正面清单与检查方式", _lines(counted, _listed)),  # what K22 counts, beside what came of it
        Group("监管类别", _lines(counted, _in("category", dict(Category.choices)))),
        Group("类别依据", _lines(counted, _held(grounds.values_list("facility", "kind"), _grounds))),
        *of_fields[: len(FIELDS)],
        Group("污染类型", _lines(counted, lambda row: [PollutionType(one).label for one in row[POLLUTION]])),
        *of_fields[len(FIELDS) :],
        Group("行业类型", _lines(counted, _in(INDUSTRY, {}))[:MOST_INDUSTRIES]),
        Group("本单位标签", _lines(counted, _held(tags.values_list("facility", "tag__name"), str))),
        Group("抽查事项", _items(rows)),
    ]
    total = Line("全部", sum(row["n"] for row in counted), sum(row["bad_n"] for row in counted))
    return Result(total, [g for g in groups if g.lines])


def _sorted(lines) -> list[Line]:
    """The most telling first: enough checks, then the highest share."""
    return sorted((line for line in lines if line.checks), key=lambda x: (x.few, -x.percent, -x.checks, x.label))


def _lines(counted: list[Row], labels: Labels) -> list[Line]:
    """A check counts under each label of its facility."""
    sums: dict[str, list[int]] = {}
    for row in counted:
        for label in labels(row):
            of_label = sums.setdefault(label, [0, 0])
            of_label[0] += row["n"]
            of_label[1] += row["bad_n"]
    return _sorted(Line(label, n, bad) for label, (n, bad) in sums.items())


def _in(field: str, words: dict[str, str]) -> Labels:
    """The one label that stands in a field, if any."""
    return lambda row: [words.get(row[field], row[field])] if row[field] else []


def _listed(row: Row) -> list[str]:
    """Whether the place was on the 正面清单 when it was checked, and how it was checked."""
    return [f"清单{'内' if row['listed'] else '外'}企业，{Mode(row['mode']).label}"]


def _held(holders: Iterable[tuple[int, str]], words: Callable[[str], str]) -> Labels:
    """Labels that stand in rows of their own."""
    by_facility: dict[int, list[str]] = defaultdict(list)
    for facility, value in holders:
        by_facility[facility].append(words(value))
    return lambda row: by_facility.get(row["facility"], [])


def _grounds(kind: str) -> str:
    return GROUND_TAGS[Ground(kind)]


def _levels() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {kind.value: {} for kind in Rating}
    for kind, code, label in VocabularyTerm.objects.values_list("kind", "code", "label"):
        found[kind][code] = label
    return found


def _items(rows) -> list[Line]:
    """Which items find something: a check counts for an item once, whatever the number of its points."""
    answers = CheckAnswer.objects.filter(inspection__in=rows.values("pk")).exclude(answer__in=["", "NOT_APPLICABLE"])
    counts = (
        answers.order_by()
        .values_list("item_name")
        .annotate(
            n=Count("inspection", distinct=True),
            bad_n=Count("inspection", filter=Q(answer=Answer.FOUND), distinct=True),
        )
    )
    return _sorted(Line(name, n, bad) for name, n, bad in counts)
