"""Public pages ask the database as `sj_public`, which can read what everybody may read and nothing else (四(3)-a, S6).

It is settled where a page is made (`disclosure.site.freshness`), never by a view: inside `as_public` the connection that every
query takes, `default`, is the one of the alias `public`. A page that asked for more would not show it but fail.

With DATABASE_REPLICA_URL it is the one of the alias `replica`, as long as that server follows (`Source`, decision 0069).
"""

import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from threading import Lock
from time import monotonic
from typing import TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections

T = TypeVar("T")
log = logging.getLogger(__name__)
PUBLIC_ALIAS, REPLICA_ALIAS = "public", "replica"
ASK_AGAIN = 1.0  # seconds
REST = 10.0  # so long a server that did not answer is left alone
MOST_LAG = 20.0  # what the first server wrote that long ago a replica has to show by now
_CANCELED = "57014"  # by a time limit: the other server would take as long
_reading: ContextVar[str] = ContextVar("reading_as_public", default="")


@contextmanager
def as_public(alias: str = "") -> Iterator[None]:
    """Inside, whatever is asked of the database is asked by everybody; of the server of this alias, else of the one to read from."""
    if _reading.get():
        yield
        return
    alias = alias or SOURCE.alias()
    before = _reading.set(alias)
    try:
        with line(alias):
            yield
    finally:
        _reading.reset(before)


def current() -> str:
    """From which server is read just now."""
    return _reading.get() or PUBLIC_ALIAS


@contextmanager
def line(alias: str = PUBLIC_ALIAS) -> Iterator[None]:
    """The connection of this thread for `default` is meanwhile that of `alias`."""
    office = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = connections[alias]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = office


def is_replicated() -> bool:
    return REPLICA_ALIAS in connections.settings


class Source:
    """Which of two servers everybody reads from: the replica, unless it is away, stands still, or is none any more.

    Asked at most once a second. A replica that does not follow is better than nothing: it is read where the first server is away.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        self._alias, self._asked_at = PUBLIC_ALIAS, -ASK_AGAIN
        self._rests = {PUBLIC_ALIAS: -REST, REPLICA_ALIAS: -REST}  # alias → when it did not answer
        self._written: deque[tuple[int, float]] = deque(
            maxlen=1000
        )  # how far the first server was, and when it said so

    def alias(self) -> str:
        if not is_replicated():
            return PUBLIC_ALIAS
        with self._lock:
            if monotonic() - self._asked_at >= ASK_AGAIN:
                self._alias = self._choice()
                self._asked_at = monotonic()
            return self._alias

    def is_away(self, alias: str) -> None:
        """It has just not answered somebody."""
        with self._lock:
            self._rests[alias], self._asked_at = monotonic(), -ASK_AGAIN

    def _choice(self) -> str:
        # The first server before the replica: the other way round, one that keeps up never has all where somebody always writes.
        at, first = monotonic(), self._ask(PUBLIC_ALIAS, _WRITTEN)
        if (stands := self._ask(REPLICA_ALIAS, _STANDS)) is None:
            return PUBLIC_ALIAS
        if first is None:
            return REPLICA_ALIAS
        return REPLICA_ALIAS if self._follows(first[0], at, *stands) else PUBLIC_ALIAS

    def _ask(self, alias: str, query: str) -> tuple | None:
        if monotonic() - self._rests[alias] < REST:
            return None
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute(query)
                return cursor.fetchone()
        except (OperationalError, InterfaceError) as trouble:
            log.warning("the database of %s does not answer: %s", alias, type(trouble).__name__)
            connections[alias].close()
            self._rests[alias] = monotonic()
            return None

    def _follows(self, written: int, at: float, is_replica: bool, connected: bool, shown: int) -> bool:
        """By what the first server says: a replica whose line is slow or half open has shown all that it received."""
        if not is_replica or not connected:
            return False
        now, told = monotonic(), self._written
        told.append((written, at))
        while len(told) > 1 and told[1][0] <= shown:
            told.popleft()
        # The newest of these that it has shown: all that was written until then is on its pages.
        return shown >= written or (told[0][0] <= shown and now - told[0][1] < MOST_LAG)


# Whoever may not read statistics sees of the receiver that there is one, which is all that is asked.
_STANDS = """SELECT pg_is_in_recovery(), EXISTS (SELECT FROM pg_stat_wal_receiver WHERE pid IS NOT NULL),
    coalesce(pg_last_wal_replay_lsn() - '0/0', 0)::bigint"""
_WRITTEN = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN (pg_current_wal_flush_lsn() - '0/0')::bigint ELSE 0 END"
SOURCE = Source()


def elsewhere(read: Callable[[str], T], alias: str) -> T:
    """Read from this server; what the replica could not answer, for whatever reason but a time limit, from the first one."""
    try:
        return read(alias)
    except (OperationalError, InterfaceError) as trouble:
        if alias != REPLICA_ALIAS or (state := getattr(trouble.__cause__, "sqlstate", None)) == _CANCELED:
            raise
        log.warning("not answered by the replica: %s %s", type(trouble).__name__, state or "")
        connections[REPLICA_ALIAS].close()
        SOURCE.is_away(REPLICA_ALIAS)
        return read(PUBLIC_ALIAS)


def streamed(pieces: Iterable[bytes], alias: str = "") -> Iterator[bytes]:
    """The pieces of an answer that goes out while it is made, each asked for by everybody."""
    pieces, over = iter(pieces), object()
    while True:
        with as_public(alias):
            piece = next(pieces, over)
        if piece is over:
            return
        yield piece


def closed_by_everybody(close: Callable[[], None], alias: str = "") -> Callable[[], None]:
    """What a reader leaves in the middle ends its transaction on the connection on which it began."""

    def closed() -> None:
        with as_public(alias):
            close()

    return closed
