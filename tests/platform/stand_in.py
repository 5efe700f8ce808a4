"""The platform that stands in: takes packages of the system, numbers its tasks, answers, and sends its own.

Sections are those of `docs/exchange/README.md`. Everything it knows is one JSON file, written anew as a whole, so that
it either took a package or knows nothing of it. Lateness is counted in steps; nothing sleeps.
"""

import copy
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.platform.package import Package, Record, Refusal, content, make_package, numbered, open_package, place

TAKEN, REPEATED, REPLACED = "TAKEN", "REPEATED", "REPLACED"
OPENS = ("tasks", "teams", "notices", "results", "evidence", "followups")
HERE = timezone(timedelta(hours=8))
LEADS = {"tasks": "BXS", "dispatch": "BXS", "results": "BXS"}


@dataclass(frozen=True)
class Answer:
    """What became of one package: TAKEN, REPEATED, REPLACED or a code of section 6, with a sentence."""

    state: str
    words: str
    number: str | None = None


def _unit() -> Record:
    lists: list[str] = ["taken", "replaced", "waiting", "records", "links", "own", "sent", "returned", "refused"]
    return {**{name: {} for name in lists}, "last": 0, "made": 0, "accepted": 0, "next": 1, "out": [], "resend": False}


class Platform:
    """`codes` are its own tables, {"unit" | "item" | "outcome": {its code: the system's}}; None takes every code."""

    def __init__(
        self,
        folder: Path,
        *,
        units: tuple[str, ...] = ("210504",),
        leads: Record | None = None,
        codes: dict[str, dict[str, str]] | None = None,
        late: int = 0,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.folder, self.leads, self.codes, self.late = folder, leads or LEADS, codes, late
        self.now = now or (lambda: datetime.now(HERE))
        self.refusals: dict[tuple[str, str], tuple[str, str]] = {}  # (kind, key) → what to say once (code, sentence)
        for name in ("inbox", "outbox"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        kept = folder / "state.json"
        self.state = (
            json.loads(kept.read_text()) if kept.exists() else {"turn": 0, "units": {u: _unit() for u in units}}
        )

    def join(self, code: str, last: int, made: int) -> None:
        """A unit that has exchanged before: the last package that came from it, the last that was sent to it (section 4).

        Of checks of before it knows what the next packages say of them, by their numbers.
        """
        known = self.state["units"].get(code)
        if known is not None:
            if (last or made) and known.get("joined") != [last, made]:
                raise ValueError(f"{code} is known here already; begin with an empty folder for other numbers")
            return
        state = copy.deepcopy(self.state)
        state["units"][code] = {**_unit(), "last": last, "made": made, "accepted": made, "joined": [last, made]}
        self._keep(state)

    # --- taking -------------------------------------------------------------------------------------------------

    def step(self) -> list[Answer]:
        """One turn: take what lies in the inbox, by name, then put what is due into the outbox."""
        state = copy.deepcopy(self.state)
        state["turn"] += 1
        self._keep(state)
        answers = []
        for path in sorted((self.folder / "inbox").glob("*.zip")):
            answers.append(self.take(path.read_bytes()))
            path.unlink()
        for unit in self.state["units"]:
            self.send(unit)
        return answers

    def take(self, data: bytes) -> Answer:
        """Take one package whole, or change nothing but what is to be answered (section 4)."""
        try:
            package = open_package(data)
        except Refusal as refusal:
            return self._refuse(refusal, refusal.number)
        manifest, number = package.manifest, package.number
        if (manifest["sender"], manifest["receiver"]) != ("BXS", "MEP") or manifest["unit"] not in self.state["units"]:
            return self._refuse(Refusal("ADDRESS", "发送方、接收方不对，或者没有这个单位。"), number)
        state = copy.deepcopy(self.state)
        unit = state["units"][manifest["unit"]]
        if number in unit["taken"]:
            if unit["taken"][number] != package.fingerprint:
                # No acknowledgement: one under this number would speak of the package that was taken.
                return Answer("REUSED", f"{number} 已经收过，内容不同。", number)
            for key, ack in unit["own"].get("acks", {}).items():
                if ack["package"] == number:
                    self._out(state, unit, "acks", key)
            self._keep(state)
            return Answer(REPEATED, f"{number} 已收过。", number)
        if number in unit["replaced"]:
            return Answer(REPLACED, f"{number} 已由 {unit['replaced'][number]} 代替。", number)
        missing = self._missing(unit, manifest)
        if missing:
            unit["waiting"][number] = data.hex()
            self._keep(state)
            return self._refuse(Refusal("ORDER", f"前面还缺 {missing[0]}。"), number)
        try:
            _Taking(self, state, unit, package).run()
        except Refusal as refusal:
            return self._refuse(refusal, number)
        for gone in manifest["supersedes"]:
            if gone not in unit["taken"]:
                unit["replaced"][gone] = number
                unit["waiting"].pop(gone, None)
        unit["taken"][number], unit["last"] = package.fingerprint, package.place
        unit["waiting"].pop(number, None)
        self._keep(state)
        later = unit["waiting"].get(numbered("BXS", manifest["unit"], package.place + 1))
        if later:
            self.take(bytes.fromhex(later))
        return Answer(TAKEN, f"{number} 收下了。", number)

    def _missing(self, unit: Record, manifest: Record) -> list[str]:
        stem = manifest["package"][:-6]
        gap = [f"{stem}{at:06}" for at in range(unit["last"] + 1, place(manifest["package"]))]
        return [number for number in gap if number not in manifest["supersedes"]]

    def _refuse(self, refusal: Refusal, number: str | None) -> Answer:
        """A package refused as a whole is answered where its number could be read and is one of the system's."""
        unit = self.state["units"].get(number[4:10]) if number and number.startswith("BXS-") else None
        if number and unit and number not in unit["taken"]:
            state = copy.deepcopy(self.state)
            self.answer(state, state["units"][number[4:10]], number, reason=refusal)
            self._keep(state)
        return Answer(refusal.code, refusal.words, number)

    def answer(
        self, state: Record, unit: Record, number: str, kind: str | None = None, row: Record | None = None,
        reason: Refusal | None = None,
    ) -> None:  # fmt: skip
        """An acknowledgement of a package or of one record in it (section 3.7), due after so many steps."""
        key = number if row is None else f"{number}/{kind}/{row['key']}"
        task = row["task"] if row else None
        self.own(state, unit, "acks", {
            "key": key, "task": task,
            "platform_task": (row["platform_task"] or unit["links"].get(task)) if row else None,
            "package": number, "kind": kind, "record": row and row["key"], "version": row and row["record_version"],
            "state": "REFUSED" if reason else "ACCEPTED", "at": self._moment(),
            "reason_code": reason.code if reason else "", "reason": reason.words if reason else "",
        })  # fmt: skip

    # --- sending ------------------------------------------------------------------------------------------------

    def own(self, state: Record, unit: Record, kind: str, record: Record) -> None:
        """A record of its own: one version more where it differs from what it said before."""
        rows = unit["own"].setdefault(kind, {})
        before = rows.get(record["key"])
        if before is None or content(before) != content(record):
            rows[record["key"]] = {**record, "record_version": before["record_version"] + 1 if before else 1}
            self._out(state, unit, kind, record["key"])

    def _out(self, state: Record, unit: Record, kind: str, key: str) -> None:
        due = state["turn"] + (self.late if kind == "acks" else 0)
        unit["out"] = [row for row in unit["out"] if row[:2] != [kind, key]] + [[kind, key, due]]

    def begin(self, code: str, number: str, **task: Any) -> None:
        """A task that begins on the platform; it has no number of the system yet."""
        self._write(code, "tasks", number, state="ISSUED", mode="ONSITE", **task)

    def say(self, code: str, kind: str, number: str, **record: Any) -> None:
        """Its own team or result for a check, by the platform's number."""
        self._write(code, kind, number, **record)

    def _write(self, code: str, kind: str, number: str, **record: Any) -> None:
        state = copy.deepcopy(self.state)
        unit = state["units"][code]
        task = next((ours for ours, theirs in unit["links"].items() if theirs == number), None)
        before = unit["own"].get(kind, {}).get(number, {})
        self.own(state, unit, kind, {**before, **record, "key": number, "task": task, "platform_task": number})
        self._keep(state)

    def lost(self, code: str) -> None:
        """Its packages since the last one acknowledged did not arrive: the next holds their records (section 5)."""
        state = copy.deepcopy(self.state)
        state["units"][code]["resend"] = True
        self._keep(state)

    def send(self, code: str) -> bytes | None:
        """The next package, in the outbox too, or nothing where nothing is due."""
        state = copy.deepcopy(self.state)
        unit = state["units"][code]
        due = [row[:2] for row in unit["out"] if row[2] <= state["turn"]]
        lost = range(unit["accepted"] + 1, unit["made"] + 1) if unit["resend"] else range(0)
        again = [row for at in lost for row in unit["sent"][numbered("MEP", code, at)]]
        rows = [row for at, row in enumerate(again + due) if row not in (again + due)[:at]]
        if not rows:
            return None
        at = unit["made"] + 1
        number = numbered("MEP", code, at)
        back = {theirs: ours for ours, theirs in unit["links"].items()}
        records: dict[str, list[Record]] = {}
        for kind, key in rows:
            row = unit["own"][kind][key]
            records.setdefault(kind, []).append({**row, "task": row["task"] or back.get(row["platform_task"])})
        head = {
            "format": "BXS-EXCHANGE", "version": 1, "package": number,
            "previous": numbered("MEP", code, at - 1) if at > 1 else None,
            "supersedes": [numbered("MEP", code, gone) for gone in lost],
            "sender": "MEP", "receiver": "BXS", "unit": code, "made_at": self._moment(), "leads": self.leads,
        }  # fmt: skip
        data = make_package(head, records)
        unit["out"] = [row for row in unit["out"] if row[2] > state["turn"]]
        unit["sent"][number], unit["made"], unit["resend"] = rows, at, False
        self._keep(state)
        (self.folder / "outbox" / f"{number}.zip").write_bytes(data)
        return data

    # --- what it knows ------------------------------------------------------------------------------------------

    def ledger(self, code: str) -> dict[str, Record]:
        """Every check by the platform's number: the other number, its state, team and results of both sides."""
        unit = self.state["units"][code]
        back = {theirs: ours for ours, theirs in unit["links"].items()}
        out = {}
        for number in sorted({*back, *unit["own"].get("tasks", {})}):
            ours = back.get(number)
            task = unit["records"].get("tasks", {}).get(ours) or unit["own"].get("tasks", {}).get(number)
            team = unit["own"].get("teams", {}).get(number) or unit["records"].get("teams", {}).get(ours)
            out[number] = {
                "task": ours,
                "state": task["state"] if task else None,
                "team": [member["certificate_no"] for member in team["members"]] if team else [],
                "BXS": _outcome(unit["records"].get("results", {}).get(ours)),
                "MEP": _outcome(unit["own"].get("results", {}).get(number)),
            }
        return out

    def _moment(self) -> str:
        return self.now().astimezone(HERE).isoformat(timespec="seconds")

    def _keep(self, state: Record) -> None:
        """All of it or nothing: a new file takes the old one's place."""
        path = self.folder / "state.json"
        path.with_suffix(".new").write_text(json.dumps(state, ensure_ascii=False))
        os.replace(path.with_suffix(".new"), path)
        self.state = state


def _outcome(result: Record | None) -> Record | None:
    return {"outcome": result["outcome"], "version": result["record_version"]} if result else None


class _Taking:
    """The records of one package, in their order, into a copy of the state; a refusal leaves the copy unused."""

    def __init__(self, platform: Platform, state: Record, unit: Record, package: Package) -> None:
        self.platform, self.state, self.unit, self.package = platform, state, unit, package

    def run(self) -> None:
        rows = [(kind, row) for kind in OPENS for row in self.package.records.get(kind, [])]
        acks = self.package.records.get("acks", [])
        for kind, row in rows:
            self._codes(kind, row)
        for _, row in [*rows, *(("acks", ack) for ack in acks)]:
            self._link(row["task"], row["platform_task"])
        turned_away: set[str] = set()
        for kind, row in rows:
            try:
                new = self._newer(kind, row)
                if new:
                    self._record(kind, row, turned_away)
                    self.unit["records"].setdefault(kind, {})[row["key"]] = row
                if kind == "tasks":
                    self._number(row)
            except _Returned as refusal:
                turned_away |= {row["key"]} if kind == "tasks" else set()
                self.platform.answer(self.state, self.unit, self.package.number, kind, row, refusal)
        for ack in acks:
            if self._newer("acks", ack):
                self._ack(ack)
                self.unit["records"].setdefault("acks", {})[ack["key"]] = ack
        if rows:
            self.platform.answer(self.state, self.unit, self.package.number)

    def _newer(self, kind: str, row: Record) -> bool:
        """Section 4: the same again or an older version is passed over; one version with two contents is refused."""
        before = self.unit["records"].get(kind, {}).get(row["key"])
        if before and before["record_version"] == row["record_version"] and content(before) != content(row):
            raise Refusal("REUSED", f"{kind} {row['key']} 的第 {row['record_version']} 版已经用过，内容不同。")
        return not before or row["record_version"] > before["record_version"]

    def _codes(self, kind: str, row: Record) -> None:
        if kind == "tasks" and row["unit"]["bxs"] not in (None, self.package.manifest["unit"]):
            raise Refusal("BROKEN", f"{row['key']} 不是这个包的单位的检查。")
        used = [("item", answer["item"]) for answer in row.get("answers", [])]
        used += [("item", code) for code in row.get("items", [])]
        used += [(name, row[name]) for name in ("unit", "outcome") if name in row]
        for table, code in used:
            known = self.platform.codes and self.platform.codes[table]
            if known is not None and (code["mep"] not in known or code["bxs"] != known[code["mep"]]):
                raise Refusal("UNKNOWN_CODE", f"{kind} {row['key']}：{code['name']} 的代码不在对照表里。")

    def _link(self, task: str | None, number: str | None) -> None:
        links = self.unit["links"]
        if not task or not number:
            return
        other = next((ours for ours, theirs in links.items() if theirs == number), task)
        if links.get(task, number) != number or other != task:
            raise Refusal("REUSED", f"{task} 与 {number} 已经各与别的编号连在一起。")
        links[task] = number

    def _record(self, kind: str, row: Record, turned_away: set[str]) -> None:
        if (kind, row["key"]) in self.platform.refusals:
            raise _Returned(*self.platform.refusals.pop((kind, row["key"])))
        if kind == "tasks":
            if not row["facility"]["code"] and not row["facility"]["uscc"]:
                raise _Returned("UNKNOWN_FACILITY", "检查对象没有编号，也没有统一社会信用代码。")
        elif row["task"] in turned_away or not self._knows(row):
            raise _Returned("UNKNOWN_TASK", "没有收到过这个检查。")

    def _knows(self, row: Record) -> bool:
        own = self.unit["own"].get("tasks", {})
        if self.unit.get("joined", [0])[0] and row["task"] in self.unit["links"]:
            return True  # told to the one before
        return row["task"] in self.unit["records"].get("tasks", {}) or (row["platform_task"] or "") in own

    def _number(self, row: Record) -> None:
        """A task that is taken gets the platform's number, once; the acknowledgement tells both."""
        if row["platform_task"]:
            return
        if row["task"] not in self.unit["links"]:
            self.unit["links"][row["task"]] = f"DEMO-{row['year']}-{self.unit['next']:04}"
            self.unit["next"] += 1
        self.platform.answer(self.state, self.unit, self.package.number, "tasks", row)

    def _ack(self, ack: Record) -> None:
        at = place(ack["package"])
        if not ack["package"].startswith("MEP-") or at > self.unit["made"]:
            raise Refusal("OTHER", f"{ack['package']} 不是这里发的包。")
        if ack["kind"] is None:
            if ack["state"] == "ACCEPTED":
                self.unit["accepted"] = max(self.unit["accepted"], at)
                self.unit["refused"].pop(ack["package"], None)
            elif at > self.unit["accepted"]:
                self.unit["refused"][ack["package"]] = [ack["reason_code"], ack["reason"]]
                self.unit["resend"] = True
        elif ack["state"] == "REFUSED":
            self.unit["returned"][f"{ack['kind']}/{ack['record']}"] = [ack["reason_code"], ack["reason"]]
        else:
            self.unit["returned"].pop(f"{ack['kind']}/{ack['record']}", None)


class _Returned(Refusal):
    """One record is given back; the rest of its package is taken."""
