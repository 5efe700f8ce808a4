"""A public page is made once for each state of what is public, and kept in the process until that changes (四(3)-a).

The state is asked of the database at most once a second; what a room's pages read stands on its nameplate (`shows`). A page
is kept under the part of its address that it read, so that nobody makes it anew with a word that it does not know. Whatever
was kept is dropped as one with the state: a withdrawn text is in no process for longer than a second (八(二)-c).
"""

import gzip
import hashlib
import re
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.http import HttpResponse, QueryDict
from django.utils.cache import get_conditional_response
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, subjects
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.database import reading
from benxi_shuangsuiji.policy import first_use

T = TypeVar("T")
ASK_AGAIN = 1.0  # seconds
LARGEST = 4 * 2**20
# Below this a packed page is no smaller on the wire; above, the page itself need not be kept beside it.
WORTH_PACKING, KEPT_PLAIN = 400, 64 * 2**10
LONGEST_ADDRESS = 400
_PACKABLE = re.compile(r"text/|application/(json|jsonl|xml|atom\+xml|javascript)|image/svg")
_WANTS_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")


@dataclass(frozen=True)
class State:
    """What is public at a moment. `known` is another once any page could be; pages that say the time are of their minute."""

    known: tuple
    minute: datetime
    # The server that told it; a page of this state is made of what the same one says.
    source: str = reading.PUBLIC_ALIAS

    @property
    def day(self) -> date:
        return self.minute.date()

    @cached_property
    def key(self) -> str:
        """The same in every process."""
        return hashlib.sha256(repr(self.known).encode()).hexdigest()[:16]


def ask() -> State:
    return reading.elsewhere(_ask, reading.SOURCE.alias())


def _ask(source: str) -> State:
    told = subjects.house().shows.values()
    with reading.as_public(source), connection.cursor() as cursor:
        cursor.execute(f"SELECT sj_now(), {', '.join(told)}")
        now, *known = cursor.fetchone()
    minute = localtime(now).replace(second=0, microsecond=0)
    # The names of the place and the numbers of the plan are those this process goes by, which may be a few seconds older than the
    # database's: what is made of the old ones goes with them.
    rules = (repr(this_city()), policy.line(), first_use.day(), minute.date(), connection.settings_dict["NAME"], source)
    return State((*known, *rules), minute, source)


# What says of each argument whether it knows it, and which it could have been: a file, a list for machines.
EVERY = ("*",)


def takes(asks: tuple[str, ...], name: str) -> bool:
    """Whether a page that asks for these arguments gets this one."""
    return name in asks or asks == EVERY


def host_of(request) -> str:
    """By which name a page calls this site: the one of PUBLIC_URL, else of SITE_URL, where one is set, whatever name a reader asked by.

    Else anybody would have every page made anew, and another's kept ones pushed out, by spelling the host otherwise.
    """
    return settings.PUBLIC_HOST or request.get_host().lower()


class Asked(QueryDict):
    """The arguments of an address, which know who asked for them: a page depends on those it read, and on no others."""

    def __init__(self, given: QueryDict, asks: tuple[str, ...] = EVERY):
        """`asks`: the names that the page may read."""
        super().__init__(mutable=True)
        for name, values in given.lists():
            if takes(asks, name):
                self.setlist(name, values)
        self._mutable, self.names, self.all = False, set(), False

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.names.add(name)
        return super().__contains__(name)

    def getlist(self, name, default=None):
        self.names.add(name)
        return super().getlist(name, default)

    def _whole(self, method: str, *args):
        self.all = True
        return getattr(super(), method)(*args)

    def __iter__(self):
        return self._whole("__iter__")

    def __len__(self):
        return self._whole("__len__")

    def keys(self):
        return self._whole("keys")

    def items(self):
        return self._whole("items")

    def lists(self):
        return self._whole("lists")

    def values(self):
        return self._whole("values")

    def urlencode(self, safe=None):
        return self._whole("urlencode", safe)

    def __deepcopy__(self, memo):
        found = QueryDict(mutable=True)
        for name, values in self.lists():
            found.setlist(name, values)
        return found

    def address(self, request) -> str:
        """The address of this page without what it did not read."""
        query = urlencode([(n, v) for n, values in super().lists() for v in values if self.all or n in self.names])
        return request.build_absolute_uri(request.path + (f"?{query}" if query else ""))


