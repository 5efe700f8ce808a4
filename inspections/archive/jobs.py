"""成册: one volume paper by paper, then joined; taken up again after the worker died, nothing is made twice (七(七)-p).

Only the worker loads this, and whoever looks at one paper.
"""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from benxi_shuangsuiji.documents import files, pdf, volumes
from benxi_shuangsuiji.documents.models import Job, StoredFile
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.subject import Leaf
from inspections.models import Volume, VolumePaper

from . import actions, papers, rules
from .standing import File, file_of

LAST = "BACKUP"  # 备考表


def make_volume(job: Job, progress) -> StoredFile:
    along = ("inspection__unit", "inspection__executing_unit", "inspection__facility", "inspection__draw", "asked_by")
    volume = Volume.objects.select_related(*along, "file").get(pk=job.params["volume"])
    if volume.file_id:
        return volume.file
    file, site = file_of(volume.inspection), job.params["site"]
    refuse_if("" if volume.part else rules.why_not_ready(file))
    leaves = [leaf for leaf in _leaves(file, volume) if leaf.key != LAST]
    with TemporaryDirectory() as folder:
        parts, at = [], 1
        for n, leaf in enumerate(leaves, 1):
            kept, path = _paper(volume, n, leaf, site, Path(folder))
            at = _placed(kept, n, at)
            parts.append(volumes.Part(leaf.title, path, ours=not leaf.foreign))
            progress(n, len(leaves) + 1)
        rows = list(volume.papers.exclude(key=LAST))
        last = papers.last_leaf(file, volume, rows)
        kept, path = _paper(volume, len(leaves) + 1, last, site, Path(folder))
        at = _placed(kept, len(leaves) + 1, at)
        parts.append(volumes.Part(last.title, path))
        front = papers.front(file, volume, [*rows, kept], at - 1)
        made = Path(folder) / "volume.pdf"
        volumes.joined(front, parts, title=f"案卷 {volume.no}", to=made)
        return actions.mark_bound(volume=volume, content=made.read_bytes(), pages=at - 1).file


def content_of(leaf: Leaf, site: str) -> bytes:
    """One paper as it lies in the volume."""
    return volumes.assembled(leaf.content(site)) if leaf.foreign else b"".join(leaf.content(site))


def _leaves(file: File, volume: Volume) -> list[Leaf]:
    """Of the file itself everything; of a supplement what no volume before it holds, also when it is made a second time."""
    before = {p.key for v in file.volumes if v.part < volume.part for p in v.papers.all()}
    return [leaf for leaf in file.leaves if leaf.key not in before]


def _paper(volume: Volume, n: int, leaf: Leaf, site: str, folder: Path) -> tuple[VolumePaper, Path]:
    """Made and kept, unless it was before the worker died; what came from outside lies in the storage already."""
    kept = volume.papers.filter(key=leaf.key).select_related("file").first()
    content = files.read(kept.file) if kept and kept.file_id else content_of(leaf, site)
    path = folder / f"{n}.pdf"
    path.write_bytes(content)
    if kept is None:
        made = None if leaf.foreign else files.store(name=f"{leaf.title}.pdf", content=content, content_type=pdf.PDF)
        digests = leaf.digests if leaf.foreign else ()
        kept = VolumePaper.objects.create(
            volume=volume,
            key=leaf.key,
            n=n,
            title=leaf.title,
            number=leaf.number(),
            author=leaf.author,
            dated=leaf.on,
            digest=digests[0]
            if len(digests) == 1
            else hashlib.sha256("".join(digests).encode() or content).hexdigest(),
            file=made,
            pages=volumes.pages_in(content),
        )
    return kept, path


def _placed(kept: VolumePaper, n: int, at: int) -> int:
    """Its place and first page, where a paper came in between; the page after its last."""
    if (kept.n, kept.first_page) != (n, at):
        kept.n, kept.first_page = n, at
        kept.save(update_fields=["n", "first_page"])
    return at + kept.pages
