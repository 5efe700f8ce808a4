"""差别化监管: what follows from a facility's category, credit and positive list, in one table (四(2)-c; 七(一), 七(三)).

The figures are those that plans and draws compute with (`policy`), so the table cannot say anything else.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q

from benxi_shuangsuiji import policy
from registry.models import Category, Facility, PositiveListEntry

from . import levels


@dataclass(frozen=True)
class Line:
    who: str
    number: int
    quota: str
    mode: str
    clause: str
    query: str = ""  # of the list of facilities


def table(unit, day: date) -> list[Line]:
    """One line per kind of facility, with how many the unit has; two queries."""
    law, serious = policy.on(day), levels.serious_credit()
    listed = PositiveListEntry.objects.filter(facility=OuterRef("pk"), valid_to__isnull=True)
    n = (
        Facility.objects.on_books()
        .filter(unit=unit)
        .annotate(listed=Exists(listed))
        .aggregate(
            **{category.value: Count("pk", filter=Q(category=category)) for category in Category},
            on_list=Count("pk", filter=Q(listed=True)),
            serious=Count("pk", filter=Q(credit_level__in=serious)),
        )
    )
    cap = f"同一事项一年最多 {law.cap_per_item} 次"
    least = f"每季度至少抽 {law.key_basis_points / 100:g}%"
    onsite, first, last = "现场", *law.coverage_cycle(day.year)
    return [
        Line("重点", n["key"], f"{least}，每年全覆盖；{cap}", onsite, "七（一）1", "view=key"),
        Line(
            "一般",
            n["general"],
            f"比例由单位在计划里定，{first}—{last} 年全覆盖；{cap}",
            onsite,
            "七（一）2",
            "view=general",
        ),
        Line("特殊", n["special"], "随机抽查，不受次数限制；可以另作针对性检查", onsite, "七（一）3", "view=special"),
        Line(
            "正面清单",
            n["on_list"],
            "照常参加抽取，或由计划写明不参加",
            "非现场；改为现场要写明原因，由分管负责人批准",
            "七（三）",
            "view=listed",
        ),
        Line("环境信用严重失信", n["serious"], "自动列为特殊，按特殊抽取", onsite, "六（二）"),
    ]
