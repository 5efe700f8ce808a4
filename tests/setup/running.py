"""Which processes run, read from /proc."""

import time
from pathlib import Path


def parents():
    """The parent of each running process."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            found[int(folder.name)] = int(fields[1])
    return found


def children(pid):
    return [child for child, parent in parents().items() if parent == pid]


def descendants(pid):
    known = parents()
    found, new = set(), {pid}
    while new:
        new = {child for child, parent in known.items() if parent in new}
        found |= new
    return found


def gone(pids, seconds=10):
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        if not [pid for pid in pids if is_running(pid)]:
            return True
        time.sleep(0.05)
    return False


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
