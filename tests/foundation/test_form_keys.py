"""A form sent twice has one effect (reliability.md P15)."""

import re
import uuid

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.forms import kept
from tests.factories import make_city_team, make_observer, make_planner, make_supervisor, make_unit, make_user

pytestmark = pytest.mark.django_db


def checks():
    return AuditEntry.objects.filter(verb="audit.checked").count()


@pytest.fixture
def observer(client):
    user = make_observer()
    client.force_login(user)
    return user


@pytest.mark.promise("P15")
def test_the_second_press_repeats_the_answer_and_not_the_act(client, observer):
    data = {"form_key": str(uuid.uuid4())}
    first, second = client.post("/desk/log/check/", data), client.post("/desk/log/check/", data)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"]) == (302, "/desk/log/")
    assert checks() == 1


def test_a_new_key_is_a_new_act(client, observer):
    for _ in range(2):
        client.post("/desk/log/check/", {"form_key": str(uuid.uuid4())})
    assert checks() == 2


@pytest.mark.parametrize("key", [None, "", "abc", "1" * 40])
def test_a_form_without_a_key_changes_nothing(client, observer, key):
    answer = client.post("/desk/log/check/", {"form_key": key} if key is not None else {})
    assert answer.status_code == 400
    assert "刷新页面后重新提交" in answer.content.decode()
    assert checks() == 0


@pytest.mark.promise("P15")
def test_the_same_key_with_other_content_is_refused(client, observer):
    key = str(uuid.uuid4())
    client.post("/desk/log/check/", {"form_key": key, "a": "1"})
    answer = client.post("/desk/log/check/", {"form_key": key, "a": "2"})
    assert answer.status_code == 409
    assert checks() == 1


def test_somebody_elses_key_is_refused(client, observer):
    key = str(uuid.uuid4())
    client.post("/desk/log/check/", {"form_key": key})
    client.force_login(make_supervisor())
    assert client.post("/desk/log/check/", {"form_key": key}).status_code == 409
    assert checks() == 1


@pytest.mark.promise("P15")
def test_what_is_shown_once_is_made_once(client):
    """The answer is a page, not a way on: a reload made a second password, and the first one handed over opened nothing."""
    client.force_login(make_user((Role.ADMIN_SYSTEM, make_city_team())))
    account = make_planner(make_unit())
    data, address = {"form_key": str(uuid.uuid4())}, f"/desk/accounts/{account.pk}/reset/"
    first = client.post(address, data)
    password = type(account).objects.get(pk=account.pk).password
    again = client.post(address, data)
    assert (first.status_code, again.status_code) == (200, 409) and "密码只显示这一次" in first.content.decode()
    assert "已经办好，没有再办一次" in again.content.decode()
    assert type(account).objects.get(pk=account.pk).password == password
    assert AuditEntry.objects.filter(verb="accounts.password.reset").count() == 1

    # The same when the sign-in was lost on the way: it is offered until it is carried out, and never with a new key after that.
    by = make_user((Role.ADMIN_SYSTEM, make_city_team()))
    client.logout()
    assert client.post(address, {"form_owner": kept.owner_mark(by), "form_key": str(uuid.uuid4())}).status_code == 302
    client.force_login(by)
    offered = client.get("/desk/continue/").content.decode()
    assert f'action="{address}"' in offered and kept.SESSION_KEY in client.session
    key = re.search(r'name="form_key" value="([^"]+)"', offered[offered.index(f'action="{address}"') :]).group(1)
    assert "密码只显示这一次" in client.post(address, {"form_key": key}).content.decode()
    assert client.get("/desk/continue/").status_code == 302 and kept.SESSION_KEY not in client.session
    assert AuditEntry.objects.filter(verb="accounts.password.reset").count() == 2
