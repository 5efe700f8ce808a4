"""我的检查 of whoever has no check to go to: the bell says how many are unread, the bar leads to what is due first (issue 16, PNG 09)."""

import re

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Message
from registry.audits.duties import AUDIT
from tests.browsing import enter
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspector(at):
    """Keeps the registry beside his inspections, and has its audit to sign."""
    at("2026-08-19 10:32")
    unit = make_unit("210505", name="南芬分局")
    return make_user((Role.INSPECTOR, unit), (Role.REGISTRAR, unit))


def test_the_bell_on_the_phone_says_how_many_are_unread(client, inspector):
    quiet = enter(client, inspector).get("/field/").content.decode()
    assert 'aria-label="消息"' in quiet and "条未读" not in quiet

    for title in ("甲", "乙"):
        Message.objects.create(user=inspector, title=title, created_at=clock.now())
    page = client.get("/field/").content.decode()
    assert 'aria-label="消息，2 条未读"' in page and "<b>2</b>" in page


def test_without_a_check_the_first_thing_due_is_the_one_primary_button(client, inspector):
    unit = inspector.grants_in_force()[0].unit
    AUDIT.open(
        unit,
        "FACILITY:2026-08",
        role=Role.REGISTRAR,
        title="审核名录",
        due=workdays.calendar().fixed(clock.today()),
        url=f"/desk/objects/audit/?unit={unit.code}",
    )

    page = enter(client, inspector).get("/field/").content.decode()
    assert re.findall(r'class="btn btn-p" href="([^"]+)"', page) == [f"/desk/objects/audit/?unit={unit.code}"]
