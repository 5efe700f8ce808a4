"""Photographs and scans that people bring: told by their bytes, opened only in a limited process (reliability.md U05).

The original is kept as it came. What pages show is a small picture made anew, without anything the camera wrote into it
(place, device, owner).
"""

import json
import math
from dataclasses import dataclass

from benxi_shuangsuiji.documents.limited import limited_process
from benxi_shuangsuiji.documents.pictures_limits import HEIC_BRANDS, JPEG, PDF, PNG
from benxi_shuangsuiji.refusal import Refused

ENDINGS = {JPEG: ".jpg", PNG: ".png", PDF: ".pdf"}
MIB = 1024 * 1024
_BROKEN = "这张照片打不开，没有收。重传；仍不行时重拍。"
_SLOW = "这张照片半分钟还没有打开，没有收。重拍，或缩小后再传。"
_HEADS = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"%PDF-": PDF}


@dataclass(frozen=True)
class Picture:
    """What a photograph is, and its small copy (JPEG)."""

    width: int
    height: int
    small: bytes


def kind_of(content: bytes) -> str:
    """What the bytes are, whatever the file is called; "" for anything but JPEG, PNG and PDF."""
    return next((kind for head, kind in _HEADS.items() if content.startswith(head)), "")


def why_too_large(size: int, most: int, what: str = "照片") -> str:
    """Asked before the bytes are read."""
    if size <= most:
        return ""
    return f"{what} {math.ceil(10 * size / MIB) / 10:g} MB，最多 {most // MIB} MB。缩小后再传，或在这一页直接拍照。"


def why_not_photo(content: bytes) -> str:
    if not content:
        return "文件是空的（0 字节），没有收。重拍或重选。"
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return "这是 HEIC 照片，多数电脑打不开，没有收。在手机相机设置里改存 JPG（“兼容性最佳”），再拍。"
    kind = kind_of(content)
    if kind == PDF:
        return "这是 PDF，不是照片。作为扫描件上传，或重拍。"
    return "" if kind else "不是图片，没有收。照片只收 JPG 和 PNG。"


def why_not_scan(content: bytes) -> str:
    """A scan may also be a PDF, whole to its end."""
    if kind_of(content) == PDF:
        if b"%%EOF" not in content[-2048:]:
            return "这份 PDF 不完整，可能没有传完，没有收。重传；仍不行时重新扫描。"
        return ""
    reason = why_not_photo(content)
    return reason.replace("不是图片，没有收。照片只收 JPG 和 PNG。", "不是扫描件，没有收。只收 PDF、JPG 和 PNG。")


def look_at(content: bytes) -> Picture:
    """Open a photograph whole and make its small copy, or refuse it in a sentence."""
    with limited_process("pictures_child", content, trouble=_BROKEN, slow=_SLOW, seconds=30) as child:
        told = json.loads(child.stdout.readline() or b"{}")
        if "refused" in told:
            raise Refused(told["refused"])
        small = child.stdout.read()
        if not small or len(small) != told.get("size"):
            raise Refused(_BROKEN)
        return Picture(told["width"], told["height"], small)
