"""Labels that follow the calendar: grounds of one year or of some months end by themselves (六(二)-am, A-33)."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.db import connection, transaction
from django.db.models import Q

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from registry import book
from registry.models import Category, CategoryGround, CategoryRun, ChangeKind, Facility

from . import categories, records

# The label as a function of the grounds in force, for every facility at once.
ASTRAY = """
SELECT f.id FROM registry_facility f
LEFT JOIN (SELECT facility_id, bool_or(kind LIKE 'SF%') AS special, bool_or(kind LIKE 'KF%') AS key
           FROM registry_categoryground
           WHERE valid_to IS NULL GROUP BY facility_id) g
       ON g.facility_id = f.id
WHERE f.category <> CASE WHEN g.special THEN 'special' WHEN g.key THEN 'key' ELSE 'general' END
   OR f.has_key_ground <> coalesce(g.key, false)
"""


def recompute_categories() -> CategoryRun | None:
    """Once a day: end the grounds whose year is over, and set every label anew (六(二)-am, 1 January and every day).

    A worker that was down makes it up on the next day it runs; a ground ends on its own day all the same.
    """
    today = clock.today()
    if CategoryRun.objects.filter(day=today).exists():
        return None
    return _run(today)


@transaction.atomic
def recompute_for_seal() -> date:
    """Every label as the grounds in force on this very day make it, before a list is sealed; returns the day.

    Whether or not the worker has been here today: what a list seals cannot be put right afterwards (六(二)-am). Called in the
    transaction of the seal once nobody else writes, so that what it sets is what is read.
    """
    book.lock_for_import()
    today = clock.today()
    if not _run(today):
        _settle(today)  # entered since the day's run
    return today


@dataclass(frozen=True)
class Pending:
    """A label that today's grounds no longer make, and the grounds that are over."""

    facility: Facility
    ended: tuple[str, ...]
    becomes: Category

    @property
    def words(self) -> str:
        why = f"{'、'.join(self.ended)}到期" if self.ended else "按现有依据重新判定"
        before, after = self.facility.get_category_display(), self.becomes.label
        return f"{why}，{f'{before} → {after}' if before != after else f'仍是{after}'}"


def pending(unit: Unit, today: date) -> list[Pending]:
    """What a seal of this day would set right first, in the order of the codes; reads only."""
    over, astray = _due(today)
    found = []
    rows = book.facilities_of(unit).filter(pk__in=astray | set(over)).order_by("code")
    for facility in rows.prefetch_related("grounds"):
        ended = over.get(facility.pk, [])
        left = {g.kind for g in facility.grounds.all() if g.valid_to is None and g not in ended}
        labels = tuple(g.get_kind_display() for g in ended)
        found.append(Pending(facility, labels, Category(categories.category_of(left))))
    return found


@transaction.atomic
def _run(today: date) -> CategoryRun | None:
    book.lock_for_import()
    if CategoryRun.objects.filter(day=today).exists():
        return None
    lines = _settle(today)
    return CategoryRun.objects.create(day=today, at=clock.now(), checked=Facility.objects.count(), lines=lines)


def _due(today: date) -> tuple[dict[int, list[CategoryGround]], set[int]]:
    """Grounds that are over by facility, and facilities whose label is not that of their grounds."""
    over: dict[int, list[CategoryGround]] = {}
    dated = Q(kind__in=categories.YEARLY, year__lt=today.year) | Q(kind__in=categories.WINDOWED)
    for ground in CategoryGround.objects.filter(dated, valid_to__isnull=True):
        last = categories.last_day(ground.kind, ground.year, ground.valid_from)
        if last and last < today:
            over.setdefault(ground.facility_id, []).append(ground)
    with connection.cursor() as cursor:
        cursor.execute(ASTRAY)
        astray = {pk for (pk,) in cursor.fetchall()}
    return over, astray


def _settle(today: date) -> list[dict]:
    now, (over, astray) = clock.now(), _due(today)
    moved = Facility.objects.filter(pk__in=astray | set(over)).select_related("unit").order_by("code")
    return [_move(facility, over.get(facility.pk, []), now) for facility in moved.select_for_update(of=("self",))]


def _move(facility: Facility, over: list[CategoryGround], now) -> dict:
    """End what is over, relabel, and note both in the facility's history; nobody's decision, so nobody's name."""
    before = facility.category
    for ends, grounds in groupby(sorted(over, key=_ends), key=_ends):
        _end(facility, list(grounds), ends, now)
    if not over:
        change = records.change_of(facility, ChangeKind.CHANGED, now, by=None, reason="按现有依据重新判定")
        records.relabel(facility, change)
        records.record("registry.category.recomputed", facility, change, by=None)
    return {
        "code": facility.code,
        "name": facility.name,
        "unit": facility.unit.code,
        "ended": sorted(g.kind for g in over),
        "from": before,
        "to": facility.category,
    }


def _ends(ground: CategoryGround) -> date:
    """The first day on which it does not hold any more."""
    return categories.last_day(ground.kind, ground.year, ground.valid_from) + timedelta(days=1)


def _end(facility: Facility, grounds: list[CategoryGround], ends: date, now) -> None:
    reason = "到期：" + "、".join(
        f"{g.year} 年{g.get_kind_display()}" if g.kind in categories.YEARLY else g.get_kind_display() for g in grounds
    )
    change = records.change_of(facility, ChangeKind.GROUND_ENDED, now, by=None, on=ends, reason=reason)
    kinds = sorted(g.kind for g in grounds)
    change.values["grounds_ended"] = [kinds, None]
    facility.grounds.filter(pk__in=[g.pk for g in grounds]).update(valid_to=ends)
    records.relabel(facility, change)
    records.record("registry.category.recomputed", facility, change, by=None, ended=kinds)
