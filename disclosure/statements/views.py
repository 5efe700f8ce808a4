"""企业说明 inside: looked through by the officer, made public by the leader, withdrawn when the enterprise wants (四(3)-f)."""

from functools import partial

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.forms.pages import TONES, Ask, Decide, Row, act_page, decision_page, press

from . import actions, pages, rules
from .forms import DecisionForm, GiveBackForm, LookForm
from .models import OwnWords

PER_PAGE = 40
FOLLOWS = "批准以后原样公开在检查结果旁边，注明是企业自己的说明、没有核实。"


def _words_or_404(user: User, no: str) -> OwnWords:
    return get_object_or_404(OwnWords.objects.visible_to(user).select_related("publication", "unit"), no=no)


@requires(P.PUBLISH, P.APPROVE_REVISION)
@require_safe
def statements(request):
    """The unit's, those that wait for somebody first."""
    found = OwnWords.objects.visible_to(request.user).with_standing().select_related("publication", "unit")
    page = Paginator(found.order_by("over", "-at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    today, calendar = clock.today(), workdays.calendar()
    context = {"page": page, "rows": [pages.Listed(words, today, calendar) for words in page]}
    return TemplateResponse(request, "disclosure/statements/desk_list.html", context)


@requires(P.PUBLISH, P.APPROVE_REVISION)
def statement(request, no):
    """The words as they came, who looked through them, the leader's word."""
    words, user = _words_or_404(request.user, no), request.user
    asked = list(words.requests.select_related("asked_by", "decided_by"))
    for one in asked:
        one.words = words
    rows = [
        Row(one, TONES[one.state], "看过：没有个人信息、商业秘密", asked_as="公示员", decided_as=Role.APPROVER.label)
        for one in asked
    ]
    pending = next((one for one in asked if one.waits), None)
    looks = not rules.why_not_look_through(words, user)
    return decision_page(
        request,
        about=words,
        template="disclosure/statements/desk.html",
        pending=pending,
        rows=rows,
        ask=Ask(
            LookForm,
            partial(actions.propose, words=words, by=user),
            "已提出公开，等分管负责人批准。",
            obstacle=rules.why_not_propose(words, user),
            title="提出公开",
            button="提出公开",
            notes=["只看有没有个人信息和商业秘密；说的对不对不看，文字不改。"],
        )
        if looks
        else None,
        decide=Decide(
            DecisionForm,
            partial(actions.approve, request=pending, by=user),
            partial(actions.reject, request=pending, by=user),
            approved="企业说明已公开。",
            rejected="已退回公示员再核查。",
            obstacle=rules.why_not_approve(pending, user),
            title="",
            approve_button="批准公开",
            reject_button="退回再核查",
            notes=[FOLLOWS],
        )
        if pending and user.may(P.APPROVE_REVISION, words.unit_id)
        else None,
        nobody=rules.why_not_look_through(words, user),
        words=words,
        looks=looks,
        may_withdraw=not rules.why_not_withdraw(words, user),
        decider=f"{words.unit.short_name}分管负责人",
    )


@requires(P.PUBLISH)
def give_back(request, no):
    """退回企业修改."""
    words = _words_or_404(request.user, no)
    return act_page(
        request,
        "disclosure/statements/give_back.html",
        GiveBackForm(request.POST or None),
        partial(actions.give_back, words=words, by=request.user),
        "disclosure:statements-desk",
        "已退回，企业在办理的网页上看得到原因。",
        words=words,
    )


@requires(P.PUBLISH)
@require_POST
def withdraw(request, no):
    """撤下企业撤回的说明."""
    words = _words_or_404(request.user, no)
    act = partial(actions.withdraw, words=words, by=request.user)
    return press(request, act, "disclosure:statements-desk", "企业说明已撤下。")
