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

from .facts import Row, Scope, once, registry


@dataclass(frozen=True)
class Standing:
    """How often one facility was visited and drawn in the year, as far as the reader may know."""

    facility: Facility
    visits: int
    cap: int | None
    beyond: bool  # one of the visits went over the cap of its day
    times: int
    bound: int  # of them as other than 特殊: those for which the limit holds
    most: int

    @property
    def free(self) -> bool:
        """特殊 ones are drawn without a limit (七(一)4)."""
        return self.facility.category == Category.SPECIAL

    @property
    def too_often(self) -> bool:
        return not self.free and self.bound > self.most

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
    most, caps, year, found = scope.law.cap_per_item, caps_of(scope.year), scope.year, []
    ids, uscc = [f.pk for f in registry(scope)], {f.uscc for f in registry(scope)} - {""}
    picks = counts.picks_known_to(scope.reader).filter(draw__drawn_at__lte=scope.until)
    times = counts.times_of(picks, ids, year)
    bound = counts.times_of(picks.exclude(category=Category.SPECIAL), ids, year)
    visits = counts.visits_known(year, scope.reader, Q(facility__in=ids) | Q(facility__uscc__in=uscc))
    persons = dict(Facility.objects.filter(pk__in=visits).values_list("pk", "uscc"))
    moments_of = defaultdict(list)
    for pk, moments in visits.items():
        moments_of[persons[pk] or pk] += [at for at in moments if at <= scope.until]
    for f in registry(scope):
        if f.pk in visits or f.pk in times:
            moments, cap = moments_of[f.uscc or f.pk], caps.of(f)
            drawn, held = (max(some[f.pk].values(), default=0) if f.pk in some else 0 for some in (times, bound))
            most_visits, beyond = cap.max_visits if cap else None, caps.exceeded(f, moments)
            found.append(Standing(f, len(moments), most_visits, beyond, drawn, held, most))
    return sorted(found, key=lambda s: (not s.over, -s.visits, -s.times, s.facility.code))


def drawn_too_often(scope: Scope) -> Iterator[Row]:
    """K10: of the drawn, those beyond the times of one item; who is 特殊, and the draws in which one was, apart."""
    for one in standings(scope):
        if one.bound and not one.free:
            yield _row(one, counts=one.too_often, words=f"同一事项最多 {one.bound} 次，上限 {one.most} 次")


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