@dataclass(frozen=True)
class Page:
    """An answer as it goes out, plain and packed."""

    status: int
    headers: tuple[tuple[str, str], ...]
    plain: bytes | None
    packed: bytes | None
    digest: str
    minute: datetime | None

    @classmethod
    def of(cls, response: HttpResponse, minute: datetime | None) -> "Page":
        content = response.content
        packed = None
        if len(content) > WORTH_PACKING and _PACKABLE.match(response["Content-Type"]):
            packed = gzip.compress(content, 7, mtime=0)
        plain = None if packed and len(content) > KEPT_PLAIN else content
        digest = hashlib.sha256(content).hexdigest()[:32]
        return cls(response.status_code, tuple(response.headers.items()), plain, packed, digest, minute)

    @property
    def size(self) -> int:
        return len(self.plain or b"") + len(self.packed or b"") + 1000

    def answer(self, request) -> HttpResponse:
        headers, etag = dict(self.headers), f'"{self.digest}"'
        if self.packed and _WANTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            content, etag = self.packed, f"W/{etag}"
            headers["Content-Encoding"] = "gzip"
        else:
            content = gzip.decompress(self.packed) if self.plain is None else self.plain
        response = HttpResponse(content, status=self.status, headers=headers | {"ETag": etag})
        return get_conditional_response(request, etag=etag, response=response)


class Shelf:
    """The pages of one state: of the newest that is known, up to so many bytes, the longest unread going first."""

    def __init__(self):
        self._lock = Lock()
        self._names: dict[Callable, set[str]] = defaultdict(set)
        # What has to be forgotten elsewhere once there is another state.
        self.on_change: list[Callable[[State], None]] = []
        self.clear()

    def clear(self) -> None:
        with self._lock:
            self._drop(None)
            self._asked_at = None

    def _drop(self, state: State | None) -> None:
        self._state, self._pages, self._bytes = state, OrderedDict(), 0
        self._facts: dict[Callable, object] = {}
        # Path → what answers there, and how many pages of it are kept.
        self._views: dict[str, Callable] = {}
        self._paths: Counter[str] = Counter()

    def state(self) -> State:
        with self._lock:
            now = monotonic()
            if self._asked_at is None or now - self._asked_at >= ASK_AGAIN:
                state = ask()
                if self._state is None or state.known != self._state.known:
                    self._drop(state)
                    for forget in self.on_change:
                        forget(state)
                self._state, self._asked_at = state, now
            return self._state

    def anew(self) -> State:
        """The server that told the last one has not answered."""
        with self._lock:
            self._asked_at = None
        return self.state()

    def now(self) -> State:
        """The state that this page was asked in."""
        return self._state or self.state()

    def place(self, view: Callable, request) -> tuple | None:
        """Where the answer to this stands: by what this view takes and ever read of an address. None: too long to be kept."""
        given, read = request.META.get("QUERY_STRING", ""), self._names[view]
        large = request.COOKIES.get("size") == "large"
        place = (request.path, host_of(request), request.is_secure(), large)
        if not given or not read:
            return place
        asked = sorted(
            (n, *values) for n, values in request.GET.lists() if takes(view.asks, n) and (n in read or "" in read)
        )
        return None if sum(map(len, sum(asked, ()))) > LONGEST_ADDRESS else (*place, *asked)

    def find(self, request) -> Page | None:
        """Without asking which view it is: to look an address up among hundreds takes longer than everything else."""
        if request.path not in self._views:
            return None
        self.state()
        if (view := self._views.get(request.path)) is None:
            return None
        place = self.place(view, request)
        with self._lock:
            page = self._pages.get(place)
            if page is None or page.minute not in (None, self._state.minute):
                return None
            self._pages.move_to_end(place)
            return page

    def once(self, read: Callable[[], T]) -> T:
        """What was read in this state, whatever page asks; where nothing is kept, it is read."""
        if not settings.PUBLIC_PAGES_MIB:
            return read()
        state = self.now()
        if state.source != reading.current():  # somebody else's page has gone over to the other server meanwhile
            return read()
        if read not in self._facts:
            fact = read()
            with self._lock:
                if self._state is None or state.known != self._state.known:
                    return fact
                self._facts[read] = fact
            return fact
        return self._facts[read]

    def put(self, state: State, view: Callable, request, page: Page) -> None:
        """Keep what was made of this state, unless there is a newer one by now.

        From now on this view's answers are told apart by what this one asked of its address ("": by everything).
        """
        with self._lock:
            self._names[view] |= request.GET.names | ({""} if request.GET.all else set())
            place = self.place(view, request)
            if place is None or page.size > LARGEST or self._state is None or state.known != self._state.known:
                return
            if place in self._pages:
                self._take(place)
            self._pages[place], self._views[request.path] = page, view
            self._bytes += page.size
            self._paths[request.path] += 1
            while self._bytes > settings.PUBLIC_PAGES_MIB * 2**20:
                self._take(next(iter(self._pages)))

    def _take(self, place: tuple) -> None:
        self._bytes -= self._pages.pop(place).size
        self._paths[place[0]] -= 1
        if not self._paths[place[0]]:
            del self._paths[place[0]], self._views[place[0]]


SHELF = Shelf()
