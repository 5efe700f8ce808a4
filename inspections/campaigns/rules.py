"""Why a campaign (专项检查) cannot be entered or approved, as a sentence (三-j, N-13)."""

from datetime import date

from django.db.models import Q

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import Campaign, Consent
from inspections.targeted.rules import units_raising


def campaigns_for(unit: Unit, day: date):
    """Those that run today: the unit's own, and the city team's for everybody."""
    return Campaign.objects.running(day).filter(Q(unit=unit) | Q(unit__kind=UnitKind.CITY_TEAM))


def why_not_make_campaign(
    unit: Unit, by, *, starts_on: date, ends_on: date, day: date, from_superior: bool = False, **words
) -> str:
    if unit not in units_raising(by):
        return "只有本单位的计划员和市执法队牵头部门可以登记专项检查。"
    labels = {"document": "批准文件", "approving_body": "批准机关", "legal_basis": "依据", "scope": "范围和内容"}
    if missing := [label for name, label in labels.items() if not words.get(name, "").strip()]:
        return f"专项检查要写明{'、'.join(missing)}。"
    if words.get("most_checks", 0) < 1:
        return "专项检查要写明最多检查几家。"
    if ends_on < starts_on:
        return "结束日期早于开始日期。核对两个日期。"
    if ends_on < day:
        return "结束日期已过，不能再登记。"
    return why_not_such_a_campaign(
        unit, starts_on, ends_on, day, from_superior=from_superior, approving_body=words["approving_body"]
    ) or _why_not_again(unit, words.get("title", ""), starts_on, ends_on)


def _why_not_again(unit: Unit, title: str, starts_on: date, ends_on: date) -> str:
    """One campaign is entered once: twice, it would allow twice as many checks."""
    same = unit.campaigns.filter(title=title.strip(), closed_at__isnull=True).exclude(state=Consent.RETURNED)
    if earlier := same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first():
        return (
            f"“{earlier.title}”已经登记过（{earlier.no}，{full_date(earlier.starts_on)}至 {full_date(earlier.ends_on)}），"
            "期限重叠。按已登记的办，或者改名称、期限。"
        )
    return ""


def why_not_such_a_campaign(
    unit: Unit, starts_on: date, ends_on: date, day: date, *, from_superior: bool, approving_body: str
) -> str:
    """How long at most, how far ahead, and who may enter what came from above; asked again at the approval."""
    most = policy.on(day).recommended.campaign_within_days
    if (ends_on - starts_on).days >= most:
        return f"专项检查从开始到结束最多 {most} 天，缩短期限；仍要继续的，到期以后另行批准。"
    if (starts_on - day).days > most:
        return f"开始日期在 {most} 天以后，现在不能登记。核对年份。"
    if from_superior and unit.kind != UnitKind.CITY_TEAM:
        return "上级部署的专项检查由市执法队牵头部门登记，各单位都可以按它发起。"
    if approving_body.strip() in (unit.name, unit.short_name):
        return "本单位不能批准自己的专项检查。批准机关写县级以上政府，或者实行垂直管理的上级部门。"
    return ""


def why_not_decide_campaign(campaign: Campaign, by) -> str:
    """The unit's leader, who has the document before him, and never who entered it."""
    return why_not_decide(
        campaign,
        by,
        may=by.may(Permission.APPROVE_CHECK, campaign.unit_id),
        role="由本单位分管负责人批准专项检查。",
        own="登记专项检查的人不能自己批准，由分管负责人批准。",
        over={
            Consent.APPROVED: "这项专项检查已经批准。",
            Consent.RETURNED: "这项专项检查没有同意，由登记的人按意见重新登记。",
        },
    ) or ("这项专项检查已经结束。" if campaign.closed_at else "")


def why_not_return_campaign(campaign: Campaign, by, opinion: str) -> str:
    return why_not_decide_campaign(campaign, by) or why_not_reason(opinion, "意见")


def why_not_approve_campaign(campaign: Campaign, by, day: date) -> str:
    if reason := why_not_decide_campaign(campaign, by):
        return reason
    if campaign.ends_on < day:
        return f"这项专项检查 {full_date(campaign.ends_on)}结束，不能再批准。"
    return why_not_such_a_campaign(
        campaign.unit,
        campaign.starts_on,
        campaign.ends_on,
        day,
        from_superior=campaign.from_superior,
        approving_body=campaign.approving_body,
    )
