"""入企检查上限: which approved cap counts for a facility, today and on the day of a visit (一-e, N-4).

A unit may set a cap below the city's, never above it: of the two the lower counts. A cap counts from its approval on,
so what went beyond the cap of its day stays beyond it, whatever is approved later; before the first approval of the
year the first cap counts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from benxi_shuangsuiji.accounts.models import UnitKind
from inspections.models import Consent, FrequencyCap
from registry.models import Facility


@dataclass(frozen=True)
class Caps:
    """The approved caps of one year by unit and category, the earliest approval first; under None the city team's."""

    rows: dict[tuple[int | None, str], list[FrequencyCap]]

    def of(self, facility: Facility, at: datetime | None = None) -> FrequencyCap | None:
        """The cap that counted for the facility at a moment; without one, the cap that counts now."""
        own, city = self.rows.get((facility.unit_id, facility.category), []), self.of_city(facility.category)
        standing = [found for rows in (own, city) if (found := _standing(rows, at))]
        if not standing:
            first = sorted(own[:1] + city[:1], key=lambda cap: cap.decided_at)
            return first[0] if first else None
        return min(standing, key=lambda cap: cap.max_visits)

    def of_city(self, category: str) -> list[FrequencyCap]:
        return self.rows.get((None, category), [])

    def exceeded(self, facility: Facility, visits: Iterable[datetime]) -> bool:
        """Whether one of the visits went beyond the cap of its day (K11)."""
        counted = ((n, self.of(facility, at)) for n, at in enumerate(sorted(visits), start=1))
        return any(cap is not None and n > cap.max_visits for n, cap in counted)


def _standing(rows: list[FrequencyCap], at: datetime | None) -> FrequencyCap | None:
    return next((cap for cap in reversed(rows) if at is None or cap.decided_at <= at), None)


def caps_of(year: int) -> Caps:
    found = defaultdict(list)
    rows = FrequencyCap.objects.approved().filter(year=year).select_related("unit")
    for row in rows.order_by("decided_at", "pk"):
        found[row.unit_id, row.category].append(row)
        if row.unit.kind == UnitKind.CITY_TEAM:
            found[None, row.category].append(row)
    return Caps(dict(found))


def note_on(cap: FrequencyCap, caps: Caps) -> str:
    """Why an approved cap of a unit does not count today; nothing when it does."""
    if cap.state != Consent.APPROVED:
        return ""
    if caps.rows[cap.unit_id, cap.category][-1] != cap:
        return "已由后来批准的上限代替"
    city = caps.of_city(cap.category)
    if city and city[-1].max_visits < cap.max_visits:
        return f"全市上限更低，按 {city[-1].max_visits} 次计算"
    return ""
