"""行政执法检查审批表 (七(五)-d, domain.md 3.2 (a))."""

import hashlib
import json
from dataclasses import asdict, dataclass

from django.template.loader import render_to_string
from django.utils import timezone

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.workdays.days import full_date, paper_moment
from inspections.checks.issuer import issuer_of
from inspections.models import ApprovalState, CheckApproval

from . import pages
from .days import minutes_words


@dataclass(frozen=True)
class Word:
    """What one of those who decide said, by whom and when."""

    office: str
    words: str
    signed: str


@dataclass(frozen=True, kw_only=True)
class ApprovalFormFacts:
    """Everything on the paper, so that the same facts give the same paper."""

    no: str
    unit: str
    facts: dict
    period: str
    duration: str
    notice: str
    asked: str
    decisions: tuple[Word, ...]
    made_up: bool
    made_at: str

    @property
    def digest(self) -> str:
        """The first 16 hex digits in groups of four; the whole is the SHA-256 of the facts as JSON."""
        text = json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)
        head = hashlib.sha256(text.encode()).hexdigest()[:16]
        return " ".join(head[i : i + 4] for i in range(0, 16, 4))

    @property
    def frequency(self) -> str:
        if self.facts["visits"] is None:
            return f"{self.facts['mode']}检查，不入企"
        cap = f"，上限 {self.facts['cap']} 次" if self.facts["cap"] is not None else ""
        return f"含本次，本年度入企检查 {self.facts['visits']} 次{cap}"


def approval_form_facts(asked: CheckApproval) -> ApprovalFormFacts:
    """Of the request with whatever was said about it: the unit's leader, then the bureau where the chain says so."""
    rows = list(
        CheckApproval.objects.filter(no=asked.no, inspection=asked.inspection_id)
        .exclude(state=ApprovalState.TAKEN_BACK)
        .select_related("decided_in", "asked_by", "decided_by")
        .order_by("pk")
    )
    first = rows[0] if rows else asked
    said = tuple(
        Word(
            row.decided_in.name,
            f"{row.get_state_display()}。{row.opinion}",
            f"{row.decided_by.full_name}，{paper_moment(row.decided_at)}",
        )
        for row in rows
        if row.decided_by
    )
    last = max([first.asked_at, *(row.decided_at for row in rows if row.decided_at)])
    return ApprovalFormFacts(
        no=first.no,
        unit=issuer_of(asked.inspection).body,
        facts=first.facts,
        period=f"{full_date(first.first_day)}至 {full_date(first.last_day)}",
        duration=f"约 {minutes_words(first.minutes)}",
        notice=pages.notice_words(first),
        asked=f"{first.asked_by.full_name}，{paper_moment(first.asked_at)}",
        decisions=said,
        made_up=first.made_up,
        made_at=timezone.localtime(last).isoformat(timespec="seconds"),
    )


def approval_form_html(facts: ApprovalFormFacts) -> str:
    return render_to_string("documents/approval.html", {"facts": facts})


def approval_form_pdf(asked: CheckApproval) -> bytes:
    return pdf.render(approval_form_html(approval_form_facts(asked)), title_of_error="检查审批表")


def approval_form_name(asked: CheckApproval) -> str:
    """The number only: a file's name must not say who is checked (decisions.md 3)."""
    return f"行政执法检查审批表_{asked.inspection.no}.pdf"
