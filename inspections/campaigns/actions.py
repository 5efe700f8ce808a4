"""What people do with campaigns (专项检查): enter and approve; the worker closes what is over (三-j, N-13)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.checks import told
from inspections.models import Campaign, Consent, Inspection, InspectionStatus, TargetedCheck, TargetedState
from inspections.targeted.actions import call_off
from inspections.targeted.duties import approval_settled

from . import duties, rules


@transaction.atomic
def make_campaign(*, unit: Unit, by: User, starts_on: date, ends_on: date, categories: list[str], **words) -> Campaign:
    """Enter a campaign: document, period, scope, and how many at most; it waits for the leader (三-j, N-13)."""
    now = clock.now()
    unit = Unit.objects.locked(unit.pk)
    refuse_if(rules.why_not_make_campaign(unit, by, starts_on=starts_on, ends_on=ends_on, day=now.date(), **words))
    campaign = Campaign.objects.create(
        no=Numbering(f"{unit.code}-{starts_on.year}-Z", 2).next(Campaign.objects.all()),
        unit=unit,
        starts_on=starts_on,
        ends_on=ends_on,
        categories=list(categories),
        asked_by=by,
        asked_at=now,
        **words,
    )
    duties.campaign_made(campaign)
    body = f"{campaign.no}，核对批准文件、期限和范围后批准。"
    told.tell_leaders(unit, "有 1 项专项检查等批准", body, duties.address_of(campaign), by=by)
    trail.record("inspections.campaign.made", by=by, about=campaign, document=campaign.document)
    return campaign


@transaction.atomic
def approve_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """From now on checks may be raised under it, within its period (N-13)."""
    campaign = Campaign.objects.locked(campaign.pk, "unit")
    now = clock.now()
    refuse_if(rules.why_not_approve_campaign(campaign, by, now.date()))
    campaign.decide(Consent.APPROVED, by=by, at=now)
    duties.campaign_decided(campaign, "专项检查已批准", now)
    trail.record("inspections.campaign.approved", by=by, about=campaign)
    return campaign


@transaction.atomic
def return_campaign(*, campaign: Campaign, opinion: str, by: User) -> Campaign:
    """The leader does not agree; who entered it hears why and may enter it anew."""
    campaign = Campaign.objects.locked(campaign.pk, "unit")
    refuse_if(rules.why_not_return_campaign(campaign, by, opinion))
    campaign.decide(Consent.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.campaign_decided(campaign, "专项检查没有同意", campaign.decided_at)
    tell_people(
        [campaign.asked_by_id],
        f"专项检查 {campaign.no} 没有同意",
        f"意见：{campaign.opinion}",
        duties.address_of(campaign),
    )
    trail.record("inspections.campaign.returned", by=by, about=campaign)
    return campaign


@transaction.atomic
def close_campaigns(*, on: date) -> int:
    """Close what has ended: nothing more is raised, and what nobody has begun is called off (N-13).

    The worker's; running twice does nothing the second time.
    """
    now = clock.now()
    standing = Campaign.objects.filter(closed_at__isnull=True).exclude(state=Consent.RETURNED)
    over = list(standing.select_for_update().filter(ends_on__lt=on).order_by("pk"))
    for campaign in over:
        left = list(
            TargetedCheck.objects.standing().filter(campaign=campaign).filter(merged_at__isnull=True).order_by("pk")
        )
        visits = Inspection.objects.select_for_update().filter(
            pk__in=[a.inspection_id for a in left if a.inspection_id], status=InspectionStatus.DISPATCHED
        )
        waiting = {visit.pk: visit for visit in visits.order_by("pk")}
        for asked in left:
            if asked.inspection_id and asked.inspection_id not in waiting:
                continue  # begun, and finished by those who began it
            asked.state = TargetedState.CLOSED
            asked.save(update_fields=["state"])
            if asked.inspection_id:
                call_off(waiting[asked.inspection_id], now)
            approval_settled(asked, "专项检查已结束", now)
        campaign.closed_at = now
        campaign.save(update_fields=["closed_at"])
        duties.campaign_decided(campaign, "专项检查已结束", now)
        trail.record("inspections.campaign.closed", by=None, about=campaign)
    return len(over)
