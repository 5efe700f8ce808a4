"""Public pages ask the database as `sj_public`, which can read what everybody may read and nothing else (四(3)-a, S6).

It is settled where a page is made (`disclosure.site.freshness`), never by a view: inside `as_public` the connection that every
query takes, `default`, is the one of the alias `public`. A page that asked for more would not show it but fail.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connections

PUBLIC_ALIAS = "public"
_reading: ContextVar[bool] = ContextVar("reading_as_public", default=False)


@contextmanager
def as_public() -> Iterator[None]:
    """Inside, whatever is asked of the database is asked by everybody."""
    if _reading.get():
        yield
        return
    before = _reading.set(True)
    try:
        with line():
            yield
    finally:
        _reading.reset(before)


@contextmanager
def line() -> Iterator[None]:
    """The connection of this thread for `default` is meanwhile that of `public`."""
    office = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[PUBLIC_ALIAS]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = office


def streamed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of an answer that goes out while it is made, each asked for by everybody."""
    pieces, over = iter(pieces), object()
    while True:
        with as_public():
            piece = next(pieces, over)
        if piece is over:
            return
        yield piece


def closed_by_everybody(close: Callable[[], None]) -> Callable[[], None]:
    """What a reader leaves in the middle ends its transaction on the connection on which it began."""

    def closed() -> None:
        with as_public():
            close()

    return closed
