"""What stands on 行政执法检查审批表: kept with the request, never read anew (七(五)-d, domain.md 3.2 (a))."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Block, Sign, Text
from benxi_shuangsuiji.workdays.days import full_date, paper_moment
from inspections.approvals import pages
from inspections.approvals.days import minutes_words
from inspections.models import ApprovalState, CheckApproval, Inspection

from .layouts import Layout

OPINION = 15  # millimetres of room for what somebody writes


@dataclass(frozen=True)
class ApprovalFacts:
    """Of the latest request with whatever was said about it: the unit's leader, then the bureau where the chain says so."""

    inspection: Inspection

    @cached_property
    def rows(self) -> list[CheckApproval]:
        standing = self.inspection.approvals.exclude(state=ApprovalState.TAKEN_BACK)
        latest = standing.order_by("asked_at", "pk").values_list("no").last()
        people = ("decided_in", "asked_by", "decided_by")
        return list(standing.filter(no=latest[0]).select_related(*people).order_by("pk"))

    @property
    def asked(self) -> CheckApproval:
        return self.rows[0]

    @property
    def last(self) -> datetime:
        """When the last word was said."""
        return max([self.asked.asked_at, *(row.decided_at for row in self.rows if row.decided_at)])

    def of(self, key: str) -> str:
        made = getattr(self, f"_{key}", None)
        return made() if made else self.asked.facts.get(key) or ""

    def _source(self) -> str:
        facts = self.asked.facts
        return "　".join(filter(None, [facts["source"], facts["draw_no"]]))

    def _mode(self) -> str:
        why = self.asked.facts.get("onsite_why", "")  # not in what was asked for before it was kept
        return f"{self.asked.facts['mode']}检查" + (f"，进现场的原因：{why}" if why else "")

    def _period(self) -> str:
        return f"{full_date(self.asked.first_day)}至 {full_date(self.asked.last_day)}"

    def _duration(self) -> str:
        return f"约 {minutes_words(self.asked.minutes)}"

    def _frequency(self) -> str:
        facts = self.asked.facts
        if facts["visits"] is None:
            return f"{facts['mode']}检查，不入企"
        cap = f"，上限 {facts['cap']} 次" if facts["cap"] is not None else ""
        return f"含本次，本年度入企检查 {facts['visits']} 次{cap}"

    def _served(self) -> str:
        return pages.notice_words(self.asked)

    def _items(self) -> str:
        return "；".join(f"{n}. {item}" for n, item in enumerate(self.asked.facts["items"], 1))

    def _bases(self) -> str:
        return "；".join(self.asked.facts["bases"])

    def _people(self) -> str:
        return "；".join(
            f"{'组长' if p['is_leader'] else '组员'}：{p['name']}，{p['unit']}，{p['certificate_no']}"
            + (f"，有效期至 {p['certificate_to']}" if p["certificate_to"] else "")
            for p in self.asked.facts["people"]
        )

    def _made_up(self) -> str:
        return "突发情况，先检查后补办审批。" if self.asked.made_up else ""

    def blocks(self, key: str, label: str) -> list[Block]:
        if key == "proposed":
            signed = f"{self.asked.asked_by.full_name}，{paper_moment(self.asked.asked_at)}"
            return [Text(label, "拟按上列内容实施检查，报批。", OPINION, signed)]
        return [self._said(row, label) for row in self.rows]

    @staticmethod
    def _said(row: CheckApproval, label: str) -> Text:
        """Whoever has not decided yet writes on the printed one."""
        by = row.decided_in.on(localtime(row.decided_at or row.asked_at).date())
        who = f"{row.decider}意见" if row.decider == "科室负责人" else f"{by.name}{label}"
        if row.decided_by is None:
            return Text(who, "　", OPINION, "签名：　　　　　　　　年　　月　　日")
        signed = f"{row.decided_by.full_name}，{paper_moment(row.decided_at)}"
        return Text(who, f"{row.get_state_display()}。{row.opinion}", OPINION, signed)

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        return ()
