"""Pages of 移送: what is to be referred, the referrals with their days, one referral and its letter (八(二)-f)."""

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, act_page, decision_page
from benxi_shuangsuiji.web import frame as shell
from inspections.cases import rules as case_rules
from inspections.cases.pages import SEES, handled_by
from inspections.models import FollowUpKind, InspectionStatus, Outcome, Referral, ReferralKind, ReferralState

from . import actions, pages, papers, rules
from .forms import AnswerForm, DecisionForm, ReceiptForm, ReferralFilterForm, ReferralForm, SendForm

PER_PAGE = 50  # ui.md 4.5


@requires(*SEES)
@require_GET
def referral_list(request):
    user, unit = request.user, shell.current_unit(request)
    form = ReferralFilterForm(request.GET)
    found = Referral.objects.visible_to(user).select_related("inspection__facility", "asked_by")
    found = found.filter(inspection__unit=unit) if unit else found
    if form.is_valid() and (state := form.cleaned_data["state"]):
        found = found.filter(state=state)
    page = Paginator(found.order_by("-asked_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    dues = pages.dues(page.object_list)
    context = {
        "unit": unit,
        "form": form,
        "page": page,
        "rows": [(r, pages.TONES[r.state], dues.get(r.no)) for r in page],
        "to_refer": pages.to_refer(user),
    }
    return TemplateResponse(request, "inspections/referrals/referral_list.html", context)


@requires(P.FIELD_WORK, P.DISPATCH)
def referral_new(request):
    user, no = request.user, request.GET.get("check", "")
    check = get_object_or_404(handled_by(user), no=no) if no else None
    obstacle = rules.why_not_open(check, user) if check else ""
    form = None
    if check and not obstacle:
        crime = check.outcome == Outcome.TRANSFERRED_CRIMINAL
        kind = ReferralKind.POLICE if crime else ReferralKind.DEPARTMENT
        start = {"kind": kind, "matter": check.finding[:500], "found_on": localtime(check.reviewed_at).date()}
        form = ReferralForm(request.POST or None, initial=start)
    return act_page(
        request,
        "inspections/referrals/referral_new.html",
        form,
        partial(actions.ask, inspection=check, by=user),
        lambda referral: referral,
        "已提出移送，等分管负责人批准。",
        late=obstacle,
        facts=lambda: {"to_refer": [] if check else handled_by(user)[: pages.MOST]},
        check=check,
        obstacle=obstacle,
    )


def _referral(request, referral_no) -> Referral:
    along = ("inspection__facility", "inspection__unit", "inspection__executing_unit", "inspection__draw")
    found = Referral.objects.visible_to(request.user).select_related(*along, "asked_by", "decided_by", "sent_by")
    return get_object_or_404(found, no=referral_no)


@requires(*SEES)
def referral(request, referral_no):
    """One referral: approved by another, then noted step by step."""
    user, asked = request.user, _referral(request, referral_no)
    check = asked.inspection

    def facts():
        if check.status != InspectionStatus.PUBLISHED:
            trail.record("inspections.sealed.viewed", by=user, about=check, page="referral")
        return {
            "crime": pages.crime_words(asked),
            "steps": pages.steps(asked),
            "timeline": pages.timeline(asked),
            "due": pages.dues([asked]).get(asked.no),
            "followups": check.followups.filter(kind=FollowUpKind.REFERRAL),
        }

    handles = not case_rules.why_not_handler(check, user)
    return decision_page(
        request,
        about=asked,
        template="inspections/referrals/referral.html",
        pending=asked if asked.waits else None,
        rows=[Row(asked, pages.TONES[asked.state], asked.matter, more=pages.facts_of(asked))],
        ask=_next(asked, user) if handles else None,
        decide=_decide(asked, user) if user.may(P.APPROVE_CHECK, check.unit_id) else None,
        nobody="等本单位分管负责人批准。" if asked.waits else "",
        who=pages.WHO,
        facts=facts,
        referral=asked,
        check=check,
        tone=pages.TONES[asked.state],
    )


def _decide(asked: Referral, user) -> Decide:
    return Decide(
        DecisionForm,
        partial(actions.approve, referral=asked, by=user),
        partial(actions.reject, referral=asked, by=user),
        approved="已批准，由承办人送出移送函。",
        rejected="已退回，不移送。",
        obstacle=rules.why_not_decide(asked, user),
        title="批准以后，由承办人送出移送函",
        approve_button="批准移送",
        reject_button="不移送",
    )


def _next(asked: Referral, user) -> Ask | None:
    """The form of the step that comes next, for whoever handles it."""
    now = clock.now()
    today = {"on": localtime(now).date()}
    forms = {
        ReferralState.APPROVED: (SendForm, actions.send, "登记送出", {"at": localtime(now)}),
        ReferralState.SENT: (ReceiptForm, actions.take, "登记回执", today),
        ReferralState.TAKEN: (AnswerForm, actions.answer, "登记反馈", today),
    }
    if asked.state not in forms:
        return None
    form, act, title, start = forms[ReferralState(asked.state)]
    return Ask(
        partial(form, initial=start),
        partial(act, referral=asked, by=user),
        f"已{title}。",
        title=title,
        button=title,
    )


@requires(*SEES)
@require_GET
def referral_letter(request, referral_no, way):
    """The letter, once it is approved; whoever takes it away is noted."""
    asked = _referral(request, referral_no)
    if not asked.document_no:
        messages.error(request, "移送批准以后生成移送函。")
        return redirect(asked)
    trail.record("inspections.referral.letter", by=request.user, about=asked.inspection)
    content, name, content_type = papers.made(asked, way)
    return files.attachment(content, name=name, content_type=content_type)
