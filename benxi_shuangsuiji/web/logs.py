"""What the server's log says: one JSON object a line, with the request it belongs to and nobody's words (operations.md 14).

A line about a request has its number, the account's key, the unit's code and how long it took. Of the address it has the
pattern: no query, in which people search for names and numbers, and no token or receipt, which opens something.
"""

import json
import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import perf_counter

from django.urls import Resolver404, resolve

# What an address holds and nobody may read in a log: it opens something, or says which enterprise somebody looked at.
NOT_LOGGED = {"code", "receipt", "token"}
access_log = logging.getLogger("benxi_shuangsuiji.access")
_about: ContextVar[dict[str, object] | None] = ContextVar("about", default=None)


@contextmanager
def about(**facts: object) -> Iterator[dict[str, object]]:
    """Inside, every line of the log has these facts."""
    before = _about.set(facts)
    try:
        yield facts
    finally:
        _about.reset(before)


def shown_path(request) -> str:
    """The address as a log may have it; of one that is not there, no more than its first part."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return f"/{request.path.lstrip('/').partition('/')[0][:20]}/…"
    shown = request.path
    for name, value in match.kwargs.items():
        if name in NOT_LOGGED:
            shown = shown.replace(f"{value}", "…")
    return shown


class Logged:
    """Outermost of the middleware: numbers each request and writes one line about its answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = perf_counter()
        with about(request=secrets.token_hex(4).upper()) as facts:
            request.number = facts["request"]
            response = self.get_response(request)
            # Only who was asked for anyhow: a public page never looks into a session.
            user = getattr(request, "_cached_user", None)
            if user is not None and user.is_authenticated:
                facts["user"] = user.pk
                facts["unit"] = next((grant.unit.code for grant in getattr(user, "_grants", ())), "")
            facts |= {"ms": round((perf_counter() - began) * 1000), "status": response.status_code}
            if not getattr(
                request, "for_mirror", False
            ):  # nobody asked: the nightly copy would be as many lines as there are pages
                access_log.info("%s %s", request.method, shown_path(request))
            return response


class Quiet(logging.Filter):
    """No address in full, and the way something came only where something broke.

    A page that was refused, is not there, or cannot be had while the database is away is one line.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if getattr(record, "status_code", 500) != 500:
            record.exc_info = None
        path = getattr(getattr(record, "request", None), "path", "")
        if path and isinstance(record.args, tuple):
            record.args = tuple(shown_path(record.request) if arg == path else arg for arg in record.args)
        if facts := _about.get():
            record.about = dict(facts)
        return True


class Json(logging.Formatter):
    """One object a line; what a message holds cannot begin another."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "log": record.name,
            "says": record.getMessage(),
            **getattr(record, "about", {}),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


class Line(logging.Formatter):
    """The same for people (LOG_FORMAT=line)."""

    def format(self, record: logging.LogRecord) -> str:
        said = super().format(record)
        facts = " ".join(f"{name}={value}" for name, value in getattr(record, "about", {}).items())
        return f"{said}　{facts}" if facts else said
