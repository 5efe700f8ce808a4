"""The process in which a stranger's photograph is decoded, under limits on memory and time.

It takes the bytes on its input and answers with one line of JSON and the small copy, or with the sentence of a refusal.
"""

import io
import json
import sys
import warnings

from benxi_shuangsuiji.documents.limited import put_limits, read_block
from benxi_shuangsuiji.documents.pictures_limits import MAX_MEMORY, MAX_PIXELS, MAX_SECONDS, SMALL


class Stop(Exception):
    """The photograph is refused; the text is the reason."""


def main() -> None:
    put_limits(memory=MAX_MEMORY, seconds=MAX_SECONDS)
    out = sys.stdout.buffer
    try:
        told, small = look(read_block(sys.stdin.buffer))
    except Stop as stop:
        told, small = {"refused": str(stop)}, b""
    out.write(json.dumps(told, ensure_ascii=False).encode() + b"\n" + small)
    out.flush()


def look(content: bytes) -> tuple[dict, bytes]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # asked below, in words
    try:
        image = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise Stop(f"照片有 {width:,}×{height:,} 像素，最多 1 亿像素，没有收。缩小后再传。")
        image.load()  # whole: a photograph cut off in the middle shows itself here
        image.thumbnail((SMALL, SMALL))
        small = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, EOFError, UnidentifiedImageError) as trouble:
        words = str(trouble)
        if "truncated" in words or "broken data stream" in words:
            raise Stop("这张照片不完整，可能没有传完，没有收。重传；仍不行时重拍。") from None
        raise Stop("这张照片打不开，没有收。重传；仍不行时重拍。") from None
    except MemoryError:
        raise Stop("这张照片太大，打不开，没有收。缩小后再传。") from None
    made = io.BytesIO()
    clean = Image.new("RGB", small.size)  # carries nothing of what the camera wrote beside the picture
    clean.paste(small)
    clean.save(made, "JPEG", quality=80, optimize=True)
    return {"width": width, "height": height, "size": made.tell()}, made.getvalue()


if __name__ == "__main__":
    main()
