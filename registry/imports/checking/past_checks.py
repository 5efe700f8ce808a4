"""Rows of 历史检查 against the registry of a unit: which facility, on which day, for which items (二-a)."""

import re
from typing import NamedTuple

from benxi_shuangsuiji.refusal import refuse_if
from registry.imports.cells import shown
from registry.imports.checking.lines import Line
from registry.imports.checking.lists import ListComparison
from registry.models import Facility, PastCheck, PastKind, PastMode, PastState
from registry.past_checks import rules

_BETWEEN_ITEMS = re.compile(r"[、，,;；\s]+")


class Meant(NamedTuple):
    """The facility of one row; a facility may stand in many, each a check of its own."""

    facility: Facility
    row: int

    @property
    def pk(self) -> tuple[int, int]:
        return self.facility.pk, self.row


class PastComparison(ListComparison):
    """A list of checks: every row stands for one, and the registry itself stays as it is."""

    def __init__(self, *args):
        refuse_if(rules.why_no_past())
        super().__init__(*args)
        self.keys = []
        self._rows: dict[tuple, int] = {}  # (facility, day, kind) → the first row that says it
        self._entered: set[tuple] = set()

    def match(self, lines: list[Line]) -> None:
        super().match(lines)
        found = [line.match.pk for line in lines if line.match is not None]
        entered = PastCheck.objects.filter(facility__in=found)
        entered = entered.filter(request__state__in=[PastState.ASKED, PastState.APPROVED])
        self._entered = set(entered.values_list("facility_id", "day", "kind"))
        for line in lines:
            if line.match is not None:
                line.match = Meant(line.match, line.number)
            self._check(line)

    def _check(self, line: Line) -> None:
        v = line.values
        day, kind = v.get("day"), v.get("kind")
        if day and (problem := rules.why_not_day(day, self.today)):
            line.wrong("day", "检查日期", problem, "启用以后的检查在系统里办理；核对日期")
        codes = [code for code in _BETWEEN_ITEMS.split(v.get("items", "").upper()) if code]
        if wrong := next((problem for code in codes if (problem := rules.why_not_item(code))), ""):
            line.wrong("items", "事项编号", wrong, "照抄当年事项清单的编号，多项用顿号隔开")
        if kind == PastKind.RANDOM and not codes:
            line.wrong("items", "事项编号", "随机抽查没有写事项编号", "照抄当年事项清单的编号，多项用顿号隔开")
        v["codes"] = sorted(set(codes))
        if line.match is None or not day or not kind:
            return
        said = line.match.facility.pk, day, kind
        first = self._rows.setdefault(said, line.number)
        if first != line.number:
            text = f"与第 {first} 行是同一天同一类的检查"
            line.wrong("day", "检查日期", text, "一次检查只填一行，事项写在一起")
        if kind == PastKind.RANDOM and not v.get("public_at"):
            text = "没有公开结果的随机抽查不进入公示链"
            self.notes.add(
                line.number, "公示网址或文号", shown(line.cell("public_at")), text, "已经公开的，填上网址或文号"
            )

    def content(self, line: Line) -> dict | None:
        v, meant = line.values, line.match
        if meant is None or not v.get("day") or not v.get("kind"):
            return None
        if (meant.facility.pk, v["day"], v["kind"]) in self._entered:
            return None  # entered before
        return {
            "code": "",
            "name": meant.facility.name,
            "old": {},
            "new": {
                "facility": meant.facility.pk,
                "day": v["day"].isoformat(),
                "kind": v["kind"],
                "mode": v.get("mode") or PastMode.ONSITE.value,
                "items": v["codes"],
                "result": v.get("result"),
                "public_at": v.get("public_at", ""),
            },
        }
