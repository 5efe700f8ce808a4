"""What a replacement says on page and paper: who left and why, who came, and the ticket that decided it (SSJ1 8.3)."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import timezone

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.documents.codes import code_of
from benxi_shuangsuiji.workdays.days import paper_moment
from inspections.checks.rules import OPEN_WORDS
from plans.amendments import actions as amend_actions
from plans.draw import ssj1
from plans.models import AmendmentRequest, RequestState
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


@dataclass(frozen=True, kw_only=True)
class PaperFacts:
    """抽取名单更换审批表 (domain.md 3.2 (h))."""

    draw_id: str
    unit: str
    title: str
    kind: str
    reason: str
    subject: str
    evidence: str
    requested: str
    decided: str
    status: str
    document_no: str
    opinion: str
    outcome: tuple[str, ...]
    digest: str
    year: int
    made_at: str


def paper_facts(request: AmendmentRequest) -> PaperFacts:
    draw = request.draw
    last = request.decided_at or request.asked_at
    document = amend_actions.document_of(request)
    return PaperFacts(
        draw_id=draw.draw_id,
        unit=draw.unit.name,
        title="抽取名单更换审批表",
        kind="更换检查对象" if request.about_object else "更换检查人员" if request.about_person else "增派检查人员",
        reason=request.get_reason_display(),
        subject=subject_of(request),
        evidence="\n".join(grounds_of(request)),
        requested=f"{request.asked_by.full_name}，{paper_moment(request.asked_at)}",
        decided=f"{request.decided_by.full_name}，{paper_moment(request.decided_at)}" if request.decided_by else "",
        status=request.get_state_display(),
        document_no=request.document_no,
        opinion=request.opinion,
        outcome=tuple(outcome_of(request)),
        digest=document.digest if document else "",
        year=timezone.localtime(last).year,
        made_at=timezone.localtime(last).isoformat(timespec="seconds"),
    )


def paper_html(request: AmendmentRequest, *, site: str) -> str:
    facts = paper_facts(request)
    code = code_of(f"{site}/draws/{facts.draw_id}/")
    return render_to_string("documents/replacement.html", {"facts": facts, "code": code})


def paper_pdf(request: AmendmentRequest, *, site: str) -> bytes:
    return pdf.render(paper_html(request, site=site), title_of_error="更换审批表")
