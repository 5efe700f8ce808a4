"""A door of the navigation, the page behind it, its title and its crumb say the same words (desk.md D)."""

import re

import pytest
from django.urls import reverse

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.roles import PERMISSIONS, Role
from benxi_shuangsuiji.accounts.roles import Permission as P
from tests.browsing import html_of, only_read, signed_in, text_of
from tests.factories import make_city_team, make_observer, make_registrar, make_unit, make_user

pytestmark = pytest.mark.django_db
CITY = (Role.SUPERVISOR, Role.LEAD_OFFICE, Role.BUREAU_READER, Role.OBSERVER)
APART = (Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS, Role.ADMIN_AUDIT)


def words(pattern: str, page: str) -> str:
    found = re.search(pattern, page, re.S)
    return re.sub(r"<[^>]+>|\s+", "", found[1]) if found else ""


def test_every_door_leads_to_a_page_of_its_name(world, at):
    at("2026-11-20 10:00")
    everybody = [(role, world.unit) for role in Role if role not in (*APART, *CITY)]
    people = [make_user(*everybody, *[(role, make_city_team()) for role in CITY])]
    people += [make_user((role, world.unit)) for role in APART]
    wrong, seen = [], 0
    for person in people:
        browser = signed_in(person)
        with only_read():
            for door in (door for doors in subjects.house().doors.values() for door in doors if door.opens_for(person)):
                page = html_of(browser.get(reverse(door.url_name), follow=True))
                said = [words(r"<title>(.*?) · ", page), words(r"<h1[^>]*>(.*?)</h1>", page)]
                said += [crumb] if (crumb := words(r'<li aria-current="page">(.*?)</li>', page)) else []
                seen += 1
                if not all(door.label in one for one in said):
                    wrong.append((door.label, *said))
    assert wrong == []
    assert seen >= sum(map(len, subjects.house().doors.values()))


def test_codes_are_not_offered_before_there_is_an_authenticator():
    page = html_of(signed_in(make_observer()).get("/desk/second-factor/codes/"))
    assert "还没有设置动态口令" in page and 'href="/desk/second-factor/setup/' in page
    assert ">重做备用码</button>" not in page


def test_who_may_not_open_a_page_reads_who_may_and_whom_to_ask():
    """PNG 16: a refusal says whose page it is and how one comes to the right."""
    browser = signed_in(make_registrar(make_unit()))
    said = text_of(browser.get("/desk/tasks/targeted/new/"))
    assert f"这一页需要“{P.RAISE_CHECK.label}”的权限" in said
    for role in Role:
        assert (role.label in said.partition("由")[2].partition("办理")[0]) == (P.RAISE_CHECK in PERMISSIONS[role]), (
            role
        )
    assert "工作需要的，由分管负责人提出任命，授权管理员按任命文件授权" in said
