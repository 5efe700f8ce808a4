"""成册: a volume paper by paper, then joined; taken up again after the worker died, nothing is made twice (七(七)-h, -p).

Only the worker loads this, and whoever looks at one paper. Knows no business.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benxi_shuangsuiji.subject import Leaf

from . import files, filled, pdf, volumes
from .bound import Bound, BoundPaper
from .covers import LAST, Covers


def made(covers: Covers, leaves: Sequence[Leaf], site: str, told: Callable[[], None]) -> tuple[bytes, int]:
    """The bound volume and how many pages it has; `told` is called behind every paper."""
    volume, parts = covers.volume, []
    _tidy(volume, {leaf.key for leaf in leaves})
    with TemporaryDirectory() as name:
        folder = Path(name)

        def bind(leaf: Leaf, n: int, at: int) -> int:
            kept, path = _paper(volume, n, leaf, site, folder)
            if (kept.n, kept.first_page) != (n, at):
                kept.n, kept.first_page = n, at
                kept.save(update_fields=["n", "first_page"])
            parts.append(volumes.Part(leaf.title, path, ours=not leaf.foreign))
            told()
            return at + kept.pages

        at = 1
        for n, leaf in enumerate(leaves, 1):
            at = bind(leaf, n, at)
        at = bind(covers.last_leaf(list(volume.papers.exclude(key=LAST))), len(leaves) + 1, at)
        rows = list(volume.papers.all())
        front = [filled.as_pdf(sheet) for sheet in (covers.cover(len(rows), at - 1), covers.catalogue(rows))]
        volumes.joined(front, parts, title=f"{covers.kind} {volume.no}", to=folder / "volume.pdf")
        return (folder / "volume.pdf").read_bytes(), at - 1


def content_of(leaf: Leaf, site: str) -> bytes:
    """One paper as it lies in the volume."""
    return volumes.assembled(leaf.content(site)) if leaf.foreign else b"".join(leaf.content(site))


def _tidy(volume: Bound, wanted: set[str]) -> None:
    """What was made before the worker died and no longer belongs in it goes, and with it 备考表, which counts the papers."""
    if set(volume.papers.values_list("key", flat=True)) != {*wanted, LAST}:
        volume.papers.exclude(key__in=wanted).delete()


def _paper(volume: Bound, n: int, leaf: Leaf, site: str, folder: Path) -> tuple[BoundPaper, Path]:
    """Made and kept, unless it was before the worker died; what came from outside lies in the storage already."""
    kept = volume.papers.filter(key=leaf.key).select_related("file").first()
    content = files.read(kept.file) if kept and kept.file_id else content_of(leaf, site)
    path = folder / f"{n}.pdf"
    path.write_bytes(content)
    if kept is None:
        ours = None if leaf.foreign else files.store(name=f"{leaf.title}.pdf", content=content, content_type=pdf.PDF)
        digests = leaf.digests if leaf.foreign else ()
        kept = volume.papers.create(
            key=leaf.key,
            n=n,
            title=leaf.title,
            number=leaf.number(),
            author=leaf.author,
            dated=leaf.on,
            digest=digests[0]
            if len(digests) == 1
            else hashlib.sha256("".join(digests).encode() or content).hexdigest(),
            file=ours,
            pages=volumes.pages_in(content),
        )
    return kept, path
