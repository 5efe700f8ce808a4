"""Rows of a rating made elsewhere: of a year or a month, for facilities that are there (六(二)-n, -o, -ai)."""

from functools import cached_property

from registry.facilities.comparison import NamedRows
from registry.models import Facility, FacilityRating, Rating


class RatingRows(NamedRows):
    """The newest period is the level of today, and a serious one a ground."""

    of_the_living = False

    @cached_property
    def _rating(self) -> Rating:
        return Rating.CREDIT if Rating.CREDIT in self.columns else Rating.RISK

    def match(self, lines: list) -> None:
        super().match(lines)
        named = [line.match.pk for line in lines if line.match]
        given = FacilityRating.objects.filter(kind=self._rating, facility__in=named).order_by("year", "month", "pk")
        self._given: dict[int, list[FacilityRating]] = {}
        for rating in given:
            self._given.setdefault(rating.facility_id, []).append(rating)

    def change_of(self, facility: Facility, line) -> dict | None:
        name = self._rating.value
        if not (code := line.values.get(name)):
            return None  # no level at all
        year, month = self.asked["year"], self.asked.get("month")
        given = self._given.get(facility.pk, [])
        same = [g for g in given if (g.year, g.month) == (year, month)]
        newest = max(((g.year, g.month or 0) for g in given), default=(0, 0))
        moves = (year, month or 0) >= newest and getattr(facility, name) != code
        if same and same[-1].code == code and not moves:
            return None
        rating = {"kind": name, "code": code, "year": year, "month": month, "source": self.asked["source"]}
        return self.outcome(facility, new={name: code} if moves else {}, rating=rating)
