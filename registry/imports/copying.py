"""Many new rows at once: PostgreSQL's COPY, in the order given, inside the caller's transaction.

Rows are plain dicts by column; what a row leaves out has the default of its field. Making and saving a model object for
each of a hundred thousand rows would take several times as long as everything else.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import NOT_PROVIDED

from benxi_shuangsuiji.database.arrays import text_array

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":")).encode


def copy_in(model: type[models.Model], rows: Sequence[dict]) -> None:
    """Insert the rows; triggers and constraints hold as for any insert."""
    if not rows:
        return
    table, columns, values = _plan(model)
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for line in values(rows):
            copy.write_row(line)


@lru_cache(maxsize=32)
def _plan(model: type[models.Model]) -> tuple[str, str, Callable[[Iterable[dict]], Iterable[list]]]:
    # What the database itself fills in is left to it, and so are the keys.
    fields = [f for f in model._meta.concrete_fields if not f.has_db_default() and not f.primary_key]
    defaults = {f.attname: empty_value(f) for f in fields}
    written = [(n, write) for n, f in enumerate(fields) if (write := _written(f))]

    def values(rows):
        for row in rows:
            line = [row.get(name, default) for name, default in defaults.items()]
            for n, write in written:
                if line[n] is not None:
                    line[n] = write(line[n])
            yield line

    columns = ", ".join(f'"{f.column}"' for f in fields)
    return model._meta.db_table, columns, values


def _written(field: models.Field) -> Callable | None:
    """How a value is written where the driver's general way takes several times as long."""
    if isinstance(field, models.JSONField):
        return _json
    return _list if isinstance(field, ArrayField) else None


def _json(value: object) -> str:
    return "[]" if value == [] else _encode(value)  # most rows have no problem


def _list(value: Iterable[str]) -> str:
    return _short_list(tuple(value))


@lru_cache(maxsize=1_000)
def _short_list(words: tuple[str, ...]) -> str:
    return text_array(words)


def empty_value(field: models.Field):
    """What a row has in this field when nobody says anything."""
    if field.default is not NOT_PROVIDED:
        return field.default() if callable(field.default) else field.default
    return None if field.null or not field.empty_strings_allowed else ""
