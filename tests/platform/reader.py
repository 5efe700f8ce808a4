"""An independent reader of a year of packages, from `docs/exchange/README.md` alone, and of nothing else here.

`python -m tests.platform.reader FOLDER…` prints totals as JSON. A folder holds zips of both senders, or unpacked packages.
It does not decide as a receiver does: it sums up what both sides said, each record in its newest version, without what
was refused, and tells which packages are missing.
"""

import hashlib
import json
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any


def members(path: Path) -> dict[str, bytes]:
    if path.is_dir():
        return {p.relative_to(path).as_posix(): p.read_bytes() for p in path.rglob("*") if p.is_file()}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Year:
    """Everything in these folders; `faults` are sentences about what is not as its manifest says."""

    def __init__(self, *folders: Path) -> None:
        self.faults: list[str] = []
        self.packages: dict[str, dict[str, Any]] = {}
        self.held: dict[str, list[tuple[str, dict[str, Any]]]] = {}  # package number → (kind, record)
        for folder in folders:
            for path in sorted(folder.iterdir()):
                if path.suffix == ".zip" or (path / "manifest.json").exists():
                    self.open(path)
        self.links: dict[str, str] = {}  # the system's number → the platform's
        self.acks: dict[str, dict[str, Any]] = {}  # what is spoken of → the newest answer
        for _, kind, row in self.rows():
            task, number = row["task"], row["platform_task"]
            if task and number and self.links.setdefault(task, number) != number:
                self.faults.append(f"{task} 有两个 MEP 编号。")
            if kind == "acks" and row["record_version"] >= self.acks.get(row["key"], row)["record_version"]:
                self.acks[row["key"]] = row

    def open(self, path: Path) -> None:
        try:
            inside = members(path)
            manifest = json.loads(inside.pop("manifest.json"))
            number = manifest["package"]
            rows = []
            for file in manifest["files"]:
                data = inside.pop(file["name"])
                if (len(data), hashlib.sha256(data).hexdigest()) != (file["size"], file["sha256"]):
                    raise ValueError(file["name"])
                if file["records"] is not None:
                    rows += [(file["name"].removesuffix(".jsonl"), json.loads(line)) for line in data.splitlines()]
            if inside:
                raise ValueError(next(iter(inside)))
        except (ValueError, KeyError, zipfile.BadZipFile) as error:
            self.faults.append(f"{path.name} 读不出来，或者与清单不符：{error}")
            return
        if self.packages.setdefault(number, manifest) != manifest:
            self.faults.append(f"{number} 有两个内容不同的包。")
        else:
            self.held[number] = rows

    def rows(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [(number, kind, row) for number in sorted(self.held) for kind, row in self.held[number]]

    def refused(self, number: str, kind: str, key: str) -> bool:
        """Not taken: the package as a whole, or this record of it."""
        acks = (self.acks.get(number), self.acks.get(f"{number}/{kind}/{key}"))
        return any(ack is not None and ack["state"] == "REFUSED" for ack in acks)

    def newest(self, kind: str) -> dict[tuple[str, str], dict[str, Any]]:
        """The records of a kind that were not refused, by sender and key, each in its newest version."""
        out: dict[tuple[str, str], dict[str, Any]] = {}
        for number, of, row in self.rows():
            name = (number[:3], row["key"])
            newer = name not in out or row["record_version"] > out[name]["record_version"]
            if of == kind and newer and not self.refused(number, kind, row["key"]):
                out[name] = row
        return out

    def missing(self) -> list[str]:
        """Numbers below the last of each series that are neither here nor superseded."""
        gone = {number for manifest in self.packages.values() for number in manifest["supersedes"]}
        last: dict[str, int] = {}
        for number in self.packages:
            last[number[:-6]] = max(last.get(number[:-6], 0), int(number[-6:]))
        every = [f"{series}{at:06}" for series, end in sorted(last.items()) for at in range(1, end + 1)]
        return [number for number in every if number not in self.packages and number not in gone]

    def check(self, row: dict[str, Any]) -> str:
        """One name for a check, whichever side speaks of it."""
        number = self.links.get(row["task"] or "", row["platform_task"])
        return str(number or row["task"])

    def by_check(self, kind: str, sender: str) -> dict[str, dict[str, Any]]:
        """What one side said last of each check, by the number of the check: of tasks, teams and results there is one."""
        return {self.check(row): row for (side, _), row in self.newest(kind).items() if side == sender}

    def totals(self) -> dict[str, Any]:
        tasks = {**self.by_check("tasks", "MEP"), **self.by_check("tasks", "BXS")}
        results = {
            side: {
                check: row["outcome"]["bxs"] or row["outcome"]["mep"]
                for check, row in self.by_check("results", side).items()
            }
            for side in ("BXS", "MEP")
        }
        both = results["BXS"].keys() & results["MEP"].keys()
        return {
            "packages": len(self.packages),
            "tasks": dict(sorted(Counter(row["state"] for row in tasks.values()).items())),
            "sources": dict(sorted(Counter(row["source"] for row in tasks.values()).items())),
            "numbers": dict(sorted(self.links.items())),
            "results": {side: dict(sorted(Counter(rows.values()).items())) for side, rows in results.items()},
            "different": sorted(check for check in both if results["BXS"][check] != results["MEP"][check]),
            "followups": len(self.newest("followups")),
            "refused": sorted(key for key, ack in self.acks.items() if ack["state"] == "REFUSED"),
            "missing": self.missing(),
            "faults": self.faults,
        }


if __name__ == "__main__":
    json.dump(Year(*map(Path, sys.argv[1:])).totals(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
