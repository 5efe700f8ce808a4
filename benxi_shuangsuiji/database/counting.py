"""How many rows each of several querysets has, asked at once."""

from collections.abc import Iterable

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def of(found: Iterable[QuerySet]) -> list[int]:
    """Return the number of rows of each, in their order, in one query; of none of them, in no query at all.

    A page counts a dozen things beside its navigation, and going to the database costs more than counting there.
    """
    parts: list[str] = []
    values: list[object] = []
    for rows in found:
        asked = rows.values("pk") if rows.query.is_sliced else rows.order_by().values("pk")
        try:
            sql, parameters = asked.query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
        else:
            parts.append(f"(SELECT count(*) FROM ({sql}) c)")
            values += parameters
    if set(parts) <= {"0"}:
        return [0] * len(parts)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), values)
        return list(cursor.fetchone())
