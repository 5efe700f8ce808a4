"""Pages of 移送: what is to be referred, the referrals with their days, one referral and its letter (八(二)-f)."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, decision_page
from inspections.codes.pages import result_address
from inspections.followups.pages import (
    PUTS_FORWARD,
    SEES,
    handled_by,
    has_papers,
    in_the_circle,
    list_page,
    new_page,
    papers_or_404,
)
from inspections.models import InspectionStatus, Outcome, Referral, ReferralKind, ReferralState

from . import actions, pages, papers, rules
from .forms import AnswerForm, DecisionForm, ReceiptForm, ReferralForm, SendForm


@requires(*SEES)
@require_safe
def referral_list(request):
    def rows(page):
        dues = pages.dues(page)
        mine = in_the_circle(request.user, page)
        return [(r, pages.TONES[r.state], dues.get(r.no), r.inspection_id in mine) for r in page]

    return list_page(
        request,
        "inspections/referrals/referral_list.html",
        Referral.objects.visible_to(request.user).select_related("inspection__facility", "asked_by"),
        rows,
        order=("-asked_at", "-pk"),
        states=ReferralState,
        name="移送",
        heads=("检查对象", "移送给", "提出", "送出", "状态", "期限"),
        empty="归其他部门管的线索，由检查小组或计划员提出，分管负责人批准以后送出移送函。",
        checks=pages.to_refer(request.user),
        title="结果写明移送、还没有移送的",
        new="inspections:referral-new",
    )


@requires(*PUTS_FORWARD)
def referral_new(request):
    def form_of(check):
        crime = check.outcome == Outcome.TRANSFERRED_CRIMINAL
        kind = ReferralKind.POLICE if crime else ReferralKind.DEPARTMENT
        start = {"kind": kind, "matter": check.finding[:500], "found_on": localtime(check.reviewed_at).date()}
        return ReferralForm(request.POST or None, initial=start)

    choose = lambda user: handled_by(user)[: pages.MOST]  # noqa: E731
    address = {"list_name": "移送", "list_url": reverse("inspections:referral-list")}
    return new_page(request, rules.why_nothing_follows, form_of, actions.ask, choose, "移送", **address)


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
            "letter": bool(asked.document_no) and has_papers(user, check),
            "steps": pages.steps(asked),
            "due": pages.dues([asked]).get(asked.no),
            "followups": check.followups.all(),
            "public_url": result_address(check),
        }

    row = Row(asked, pages.TONES[asked.state], asked.matter, more=pages.facts_of(asked))
    handles = not rules.why_not_handler(check, user)
    return decision_page(
        request,
        about=asked,
        template="inspections/referrals/referral.html",
        pending=asked if asked.waits else None,
        rows=[row] if has_papers(user, check) else [],
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
@require_safe
def referral_letter(request, referral_no, way):
    """The letter, once it is approved; whoever takes it away is noted."""
    asked = _referral(request, referral_no)
    papers_or_404(request.user, asked.inspection)
    if not asked.document_no:
        messages.error(request, "移送批准以后生成移送函。")
        return redirect(asked)
    trail.record("inspections.referral.letter", by=request.user, about=asked.inspection)
    content, name, content_type = papers.made(asked, way)
    return files.attachment(content, name=name, content_type=content_type)
