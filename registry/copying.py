"""Many new rows at once: PostgreSQL's COPY, in the order given, inside the caller's transaction.

Rows are plain dicts by column; what a row leaves out has the default of its field. Making and saving a model object for
each of a hundred thousand rows would take several times as long as everything else.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from django.db import connection, models
from django.db.models import NOT_PROVIDED
from psycopg.types.json import Jsonb


def new_keys(model: type[models.Model], number: int) -> list[int]:
    """The next keys of a table, before its rows are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [model._meta.db_table, model._meta.pk.column, number],
        )
        return [key for (key,) in cursor.fetchall()]


def copy_in(model: type[models.Model], rows: Sequence[dict]) -> None:
    """Insert the rows; triggers and constraints hold as for any insert."""
    if not rows:
        return
    table, key, columns, values = _plan(model)
    if key not in rows[0]:
        for row, number in zip(rows, new_keys(model, len(rows)), strict=True):
            row[key] = number
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for line in values(rows):
            copy.write_row(line)


@lru_cache(maxsize=32)
def _plan(model: type[models.Model]) -> tuple[str, str, str, Callable[[Iterable[dict]], Iterable[list]]]:
    # What the database itself fills in is left to it.
    fields = [f for f in model._meta.concrete_fields if not f.has_db_default()]
    defaults = {f.attname: _empty(f) for f in fields}
    wrapped = [f.attname for f in fields if isinstance(f, models.JSONField)]

    def values(rows):
        for row in rows:
            full = defaults | row
            for name in wrapped:
                if full[name] is not None:
                    full[name] = Jsonb(full[name])
            yield list(map(full.__getitem__, defaults))

    columns = ", ".join(f'"{f.column}"' for f in fields)
    return model._meta.db_table, model._meta.pk.attname, columns, values


def _empty(field: models.Field):
    if field.default is not NOT_PROVIDED:
        return field.default() if callable(field.default) else field.default
    return None if field.null or not field.empty_strings_allowed else ""
