"""Two-dimensional codes on papers: one drawn path, which needs no picture file."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class Code:
    """`side` is its length in modules, `path` the drawing of its dark ones."""

    side: int
    path: str


def code_of(address: str) -> Code:
    side, dots = dots_of(address)
    return Code(side, "".join(f"M{x} {y}h1v1h-1z" for x, y in dots))


def dots_of(text: str) -> tuple[int, Iterator[tuple[int, int]]]:
    """The length of a side in modules, and where the dark ones are."""
    matrix = segno.make(text, error="m").matrix
    return len(matrix), ((x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)


def png_of(text: str) -> io.BytesIO:
    """For Word, which draws no path."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=8, border=0)
    out.seek(0)
    return out
