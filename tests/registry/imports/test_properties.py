"""What must hold for any grounds and any import: the label follows from the grounds of the day, a withdrawal leaves no trace.

That any sequence of changes can be replayed to any day stands in test_past.py.
Whatever an office makes of an exported table on paper or screen, read again it changes nothing (reliability.md P18).
"""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.facilities import actions as facilities_actions
from registry.facilities import past, recompute
from registry.imports import actions as imports_actions
from registry.models import BatchKind, BatchState, Category, ChangeProposal, Facility, Ground, OperatingStatus
from registry.proposals import actions as proposals_actions
from tests import database
from tests.factories import make_registrar, make_unit
from tests.registry.factories import approved, approved_ground, approved_import
from tests.registry.imports import decorated as d
from tests.registry.imports.test_imports import check, state
from tests.registry.imports.test_round_trips import a_registry, exported, lines_of, people
from tests.registry.workbooks import credit_code, facility_row

pytestmark = pytest.mark.django_db
SLOW = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
START = date(2026, 3, 1)
# One year-list, one case of last year, one with a window, one that stays: every way in which a ground can end.
BY_HAND = [Ground.KF1, Ground.KF7, Ground.SF1, Ground.SF2A, Ground.SF5]
GROUNDS = st.lists(
    st.tuples(st.sampled_from(BY_HAND), st.integers(0, 40), st.none() | st.integers(1, 60)),
    max_size=4,
    unique_by=lambda ground: ground[0],
)
DAYS = [START + timedelta(days=n) for n in (0, 30, 70)] + [
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 3, 31),
    date(2027, 4, 1),
]


def expected(grounds, day) -> str:
    """The label by hand: no look into the code under test."""
    held = set()
    for kind, begins, lasts in grounds:
        first = START + timedelta(days=begins)
        last = {
            Ground.KF1: date(2027, 3, 31),  # the list of 2026 stands until the next must be there
            Ground.SF1: date(2026, 12, 31),  # a case of 2025 makes special throughout 2026
            Ground.SF2A: first.replace(year=2027) - timedelta(days=1),  # twelve months
        }.get(kind, date.max)
        if lasts is not None:
            last = min(last, first + timedelta(days=lasts - 1))
        if first <= day <= last:
            held.add("special" if kind.startswith("SF") else "key")
    return "special" if "special" in held else "key" if "key" in held else "general"


@SLOW
@given(grounds=GROUNDS)
@pytest.mark.clause("六(二)-r", "六(二)-am", "六(二)-al")
def test_the_label_is_a_function_of_the_grounds_in_force_that_day(at, grounds):
    """Whatever was entered when, every day shows the label that the grounds of that day make, then and afterwards."""
    with transaction.atomic():
        at(datetime(2026, 3, 1, 9, tzinfo=database.CHINA))
        unit = make_unit()
        by = make_registrar(unit)
        facility = facilities_actions.add_facility(
            unit=unit, values={"name": "甲厂", "uscc": credit_code()}, reason="新建投产", by=by
        )
        events = [(START + timedelta(days=begins), 0, kind) for kind, begins, _ in grounds]
        events += [(START + timedelta(days=begins + lasts), 1, kind) for kind, begins, lasts in grounds if lasts]
        events += [(day, 2, "look") for day in DAYS]
        for day, what, kind in sorted(events):
            at(datetime(day.year, day.month, day.day, 9, tzinfo=database.CHINA))
            recompute.recompute_categories()
            if what == 0:
                approved_ground(facility, kind, by=by, on=day)
            elif what == 1:
                ground = facility.grounds.get(kind=kind, valid_to=None)
                approved(proposals_actions.propose_ground_end(ground=ground, reason="不再符合", on=day, by=by))
            else:
                facility = Facility.objects.get(pk=facility.pk)
                assert facility.category == expected(grounds, day), day
        for day in DAYS:
            assert past.facility_on(facility, day).category == expected(grounds, day), f"{day}, seen later"
        transaction.set_rollback(True)


