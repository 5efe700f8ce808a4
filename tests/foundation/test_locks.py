"""A row is held by one statement, which is written once; what it finds is what Django finds."""

import threading
import time

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji.accounts.models import Unit, User
from registry.models import Facility
from tests import database
from tests.factories import make_facility, make_planner, make_unit


@pytest.mark.django_db
@pytest.mark.parametrize("along", [(), ("unit",), ("unit", "unit__parent")])
@pytest.mark.parametrize("fresh_keys", [False, True])
def test_the_row_is_what_django_would_have_read_and_held(along, fresh_keys):
    facilities = [make_facility(make_unit()), make_facility(make_unit("210503"))]
    held = Facility.objects.select_for_update(of=("self",), no_key=fresh_keys)
    held = held.select_related(*along) if along else held
    Facility.objects.locked(facilities[0].pk, *along, fresh_keys=fresh_keys)
    for facility in facilities:
        with CaptureQueriesContext(connection) as asked:
            ours = Facility.objects.locked(facility.pk, *along, fresh_keys=fresh_keys)
        with CaptureQueriesContext(connection) as expected:
            (theirs,) = held.filter(pk=facility.pk).order_by()
        assert [q["sql"] for q in asked] == [q["sql"] for q in expected] and "FOR " in asked[0]["sql"]
        fields = [field.attname for field in Facility._meta.concrete_fields]
        assert [getattr(ours, f) for f in fields] == [getattr(theirs, f) for f in fields]
        assert (ours._state.db, ours._state.adding) == (theirs._state.db, False)
        with CaptureQueriesContext(connection) as more:
            assert ours.unit == theirs.unit == facility.unit
        assert len(more) == (0 if along else 2)


@pytest.mark.django_db
def test_a_row_as_it_is_now_is_read_each_time():
    user = make_planner(make_unit())
    assert User.objects.locked(user.pk).full_name == user.full_name
    User.objects.filter(pk=user.pk).update(full_name="改名")
    assert User.objects.locked(user.pk).full_name == "改名"


@pytest.mark.django_db
def test_what_was_asked_of_the_rows_before_still_counts():
    unit, other = make_unit(), make_unit("210503")
    facility = make_facility(unit)
    assert unit.facilities.locked(facility.pk) == facility
    for narrowed in (other.facilities, Facility.objects.filter(unit=other), Facility.objects.none()):
        with pytest.raises(Facility.DoesNotExist):
            narrowed.locked(facility.pk)
    assert Facility.objects.only("name").locked(facility.pk).get_deferred_fields()


@pytest.mark.django_db
@pytest.mark.parametrize("pk", [0, -1, 2**62, 2**70])
def test_a_row_that_is_not_there_is_not_found(pk):
    with pytest.raises(Unit.DoesNotExist):
        Unit.objects.locked(pk)


def test_nothing_is_held_outside_a_transaction(own_database):
    unit = make_unit()
    with transaction.atomic():
        assert Unit.objects.locked(unit.pk) == unit
    with pytest.raises(TransactionManagementError):
        Unit.objects.locked(unit.pk)


def test_who_waits_for_a_row_that_then_points_elsewhere_finds_it_as_it_is_now(own_database):
    """The act before has moved the facility to another unit: PostgreSQL joins what it finds with the unit of before."""
    unit, other = make_unit(), make_unit("210503")
    facility = make_facility(unit)
    found, waits = [], threading.Event()

    def second():
        try:
            with transaction.atomic():
                waits.set()
                found.append(Facility.objects.locked(facility.pk, "unit").unit)
        finally:
            connection.close()

    with transaction.atomic():
        Facility.objects.locked(facility.pk, "unit")
        thread = threading.Thread(target=second)
        thread.start()
        waits.wait(30)
        with database.owner_connection(name=own_database) as owner:
            for _ in range(300):
                owner.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
                )
                if owner.fetchone()[0]:
                    break
                time.sleep(0.05)
        Facility.objects.filter(pk=facility.pk).update(unit=other)
    thread.join(60)
    assert found == [other]
