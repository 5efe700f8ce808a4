"""The folder of a mirror: files that are replaced whole, their digests, and what the last writing knew."""

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

STATE, SUMS = "mirror.json", "sha256sums.txt"


class Folder:
    """`files`: the digest of each file by its name; `pages`: the addresses that the last writing reached."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.files: dict[str, str] = {}
        self.known: dict[str, Any] = {}
        self.changed = 0
        if (root / STATE).exists():
            self.known = json.loads((root / STATE).read_text(encoding="utf-8"))
        if self.known and (root / SUMS).exists():
            lines = (root / SUMS).read_text(encoding="utf-8").splitlines()
            self.files = {line[66:]: line[:64] for line in lines}

    def write(self, name: str, content: bytes | Iterable[bytes]) -> None:
        """Put a file in its place, whole or not at all; one that is the same already stays as it is."""
        place, digest = self.root / name, hashlib.sha256()
        if isinstance(content, bytes) and self.files.get(name) == hashlib.sha256(content).hexdigest():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        new = place.with_name(place.name + ".new")
        with open(new, "wb") as out:
            for part in [content] if isinstance(content, bytes) else content:
                digest.update(part)
                out.write(part)
        os.replace(new, place)
        self.changed += self.files.get(name) != digest.hexdigest()
        self.files[name] = digest.hexdigest()

    def remove(self, name: str) -> None:
        """Take a file away, and the folders that it leaves empty."""
        if self.files.pop(name, None) is None:
            return
        self.changed += 1
        place = self.root / name
        place.unlink(missing_ok=True)
        for parent in place.parents:
            if parent == self.root or any(parent.iterdir()):
                break
            parent.rmdir()

    def finish(self, **known: Any) -> None:
        """Write down the digests and what the next writing goes on from, last of all."""
        lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(self.files.items()))
        for name, text in ((SUMS, lines), (STATE, json.dumps(known, ensure_ascii=False))):
            new = self.root / (name + ".new")
            new.write_text(text, encoding="utf-8")
            os.replace(new, self.root / name)
