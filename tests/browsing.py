"""What a test does with a page: sign in, read it, send a form, count what it asked the database, expect a refusal."""

import re
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.forms import keys as form_keys
from benxi_shuangsuiji.refusal import Refused


def enter(client: Client, user: User) -> Client:
    """Sign this user in, without the sign-in page, and return the same client."""
    client.force_login(user)
    return client


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


def text_of(response: HttpResponse) -> str:
    """The words of the page without its tags, every run of white space as one space."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html_of(response)))


def queries(client: Client, url: str) -> int:
    """How many queries the page needs when it is opened the second time: what is kept between requests is there."""
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def refused(match: str) -> Any:
    """The act inside must be refused, with words that match."""
    return pytest.raises(Refused, match=match)
