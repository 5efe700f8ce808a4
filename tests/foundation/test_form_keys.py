"""A form sent twice has one effect (reliability.md P15)."""

import uuid

import pytest

from benxi_shuangsuiji.audit.models import AuditEntry
from tests.factories import make_observer, make_supervisor

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
