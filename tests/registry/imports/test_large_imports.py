"""Large workbooks are left to the worker: checked, written and withdrawn there, with progress; the page may be left."""

import threading
import uuid

import pytest
from django.db import connection

from benxi_shuangsuiji.accounts import city
from benxi_shuangsuiji.database.arrays import text_array
from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import Job, JobState
from registry.facilities import chain as history
from registry.imports import actions
from registry.imports import actions as imports
from registry.imports import jobs as import_jobs
from registry.interests import actions as interests
from registry.models import (
    BatchKind,
    BatchState,
    CategoryGround,
    Facility,
    FacilityChange,
    ImportBatch,
)
from tests.factories import make_facility, make_inspector, make_registrar, make_unit
from tests.registry.factories import approved_import
from tests.registry.workbooks import credit_code, facility_row, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_is_large(monkeypatch):
    monkeypatch.setattr("benxi_shuangsuiji.documents.workbooks.reading.LARGE", 0)
    monkeypatch.setattr(imports, "AT_ONCE", 2)
    monkeypatch.setattr("registry.imports.write_facilities.AT_A_TIME", 2)
    monkeypatch.setattr("registry.imports.checking._AT_ONCE", 2)


def upload(rows, unit, by):
    return actions.check_workbook(
        file_name="大表.xlsx", content=workbook(rows), kind=BatchKind.FACILITY, unit=unit, by=by
    )


def work(batch) -> ImportBatch:
    """What the worker does when it is woken."""
    batch.refresh_from_db()
    jobs.run(batch.job_id)
    batch.refresh_from_db()
    return batch


