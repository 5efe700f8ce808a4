"""Why the summary of a quarter's 合规体检 cannot be put forward, or not let through (四(3)-f, 八(一)-b)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Max

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.decision import State, why_not_decide
from benxi_shuangsuiji.workdays.days import Quarter, end_of, full_date
from disclosure.models import Change, Publication, PublicationKind, PublicationState
from inspections.indicators.facts import day_of
from inspections.models import SelfCheckSummary
from inspections.selfcheck import summing
from inspections.selfcheck.asking import closes_on, why_not_asked

WHO = "合规体检摘要由市执法队牵头部门拟，监督员批准。"
OTHER = "写摘要的人不能自己批准，由监督员批准。"
PUBLIC = "已经公开。数字有误的，在公示页的“更正或撤下”里提出。"
CHANGED = "拟稿以后有数字变了。退回，由牵头部门按现在的数字重新拟。"


def published(quarter: Quarter) -> Publication | None:
    """What is public of it, unless it was withdrawn."""
    return Publication.objects.current().filter(kind=PublicationKind.SELF_CHECK, no=str(quarter)).first()


def withdrawn_at(quarter: Quarter) -> datetime | None:
    """When a version of it was withdrawn last: the figures of every one before are sealed with it."""
    gone = Publication.everything.filter(kind=PublicationKind.SELF_CHECK, no=str(quarter), change=Change.WITHDRAWAL)
    return gone.aggregate(last=Max("published_at"))["last"]


def public_of(quarters: Iterable[Quarter]) -> dict[Quarter, summing.Public]:
    """The newest version of each, tombstones among them: 合规体检 says that it was withdrawn, and no figure of it (八(二)-c)."""
    by_no = {str(quarter): quarter for quarter in quarters}
    found = Publication.everything.current().filter(kind=PublicationKind.SELF_CHECK, no__in=by_no)
    return {
        by_no[one.no]: summing.Public(
            day_of(one.published_at),
            is_corrected=one.change == Change.CORRECTION,
            facts=None if one.state == PublicationState.WITHDRAWN else one.snapshot,
        )
        for one in found
    }


def was_early(quarter: Quarter, today: date) -> SelfCheckSummary | None:
    """What was let through last, if it was counted before the quarter stood as it stays, and does stand so by now: its figures
    may have moved until then, as where something was not due yet."""
    if today <= closes_on(quarter):
        return None
    last = SelfCheckSummary.objects.of(quarter).filter(state=State.APPROVED).order_by("-pk").first()
    as_it_stays = end_of(closes_on(quarter)).replace(second=0, microsecond=0)  # to the minute, as `as_of` is kept
    return last if last and datetime.fromisoformat(last.facts["as_of"]) < as_it_stays else None


def has_moved(quarter: Quarter, today: date) -> bool:
    """Whether what is public was counted early and would be counted otherwise now."""
    if not published(quarter) or not (last := was_early(quarter, today)):
        return False
    return not summing.same(last.facts, summing.facts_of(quarter))


def why_not_ask(quarter: Quarter, by, today: date) -> str:
    """The quarter is over, nobody has put it forward, and it is not public yet or was counted too early; it may be late."""
    if not by.units_with(P.PUBLISH_CITY):
        return WHO
    if refusal := why_not_asked(quarter):
        return f"{refusal}，没有摘要可以公开。"
    if today <= quarter.last_day:
        return f"{full_date(quarter.next().first_day)}起拟，那时这一季度已经结束。"
    if SelfCheckSummary.objects.of(quarter).pending().exists():
        return "已经拟了一份，等监督员批准。"
    return PUBLIC if published(quarter) and not has_moved(quarter, today) else ""


def why_not_open_decision(asked: SelfCheckSummary, by) -> str:
    return why_not_decide(asked, by, may=bool(by.units_with(P.APPROVE_SELFCHECK)), role=WHO, own=OTHER)


def why_not_approve(asked: SelfCheckSummary, by, today: date) -> str:
    """What was read is what counts now: otherwise it is given back and counted anew."""
    if refusal := why_not_open_decision(asked, by):
        return refusal
    if published(asked.quarter) and not was_early(asked.quarter, today):
        return "这一季度的摘要已经公开，退回这一份。"
    return "" if summing.same(asked.facts, summing.facts_of(asked.quarter)) else CHANGED
