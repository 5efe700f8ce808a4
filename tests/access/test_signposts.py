"""A door of the navigation, the page behind it, its title and its crumb say the same words (desk.md D)."""

import re

import pytest

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.roles import PERMISSIONS, Role
from benxi_shuangsuiji.accounts.roles import Permission as P
from registry.models import Inspector
from tests.browsing import html_of, only_read, signed_in, text_of
from tests.factories import make_city_team, make_inspector, make_observer, make_unit, make_user

pytestmark = pytest.mark.django_db
CITY = (Role.SUPERVISOR, Role.LEAD_OFFICE, Role.BUREAU_READER, Role.OBSERVER)


def words(pattern: str, page: str) -> str:
    found = re.search(pattern, page, re.S)
    return re.sub(r"<[^>]+>|\s+", "", found[1]) if found else ""


def heading_of(page: str, at: str) -> str:
    """What the reader has before him: the heading of the page, or of the section at which the door lets him in."""
    return words(rf'id="{re.escape(at)}".*?<h2[^>]*>(.*?)</h2>' if at else r"<h1[^>]*>(.*?)</h1>", page)


def test_every_door_of_every_role_leads_to_a_page_of_its_name(world, at):
    """To the letter: who pressed 检查对象 and reads 检查对象名录 does not know whether he is where he wanted to go (desk.md D)."""
    at("2026-11-20 10:00")
    people = {role: make_user((role, make_city_team() if role in CITY else world.unit)) for role in Role}
    Inspector.objects.filter(pk=make_inspector(world.unit).pk).update(user=people[Role.INSPECTOR])
    wrong, seen = set(), set()
    for person in people.values():
        browser = signed_in(person)
        with only_read():
            home = browser.get("/desk/", follow=True)
            links = [link for group in home.context["desk"].nav for link in group.links]
            for link in links:
                answer = browser.get(link.url, follow=True)
                landed = answer.redirect_chain[-1][0] if answer.redirect_chain else link.url
                page = html_of(answer)
                seen.add(link.label)
                said = [words(r"<title>(.*?) · ", page), words(r'<li aria-current="page">(.*?)</li>', page)]
                heading = heading_of(page, landed.partition("#")[2])
                if heading != link.label or (landed == link.url and any(one and link.label not in one for one in said)):
                    wrong.add((link.label, heading, *said))
    assert wrong == set()
    assert seen == {door.label for doors in subjects.house().doors.values() for door in doors}


def test_codes_are_not_offered_before_there_is_an_authenticator():
    page = html_of(signed_in(make_observer()).get("/desk/second-factor/codes/"))
    assert "还没有设置动态口令" in page and 'href="/desk/second-factor/setup/' in page
    assert ">重做备用码</button>" not in page


def test_who_may_not_open_a_page_reads_who_may_and_whom_to_ask():
    """PNG 16: a refusal says whose page it is and how one comes to the right."""
    unit = make_unit()
    browser = signed_in(make_user((Role.REGISTRAR, unit), unit=unit))
    said = text_of(browser.get("/desk/tasks/targeted/new/"))
    assert f"这一页需要“{P.RAISE_CHECK.label}”的权限" in said
    for role in Role:
        assert (role.label in said.partition("由")[2].partition("办理")[0]) == (P.RAISE_CHECK in PERMISSIONS[role]), (
            role
        )
    assert "工作需要的，由分管负责人提出任命，授权管理员按任命文件授权" in said