CELLS = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["改名厂", "又一厂"]),
        "address": st.sampled_from(["新街 1 号", "新街 2 号"]),
        "permit_category": st.sampled_from(["重点管理", "简化管理"]),
        "credit_level": st.sampled_from(["严重失信", "良好"]),
        "pollution_types": st.sampled_from(["水", "水、大气"]),
        "key_grounds": st.just("重金属"),
        "special_grounds": st.just("环境风险等级高"),
        "status": st.sampled_from(["停产", "在产"]),
        "positive": st.just("是"),
    },
)


@SLOW
@given(before=st.lists(CELLS, min_size=1, max_size=4), after=st.lists(CELLS, min_size=1, max_size=6))
@pytest.mark.clause("六(二)-f")
def test_the_withdrawal_of_any_import_restores_the_exact_previous_state(at, before, after):
    """Rows beyond those that stand in the registry are new ones; the others change what is there, or change nothing."""
    with transaction.atomic():
        at(datetime(2026, 3, 1, 9, tzinfo=database.CHINA))
        unit = make_unit()
        by = make_registrar(unit)
        codes = [credit_code() for _ in range(max(len(before), len(after)))]
        approved_import(imports_actions.confirm_import(batch=check(_rows(before, codes), unit=unit, by=by), by=by))
        assert Facility.objects.count() == len(before)
        stood = state()
        at(datetime(2026, 3, 2, 9, tzinfo=database.CHINA))
        batch = check(_rows(after, codes), unit=unit, by=by)
        if batch.counts["added"] + batch.counts["changed"]:
            batch = imports_actions.confirm_import(batch=batch, by=by)
            assert state() != stood or ChangeProposal.objects.pending().exists()
            batch = imports_actions.withdraw_import(batch=batch, by=by)
            assert batch.state == BatchState.WITHDRAWN and not ChangeProposal.objects.pending().exists()
        assert state() == stood
        assert {f.category for f in Facility.objects.all()} <= set(Category)
        assert {f.status for f in Facility.objects.all()} <= {OperatingStatus.OPERATING, OperatingStatus.SUSPENDED}
        transaction.set_rollback(True)


def _rows(cells, codes):
    always = {"key_evidence": "甲号文", "special_evidence": "乙号文", "positive_batch": "第一批"}
    dated = {"status_on": "2026-02-20", "status_evidence": "核查"}
    return [
        facility_row(**{"name": f"厂{n}", "uscc": code, **always, **dated, **fields})
        for n, (fields, code) in enumerate(zip(cells, codes, strict=False))
    ]


FACILITY_WAYS = {
    "名称": d.OF_NAMES,
    "统一社会信用代码": d.OF_CODES,
    "排污许可有效期至": d.OF_DAYS,
    "纳入名录日期": d.OF_DAYS,
    "联系电话": d.OF_PEOPLE[:1],
}
INSPECTOR_WAYS = {
    "姓名": d.OF_PEOPLE,
    "执法证号": d.OF_CODES[:3],
    "执法证有效期起": d.OF_DAYS,
    "执法证有效期止": d.OF_DAYS,
}
FEW = settings(SLOW, max_examples=8)


@pytest.mark.parametrize("kind", [BatchKind.FACILITY, BatchKind.INSPECTOR])
def test_an_exported_table_that_an_office_has_dressed_up_reads_back_the_same(kind):
    """Columns shuffled, titles, sums, notes, blank rows and heads again, full-width letters, blanks, brackets, other dates."""
    unit = make_unit()
    by = make_registrar(unit)
    if kind == BatchKind.FACILITY:
        a_registry(unit)
        content, number, ways, names, kept = exported(), 6, FACILITY_WAYS, "名称", ("名称", "自然人")
    else:
        content, number, ways, names, kept = people(unit), 3, INSPECTOR_WAYS, "姓名", ("姓名",)

    @FEW
    @given(how=d.DECORATIONS)
    def reads_back_the_same(how):
        batch = check(d.decorated(content, how, ways, names=names, kept=kept), unit=unit, by=by, kind=kind)
        assert batch.state == BatchState.CHECKED, batch.trouble
        assert (lines_of(batch), batch.counts["unchanged"]) == ([], number)

    reads_back_the_same()
