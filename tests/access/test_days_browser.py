"""Every role's day in a real browser: from the home to each thing that is due by clicking alone, and there is something to press
(issue 16: a table role × due thing × clicks; desk.md A3). Whole acts from the homes: `tests/journeys/test_quarter_browser.py`.
"""

import os
from pathlib import Path

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda
from tests.access.world import cast, make_world
from tests.journeys.people import FromHome

pytestmark = [
    pytest.mark.slow("days"),
    pytest.mark.browser,
    pytest.mark.commits,
    pytest.mark.usefixtures("papers_as_text"),
]
TABLE = os.environ.get("BENXI_DAYS_TABLE")  # a file for the table
# What one acts with: a button of a form of the page's own, or the way on to the page with the form.
ACTS = "main form[method=post] button:not([disabled]):visible, main a.btn:visible, .bar button:not([disabled]):visible, .bar a.btn:visible"


@pytest.fixture
def sit(chromium, site):
    """Sit down as somebody, in a browser of his own; the script's mistakes are collected."""
    contexts, mistakes = [], []

    def begin(user):
        context = chromium.new_context(
            base_url=site, locale="zh-CN", viewport={"width": 1440, "height": 900}, service_workers="block"
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: mistakes.append(f"{user.username}: {error}"))
        return FromHome(page, user)

    begin.mistakes = mistakes
    yield begin
    for context in contexts:
        context.close()


def test_everybody_clicks_from_his_home_to_whatever_is_due_and_can_act_there(own_database, sit):
    world = make_world()
    people = {who: user for who, user in cast(world).items() if not who.startswith("other")}
    rows, wrong = [], []
    for who, user in people.items():
        due = list(agenda.mine(user))
        if not due:
            continue
        person = sit(user)
        for duty in due:
            path = duty.url.partition("?")[0].partition("#")[0]
            person.open(person.home)
            try:
                person.open(path)
            except AssertionError as lost:
                wrong.append((who, duty.rule, path, str(lost)[:200]))
                continue
            acts = person.page.locator(ACTS).all_inner_texts()
            rows.append(
                (who, duty.rule, duty.title, person.clicks.get(path, 1), " / ".join(t.strip() for t in acts[:3]))
            )
            if not acts:
                wrong.append((who, duty.rule, path, "nothing to press"))
    if TABLE:
        Path(TABLE).write_text("\n".join("\t".join(map(str, row)) for row in rows), encoding="utf-8")
    assert not wrong, "\n".join(map(str, wrong))
    assert not sit.mistakes
    assert {who for who, *_ in rows} >= {
        f"own {Role.PLANNER}",
        f"own {Role.APPROVER}",
        f"city {Role.LEAD_OFFICE}",
    }
