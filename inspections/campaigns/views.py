from django.contrib import messages
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from inspections.models import Campaign, TargetedStatus
from inspections.targeted import rules
from inspections.targeted.pages import SEES

from . import actions
from . import rules as campaign_rules
from .forms import CampaignForm

REFUSED = 409


@requires(*SEES)
def targeted_campaigns(request):
    """专项检查: what runs, what is over, how many were checked; and the form for a new one (三-j, N-13)."""
    unit, today = shell.current_unit(request), clock.today()
    may_make = unit in rules.units_raising(request.user)
    form, status = CampaignForm(request.POST or None, unit=unit) if may_make else None, 200
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.make_campaign(unit=unit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            messages.success(request, "已登记专项检查，等分管负责人批准。")
            return redirect(f"{reverse('inspections:targeted-campaigns')}?unit={unit.code}")
    standing = Q(checks__status__in=[TargetedStatus.REQUESTED, TargetedStatus.APPROVED])
    campaigns = (
        Campaign.objects.filter(Q(unit=unit) | Q(unit__kind=UnitKind.CITY_TEAM))
        .select_related("unit", "made_by", "approved_by", "returned_by")
        .annotate(raised=Count("checks__facility", filter=standing, distinct=True))
        .order_by("-made_at", "-pk")
    )
    rows = [_campaign_row(c, request.user, today) for c in campaigns]
    context = {"unit": unit, "rows": rows, "form": form}
    return TemplateResponse(request, "inspections/campaigns/targeted_campaigns.html", context, status=status)


def _campaign_row(campaign, user, today) -> dict:
    if campaign.returned_at:
        state, text = "bad", "没有同意"
    elif campaign.closed_at or campaign.ends_on < today:
        state, text = "ok", "已结束"
    elif campaign.approved_at is None:
        state, text = "warn", "待批准"
    else:
        state, text = ("wait", "未开始") if today < campaign.starts_on else ("run", "进行中")
    may = {
        "may_approve": not campaign_rules.why_not_approve_campaign(campaign, user, today),
        "may_decide": not campaign_rules.why_not_decide_campaign(campaign, user),
    }
    return {"campaign": campaign, "state": state, "text": text, **may}


@requires(P.APPROVE_CHECK)
@require_POST
def campaign_decide(request, pk):
    """Approve, or say why not."""
    mine = Campaign.objects.filter(unit__in=request.user.units_with(P.APPROVE_CHECK)).select_related("unit")
    campaign = get_object_or_404(mine, pk=pk)
    try:
        if request.POST.get("act") == "return":
            opinion = request.POST.get("opinion", "")
            actions.return_campaign(campaign=campaign, opinion=opinion, by=request.user)
            done = "没有同意，登记的人会收到意见。"
        else:
            actions.approve_campaign(campaign=campaign, by=request.user)
            done = "已批准，可以按它发起检查。"
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(f"{reverse('inspections:targeted-campaigns')}?unit={campaign.unit.code}")
