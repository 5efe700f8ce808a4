"""What the server does not take is said where it was pressed, not only in the list of what waits (七(五)-l)."""

import pytest
from playwright.sync_api import expect

from inspections.models import Acceptance
from tests.inspections.factories import make_inspection, team_of
from tests.inspections.outbox.test_offline import phone  # noqa: F401

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]


def test_why_an_act_was_refused_stands_on_the_page_where_it_was_pressed(own_database, phone):  # noqa: F811
    task = make_inspection(accepted=False)
    mine = phone()
    mine.sign_in(team_of(task)[0].user)
    mine.page.goto(task.field_url)
    mine.page.click("text=声明并接受任务")
    said = mine.page.locator("[data-says=refused]")
    expect(said).to_contain_text("两件都声明了才能接受")
    mine.page.reload()
    expect(said).to_contain_text("两件都声明了才能接受")
    mine.page.check("[name=no_conflict]", force=True)
    mine.page.check("[name=discipline]", force=True)
    mine.page.click("text=声明并接受任务")
    expect(mine.page.locator(".ph-steps")).to_be_visible()  # the way to the door
    expect(said).to_have_count(0)
    assert Acceptance.objects.get(member__inspection=task, accepted_at__isnull=False)
