"""What the worker does for the registry: large workbooks (ui.md 7.2 导入)."""

import gc
from contextlib import contextmanager

from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.models import StoredFile
from benxi_shuangsuiji.refusal import Refused
from registry.models import BatchState, ImportBatch

from . import actions, marking


def check_import(job, progress) -> None:
    """Check a large workbook; what stands in its way is told on its page."""
    batch = _batch(job)
    if batch.state != BatchState.CHECKING:
        return
    try:
        with _no_collection():
            actions.check_batch(batch=batch, content=files.read(batch.file), progress=progress)
    except Refused as refusal:
        batch.lines.all().delete()
        _settle(batch, BatchState.REFUSED, refusal)


def write_import(job, progress) -> None:
    """Write a large batch that was confirmed."""
    batch = _batch(job)
    if batch.state != BatchState.WRITING:
        return
    try:
        with _no_collection():
            actions.write_batch(batch=batch, by=job.requested_by, progress=progress)
    except Refused as refusal:
        _settle(batch, BatchState.CHECKED, refusal)


def withdraw_import(job, progress) -> None:
    """Take a large batch back."""
    batch = _batch(job)
    if batch.state != BatchState.WITHDRAWING:
        return
    try:
        actions.withdraw_batch(batch=batch, by=job.requested_by, progress=progress)
    except Refused as refusal:
        _settle(batch, BatchState.CONFIRMED, refusal)


def mark_import(job, progress) -> StoredFile:
    """Write the marked copy of a large table. A refusal is told on the page of the job."""
    batch = _batch(job)
    return files.store(
        name=marking.name_of(batch), content=marking.mark(batch), content_type=files.XLSX, by=job.requested_by
    )


@contextmanager
def _no_collection():
    """Millions of short lists and dicts that hold no cycles: looking for some among them takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _batch(job) -> ImportBatch:
    return ImportBatch.objects.select_related("unit", "file", "uploaded_by").get(pk=job.params["batch"])


def _settle(batch: ImportBatch, state: str, refusal: Refused) -> None:
    ImportBatch.objects.filter(pk=batch.pk).update(state=state, trouble=str(refusal)[:500])
