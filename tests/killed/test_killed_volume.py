"""kill -9 in the middle of a volume: what was made stays, what was not is made, nothing is there twice (七(七)-p)."""

import io
import zipfile

import page
import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import files, pdf, tasks
from benxi_shuangsuiji.documents.models import JobState, StoredFile
from inspections.archive import actions
from inspections.models import Volume
from tests.benchmarks import year as whole_year
from tests.disclosure.yearbook.test_yearbook import checked
from tests.documents import page_validation
from tests.inspections.archive.test_archive import SITE, archivist, published
from tests.killed.test_killed_papers import LATER, _files_of_this_test, worker  # noqa: F401

pytestmark = [
    pytest.mark.commits,
    pytest.mark.slow("killed"),
    pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango"),
]


def test_a_worker_killed_twice_in_the_middle_of_a_volume_makes_every_paper_once(worker, own_database, at):  # noqa: F811
    check, moment = published(), clock.now()
    before = StoredFile.objects.count()
    volume = actions.bind(check=check, site=SITE, by=archivist(check.unit))
    kept = []
    for step in (120, 160):
        assert worker.do(volume.job_id, step) == "killed"
        kept.append(volume.papers.count())
        at(moment := moment + LATER)
        assert tasks.wake_waiting() >= 1
    worker.do(volume.job_id)
    volume = Volume.objects.select_related("job", "file").get(pk=volume.pk)
    assert (volume.job.state, volume.job.error) == (JobState.DONE, "")
    rows = list(volume.papers.all())
    assert kept[0] < len(rows) and kept == sorted(kept) and max(kept) > 0
    assert len({row.key for row in rows}) == len(rows) == 11 and rows[-1].key == "BACKUP"
    assert StoredFile.objects.count() - before == len(rows) + 1  # each paper, and the volume
    assert files.read(volume.file).startswith(b"%PDF-") and volume.pages == rows[-1].first_page + rows[-1].pages - 1


@pytest.mark.clause("七(七)-e", "七(七)-h", "七(七)-p", "七(四)-9")
def test_a_units_year_is_archived_by_a_real_worker_killed_in_the_middle_of_both_jobs(own_database, tmp_path):
    unit = whole_year.lay_out(checks=2, photos=1)
    files_run, year_run, volume = whole_year.archived(
        own_database, tmp_path, unit
    )  # ends the test if anything is there twice
    assert (files_run.attempts, year_run.attempts) == (2, 2)
    bound = Volume.objects.select_related("file")
    assert [v.job.done for v in bound] == [v.job.total for v in bound]
    for one in bound:  # with photographs in it
        assert page_validation.faults(files.read(one.file), [page.ValidationProfile.PDF_A_3B]) == []
    assert page_validation.faults(files.read(volume.file)) == []  # own papers alone: PDF/A-3a and PDF/UA-1
    whole = tmp_path / "年度卷.zip"
    whole.write_bytes(files.read(volume.package))
    said = checked(whole)
    assert said.returncode == 0 and "全部相符。" in said.stdout and volume.manifest in said.stdout, said.stdout
    with zipfile.ZipFile(io.BytesIO(whole.read_bytes())) as package:
        history = package.read("draws/history.json").decode()
        assert volume.unit.code in history  # the draw was computed again
        assert "案卷目录" in "".join(paper.title for paper in volume.papers.all())
        changed = tmp_path / "changed.zip"
        with zipfile.ZipFile(changed, "w") as copy:
            for name in package.namelist():
                content = bytearray(package.read(name))
                if name == "volume.pdf":
                    content[len(content) // 2] ^= 1
                copy.writestr(name, bytes(content))
    said = checked(changed)
    assert said.returncode == 1 and "内容变了：volume.pdf" in said.stdout and said.stdout.count("内容变了") == 1
