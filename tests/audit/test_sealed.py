"""What hangs on a check that is not public yet is not found in the log by whom it is about (decisions.md 3)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.search import finding
from inspections.models import NoticeNumber, Source
from inspections.review import actions as review_actions
from registry.facilities.search import facility_text
from registry.models import Facility
from tests.browsing import enter
from tests.factories import make_city_team, make_disclosure_officer, make_user
from tests.inspections.cases.factories import make_case, make_found
from tests.plans.draw.factories import make_held_draw, move_clock

pytestmark = pytest.mark.django_db
URL = "/desk/log/"


def test_what_hangs_on_a_sealed_check_is_not_told_by_the_name_of_the_enterprise_either(client, at):
    """A case, a referral, the number of a notice: each has a number of its own, which the trail of its acts may name."""
    draw = make_held_draw()
    move_clock(clock.now() + timedelta(days=1))
    pick = draw.picks.standing().first()
    drawn = {"source": Source.DRAW, "draw": draw, "pick": pick, "facility": pick.facility, "category": pick.category}
    check = make_found(draw.unit, **drawn)
    firm = check.facility
    firm.name = "晴川电镀厂"  # without a digit, which would be a number
    Facility.objects.filter(pk=firm.pk).update(name=firm.name, search_text=facility_text(firm))
    case = make_case(check)
    notice = NoticeNumber.objects.filter(inspection=check).first() or NoticeNumber(inspection=check, pk=7)
    for thing in (case, notice):
        trail.record("audit.checked", by=None, unit=draw.unit, about=thing)
    # Who saw the reviewed check because he publishes it, and who is of the circle, and both read the log.
    for role, unit in ((Role.DISCLOSURE_OFFICER, draw.unit), (Role.SUPERVISOR, make_city_team())):
        user = make_user((role, unit), (Role.OBSERVER, make_city_team()))
        enter(client, user)
        rooms = finding.finders(user, finding.read(firm.name))
        assert case in [row for _, found in rooms for row in found.about()]
        for typed in (firm.name, case.matter):
            shown = client.get(URL, {"about": typed}).context["rows"]
            assert not {case.no, notice.text, str(notice.pk), draw.draw_id} & {e.about_key for e in shown}
    review_actions.mark_published(inspection=check, by=make_disclosure_officer(check.unit), at=clock.now())
    shown = client.get(URL, {"about": firm.name}).context["rows"]
    assert case.no in {entry.about_key for entry in shown}
