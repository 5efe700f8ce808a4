"""Doors for the worker."""

import io
import zipfile

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import Job, StoredFile
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import MORNING, beat
from inspections.campaigns import actions as campaign_actions
from inspections.checks.states import ENDED
from inspections.coverage import duties as coverage
from inspections.paperwork import papers

from .models import Inspection, PaperKind

ZIP = "application/zip"
EPOCH = (2025, 1, 1, 0, 0, 0)  # a fixed date, so that the same papers give the same file


def make_check_forms(job: Job, progress) -> StoredFile:
    """Pack the check forms of one unit's quarter, as far as its checks are over and the person who asked may see them."""
    inspections = list(
        Inspection.objects.in_circle_of(job.requested_by)
        .filter(
            unit__code=job.params["unit"],
            year=job.params["year"],
            number=job.params["number"],
            status__in=ENDED,
        )
        .select_related("facility", "draw", "executing_unit", "recorded_by", "reviewed_by")
        .prefetch_related("answers")
        .order_by("no")
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for done, inspection in enumerate(inspections, 1):
            paper, file, _ = papers.made(inspection, PaperKind.FORM, "pdf", site=job.params["site"])
            archive.writestr(zipfile.ZipInfo(file, EPOCH), paper)
            progress(done, len(inspections))
    name = f"行政执法检查登记表_{job.params['unit']}_{job.params['year']}Q{job.params['number']}.zip"
    return jobs.keep_result(job, name=name, content=packed.getvalue(), content_type=ZIP)


def campaigns_daily() -> None:
    """Close the campaigns whose period is over (N-13)."""
    campaign_actions.close_campaigns(on=clock.today())


def coverage_daily(*, force: bool = False) -> bool:
    """The morning's round over the duties of coverage, after the day's have been opened. Runs once a day."""
    now = clock.now()
    last = Heartbeat.objects.filter(name="coverage").first()
    if not force and (now.time() < MORNING or (last and last.at.astimezone(now.tzinfo).date() >= now.date())):
        return False
    coverage.settle_all(now)
    beat("coverage", now)
    return True
