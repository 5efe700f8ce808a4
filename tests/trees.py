"""Files of the tree, a folder at a time: a rule for every file is one test for each folder, not one for each file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def by_folder(paths: Iterable[Path]) -> list[Any]:
    """One case for each app, and for each folder of templates; the test names the file in which it finds something."""
    folders: dict[str, list[Path]] = {}
    for path in paths:
        first, *below = path.relative_to(ROOT).parts
        folder = f"{first}/{below[0]}" if first == "templates" and len(below) > 1 else first
        folders.setdefault(folder, []).append(path)
    return [pytest.param(found, id=folder) for folder, found in folders.items()]
