"""Rows of checks from before the day of first use: which facility, on which day, for which items (二-a)."""

import re

from benxi_shuangsuiji.refusal import refuse_if
from registry.facilities.comparison import NamedRows
from registry.models import Facility, PastCheck, PastKind, PastMode, PastState

from . import rules

_BETWEEN_ITEMS = re.compile(r"[、，,;；/\s]+")


class PastRows(NamedRows):
    """Every row stands for one check, and the registry itself stays as it is."""

    by = ()
    one_row_each = False
    of_the_living = False

    def __init__(self, *args):
        refuse_if(rules.why_no_past())
        super().__init__(*args)
        self._rows: dict[tuple, int] = {}  # (facility, day, kind) → the first row that says it
        self._entered: set[tuple] = set()

    def match(self, lines: list) -> None:
        super().match(lines)
        entered = PastCheck.objects.filter(
            facility__in=[line.match.pk for line in lines if line.match],
            request__state__in=[PastState.ASKED, PastState.APPROVED],
        )
        self._entered = set(entered.values_list("facility_id", "day", "kind"))

    def content(self, line) -> dict | None:
        if line.number not in self.foreign:
            self._check(line)
        return super().content(line)

    def _check(self, line) -> None:
        v = line.values
        day, kind = v.get("day"), v.get("kind")
        if day and (problem := rules.why_not_day(day, self.today)):
            self.wrong(line, "day", problem, "启用以后的检查在系统里办理；核对日期")
        codes = [code for code in _BETWEEN_ITEMS.split(v.get("items", "").upper()) if code]
        remedy = "照抄当年事项清单的编号，多项用顿号隔开"
        if wrong := next((problem for code in codes if (problem := rules.why_not_item(code))), ""):
            self.wrong(line, "items", wrong, remedy)
        if kind == PastKind.RANDOM and not codes:
            self.wrong(line, "items", "随机抽查没有写事项编号", remedy)
        v["codes"] = sorted(set(codes))
        if line.match is None or not day or not kind:
            return
        first = self._rows.setdefault((line.match.pk, day, kind), line.number)
        if first != line.number:
            self.wrong(
                line, "day", f"与{self.notes.where(first)}是同一天同一类的检查", "一次检查只填一行，事项写在一起"
            )
        if kind == PastKind.RANDOM and not v.get("public_at"):
            self.note(line, "public_at", "没有公开结果的随机抽查不进入公示链", "已经公开的，填上网址或文号")

    def change_of(self, facility: Facility, line) -> dict | None:
        v = line.values
        if not v.get("day") or not v.get("kind") or (facility.pk, v["day"], v["kind"]) in self._entered:
            return None
        return {
            "code": "",
            "name": facility.name,
            "old": {},
            "new": {
                "facility": facility.pk,
                "day": v["day"].isoformat(),
                "kind": v["kind"],
                "mode": v.get("mode") or PastMode.ONSITE.value,
                "items": v["codes"],
                "result": v.get("result"),
                "public_at": v.get("public_at", ""),
            },
        }
