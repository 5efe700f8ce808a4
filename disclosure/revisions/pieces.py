"""Two texts beside each other: which words of one the other has not (ui-2.md 19, 27)."""

from difflib import SequenceMatcher
from typing import NamedTuple

ALIKE = 0.6  # below this share of common characters two texts are shown whole


class Piece(NamedTuple):
    """Some words of one side, and whether the other side has them too."""

    words: str
    differs: bool


def pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Both texts cut where they differ; texts that have little in common stay whole, to be read."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return [Piece(old, True)] if old else [], [Piece(new, True)] if new else []
    before, after = [], []
    for what, a, b, c, d in matcher.get_opcodes():
        before += [Piece(old[a:b], what != "equal")] if b > a else []
        after += [Piece(new[c:d], what != "equal")] if d > c else []
    return before, after
