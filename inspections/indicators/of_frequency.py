"""K10 and K11: who was drawn for one item, or visited, more often than is allowed (一-e, 七(一)4, D-19)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from inspections.frequency import counts
from inspections.frequency.caps import caps_of
from registry.frames import public_name
from registry.models import Category, Facility

from .facts import Row, Scope, once


@dataclass(frozen=True)
class Standing:
    """How often one facility was visited and drawn in the year, as far as the reader may know."""

    facility: Facility
    visits: int
    cap: int | None
    beyond: bool  # one of the visits went over the cap of its day
    times: int
    most: int

    @property
    def free(self) -> bool:
        """特殊 ones are drawn without a limit (七(一)4)."""
        return self.facility.category == Category.SPECIAL

    @property
    def too_often(self) -> bool:
        return not self.free and self.times > self.most

    @property
    def warned(self) -> bool:
        return not self.free and self.times == self.most - 1

    @property
    def over(self) -> bool:
        return self.beyond or self.too_often

    @property
    def full(self) -> bool:
        return bool(self.cap and self.visits >= self.cap) or (not self.free and self.times == self.most)


@once
def standings(scope: Scope) -> list[Standing]:
    """Of everybody who was drawn or visited in the year so far; visits are those of the legal person (A-12)."""
    most, caps, year = scope.law.cap_per_item, caps_of(scope.year), scope.year
    facilities = Facility.objects.filter(unit__in=scope.units)
    ids, uscc = facilities.values("pk"), facilities.exclude(uscc="").values("uscc")
    picks = counts.picks_known_to(scope.reader).filter(draw__drawn_at__lte=scope.until, facility__in=ids)
    times = counts.times_of(picks, ids, year)
    visits = counts.visits_known(year, scope.reader, Q(facility__in=ids) | Q(facility__uscc__in=uscc))
    rows = {f.pk: f for f in Facility.objects.filter(pk__in={*visits, *times}).select_related("unit")}
    person = defaultdict(list)
    for pk, moments in visits.items():
        person[rows[pk].uscc or pk] += [at for at in moments if at <= scope.until]
    units, found = {unit.pk for unit in scope.units}, []
    for f in rows.values():
        if f.unit_id in units:
            moments, cap = person[f.uscc or f.pk], caps.of(f)
            drawn = max(times[f.pk].values(), default=0) if f.pk in times else 0
            beyond = caps.exceeded(f, moments)
            found.append(Standing(f, len(moments), cap.max_visits if cap else None, beyond, drawn, most))
    return sorted(found, key=lambda s: (not s.over, -s.visits, -s.times, s.facility.code))


def drawn_too_often(scope: Scope) -> Iterator[Row]:
    """K10: of the drawn, those beyond the times of one item; 特殊 apart."""
    for one in standings(scope):
        if one.times and not one.free:
            yield _row(one, counts=one.too_often, words=f"同一事项最多 {one.times} 次，上限 {one.most} 次")


def visited_too_often(scope: Scope) -> Iterator[Row]:
    """K11: of the visited, those beyond the cap of the day of a visit."""
    for one in standings(scope):
        if one.visits:
            cap = f"上限 {one.cap} 次" if one.cap else "没有上限"
            yield _row(one, counts=one.beyond, words=f"入企检查 {one.visits} 次，{cap}")


def _row(one: Standing, *, counts: bool, words: str) -> Row:
    f = one.facility
    url = reverse("inspections:facility-frequency", args=[f.code])
    return Row(f.unit_id, counts, f"{f.code} {public_name(f)}", words, url)
