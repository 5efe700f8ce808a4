"""The duties of coverage: done when the last facility is reached or explained, open again when another comes in.

D-5 by the approved reasons of who is left after the 25th (六(一)2-g), D-17 for a year's 重点 (七(一)1-b), D-18 for a
cycle's 一般 (七(一)2-b), and from October on one to raise a check of each special facility with a key ground that no check
of the year has reached (七(一)3-b). Reckoned from what the unit's own circle may know (decisions.md 3): a duty that closes
tells nobody else's visit.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import FIRST_YEAR, Quarter
from inspections.models import Inspection, ReasonState
from plans.models import Draw

from .gaps import CoverageList, DrawnList
from .steps import APPROVAL, CHECKED, MENDING, OF_GENERAL, OF_KEY, SPECIAL, listed_from
from .tally import picks_of, tally

ALL_CHECKED, EXPLAINED = "全部检查完成", "没有查完的已写明原因并批准"
LISTS = {OF_KEY.id: (OF_KEY, CoverageList.of_key), OF_GENERAL.id: (OF_GENERAL, CoverageList.of_general)}


def goes_on_until(check: Inspection) -> Duty | None:
    """The to-do with which a drawn check is over at the latest: what is told of it on its way ends there."""
    if not check.draw_id:
        return None
    return CHECKED.duties.open().filter(unit=check.unit_id, period=str(Quarter(check.year, check.number))).first()


@transaction.atomic
def settle(unit: Unit, at: datetime) -> None:
    """Close the coverage duties of the unit that are fulfilled; open again what is not any more, until its date.

    The duties' rows order two last checks that end at the same moment. Running twice changes nothing.
    """
    today = at.date()
    mine = Duty.objects.filter(unit=unit, rule__in=LISTS).filter(Q(closed_at__isnull=True) | Q(due__gte=today))
    for duty in mine.select_for_update().order_by("pk"):
        step, list_of = LISTS[duty.rule]
        listing = list_of(unit, int(duty.period))
        left = listing.unsettled().exists()
        if left and duty.closed_at:
            duty.closed_at, duty.closed_by = None, ""
            duty.save(update_fields=["closed_at", "closed_by"])
            _tell(listing, step, duty.title, "又有没有查到的企业，重新列为待办。")
        elif not left and not duty.closed_at:
            step.close(unit, duty.period, step.law.closed_by, at)
    open_years = SPECIAL.duties.open().filter(unit=unit).values_list("period", flat=True)
    years = {int(period) for period in open_years} | ({today.year} if _is_asked(today) else set())
    for year in sorted(years):
        _keep_special(CoverageList.of_key(unit, year), at)


def _is_asked(today: date) -> bool:
    """Gaps of the running year are listed from its October on, and from the day of first use (二-a)."""
    return today >= listed_from(today.year) and first_use.counts(today)


def _keep_special(listing: CoverageList, at: datetime) -> None:
    """One duty of the planner for all of the unit's, which the page of the year lists (decisions.md 1)."""
    within = policy.on(at.date()).recommended.special_check_within_workdays
    title = "发起没有查到的特殊监管对象的检查"
    if SPECIAL.keep(
        listing.unit,
        listing.period,
        role=Role.PLANNER,
        title=title,
        due=workdays.calendar().within_workdays(at.date(), within),
        wanted=listing.unarranged().exists(),
        event="已发起检查",
        at=at,
        url=listing.address,
        consequence="有重点情形的特殊监管对象，本年还没有查到的，按七(一)3 发起检查，或者写明原因。",
    ):
        _tell(listing, SPECIAL, title, "在名单里逐家发起。")


def _tell(listing: CoverageList, step: Step, title: str, body: str) -> None:
    """The unit's planners, without a number or a name."""
    key = f"{step}:{listing.unit.pk}:{listing.period}"
    title = f"{listing.unit}：{title}"
    tell(role=Role.PLANNER, unit=listing.unit, key=key, title=title, body=body, url=listing.address)


def quarter_moved(draw: Draw, at: datetime) -> None:
    """A check of the draw has ended, or its list has changed (D-5)."""
    # The draw's row orders two last checks that end at the same moment.
    draw = Draw.objects.locked(draw.pk, "unit")
    _settle_quarter(DrawnList(draw.unit, Quarter(draw.year, draw.number)), at)


def settle_quarters(unit: Unit, today: date, at: datetime) -> None:
    """Close D-5 of quarters that are over when everybody who is left is explained with an approval (K9)."""
    for duty in CHECKED.duties.open().filter(unit=unit, due__lt=today):
        _settle_quarter(DrawnList(unit, Quarter.parse(duty.period)), at)


def _settle_quarter(listing: DrawnList, at: datetime) -> None:
    """All is checked, or after the 25th everybody who is not is explained; never the first for the second."""
    whole = tally(picks_of(listing.unit, listing.quarter))
    due = listing.quarter.close_due(workdays.calendar())
    if whole.is_done:
        CHECKED.close(listing.unit, listing.period, ALL_CHECKED, at)
    elif not whole.drawn:
        return
    elif at.date() > due.date and not listing.unsettled().exists():
        CHECKED.close(listing.unit, listing.period, EXPLAINED, at)
    else:
        CHECKED.reopen(listing.unit, listing.period)


def keep_approval_duties(listing: DrawnList | CoverageList, at: datetime, *, by: User | None = None) -> None:
    """The leader has a to-do while reasons of the list wait for him, the planner while some have come back."""
    reasons = listing.reasons()
    within = policy.on(at.date()).recommended.recusal_decision_within_workdays  # as every second person's word
    due = workdays.calendar().within_workdays(at.date(), within)
    waiting = reasons.pending().exists()
    returned = reasons.filter(state=ReasonState.RETURNED).exists()
    period = f"{listing.step}:{listing.period}"
    keep = {"due": due, "at": at, "url": listing.address}
    title = f"审批 {listing.reasons_name}"
    if APPROVAL.keep(
        listing.unit,
        period,
        role=Role.APPROVER,
        title=title,
        wanted=waiting,
        event="原因已办",
        consequence="没有批准的，按没有写明原因计。",
        **keep,
    ):
        tell(
            role=Role.APPROVER,
            unit=listing.unit,
            key=f"{APPROVAL}:{listing.unit.pk}:{period}",
            title=f"{listing.unit}：{title}",
            url=listing.address,
            by=by,
        )
    MENDING.keep(
        listing.unit,
        period,
        role=Role.PLANNER,
        title=f"改写被退回的 {listing.reasons_name}",
        wanted=returned,
        event="原因已重新提交",
        consequence="改写以后重新提交分管负责人批准。",
        **keep,
    )
    if isinstance(listing, DrawnList):
        _settle_quarter(listing, at)


def settle_all(at: datetime) -> None:
    """The morning's round over every unit; a closed one has no planner, and its objects are with another."""
    if at.year < FIRST_YEAR:
        return
    for unit in Unit.objects.drawing().open():
        settle(unit, at)
        settle_quarters(unit, at.date(), at)
