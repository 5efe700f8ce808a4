"""What may be written about a check that is missing, by whom, and when coverage is behind (六(一)2-g, 七(一)1-b, 2-b)."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import Due, Quarter, full_date
from inspections.checks.states import ENDED
from inspections.models import CoverageReason, GapKind, Outcome, ReasonState, UnfinishedReason
from plans.models import ChangeReason, DrawStatus, Pick
from registry.models import Facility, OperatingStatus

from .gaps import CoverageList, Gaps, Line
from .tally import UNFINISHED, with_fate

NOT_LISTED = "这家企业不在没有检查的名单里，不用写原因。重新打开页面看最新的名单。"
STOPPED = (OperatingStatus.SUSPENDED, OperatingStatus.SEASONAL, OperatingStatus.LONG_SUSPENDED)
CLOSED = (OperatingStatus.CLOSED, OperatingStatus.CANCELLED)
NOTHING_CHOSEN = "没有选中企业。先在名单里勾选。"


def why_not_complete(gaps: Gaps, due: Due, today: date) -> str:
    """D-5: who is not checked by the 25th is explained, one by one (六(一)2-g)."""
    if not due.is_over(today) or not gaps.without_reason:
        return ""
    return (
        f"本季度的检查应在 {full_date(due.date)}前完成，还有 {gaps.without_reason} 家没有查完，也没有写原因或原因被退回。"
        "由计划员逐家写明。"
    )


def why_not_seal(unit, quarter: Quarter, today: date) -> str:
    """What was drawn and not checked is taken off before the next freeze, which would count it as seen (七(一)1-b).

    Who refused stays. A name is told only once its list is public (decisions.md 3).
    """
    earlier = Q(draw__year__lt=quarter.year) | Q(draw__year=quarter.year, draw__number__lt=quarter.number)
    refused = Q(inspection__status__in=ENDED, inspection__outcome=Outcome.REFUSED)
    left = with_fate(Pick.objects.filter(earlier, draw__unit=unit)).filter(stands=True, fate__in=UNFINISHED)
    first = left.exclude(refused).select_related("draw__plan").order_by("draw__year", "draw__number", "pk").first()
    if first is None:
        return ""
    draw = first.draw
    of_draw = left.exclude(refused).filter(draw=draw).order_by("facility__code")
    names = list(of_draw.values_list("facility__name", flat=True))
    said = f"（{'、'.join(names[:3])}{'等' if len(names) > 3 else ''}）" if draw.status == DrawStatus.RELEASED else ""
    last = draw.plan.quarter.last_day
    when = f"{full_date(last)}起" if today < last else ""
    return (
        f"{draw.draw_id} 还有 {len(names)} 家{said}没有查完或者未能检查，仍在名单上，封存以后会当作已查。"
        f"能查的先查完；查不了的，{when}由计划员在这次抽取的“更换”里按“{ChangeReason.NOTDONE.label}”申请，"
        "分管负责人批准以后再封存。"
    )


def why_not_covered(found: Gaps, listing: CoverageList) -> str:
    """D-17, D-18: who is listed from October on is checked or explained."""
    if not found.without_reason:
        return ""
    when = "本年" if listing.is_key else "本周期"
    return f"还有 {found.without_reason} 家{when}没有检查，也没有写原因或原因被退回。由计划员逐家写明。"


def why_not_enter(unit, by, line: Line | None, words: str) -> str:
    if not by.may(Permission.DISPATCH, unit):
        return "由本单位的计划员写原因。"
    if line is None:
        return NOT_LISTED
    if line.reason and line.reason.state == ReasonState.APPROVED:
        return f"{line.facility.name}的原因已经批准，不能再改。"
    return why_not_reason(words)


def why_not_kind(kind: str, listing: CoverageList, facility: Facility) -> str:
    """A kind is what the registry says, too; what it does not say is first entered there, or told as 其他."""
    if kind not in GapKind.values:
        return "从列表里选情形。"
    if kind in kinds_of(listing, facility):
        return ""
    says = {
        GapKind.POSITIVE_LIST: "不在正面清单",
        GapKind.NEW: f"的纳入日期是 {full_date(facility.entered_on)}",
    }.get(GapKind(kind), f"现在是{facility.get_status_display()}")
    return f"{facility.name}在名录里{says}，不能写“{GapKind(kind).label}”。先在名录里变更，或者选“其他”写明。"


def kinds_of(listing: CoverageList, facility: Facility) -> list[str]:
    """The kinds that hold of a facility of this list by its row in the registry."""
    holds = {
        GapKind.STOPPED: facility.status in STOPPED,
        GapKind.POSITIVE_LIST: facility.is_on_positive_list,
        GapKind.CLOSED: facility.status in CLOSED,
        GapKind.NEW: facility.entered_on.year == listing.last,
        GapKind.OTHER: True,
    }
    return [str(kind) for kind, so in holds.items() if so]


def kinds_in(listing: CoverageList, found: Gaps) -> set[str]:
    return {kind for line in found.lines for kind in kinds_of(listing, line.facility)}


def why_not_decide(unit, by, line: Line | None, opinion: str) -> str:
    """Approving and giving back are the same second person's."""
    if not by.may(Permission.APPROVE_CHECK, unit):
        return "由本单位的分管负责人审批原因。"
    if line is None:
        return NOT_LISTED
    name, reason = line.facility.name, line.reason
    if reason is None:
        return f"{name}还没有写原因，由计划员先写。"
    if reason.asked_by_id == by.pk:
        return f"{name}的原因是本人写的，写原因的人不能自己批准或退回。"
    if not reason.waits:
        return f"{name}的原因{standing_of(reason)}，不用再办。"
    return "" if opinion.strip() else "写明意见。"


def why_not_seen(line: Line | None, seen: Mapping[int, str] | None) -> str:
    """Who decides has read the words that stand now, not those the planner has since written over."""
    if line is None or line.reason is None or seen is None or seen.get(line.key) == line.reason.version:
        return ""
    return f"{line.facility.name}的原因刚才改过，看过新的再批准或退回。"


def standing_of(reason: UnfinishedReason | CoverageReason | None) -> str:
    return reason.get_state_display() if reason else "没有写"
