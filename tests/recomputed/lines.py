"""SSJ1 texts as lines of fields: `SSJ1 <kind>`, lines `tag TAB field …`, `end TAB <number of lines>` (SSJ1 1.1, 2)."""

import hashlib


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def fields(text: str) -> list[list[str]]:
    """Every line between the first and the last, tag first."""
    first, *body, end = text.removesuffix("\n").split("\n")
    if not first.startswith("SSJ1 ") or end != f"end\t{len(body)}":
        raise ValueError(f"no whole SSJ1 text: {first}")
    return [line.split("\t") for line in body]


def tagged(text: str, tag: str) -> list[list[str]]:
    """The fields after the tag, of every line that has it."""
    return [line[1:] for line in fields(text) if line[0] == tag]


def one(text: str, tag: str) -> list[str]:
    (found,) = tagged(text, tag)
    return found


def codes(field: str) -> set[str]:
    return set() if field == "-" else set(field.split(","))
