"""The process in which a stranger's scan is opened, under limits on memory and time; see `scans` for what it is asked.

A page is drawn as grey as a copier sees it, at two resolutions: small codes need the finer one, worn paper the coarser.
"""

import io
import json
import sys
import warnings

from benxi_shuangsuiji.documents.limited import put_limits, read_block
from benxi_shuangsuiji.documents.pictures_limits import MAX_PIXELS

MAX_MEMORY = 1536 * 1024 * 1024
MAX_SECONDS = 60
MAX_PAGES = 60
LONGER_SIDES = (2400, 3600)  # pixels; A4 at about 200 and 300 dots an inch


class Stop(Exception):
    """The scan is refused; the text is the reason."""


def main() -> None:
    put_limits(memory=MAX_MEMORY, seconds=MAX_SECONDS)
    out = sys.stdout.buffer
    content, wanted = read_block(sys.stdin.buffer), read_block(sys.stdin.buffer)
    made: list[bytes] = []
    try:
        if wanted:
            asked = json.loads(wanted)
            made = looks(content) if asked == "draw" else split(content, asked)
            told = {"sizes": [len(one) for one in made]}
        else:
            told = {"pages": pages(content)}
    except Stop as stop:
        told = {"refused": str(stop)}
    except MemoryError:
        told = {"refused": "这份扫描件太大，打不开，没有收。缩小或分成几份再传。"}
    out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n" + b"".join(made))
    out.flush()


def pages(content: bytes) -> list[list[str]]:
    return [_codes(image) for image in _drawn(content, "L")]


def looks(content: bytes) -> list[bytes]:
    """Every page in colour, as JPEG."""
    made = []
    for drawn in _drawn(content, "RGB"):
        out = io.BytesIO()
        drawn(LONGER_SIDES[0]).save(out, "JPEG", quality=80)
        made.append(out.getvalue())
    return made


def _drawn(content: bytes, mode: str):
    return _of_pdf(content, mode) if content.startswith(b"%PDF-") else _of_picture(content, mode)


def _codes(drawn) -> list[str]:
    """`drawn(side)` is the page with its longer side of so many pixels."""
    import zxingcpp

    for side in LONGER_SIDES:
        found = zxingcpp.read_barcodes(drawn(side), formats=zxingcpp.BarcodeFormat.QRCode)
        if texts := [code.text[:300] for code in found if code.valid]:
            return texts
    return []


def _opened(content: bytes):
    import pypdfium2

    try:
        paper = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        raise Stop("这份 PDF 打不开或加了密码，没有收。重新扫描，不设密码。") from None
    if len(paper) > MAX_PAGES:
        raise Stop(f"这份 PDF 有 {len(paper)} 页，一次最多 {MAX_PAGES} 页，没有收。分成几份再传。")
    return paper


def _of_pdf(content: bytes, mode: str):
    for page in _opened(content):
        longer = max(page.get_size()) or 1

        def drawn(side, page=page, longer=longer):
            return page.render(scale=side / longer, grayscale=mode == "L").to_pil().convert(mode)

        yield drawn


def _of_picture(content: bytes, mode: str):
    from PIL import Image, ImageOps, UnidentifiedImageError

    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # asked below, in words
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        if image.width * image.height > MAX_PIXELS:
            raise Stop(f"照片有 {image.width:,}×{image.height:,} 像素，最多 1 亿像素，没有收。缩小后再传。")
        whole = ImageOps.exif_transpose(image).convert(mode)
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError):
        raise Stop("这张照片打不开，没有收。重传；仍不行时重拍。") from None

    def drawn(side):
        small = whole.copy()
        small.thumbnail((side, side))
        return small

    yield drawn


def split(content: bytes, wanted: list[list[int]]) -> list[bytes]:
    import pypdfium2

    paper, made = _opened(content), []
    for numbers in wanted:
        one = pypdfium2.PdfDocument.new()
        one.import_pages(paper, numbers)
        out = io.BytesIO()
        one.save(out)
        made.append(out.getvalue())
    return made


if __name__ == "__main__":
    main()
