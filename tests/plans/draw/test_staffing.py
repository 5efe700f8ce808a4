"""Before the draw: teams that could not be made, and a rehearsal that leaves nothing behind (七(五)-b, -c; ui.md 7.2)."""

from datetime import date

import pytest
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from plans.draw import frames, ssj1, staffing
from plans.models import Draw, DrawDocument
from registry.models import Category, ConflictKind, ConflictOfInterest
from tests.browsing import FROM, enter, text_of
from tests.factories import make_facility, make_inspector, make_planner, make_unit
from tests.plans.factories import make_branch, make_plan

pytestmark = pytest.mark.django_db


def outlook_of(plan):
    return frames.outlook(plan, localtime(clock.now()))


def avoid(inspector, facility):
    by = make_planner(facility.unit)
    ConflictOfInterest.objects.create(
        inspector=inspector,
        facility=facility,
        kind=ConflictKind.OTHER,
        reason="亲属任职",
        valid_from=date(2026, 1, 1),
        asked_by=by,
        asked_at=clock.now(),
    )


def make_small_plan(at, *, inspectors=2):
    at("2026-07-02 09:00")
    unit = make_branch(key=2, general=2, special=0, inspectors=inspectors)
    return make_plan(unit)


@pytest.mark.clause("七(五)-b")
def test_a_conflict_that_leaves_one_person_is_said_before_the_draw(at, client):
    plan = make_small_plan(at)
    facility = make_facility(plan.unit, category=Category.KEY, name="清砚环保")
    avoid(plan.unit.inspectors.first(), facility)

    found = staffing.gaps(outlook_of(plan), 2)

    sentence = "回避后只剩 1 人可派往清砚环保，至少要 2 人。增加检查人员，或抽中后申请由市执法队派人"
    assert (found.count, found.sentences) == (1, (sentence,))
    enter(client, make_planner(plan.unit))
    page = text_of(client.get(f"/desk/plans/{plan.unit.code}/2026q3/edit/"))
    assert sentence in page
    assert "1 家回避后配不齐检查小组" in page


def test_certificates_until_the_end_of_the_window_scopes_and_leaders_are_counted(at):
    at("2026-07-02 09:00")
    unit = make_branch(key=1, general=0, special=0, inspectors=0)
    make_inspector(unit, can_lead=False)
    make_inspector(unit, can_lead=False)
    make_inspector(unit, certificate_to=date(2026, 8, 1))
    plan = make_plan(unit)

    (sentence,) = staffing.gaps(outlook_of(plan), 2).sentences

    assert sentence.endswith("的 2 人都不能任组长。指定组长，或抽中后申请由市执法队派人")
    (sentence,) = staffing.gaps(outlook_of(plan), 3).sentences
    assert sentence.startswith("除去执法证到期的只剩 2 人可派往")


def test_a_rehearsal_counts_places_teams_and_loads(at):
    plan = make_small_plan(at, inspectors=4)

    result = staffing.rehearse(outlook_of(plan), 2)

    assert [(line.label, line.drawn, line.shortfall) for line in result.strata] == [
        ("重点", 1, 0),
        ("一般", 1, 0),
        ("特殊", 0, 0),
    ]
    assert (result.objects, result.complete, result.open) == (2, 2, ())
    assert sum(count * people for count, people in result.loads) == 4


def test_a_rehearsal_stores_nothing_but_that_it_was_done_and_says_no_name(at, client):
    plan = make_small_plan(at, inspectors=4)
    enter(client, make_planner(plan.unit))
    names = [f.name for f in plan.unit.facilities.all()] + [i.name for i in plan.unit.inspectors.all()]
    address = f"/desk/plans/{plan.unit.code}/2026q3/rehearse/"
    before = AuditEntry.objects.filter(verb="plans.plan.rehearsed").count()

    page = client.get(address, {"run": "1"}).content.decode()

    assert page.count("试抽") > 5
    assert [name for name in names if name in page] == []
    entry = AuditEntry.objects.filter(verb="plans.plan.rehearsed").get()
    assert (before, entry.details) == (0, {"quarter": "2026Q3"} | FROM)
    assert (Draw.objects.count(), DrawDocument.objects.count()) == (0, 0)
    enter(client, make_planner(make_unit("210503")))
    assert client.get(address, {"run": "1"}).status_code == 404


def test_no_document_of_a_draw_can_carry_the_seed_of_a_rehearsal(at, monkeypatch):
    plan = make_small_plan(at, inspectors=4)
    seeds = []
    real = ssj1.select
    monkeypatch.setattr(ssj1, "select", lambda seed, *rest: seeds.append(seed) or real(seed, *rest))

    staffing.rehearse(outlook_of(plan), 2)
    staffing.rehearse(outlook_of(plan), 2)

    assert len(set(seeds)) == 2  # a new one each time, thrown away
    assert not any(ssj1.is_a("HEX", seed) for seed in seeds)
