"""What happens to packages on their way, on demand: each takes the bytes of a package and gives what arrives instead."""

import json
from collections.abc import Callable
from typing import Any

from tests.platform.package import Record, make_package, open_package, unpacked, zipped


def half(data: bytes) -> bytes:
    """Whoever wrote it was killed in the middle."""
    return data[: len(data) // 2]


def changed_byte(data: bytes) -> bytes:
    """One byte of the first member after the manifest is another; the zip itself is sound."""
    inside = unpacked(data)
    name = next(name for name in inside if name != "manifest.json")
    inside[name] = bytes([inside[name][0] ^ 1]) + inside[name][1:]
    return zipped(inside)


def damaged(data: bytes) -> bytes:
    """One byte in the middle of the zip is another: its CRC tells."""
    at = data.index(b"manifest.json") + 40
    return data[:at] + bytes([data[at] ^ 255]) + data[at + 1 :]


def manifest(data: bytes, **changes: Any) -> bytes:
    """The manifest says something else, or (None) lacks it: an older version of the format, another receiver …"""
    inside = unpacked(data)
    inside["manifest.json"] = json.dumps({**json.loads(inside["manifest.json"]), **changes}).encode()
    return zipped(inside)


def reworked(data: bytes, change: Callable[[Record, dict[str, list[Record]]], object]) -> bytes:
    """Manifest head and records changed, then packed anew: sizes and SHA-256 are true of what is in it."""
    package = open_package(data)
    head = {key: value for key, value in package.manifest.items() if key not in ("kinds", "files")}
    change(head, package.records)
    return make_package(head, package.records, package.files)


def unknown_code(data: bytes) -> bytes:
    """The first outcome, unit or item of it has a code that nobody registered."""

    def change(head: Record, records: dict[str, list[Record]]) -> None:
        for rows in records.values():
            for row in rows:
                for name in ("outcome", "unit"):
                    if name in row:
                        row[name] = {**row[name], "mep": "NOBODY-9"}
                        return

    return reworked(data, change)
