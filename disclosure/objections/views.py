"""更正与申诉 inside: what waits, and one page for the whole course of each (ui-2.md 19, 27)."""

from functools import partial

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, filled
from benxi_shuangsuiji.documents.pdf import PDF
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, act_page, decision_page
from disclosure.models import Objection
from disclosure.revisions import desk_pages
from disclosure.revisions.desk_pages import Differences

from . import actions, duties, forgetting, pages, papers, rules
from .forms import AskForMoreForm, ChangeForm, DecisionForm, KeepForm, LateForm
from .models import ObjectionFile, Outcome, Ruling, RulingState

TONES = {
    RulingState.ASKED: "run",
    RulingState.APPROVED: "ok",
    RulingState.RETURNED: "bad",
    RulingState.WITHDRAWN: "wait",
}
PARTS = (P.PUBLISH, P.PUBLISH_CITY, P.APPROVE_REVISION)
PER_PAGE = 40
FOLLOWS = {
    Outcome.CORRECT: "在写错的地方改成正确的内容，没有写错的照旧。批准以后立即公开更正和决定，旧文字留着。",
    Outcome.KEEP: "批准以后公开决定和理由，原来的公示不变。",
    Outcome.WITHDRAW: "批准以后立即撤下，各版旧文字封存，公开决定。",
    Outcome.REISSUE: "批准以后立即撤下旧文字并封存，同时公开改好的一版和决定。",
}


@requires(*PARTS)
@require_safe
def objections(request):
    """The unit's, those that wait first."""
    found = Objection.objects.visible_to(request.user).select_related("publication", "unit").prefetch_related("rulings")
    page = Paginator(found.order_by("ended_at", "at"), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": pages.shown(page, clock.today(), workdays.calendar())}
    return TemplateResponse(request, "disclosure/objections/desk_list.html", context)


def _objection_or_404(user: User, receipt: str) -> Objection:
    found = Objection.objects.visible_to(user).select_related("publication", "unit", "applicant")
    return get_object_or_404(found, receipt=receipt)


@requires(*PARTS)
def objection(request, receipt):
    """Who asks and what, what is proposed, the leader's word; who was on the check reads neither name nor words."""
    found, user, today = _objection_or_404(request.user, receipt), request.user, clock.today()
    (shown,) = pages.shown([found], today, workdays.calendar())
    rows = [_row(ruling) for ruling in found.rulings.select_related("asked_by", "decided_by", "revision__publication")]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else Outcome.KEEP
    mine = not rules.why_not_handle(found, user)
    knows = rules.may_know_who(found, user)
    if knows and request.method == "GET":
        actions.note_read(objection=found, by=user)
    return decision_page(
        request,
        about=found,
        template="disclosure/objections/desk.html",
        pending=pending,
        rows=rows,
        ask=_ask(found, user, outcome) if mine else None,
        decide=_decide(pending, user) if pending and user.may(P.APPROVE_REVISION, found.unit_id) else None,
        nobody=_sentence(found, user, pending),
        objection=found,
        shown=shown,
        knows=knows,
        papers=list(found.papers.prefetch_related("files__file")) if knows else [],
        outcomes=[(value, label, value == outcome) for value, label in Outcome.choices] if mine and not pending else [],
        may_ask_for_more=mine and not found.more_on and not pending,
        may_explain=mine and rules.is_late(found, today),
        answered=next((row.asked for row in rows if row.asked.state == RulingState.APPROVED), None),
        demand=pages.DEMANDS[found.demand],
        kept_months=forgetting.months(),
        decider=f"{found.unit.short_name}分管负责人",
    )


def _sentence(found: Objection, user: User, pending: Ruling | None) -> str:
    if not found.is_open:
        return f"这一件{found.get_state_display()}。"
    if pending:
        return f"等{found.unit.short_name}分管负责人决定。"
    return rules.why_not_handle(found, user)


def _row(ruling: Ruling) -> Row:
    notes = [f"决定文号：{ruling.document_no}"] if ruling.document_no else []
    differences = desk_pages.differences_of(ruling.revision) if ruling.revision else Differences([], 0)
    return Row(
        ruling,
        TONES[ruling.state],
        ruling.reason,
        notes=notes,
        more=differences,
        asked_as="核查的人",
        decided_as=Role.APPROVER.label,
        name=f"提出：{ruling.get_outcome_display()}",
    )


def _ask(found: Objection, user: User, outcome: str) -> Ask:
    def ask(reason: str, document_no: str = "", act: str = "", **revision):
        return actions.propose(
            objection=found, outcome=outcome, reason=reason, document_no=document_no, revision=revision, by=user
        )

    newest = rules.record_of(found.publication.no, found.publication.kind)
    form = KeepForm
    if outcome != Outcome.KEEP and newest:
        form = partial(ChangeForm, publication=newest, act=outcome)
    return Ask(
        form,
        ask,
        "已提出，等分管负责人决定。",
        title=f"提出：{Outcome(outcome).label}",
        button="提出决定",
        notes=[FOLLOWS[outcome]],
    )


def _decide(pending: Ruling, user: User) -> Decide:
    label = pending.get_outcome_display()
    return Decide(
        DecisionForm,
        partial(actions.approve, ruling=pending, by=user),
        partial(actions.reject, ruling=pending, by=user),
        approved=f"已决定{label}，决定已经公开。",
        rejected="已退回，由公示员再核查。",
        obstacle=rules.why_not_approve(pending, user, clock.today()),
        may_return=not rules.why_not_rule(pending, user),
        title="",
        approve_button=f"批准：{label}",
        reject_button="退回再核查",
        danger=pending.outcome in (Outcome.WITHDRAW, Outcome.REISSUE),
        notes=[FOLLOWS[pending.outcome]],
    )


@requires(P.PUBLISH, P.PUBLISH_CITY)
def ask_for_more(request, receipt):
    """通知补正, once."""
    found = _objection_or_404(request.user, receipt)
    return _act(
        request, found, AskForMoreForm, partial(actions.ask_for_more, objection=found, by=request.user), "通知补正"
    )


@requires(P.PUBLISH, P.PUBLISH_CITY)
def explain(request, receipt):
    """写明逾期原因."""
    found = _objection_or_404(request.user, receipt)
    return _act(request, found, LateForm, partial(actions.explain, objection=found, by=request.user), "写明逾期原因")


def _act(request, found: Objection, form, act, heading: str):
    back = duties.address_of(found)
    return act_page(
        request,
        "disclosure/objections/act.html",
        form(request.POST or None),
        act,
        back,
        f"已{heading}",
        objection=found,
        heading=heading,
        back=back,
    )


@requires(*PARTS)
@require_safe
def objection_file(request, receipt, pk):
    """One file of who asked; who takes it is written down."""
    found = _objection_or_404(request.user, receipt)
    kept = ObjectionFile.objects.select_related("file").filter(paper__objection=found, pk=pk).first()
    if kept is None or not rules.may_know_who(found, request.user):
        raise Http404
    answer = files.download(kept.file)
    actions.note_file(objection=found, file=kept.file, by=request.user)
    return answer


@requires(*PARTS)
@require_safe
def answer_paper(request, receipt):
    """答复书, once it is decided."""
    found = _objection_or_404(request.user, receipt)
    ruling = found.rulings.approved().first()
    if ruling is None or not rules.may_know_who(found, request.user):
        raise Http404
    ruling.objection = found
    content = filled.as_pdf(papers.paper_of(ruling))
    trail.record("disclosure.objection.paper", by=request.user, about=found.publication, no=found.receipt)
    return files.attachment(content, name=papers.name_of(ruling), content_type=PDF)
