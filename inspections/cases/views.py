"""Pages of 立案查处: what is to be filed, the cases with their clocks, one case (`/desk/cases/`, 八(二)-e)."""

from functools import partial

from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock as time
from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import Ask, Decide, decision_page
from inspections.codes.pages import result_address
from inspections.followups.pages import PUTS_FORWARD, SEES, in_the_circle, list_page, new_page, papers_or_404
from inspections.models import Case, CaseAct, CaseActKind, CaseState, InspectionStatus, Origin
from inspections.paperwork.blocks import written

from . import actions, clock, pages, papers, rules
from .forms import ActDecisionForm, ActForm, CaseForm, FilingDecisionForm

ACTS = Prefetch("acts", CaseAct.objects.select_related("asked_by", "decided_by"))


@requires(*SEES)
@require_safe
def case_list(request):
    """The cases of the unit, those that run longest first; below them the results of which none was made."""
    today, calendar = time.today(), workdays.calendar()

    def left(case: Case):
        return clock.left(case, today, calendar) if case.state == CaseState.APPROVED else None

    def rows(page):
        mine = in_the_circle(request.user, page)
        return [(case, pages.TONES[case.state], left(case), case.inspection_id in mine) for case in page]

    return list_page(
        request,
        "inspections/cases/case_list.html",
        Case.objects.visible_to(request.user).select_related("inspection__facility", "asked_by").prefetch_related(ACTS),
        rows,
        order=("-asked_at", "-pk"),
        states=CaseState,
        name="立案查处",
        heads=("检查对象", "案由", "立案", "状态", "办案期限", "决定"),
        empty="检查结果审核以后，由检查小组或计划员提出立案，分管负责人批准。",
        checks=pages.to_file(request.user),
        title="可以立案的检查结果",
        new="inspections:case-new",
    )


@requires(*PUTS_FORWARD)
def case_new(request):
    """Put a case forward, of the result that was chosen."""
    start = {"origin": request.GET.get("origin", Origin.RESULT)}
    form_of = lambda check: CaseForm(request.POST or None, initial=start)  # noqa: E731
    address = {"list_name": "立案查处", "list_url": reverse("inspections:case-list")}
    return new_page(request, rules.why_not_open, form_of, actions.ask, pages.to_file, "立案", **address)


@requires(*SEES)
def case(request, case_no):
    """One case: how long is left, what is asked and decided in it, what the public reads of it."""
    user, today = request.user, time.today()
    case = _seen(request, case_no)
    prefetch_related_objects([case], ACTS)
    for act in case.acts.all():
        act.case = case  # with its acts, which are fetched
    check = case.inspection
    pending = case if case.waits else next((act for act in case.acts.all() if act.waits), None)
    kind, reads = request.GET.get("act", ""), pages.reads(user, case)

    def facts():
        if check.status != InspectionStatus.PUBLISHED:
            trail.record("inspections.sealed.viewed", by=user, about=check, page="case")
        handles = case.filed_on and not rules.why_not_handler(check, user)
        return {
            "steps": pages.steps(case, today),
            "stats": pages.stats(case, today),
            "filing": pages.filing(case) if reads else None,
            "papers": pages.papers_of(case, user),
            "followups": check.followups.all(),
            "public_url": result_address(check),
            "offers": [(k, k.label, rules.why_not_ask(case, user, k, today)) for k in CaseActKind] if handles else [],
        }

    return decision_page(
        request,
        about=case,
        template="inspections/cases/case.html",
        pending=pending,
        rows=pages.rows_of(case) if reads else [],
        ask=_ask(case, user, kind, today) if case.filed_on and kind in CaseActKind.values else None,
        decide=_decide(case, pending, user),
        nobody="等另一位分管负责人批准；法制审核的，等牵头部门或者另一位分管负责人审核。" if pending else "",
        who=pages.WHO,
        facts=facts,
        case=case,
        check=check,
        tone=pages.TONES[case.state],
    )


def _seen(request, case_no: str) -> Case:
    found = Case.objects.visible_to(request.user).select_related("inspection__unit", "inspection__facility")
    return get_object_or_404(found.select_related("inspection__draw", "asked_by", "decided_by"), no=case_no)


@requires(*SEES)
@require_safe
def case_filing(request, case_no):
    """立案审批表, once the filing is decided."""
    found = _seen(request, case_no)
    papers_or_404(request.user, found.inspection)
    if found.waits:
        raise Http404
    content, content_type = written(papers.filing_of(found), "pdf")
    trail.record("inspections.case.paper", by=request.user, about=found.inspection)
    return files.attachment(content, name=f"立案审批表_{found.no}.pdf", content_type=content_type)


@requires(*SEES)
@require_safe
def case_act_file(request, case_no, pk):
    """The signed decision as it was scanned."""
    found = _seen(request, case_no)
    papers_or_404(request.user, found.inspection)
    act = get_object_or_404(found.acts.select_related("file"), pk=pk, file__isnull=False)
    trail.record("inspections.case.paper", by=request.user, about=act.case.inspection)
    return files.download(act.file)


def _ask(case: Case, user, kind: str, today) -> Ask:
    label = CaseActKind(kind).label
    return Ask(
        partial(ActForm, kind=kind),
        lambda **typed: actions.ask_act(case=case, asked=rules.Asked(kind=kind, **typed), by=user),
        f"已提出{label}，等批准。",
        obstacle=rules.why_not_ask(case, user, kind, today),
        title=f"提出{label}",
        button=f"提出{label}",
    )


def _decide(case: Case, pending, user) -> Decide | None:
    """For whoever has the right; the sentence of the rule says why he in particular does not."""
    unit = case.inspection.unit_id
    review = isinstance(pending, CaseAct) and pending.kind == CaseActKind.REVIEW
    if pending is None or not (user.may(P.APPROVE_CHECK, unit) or (review and user.may(P.KEEP_BASES, unit))):
        return None
    if pending is case:
        return Decide(
            partial(FilingDecisionForm, initial={"review_ground": case.review_ground}),
            partial(actions.file_case, case=case, by=user),
            partial(actions.reject_case, case=case, by=user),
            approved="已立案，从今天起算办案期限。",
            rejected="已退回，没有立案。",
            obstacle=rules.why_not_decide_filing(case, user),
            title="批准立案以后，办案期限开始计算",
            approve_button="批准立案",
            reject_button="不予立案",
        )
    return Decide(
        partial(ActDecisionForm, kind=pending.kind),
        partial(actions.approve_act, act=pending, by=user),
        partial(actions.reject_act, act=pending, by=user),
        approved=f"已批准{pending.get_kind_display()}。",
        rejected="已退回。",
        obstacle=rules.why_not_decide(pending, user),
        approve_button="审核通过" if review else "批准",
    )
