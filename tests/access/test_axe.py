"""Every page of the desk and of the field in a real browser at two widths: axe finds nothing, nothing is wider than the page.

WCAG 2.2 AA and axe's own good practice (ui.md 9). The pages are those of the one world, each as the first role to whom it
opens; states that the world has not are looked at where their subject is.
"""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.forms.kept import methods_at
from inspections.models import Inspection
from tests.access.test_matrix import LOGOUT, STAFF, address_of, is_page, may_anywhere
from tests.access.world import OF_THE_CITY, cast, make_world, owner_of
from tests.browsing import signed_in
from tests.disclosure.factories import make_published_result
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_planner,
    make_user,
)
from tests.inspections.factories import make_reviewed
from tests.plans.draw.factories import make_prepared_draw
from tests.plans.factories import make_branch, make_list, make_plan

pytestmark = [
    pytest.mark.slow("axe"),
    pytest.mark.browser,
    pytest.mark.commits,
    pytest.mark.usefixtures("papers_as_text"),
]
WIDTHS = (1440, 390)
BETWEEN = (1024, 1280)  # two columns become one somewhere between; axe says nothing new there, the width does
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SHOTS = os.environ.get("SHOTS")  # a folder for pictures of all of them
ONLY = os.environ.get("BENXI_AXE_ONLY", "")  # a part of the names of addresses, to look at some again
# Signs out by itself where nothing is unsent; tests/inspections/visits/test_axe.py looks at it with something unsent.
BY_ITSELF = "inspections:field-sign-out"
HOMES = {Role.ARCHIVIST: "/desk/archive/"}  # where his /desk/ leads to


def opened(world, browsers, people) -> Iterator[tuple[str, str, str]]:
    """(name, address, who) of every staff address that is a page for somebody; `who` is the first of them."""
    for address, name, view in STAFF:
        url, _ = address_of(world, name, address)
        if name in (LOGOUT, BY_ITSELF) or ONLY not in name or "GET" not in methods_at(url):
            continue
        for who, browser in browsers.items():
            if may_anywhere(people[who], view) and (answer := browser.get(url)).status_code == 200:
                if is_page(answer):
                    yield name, url, who
                break


def faults(page, name) -> Iterator[str]:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        found = Axe().run(page, context={"exclude": [[".demo"]]}, options={"resultTypes": ["violations"]})
        for fault in found.response["violations"]:
            for node in fault["nodes"][:3]:
                yield f"{name} {width}: {fault['id']} {node['html'][:160]}"
        if page.evaluate(TOO_WIDE):
            yield f"{name} {width}: wider than the page"
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name.replace(':', '_')}-{width}.png", full_page=True)
    for width in BETWEEN:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate(TOO_WIDE):
            yield f"{name} {width}: wider than the page"


class Reader:
    """One browser that sits at the desk as one person after the other."""

    def __init__(self, chromium, site):
        self.context = chromium.new_context(base_url=site, locale="zh-CN", service_workers="block")
        self.page, self.site, self.sitting = self.context.new_page(), site, None

    def faults(self, client, url, name) -> list[str]:
        """What is wrong with a page, or that it is none for this reader."""
        if client is not self.sitting:
            cookies = [{"name": c.key, "value": c.value, "url": self.site} for c in client.cookies.values()]
            self.context.clear_cookies()
            self.context.add_cookies(cookies)
            self.sitting = client
        try:
            answer = self.page.goto(url)
            if answer.status != 200 or self.page.url != self.site + url:
                return [f"{name}: {answer.status} {self.page.url}"]
            return [*faults(self.page, name)]
        except Error as error:
            return [f"{name}: {error}"]


@pytest.fixture
def reader(chromium, site):
    reader = Reader(chromium, site)
    yield reader
    reader.context.close()


def test_every_page_of_the_desk_can_be_read_by_everybody_at_both_widths(at, own_database, reader):
    world = make_world()
    team = owner_of(Inspection.objects.get(no=world.values["no"]))
    people = {"own team": team, "own owner": world.owner} | {
        who: user for who, user in cast(world).items() if not who.startswith("other")
    }
    browsers = {who: signed_in(user) for who, user in people.items()}
    found, seen = [], 0
    for name, url, who in opened(world, browsers, people):
        found += reader.faults(browsers[who], url, name)
        seen += 1
    assert not found, "\n".join(found)
    assert ONLY or seen > 250, f"only {seen} pages"


def test_stages_that_the_world_has_passed_and_the_home_of_every_role_too(own_database, reader):
    """What a draft, a submitted plan, a draw before its seal and a result before its release look like."""
    drafting, asking, drawing = (make_branch(code=code) for code in ("210504", "210503", "210502"))
    make_plan(drafting)
    make_plan(asking, upto="SUBMITTED")
    draw = make_prepared_draw(plan=make_plan(drawing, upto="PUBLISHED"))
    item = make_list(year=2027, upto="DRAFT").items.first()
    result = make_published_result(drafting, problem="标签缺项 2 处")
    reviewed = make_reviewed(drafting)
    pages = [
        (make_planner(drafting), "/desk/plans/210504/2026q3/edit/"),
        (make_approver(asking), "/desk/plans/210503/2026q3/review/"),
        (make_planner(drawing), f"/desk/draws/{draw.draw_id}/prepare/"),
        (make_approver(drawing), f"/desk/draws/{draw.draw_id}/prepare/"),
        (make_lead_office(), f"/desk/items/210500/2027/1/{item.code}/"),
        (make_lead_office(), "/desk/items/210500/2027/1/add/"),
        (make_disclosure_officer(drafting), f"/desk/publish/result/{reviewed.no}/"),
        (make_disclosure_officer(drafting), f"/desk/publish/result/{result.no}/"),
    ]
    team = make_city_team()
    pages += [
        (make_user((role, team if role in OF_THE_CITY else drafting)), HOMES.get(role, "/desk/")) for role in Role
    ]
    found = [fault for user, url in pages for fault in reader.faults(signed_in(user), url, f"{user.username} {url}")]
    assert not found, "\n".join(found)
