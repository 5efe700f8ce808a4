"""The worker binds the volumes that were asked for, one or a unit's whole year (七(七)-p)."""

from benxi_shuangsuiji.documents import binding
from benxi_shuangsuiji.documents.models import Job, StoredFile
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import Volume

from . import actions, rules
from .papers import covers_of
from .standing import File, file_of, files_of


def make_volumes(job: Job, progress) -> StoredFile | None:
    """Each in turn; one that cannot be bound holds up no other, and is told at the end. The file, of one volume alone."""
    along = ("inspection__unit", "inspection__executing_unit", "inspection__facility", "inspection__draw", "asked_by")
    asked = list(Volume.objects.select_related(*along, "file").filter(pk__in=job.params["volumes"]).order_by("pk"))
    wanted = [volume for volume in asked if not volume.file_id]
    papers = (len(_leaves(f, v)) + 1 for v, f in zip(wanted, files_of(v.inspection for v in wanted), strict=True))
    total, done = sum(papers), 0
    trouble: Exception | None = None

    def told():
        nonlocal done
        progress(done := done + 1, max(done, total))

    for volume in wanted:
        file = file_of(volume.inspection)  # as it is now: the volumes before it may have taken minutes
        try:
            refuse_if("" if volume.part else rules.why_not_ready(file))
            content, pages = binding.made(covers_of(file, volume), _leaves(file, volume), job.params["site"], told)
            volume.file = actions.mark_bound(volume=volume, content=content, pages=pages).file
        except Exception as problem:  # whatever it is: the others are bound, the job is tried again
            trouble = trouble or problem
    if trouble:
        raise trouble
    return asked[0].file if len(asked) == 1 else None


def _leaves(file: File, volume: Volume) -> list:
    """Of the file itself everything; of a supplement what no volume before it holds, also when it is made a second time."""
    before = {p.key for v in file.volumes if v.part < volume.part for p in v.papers.all()}
    return [leaf for leaf in file.leaves if leaf.key not in before]
