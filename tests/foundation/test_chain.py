"""The trail's chain: sealed entry by entry, and a change to any of them is found (reliability.md P11)."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry, AuditLink
from registry.imports import copying
from registry.models import Facility
from tests import database
from tests.factories import make_planner, make_unit


def act(n):
    unit = make_unit()
    user = make_planner(unit)
    for i in range(n):
        trail.record("test.acted", by=user, about=unit, number=i)


@pytest.mark.clause("七(五)-n")
def test_sealing_links_every_entry_once(own_database):
    act(5)
    assert trail.seal() == AuditEntry.objects.count()
    assert trail.seal() == 0
    verdict = trail.verify()
    assert (verdict.checked, verdict.broken_at, verdict.unsealed) == (AuditEntry.objects.count(), None, 0)


@pytest.mark.promise("P11")
@pytest.mark.clause("七(五)-n")
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_auditentry SET details = '{}' WHERE id = (SELECT entry_id FROM audit_auditlink WHERE seq = 3)",
        "UPDATE audit_auditentry SET at = at + interval '1 second' WHERE id = (SELECT entry_id FROM audit_auditlink WHERE seq = 3)",
        "UPDATE audit_auditlink SET link = repeat('a', 64) WHERE seq = 3",
        "DELETE FROM audit_auditlink WHERE seq = 3",
    ],
)
def test_tampering_by_the_owner_is_found_at_the_right_place(own_database, tampering):
    act(6)
    trail.seal()
    with database.owner_connection(name=own_database) as cursor:
        for table in ("audit_auditentry", "audit_auditlink"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER sealed_rows")
        cursor.execute(tampering)
    assert trail.verify().broken_at in (3, 4)


def test_a_link_that_does_not_follow_is_refused(own_database):
    act(1)
    entry = AuditEntry.objects.first()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditLink.objects.create(seq=7, entry=entry, prev="0" * 64, link="1" * 64)


@pytest.mark.promise("P11")
def test_an_entry_of_a_running_transaction_waits_for_its_turn(own_database):
    act(1)
    with database.owner_connection(name=own_database) as cursor:
        cursor.execute("BEGIN")
        cursor.execute(
            "INSERT INTO audit_auditentry (verb, about_type, about_key, details) VALUES ('slow', '', '', '{}')"
        )
        act(1)
        first = trail.seal()
        cursor.execute("COMMIT")
        second = trail.seal()
    assert first + second == AuditEntry.objects.count()
    assert trail.verify().broken_at is None
    linked = list(AuditLink.objects.order_by("seq").values_list("entry__xid", flat=True))
    assert linked == sorted(linked)  # what began earlier stands earlier, however long it took


def test_the_clock_is_the_databases(own_database):
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('demo_clock') IS NOT NULL")
        assert cursor.fetchone() == (True,)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE demo_clock SET shown = now()")


@pytest.mark.clause("七(五)-n")
def test_a_transaction_of_another_database_does_not_hold_the_trail_up(own_database):
    act(2)
    with database.copy_of_template(own_database + "_b"), database.owner_connection(name=own_database + "_b") as cursor:
        cursor.execute("BEGIN")
        cursor.execute("UPDATE accounts_unit SET name = name")
        cursor.execute("SELECT pg_current_xact_id()")
        act(1)
        assert trail.seal() == AuditEntry.objects.count()
        cursor.execute("COMMIT")


def entries_of(write) -> list[tuple]:
    """What the trail says of one way of writing, but for the numbers that every row has of its own."""
    last = AuditEntry.objects.order_by("pk").last().pk
    write()
    written = AuditEntry.objects.filter(pk__gt=last).order_by("pk")
    for entry in written:
        assert entry.about_key == str(entry.details["new"].pop("id")) and len(entry.details) == 1
    return [(e.at, e.verb, e.login, e.actor_id, e.unit_id, e.about_type, e.details, e.xid != 0) for e in written]


def facility_rows(unit) -> list[dict]:
    usual = {"unit_id": unit.pk, "division_code": "210504", "entered_on": "2026-01-01", "search_text": "x"}
    return [
        usual | {"code": f"X{n}", "name": f"甲“{n}”厂", "longitude": Decimal("123.6"), "scopes": ["HW"] * (n % 2)}
        for n in range(3)
    ]


@pytest.mark.promise("P10")
@pytest.mark.django_db
def test_many_rows_at_once_leave_the_trail_that_single_rows_leave():
    unit = make_unit()
    by = make_planner(unit)
    trail.act_as(by)
    one = entries_of(lambda: [Facility.objects.create(**row) for row in facility_rows(unit)])
    Facility.objects.all().delete()
    copied = entries_of(lambda: copying.copy_in(Facility, facility_rows(unit)))
    Facility.objects.all().delete()
    together = entries_of(lambda: Facility.objects.bulk_create([Facility(**row) for row in facility_rows(unit)]))
    assert one == copied == together
    assert {(login, actor) for _, _, login, actor, *_ in one} == {(connection.settings_dict["USER"], by.pk)}
    assert "search_text" not in one[0][6]["new"]


@pytest.mark.django_db
def test_nobody_stamps_an_entry_himself():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditentry (at, login, xid, verb, about_type, about_key, details)"
            " VALUES ('2020-01-01', 'somebody', 1, 'test.acted', '', '', '{}')"
        )
        cursor.execute("SELECT sj_now(), session_user::text, pg_current_xact_id()::text::bigint")
        stamp = cursor.fetchone()
    make_unit()
    for entry in AuditEntry.objects.all():
        assert (entry.at, entry.login, entry.xid) == stamp
