"""References that are asked once a statement refuse what a foreign key refuses, and hold what it holds (decision 0071)."""

import pytest
from django.db import IntegrityError, transaction
from psycopg import errors

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.backup import restoring
from benxi_shuangsuiji.database import guards
from benxi_shuangsuiji.documents import files
from registry.imports import kinds, write_added
from registry.imports.checking.facilities import _STEERING
from registry.imports.copying import copy_in
from registry.models import BatchKind, Facility, FacilityChange, FacilityRating, ImportBatch, ImportLine, Rating
from tests import database
from tests.factories import make_facility, make_registrar, make_unit

NOWHERE = 987_654_321


def make_batch(by) -> ImportBatch:
    file = files.store(content=b"1", name="1.csv", content_type="text/csv", by=by)
    unit = make_unit()
    return ImportBatch.objects.create(
        kind=BatchKind.FACILITY, unit=unit, file=file, uploaded_by=by, uploaded_at=clock.now(), registry_digest=""
    )


@pytest.mark.django_db
def test_one_row_among_many_that_refers_to_nothing_refuses_the_statement():
    by = make_registrar(make_unit())
    facility, batch, now = make_facility(make_unit()), make_batch(by), clock.now()
    change = {"facility_id": facility.pk, "facility_code": facility.code, "kind": "CHANGED", "reason": "核对"}
    change |= {"effective_on": now.date(), "at": now, "entered_by_id": by.pk, "batch_id": None}
    rating = {
        "facility_id": facility.pk,
        "kind": Rating.CREDIT,
        "code": "A",
        "year": 2026,
        "source": "表",
        "entered_at": now,
    }
    rows = {
        "importline": (ImportLine, {"batch_id": batch.pk, "number": 1}, {"batch_id": NOWHERE, "number": 2}),
        "change of a batch": (FacilityChange, change, change | {"batch_id": NOWHERE}),
        "change by a person": (FacilityChange, change, change | {"entered_by_id": NOWHERE}),
        "rating": (FacilityRating, rating | {"batch_id": batch.pk}, rating | {"batch_id": NOWHERE}),
    }
    for model, right, wrong in rows.values():
        with pytest.raises(errors.ForeignKeyViolation, match=str(NOWHERE)), transaction.atomic():
            copy_in(model, [right, wrong])
        copy_in(model, [right])
    with pytest.raises(IntegrityError, match=str(NOWHERE)), transaction.atomic():
        Facility.objects.filter(pk=facility.pk).update(unit_id=NOWHERE)
    with pytest.raises(IntegrityError, match=str(NOWHERE)), transaction.atomic():
        ImportLine.objects.update(batch_id=NOWHERE)
    tables = {(field.model._meta.db_table, field.column) for field in guards.shared_keys()}
    assert tables == {
        ("registry_importline", "batch_id"),
        ("registry_facilitychange", "batch_id"),
        ("registry_facilitychange", "entered_by_id"),
        ("registry_facilityrating", "batch_id"),
        ("registry_facility", "unit_id"),
    }


def test_what_is_referred_to_is_held_and_stays_for_the_owner_too(own_database):
    batch = make_batch(make_registrar(make_unit()))
    with database.owner_connection(name=own_database) as owner:
        with transaction.atomic():
            copy_in(ImportLine, [{"batch_id": batch.pk, "number": 1}])
            owner.execute("SET lock_timeout = 100")
            with pytest.raises(errors.LockNotAvailable):
                owner.execute("DELETE FROM registry_importbatch WHERE id = %s", [batch.pk])
        for statement in (
            "DELETE FROM registry_importbatch WHERE id = %s",
            "UPDATE registry_importbatch SET id = id + 1 WHERE id = %s",
        ):
            with pytest.raises(errors.ForeignKeyViolation, match="registry_importline"):
                owner.execute(statement, [batch.pk])
        with pytest.raises(errors.ForeignKeyViolation, match=str(NOWHERE)):
            owner.execute("UPDATE registry_importline SET batch_id = %s", [NOWHERE])
        owner.execute("DELETE FROM registry_importline")
        owner.execute("DELETE FROM registry_importbatch WHERE id = %s", [batch.pk])
        assert owner.rowcount == 1


@pytest.mark.promise("P27")
def test_a_restore_whose_references_lead_nowhere_does_not_prove_itself(own_database):
    """What a restore brings was not written here, and no guard was asked: the proof is, before anybody gets a right."""
    batch = make_batch(make_registrar(make_unit()))
    copy_in(ImportLine, [{"batch_id": batch.pk, "number": n} for n in (1, 2, 3)])
    assert [problem for _, problem in restoring.prove() if problem] == []
    with database.owner_connection(name=own_database) as owner:
        owner.execute("ALTER TABLE registry_importline DISABLE TRIGGER refers_changed_batch_id")
        owner.execute("UPDATE registry_importline SET batch_id = %s WHERE number > 1", [NOWHERE])
        owner.execute("ALTER TABLE registry_importline ENABLE ALWAYS TRIGGER refers_changed_batch_id")
    (said,) = [problem for _, problem in restoring.prove() if problem]
    assert said == f"registry_importline 的 batch_id 有 2 行指向不存在的记录（registry_importbatch，如 {NOWHERE}）。"


@pytest.mark.django_db
def test_the_history_of_a_new_facility_has_every_field_that_a_workbook_can_bring():
    """Its values are put together name by name (`write_added`)."""
    told = {field.name for field in write_added._fields()}
    for kind in (BatchKind.FACILITY, BatchKind.PERMIT):
        brought = {column.field for column in kinds.of(kind).columns()} - _STEERING
        assert brought and brought <= told, kind
