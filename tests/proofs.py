"""Which tests prove which clause, for the pages of 合规体检: `.venv/bin/python -m tests.proofs` writes what the marks say."""

import json

from .clause_summary import TESTS, wearings

PROOFS = TESTS.parent / "inspections" / "selfcheck" / "proofs.json"
MOST = 3  # a page names so many of one clause


def worn() -> dict[str, list[str]]:
    """Every clause with the tests that wear it and always run, in the order of their files."""
    found: dict[str, list[str]] = {}
    for mark in wearings():
        if mark.on_a_test and not mark.skipped and mark.where not in found.setdefault(mark.id, []):
            found[mark.id].append(f"tests/{mark.where}")
    return found


def write() -> None:
    kept = {clause: sorted(set(tests))[:MOST] for clause, tests in sorted(worn().items())}
    PROOFS.write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
