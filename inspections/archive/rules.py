"""Why a file cannot be bound, or something about it not be done (七(七)-i…-r)."""

from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_no_opinion, why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from inspections.evidence import rules as evidence_rules
from inspections.models import ArchiveRequest, EvidenceKind, Inspection, Wish

from .standing import File
from .urging import Urging

BOUND = "这一卷已经成册，不能再改。要补材料，另做补充卷。"


def why_not_the_archivist(check: Inspection, by) -> str:
    return "" if by.may(P.KEEP_ARCHIVE, check.unit_id) else "由本单位档案员办理。"


def why_not_ready(file: File) -> str:
    """What stands in the way of binding, whoever asks."""
    if file.check.settled_at is None:
        return "结果还没有公开，也没有批准依法不公开。公开以后组卷；批准不公开的，名单公开以后组卷。"
    if file.waits:
        return f"还没有办结：{file.waits}。办结以后成册。"
    if file.holds:
        return f"{file.holds}，现在不能成册。"
    if file.missing:
        who = file.owners or "检查小组"
        return f"缺{file.lacking}，不能成册。催{who}，或写明没有的理由由分管负责人批准。"
    if file.broken:
        at = [str(n) for n, leaf in enumerate(file.leaves, 1) if leaf in file.broken]
        return f"第 {'、'.join(at)} 件的指纹和登记的不同。不能成册，已告诉系统管理员。"
    return ""


def why_not_bind(file: File, by) -> str:
    if reason := why_not_the_archivist(file.check, by):
        return reason
    if file.bound:
        return BOUND
    return (file.main.why_running if file.main else "") or why_not_ready(file)


def why_not_supplement(file: File, reason: str | None, by) -> str:
    if refusal := why_not_the_archivist(file.check, by):
        return refusal
    if not file.bound:
        return "这一卷还没有成册，材料直接收入。"
    if file.bound.destroyed_at:
        return "这一卷已经销毁。"
    if running := next(filter(None, (volume.why_running for volume in file.volumes)), ""):
        return running
    if not file.unbound:
        return "没有成册以后收到的材料。"
    return why_not_reason(reason, "为什么补充") if reason is not None else ""


def why_not_add(check: Inspection, by, content: bytes | None = None, dated: date | None = None, today=None) -> str:
    """The archivist takes it in, or the team that has it."""
    mine = by.units_with(P.FIELD_WORK) and check.members.filter(inspector__user=by).exists()
    if not mine and (refusal := why_not_the_archivist(check, by)):
        return refusal.replace("档案员", "档案员或者检查小组")
    if check.volumes.filter(destroyed_at__isnull=False).exists():
        return "这一卷已经销毁，不再收入文书。"
    if dated and dated > today:
        return "文书的日期晚于今天。核对日期。"
    return evidence_rules.why_not_file(EvidenceKind.SCAN, content) if content is not None else ""


def why_not_shelve(file: File, by) -> str:
    if refusal := why_not_the_archivist(file.check, by):
        return refusal
    if file.bound and file.bound.destroyed_at:
        return "这一卷已经销毁，不再登记架位。"
    return "" if file.bound else "成册以后登记盒号和架位。"


def why_not_urge(file: File, by, before: Urging, today: date) -> str:
    """Once a day, as by the city (`reminders.why_not`), and not for what he has asked to do without."""
    if refusal := why_not_the_archivist(file.check, by):
        return refusal
    if not file.missing or file.bound:
        return "没有缺的文书，不用催。"
    stays = before.stays([line.filed.name for line in file.missing], today)
    return f"{stays}，现在不再催。" if stays else ""


def is_over(file: File, today: date) -> bool:
    return bool(file.bound) and not file.bound.destroyed_at and today > file.kept_until


def why_not_open_ask(file: File, by, today: date) -> str:
    if refusal := why_not_the_archivist(file.check, by):
        return refusal
    if file.bound and file.bound.destroyed_at:
        return "这一卷已经销毁。"
    if file.missing and not file.bound:
        return ""
    if not file.bound:
        return "没有缺的文书，成册以前没有要申请的。"
    if is_over(file, today):
        return ""
    return f"保管到 {full_date(file.kept_until)}，期满以后才鉴定。"


def why_not_ask(file: File, by, *, wish: str, paper: str, years: int | None, reason: str, today: date) -> str:
    if refusal := why_not_open_ask(file, by, today):
        return refusal
    if wish == Wish.WITHOUT:
        if paper not in [line.filed.name for line in file.missing]:
            return "这份文书不缺。重新打开页面看最新的情况。"
    elif not is_over(file, today):
        return "保管期满以后才鉴定。"
    elif wish == Wish.KEEP and not years:
        return "写明再保管几年。"
    elif wish == Wish.DESTROY and years:
        return "申请销毁的，不填再保管几年。删去年数，或者改选继续保管。"
    return why_not_reason(reason, "理由")


def why_not_open_decision(asked: ArchiveRequest, by) -> str:
    return why_not_decide(
        asked,
        by,
        may=by.may(P.REVIEW_RESULTS, asked.inspection.unit_id),
        role="由本单位分管负责人批准。",
        own="提出的人不能批准自己的申请，由分管负责人批准。",
    )


def why_not_approve(asked: ArchiveRequest, file: File, by, today: date) -> str:
    """What was true when it was asked is asked again: the paper may have come, and with a case opened since the term is longer."""
    if refusal := why_not_open_decision(asked, by):
        return refusal
    if asked.wish == Wish.WITHOUT:
        lacks = asked.paper in [line.filed.name for line in file.missing]
        return "" if lacks else f"{asked.paper}已经收入这一卷，不缺。写明意见，退回。"
    if is_over(file, today):
        return ""
    return f"现在要保管到 {full_date(file.kept_until)}，没有期满。写明意见，退回。"


def why_not_reject(asked: ArchiveRequest, by, opinion: str) -> str:
    return why_not_open_decision(asked, by) or why_no_opinion(opinion)


def is_desk_of(user) -> bool:
    """An archivist's desk is the list of files, under its own name (ui-2.md 25)."""
    return bool(user.units_with(P.KEEP_ARCHIVE)) and not user.units_with(P.SEE_PROGRESS)
