"""Proposing what a second person must approve, and approving it (六(二)-d, -r; ui.md 7.2)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from registry.facilities import rules, wording
from registry.facilities.forms import StatusForm, TransferForm
from registry.facilities.pages import edit, facility_or_404, form_page
from registry.models import CategoryRun, ChangeProposal, ProposalState

from . import actions
from . import rules as proposal_rules
from .forms import GroundEndForm, GroundForm, OpinionForm

PER_PAGE = 50
SENT = "已提交分管负责人批准。批准以前，名录和抽取都按原来的。"


@requires(P.EDIT_FACILITIES)
def facility_status(request, code):
    """停产、季节性停产、复产、关闭、注销、迁出: from a day, with reason and evidence (六(二)-d)."""
    facility = facility_or_404(request, code)
    form = StatusForm(request.POST or None, initial={"status": facility.status, "on": clock.today()})
    act = lambda: actions.propose_status(facility=facility, by=request.user, **form.cleaned_data)  # noqa: E731
    return edit(request, form, act, facility, SENT) or form_page(
        request,
        facility,
        form,
        heading="变更生产状态",
        text=f"现在：{facility.get_status_display()}。停产、关闭、注销、迁出以后不参加抽取，复产以后重新参加，由分管负责人批准。",
        obstacle=proposal_rules.why_not_propose(facility, request.user, "status"),
    )


@requires(P.EDIT_FACILITIES)
def facility_transfer(request, code):
    """Hand a facility over to the unit that is to draw it from now on (市管 ↔ 分局)."""
    facility = facility_or_404(request, code)
    form = TransferForm(request.POST or None, units=Unit.objects.drawing().exclude(pk=facility.unit_id))
    act = lambda: actions.propose_transfer(facility=facility, by=request.user, **form.cleaned_data)  # noqa: E731
    return edit(request, form, act, facility, "已提交接收单位的分管负责人批准。批准以前仍由原单位抽取。") or form_page(
        request,
        facility,
        form,
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
    act = lambda: actions.propose_ground(facility=facility, by=request.user, **form.cleaned_data)  # noqa: E731
    return edit(request, form, act, facility, SENT) or form_page(
        request,
        facility,
        form,
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
    act = lambda: actions.propose_ground_end(ground=ground, by=request.user, **form.cleaned_data)  # noqa: E731
    return edit(request, form, act, facility, SENT) or form_page(
        request,
        facility,
        form,
        heading="取消类别依据",
        text=f"取消“{ground.get_kind_display()}”（{ground.evidence}），由分管负责人批准。历史里仍然看得到。",
        obstacle=proposal_rules.why_not_propose(facility, request.user, ground.kind),
        danger=True,
    )


@requires(P.EDIT_FACILITIES, P.APPROVE_REGISTRY)
def proposal_list(request):
    """What waits for whom: to decide, proposed and waiting, decided lately."""
    if request.method == "POST":
        return _approve(request)
    people = ("facility__unit", "unit", "proposed_by", "decided_by")
    seen = ChangeProposal.objects.visible_to(request.user).select_related(*people)
    deciding = request.user.units_with(P.APPROVE_REGISTRY)
    mine = seen.pending().filter(unit__in=deciding).exclude(proposed_by=request.user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    waiting = list(seen.pending().exclude(pk__in=mine.values("pk"))[:PER_PAGE])
    decided = list(seen.exclude(state=ProposalState.PENDING).order_by("-decided_at")[:30])
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


def _approve(request):
    numbers = [n for n in request.POST.getlist("chosen") if n.isdigit()]
    chosen = list(ChangeProposal.objects.visible_to(request.user).filter(pk__in=numbers).select_related("facility"))
    try:
        done = actions.approve_proposals(proposals=chosen, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"已批准 {len(done)} 项变更，类别和名录已按批准的更新。")
    return redirect("registry:proposal-list")


def _proposal(request, pk):
    seen = ChangeProposal.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("facility__unit", "unit", "proposed_by"), pk=pk)


@requires(P.APPROVE_REGISTRY)
def proposal_return(request, pk):
    """Give one back with an opinion."""
    proposal = _proposal(request, pk)
    form = OpinionForm(request.POST or None)
    obstacle = proposal_rules.why_not_decide(proposal, request.user)
    if request.method == "POST" and form.is_valid():
        try:
            actions.return_proposal(proposal=proposal, by=request.user, opinion=form.cleaned_data["opinion"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已退回，{proposal.proposed_by.full_name}会收到消息。")
            return redirect("registry:proposal-list")
    units = dict(Unit.objects.values_list("code", "short_name"))
    context = {
        "proposal": proposal,
        "form": form,
        "what": wording.proposal_text(proposal, units),
        "obstacle": obstacle,
        "back": reverse("registry:proposal-list"),
    }
    return TemplateResponse(request, "registry/proposals/proposal_return.html", context)


@requires(P.EDIT_FACILITIES)
def proposal_withdraw(request, pk):
    """Take back what has not been decided yet."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    proposal = _proposal(request, pk)
    try:
        actions.withdraw_proposal(proposal=proposal, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "申请已撤回，名录没有变化。")
    return redirect("registry:proposal-list")


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
