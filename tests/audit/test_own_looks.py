"""What somebody sees of checks on his own pages stands in the log under the unit that he works for (decisions.md 3, 一-c)."""

import pytest

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from tests.browsing import enter, signed_in
from tests.factories import make_inspector, make_observer, make_planner, make_supervisor, make_unit, make_user
from tests.inspections.factories import make_finished, make_inspection, make_reviewed, make_started, team_of

pytestmark = pytest.mark.django_db
OWN = ("/desk/?desk", "/desk/todo/", "/desk/inbox/", "/desk/calendar/", "/field/")
OF_THE_TEAM = ("", "accept/", "dossier/", "arrive/", "check/", "sign/", "finish/", "submit/", "evidence/", "recorder/")


def looks():
    return AuditEntry.objects.filter(verb__in=subjects.house().looks)


def without_unit():
    return [(entry.verb, entry.details) for entry in looks() if not entry.unit_id and "units" not in entry.details]


@pytest.mark.clause("一-c")
def test_every_look_of_an_inspector_is_found_under_his_unit(client):
    branch = make_unit("210504")
    section = make_unit("210504-zf", kind=UnitKind.COUNTY_SECTION, serves=branch)
    team = [make_inspector(branch, with_user=True) for _ in range(2)]
    first = team[0].user
    for grant in first.grants.all():  # as in a county: the people are the section's, the plan is the branch's
        grant.unit = section
        grant.save()
    visits = [make_inspection(branch, team=team), make_started(branch, team=team), make_finished(branch, team=team)]
    his = signed_in(first)
    for address in (*OWN, *(f"/field/{visit.no}/{part}" for visit in visits for part in OF_THE_TEAM)):
        assert his.get(address).status_code in (200, 302, 404), address
    pages = {entry.details.get("page") for entry in looks()}
    assert {"desk-home", "field-tasks", "field-task", "field-submit"} <= pages
    assert without_unit() == []
    enter(client, make_observer())
    told = client.get("/desk/log/", {"office": branch.code, "kind": "look", "who": first.full_name})
    assert told.context["total"] == looks().count()
    assert {entry.office for entry in told.context["rows"]} == {branch.short_name}


def test_those_who_plan_and_lead_too_and_whoever_has_the_city_has_no_one_unit():
    unit = make_unit("210503")
    done = make_reviewed(unit)
    for who in (
        make_planner(unit),
        make_user((Role.APPROVER, unit)),
        make_user((Role.DISCLOSURE_OFFICER, unit)),
        team_of(done)[0].user,
    ):
        browser = signed_in(who)
        for address in (*OWN[:4], "/desk/tasks/", "/desk/approvals/"):
            browser.get(address)
    assert without_unit() == []
    assert make_supervisor().works_for() == []
