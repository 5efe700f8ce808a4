"""How many facilities each domain has, and how many of them a check has reached in the cycle (六(二)-b; 六(二)-g … -q).

A check counts once everybody may know of it (decisions.md 3).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from benxi_shuangsuiji import policy
from registry import known
from registry.models import (
    Category,
    Facility,
    HazwasteKind,
    OperatingStatus,
    PermitCategory,
    PollutionType,
    VocabularyTerm,
)

FIELDS = {
    "category": ("监管类别", Category),
    "permit_category": ("排污许可管理类别", PermitCategory),
    "hazwaste": ("危险废物管理", HazwasteKind),
}


@dataclass(frozen=True)
class Line:
    label: str
    total: int
    checked: int
    url: str = ""

    @property
    def share(self) -> str:
        return f"{self.checked / self.total:.0%}" if self.total else "—"


def table(unit, today: date) -> tuple[tuple[int, int], list[Line]]:
    """The cycle, and one line per domain (水、气、固废、危废、辐射、碳、生态、环评), those without one, all; one query."""
    cycle = policy.on(today).coverage_cycle(today.year)
    rows = (
        Facility.objects.on_books()
        .filter(unit=unit)
        .annotate(checked=known.there(known.checked_between(*cycle)))
        .order_by()
    )
    total: Counter[str] = Counter()
    reached: Counter[str] = Counter()
    for types, status, checked, n in rows.values_list("pollution_types", "status", "checked").annotate(n=Count("pk")):
        # 三-o7: what 环评及批复, “三同时” are checked at
        building = ["EIA"] if status == OperatingStatus.BUILDING else []
        for name in {*(types or ["NONE"]), *building, "ALL"}:
            total[name] += n
            reached[name] += n if checked else 0
    labels = dict(PollutionType.choices) | {"EIA": "环评（在建项目）", "NONE": "没有标污染类型", "ALL": "全部"}
    return cycle, [
        Line(label, total[name], reached[name], f"tag=p:{name}" if name in PollutionType.values else "")
        for name, label in labels.items()
    ]


def tag_counts(unit) -> list[tuple[str, list[tuple[str, int]]]]:
    """How many facilities carry each value of each tag; one query a tag."""
    rows = Facility.objects.on_books().filter(unit=unit).order_by()
    groups = []
    for name, (title, choices) in FIELDS.items():
        counts = dict(rows.values_list(name).annotate(Count("pk")))
        groups.append((title, [(label, counts.get(value, 0)) for value, label in choices.choices]))
    terms: dict[str, list] = {}
    for term in VocabularyTerm.objects.all():
        terms.setdefault(term.get_kind_display(), []).append(term)
    for title, levels in terms.items():
        counts = dict(rows.values_list(levels[0].kind).annotate(Count("pk")))
        lines = [(term.label, counts.pop(term.code, 0)) for term in levels]
        groups.append((title, lines + [(code or "没有评价", n) for code, n in sorted(counts.items())]))
    industries = rows.exclude(industry_name="").values_list("industry_name").annotate(n=Count("pk"))
    groups.append(("行业类型（最多的 20 种）", list(industries.order_by("-n", "industry_name")[:20])))
    return groups
