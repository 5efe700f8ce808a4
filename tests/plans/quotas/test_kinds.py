"""What the database counts is what the lists say, row by row: plan, page before the seal and 试抽 read counts, the seal reads rows."""

import random
from collections import Counter
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji.workdays.days import Quarter
from plans.draw import frames, ssj1, staffing
from plans.quotas import history, kinds
from registry.models import Category, OperatingStatus, PollutionType
from tests.factories import make_facility, make_inspector, make_listed, make_unit
from tests.plans.draw.factories import make_published_plan
from tests.plans.draw.test_staffing import avoid

pytestmark = pytest.mark.django_db
TODAY, Q3 = date(2026, 7, 6), Quarter(2026, 3)


def make_mixed(unit, chance, number):
    """Facilities of every status, category and tag, some of them on the positive list, one entered with a later day."""
    found = []
    for _ in range(number):
        facility = make_facility(
            unit,
            category=chance.choice(Category.values),
            status=chance.choice([*OperatingStatus.values, *["OPERATING"] * 8]),
            pollution_types=chance.choice([[], ["WATER"], ["AIR"], ["AIR", "RADIATION"]]),
            scopes=chance.choice([[], [], ["RAD"]]),
        )
        if chance.random() < 0.2:
            make_listed(facility, valid_from=date(2026, 1, 1))
        found.append(facility)
    make_facility(unit, entered_on=date(2026, 8, 1))
    return found


def past_of(facilities, chance):
    """Some of them drawn before: in this quarter, twice in the year, once, in an earlier year of the cycle, or by the CARRY."""
    picks = [
        history.PastPick(f.pk, f.category, year, number, plan=year * 10 + number)
        for f in facilities
        for year, number in chance.choice(
            [(), (), ((2026, 3),), ((2026, 1), (2026, 2)), ((2026, 1),), ((2025, 4),), ((2025, 1), (2026, 2))]
        )
    ]
    codes = {pick.plan: {"A01"} for pick in picks}
    carried = [history.CarriedPick(f.pk, 2026, 3, ("A01",)) for f in chance.sample(facilities, 2)]
    return history.reckon(picks, codes, Q3, carried, {"A01"})


@pytest.mark.parametrize("positive_out", [False, True])
@pytest.mark.parametrize("seed", [1, 2])
def test_counts_are_those_of_the_rows(seed, positive_out):
    chance, unit = random.Random(seed), make_unit()
    past = past_of(make_mixed(unit, chance, 60), chance)
    given = {"positive_out": positive_out, "cap": 2, "today": TODAY}

    rows = kinds.pool_rows(unit, past, **given)
    counted = kinds.count(unit, past, **given)

    assert counted == Counter(row.kind for row in rows)
    assert {"in", "out:NOW", "out:CAP", "out:HALT"} <= {kind.state for kind in counted}
    assert len(rows) == 60  # whoever is entered with a later day is in none of them
    for category in Category.values:
        own = [row.kind for row in rows if row.kind.category == category]
        lines = [ssj1.FrameRow("x", "x", (), kind.mode, 0, kind.seen, kind.state) for kind in own]
        assert kinds.counts_of(counted, category) == ssj1.counts(lines)


def test_who_can_be_drawn_is_the_same_in_counts_groups_and_lists(at, monkeypatch):
    at("2026-07-06 10:00")
    chance, unit = random.Random(3), make_unit()
    facilities = make_mixed(unit, chance, 60)
    plan = make_published_plan(unit, key=0, general=0, special=0, inspectors=4, positive_out=True)
    past = past_of(facilities, chance)
    monkeypatch.setattr(history, "seen_and_times", lambda *_, **__: past)
    person = unit.inspectors.order_by("code").first()
    for facility in facilities[:5]:
        avoid(person, facility)

    outlook = frames.outlook(plan, plan.created_at)

    strata = {stratum.category: stratum.rows for stratum in outlook.strata()}
    drawable = {category: [row for row in rows if row.state == "in"] for category, rows in strata.items()}
    assert [line.counts for line in outlook.lines] == [ssj1.counts(strata[line.category]) for line in outlook.lines]
    assert [line.total for line in outlook.lines] == [len(strata[line.category]) for line in outlook.lines]
    assert frames.drawable_ids(outlook) == {c: [(row.id, row.seen) for row in rows] for c, rows in drawable.items()}
    out = [(row.id, row.state) for c in frames.LAW_ORDER for row in strata[c] if row.state != "in"]
    left = frames.with_reasons(outlook, frames.left_out(outlook))
    assert [(facility.code, state) for facility, state in left] == out and len(out) > 5
    assert sum(line.out for line in outlook.lines) == len(out)
    groups = frames.drawable_alike(outlook)
    barred = {bar.object for bar in outlook.bars}
    single = [(c, row.id if row.id in barred else "", row.scopes) for c, rows in drawable.items() for row in rows]
    like = Counter()
    for group in groups:
        like[group.category, group.code if group.code in barred else "", group.scopes] += group.count
    assert like == Counter(single)
    everybody = frames.first_of(outlook, groups, 100)
    assert [code for code, *_ in everybody] == [row.id for c in frames.LAW_ORDER for row in drawable[c]]
    assert frames.scopes_by_code(outlook, ["none", *(code for code, *_ in everybody)]) == {
        row.id: row.scopes for rows in drawable.values() for row in rows
    }


@pytest.mark.story("O-scale")
@pytest.mark.parametrize("plan_asks", [frames.outlook, lambda plan, now: staffing.gaps(frames.outlook(plan, now), 99)])
def test_the_queries_do_not_grow_and_nothing_is_read_row_by_row(at, plan_asks):
    at("2026-07-06 10:00")
    unit = make_unit()
    plan = make_published_plan(unit, key=1, general=0, special=0)

    def asked():
        with CaptureQueriesContext(connection) as seen:
            plan_asks(plan, plan.created_at)
        return len(seen)

    before = asked()
    for _ in range(30):
        make_facility(unit, pollution_types=[PollutionType.WATER], category=Category.KEY)
        make_inspector(unit)
    assert asked() == before


def test_gaps_name_the_first_and_count_the_rest(at):
    at("2026-07-06 10:00")
    plan = make_published_plan(key=4, general=4, special=0, inspectors=1)

    found = staffing.gaps(frames.outlook(plan, plan.created_at), 2)

    assert (found.count, len(found.sentences)) == (8, 6)
    names = list(plan.unit.facilities.filter(category=Category.KEY).order_by("code").values_list("name", flat=True))
    assert all(name in sentence for name, sentence in zip(names, found.sentences, strict=False))
    assert found.sentences[-1] == "还有 3 家也配不齐检查小组"


def test_a_rehearsal_makes_the_teams_of_the_first_and_says_so(at, client, monkeypatch):
    from tests.browsing import enter, text_of

    at("2026-07-06 10:00")
    monkeypatch.setattr(staffing, "MOST_STAFFED", 1)
    plan = make_published_plan(key=8, general=8, special=0)

    result = staffing.rehearse(frames.outlook(plan, plan.created_at), 2)

    assert (result.objects, result.staffed, result.complete) == (6, 1, 1)
    enter(client, plan.created_by)
    page = text_of(client.get(f"/desk/plans/{plan.unit.code}/2026q3/rehearse/", {"run": "1"}))
    assert "共试配最先抽到的 1 家" in " ".join(page.split())
