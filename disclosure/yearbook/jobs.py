"""One job makes the volume and packs it (七(七)-h). Only the worker loads this."""

from benxi_shuangsuiji.documents import binding
from benxi_shuangsuiji.documents.models import Job, StoredFile
from benxi_shuangsuiji.refusal import refuse_if

from . import actions, package, rules
from . import part_papers as parts
from .models import YearVolume
from .papers import covers_of


def make_year(job: Job, progress) -> StoredFile:
    volume = YearVolume.objects.select_related("unit", "asked_by", "file").get(pk=job.params["volume"])
    if volume.file_id:
        return volume.file
    refuse_if(rules.why_not_ready(volume.year))
    leaves, done = parts.leaves_of(volume), 0

    def told():
        nonlocal done
        progress(done := done + 1, len(leaves) + 2)

    content, pages = binding.made(covers_of(volume), leaves, job.params["site"], told)
    packed, manifest = package.packed(volume, content, parts.data_of(volume))
    told()
    return actions.mark_bound(volume=volume, content=content, pages=pages, package=packed, manifest=manifest).file
