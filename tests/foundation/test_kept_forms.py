"""What was typed is not lost when the sign-in ends before the button is pressed (ui.md 6.3, 7.3; reliability F09, F11)."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from benxi_shuangsuiji.forms import kept as kept_forms
from inspections.models import Inspection, InspectionStatus
from tests.access.test_matrix import STAFF, address_of
from tests.access.world import make_world
from tests.factories import PASSWORD, make_approver, make_unit, make_user
from tests.inspections.factories import make_finished

pytestmark = pytest.mark.django_db
OPINION = "现场照片没有日期，\n补上再报"


@pytest.fixture
def check(at):
    return make_finished()


@pytest.fixture
def approver(check):
    return make_approver(check.unit, username="fenguan")


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def send_back(client, check, **more):
    """Open the check, then press 退回修改 as the browser does."""
    page = client.get(check.get_absolute_url()).content.decode()
    fields = hidden(page[page.index('action="' + review(check)) :])
    return {**fields, "opinion": OPINION, "decision": "return", **more}


def review(check) -> str:
    return f"/desk/tasks/{check.no}/review/"


def sign_in(client, user, next_page):
    return client.post("/desk/login/", {"username": user.username, "password": PASSWORD, "next": next_page})


def lose_the_cookie(client):
    del client.cookies["sessionid"]


def idle(client):
    session = client.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=31)).isoformat()
    session.save()


@pytest.mark.promise("P15")
@pytest.mark.parametrize("ends", [lose_the_cookie, idle])
def test_a_form_sent_after_the_sign_in_ended_waits_for_the_same_person(client, check, approver, ends):
    client.force_login(approver)
    data = send_back(client, check)
    ends(client)
    answer = client.post(review(check), data, headers={"referer": f"http://testserver{check.get_absolute_url()}"})
    assert (answer.status_code, answer["Location"]) == (302, "/desk/login/?next=/desk/continue/")
    assert "刚才填写的内容还在" in client.get(answer["Location"]).content.decode()
    assert sign_in(client, approver, "/desk/continue/")["Location"] == "/desk/continue/"

    page = client.get("/desk/continue/").content.decode()
    assert "登录前填写的内容还在" in page and "继续提交" in page
    assert "审核意见" in page and "现场照片没有日期" in page and "<dt>decision" not in page
    check.refresh_from_db()
    assert check.status == InspectionStatus.FINISHED  # nothing is carried out by itself

    again = hidden(page[page.index(f'action="{review(check)}"') :])
    assert again["decision"] == "return" and again["form_key"] != data["form_key"]
    assert client.post(review(check), again).status_code == 302
    check.refresh_from_db()
    assert (check.status, check.opinion.split()) == (InspectionStatus.RETURNED, OPINION.split())
    assert client.get("/desk/continue/").status_code == 302  # and it is offered once only


def test_somebody_else_who_signs_in_sees_nothing_of_it(client, check, approver):
    client.force_login(approver)
    data = send_back(client, check)
    lose_the_cookie(client)
    client.post(review(check), data)
    other = make_approver(check.unit)
    sign_in(client, other, "/desk/continue/")
    answer = client.get("/desk/continue/", follow=True).content.decode()
    assert "现场照片" not in answer and "没有保留下来" in answer


def test_a_form_that_names_nobody_or_lies_is_not_kept(client, check, approver):
    client.force_login(approver)
    data = send_back(client, check)
    client.logout()
    for lie in ("", "1", data["form_owner"][:-1] + "x"):
        answer = client.post(review(check), {**data, "form_owner": lie})
        assert answer["Location"] == f"/desk/login/?next={check.get_absolute_url()}"
        assert kept_forms.SESSION_KEY not in client.session


def test_passwords_files_and_old_forms_are_not_kept(client, approver):
    client.force_login(approver)
    mark = kept_forms.owner_mark(approver)
    client.logout()
    client.post(
        "/desk/password/", {"form_owner": mark, "old_password": "geheim-1", "new_password": "geheim-2", "x": "1"}
    )
    kept = client.session[kept_forms.SESSION_KEY]
    assert kept["fields"] == [["x", ["1"]]]
    session = client.session
    session[kept_forms.SESSION_KEY]["at"] = (timezone.now() - timedelta(minutes=31)).isoformat()
    session.save()
    sign_in(client, approver, "/desk/continue/")
    assert client.get("/desk/continue/").status_code == 302


def test_an_expired_form_of_the_same_person_is_sent_again_with_one_press(check, approver):
    client = Client(enforce_csrf_checks=True)
    client.force_login(approver)
    data = send_back(client, check)
    client.cookies["csrftoken"] = "a" * 32  # signed in again in another window
    answer = client.post(review(check), {**data, "csrfmiddlewaretoken": "b" * 32})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "双随机工作台" in page and "重新提交" in page
    assert "<dt>审核意见</dt>" in page and ">opinion<" not in page
    again = hidden(page[page.index(f'action="{review(check)}"') :])
    assert client.post(review(check), again).status_code == 302
    assert Inspection.objects.get(pk=check.pk).status == InspectionStatus.RETURNED


def test_a_forged_form_is_never_offered_for_sending(check, approver):
    client = Client(enforce_csrf_checks=True)
    client.force_login(approver)
    mallory = kept_forms.owner_mark(make_approver(make_unit("210503")))
    for mark in ("", mallory):
        page = client.post(review(check), {"opinion": "x", "decision": "return", "form_owner": mark}).content.decode()
        assert "已经过期" in page and "重新提交" not in page


def test_every_post_only_address_opens_as_a_page_that_leads_back_to_a_readable_one(client, at):
    world = make_world()
    only_post = []
    for address, name, _view in STAFF:
        url, _ = address_of(world, name, address)
        if "GET" not in kept_forms.methods_at(url):
            only_post.append((name, url))
    assert len(only_post) > 8
    client.force_login(world.owner)
    for name, url in only_post:
        back = kept_forms.readable_above(url)
        assert "GET" in kept_forms.methods_at(back), name
        client.logout()
        assert client.get(url)["Location"] == f"/desk/login/?next={back}", name
        client.force_login(world.owner)
        answer = client.get(url)
        if answer.status_code == 405:
            assert "不能直接打开" in answer.content.decode() and f'href="{back}"' in answer.content.decode(), name
            assert answer["Allow"] == "POST"


def test_every_field_of_every_form_has_a_label_in_chinese():
    """The pages that give back what was typed name it by these labels."""
    bare = [
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in kept_forms.project_forms()
        for name, field in form.base_fields.items()
        if not field.widget.is_hidden
        and name not in ("username", "password")
        and not re.search(r"[\u4e00-\u9fff]", str(field.label or ""))
    ]
    assert bare == []


@pytest.mark.parametrize("typed", [{"opinion": "长" * 1_000_000}, {f"n{n}": "" for n in range(2_001)}])
def test_more_than_is_taken_is_said_to_be_too_much_and_what_is_no_form_is_not(client, typed):
    """Not “看不懂”: who pasted a whole list reads what to do (F11)."""
    client.force_login(make_user())
    body = urlencode(typed)
    answer = client.post("/desk/password/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413 and "填写的内容太多，没有收下" in answer.content.decode()
    odd = client.get("/desk/password/", headers={"host": "wrong host"})
    assert odd.status_code == 400 and "这个请求看不懂" in odd.content.decode() and "太多" not in odd.content.decode()
