"""More facilities than somebody would wait for are exported by the worker, for those who may read them."""

import pytest

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import files, jobs
from benxi_shuangsuiji.documents.models import Job, JobState
from registry.facilities import list_views
from registry.imports import actions
from tests.factories import make_facility, make_observer, make_registrar, make_unit
from tests.registry.factories import approved_import
from tests.registry.imports.test_bad_input import check
from tests.registry.workbooks import credit_code, facility_row, reopened, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_is_many(monkeypatch):
    monkeypatch.setattr(list_views, "MOST_ROWS_EXPORTED", 2)


def exported(client, address="/desk/objects/export.xlsx"):
    """What the worker makes after the press of the button."""
    answer = client.get(address)
    job = Job.objects.get()
    assert answer.url == f"/desk/jobs/{job.pk}/"
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.DONE, job.total)
    return job


def test_a_large_registry_goes_out_through_the_worker_and_comes_back_unchanged(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    rows = [
        facility_row(name="=HYPERLINK(1)", address="+cmd|x", permit_category="重点管理"),
        facility_row(name="二厂", key_grounds="两高；KF7", key_evidence="甲；乙", pollution_types="水、碳"),
        facility_row(
            name="三厂", positive="是", positive_batch="第一批", longitude="123.7", permit_valid_to="2028-01-01"
        ),
    ]

    def as_text(ws):
        for line in ws.iter_rows(min_row=2):
            for cell in line:
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type

    content = workbook(rows, change=as_text)
    approved_import(actions.confirm_import(batch=check(content, unit=unit, by=by), by=by))
    job = exported(client)
    assert client.get(f"/desk/jobs/{job.pk}/result/").status_code == 200
    content = files.read(job.result)
    sheet = reopened(content)
    cell = next(c for c in sheet["B"] if c.value == "=HYPERLINK(1)")
    assert (cell.data_type, cell.quotePrefix, cell.number_format) == ("s", True, "@")
    again = check(content, unit=unit, by=by)
    assert (again.counts["unchanged"], again.lines.count()) == (3, 0)
    note = AuditEntry.objects.get(verb="registry.facilities.exported")
    assert (note.actor, note.details["rows"], note.details["personal"]) == (by, 3, True)


def test_the_worker_keeps_the_filter_and_hides_personal_data_from_readers(client):
    unit = make_unit()
    for n in range(4):
        make_facility(unit, uscc=credit_code(), contact_name="丙丁", status="OPERATING" if n else "SUSPENDED")
    client.force_login(make_observer())
    job = exported(client, f"/desk/objects/export.xlsx?unit={unit.code}&status=OPERATING")
    sheet = reopened(files.read(job.result))
    assert sheet.max_row == 5
    assert "联系电话" not in [c.value for c in sheet[2]] and "丙丁" not in str(list(sheet.values))


def test_words_of_a_search_do_not_go_into_a_job(client):
    unit = make_unit()
    for n in range(4):
        make_facility(unit, name=f"张三{n}", search_text=f"张三{n}")
    client.force_login(make_registrar(unit))
    assert "q=" in client.get("/desk/objects/export.xlsx?q=张三").url
    assert not Job.objects.exists()
