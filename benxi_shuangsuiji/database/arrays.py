"""Lists of texts and keys as PostgreSQL reads them."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, BooleanField, F, Func, Value


def among(field: str, keys: Iterable[int]) -> Func:
    """Whether the field is one of however many keys: a condition, which hands them over as one value."""
    every = Value(list(keys), output_field=ArrayField(BigIntegerField()))
    return Func(F(field), every, arg_joiner=" = ANY(", template="%(expressions)s)", output_field=BooleanField())


def text_array(words: Iterable[str]) -> str:
    """For `ANY(%s::text[])` and `unnest(%s::text[])`: thousands at once in a twentieth of the driver's time.

    Escaped all together; no text that PostgreSQL keeps holds the character that stands between them meanwhile.
    """
    words = list(words)
    text = "\0".join(words)
    if text.count("\0") > max(len(words) - 1, 0):
        raise ValueError("a text holds a NUL")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return f'{{"{escaped}"}}' if words else "{}"
