"""评价 in sums of a quarter and a unit; which visit was rated how is nobody's to read (七(五)-q)."""

from dataclasses import dataclass

from django.db.models import Count, Q

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import Quarter

from .models import Grade, Rating

FACTS = {
    name: Rating._meta.get_field(name).verbose_name for name in ("no_certificate", "beyond_list", "disturbed", "money")
}


@dataclass(frozen=True)
class Sums:
    quarter: Quarter
    grades: tuple[str, ...]
    facts: tuple[str, ...]
    rows: list[tuple[Unit, int, list[int], list[int]]]  # unit, how many, by grade, by fact
    words: list[str]


def of_quarter(user, quarter: Quarter) -> Sums:
    """Of the visits that ended in it; the words in the order of the alphabet, so that none stands beside its visit."""
    units = user.units_with(Permission.SEE_RATINGS)
    found = Rating.objects.filter(
        inspection__unit__in=units,
        inspection__ended_at__date__range=(quarter.first_day, quarter.last_day),
    )
    grades = list(Grade)
    sums = (
        found.order_by()
        .values("inspection__unit")
        .annotate(
            n=Count("pk"),
            **{f"g{g.value}": Count("pk", filter=Q(grade=g)) for g in grades},
            **{name: Count("pk", filter=Q(**{name: True})) for name in FACTS},
        )
    )
    by_unit = {row["inspection__unit"]: row for row in sums}
    rows = [
        (unit, row["n"], [row[f"g{g.value}"] for g in grades], [row[name] for name in FACTS])
        for unit in Unit.objects.filter(pk__in=by_unit)
        if (row := by_unit[unit.pk])
    ]
    words = sorted(found.exclude(words="").values_list("words", flat=True))
    return Sums(quarter, tuple(g.label for g in grades), tuple(FACTS.values()), rows, words)
