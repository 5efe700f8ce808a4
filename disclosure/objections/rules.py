"""Why something is not taken in, handled or decided; in one sentence (四(3)-f; ui-2.md 19)."""

from collections.abc import Sequence
from datetime import date

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from disclosure.models import FOLLOWUPS, OWN, Publication, PublicationKind, RosterRow
from disclosure.revisions import rules as revising
from inspections.followups.rules import of_the_team
from inspections.models import Inspection
from registry.codes import why_not_phone

from .models import BY_ANOTHER, OF_THE_CITY, Demand, Objection, Relation, Ruling

MOST_FILES, MOST_BYTES = 10, 20 * pictures.MIB
# What can be asked about: everything public but the answer to such a request, the enterprise's own words, the log's own records.
KINDS = [k for k in PublicationKind.values if k not in (PublicationKind.DECISION, PublicationKind.STATEMENT, *OWN)]
UNKNOWN = "这条公示不存在，核对编号"
ON_THE_CHECK = "参加这次检查、记录这条结果的人不核查，也不决定，由没有参加的人办理。"
ROLE = "由公示单位的公示员核查，全市汇总和合规体检摘要由牵头部门核查。"
DECIDER = "由公示单位的分管负责人决定。"


def record_of(no: str, kind: str = "") -> Publication | None:
    """The publication that somebody means; what is not public is as unknown as what never was."""
    found = Publication.objects.current().filter(no__iexact=no.strip()[:40], kind__in=[kind] if kind else KINDS)
    return next((p for p in found.order_by("issued_at", "pk") if p.kind in KINDS), None)


def line_of(record: Publication, code: str) -> str:
    """With what an objection to one line of a roster begins: a roster has many, and nobody else says which is meant."""
    row = RosterRow.objects.filter(publication=record, code=code[:32]).first() if record.kind == "REGISTER" else None
    return f"{row.name}（{row.code}，名录第 {row.line} 行）：" if row else ""


def why_not_take_in(*, words: str, name: str, phone: str, email: str) -> str:
    if not name.strip():
        return "写明姓名或单位名称"
    if not phone.strip() and not email.strip():
        return "写一个电话或邮箱，才能答复"
    problem, remedy = why_not_phone(phone) if phone.strip() else ("", "")
    if problem:
        return f"电话{problem}。{remedy}。"
    return "写明应当怎样写，依据是什么" if why_not_reason(words) else ""


def why_not_file(name: str, size: int, content: bytes) -> str:
    if size > MOST_BYTES:
        return f"“{name}”有 {-(-size // pictures.MIB)} MB，每份不超过 {MOST_BYTES // pictures.MIB} MB"
    if not pictures.kind_of(content):
        return f"“{name}”不是 PDF、JPG 或 PNG"
    return f"“{name}”：{reason}" if (reason := pictures.why_not_scan(content)) else ""


def same(publication: Publication, *, phone: str, email: str) -> Objection | None:
    """What the same person has asked about the same, and nobody has decided yet."""
    pending = Objection.objects.pending().about(publication.kind, publication.no).select_related("applicant")
    known = {phone.strip(), email.strip().lower()} - {""}
    return next((o for o in pending if known & {o.applicant.phone, o.applicant.email.lower()}), None)


def check_of(publication: Publication) -> Inspection | None:
    if publication.kind not in (PublicationKind.RESULT, *FOLLOWUPS):
        return None
    no = publication.no if publication.kind == PublicationKind.RESULT else publication.snapshot.get("check")
    return Inspection.objects.filter(no=no or publication.no.rpartition("-")[0]).first()


def was_there(objection: Objection, user: User) -> bool:
    """On the check, or who wrote its record."""
    check = check_of(objection.publication)
    return (check is not None and of_the_team(check, user)) or revising.is_recorder(objection.publication, user)


def why_not_handle(objection: Objection, user: User) -> str:
    """By the unit's officer who was not on the check."""
    permission = Permission.PUBLISH_CITY if objection.publication.kind in OF_THE_CITY else Permission.PUBLISH
    if not user.may(permission, objection.unit_id):
        return ROLE
    if was_there(objection, user):
        return ON_THE_CHECK
    return "" if objection.is_open else f"这一件{objection.get_state_display()}，不再变动。"