def test_a_large_workbook_goes_through_the_worker_from_check_to_withdrawal(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    batch = upload([facility_row(name=f"示例{n}厂") for n in range(5)], unit, by)
    page = f"/desk/objects/import/{batch.pk}/"
    assert (batch.state, batch.lines.count()) == (BatchState.CHECKING, 0)
    assert "可以离开这一页" in client.get(page).content.decode()
    assert work(batch).state == BatchState.CHECKED
    job = Job.objects.get(pk=batch.job_id)
    assert (job.state, job.done, job.total) == (JobState.DONE, 5, 5)
    assert "导入 5 行" in client.get(page).content.decode()

    client.post(f"{page}confirm/", {"form_key": str(uuid.uuid4())})
    batch.refresh_from_db()
    assert (batch.state, Facility.objects.count()) == (BatchState.WRITING, 0)
    assert "正在导入" in client.get(page).content.decode()
    assert (work(batch).state, Facility.objects.count()) == (BatchState.CONFIRMED, 5)
    assert FacilityChange.objects.filter(batch=batch, kind="NEW", entered_by=by).count() == 5

    client.post(f"{page}withdraw/", {"form_key": str(uuid.uuid4())})
    batch.refresh_from_db()
    assert batch.state == BatchState.WITHDRAWING
    assert (work(batch).state, Facility.objects.count()) == (BatchState.WITHDRAWN, 0)


def test_new_and_changed_rows_go_in_together_part_by_part():
    unit = make_unit()
    by = make_registrar(unit)
    code = credit_code()
    old = make_facility(unit, name="老厂", uscc=code, code=code)
    new = [facility_row(name=f"新{n}厂", permit_category="重点管理" if n else None) for n in range(4)]
    batch = work(upload([*new[:3], facility_row(uscc=code, name="老厂", address="新址"), new[3]], unit, by))
    assert (batch.counts["added"], batch.counts["changed"]) == (4, 1)
    actions.confirm_import(batch=batch, by=by)
    batch = work(batch)
    job = Job.objects.get(pk=batch.job_id)
    assert (batch.state, job.done, job.total) == (BatchState.CONFIRMED, 5, 5)
    old.refresh_from_db()
    assert (old.address, old.version, Facility.objects.count()) == ("新址", 2, 5)
    written = FacilityChange.objects.order_by("pk")
    assert [c.kind for c in written] == ["NEW", "NEW", "NEW", "CHANGED", "NEW"]
    assert [c.facility.name for c in written] == ["新0厂", "新1厂", "新2厂", "老厂", "新3厂"]
    assert (CategoryGround.objects.count(), batch.proposal_batches.get().proposals.count()) == (0, 3)
    approved_import(batch)
    assert CategoryGround.objects.count() == 3
    assert all(history.check(facility).whole for facility in Facility.objects.all())


def test_the_thread_that_spells_asks_for_nothing(monkeypatch):
    """Not for the city either: it would open a connection of its own, which nobody closes."""
    unit = make_unit()
    by = make_registrar(unit)
    batch = work(upload([facility_row(name=f"示例{n}厂") for n in range(5)], unit, by))
    known, asked_by = city.this_city(), set()

    def ask() -> city.City:
        asked_by.add(threading.current_thread())
        return known

    monkeypatch.setattr(city, "_loader", ask)
    actions.confirm_import(batch=batch, by=by)
    assert work(batch).state == BatchState.CONFIRMED
    district = known.divisions[Facility.objects.first().division_code]
    assert district and all(district in text for text in Facility.objects.values_list("search_text", flat=True))
    assert asked_by == {threading.current_thread()}


def large_batch(unit, by) -> ImportBatch:
    """Four new rows, and one in their middle that changes 老厂."""
    code = credit_code()
    make_facility(unit, name="老厂", uscc=code, code=code, address="旧址")
    new = [facility_row(name=f"新{n}厂", permit_category="重点管理") for n in range(4)]
    batch = work(upload([*new[:2], facility_row(uscc=code, name="老厂", address="新址"), *new[2:]], unit, by))
    actions.confirm_import(batch=batch, by=by)
    return work(batch)


def test_new_and_changed_rows_are_taken_back_together_part_by_part():
    unit = make_unit()
    by = make_registrar(unit)
    actions.withdraw_import(batch=(batch := large_batch(unit, by)), by=by)
    batch = work(batch)
    job, old = Job.objects.get(pk=batch.job_id), Facility.objects.get()
    assert (batch.state, job.done, job.total) == (BatchState.WITHDRAWN, 5, 5)
    assert (old.name, old.address, old.version) == ("老厂", "旧址", 3)
    assert history.check(old).whole and batch.proposal_batches.get().state == "WITHDRAWN"
    entries = list(FacilityChange.objects.filter(batch=batch).order_by("pk"))
    assert [c.kind for c in entries[5:]] == ["WITHDRAWN"] * 5
    assert [c.facility_id for c in entries[5:]] == [c.facility_id for c in entries[:5]]
    for there, back in zip(entries[:5], entries[5:], strict=True):
        assert back.values == {name: [new, old] for name, (old, new) in there.values.items()} and back.seq > there.seq


def test_what_cannot_be_taken_back_in_the_last_part_leaves_the_parts_before_it_as_they_are():
    unit = make_unit()
    by = make_registrar(unit)
    batch = large_batch(unit, by)
    last = Facility.objects.get(name="新3厂")
    interests.declare_conflict(inspector=make_inspector(unit), facility=last, kind="OTHER", reason="配偶在该厂", by=by)
    actions.withdraw_import(batch=batch, by=by)
    batch = work(batch)
    assert (batch.state, Facility.objects.count()) == (BatchState.CONFIRMED, 5)
    assert "已经在别处用到" in batch.trouble and batch.proposal_batches.get().state == "ASKED"
    assert not FacilityChange.objects.filter(kind="WITHDRAWN").exists()


def test_a_large_workbook_that_cannot_be_read_says_so_on_its_page(client, monkeypatch):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    monkeypatch.setattr("registry.imports.checking.MAX_ROWS", 3)
    batch = work(upload([facility_row() for _ in range(5)], unit, by))
    assert (batch.state, batch.lines.count()) == (BatchState.REFUSED, 0)
    text = client.get(f"/desk/objects/import/{batch.pk}/").content.decode()
    assert "超过 3 行。拆成几份分别导入" in text and "重新上传" in text


def test_columns_are_asked_for_also_after_the_worker_looked():
    unit = make_unit()
    batch = work(upload([{"甲": "x", "乙": "y"}], unit, make_registrar(unit)))
    assert (batch.state, "未找到表头" in batch.trouble) == (BatchState.ASKS, True)


def test_a_registry_that_changed_before_the_worker_wrote_stays_as_it_is():
    unit = make_unit()
    by = make_registrar(unit)
    batch = work(upload([facility_row() for _ in range(5)], unit, by))
    actions.confirm_import(batch=batch, by=by)
    make_facility(unit)
    batch = work(batch)
    assert (batch.state, Facility.objects.count()) == (BatchState.CHECKED, 1)
    assert "核对之后名录有了变化" in batch.trouble


def test_a_batch_under_way_is_neither_confirmed_again_nor_put_aside():
    from benxi_shuangsuiji.refusal import Refused

    unit = make_unit()
    by = make_registrar(unit)
    batch = work(upload([facility_row() for _ in range(5)], unit, by))
    actions.confirm_import(batch=batch, by=by)
    for act in (actions.confirm_import, actions.discard_import, actions.withdraw_import):
        with pytest.raises(Refused, match="这一批正在导入"):
            act(batch=batch, by=by)


def test_what_the_worker_gave_up_is_no_dead_end(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)

    def given_up(batch):
        Job.objects.filter(pk=batch.job_id).update(state=JobState.FAILED, error="连续三次没有做完，联系系统管理员。")
        page = f"/desk/objects/import/{batch.pk}/"
        text = client.get(page).content.decode()
        assert "连续三次没有做完" in text and f"{page}again/" in text
        client.post(f"{page}again/", {"form_key": str(uuid.uuid4())})
        batch.refresh_from_db()
        return batch

    batch = upload([facility_row(name=f"示例{n}厂") for n in range(5)], unit, by)
    assert given_up(batch).state == BatchState.CHECKING
    actions.confirm_import(batch=work(batch), by=by)
    batch.refresh_from_db()
    assert (given_up(batch).state, Facility.objects.count()) == (BatchState.CHECKING, 0)
    actions.confirm_import(batch=work(batch), by=by)
    assert work(batch).state == BatchState.CONFIRMED
    actions.withdraw_import(batch=batch, by=by)
    batch.refresh_from_db()
    assert (given_up(batch).state, Facility.objects.count()) == (BatchState.CONFIRMED, 5)
    actions.withdraw_import(batch=batch, by=by)
    assert (work(batch).state, Facility.objects.count()) == (BatchState.WITHDRAWN, 0)


def test_a_job_that_runs_twice_writes_once():
    unit = make_unit()
    by = make_registrar(unit)
    batch = work(upload([facility_row() for _ in range(5)], unit, by))
    actions.confirm_import(batch=batch, by=by)
    batch = work(batch)
    import_jobs.write_import(Job.objects.get(pk=batch.job_id), lambda done, total: None)
    assert (Facility.objects.count(), FacilityChange.objects.count()) == (5, 5)


@pytest.mark.parametrize("words", [[], [""], ["", ""], ['a"b', "c\\d", "甲，乙", "{x}", "NULL", "a,b"]])
def test_texts_go_to_the_database_as_one_array_and_come_back_the_same(words):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [text_array(words)])
        assert cursor.fetchone() == (words,)
    with pytest.raises(ValueError, match="NUL"):
        text_array([*words, "a\0b"])
