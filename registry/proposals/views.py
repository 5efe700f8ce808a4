"""Proposing what a second person must approve, and approving it (六(二)-d, -r; ui.md 7.2)."""

from functools import partial

from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import fresh
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.accounts.standing import who_decides
from benxi_shuangsuiji.forms.pages import Decide, Row, act_page, decision_page, press
from registry.facilities import rules, wording
from registry.facilities.forms import StatusForm, TransferForm
from registry.facilities.pages import FORM_PAGE, facility_or_404
from registry.models import CategoryRun, ChangeProposal, ProposalBatch, ProposalKind, ProposalState

from . import actions, selection
from . import rules as proposal_rules
from .forms import BatchDecisionForm, GroundEndForm, GroundForm, OpinionForm
from .models import TONES

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
    form = TransferForm(request.POST or None, units=Unit.objects.drawing().open().exclude(pk=facility.unit_id))
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
        text="有特殊依据的为特殊监管对象；没有特殊、有重点依据的为重点；都没有的为一般。许可重点管理和严重失信由系统提出，都由分管负责人批准。",
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


@requires(P.EDIT_FACILITIES, P.APPROVE_REGISTRY, P.DECIDE_POSITIVE_LIST)
def proposal_list(request):
    """What waits for whom: to decide, proposed and waiting, decided lately."""
    if request.method == "POST":
        if page := fresh.between(request):
            return page
        return press(
            request,
            partial(actions.approve_proposals, proposals=_chosen(request), by=request.user),
            LIST,
            lambda done: f"已批准 {len(done)} 项变更，类别和名录已按批准的更新。",
        )
    people = ("facility__unit", "unit", "asked_by", "decided_by")
    seen = ChangeProposal.objects.visible_to(request.user).select_related(*people)
    alone = seen.filter(batch__isnull=True)
    mine = selection.to_decide(alone, request.user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    waiting = list(alone.pending().exclude(pk__in=mine.values("pk"))[:PER_PAGE])
    decided = list(alone.exclude(state=ProposalState.ASKED).order_by("-decided_at")[:30])
    batches = ProposalBatch.objects.visible_to(request.user).select_related("unit", "asked_by")
    units = dict(Unit.objects.values_list("code", "short_name"))
    for proposal in [*page, *waiting, *decided]:
        proposal.what = wording.proposal_text(proposal, units)
        proposal.tone = TONES[ProposalState(proposal.state)]
    context = {
        "page": page,
        "batches": batches.order_by("-asked_at").annotate(n=Count("proposals"))[:20],
        "waiting": waiting,
        "decided": decided,
        "chosen": set(request.GET.getlist("chosen")),
        "decides": bool(request.user.units_with(P.APPROVE_REGISTRY) | request.user.units_with(P.DECIDE_POSITIVE_LIST)),
    }
    return TemplateResponse(request, "registry/proposals/proposal_list.html", context)


def _chosen(request) -> list[ChangeProposal]:
    numbers = [n for n in request.POST.getlist("chosen") if n.isdecimal()]
    return list(ChangeProposal.objects.visible_to(request.user).filter(pk__in=numbers).select_related("facility"))


def _proposal(request, pk) -> ChangeProposal:
    seen = ChangeProposal.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related(*actions.PEOPLE), pk=pk)


@requires(P.EDIT_FACILITIES, P.APPROVE_REGISTRY, P.DECIDE_POSITIVE_LIST)
def proposal_batch(request, pk):
    """What one workbook asks for: every change with its facility and reason, and one decision (ui-2.md 27)."""
    user = request.user
    seen = ProposalBatch.objects.visible_to(user).select_related("unit", "asked_by", "decided_by", "imported__file")
    batch = get_object_or_404(seen, pk=pk)

    def facts():
        lines = batch.proposals.select_related("facility").order_by("facility__code", "subject")
        page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
        units = dict(Unit.objects.values_list("code", "short_name"))
        for proposal in page:
            proposal.what = wording.proposal_text(proposal, units)
            proposal.tone = TONES[ProposalState(proposal.state)]
        return {"page": page}

    permission = P.DECIDE_POSITIVE_LIST if batch.by_lead_office else P.APPROVE_REGISTRY
    decider = "牵头部门" if batch.by_lead_office else f"{batch.unit.short_name}分管负责人"
    return decision_page(
        request,
        about=batch.unit,
        template="registry/proposals/proposal_batch.html",
        pending=batch if batch.waits else None,
        rows=[Row(batch, batch.tone, batch.title, notes=[_figures(batch)])],
        decide=_decide(batch, user) if batch.waits and user.may(permission, batch.unit) else None,
        nobody=f"由{decider}决定，整批批准或退回。" if batch.waits else "",
        who=[
            (decider, "整批批准或退回；有问题的几项可以先单独退回"),
            *who_decides(Role.LEAD_OFFICE if batch.by_lead_office else Role.APPROVER, batch.unit, clock.today()),
            (batch.asked_by.full_name, "提出的人，不能决定"),
        ],
        facts=facts,
        batch=batch,
        decider=decider,
    )


def _figures(batch: ProposalBatch) -> str:
    """增加类别依据 12 项，取消类别依据 2 项."""
    counts = batch.proposals.order_by().values_list("kind").annotate(n=Count("pk"))
    return "，".join(f"{ProposalKind(kind).label} {n:,} 项" for kind, n in sorted(counts))


def _decide(batch: ProposalBatch, user) -> Decide:
    return Decide(
        BatchDecisionForm,
        partial(actions.approve_batch, batch=batch, by=user),
        partial(actions.return_batch, batch=batch, by=user),
        approved="已批准，类别和名录从今天起按批准的更新。",
        rejected="已整批退回，名录没有变化。",
        obstacle=proposal_rules.why_not_decide_batch(batch, user),
        title="批准以后从当天起算，不倒填",
        approve_button="批准这一批",
        reject_button="不批准，整批退回",
    )


@requires(P.APPROVE_REGISTRY, P.DECIDE_POSITIVE_LIST)
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
@require_safe
def category_runs(request):
    """The log of the daily recomputation: whom the calendar moved, from what to what (六(二)-am)."""
    seen = Unit.objects.filter(pk__in=request.user.units_with(P.SEE_FACILITIES))
    codes = set(seen.values_list("code", flat=True))
    runs = Paginator(CategoryRun.objects.exclude(lines=[]), 30).get_page(request.GET.get("page"))
    for run in runs:
        run.shown = [wording.run_line(line) for line in run.lines if line["unit"] in codes]
    context = {"page": runs, "last": CategoryRun.objects.order_by("-day").first()}
    return TemplateResponse(request, "registry/proposals/category_runs.html", context)
