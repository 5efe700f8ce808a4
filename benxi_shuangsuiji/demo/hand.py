"""Handwriting for the demo: strokes that look like a signature, the same for the same name, as a path and its picture."""

import struct
import zlib
from functools import cache
from itertools import pairwise
from random import Random

from inspections.signatures.marks import Mark

WIDTH, HEIGHT = 320, 120


@cache
def hand(name: str) -> Mark:
    """Two or three strokes for each character of the name, drawn from left to right."""
    chance = Random(zlib.crc32(name.encode()))
    strokes = [
        _stroke(chance, 40 + 80 * n, chance.randint(25, 85))
        for n in range(len(name[:3]))
        for _ in range(chance.randint(2, 3))
    ]
    return Mark("签名.png", _png(strokes), strokes)


def _stroke(chance: Random, x: int, y: int) -> list[list[int]]:
    points = [[x, y]]
    for _ in range(8):
        x, y = x + chance.randint(-4, 12), min(HEIGHT - 6, max(6, y + chance.randint(-12, 14)))
        points.append([x, y])
    return points


def _png(strokes: list[list[list[int]]]) -> bytes:
    """Black on white, eight bits a pixel."""
    rows = [bytearray(b"\xff" * WIDTH) for _ in range(HEIGHT)]
    for stroke in strokes:
        for (x, y), (to_x, to_y) in pairwise(stroke):
            steps = max(abs(to_x - x), abs(to_y - y), 1)
            for n in range(steps + 1):
                column, line = x + (to_x - x) * n // steps, y + (to_y - y) * n // steps
                for row in rows[line : line + 2]:
                    row[column : column + 2] = b"\0\0"
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 9)
    parts = ((b"IHDR", head), (b"IDAT", data), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
