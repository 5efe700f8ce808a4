"""检查人员更换审批表 of a check that was not drawn (七(五)-c, domain.md 3.2 (h))."""

from dataclasses import dataclass, replace

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Block, Filled, Sign
from benxi_shuangsuiji.workdays.days import paper_moment
from inspections.checks.issuer import place_of
from inspections.checks.marks import mark_of
from inspections.models import PaperKind, Swap
from inspections.paperwork import layouts
from inspections.paperwork.blocks import blocks_of
from inspections.paperwork.layouts import Layout
from plans.models import RequestState

KIND = PaperKind.SWAP


@dataclass(frozen=True)
class SwapFacts:
    swap: Swap

    def of(self, key: str) -> str:
        return getattr(self, f"_{key}")()

    def _check(self) -> str:
        return self.swap.inspection.no

    def _facility(self) -> str:
        return place_of(self.swap.inspection).name

    def _unit(self) -> str:
        return self.swap.inspection.unit.on(localtime(self.swap.decided_at or self.swap.asked_at).date()).name

    def _reason(self) -> str:
        return self.swap.get_reason_display()

    def _leaving(self) -> str:
        return self.swap.leaving.name

    def _coming(self) -> str:
        return self.swap.coming.name if self.swap.coming else ""

    def _evidence(self) -> str:
        return self.swap.evidence

    def _asked(self) -> str:
        return f"{self.swap.asked_by.full_name}，{paper_moment(self.swap.asked_at)}"

    def _decision(self) -> str:
        return "。".join(filter(None, [self.swap.get_state_display(), self.swap.opinion]))

    def _decided(self) -> str:
        swap = self.swap
        return f"{swap.decided_by.full_name}，{paper_moment(swap.decided_at)}" if swap.decided_by else ""

    def _outcome(self) -> str:
        if self.swap.state == RequestState.RETURNED:
            return "不更换。"
        if self.swap.state != RequestState.APPROVED:
            return "批准以后换。"
        return f"{self.swap.leaving.name}退出检查小组，由{self.swap.coming.name}接替。"

    def blocks(self, key: str, label: str) -> list[Block]:
        raise KeyError(key)

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        said = {"ASKED": self._asked(), "LEADER": self._decided()}
        return tuple(Sign(label, remark=said[who]) for who, label in layout.signers)


def paper_of(swap: Swap) -> Filled:
    """Laid out as on the day of the request or of its decision."""
    last = localtime(swap.decided_at or swap.asked_at)
    layout, unit = layouts.in_force(KIND, last.date()), swap.inspection.unit.on(last.date()).name
    number = layout.numbered(last.year, swap.document_no) if swap.document_no else "待批准"
    paper = Filled(
        unit=unit,
        title=layout.title,
        left=f"文号：{number}",
        right=f"{unit}　检查编号：{swap.inspection.no}",
        blocks=blocks_of(SwapFacts(swap), layout),
        note="",
        made_at=last.isoformat(timespec="seconds"),
    )
    return replace(paper, mark=mark_of(swap.inspection.no, KIND, paper.digest))
