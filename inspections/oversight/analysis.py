"""发现问题分析: how often a check finds a problem, by each tag of the facility (四(2)-d, 六(二)-q).

Read from published results only, so it tells nobody who was drawn (decisions.md 3). Category is that of the draw, the other
tags are those of today's registry.
"""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from inspections.checks.states import SHUT_OR_NOBODY
from inspections.models import (
    Answer,
    CheckAnswer,
    Inspection,
    InspectionStatus,
)
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
    """The year's published checks of these units; a fixed number of queries."""
    found = CheckAnswer.objects.filter(inspection=OuterRef("pk"), answer=Answer.FOUND)
    rows = (
        Inspection.objects.filter(status=InspectionStatus.PUBLISHED, unit__in=units, year=year)
        .exclude(outcome__in=SHUT_OR_NOBODY)
        .annotate(bad=Exists(found))
        .order_by()
    )
    sums = rows.aggregate(n=Count("pk"), bad_n=Count("pk", filter=Q(bad=True)))
    groups = [
        Group("监管类别", _lines(rows, "category", dict(Category.choices))),
        Group("类别依据", _held(rows, CategoryGround.objects.filter(valid_to__isnull=True), "kind", _grounds)),
        *(Group(title, _lines(rows, field, words)) for field, title, words in FIELDS),
        Group("污染类型", _pollution(rows)),
        *(Group(Rating(kind).label, _lines(rows, f"facility__{kind}", words)) for kind, words in _levels().items()),
        Group("行业类型", _lines(rows, "facility__industry_name", {})[:MOST_INDUSTRIES]),
        Group("本单位标签", _held(rows, FacilityTag.objects.filter(removed__isnull=True), "tag__name", str)),
        Group("抽查事项", _items(rows)),
    ]
    return Result(Line("全部", sums["n"], sums["bad_n"]), [g for g in groups if g.lines])


def _sorted(lines) -> list[Line]:
    """The most telling first: enough checks, then the highest share."""
    return sorted((line for line in lines if line.checks), key=lambda x: (x.few, -x.percent, -x.checks, x.label))


def _lines(rows, field: str, words: dict[str, str]) -> list[Line]:
    counts = rows.values_list(field).annotate(n=Count("pk"), bad_n=Count("pk", filter=Q(bad=True)))
    return _sorted(Line(words.get(value, value), n, bad) for value, n, bad in counts if value)


def _pollution(rows) -> list[Line]:
    wanted = {p: Q(facility__pollution_types__contains=[p.value]) for p in PollutionType}
    sums = rows.aggregate(
        **{f"n_{p.value}": Count("pk", filter=q) for p, q in wanted.items()},
        **{f"b_{p.value}": Count("pk", filter=q & Q(bad=True)) for p, q in wanted.items()},
    )
    return _sorted(Line(p.label, sums[f"n_{p.value}"], sums[f"b_{p.value}"]) for p in wanted)


def _held(rows, holders, name: str, words) -> list[Line]:
    """Tags that stand in rows of their own: those of the facilities checked, counted check by check."""
    checks = list(rows.values_list("facility", "bad"))
    by_facility: dict[int, list[str]] = {}
    for facility, value in holders.filter(facility__in=rows.values("facility")).values_list("facility", name):
        by_facility.setdefault(facility, []).append(value)
    numbers: dict[str, list[int]] = {}
    for facility, bad in checks:
        for value in by_facility.get(facility, ()):
            counted = numbers.setdefault(words(value), [0, 0])
            counted[0] += 1
            counted[1] += bad
    return _sorted(Line(label, n, bad) for label, (n, bad) in numbers.items())


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
