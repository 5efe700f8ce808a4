"""The facts of the city as the database has them: one query at most every few seconds in each process."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery

from benxi_shuangsuiji.fresh import Fresh

from .city import NOWHERE, City, from_facts
from .models import CityRecord, Unit, UnitKind


def _read() -> City:
    def name_of(kind: UnitKind) -> Subquery:
        return Subquery(Unit.objects.filter(kind=kind).order_by("pk").values("name")[:1])

    rows = CityRecord.objects.annotate(
        bureau=name_of(UnitKind.CITY_BUREAU),
        team=name_of(UnitKind.CITY_TEAM),
        drawing=ArraySubquery(Unit.objects.drawing().values("short_name")),
    )
    row = rows.values("facts", "past", "bureau", "team", "drawing").first()
    if row is None:
        return NOWHERE
    return from_facts(row["facts"], row["past"], bureau=row["bureau"], team=row["team"], drawing=tuple(row["drawing"]))


known_city: Fresh[City] = Fresh(_read, NOWHERE)
