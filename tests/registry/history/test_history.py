"""The history of a record cannot be altered unnoticed: linked by the database, checked on the page, locked when broken."""

import hashlib
import threading
from datetime import date

import pytest
from django.db import connection, connections, transaction

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from registry.facilities import actions as facilities_actions
from registry.facilities import chain as history
from registry.inspectors import actions as inspectors_actions
from registry.models import Facility, FacilityChange, InspectorChange
from tests import database
from tests.factories import make_facility, make_inspector, make_registrar, make_unit
from tests.registry.workbooks import credit_code


def changed_three_times():
    unit = make_unit()
    by = make_registrar(unit)
    facility = facilities_actions.add_facility(
        unit=unit, values={"name": "甲厂", "uscc": credit_code()}, reason="新建投产", by=by
    )
    for n, address in enumerate(("甲路", "乙路"), start=1):
        facilities_actions.change_facility(
            facility=facility, values={"address": address}, version=n, reason="企业搬家", by=by
        )
    return Facility.objects.get(pk=facility.pk), by


@pytest.mark.django_db
@pytest.mark.clause("六(二)-f")
def test_each_entry_holds_the_digest_of_the_one_before_it():
    facility, _ = changed_three_times()
    entries = list(facility.changes.order_by("seq"))
    assert [e.seq for e in entries] == [1, 2, 3]
    assert history.check(facility) == history.Verdict(3, None, None)
    # Recomputed here, not by the function that wrote it.
    before = ""
    for entry in entries:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT jsonb_build_array(id, seq, facility_id, facility_code, kind, effective_on, reason, evidence,"
                ' entered_by_id, approved_by_id, batch_id, extract(epoch FROM at))::text, "values"::text'
                " FROM registry_facilitychange WHERE id = %s",
                [entry.pk],
            )
            head, values = cursor.fetchone()
        before = hashlib.sha256(f"{before}|{head}|{values}".encode()).hexdigest()
        assert entry.digest == before


@pytest.mark.django_db
def test_number_and_digest_are_the_databases_whatever_the_caller_says():
    facility, by = changed_three_times()
    last = facility.changes.order_by("-seq").first()
    lie = FacilityChange(
        facility=facility,
        facility_code=facility.code,
        kind="CHANGED",
        effective_on=date(2026, 7, 6),
        reason="伪造",
        entered_by=by,
        at=last.at,
        seq=2,
        digest="f" * 64,
    )
    lie.save(force_insert=True)
    lie.refresh_from_db()
    assert lie.seq == 4
    assert lie.digest != "f" * 64
    assert history.check(facility).whole


@pytest.mark.django_db
def test_people_have_the_same_chain():
    unit = make_unit()
    person, by = make_inspector(unit), make_registrar(unit)
    for n, words in enumerate(("副科长", "科长"), start=1):
        inspectors_actions.change_inspector(
            inspector=person, values={"position": words}, version=n, reason="职务调整", by=by
        )
    assert list(InspectorChange.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]
    assert history.check(person) == history.Verdict(2, None, None)


def tamper(name, *statements):
    """What only the owner of the tables could do, with the seal taken off."""
    with database.owner_connection(name=name) as cursor:
        cursor.execute("ALTER TABLE registry_facilitychange DISABLE TRIGGER sealed_rows")
        for statement in statements:
            cursor.execute(statement)


FORGERIES = {
    "a value": ("""UPDATE registry_facilitychange SET "values" = '{"address": ["", "丙路"]}' WHERE seq = 2""", 2, None),
    "the day": ("UPDATE registry_facilitychange SET effective_on = '2026-03-01' WHERE seq = 2", 2, None),
    "who did it": ("UPDATE registry_facilitychange SET approved_by_id = entered_by_id WHERE seq = 3", 3, None),
    "one taken out": ("DELETE FROM registry_facilitychange WHERE seq = 2", 2, 2),
    "the last taken out": ("DELETE FROM registry_facilitychange WHERE seq = 3", None, 3),
    "another record's": ("UPDATE registry_facilitychange SET facility_code = 'X' WHERE seq = 1", 1, None),
}


