"""立案审批表 (form 1 of 环境行政执法文书制作指南), from the one description of all papers (八(二)-e; domain.md 3.1)."""

from dataclasses import dataclass

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents.filled import Filled
from inspections.followups.papers import SheetFacts, paper_with
from inspections.models import Case, PaperKind


@dataclass(frozen=True)
class FilingFacts(SheetFacts):
    def _origin(self) -> str:
        return self.asked.get_origin_display()

    def _matter(self) -> str:
        return self.asked.matter

    def _basis(self) -> str:
        return self.asked.basis

    def _review(self) -> str:
        return self.asked.get_review_ground_display() or "不属于应当法制审核的情形"


def filing_of(case: Case) -> Filled:
    unit, number = (
        case.inspection.unit.on(localtime(case.decided_at or case.asked_at).date()).name,
        case.document_no or case.no,
    )
    return paper_with(
        FilingFacts(case.inspection, case), PaperKind.FILING, unit, case.no, at=case.decided_at, number=number
    )
