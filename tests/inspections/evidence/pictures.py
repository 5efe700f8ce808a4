"""Photographs, and files that only say they are, made here: nothing is taken from anywhere."""

import io
import struct
import zlib

from PIL import Image

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + b"\x00" * 200
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
SOMEWHERE = {1: "N", 2: (41.0, 17.0, 30.0), 3: "E", 4: (123.0, 46.0, 0.0)}


def photo(color=(90, 120, 110), size=(400, 300), *, located=False, turned=False, form="JPEG") -> bytes:
    """A picture of one colour; `located` with a place in it as cameras write it, `turned` lying on its side."""
    exif = Image.Exif()
    if located:
        exif[0x8825] = SOMEWHERE
    if turned:
        exif[0x0112] = 6
    made = io.BytesIO()
    Image.new("RGB", size, color).save(made, form, exif=exif)
    return made.getvalue()


def noise(size=(900, 700)) -> bytes:
    """A picture large enough to be cut off in the middle."""
    made = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(made, "JPEG", quality=90)
    return made.getvalue()


def bomb(width=60_000, height=60_000) -> bytes:
    """A PNG of some bytes that says it is as large as a field."""
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 1000)),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def mp4(seconds=8, *, brand=b"isom", handler=b"vide", frames=b"\0" * 400) -> bytes:
    """A container that says how long it is, with nothing worth seeing in it."""
    head = struct.pack(">IIIII", 0, 0, 0, 1000, seconds * 1000) + b"\0" * 80
    track = _box(b"trak", _box(b"mdia", _box(b"hdlr", b"\0" * 8 + handler + b"\0" * 13)))
    return (
        _box(b"ftyp", brand + b"\0\0\2\0isomiso2") + _box(b"moov", _box(b"mvhd", head) + track) + _box(b"mdat", frames)
    )


def webm(seconds=8.0, doctype=b"webm") -> bytes:
    """The same in the container of the web; without `seconds` as a browser records it, which does not know the end."""
    head = b"\x42\x82" + bytes([0x80 | len(doctype)]) + doctype
    told = b"\x44\x89\x88" + struct.pack(">d", seconds * 1000) if seconds else b""
    info = b"\x2a\xd7\xb1\x83\x0f\x42\x40" + told
    body = b"\x15\x49\xa9\x66" + bytes([0x80 | len(info)]) + info + b"\x1f\x43\xb6\x75\x84abcd"
    return (
        b"\x1a\x45\xdf\xa3"
        + bytes([0x80 | len(head)])
        + head
        + b"\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff"
        + body
    )