def may_know_who(objection: Objection, user: User) -> bool:
    """Who asks is known to whoever handles it or decides it, and to nobody who was on the check (domain.md 7.8)."""
    return not was_there(objection, user)


def why_not_ask_for_more(objection: Objection, user: User, *, what: str, until: date, today: date) -> str:
    """Told once, all of it: afterwards the clock runs to its end."""
    if refusal := why_not_handle(objection, user):
        return refusal
    if objection.more_on:
        return "补正只通知一次，已经通知过。"
    if objection.rulings.pending().exists():
        return "已经提出决定，等分管负责人。"
    if until <= today:
        return "补正期限从明天起算。"
    if objection.due(workdays.calendar()).is_over(today):
        return "已经逾期，不能再通知补正。"
    return why_not_reason(what, "补正什么")


def why_not_complete(objection: Objection, today: date) -> str:
    """More may be handed in as long as nobody has decided."""
    if not objection.is_open:
        return f"这一件{objection.get_state_display()}，不再收材料。"
    return "材料已经很多，打电话联系办理单位。" if objection.papers.count() >= MOST_FILES else ""


def why_not_take_back(objection: Objection) -> str:
    return "" if objection.is_open else f"这一件{objection.get_state_display()}，不能撤回。"


def is_late(objection: Objection, today: date) -> bool:
    return objection.due(workdays.calendar()).is_over(today)


def why_not_explain(objection: Objection, user: User, reason: str, today: date) -> str:
    if refusal := why_not_handle(objection, user):
        return refusal
    if not is_late(objection, today):
        return "还没有逾期，不用写逾期原因。"
    return why_not_public(objection.publication, "逾期原因", reason)


def why_not_public(publication: Publication, label: str, text: str) -> str:
    if refusal := why_not_reason(text, label):
        return refusal
    found = revising.in_public(publication, label, text)
    return f"{found[0].sentence}。{label}公开。" if found else ""


def why_not_propose(objection: Objection, user: User, *, reason: str, document_no: str, today: date) -> str:
    if refusal := why_not_handle(objection, user):
        return refusal
    if objection.rulings.pending().exists():
        return "已有一份决定等分管负责人。"
    if objection.waits_for_more(today):
        return "等申请人补正，补正以后或者期限过后再提出。"
    if is_late(objection, today) and not objection.late_reason:
        return "已经逾期，先写明逾期原因，随办理情况公开。"
    for label, text in (("理由", reason), *((("决定文号", document_no),) if document_no else ())):
        if refusal := why_not_public(objection.publication, label, text):
            return refusal
    return why_not_name(objection, f"{reason}\n{document_no}")


def why_not_name(objection: Objection, text: str) -> str:
    """Nothing about who asked is in what becomes public; an enterprise is named by its own result."""
    who = objection.applicant
    known = objection.relation == Relation.ENTERPRISE or who.name == objection.publication.facility_name
    private = [who.phone, who.email, *([] if known else [who.name])]
    said = next((word for word in private if len(word) > 1 and word in text), "")
    return "理由里有申请人的姓名、电话或邮箱，不能公开。删去以后再提出。" if said else ""


def why_not_rule(ruling: Ruling, user: User) -> str:
    """What stands in the way of this person deciding."""
    may = user.may(Permission.APPROVE_REVISION, ruling.objection.unit_id)
    if refusal := why_not_decide(ruling, user, may=may, role=DECIDER, own=BY_ANOTHER):
        return refusal
    return ON_THE_CHECK if was_there(ruling.objection, user) else ""


def why_not_approve(ruling: Ruling, user: User, today: date) -> str:
    if refusal := why_not_rule(ruling, user):
        return refusal
    objection = ruling.objection
    if is_late(objection, today) and not objection.late_reason:
        return "已经逾期，由公示员写明逾期原因以后再决定。"
    if ruling.revision_id:
        return revising.why_not_approve(ruling.revision, user, today, receipt=objection.receipt)
    return ""


def demands() -> Sequence[tuple[str, str, str]]:
    """(demand, what it is, what it means) of the form."""
    return (
        (Demand.CORRECT, "更正：写错了，与事实不符", "名称、日期、事项、数字等"),
        (Demand.APPEAL, "申诉：对检查结果有异议", "认为认定的问题不成立或者处理不当"),
        (Demand.WITHDRAW, "撤下：公开了个人信息、商业秘密或者国家秘密", "受理后先行核查，不用等到期限"),
    )
