"""Papers as they come back from a scanner: drawn at 150 dots an inch, turned, askew, grey, in any order."""

import io

import pypdfium2
from PIL import Image

DPI = 150


def pages_of(content: bytes, *, turned: float = 0) -> list[Image.Image]:
    """Each page of a PDF as a copier sees it: a paper that lay askew has a dark edge, and white is never quite white."""
    with pypdfium2.PdfDocument(content) as paper:
        drawn = [page.render(scale=DPI / 72, grayscale=True).to_pil() for page in paper]
    return [
        page.point(lambda v: 30 + v * 205 // 255).rotate(turned, expand=True, fillcolor=90, resample=Image.BICUBIC)
        for page in drawn
    ]


def as_pdf(pages: list[Image.Image]) -> bytes:
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=DPI)
    return out.getvalue()


def as_photo(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=60)
    return out.getvalue()
