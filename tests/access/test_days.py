"""Every role's day begins on its home: role × what is due × clicks, made from the pages themselves (issue 16, desk.md A3)."""

import re

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from inspections.bulletins import duties as signing
from inspections.models import BulletinState
from tests.access.world import cast, make_bulletin
from tests.browsing import html_of, signed_in, text_of
from tests.factories import make_city_team, make_lead_office, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("papers_as_text")]
MOST_CLICKS = 3
LINK = re.compile(r'<a\b[^>]*\bhref="(/(?:desk|field)/[^"#]*|\?[^"#]*)')


def links_of(browser, url: str) -> set[str]:
    """Where one click leads from this page; nothing where the page does not open."""
    answer = browser.get(url, follow=True)
    if answer.status_code != 200 or "text/html" not in answer["Content-Type"]:
        return set()
    here = answer.redirect_chain[-1][0] if answer.redirect_chain else url
    found = (link.replace("&amp;", "&") for link in LINK.findall(html_of(answer)))
    return {f"{here.partition('?')[0]}{link}" if link.startswith("?") else link for link in found}


def clicks_to(browser, wanted: str) -> int | None:
    """How many clicks from the home; only doors of the navigation and lists are opened on the way."""
    seen, edge = set(), {"/desk/"}
    for clicks in range(1, MOST_CLICKS + 1):
        following = set().union(*(links_of(browser, url) for url in edge))
        if wanted in following:
            return clicks
        seen |= edge
        edge = {url for url in following - seen if clicks < MOST_CLICKS}
    return None


def test_whatever_is_due_is_reached_from_the_home_in_three_clicks_and_opens(world):
    table, wrong = [], []
    people = {who: user for who, user in cast(world).items() if not who.startswith("other")}
    for who, user in people.items():
        browser = signed_in(user)
        for duty in agenda.mine(user):
            clicks = clicks_to(browser, duty.url)
            opened = browser.get(duty.url, follow=True).status_code
            table.append((who, duty.rule, clicks))
            if clicks is None or opened != 200:
                wrong.append((who, duty.rule, duty.url, clicks, opened))
    assert not wrong
    assert max(clicks for *_, clicks in table) <= MOST_CLICKS
    assert {who for who, *_ in table} >= {f"own {Role.PLANNER}", f"own {Role.APPROVER}", f"city {Role.LEAD_OFFICE}"}
    assert len(table) > 15


def test_no_home_says_that_nothing_is_due_where_something_is_overdue(world, at):
    at("2026-10-20 09:00")
    assert Duty.objects.open().filter(due__lt="2026-10-01").exists()
    for who, user in cast(world).items():
        page = text_of(signed_in(user).get("/desk/", follow=True))
        if Duty.objects.in_calendar_of(user).open().filter(due__lt="2026-10-20").exists():
            assert "没有到期的事" not in page and "全市没有逾期" not in page, who


def test_every_row_of_the_homes_of_the_city_opens_for_whom_it_is_shown(world, at):
    """ui-2.md 22: what is overdue in the city leads somewhere, also where the paper itself is another's until it is signed."""
    bulletin = make_bulletin(make_city_team(), make_lead_office())
    bulletin.asked_by, bulletin.asked_at, bulletin.state = bulletin.made_by, clock.now(), BulletinState.ASKED
    bulletin.save()
    signing.asked(bulletin)
    at("2026-12-21 09:00")
    wrong, shown = [], {}
    for role in (Role.SUPERVISOR, Role.LEAD_OFFICE, Role.BUREAU_READER, Role.OBSERVER):
        browser = signed_in(make_user((role, make_city_team())))
        page = browser.get("/desk/").context["page"]
        rows = [(row.matter.first.rule, row.url) for row in page.found]
        rows += [(item["title"], item["action"]["url"]) for group in page.agenda for item in group["items"]]
        wrong += [(role, *row) for row in rows if row[1] and browser.get(row[1], follow=True).status_code != 200]
        shown[role] = {rule for rule, _ in rows}
        row = next(row for row in page.found if row.matter.first.rule == signing.SIGNING.id)
        assert (row.url == bulletin.get_absolute_url()) is (role == Role.LEAD_OFFICE), role
        led = text_of(browser.get(row.url))
        assert bulletin.no in led and bulletin.get_state_display() in led, role  # what may be seen of it
        assert row.button == ("查看通报签发" if role == Role.OBSERVER else "督办通报签发"), role
    assert not wrong
    assert len(shown[Role.SUPERVISOR]) > 15


def test_where_all_units_are_chosen_no_door_tells_the_number_of_one(world):
    """ui-2.md 22: 全市 in the picker, and the number of one unit beside 检查对象, would be read as the city's."""
    browser = signed_in(make_lead_office())
    shown = {}
    for address in ("/desk/", f"/desk/?unit={world.unit.code}"):
        links = (link for group in browser.get(address).context["desk"].nav for link in group.links)
        shown[address] = {link.label: link.count for link in links}
    whole, one = shown.values()
    assert whole["检查对象"] is None and one["检查对象"] == world.unit.facilities.on_books().count()
