"""The demo's trial of the exchange with 移动执法平台: one branch sends packages, and the platform answers (issue 17).

What comes back is made here as docs/exchange/ says, from what went out and from nothing else, and taken by the act that the page calls.
"""

import hashlib
import io
import json
import zipfile
from datetime import date

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from inspections.exchange import actions, incoming, packing
from inspections.models import CodeKind, Mode, Outcome, RecordKind, Side, Source
from registry import book
from registry.models import Category

from .targeted import TargetedChecks
from .times import moment

BEGINS, ENDS = date(2026, 8, 17), date(2026, 8, 20)  # so short that no upload of another branch is late by it
BRANCH, THERE = "210522", "MEP-2026"
ITEMS = ("A01", "B01", "B02", "C01", "F01", "H01")  # the others have no counterpart yet
SAID = {"tasks": Side.OURS, "dispatch": Side.OURS, "results": Side.PLATFORM, "key": ""}


class Exchange:
    """Lays the events out on the player's clock; two checks are begun here, one on the platform."""

    def __init__(self, player):
        self.player, self.cast, self.unit = player, player.cast, player.units[BRANCH]
        self.targeted, self.planner = TargetedChecks(player, moment), player.cast.of(Role.PLANNER, BRANCH)
        self.told: list[dict] = []  # what the platform has got, as it was sent
        self.came = 0  # packages of the platform

    def lay_out(self) -> None:
        office = self.cast.of(Role.LEAD_OFFICE, "210500")
        at, label = self.player.at, str(self.unit)
        at(moment(BEGINS, 7, 30), "登记移动执法平台对接", lambda: self._connect(office), office)
        self.targeted._ask(self.unit, BEGINS, self._raise_two)
        self.targeted._approve(self.unit, BEGINS)
        at(moment(BEGINS, 15, 40), f"{label}：导出数据包", self._send, self.planner)
        at(moment(BEGINS, 17, 10), f"{label}：导入平台的回执", self._numbered, self.planner)
        day = date(2026, 8, 18)
        self.targeted._visit(self.unit, day)
        at(moment(day, 17, 20), f"{label}：导出数据包", self._send, self.planner)
        at(moment(date(2026, 8, 19), 8, 40), f"{label}：导入平台的数据包", self._answered, self.planner)
        at(moment(ENDS, 17), "移动执法平台联调结束", lambda: self._leave(office), office)

    def _connect(self, office) -> None:
        document = "本环执法〔2026〕18号（示例），联调四天"
        actions.connect(in_use=True, document=document, by=office, **SAID)
        units = Unit.objects.drawing().order_by("code")
        pairs = [(CodeKind.UNIT, unit.code, f"DW-{n:02}") for n, unit in enumerate(units, 1)]
        pairs += [(CodeKind.ITEM, code, f"SX-{n}01") for n, code in enumerate(ITEMS, 1)]
        pairs += [(CodeKind.OUTCOME, str(outcome), f"JG-{n:02}") for n, outcome in enumerate(Outcome, 1)]
        for kind, ours, theirs in pairs:
            actions.add_code(kind=kind, ours=ours, theirs=theirs, by=office)

    @staticmethod
    def _leave(office) -> None:
        actions.connect(in_use=False, document="本环执法〔2026〕21号（示例），联调结束", by=office, **SAID)

    def _raise_two(self) -> None:
        assigned = {"reference_no": "辽环督〔2026〕36号（示例）"}
        told = {"reference_link": "示例日报第 3 版", "reference_on": clock.today()}
        for category, source, reason, more in (
            (Category.GENERAL, Source.ASSIGNED, "上级交办，核实雨水排口情况", assigned),
            (Category.KEY, Source.MEDIA, "报道反映厂界有异味", told),
        ):
            place = self.targeted._place(self.unit, category)
            self.targeted._raise(self.unit, place, source, reason, more)

    def _send(self) -> None:
        """What the planner downloads; the platform keeps of it what it will speak of."""
        _, content = actions.make(unit=self.unit, by=self.planner)
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            self.told = [
                {"kind": kind, **json.loads(line)}
                for kind in RecordKind.values
                if f"{kind}.jsonl" in package.namelist()
                for line in package.read(f"{kind}.jsonl").decode().splitlines()
            ]
            self.package = json.loads(package.read("manifest.json"))["package"]

    def _numbered(self) -> None:
        """Taken, and each task has a number of the platform."""
        tasks = [row for row in self.told if row["kind"] == RecordKind.TASKS]
        numbers = {row["task"]: f"{THERE}-{1180 + n}" for n, row in enumerate(tasks, 1)}
        acks = [self._ack(row, numbers[row["task"]]) for row in tasks]
        self._receive({RecordKind.ACKS: [*acks, self._ack()]})

    def _answered(self) -> None:
        """The result is given back, a task is wanted elsewhere on another day, and one was begun there."""
        result = next(row for row in self.told if row["kind"] == RecordKind.RESULTS)
        refused = {"state": "REFUSED", "reason_code": "OTHER", "reason": "笔录的电子签名没有上传，补传以后重发"}
        theirs = {name: told for name, told in result.items() if name != "kind"}
        theirs |= {"key": result["platform_task"], "record_version": 1, "measures": "责令当场清理，并补记台账"}
        begun = {
            "key": f"{THERE}-1207",
            "record_version": 1,
            "task": None,
            "platform_task": f"{THERE}-1207",
            "state": "ISSUED",
            "source": Source.COMPLAINT,
            "mode": Mode.ONSITE,
            "facility": self._place(),
            "unit": {"bxs": None, "mep": self._code(CodeKind.UNIT, BRANCH), "name": "桓仁分局"},
            "items": [{"bxs": None, "mep": self._code(CodeKind.ITEM, "A01"), "name": "污染防治设施运行情况"}],
            "year": 2026,
            "quarter": 3,
            "dispatched_at": None,
            "finish_by": "2026-08-31",
            "reason": "12369 平台转来：夜间有刺激性气味（示例）",
        }
        acks = [self._ack(result, result["platform_task"]) | refused, self._ack()]
        self._receive({RecordKind.TASKS: [begun], RecordKind.RESULTS: [theirs], RecordKind.ACKS: acks})

    def _place(self) -> dict:
        facility = book.facilities_of(self.unit).filter(status="OPERATING").order_by("code").last()
        return {"code": facility.code, "uscc": facility.uscc, "name": facility.name, "address": facility.address}

    @staticmethod
    def _code(kind: str, ours: str) -> str:
        from inspections.models import PlatformCode

        return PlatformCode.objects.get(kind=kind, ours=ours, ended_at__isnull=True).theirs

    def _ack(self, row: dict | None = None, number: str | None = None) -> dict:
        """Of one record, or of the whole package (docs/exchange/ 3.7)."""
        about = f"{self.package}/{row['kind']}/{row['key']}" if row else self.package
        return {
            "key": about,
            "record_version": 1,
            "task": row and row["task"],
            "platform_task": number,
            "package": self.package,
            "kind": row and row["kind"],
            "record": row and row["key"],
            "version": row and row["record_version"],
            "state": "ACCEPTED",
            "reason_code": "",
            "reason": "",
            "at": self._now(),
        }

    @staticmethod
    def _now() -> str:
        return clock.now().isoformat(timespec="seconds")

    def _receive(self, records: dict[str, list[dict]]) -> None:
        """The platform's next package, imported."""
        self.came += 1
        files = packing.lines({kind: records[kind] for kind in RecordKind.values if kind in records})
        manifest = {
            "format": packing.FORMAT,
            "version": packing.VERSION,
            "package": packing.number(Side.PLATFORM, self.unit, self.came),
            "previous": packing.number(Side.PLATFORM, self.unit, self.came - 1) if self.came > 1 else None,
            "supersedes": [],
            "sender": Side.PLATFORM,
            "receiver": Side.OURS,
            "unit": BRANCH,
            "made_at": self._now(),
            "leads": {name: SAID[name] for name in ("tasks", "dispatch", "results")},
            "kinds": [kind for kind in RecordKind.values if kind in records],
            "files": [
                {
                    "name": name,
                    "size": len(data),
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "records": data.count(b"\n"),
                }
                for name, data in sorted(files.items())
            ],
        }
        content = packing.zipped(json.dumps(manifest, ensure_ascii=False).encode(), files)
        incoming.take(content=content, by=self.planner)
