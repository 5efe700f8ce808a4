"""kill -9 in the middle of a volume: what was made stays, what was not is made, nothing is there twice (七(七)-p)."""

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import files, pdf, tasks
from benxi_shuangsuiji.documents.models import JobState, StoredFile
from inspections.archive import actions
from inspections.models import Volume
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
