from datetime import date

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from inspections.checks.states import DROPPED, ENDED
from inspections.models import ApprovalState, Inspection, Mode, NoticeNumber, Outcome, PaperKind

from .layouts import DEFAULTS, Layout, latest

# Without these a paper says less than the law asks for, whatever a bureau likes it to look like.
NEEDED = {
    PaperKind.APPROVAL: {"facility", "items", "bases", "period", "people", "assistants", "proposed", "decided_by"},
    PaperKind.NOTICE: {
        "facility",
        "issuer",
        "source",
        "frequency",
        "items",
        "bases",
        "period",
        "people",
        "assistants",
        "slip",
        "discipline",
    },
    PaperKind.FORM: {"facility", "period", "people", "answers", "finding", "decision", "opinion"},
    PaperKind.SWAP: {"reason", "leaving", "coming", "evidence", "asked", "decision", "outcome"},
    PaperKind.RECORD: {"period", "address", "facility", "people", "shown", "situation", "opinion"},
    PaperKind.CHECKLIST: {"facility", "period", "people", "points"},
    PaperKind.REPORT: {"source", "who", "situation", "finding", "decision", "publication"},
    PaperKind.RESULT: {"facility", "period", "result", "finding", "decision", "rectify"},
    PaperKind.RECEIPT: {"facility", "deliveries"},
    PaperKind.CHANGE: {"reason", "subject", "evidence", "asked", "decision", "outcome"},
    PaperKind.EXTENSION: {"facility", "check", "what", "asked", "decision", "decided"},
    PaperKind.CLOSING: {"facility", "check", "recheck", "what", "asked", "decision", "decided"},
    PaperKind.ORDER: {"facility", "check", "points", "due"},
    PaperKind.FILING: {"facility", "check", "matter", "finding", "basis", "review", "asked", "decision", "decided"},
    PaperKind.RECUSAL: {"subject", "evidence", "asked", "decision", "decided"},
    PaperKind.REFERRAL: {"facility", "found", "matter", "basis", "enclosed"},
    PaperKind.CRIME: {"facility", "found", "matter", "basis", "enclosed"},
}


SAID = {PaperKind.NOTICE: "通知书要告知权利和义务，写明结尾的话。"}  # papers that may not lose their closing sentences


def why_not_paper(inspection: Inspection, kind: str) -> str:
    """Why a paper of this check cannot be made yet, or never will be."""
    if kind == PaperKind.APPROVAL:
        return "" if inspection.approvals.exclude(state=ApprovalState.TAKEN_BACK).exists() else "还没有报批。"
    if kind == PaperKind.NOTICE:
        return _why_not_notice(inspection)
    if inspection.status not in ENDED:
        return "检查提交以后生成。"
    if kind == PaperKind.RECORD and inspection.mode != Mode.ONSITE:
        return "非现场检查没有现场笔录。"
    if kind == PaperKind.RECEIPT and not inspection.deliveries.exists():
        return "还没有登记送达。"
    if kind == PaperKind.RESULT and inspection.outcome in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE):
        return "没有查成，不告知结果。"
    return ""


def _why_not_notice(inspection: Inspection) -> str:
    """凡检查必审批: it has its number, and may be printed, once the check is approved."""
    if inspection.status in DROPPED:
        return f"这次检查{inspection.get_status_display()}，没有通知书。"
    numbered = NoticeNumber.objects.filter(inspection=inspection).exists()
    return "" if numbered else "检查批准以后编号，再印通知书。"


def why_not_layout(kind: str, layout: Layout) -> str:
    """Why a paper laid out like this would not do."""
    if not layout.title.strip():
        return "写明文书的标题。"
    if "{no}" not in layout.number:
        return "编号里要有 {no}，每份文书才有自己的编号，如 本环检告〔{year}〕{no}。"
    known = dict(DEFAULTS[PaperKind(kind)].fields)
    kept = {key for key, _ in layout.fields}
    if lacking := [known[key] for key in known if key in NEEDED[PaperKind(kind)] - kept]:
        return f"不能没有：{'、'.join(lacking)}。"
    labels = [label.strip() for _, label in layout.fields]
    if "" in labels:
        return "每一栏都要有名称。不要的一栏，把顺序留空。"
    if twice := next((label for label in labels if labels.count(label) > 1), ""):
        return f"两栏的名称都是“{twice}”。改一栏的名称。"
    return SAID.get(PaperKind(kind), "") if not layout.closing.strip() else ""


def why_not_keep(kind: str, layout: Layout, document: str, valid_from: date, by: User, today: date) -> str:
    """The lead office changes layouts, by a document, from today on at the earliest: papers that exist stay."""
    if not by.units_with(Permission.RECEIVE_REPORTS):
        return "由牵头部门登记文书版式。"
    if reason := why_not_layout(kind, layout):
        return reason
    if other := next((k for k in PaperKind if k != kind and latest(k).title == layout.title.strip()), None):
        return f"“{layout.title.strip()}”已是{other.label}的标题，两种文书分不开。换一个标题。"
    if not document.strip():
        return "写明版式的依据文件。"
    if valid_from < today:
        return "起始日最早是今天，已经生成的文书不改版式。"
    return ""


def why_not_this_scan(inspection: Inspection, said: str, reading) -> str:
    """A scan belongs to the check and the paper that its code names; without a code the officer says which (四(3)-b)."""
    if len(reading.papers) > 1:
        return "这份扫描件里有几份文书，没有收。一份文书一个文件，或者在“扫描件整摞归档”里一次上传。"
    found = reading.only
    if found is None:
        return "" if said in PaperKind else "没有读出二维码，没有收。选明是哪一份文书再传，或把页脚的二维码拍清楚。"
    label = PaperKind(found.paper).label
    if found.visit_code and found.visit_code != inspection.visit_code:
        return f"这是另一次检查的{label}，没有收。到那次检查的页面上传。"
    if found.no and found.no != inspection.no:
        return f"这是检查 {found.no} 的{label}，不是这次检查的，没有收。到那次检查的页面上传。"
    if said and said != found.paper:
        return f"二维码说这是{label}，和选的不同，没有收。不选，按二维码归档。"
    return ""


def why_not_sort(by: User) -> str:
    if by.units_with(Permission.DISPATCH) or by.units_with(Permission.KEEP_ARCHIVE):
        return ""
    return "由计划员或者档案员整摞归档扫描件。"
