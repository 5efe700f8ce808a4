"""What every page asks and hardly ever changes: read again after a few seconds, and known without a database."""

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

from django.db import Error

FRESH_SECONDS = 5
T = TypeVar("T")


class Fresh(Generic[T]):
    """One query at most every few seconds in each process; while the database is away, what was known.

    Before the first answer everybody waits for it: nobody is told `unknown` because another one has just begun to ask. Later
    one reads, and the others go by what was known until he is done. A first reading that fails is tried again at the next
    question.
    """

    def __init__(self, read: Callable[[], T], unknown: T):
        self._read, self._known = read, unknown
        self._reading = Lock()
        self._forgotten = 0  # how often
        self._read_when: tuple[int, float] | None = None  # after how many times forgotten, and at what moment
        self._failed_at = float("-inf")

    def __call__(self) -> T:
        asked_at = monotonic()
        if self._is_old() and self._reading.acquire(blocking=self._says_nothing()):
            try:
                # Else another one has read it meanwhile, or has waited in vain for a database that is away.
                if self._is_old() and self._failed_at < asked_at:
                    self._read_now()
            finally:
                self._reading.release()
        return self._known

    def forget(self) -> None:
        """Read anew at the next question, which waits for the answer; what is being read now may be of before."""
        self._forgotten += 1

    def _says_nothing(self) -> bool:
        return self._read_when is None or self._read_when[0] != self._forgotten

    def _is_old(self) -> bool:
        return self._says_nothing() or monotonic() - self._read_when[1] >= FRESH_SECONDS

    def _read_now(self) -> None:
        when = (self._forgotten, monotonic())
        try:
            self._known = self._read()
        except Error:
            self._failed_at = monotonic()
            if self._read_when is None:  # nothing to go by yet
                return
        self._read_when = when
