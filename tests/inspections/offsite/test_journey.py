"""From the list to the public result without entering the place; and how the one way in is asked for (七(三), N-14, issue 17)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from disclosure.publishing import actions as publishing
from inspections.dispatch import actions as dispatch_actions
from inspections.indicators.facts import Scope
from inspections.indicators.figures import figure
from inspections.models import Inspection, Mode, OnsiteReason
from inspections.onsite import actions as onsite
from inspections.review import actions as review
from registry.models import Category
from tests.browsing import refused, signed_in, text_of
from tests.factories import make_approver, make_disclosure_officer, make_listed, make_planner
from tests.inspections.factories import answer_all, finish, look, ready, start, team_of
from tests.plans.draw.factories import make_held_draw, make_published_plan

pytestmark = pytest.mark.django_db


@pytest.mark.clause("七(三)-a", "七(三)-b", "七(三)-c", "一-b")
def test_a_listed_place_is_drawn_looked_at_from_outside_and_its_result_says_how(at, client):
    plan = make_published_plan(key=0, general=0)
    facility = plan.unit.facilities.get(category=Category.SPECIAL)
    make_listed(facility, batch="2026 年第一批", valid_from=date(2026, 1, 1))
    draw = make_held_draw(plan=plan)
    (check,) = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    assert check.mode == Mode.OFFSITE
    leader = team_of(check)[0].user
    with refused("从列表里选原因"):
        onsite.ask(inspection=check, reason="OTHER", reference="无", words="想去看看", by=leader)
    asked = onsite.ask(
        inspection=check, reason=OnsiteReason.ASSIGNED, reference="督办〔2026〕3 号", words="上级交办核实", by=leader
    )
    onsite.decide(request=asked, approve=False, opinion="先用非现场方式", by=make_approver(draw.unit))
    assert Inspection.objects.get(pk=check.pk).mode == Mode.OFFSITE

    ready(check)
    check = answer_all(start(Inspection.objects.get(pk=check.pk)))
    with refused("还没有登记非现场查看"):
        finish_without_a_look(check)
    seen = look(check, method="VIDEO", source="治理设施视频监控")
    check = review.review_result(inspection=finish(check), by=make_approver(draw.unit))
    assert client.get(f"/results/{check.no}/").status_code == 404
    made = publishing.publish_result(inspection=check, by=make_disclosure_officer(draw.unit))
    assert made.facility_name == facility.name and made.draw == draw.draw_id
    page = text_of(client.get(f"/results/{check.no}/"))
    assert "非现场" in page and "视频监控" in page and f"{clock.today() - timedelta(days=7):%Y-%m-%d}" in page
    assert seen.source not in page
    share = figure(Scope.of([draw.unit], 2026), 22)
    assert (share.n, share.counted, share.shown) == (1, 1, "100%")
    told = text_of(signed_in(make_planner(draw.unit)).get(reverse("inspections:task-detail", args=[check.no])))
    assert "视频监控" in told and "治理设施视频监控" in told


def finish_without_a_look(check):
    from inspections.visits import actions as visits

    said = {"finding": "", "measures": "", "rectify_by": None, "enterprise_opinion": "情况属实。"}
    visits.conclude(inspection=check, by=team_of(check)[0].user, outcome="NO_ISSUE", **said)
