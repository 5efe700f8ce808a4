"""L-5: what the public reads is what the rows say, with its day, its sum and what it leaves out (七(一)1-b, 七(六)-b)."""

from types import SimpleNamespace

import pytest
from django.test import Client

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.draws import coverage
from disclosure.publishing.actions import publish_result
from disclosure.site import figures
from inspections.coverage import pace
from inspections.coverage.gaps import CoverageList
from inspections.models import Inspection
from inspections.review.actions import review_result
from plans.quarterly import actions as planning
from plans.quarterly.public_facts import PlanFacts
from registry.models import Category, OperatingStatus
from tests.disclosure.factories import make_published_plan
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_facility,
    make_observer,
    make_planner,
    make_unit,
)
from tests.inspections.factories import answer_all, checked, finish, make_dispatched, ready, start
from tests.plans.draw.factories import make_held_draw, make_sealed_draw
from tests.plans.factories import make_branch
from tests.recomputed.pages import sums

pytestmark = pytest.mark.django_db
NONE = {"key": 0, "general": 0, "special": 0, "inspectors": 0}


def tiles() -> dict[str, dict]:
    return {tile["label"]: tile for tile in Client().get("/").context["home"].stats}


@pytest.mark.clause("七(一)1-b")
def test_l05_who_was_drawn_twice_is_covered_and_who_has_closed_stays_in_the_sum(at):
    unit = make_unit()
    at("2026-01-05 10:00")
    first = make_held_draw(unit, released=True, **NONE | {"key": 2, "inspectors": 4})
    (drawn,) = first.picks.all()
    checked(first)
    left = unit.facilities.exclude(pk=drawn.facility_id).get()
    left.status = OperatingStatus.CLOSED
    left.save()
    at("2026-04-06 10:00")
    checked(make_held_draw(unit, released=True, **NONE))
    at("2026-07-06 10:00")
    third = make_sealed_draw(unit, **NONE)
    text = third.documents.get(kind="FRAME", text__contains=f"stratum\t{unit.code}\tkey").text
    assert f"{drawn.facility.code}\t" in text and "\t2\t1\tout:CAP" in text

    tile = tiles()["本年重点对象已抽中"]
    assert (tile["figure"], tile["unit"]) == ("1", "/ 2 家")
    assert "按到 7 月 6 日封存的名单，没抽到的里停产停业 1 家" in tile["note"]
    assert {f.code for f in CoverageList.of_key(unit, 2026).facilities()} == {left.code, drawn.facility.code}


@pytest.mark.clause("七(一)-a", "七(一)1-b")
def test_l05_one_figure_of_who_is_not_drawn_yet_and_a_sum_that_gives_the_number(client, at, monkeypatch):
    at("2026-07-06 10:00")
    draw = make_held_draw(make_unit(), key=9, general=20)
    unit = draw.unit
    make_facility(unit, category=Category.KEY, status=OperatingStatus.SUSPENDED)
    at("2026-08-19 10:00")
    plan = planning.draft_plan(unit=unit, quarter=Quarter(2026, 4), by=make_planner(unit))
    key, general, _ = PlanFacts.of(plan, now=clock.now()).strata

    listing = CoverageList.of_key(unit, 2026)
    words = "（到 8 月 19 日，没有公开的名单里按优先名额扣除 4 家，不含停产等不参加抽取的 1 家）"
    assert key.unseen == pace.key_pool(unit, Quarter(2026, 3), clock.today()).U == 5
    assert f"还有 5 家没抽到{words}" in key.lines[1]
    monkeypatch.setattr(pace, "places_left", lambda *_: (0, 1))
    assert f"还有 5 家重点对象本年没有抽到{words}" in pace.why_key_behind(listing, clock.today())
    for stratum in (key, general):
        reckoned = list(sums("；".join(stratum.lines)))
        assert [wrong for wrong, _ in reckoned if wrong] == []
        assert max(number for _, number in reckoned) == stratum.planned
        assert stratum.lines[-1].endswith(f"抽 {stratum.planned} 家")
    for reader in (make_planner(unit), make_observer()):
        client.force_login(reader)
        page = client.get(plan.get_absolute_url()).content.decode()
        assert all(line in page for line in (*key.lines, *general.lines))


@pytest.mark.clause("七(六)-b")
def test_l05_a_share_of_the_city_names_the_unit_that_held_no_draw(at):
    at("2026-07-06 10:00")
    make_held_draw(make_unit("210504"), released=True)
    make_unit("210505", name="南芬分局")
    at("2026-10-05 10:00")
    make_published_plan(make_branch(code="210502"), quarter=Quarter(2026, 4))
    tile = tiles()["第三季度结果公开"]
    assert tile["note"].endswith("家已公开 0 家；不含没有抽取的市执法队、分局210502、南芬分局")
    assert "不含没有封存名单的" in tiles()["监管对象"]["note"]


@pytest.mark.clause("七(六)-b")
def test_l05_a_result_of_who_was_replaced_does_not_stand_for_who_was_never_checked():
    check = make_dispatched(unit := make_unit())[0]
    ready(check)
    answer_all(start(check))
    finish(check)
    reviewed = review_result(inspection=Inspection.objects.get(pk=check.pk), by=make_approver(unit))
    draw = publish_result(inspection=reviewed, by=make_disclosure_officer(unit)).snapshot["draw"]
    place = check.facility.code

    def counted(standing):
        held = [SimpleNamespace(draw_id=draw)]
        return figures.results_of_standing(held, {draw: coverage.Lists({}, standing, frozenset({"BX-9"}))})

    assert draw == check.draw.draw_id
    assert [counted(frozenset({place, "another"})), counted(frozenset({"another"})), counted(None)] == [1, 0, 1]
