"""What the address of a notice opens, until when, and why a statement is not taken (七(五)-k, N-10)."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import months_after
from inspections.checks.states import DROPPED, ENDED
from inspections.codes.models import EnterpriseLink
from inspections.evidence.rules import MOST_BYTES
from inspections.models import Inspection, InspectionStatus, Mode, Paper, PaperKind, Statement
from inspections.paperwork.rules import why_not_paper
from registry.codes import why_not_phone

MOST_FILES = 5
MOST_STATEMENTS = 20  # of one check


def ends_on(link: EnterpriseLink) -> date:
    """The last day of an address: so many months after the last step of the check, or after it was renewed."""
    check = link.inspection
    last = max(filter(None, (link.made_at, check.ended_at, check.published_at)))
    day = localtime(last).date()
    return months_after(day, policy.on(day).recommended.enterprise_link_months)


def names_the_place(inspection: Inspection) -> bool:
    """Before anybody arrives the address says no more than a notice that went out beforehand has said (decisions.md 3)."""
    return inspection.started_at is not None or any(d.paper == Paper.NOTICE for d in inspection.deliveries.all())


def why_not_this_paper(inspection: Inspection, kind: str) -> str:
    """A paper is there once it was made and told: the notice when it was served, the record when it was signed, the
    result when it was handed over or refused."""
    served = {d.paper for d in inspection.deliveries.all()}
    if kind == PaperKind.NOTICE:
        return "" if Paper.NOTICE in served else "通知书送达以后能下载。"
    if inspection.status not in ENDED or inspection.status == InspectionStatus.RETURNED:
        return "检查提交以后能下载。"
    if kind in (PaperKind.RESULT, PaperKind.REPORT) and Paper.RESULT not in served:
        return "检查结果告知以后能下载。"
    return why_not_paper(inspection, kind)


def kinds(inspection: Inspection) -> list[PaperKind]:
    """The papers that a check of this kind comes to have."""
    visit = [PaperKind.NOTICE, PaperKind.RECORD] if inspection.mode == Mode.ONSITE else []
    return [*visit, PaperKind.RESULT, PaperKind.REPORT]


def why_not_state(inspection: Inspection) -> str:
    if inspection.status in DROPPED:
        return "这次检查已经取消，没有要办的。"
    if inspection.started_at is None:
        return "检查还没有开始。检查开始以后可以陈述申辩。"
    if inspection.statements.count() >= MOST_STATEMENTS:
        return f"已经交了 {MOST_STATEMENTS} 份。还有要说的，打电话联系检查单位。"
    return ""


def why_not_this_statement(words: str, by_name: str, phone: str, files: Sequence[tuple[str, bytes]]) -> str:
    if reason := why_not_reason(words, "内容"):
        return reason
    if not by_name.strip():
        return "写明经办人的姓名。"
    problem, remedy = why_not_phone(phone) if phone else ("", "")
    if problem:
        return f"联系电话{problem}。{remedy}。"
    if len(files) > MOST_FILES:
        return f"一次最多交 {MOST_FILES} 个文件。其余的另交一份。"
    for name, content in files:
        if reason := pictures.why_too_large(len(content), MOST_BYTES, f"文件“{name}”"):
            return reason
        if reason := pictures.why_not_scan(content):
            return f"文件“{name}”{reason}"
    return ""


def same(inspection: Inspection, words: str, by_name: str, files: Sequence[str], now) -> Statement | None:
    """The same paper sent twice within minutes is one (U05)."""
    recent = inspection.statements.filter(words=words, by_name=by_name, at__gte=now - timedelta(minutes=10))
    return next((s for s in recent if sorted(f.file.sha256 for f in s.files.all()) == sorted(files)), None)


def why_not_answer(statement: Statement, by) -> str:
    """Who was there considers what is said of the check."""
    check = statement.inspection
    if statement.answered_at:
        return "已经答复。"
    leads = check.members.filter(inspector__user=by, is_leader=True).exists()
    return "" if leads and by.units_with(Permission.FIELD_WORK) else "陈述申辩由检查小组组长复核。"
