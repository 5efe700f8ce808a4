"""What the worker does for the registry: large workbooks (ui.md 7.2 导入)."""

import gc
from collections.abc import Callable

from benxi_shuangsuiji.documents import files, jobs
from benxi_shuangsuiji.documents.models import StoredFile
from benxi_shuangsuiji.refusal import Refused
from registry.models import BatchState, ImportBatch

from . import actions, marking


def check_import(job, progress) -> None:
    """Check a large workbook."""

    def act(batch):
        actions.check_batch(batch=batch, content=files.read(batch.file), progress=progress)

    _carry_out(job, act, BatchState.CHECKING, BatchState.REFUSED)


def write_import(job, progress) -> None:
    """Write a large batch that was confirmed."""

    def act(batch):
        actions.write_batch(batch=batch, by=job.requested_by, progress=progress)

    _carry_out(job, act, BatchState.WRITING, BatchState.CHECKED)


def withdraw_import(job, progress) -> None:
    """Take a large batch back."""

    def act(batch):
        actions.withdraw_batch(batch=batch, by=job.requested_by, progress=progress)

    _carry_out(job, act, BatchState.WITHDRAWING, BatchState.CONFIRMED)


def mark_import(job, progress) -> StoredFile:
    """Write the marked copy of a large table. A refusal is told on the page of the job."""
    batch = _batch(job)
    return jobs.keep_result(job, name=marking.name_of(batch), content=marking.mark(batch), content_type=files.XLSX)


def _carry_out(job, act: Callable[[ImportBatch], object], state: BatchState, otherwise: BatchState) -> None:
    """Act on a batch that still waits for it; what stands in the way is told on its page."""
    batch = _batch(job)
    if batch.state != state:
        return
    # Millions of short lists and dicts that hold no cycles: looking for some among them takes a third of the time.
    gc.disable()
    try:
        act(batch)
    except Refused as refusal:
        if otherwise == BatchState.REFUSED:
            batch.lines.all().delete()
        ImportBatch.objects.filter(pk=batch.pk).update(state=otherwise, trouble=str(refusal)[:500])
    finally:
        gc.enable()


def _batch(job) -> ImportBatch:
    return ImportBatch.objects.select_related("unit", "file", "uploaded_by").get(pk=job.params["batch"])
