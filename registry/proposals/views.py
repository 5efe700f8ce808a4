"""Proposing what a second person must approve, and approving it (六(二)-d, -r; ui.md 7.2)."""

from functools import partial

from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page, press
from registry.facilities import rules, wording
from registry.facilities.forms import StatusForm, TransferForm
from registry.facilities.pages import FORM_PAGE, facility_or_404
from registry.models import CategoryRun, ChangeProposal, ProposalState

from . import actions
from . import rules as proposal_rules
from .forms import GroundEndForm, GroundForm, OpinionForm

PER_PAGE = 50
LIST = "registry:proposal-list"
SENT = "已提交分管负责人批准。批准以前，名录和抽取都按原来的。"


@requires(P.EDIT_FACILITIES)
def facility_status(request, code):
    """停产、季节性停产、复产、关闭、注销、迁出: from a day, with reason and evidence (六(二)-d)."""
    facility = facility_or_404(request, code)
    form = StatusForm(request.POST or None, initial={"status": facility.status, "on": clock.today()})
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.propose_status, facility=facility, by=request.user),
        facility,
        SENT,
        facility=facility,
        heading="变更生产状态",
        text=f"现在：{facility.get_status_display()}。停产、关闭、注销、迁出以后不参加抽取，复产以后重新参加，由分管负责人批准。",
        obstacle=proposal_rules.why_not_propose(facility, request.user, "status"),
    )


@requires(P.EDIT_FACILITIES)
def facility_transfer(request, code):
    """Hand a facility over to the unit that is to draw it from now on (市管 ↔ 分局)."""
    facility = facility_or_404(request, code)
    form = TransferForm(request.POST or None, units=Unit.objects.drawing().exclude(pk=facility.unit_id))
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.propose_transfer, facility=facility, by=request.user),
        facility,
        "已提交接收单位的分管负责人批准。批准以前仍由原单位抽取。",
        facility=facility,
        heading="移交监管单位",
        text=f"现在由{facility.unit.short_name}监管和抽取。一家企业只由一个单位抽取，接收单位的分管负责人批准的当天起改由它抽取。",
        obstacle=proposal_rules.why_not_propose(facility, request.user, "unit"),
    )


@requires(P.EDIT_FACILITIES)
def ground_add(request, code):
    """Propose a ground; once approved the category follows from all grounds in force."""
    facility = facility_or_404(request, code)
    initial = {"kind": request.GET.get("kind", ""), "on": clock.today()}
    form = GroundForm(request.POST or None, initial=initial)
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.propose_ground, facility=facility, by=request.user),
        facility,
        SENT,
        facility=facility,
        heading="增加类别依据",
        text="有特殊依据的为特殊监管对象；没有特殊、有重点依据的为重点；都没有的为一般。许可重点管理和严重失信由系统自动判断，其余由分管负责人批准。",
        obstacle=rules.why_not_edit_facility(facility, request.user),
    )


@requires(P.EDIT_FACILITIES)
def ground_end(request, code, pk):
    """Propose to end a ground that no longer holds, with the reason."""
    facility = facility_or_404(request, code)
    ground = get_object_or_404(facility.grounds.select_related("facility", "entered_by"), pk=pk)
    form = GroundEndForm(request.POST or None, initial={"on": clock.today()})
    return act_page(
        request,
        FORM_PAGE,
        form,
        partial(actions.propose_ground_end, ground=ground, by=request.user),
        facility,
        SENT,
        facility=facility,
        heading="取消类别依据",
        text=f"取消“{ground.get_kind_display()}”（{ground.evidence}），由分管负责人批准。历史里仍然看得到。",
        obstacle=proposal_rules.why_not_propose(facility, request.user, ground.kind),
        danger=True,
    )


@requires(P.EDIT_FACILITIES, P.APPROVE_REGISTRY)
def proposal_list(request):
    """What waits for whom: to decide, proposed and waiting, decided lately."""
    if request.method == "POST":
        return press(
            request,
            partial(actions.approve_proposals, proposals=_chosen(request), by=request.user),
            LIST,
            lambda done: f"已批准 {len(done)} 项变更，类别和名录已按批准的更新。",
        )
    people = ("facility__unit", "unit", "asked_by", "decided_by")
    seen = ChangeProposal.objects.visible_to(request.user).select_related(*people)
    deciding = request.user.units_with(P.APPROVE_REGISTRY)
    mine = seen.pending().filter(unit__in=deciding).exclude(asked_by=request.user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    waiting = list(seen.pending().exclude(pk__in=mine.values("pk"))[:PER_PAGE])
    decided = list(seen.exclude(state=ProposalState.ASKED).order_by("-decided_at")[:30])
    units = dict(Unit.objects.values_list("code", "short_name"))
    for proposal in [*page, *waiting, *decided]:
        proposal.what = wording.proposal_text(proposal, units)
        proposal.tone = {"APPROVED": "ok", "RETURNED": "bad", "WITHDRAWN": "wait"}.get(proposal.state, "warn")
    context = {
        "page": page,
        "waiting": waiting,
        "decided": decided,
        "chosen": set(request.GET.getlist("chosen")),
        "decides": bool(deciding),
    }
    return TemplateResponse(request, "registry/proposals/proposal_list.html", context)


def _chosen(request) -> list[ChangeProposal]:
    numbers = [n for n in request.POST.getlist("chosen") if n.isdigit()]
    return list(ChangeProposal.objects.visible_to(request.user).filter(pk__in=numbers).select_related("facility"))


def _proposal(request, pk) -> ChangeProposal:
    seen = ChangeProposal.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related(*actions.PEOPLE), pk=pk)


@requires(P.APPROVE_REGISTRY)
def proposal_return(request, pk):
    """Give one back with an opinion."""
    proposal = _proposal(request, pk)
    return act_page(
        request,
        "registry/proposals/proposal_return.html",
        OpinionForm(request.POST or None),
        partial(actions.return_proposal, proposal=proposal, by=request.user),
        LIST,
        f"已退回，{proposal.asked_by.full_name}会收到消息。",
        proposal=proposal,
        what=wording.proposal_text(proposal, dict(Unit.objects.values_list("code", "short_name"))),
        obstacle=proposal_rules.why_not_decide(proposal, request.user),
        back=reverse(LIST),
    )


@requires(P.EDIT_FACILITIES)
@require_POST
def proposal_withdraw(request, pk):
    """Take back what has not been decided yet."""
    act = partial(actions.withdraw_proposal, proposal=_proposal(request, pk), by=request.user)
    return press(request, act, LIST, "申请已撤回，名录没有变化。")


@requires(P.SEE_FACILITIES)
def category_runs(request):
    """The log of the daily recomputation: whom the calendar moved, from what to what (六(二)-am)."""
    seen = Unit.objects.filter(pk__in=request.user.units_with(P.SEE_FACILITIES))
    codes = set(seen.values_list("code", flat=True))
    runs = Paginator(CategoryRun.objects.exclude(lines=[]), 30).get_page(request.GET.get("page"))
    for run in runs:
        run.shown = [wording.run_line(line) for line in run.lines if line["unit"] in codes]
    context = {"page": runs, "last": CategoryRun.objects.order_by("-day").first()}
    return TemplateResponse(request, "registry/proposals/category_runs.html", context)
