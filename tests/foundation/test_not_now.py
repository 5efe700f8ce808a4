"""The database away, a full disk: a calm page in words, 503, nothing told of the inside, what was typed kept (P25)."""

import errno

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connections
from psycopg import errors

from benxi_shuangsuiji.web import views
from tests.browsing import post, signed_in
from tests.factories import make_planner, make_unit

INSIDE = ("psycopg", "Traceback", "SELECT", "connection refused", "/run/", "sj_web", "django", "Errno")


@pytest.mark.story("S11", "O7")
@pytest.mark.promise("P25")
@pytest.mark.django_db
def test_pages_say_so_while_the_database_is_away_and_keep_what_was_typed(client, monkeypatch):
    planner = signed_in(make_planner(make_unit()))
    for browser in (client, planner):
        browser.raise_request_exception = False

    def away(*args, **kwargs):
        raise OperationalError('connection to server at "/run/pg" failed: connection refused, user sj_web')

    for alias in ("default", "public"):
        monkeypatch.setattr(connections[alias], "cursor", away)
    answers = [client.get("/"), client.get("/plans/"), planner.get("/desk/plans/"), client.get("/desk/login/")]
    answers.append(post(planner, "/desk/first-use/", document="本环办〔2026〕41 号"))
    for answer in answers:
        said = answer.content.decode()
        assert answer.status_code == 503 and answer["Retry-After"] == "60"
        assert "网站暂时打不开" in said and "什么也没有改" in said
        assert not [word for word in INSIDE if word in said]
    assert "本环办〔2026〕41 号" in said


def caused(trouble, cause):
    trouble.__cause__ = cause
    return trouble


@pytest.mark.parametrize(
    ("trouble", "title"),
    [
        (OperationalError(), "网站暂时打不开"),
        (InterfaceError("the connection is closed"), "网站暂时打不开"),
        (caused(OperationalError(), errors.AdminShutdown()), "网站暂时打不开"),
        (caused(OperationalError(), errors.CannotConnectNow()), "网站暂时打不开"),
        (caused(OperationalError(), errors.TooManyConnections()), "网站暂时打不开"),
        (caused(OperationalError(), errors.DiskFull()), "磁盘满了"),
        (OSError(errno.ENOSPC, "No space left on device", "/srv/secret"), "磁盘满了"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "磁盘满了"),
        (caused(OperationalError(), errors.LockNotAvailable()), "现在太忙"),
        (caused(OperationalError(), errors.DeadlockDetected()), None),
        (caused(IntegrityError(), errors.UniqueViolation()), None),
        (OSError(errno.EACCES, "Permission denied"), None),
        (ValueError(), None),
    ],
)
def test_what_is_over_by_itself_is_told_from_what_broke(rf, trouble, title):
    reason = views.why_not_now(trouble)
    assert (reason and reason[0]) == title
    request = rf.post("/corrections/new/", {"words": "写好的话"})
    try:
        raise trouble
    except Exception:
        page = views.server_error(request)
    said = page.content.decode()
    assert page.status_code == (503 if title else 500) and "写好的话" in said
    assert "secret" not in said and not [word for word in INSIDE if word in said]
