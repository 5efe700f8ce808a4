"""What a test does with a page: sign in, read it, send a form, count what it asked the database, expect a refusal."""

import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import middleware
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.forms import keys as form_keys
from benxi_shuangsuiji.refusal import Refused


def enter(client: Client, user: User) -> Client:
    """Sign this user in, without the sign-in page, and return the same client."""
    client.force_login(user)
    return client


# What the trail keeps of whoever acts by a client of these tests.
FROM = {"address": "127.0.0.1", "device": "未知设备"}


def signed_in(user: User) -> Client:
    """A browser of the user's own, for stories in which several people act in turn."""
    return enter(Client(), user)


def post(client: Client, url: str, data: Mapping[str, Any] | None = None, **fields: Any) -> HttpResponse:
    """Send a form as its page would: with a key of its own, so that it is not taken for one sent twice.

    Fields whose names are no Python words come in `data`. A `form_key` among the fields is sent instead of a new one.
    """
    return client.post(url, _form(data, fields))


def post_and_follow(client: Client, url: str, data: Mapping[str, Any] | None = None, **fields: Any) -> HttpResponse:
    """Send a form, and return the page on which the person then stands."""
    return client.post(url, _form(data, fields), follow=True)


def _form(data: Mapping[str, Any] | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    return {form_keys.FIELD: str(uuid.uuid4()), **(data or {}), **fields}


def html_of(response: HttpResponse) -> str:
    """The page as it was sent."""
    return response.content.decode()


def untimed(html: str) -> str:
    """The same with the tags of its dates taken out, so that a sentence can be looked for as it reads."""
    return re.sub(r"</?time\b[^>]*>", "", html)


def text_of(response: HttpResponse) -> str:
    """The words of the page without its tags, every run of white space as one space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", untimed(html_of(response))))


def queries(client: Client, url: str) -> int:
    """How many queries the page needs when it is opened the second time: what is kept between requests is there."""
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def refused(match: str) -> Any:
    """The act inside must be refused, with words that match."""
    return pytest.raises(Refused, match=match)


@contextmanager
def only_read() -> Iterator[None]:
    """For hundreds of pages on one state: what stands on each of them is asked of the database once, not once a page.

    That is who reads, with his rights, the moment, and each count of the navigation for a person, a unit and a quarter.
    Inside nothing may be written that changes one of them; the clock stands.
    """
    ask, people, moment = middleware.get_user, {}, clock.now()

    def get_user(request):
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if key not in people:
            user = ask(request)
            if not user.is_authenticated:
                return user
            people[key] = user
        return people[key]

    house = subjects.house()
    doors = {
        group: tuple(replace(door, count=cache(door.count)) if door.count else door for door in its)
        for group, its in house.doors.items()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(middleware, "get_user", get_user)
        patch.setattr(clock, "now", lambda: moment)
        patch.setitem(house.__dict__, "doors", doors)
        yield
