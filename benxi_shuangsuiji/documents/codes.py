"""Two-dimensional codes on papers: one drawn path, which needs no picture file."""

from dataclasses import dataclass

import segno


@dataclass(frozen=True)
class Code:
    """`side` is its length in modules, `path` the drawing of its dark ones."""

    side: int
    path: str


def code_of(address: str) -> Code:
    matrix = segno.make(address, error="m").matrix
    dots = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return Code(len(matrix), "".join(dots))
