"""年度办结: not before every result is public or lawfully kept back, and by two people (二-b)."""

from datetime import datetime

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Duty
from inspections.closing import actions
from inspections.models import Inspection, InspectionStatus, YearClosing
from plans.models import RequestState
from tests.browsing import post, queries, refused, signed_in, text_of
from tests.factories import make_approver, make_city_team, make_lead_office, make_planner, make_unit
from tests.inspections.factories import came_and_went, make_inspection, make_published, make_reviewed, make_started
from tests.inspections.withholding.test_withholding import DOCUMENT, approve, ask

pytestmark = pytest.mark.django_db
LATER = datetime(2027, 1, 20, 9)


@pytest.mark.clause("二-b")
def test_a_year_is_closed_when_each_result_is_public_or_lawfully_kept_back(at):
    city, unit = make_city_team(), make_unit()
    public, kept = make_published(unit), make_reviewed(unit)
    lead, head = make_lead_office(), make_approver(city)
    with refused("还没有结束"):
        actions.ask(year=2026, by=lead)
    with refused("没有检查，不用办结"):
        actions.ask(year=2025, by=lead)
    at(LATER)
    url = reverse("inspections:year-closing", args=[2026])
    with refused(f"{unit.short_name} 1 项"):
        actions.ask(year=2026, by=lead)
    assert f"{unit.short_name} 1 项" in text_of(signed_in(lead).get(url))
    approve(ask(kept))
    post(signed_in(lead), url, {"note": ""})
    closing = YearClosing.objects.get()
    duty = Duty.objects.open().get(rule="YEARDONE")
    assert (duty.unit, duty.role, duty.url) == (city, Role.APPROVER, url)
    with refused("等批准"):
        actions.ask(year=2026, by=lead)
    post(signed_in(head), url, {"decision": "approve", "request": closing.pk, "opinion": ""})
    closing.refresh_from_db()
    assert (closing.state, closing.decided_by) == (RequestState.APPROVED, head)
    line = next(one for one in closing.lines if one["unit"] == unit.code)
    assert (line["due"], line["public"], line["withheld"]) == (2, 1, 1)
    assert [one["no"] for one in closing.withheld] == [kept.no] and closing.withheld[0]["document"] == DOCUMENT
    assert "50.0%" in text_of(signed_in(lead).get(url)) and public.no not in text_of(signed_in(lead).get(url))
    with refused("已经办结"):
        actions.ask(year=2026, by=lead)


@pytest.mark.clause("二-b")
def test_a_year_waits_for_the_checks_that_are_being_made(at):
    make_city_team()
    unit = make_unit()
    make_published(unit)
    make_started(unit)
    at(LATER)
    with refused(f"还有检查没有结束：{unit.short_name} 1 项"):
        actions.ask(year=2026, by=make_lead_office())


@pytest.mark.clause("二-b")
def test_a_ground_that_ended_meanwhile_stops_the_approval(at):
    from inspections.withholding import actions as withholding

    city, unit = make_city_team(), make_unit()
    kept = make_reviewed(unit)
    lead, head = make_lead_office(), make_approver(city)
    one = approve(ask(kept))
    at(LATER)
    closing = actions.ask(year=2026, by=lead)
    withholding.lift(withholding=one, by=one.decided_by, because="依据已经没有了。")
    with refused("没有公开"):
        actions.approve(closing=closing, by=head)
    with refused("由市执法队分管负责人"):
        actions.approve(closing=closing, by=make_approver(unit))
    actions.reject(closing=closing, by=head, opinion="先公开，再办结。")
    assert not Duty.objects.open().filter(rule="YEARDONE").exists()
    assert closing.as_now().state == RequestState.RETURNED


def test_the_page_counts_nothing_before_the_year_is_over_and_costs_the_same_for_thirty(at):
    unit = make_unit()
    make_city_team()
    make_reviewed(unit)
    desk = signed_in(make_lead_office())
    url = reverse("inspections:year-closing", args=[2026])
    early = text_of(desk.get(url))
    assert "还没有结束" in early and "应公开" not in early
    assert desk.get(reverse("inspections:year-closing", args=[2031])).status_code == 404
    assert signed_in(make_planner(unit)).get(url).status_code in (403, 404)
    at(LATER)
    one = queries(desk, url)
    for _ in range(30):
        came_and_went(make_inspection(unit), at=clock.now(), status=InspectionStatus.REVIEWED)
    assert Inspection.objects.count() == 31
    assert queries(desk, url) == one
