"""Short videos that people bring: told by their container's own bytes, never by name; how long they are stands there too.

Nothing is decoded here: of MP4 and 3GP the boxes are walked (ISO/IEC 14496-12), of WebM the elements (RFC 8794).
"""

import struct
from collections.abc import Iterator

MP4, THREE_GP, WEBM = "video/mp4", "video/3gpp", "video/webm"
ENDINGS = {MP4: ".mp4", THREE_GP: ".3gp", WEBM: ".webm"}
_MP4_BRANDS = {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"MSNV", b"M4V ", b"dash"}
_EBML = b"\x1aE\xdf\xa3"
_MOST_PARTS = 20_000  # of a file; one made of nothing but heads is no video
_BROKEN = "这段视频打不开或没有传完，没有收。重传；仍不行时重拍。"


class _Broken(Exception):
    """The container does not hold together."""


def kind_of(content: bytes) -> str:
    """What the bytes are; "" for anything but MP4, 3GP and WebM."""
    if content[4:8] == b"ftyp":
        brand = content[8:12]
        return THREE_GP if brand.startswith(b"3g") else MP4 if brand in _MP4_BRANDS else ""
    return WEBM if content.startswith(_EBML) and b"webm" in content[:64] else ""


def why_not_video(content: bytes, most_seconds: int) -> str:
    """Whole, with a picture, and not too long."""
    if not content:
        return "文件是空的（0 字节），没有收。重拍或重选。"
    if content[4:12] == b"ftypqt  ":
        return "这是 MOV 视频，多数电脑打不开，没有收。在手机相机设置里改存 MP4（“兼容性最佳”），再拍。"
    if not (kind := kind_of(content)):
        return "不是视频，没有收。只收 MP4、WebM 和 3GP。"
    try:
        seconds = _webm_seconds(content) if kind == WEBM else _mp4_seconds(content)
    except (_Broken, IndexError, ValueError, OverflowError):
        return _BROKEN
    if seconds > most_seconds:
        return f"视频 {seconds:.0f} 秒，最多 {most_seconds} 秒。分成几段拍，或只拍要紧的。"
    return ""


# --- MP4 and 3GP -----------------------------------------------------------------------------------------------------


def _boxes(content: bytes, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, where its content begins, where it ends) of the boxes in a stretch."""
    for _ in range(_MOST_PARTS):
        if at >= end:
            return
        size, kind, head = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            raise _Broken
        yield kind, at + head, at + size
        at += size
    raise _Broken


def _mp4_seconds(content: bytes) -> float:
    found = {kind: (start, end) for kind, start, end in _boxes(content, 0, len(content))}
    if b"moov" not in found or b"mdat" not in found:
        raise _Broken
    start, end = found[b"moov"]
    if b"vide" not in content[start:end]:
        raise _Broken  # sound alone
    head = next((s for kind, s, _ in _boxes(content, start, end) if kind == b"mvhd"), None)
    if head is None:
        raise _Broken
    wide = content[head] == 1
    at = head + (20 if wide else 12)
    scale, length = int.from_bytes(content[at : at + 4]), int.from_bytes(content[at + 4 : at + (12 if wide else 8)])
    return _told(length, scale)


def _told(length: float, scale: float) -> float:
    if scale <= 0 or not length > 0:
        raise _Broken
    return length / scale


# --- WebM ------------------------------------------------------------------------------------------------------------

_SEGMENT, _INFO, _SCALE, _LENGTH, _CLUSTER = 0x18538067, 0x1549A966, 0x2AD7B1, 0x4489, 0x1F43B675


def _number(content: bytes, at: int, *, marked: bool) -> tuple[int, int]:
    """A variable-length number and where it ends; `marked`: with its length bit, as identifiers are written."""
    first = content[at]
    length = 9 - first.bit_length()
    if length > 8 or at + length > len(content):
        raise _Broken
    value = int.from_bytes(content[at : at + length])
    return (value if marked else value & ((1 << 7 * length) - 1)), at + length


def _elements(content: bytes, at: int, end: int) -> Iterator[tuple[int, int, int]]:
    for _ in range(_MOST_PARTS):
        if at >= end:
            return
        name, at = _number(content, at, marked=True)
        before = at
        size, at = _number(content, at, marked=False)
        if size == (1 << 7 * (at - before)) - 1:  # unknown, to the end: a live recording
            size = end - at
        if at + size > end:
            raise _Broken
        yield name, at, at + size
        at += size
    raise _Broken


def _webm_seconds(content: bytes) -> float:
    segment = next(((s, e) for name, s, e in _elements(content, 0, len(content)) if name == _SEGMENT), None)
    if segment is None:
        raise _Broken
    for name, start, end in _elements(content, *segment):
        if name == _CLUSTER:
            break
        if name != _INFO:
            continue
        told = {name: content[s:e] for name, s, e in _elements(content, start, end)}
        scale = int.from_bytes(told.get(_SCALE, b"")) or 1_000_000
        raw = told.get(_LENGTH, b"")
        length = struct.unpack(">f" if len(raw) == 4 else ">d", raw)[0] if len(raw) in (4, 8) else 0
        return _told(length * scale, 1_000_000_000)
    raise _Broken
