from datetime import date

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from inspections.checks.states import ENDED
from inspections.models import Inspection, Mode, Outcome, PaperKind

from .layouts import DEFAULTS, Layout
from .models import TO_SCAN

# Without these a paper says less than the law asks for, whatever a bureau likes it to look like.
NEEDED = {
    PaperKind.RECORD: {"period", "address", "facility", "people", "shown", "situation", "opinion"},
    PaperKind.CHECKLIST: {"facility", "period", "people", "points"},
    PaperKind.REPORT: {"source", "who", "situation", "finding", "decision", "publication"},
    PaperKind.RESULT: {"facility", "period", "result", "finding", "decision", "rectify"},
    PaperKind.RECEIPT: {"facility", "deliveries"},
    PaperKind.CHANGE: {"reason", "subject", "evidence", "asked", "decision", "outcome"},
    PaperKind.RECUSAL: {"subject", "evidence", "asked", "decision", "decided"},
}


def why_not_paper(inspection: Inspection, kind: str) -> str:
    """Why a paper of this check cannot be made yet, or never will be."""
    if inspection.status not in ENDED:
        return "检查提交以后生成。"
    if kind == PaperKind.RECORD and inspection.mode != Mode.ONSITE:
        return "非现场检查没有现场笔录。"
    if kind == PaperKind.RECEIPT and not inspection.deliveries.exists():
        return "还没有登记送达。"
    if kind == PaperKind.RESULT and inspection.outcome in (Outcome.NOT_OPERATING, Outcome.UNREACHABLE):
        return "没有查成，不告知结果。"
    return ""


def why_not_keep(kind: str, layout: Layout, document: str, valid_from: date, by: User, today: date) -> str:
    """The lead office changes layouts, by a document, from today on at the earliest: papers that exist stay."""
    if not by.units_with(Permission.RECEIVE_REPORTS):
        return "由牵头部门登记文书版式。"
    if not layout.title.strip():
        return "写明文书的标题。"
    if "{no}" not in layout.number:
        return "编号里要有 {no}，每份文书才有自己的编号，如 本环检告〔{year}〕{no}。"
    known = dict(DEFAULTS[PaperKind(kind)].fields)
    kept = {key for key, _ in layout.fields}
    if lacking := [known[key] for key in known if key in NEEDED[PaperKind(kind)] - kept]:
        return f"不能没有：{'、'.join(lacking)}。"
    if any(not label.strip() for _, label in layout.fields):
        return "每一栏都要有名称。不要的一栏，把顺序留空。"
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
        return "" if said in TO_SCAN else "没有读出二维码，没有收。选明是哪一份文书再传，或把页脚的二维码拍清楚。"
    label = PaperKind(found.paper).label
    if found.visit_code and found.visit_code != inspection.visit_code:
        return f"这是另一次检查的{label}，没有收。到那次检查的页面上传。"
    if found.no and found.no != inspection.no:
        return f"这是检查 {found.no} 的{label}，不是这次检查的，没有收。到那次检查的页面上传。"
    if said and said != found.paper:
        return f"二维码说这是{label}，和选的不同，没有收。不选，按二维码归档。"
    return ""


def why_not_sort(by: User) -> str:
    return "" if by.units_with(Permission.DISPATCH) else "由计划员整摞归档扫描件。"
