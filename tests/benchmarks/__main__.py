"""All benchmarks in one run, each beside what others do for the same work: the draw, the list, a big unit, the public list, the import,
the marked copy, the volume, a unit's year, the register, the city and its fairness, the exchange; and the office beside a crowd.

.venv/bin/python -m tests.benchmarks            # some ten minutes on a quiet machine of two cores; about 3 GB of disk
"""

import subprocess
import sys

PARTS = (
    "draw",
    "lists",
    "big",
    "public",
    "imports",
    "marked",
    "volume",
    "year",
    "register",
    "city",
    "fairness",
    "exchange",
    "crowd",
)


def main() -> None:
    """Each part is a process of its own, so that its peak memory is its own too."""
    failed = [
        part
        for part in PARTS
        if subprocess.run([sys.executable, "-m", f"tests.benchmarks.{part}"], check=False).returncode
    ]
    if failed:
        sys.exit(f"did not end: {', '.join(failed)}")


if __name__ == "__main__":
    main()
