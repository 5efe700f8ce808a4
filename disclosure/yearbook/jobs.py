"""One job makes the volume paper by paper and packs it; taken up again after the worker died, nothing is made twice.

Only the worker loads this.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from benxi_shuangsuiji.documents import files, pdf, volumes
from benxi_shuangsuiji.documents.models import Job, StoredFile
from benxi_shuangsuiji.refusal import refuse_if

from . import actions, package, papers, rules
from . import part_papers as parts
from .models import YearPaper, YearVolume


def make_year(job: Job, progress) -> StoredFile:
    volume = YearVolume.objects.select_related("unit", "asked_by", "file").get(pk=job.params["volume"])
    if volume.file_id:
        return volume.file
    refuse_if(rules.why_not_ready(volume.year))
    wanted = list(parts.of(volume, job.params["site"]))
    with TemporaryDirectory() as folder:
        bound, at = [], 1
        for n, part in enumerate(wanted, 1):
            kept = _paper(volume, n, part)
            at = _placed(kept, n, at)
            bound.append(volumes.Part(part.title, _in(Path(folder), n, kept)))
            progress(n, len(wanted) + 2)
        rows = list(volume.papers.select_related("file"))
        back = Path(folder) / "last.pdf"
        back.write_bytes(papers.last(volume, rows))
        bound.append(volumes.Part("备考表", back))
        pages = at - 1 + volumes.pages_in(back.read_bytes())
        made = Path(folder) / "volume.pdf"
        front = [papers.cover(volume, len(rows), pages), papers.catalogue(volume, rows)]
        volumes.joined(front, bound, title=f"年度卷 {volume.no}", to=made)
        progress(len(wanted) + 1, len(wanted) + 2)
        content = made.read_bytes()
        packed, manifest = package.packed(volume, content, parts.data_of(volume))
        return actions.mark_bound(volume=volume, content=content, pages=pages, package=packed, manifest=manifest).file


def _paper(volume: YearVolume, n: int, part: parts.Part) -> YearPaper:
    """Made and kept, unless it was before the worker died."""
    if kept := volume.papers.filter(key=part.key).select_related("file").first():
        return kept
    content = part.make()
    kept = files.store(name=f"{part.title}.pdf", content=content, content_type=pdf.PDF)
    return YearPaper.objects.create(
        volume=volume, key=part.key, n=n, title=part.title, file=kept, pages=volumes.pages_in(content)
    )


def _placed(kept: YearPaper, n: int, at: int) -> int:
    """Its place and first page; the page after its last."""
    if (kept.n, kept.first_page) != (n, at):
        kept.n, kept.first_page = n, at
        kept.save(update_fields=["n", "first_page"])
    return at + kept.pages


def _in(folder: Path, n: int, kept: YearPaper) -> Path:
    path = folder / f"{n}.pdf"
    path.write_bytes(files.read(kept.file))
    return path
