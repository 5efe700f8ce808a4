"""What somebody wrote by hand: on the screen a path and its picture, or a photograph of the signed paper."""

import base64
import json
from dataclasses import dataclass

from registry.inspectors.rules import scan_type, why_not_scan

MOST_PICTURE = 400_000
MOST_PATH = 400_000
PNG = "data:image/png;base64,"

Path = list[list[list[float]]]


@dataclass(frozen=True)
class Mark:
    """`path` is None for a photograph or scan of paper."""

    name: str
    content: bytes
    path: Path | None = None

    @property
    def content_type(self) -> str:
        return scan_type(self.content)


def drawn(path: str, picture: str) -> Mark | None:
    """What the pad sent: strokes of points, and the picture of them; None when it is nothing of the kind."""
    if not path or len(path) > MOST_PATH or len(picture) > MOST_PICTURE or not picture.startswith(PNG):
        return None
    try:
        strokes = json.loads(path)
        content = base64.b64decode(picture.removeprefix(PNG), validate=True)
    except (ValueError, RecursionError):
        return None
    if not _is_path(strokes) or scan_type(content) != "image/png":
        return None
    return Mark("签名.png", content, strokes)


def _is_path(strokes) -> bool:
    """Some stroke goes somewhere: a tap is no signature."""
    return (
        isinstance(strokes, list)
        and all(isinstance(stroke, list) and all(_is_point(point) for point in stroke) for stroke in strokes)
        and any(len(stroke) > 1 for stroke in strokes)
    )


def _is_point(point) -> bool:
    return (
        isinstance(point, list)
        and len(point) == 2
        and all(isinstance(n, int | float) and not isinstance(n, bool) for n in point)
    )


def why_not_mark(mark: Mark | None) -> str:
    if mark is None:
        return "还没有签名。在框里手写，或者在打印件上签好，拍照上传。"
    return why_not_scan((mark.name, mark.content)) if mark.path is None else ""
