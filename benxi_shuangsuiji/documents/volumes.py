"""Many papers as one PDF, a number on every page (PDF/A-3a; with pictures in it PDF/A-3b). Knows no business.

pikepdf is loaded with this module; whoever does not make a volume does without. Papers are read from files, so that a volume
of photographs needs no more memory than its largest paper.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

from . import pdf, pictures, scans
from .pdf import MM
from .pictures_limits import JPEG

A4 = (210 * MM, 297 * MM)
EDGE = 15 * MM
_TURNED = {1: (1, 0, 0, 1), 3: (-1, 0, 0, -1), 6: (0, -1, 1, 0), 8: (0, 1, -1, 0)}  # EXIF: how the camera was held
_DIGIT = 2.1 * MM
_DIGITS = (
    '<html lang="zh-CN"><head><title>页号</title><meta name="dcterms.created" content="2025-01-01T00:00:00+08:00"><style>'
    "@page {{ size: 2.1mm 5mm; margin: 0 }} body, p {{ margin: 0; font: 10pt/5mm 'Noto Serif CJK SC', serif;"
    " text-align: center; break-after: page }}</style></head><body>{}</body></html>"
)


@dataclass(frozen=True)
class Part:
    """One paper of a volume. What is not `ours` has no structure to be read aloud."""

    title: str
    path: Path
    ours: bool = True


def assembled(contents: Iterable[bytes]) -> bytes:
    """One PDF of what came from outside: each photograph a page, every page of a scan a picture (U05).

    Nothing of a stranger's file is taken over but what it looks like, so that the volume stays PDF/A whatever came.
    """
    made = Pdf.new()
    for content in contents:
        if content.startswith(b"%PDF-") and b"pdfaid" in content:  # our own paper that stands before them
            made.pages.extend(Pdf.open(io.BytesIO(content)).pages)
            continue
        direct = pictures.kind_of(content) == JPEG and _add_picture(made, content)
        for picture in () if direct else scans.drawn(content):
            _add_picture(made, picture)
    return _saved(made)


def _add_picture(made: Pdf, content: bytes) -> bool:
    """Only the head is read; a photograph was opened in its limited process when it came. False: to be drawn anew."""
    with Image.open(io.BytesIO(content), formats=("JPEG",)) as image:
        (width, height), mode, held = image.size, image.mode, image.getexif().get(274, 1)
    if mode not in ("L", "RGB") or held not in _TURNED:
        return False
    picture = made.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=width,
        Height=height,
        ColorSpace=Name.DeviceGray if mode == "L" else Name.DeviceRGB,
        BitsPerComponent=8,
        Filter=Name.DCTDecode,
    )
    if held in (6, 8):
        width, height = height, width
    scale = min((A4[0] - 2 * EDGE) / width, (A4[1] - 3 * EDGE) / height)
    w, h = width * scale, height * scale
    left, bottom = (A4[0] - w) / 2, (A4[1] - h) / 2 + EDGE / 2
    a, b, c, d = _TURNED[held]
    at = (a * w, b * h, c * w, d * h, left + w * (a < 0 or c < 0), bottom + h * (b < 0 or d < 0))
    page = Dictionary(
        Type=Name.Page,
        MediaBox=[0, 0, *A4],
        Resources=Dictionary(XObject=Dictionary(P=picture)),
        Contents=made.make_stream(f"q {' '.join(f'{x:.3f}' for x in at)} cm /P Do Q".encode()),
    )
    made.pages.append(pikepdf.Page(page))
    return True


def pages_in(content: bytes) -> int:
    with Pdf.open(io.BytesIO(content)) as paper:
        return len(paper.pages)


def joined(front: Sequence[bytes], parts: Sequence[Part], *, title: str, to: Path) -> None:
    """Write the volume: `front` without numbers, then every page of every part with its own, from 1 on.

    A reader's page box says the same numbers (page labels), and each paper has its bookmark.
    """
    book = Pdf.open(io.BytesIO(front[0]))
    sources = [Pdf.open(io.BytesIO(content)) for content in front[1:]]
    opened = [Pdf.open(part.path) for part in parts]
    for source in (*sources, *opened):
        _append(book, source)
    ahead = len(book.pages) - sum(len(source.pages) for source in opened)
    digits = [book.copy_foreign(digit) for digit in _digits()[1]]
    for n, page in enumerate(list(book.pages)[ahead:], 1):
        _stamp(book, page, n, digits)
    book.Root.PageLabels = Dictionary(Nums=[0, Dictionary(P="目录 ", S=Name.D), ahead, Dictionary(S=Name.D)])
    with book.open_outline() as outline:
        at = ahead
        for part, source in zip(parts, opened, strict=True):
            outline.root.append(pikepdf.OutlineItem(part.title, at))
            at += len(source.pages)
    with book.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as said:
        said["dc:title"] = title
        if not all(part.ours for part in parts):
            said["pdfaid:conformance"] = "B"
            del said["pdfuaid:part"]
    book.save(to, deterministic_id=True)


def _append(book: Pdf, source: Pdf) -> None:
    """Its pages, and what is read aloud of them: the tree of one hangs beside that of the other (PDF 32000-1, 14.7)."""
    tree, first = source.Root.get("/StructTreeRoot"), len(book.pages)
    book.pages.extend(source.pages)
    if tree is None:
        return
    root = book.Root.StructTreeRoot
    nums, base = root.ParentTree.Nums, 1 + max((int(n) for n in list(root.ParentTree.Nums)[::2]), default=-1)
    # The copied pages are known again by the tree's own: both are copied once.
    copied = book.copy_foreign(source.make_indirect(Dictionary(K=tree.K, Nums=tree.ParentTree.Nums)))
    for number, parents in zip(list(copied.Nums)[::2], list(copied.Nums)[1::2], strict=True):
        nums.extend([base + int(number), parents])
    tops = copied.K if isinstance(copied.K, Array) else Array([copied.K])
    for top in tops:
        top.P = root
    root.K = Array([*(root.K if isinstance(root.K, Array) else [root.K]), *tops])
    for page in list(book.pages)[first:]:
        for owner in (page.obj, *page.obj.get("/Annots", ())):
            for name in ("/StructParents", "/StructParent"):
                if name in owner:
                    owner[name] = base + int(owner[name])


@cache
def _digits() -> tuple[Pdf, list[pikepdf.Object]]:
    """Ten small drawings, 0 to 9, with the font in them; of no meaning to whoever listens."""
    made = Pdf.open(io.BytesIO(pdf.render(_DIGITS.format("".join(f"<p>{n}</p>" for n in range(10))))))
    found = []
    for page in list(made.pages)[:10]:
        said = [one for one in pikepdf.parse_content_stream(page) if str(one.operator) not in ("BDC", "BMC", "EMC")]
        page.Contents = made.make_stream(pikepdf.unparse_content_stream(said))
        found.append(page.as_form_xobject())
    return made, found


def _stamp(book: Pdf, page: pikepdf.Page, n: int, digits: Sequence[pikepdf.Object]) -> None:
    """In the lower right corner, outside the code that our own papers carry there."""
    drawn, (_, _, width, _) = [], page.mediabox
    text = str(n)
    for at, digit in enumerate(text):
        page.add_resource(digits[int(digit)], Name.XObject, Name(f"/PageNo{digit}"))
        left = float(width) - 7 * MM - _DIGIT * (len(text) - at)
        drawn.append(f"q 1 0 0 1 {left:.3f} {6 * MM:.3f} cm /PageNo{digit} Do Q")
    page.contents_add(b"q", prepend=True)
    page.contents_add(f"Q /Artifact BMC {' '.join(drawn)} EMC".encode())


def _saved(made: Pdf) -> bytes:
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()
