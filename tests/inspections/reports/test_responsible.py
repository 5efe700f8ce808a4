"""谁监管、谁负责: each step has its people by document, and a step without anybody is a gap (八(一)-b)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from inspections.reports.actions import figures_of
from inspections.reports.papers import of_report
from inspections.reports.periods import Period
from registry.facilities import nine_steps as table
from tests.browsing import queries, signed_in, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_observer,
    make_planner,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.mark.clause("八(一)-b")
def test_each_step_names_who_holds_its_role_by_which_document():
    unit = make_unit()
    section = make_unit("210504-03", kind=UnitKind.COUNTY_SECTION, parent=make_city_team(), serves=unit)
    planner, head = make_planner(unit), make_approver(unit)
    archivist = make_user((Role.ARCHIVIST, section))
    steps = table.of(unit, clock.today())
    assert [step.number for step in steps] == list(range(1, 10))
    people = {(step.name, part.what): [p.name for p in part.people] for step in steps for part in step.parts}
    assert people["随机抽取", "组织抽取"] == [planner.full_name]
    assert people["随机抽取", "封存名单"] == [head.full_name]
    assert people["完善档案", "组卷和归档"] == [archivist.full_name]
    assert not any(part.role == Role.LEAD_OFFICE.label for step in steps for part in step.parts)
    document = planner.grants.get().document
    page = text_of(signed_in(planner).get(reverse("registry:responsibility"), {"unit": unit.code}))
    assert f"{planner.full_name}（{document}）" in page
    assert "公示检查结果：公开" in table.gaps(steps)  # nobody publishes yet
    officer = make_disclosure_officer(unit)
    assert "公示检查结果：公开" not in table.gaps(table.of(unit, clock.today()))
    grant = officer.grants.get()
    grant.valid_to = clock.today()
    grant.save()
    assert "公示检查结果：公开" in table.gaps(table.of(unit, clock.today() + timedelta(days=1)))


@pytest.mark.clause("八(一)-b")
def test_a_report_prints_who_was_responsible_when_it_was_sent():
    unit = make_unit()
    planner = make_planner(unit)
    period = Period(2026, 3)
    figures = figures_of(unit, period)
    planner.full_name = "改了名"
    planner.save()
    paper = of_report(unit, period, figures=figures, text={}, report=None, today=clock.today())
    printed = next(block for block in paper.blocks if getattr(block, "caption", "") == "各环节责任人")
    assert any("组织抽取" in row and "改了名" not in row[-1] and "（" in row[-1] for row in printed.rows)


@pytest.mark.clause("八(一)-b")
def test_what_one_person_has_done_can_be_read_alone():
    unit = make_unit()
    one, other = make_planner(unit), make_planner(unit)
    for by in (one, other):
        trail.record("inspections.report.sent", by=by, about=unit)
    page = signed_in(make_observer()).get(reverse("audit:log"), {"who": one.full_name})
    assert [entry.actor for entry in page.context["rows"]] == [one]


def test_the_page_costs_the_same_for_thirty_people():
    unit = make_unit()
    desk = signed_in(make_planner(unit))
    url = f"{reverse('registry:responsibility')}?unit={unit.code}"
    one = queries(desk, url)
    for _ in range(30):
        make_planner(unit)
    assert queries(desk, url) == one