@pytest.mark.parametrize("what", FORGERIES)
@pytest.mark.clause("六(二)-f")
def test_a_forged_entry_is_found_and_the_record_takes_no_more_changes(own_database, client, what):
    statement, broken_at, missing = FORGERIES[what]
    facility, by = changed_three_times()
    assert history.check(facility).whole
    tamper(own_database, statement)
    verdict = history.check(facility)
    assert (verdict.broken_at, verdict.missing) == (broken_at, missing)
    with pytest.raises(Refused, match=f"历史对不上.*第 {broken_at or missing} 条"):
        facilities_actions.change_facility(
            facility=facility, values={"address": "丁路"}, version=3, reason="企业搬家", by=by
        )
    client.force_login(by)
    page = client.get(facility.get_absolute_url()).content.decode()
    assert f"第 {broken_at or missing} 条" in page
    assert f"/desk/objects/{facility.code}/change/" not in page
    assert "历史完好" not in client.get(facility.get_absolute_url() + "?verify=1").content.decode()


def test_an_entry_rewritten_with_its_digest_is_found_by_the_next_and_by_the_trail(own_database):
    facility, _ = changed_three_times()
    tamper(
        own_database,
        # The digest of the changed entry is computed anew, as a forger with the owner's rights could.
        """UPDATE registry_facilitychange c SET reason = '改写', digest = encode(sha256(convert_to(
             (SELECT digest FROM registry_facilitychange WHERE seq = 1) || '|' || jsonb_build_array(c.id, c.seq,
             c.facility_id, c.facility_code, c.kind, c.effective_on, '改写', c.evidence, c.entered_by_id,
             c.approved_by_id, c.batch_id, extract(epoch FROM c.at))::text || '|' || c."values"::text, 'UTF8')), 'hex')
           WHERE seq = 2""",
    )
    verdict = history.check(facility)
    assert verdict.broken_at == 3
    assert verdict.missing == 2


def test_two_writers_at_once_make_one_chain(own_database):
    """Even when both leave out the lock that every action takes: one waits, and is refused."""
    facility, by = changed_three_times()
    started, outcomes = threading.Barrier(2), []

    def write():
        try:
            with transaction.atomic():
                started.wait(10)
                FacilityChange.objects.create(
                    facility=facility,
                    facility_code=facility.code,
                    kind="CHANGED",
                    effective_on=date(2026, 7, 6),
                    reason="同时写",
                    entered_by=by,
                    at=facility.changes.first().at,
                )
                threading.Event().wait(0.3)
            outcomes.append("written")
        except Exception as problem:
            outcomes.append(type(problem).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(20)
    assert sorted(outcomes) == ["IntegrityError", "written"]
    assert history.check(facility).checked == 4


@pytest.mark.django_db
def test_the_page_says_what_it_checked(client):
    facility, by = changed_three_times()
    client.force_login(by)
    page = client.get(facility.get_absolute_url() + "?verify=1").content.decode()
    assert "历史完好" in page
    assert "从第 1 条到第 3 条" in page


@pytest.mark.django_db
def test_the_trail_knows_each_entry_by_number_and_digest():
    facility, _ = changed_three_times()
    known = [
        e.details["entry"]
        for e in AuditEntry.objects.filter(about_key=facility.code).order_by("pk")
        if "entry" in e.details
    ]
    assert known == [[c.seq, c.digest] for c in facility.changes.order_by("seq")]


@pytest.mark.django_db
def test_a_record_without_history_is_not_called_broken():
    facility = make_facility(make_unit())
    verdict = history.check(Facility.objects.get(pk=facility.pk))
    assert verdict.whole
    assert "还没有变更" in verdict.text
