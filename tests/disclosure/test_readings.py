"""Readings of the plan's words (domain.md 8.3) that run through several places: A-5, A-8, A-14, A-20, A-35, A-37."""

from datetime import date

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.publishing import actions as disclosing
from disclosure.publishing import rules as disclosing_rules
from inspections.frequency import counts as frequency
from inspections.indicators import figures
from inspections.indicators.facts import Scope
from inspections.models import Inspection, Source
from plans import models as plans_models
from plans.filings import actions as filings_actions
from plans.quotas import history
from registry.models import Category
from tests.disclosure.factories import make_published_plan
from tests.factories import (
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_listed,
    make_planner,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_reviewed
from tests.inspections.targeted.factories import make_approved
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db


@pytest.mark.clause("六(一)2-h", "八(二)-d")
def test_a_check_that_ends_on_the_24th_misses_the_25th_and_still_has_its_twenty_working_days(at):
    """A-4, A-5: both clocks run; only the second asks for a reason on the public page."""
    at("2026-09-24 09:00")
    inspection = make_reviewed()
    at("2026-09-28 09:00")

    assert Quarter(2026, 3).close_due(workdays.calendar()).is_over(clock.today())
    assert not disclosing_rules.is_late(inspection, clock.today())
    publication = disclosing.publish_result(inspection=inspection, by=make_disclosure_officer(inspection.unit))
    assert (publication.late_reason, inspection.publish_by) == ("", date(2026, 10, 29))


@pytest.mark.clause("七(一)1-b", "七(三)-b")
def test_a_place_on_the_positive_list_is_drawn_off_site_and_counts_as_reached(at):
    """A-8: an off-site check covers like any other."""
    unit = make_unit()
    at("2026-07-06 09:00")
    place = make_facility(unit, category=Category.KEY)
    make_listed(place, valid_from=date(2026, 1, 1))

    draw = make_held_draw(unit, key=0, general=0, special=0)

    assert [(p.facility, p.mode) for p in draw.picks.all()] == [(place, "offsite")]
    past = history.seen_and_times(unit, Quarter(2026, 4), ["A01"])
    assert past.has_seen(place.pk, Category.KEY)


@pytest.mark.clause("七(一)4-c", "一-e")
def test_a_targeted_check_is_no_random_one_but_a_visit(at):
    """A-14: not one of the two draws of an item, yet one of the year's visits."""
    unit = make_unit()
    at("2026-07-09 10:00")
    place = make_facility(unit)
    make_approved(unit, Source.COMPLAINT, facility=place)
    planner = make_planner(unit)

    assert frequency.random_times(place, 2026, planner) == []
    assert frequency.visits_of(place, 2026, planner) == 1
    assert history.seen_and_times(unit, Quarter(2026, 3), ["A01"]).times == {}
    assert figures.figure(Scope.of([unit], 2026, circle=(unit.pk,)), 8).counted == 0  # K8


@pytest.mark.clause("七(一)4-c")
def test_draws_of_city_and_branch_are_counted_together_for_a_facility_that_changed_hands(at):
    """A-13, A-20: the second unit that draws it sees what the first has done, and is warned before the limit."""
    city, branch = make_city_team(), make_unit()
    at("2026-01-06 09:00")
    place = make_facility(city, category=Category.KEY, managed_by_city=True)
    make_held_draw(city, key=0, general=0, special=0, released=True)
    place.unit, place.managed_by_city = branch, False
    place.save()

    (once,) = frequency.random_times(place, 2026, make_planner(branch))
    assert (once.times, once.words) == (1, "再抽 1 次到上限")
    at("2026-04-06 09:00")
    make_held_draw(branch, key=0, general=0, special=0, released=True)
    (twice,) = frequency.random_times(place, 2026, make_planner(branch))
    assert (twice.times, twice.words) == (2, "已到 2 次，本年不再抽取")


@pytest.mark.clause("七(六)-a")
def test_the_lead_office_is_whoever_is_appointed_that_day(at):
    """A-35: a role with a first and a last day."""
    at("2026-07-02 09:00")
    former, later = (make_user((Role.LEAD_OFFICE, make_city_team())) for _ in range(2))
    former.grants.update(valid_to=date(2026, 7, 1))
    later.grants.update(valid_from=date(2026, 7, 2))
    make_published_plan()
    plan = plans_models.QuarterlyPlan.objects.get()

    with pytest.raises(Refused, match="只有市执法队牵头部门可以签收"):
        filings_actions.receive_plan(plan=plan, by=former)
    assert filings_actions.receive_plan(plan=plan, by=later).received_at == clock.now()


@pytest.mark.clause("八(二)-d")
def test_the_result_of_a_targeted_check_is_public_in_the_same_days_with_its_source_and_no_draw(at):
    """A-37: every reviewed result goes the same way; the plan's twenty working days bind none of them less."""
    at("2026-07-09 10:00")
    inspection = make_reviewed(no="210504-2026Q3-T001", source=Source.COMPLAINT)
    assert Inspection.objects.get().draw is None

    publication = disclosing.publish_result(inspection=inspection, by=make_disclosure_officer(inspection.unit))

    assert (publication.snapshot["source_label"], publication.snapshot["draw"]) == ("投诉举报", "")
    duty = Duty.objects.get(rule="D-8", period=inspection.no)
    assert (duty.workdays, duty.closed_at) == (20, publication.published_at)
