"""Pages of 立案查处: what is to be filed, the cases with their clocks, one case (`/desk/cases/`, 八(二)-e)."""

from functools import partial

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji import clock as time
from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.pages import Ask, Decide, act_page, decision_page
from benxi_shuangsuiji.web import frame as shell
from inspections.models import Case, CaseAct, CaseActKind, CaseState, FollowUpKind, InspectionStatus, Origin

from . import actions, clock, pages, rules
from .forms import ActDecisionForm, ActForm, CaseFilterForm, CaseForm, FilingDecisionForm
from .pages import SEES

PER_PAGE = 50  # ui.md 4.5
ACTS = Prefetch("acts", CaseAct.objects.select_related("asked_by", "decided_by"))


@requires(*SEES)
@require_GET
def case_list(request):
    """The cases of the unit, those that run longest first; above them the results of which none was made."""
    user, unit, today, calendar = request.user, shell.current_unit(request), time.today(), workdays.calendar()
    form = CaseFilterForm(request.GET)
    found = Case.objects.visible_to(user)
    found = found.filter(inspection__unit=unit) if unit else found
    if form.is_valid() and (state := form.cleaned_data["state"]):
        found = found.filter(state=state)
    found = found.select_related("inspection__facility", "asked_by").prefetch_related(ACTS)
    page = Paginator(found.order_by("-asked_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "form": form,
        "page": page,
        "rows": [
            (c, pages.TONES[c.state], clock.left(c, today, calendar) if c.state == CaseState.APPROVED else None)
            for c in page
        ],
        "to_file": pages.to_file(user),
    }
    return TemplateResponse(request, "inspections/cases/case_list.html", context)


@requires(P.FIELD_WORK, P.DISPATCH)
def case_new(request):
    """Put a case forward, of the result that was chosen."""
    user, no = request.user, request.GET.get("check", "")
    check = get_object_or_404(pages.handled_by(user), no=no) if no else None
    obstacle = rules.why_not_open(check, user) if check else ""
    form = None
    if check and not obstacle:
        origin = request.GET.get("origin", Origin.RESULT)
        form = CaseForm(request.POST or None, initial={"origin": origin})
    return act_page(
        request,
        "inspections/cases/case_new.html",
        form,
        partial(actions.ask, inspection=check, by=user),
        lambda case: case,
        "已提出立案，等分管负责人批准。",
        late=obstacle,
        facts=lambda: {"to_file": [] if check else pages.to_file(user)},
        check=check,
        obstacle=obstacle,
    )


@requires(*SEES)
def case(request, case_no):
    """One case: how long is left, what is asked and decided in it, what the public reads of it."""
    user, today = request.user, time.today()
    found = Case.objects.visible_to(user).select_related(
        "inspection__facility", "inspection__unit", "inspection__draw", "asked_by", "decided_by"
    )
    case = get_object_or_404(found.prefetch_related(ACTS), no=case_no)
    for act in case.acts.all():
        act.case = case  # with its acts, which are fetched
    check = case.inspection
    pending = case if case.waits else next((act for act in case.acts.all() if act.waits), None)
    kind = request.GET.get("act", "")

    def facts():
        if check.status != InspectionStatus.PUBLISHED:
            trail.record("inspections.sealed.viewed", by=user, about=check, page="case")
        handles = case.filed_on and not rules.why_not_handler(check, user)
        return {
            "steps": pages.steps(case, today),
            "stats": pages.stats(case, today),
            "timeline": pages.timeline(case),
            "papers": pages.papers_of(case, user),
            "followups": check.followups.filter(kind=FollowUpKind.CASE),
            "offers": [(k, k.label, rules.why_not_ask(case, user, k, today)) for k in CaseActKind] if handles else [],
        }

    return decision_page(
        request,
        about=case,
        template="inspections/cases/case.html",
        pending=pending,
        rows=pages.rows_of(case),
        ask=_ask(case, user, kind, today) if case.filed_on and kind in CaseActKind.values else None,
        decide=_decide(case, pending, user),
        nobody="等另一位分管负责人批准；法制审核的，等牵头部门或者另一位分管负责人审核。" if pending else "",
        who=pages.WHO,
        facts=facts,
        case=case,
        check=check,
        tone=pages.TONES[case.state],
    )


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
