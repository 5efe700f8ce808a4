"""Every page of the desk and of the field in a real browser at two widths: axe finds nothing, nothing is wider than the page.

WCAG 2.2 AA and axe's own good practice (ui.md 9). The pages are those of the one world, each as the first role to whom it
opens; states that the world has not are looked at where their subject is.
"""

import os
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from benxi_shuangsuiji.forms.kept import methods_at
from inspections.models import Inspection
from tests.access.test_matrix import LOGOUT, STAFF, address_of, is_page, may_anywhere
from tests.access.world import cast, make_world, owner_of
from tests.browsing import signed_in

pytestmark = [
    pytest.mark.slow("axe"),
    pytest.mark.browser,
    pytest.mark.commits,
    pytest.mark.usefixtures("papers_as_text"),
]
WIDTHS = (1440, 390)
SHOTS = os.environ.get("SHOTS")  # a folder for pictures of all of them
ONLY = os.environ.get("BENXI_AXE_ONLY", "")  # a part of the names of addresses, to look at some again
# Signs out by itself where nothing is unsent; tests/inspections/visits/test_axe.py looks at it with something unsent.
BY_ITSELF = "inspections:field-sign-out"


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
        if page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"):
            yield f"{name} {width}: wider than the page"
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name.replace(':', '_')}-{width}.png", full_page=True)


def test_every_page_of_the_desk_can_be_read_by_everybody_at_both_widths(at, own_database, chromium, site):
    world = make_world()
    team = owner_of(Inspection.objects.get(no=world.values["no"]))
    people = {"own team": team, "own owner": world.owner} | {
        who: user for who, user in cast(world).items() if not who.startswith("other")
    }
    browsers = {who: signed_in(user) for who, user in people.items()}
    context = chromium.new_context(base_url=site, locale="zh-CN", service_workers="block")
    page, sitting = context.new_page(), None
    found, seen = [], []
    for name, url, who in opened(world, browsers, people):
        if who != sitting:
            context.clear_cookies()
            context.add_cookies(
                [{"name": c.key, "value": c.value, "url": site} for c in browsers[who].cookies.values()]
            )
            sitting = who
        try:
            page.goto(url)
            found += faults(page, name)
        except Error as error:
            found.append(f"{name}: {error}")
        seen.append(name)
    context.close()
    assert not found, "\n".join(found)
    assert ONLY or len(seen) > 250, f"only {len(seen)} pages"
