"""Many new rows at once: PostgreSQL's COPY, in the order given, inside the caller's transaction."""

from collections.abc import Sequence

from django.db import connection, models
from psycopg.types.json import Jsonb


def copy_in(model: type[models.Model], objects: Sequence[models.Model]) -> None:
    """Insert the objects and give each its key; triggers and constraints hold as for any insert."""
    if not objects:
        return
    # What the database itself fills in is left to it.
    fields = [f for f in model._meta.concrete_fields if not f.has_db_default()]
    key = model._meta.pk.attname
    names = [f.attname for f in fields]
    wrapped = {f.attname for f in fields if isinstance(f, models.JSONField)}
    table, columns = model._meta.db_table, ", ".join(f'"{f.column}"' for f in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, model._meta.pk.column, len(objects)],
        )
        for thing, (number,) in zip(objects, cursor.fetchall(), strict=True):
            setattr(thing, key, number)
        with cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
            for thing in objects:
                values = thing.__dict__
                copy.write_row(
                    [Jsonb(values[n]) if n in wrapped and values[n] is not None else values[n] for n in names]
                )
    for thing in objects:
        thing._state.adding, thing._state.db = False, connection.alias
