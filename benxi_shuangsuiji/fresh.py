"""What every page asks and hardly ever changes: read again after a few seconds, and known without a database."""

from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import Generic, TypeVar

from django.db import Error

FRESH_SECONDS = 5
T = TypeVar("T")


class Fresh(Generic[T]):
    """One query at most every few seconds in each process; while the database is away, what was known."""

    def __init__(self, read: Callable[[], T], unknown: T):
        self._read, self._unknown = read, unknown
        self.forget()

    def __call__(self) -> T:
        now = monotonic()
        if self._read_at is None or now - self._read_at >= FRESH_SECONDS:
            self._read_at = now
            with suppress(Error):
                self._known = self._read()
        return self._known

    def forget(self) -> None:
        """Read anew at the next question."""
        self._known, self._read_at = self._unknown, None
