"""What the draw reads from the registries: on a day, in the order of the codes, in a fixed number of queries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry.frames import conflicts_for_roster, facilities_for_frame, inspectors_for_roster, public_name
from registry.models import ConflictOfInterest, Facility, InspectorAbsence
from tests.factories import make_city_team, make_facility, make_inspector, make_listed, make_registrar, make_unit

pytestmark = pytest.mark.django_db
DAY, WINDOW = date(2026, 7, 6), (date(2026, 7, 10), date(2026, 9, 25))


def test_facilities_come_with_what_the_registry_knew_on_that_day():
    unit = make_unit()
    listed = make_facility(unit, code="B", status="SUSPENDED", scopes=["RAD", "HW"], category="special")
    make_facility(unit, code="A", name="张三养殖户", is_natural_person=True)
    make_facility(unit, code="C", entered_on=date(2026, 7, 7))
    make_facility(make_unit("210503"), code="D")
    make_listed(listed, valid_from=date(2026, 1, 1))
    found = facilities_for_frame(unit, DAY)
    assert [(f.code, f.name, f.category, f.scopes, f.status, f.positive) for f in found] == [
        ("A", "张**", "general", (), "OPERATING", False),
        ("B", listed.name, "special", ("HW", "RAD"), "SUSPENDED", True),
    ]


@pytest.mark.parametrize(("until", "positive"), [(date(2026, 7, 6), False), (date(2026, 7, 7), True), (None, True)])
def test_the_positive_list_counts_until_the_day_of_leaving(until, positive):
    unit = make_unit()
    make_listed(make_facility(unit), valid_from=date(2026, 1, 1), valid_to=until)
    assert facilities_for_frame(unit, DAY)[0].positive is positive


def test_a_natural_person_is_masked_and_a_firm_is_not():
    unit = make_unit()
    assert public_name(make_facility(unit, name="欧阳四", is_natural_person=True)) == "欧**"
    assert public_name(make_facility(unit, name="欧阳四铸造厂")) == "欧阳四铸造厂"


@pytest.mark.clause("六(三)-c")
def test_the_roster_holds_the_unit_its_section_and_whoever_carries_it_out():
    unit, team = make_unit(), make_city_team()
    section = make_unit("210504-S", kind="COUNTY_SECTION", name="明山执法科", serves=unit)
    office = make_unit("210500-1", kind="HQ_SECTION", name="局机关科", parent=team)
    make_inspector(unit, code="A1")
    make_inspector(section, code="A2", certificate_no="", certificate_from=None, certificate_to=None)
    make_inspector(section, code="A3", certificate_to=date(2026, 9, 24))
    make_inspector(section, code="A4", left_on=date(2026, 7, 1))
    make_inspector(office, code="T1")
    make_inspector(make_unit("210503"), code="X1")
    own = inspectors_for_roster(unit, None, WINDOW)
    assert [i.code for i in own] == ["A1", "A2", "A3"]
    assert [i.out() for i in own] == ["", "NOCERT", ""]
    assert [i.certified_through(WINDOW[1]) for i in own] == [True, False, False]
    assert [i.code for i in inspectors_for_roster(unit, team, WINDOW)] == ["A1", "A2", "A3", "T1"]


@pytest.mark.clause("六(三)-p")
@pytest.mark.parametrize(
    ("start", "end", "out"),
    [
        (date(2026, 6, 1), date(2026, 7, 9), ""),
        (date(2026, 6, 1), date(2026, 7, 10), "LEAVE"),
        (date(2026, 9, 25), None, "LEAVE"),
        (date(2026, 9, 26), None, ""),
    ],
)
def test_an_absence_that_touches_the_window_keeps_somebody_out(start, end, out):
    unit = make_unit()
    InspectorAbsence.objects.create(inspector=make_inspector(unit), kind="LEAVE", starts_on=start, ends_on=end)
    assert inspectors_for_roster(unit, None, WINDOW)[0].out() == out


@pytest.mark.clause("六(三)-p")
def test_somebody_who_is_not_in_his_post_is_out():
    unit = make_unit()
    make_inspector(unit, employment="OFF_POST")
    assert inspectors_for_roster(unit, None, WINDOW)[0].out() == "POST"


@pytest.mark.clause("七(五)-c")
def test_interests_in_force_are_bars():
    unit = make_unit()
    person, facility, by = make_inspector(unit, code="A1"), make_facility(unit, code="F1"), make_registrar(unit)
    past, later = make_facility(unit, code="F2"), make_facility(unit, code="F3")
    for where, start, end in (
        (facility, date(2026, 1, 1), None),
        (past, date(2025, 1, 1), date(2026, 7, 5)),
        (later, date(2026, 7, 7), None),
    ):
        ConflictOfInterest.objects.create(
            inspector=person,
            facility=where,
            kind="RELATIVE",
            reason="亲属",
            valid_from=start,
            valid_to=end,
            asked_by=by,
            asked_at="2026-01-01T00:00:00+08:00",
        )
    assert conflicts_for_roster(["A1"], Facility.objects.all(), DAY) == [("A1", "F1", "RELATIVE")]
    assert conflicts_for_roster(["A1"], Facility.objects.filter(code="F2"), DAY) == []


def test_the_number_of_queries_does_not_grow():
    unit = make_unit()

    def queries():
        with CaptureQueriesContext(connection) as seen:
            facilities_for_frame(unit, DAY)
            inspectors_for_roster(unit, None, WINDOW)
            conflicts_for_roster(["A"], Facility.objects.all(), DAY)
        return len(seen)

    make_facility(unit), make_inspector(unit)
    one = queries()
    for _ in range(20):
        make_facility(unit), make_inspector(unit)
    assert queries() == one == 4
