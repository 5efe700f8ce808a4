"""电子档案包: the volume, its papers and data, a manifest with SHA-256, and what re-checks them with Python alone (七(七)-h)."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import files
from plans.draw import ssj1

from .models import YearVolume

CHECKER = Path(__file__).with_name("check_package.py")
FORMAT = "BENXI-YEAR-1"
MANIFEST = "manifest.json"
EPOCH = (1980, 1, 1, 0, 0, 0)  # no moment of its own, so that the same files give the same package


def packed(volume: YearVolume, content: bytes, data: Iterable[tuple[str, bytes]]) -> tuple[bytes, str]:
    """The package and the digest of its manifest, by which it is known."""
    out, listed = io.BytesIO(), []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, one in _entries(volume, content, data):
            archive.writestr(zipfile.ZipInfo(path, EPOCH), one, zipfile.ZIP_DEFLATED)
            listed.append({"path": path, "size": len(one), "sha256": hashlib.sha256(one).hexdigest()})
        said = {
            "format": FORMAT,
            "number": volume.no,
            "unit": [volume.unit.code, volume.unit.name],
            "year": volume.year,
            "asked_at": localtime(volume.asked_at).isoformat(timespec="seconds"),
            "files": listed,
        }
        manifest = json.dumps(said, ensure_ascii=False, indent=1).encode()
        archive.writestr(zipfile.ZipInfo(MANIFEST, EPOCH), manifest, zipfile.ZIP_DEFLATED)
    return out.getvalue(), hashlib.sha256(manifest).hexdigest()


def _entries(volume: YearVolume, content: bytes, data: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    yield "volume.pdf", content
    for paper in volume.papers.select_related("file"):
        yield f"papers/{paper.n:02d}.pdf", files.read(paper.file)
    yield from data
    yield "check_package.py", CHECKER.read_bytes()
    yield "ssj1.py", Path(ssj1.__file__).read_bytes()
