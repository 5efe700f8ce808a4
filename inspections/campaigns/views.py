from datetime import date
from functools import partial

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import Decide, Panel, Row, act_page, decide_in_list, panel_in_list
from benxi_shuangsuiji.web import frame as shell
from inspections.frequency.forms import ConsentForm
from inspections.models import Campaign, Consent, TargetedState
from inspections.targeted.pages import SEES
from inspections.targeted.rules import units_raising

from . import actions, duties, rules
from .forms import CampaignForm


@requires(*SEES)
def targeted_campaigns(request):
    """专项检查: what runs, what is over, how many were checked; and the form for a new one (三-j, N-13)."""
    unit, user, today = shell.current_unit(request), request.user, clock.today()
    return act_page(
        request,
        "inspections/campaigns/targeted_campaigns.html",
        CampaignForm(request.POST or None, unit=unit) if unit in units_raising(user) else None,
        partial(actions.make_campaign, unit=unit, by=user),
        duties.address_of,
        "已登记专项检查，等分管负责人批准。",
        facts=lambda: {"campaigns": [(_panel(one, user, today), one) for one in _campaigns(unit)]},
        unit=unit,
    )


def _campaigns(unit):
    standing = Q(checks__state__in=[TargetedState.ASKED, TargetedState.APPROVED])
    return (
        Campaign.objects.filter(Q(unit=unit) | Q(unit__kind=UnitKind.CITY_TEAM))
        .select_related("unit", "asked_by", "decided_by")
        .annotate(raised=Count("checks__facility", filter=standing, distinct=True))
        .order_by("-asked_at", "-pk")
    )


def _panel(campaign: Campaign, user, today: date) -> Panel:
    tone, words = _standing(campaign, today)
    row = Row(campaign, tone, campaign.scope, notes=[campaign.document, campaign.approving_body], more=words)
    decide = _decide(campaign, user, today) if user.may(P.APPROVE_CHECK, campaign.unit) else None
    return panel_in_list(row, decide, reverse("inspections:campaign-decide", args=[campaign.pk]))


def _standing(campaign: Campaign, today: date) -> tuple[str, str]:
    """How far it is, which its dates say as much as its approval."""
    if campaign.state == Consent.RETURNED:
        return "bad", "没有同意"
    if campaign.closed_at or campaign.ends_on < today:
        return "ok", "已结束"
    if campaign.state == Consent.ASKED:
        return "warn", "待批准"
    return ("wait", "未开始") if today < campaign.starts_on else ("run", "进行中")


def _decide(campaign: Campaign, user, today: date) -> Decide:
    return Decide(
        ConsentForm,
        lambda **_: actions.approve_campaign(campaign=campaign, by=user),
        partial(actions.return_campaign, campaign=campaign, by=user),
        approved="已批准，可以按它发起检查。",
        rejected="没有同意，登记的人会收到意见。",
        obstacle=rules.why_not_approve_campaign(campaign, user, today),
        may_return=not rules.why_not_decide_campaign(campaign, user),
        title="",
        returning="",
        approve_button="批准",
        reject_button="不同意",
    )


@requires(P.APPROVE_CHECK)
@require_POST
def campaign_decide(request, pk):
    """Approve, or say why not."""
    mine = Campaign.objects.filter(unit__in=request.user.units_with(P.APPROVE_CHECK)).select_related("unit")
    campaign = get_object_or_404(mine, pk=pk)
    return decide_in_list(request, _decide(campaign, request.user, clock.today()), duties.address_of(campaign))
