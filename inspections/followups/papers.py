"""审批表: what one asked and another decided about a check, from the one description of all papers (domain.md 3.1)."""

from dataclasses import dataclass

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Block, Filled, Sign
from benxi_shuangsuiji.forms.decision import Decision
from benxi_shuangsuiji.workdays.days import full_date, paper_moment
from inspections.checks.issuer import place_of
from inspections.models import Inspection, PaperKind
from inspections.paperwork import layouts
from inspections.paperwork.blocks import blocks_of
from inspections.paperwork.layouts import Layout


@dataclass(frozen=True)
class Facts:
    """By the keys of the layouts; a room adds what only its own papers say."""

    inspection: Inspection

    def of(self, key: str) -> str:
        return getattr(self, f"_{key}")()

    def _facility(self) -> str:
        return place_of(self.inspection).name

    def _uscc(self) -> str:
        return place_of(self.inspection).uscc

    def _address(self) -> str:
        return place_of(self.inspection).address

    def _check(self) -> str:
        return f"{self.inspection.no}，{full_date(localtime(self.inspection.ended_at).date())}"

    def _finding(self) -> str:
        return self.inspection.finding

    def blocks(self, key: str, label: str) -> list[Block]:
        return getattr(self, f"_{key}_blocks")(label)

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        return tuple(Sign(label) for _, label in layout.signers)


@dataclass(frozen=True)
class SheetFacts(Facts):
    asked: Decision
    reason: str = ""

    def _asked(self) -> str:
        return f"{self._asked_by()}。{self.reason}"

    def _asked_by(self) -> str:
        return f"{self.asked.asked_by.full_name}，{paper_moment(self.asked.asked_at)}"

    def _decision(self) -> str:
        return f"{self.asked.get_state_display()}。{self.asked.opinion}"

    def _decided(self) -> str:
        return f"{self.asked.decided_by.full_name}，{paper_moment(self.asked.decided_at)}"

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        said = {"ASKED": self._asked_by(), "LEADER": self._decided()}
        return tuple(Sign(label, remark=said[who]) for who, label in layout.signers)


def paper_with(facts: Facts, kind: PaperKind, unit: str, right: str, *, at, number: str = "", **more) -> Filled:
    """Laid out as on its day: that of the decision, or of the order."""
    day = localtime(at)
    layout = layouts.in_force(kind, day.date())
    return Filled(
        unit=unit,
        title=layout.title,
        left=f"编号：{layout.numbered(day.year, number or facts.inspection.no)}",
        right=right,
        blocks=blocks_of(facts, layout),
        note="",
        made_at=day.isoformat(timespec="seconds"),
        **more,
    )
