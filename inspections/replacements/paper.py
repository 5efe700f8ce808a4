"""What a replacement says on page and paper: who left and why, who came, and the ticket that decided it (SSJ1 8.3)."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from benxi_shuangsuiji.documents.filled import Block, Filled, Sign
from benxi_shuangsuiji.workdays.days import paper_moment
from inspections.checks.marks import mark_of
from inspections.checks.rules import OPEN_WORDS
from inspections.checks.states import DROPPED
from inspections.models import Inspection, PaperKind
from inspections.paperwork import layouts
from inspections.paperwork.blocks import blocks_of
from inspections.paperwork.layouts import Layout
from plans.amendments import actions as amend_actions
from plans.draw import ssj1
from plans.models import AmendmentRequest, ChangeReason, RequestState
from registry.models import Category, Facility, Inspector


def subject_of(request: AmendmentRequest) -> str:
    """The objects and the person that the request is about."""
    names = "、".join(f"{pick.facility.name}（第 {pick.no} 签）" for pick in request.picks.all())
    if request.about_object:
        return names
    if request.about_person:
        return f"{request.inspector.name}，检查对象：{names}"
    return request.inspector.name


def grounds_of(request: AmendmentRequest) -> list[str]:
    return [f"上级决定的文号：{request.order_no}", request.evidence] if request.order_no else [request.evidence]


def outcome_of(request: AmendmentRequest) -> list[str]:
    """What the draw made of it, a sentence for each; nothing before the approval."""
    if request.state != RequestState.APPROVED:
        return []
    amend = amend_actions.amend_of(request)
    codes = [pick.id for pick in amend.added] + [task.object for task in amend.tasks]
    objects = dict(Facility.objects.filter(code__in=codes).values_list("code", "name"))
    teams = [task for task in amend.tasks if isinstance(task, ssj1.Team)]
    staff = {code for task in teams for code in (task.leader, *task.members)}
    people = dict(Inspector.objects.filter(code__in=staff).values_list("code", "name"))
    said = []
    for pick in amend.added:
        ticket = " ".join(pick.ticket[i : i + 4] for i in (0, 4, 8))
        label = Category(pick.stratum.rpartition(".")[2]).label
        said.append(f"补入{label}对象：{objects[pick.id]}，签号 {ticket}，按签号轮到")
    for task in amend.tasks:
        if isinstance(task, ssj1.Team):
            names = "、".join([f"{people[task.leader]}（组长）", *(people[code] for code in task.members)])
            said.append(f"{objects[task.object]}的检查小组：{names}")
        else:
            said.append(f"{objects[task.object]}的检查小组没有配齐：{OPEN_WORDS[task.reason]}")
    said += [
        f"{Category(stratum.rpartition('.')[2]).label}对象空缺 {missing} 家，没有可以补入的"
        for stratum, missing in amend.vacant
    ]
    return said


@dataclass(frozen=True)
class Facts:
    """What a request says of itself on paper, by the keys of the layouts (domain.md 3.2 (g), (h))."""

    request: AmendmentRequest

    def of(self, key: str) -> str:
        return getattr(self, f"_{key}")()

    def _draw(self) -> str:
        return self.request.draw.draw_id

    def _unit(self) -> str:
        return self.request.draw.unit.on(last_day(self.request)).name

    def _what(self) -> str:
        asked = self.request
        return "更换检查对象" if asked.about_object else "更换检查人员" if asked.about_person else "增派检查人员"

    def _reason(self) -> str:
        return self.request.get_reason_display()

    def _subject(self) -> str:
        return subject_of(self.request)

    def _evidence(self) -> str:
        return "\n".join(grounds_of(self.request))

    def _asked(self) -> str:
        return f"{self.request.asked_by.full_name}，{paper_moment(self.request.asked_at)}"

    def _decision(self) -> str:
        opinion = f"。{self.request.opinion}" if self.request.opinion else ""
        return f"{self.request.get_state_display()}{opinion}"

    def _decided(self) -> str:
        asked = self.request
        return f"{asked.decided_by.full_name}，{paper_moment(asked.decided_at)}" if asked.decided_by else ""

    def _outcome(self) -> str:
        if self.request.state == RequestState.RETURNED:
            return "不更换。"
        return "\n".join(outcome_of(self.request)) or "批准以后按签号算出。"

    def blocks(self, key: str, label: str) -> list[Block]:
        raise KeyError(key)

    def signs(self, layout: Layout) -> tuple[Sign, ...]:
        said = {"ASKED": self._asked(), "LEADER": self._decided()}
        return tuple(Sign(label, remark=said[who]) for who, label in layout.signers)


def kind_of(request: AmendmentRequest) -> PaperKind:
    return PaperKind.RECUSAL if request.reason == ChangeReason.RECUSE else PaperKind.CHANGE


def last_day(request: AmendmentRequest) -> date:
    """Of the decision, of the request while it waits."""
    return timezone.localtime(request.decided_at or request.asked_at).date()


def paper_of(request: AmendmentRequest, *, site: str = "") -> Filled:
    """回避申请和决定书 or 抽取名单更换审批表, laid out as on the day of the request or of its decision."""
    last = timezone.localtime(request.decided_at or request.asked_at)
    layout = layouts.in_force(kind_of(request), last.date())
    facts, document = Facts(request), amend_actions.document_of(request)
    number = layout.numbered(last.year, request.document_no) if request.document_no else "待批准"
    paper = Filled(
        unit=request.draw.unit.on(last.date()).name,
        title=layout.title,
        left=f"文号：{number}",
        right=f"抽取编号：{request.draw.draw_id}",
        blocks=blocks_of(facts, layout),
        note=f"更换文书的指纹 {document.digest[:16]}" if document else "",
        made_at=last.isoformat(timespec="seconds"),
        address=f"{site}/draws/{request.draw.draw_id}/" if site else "",
    )
    standing = Inspection.objects.filter(pick__in=request.picks.all()).exclude(status__in=DROPPED)
    checks = list(standing.values_list("no", flat=True)[:2])
    # Signed and scanned it goes into the file of its check, where it is of one.
    return replace(paper, mark=mark_of(checks[0], kind_of(request), paper.digest)) if len(checks) == 1 else paper
