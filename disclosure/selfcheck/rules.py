"""Why the summary of a quarter's 合规体检 cannot be put forward, or not let through (四(3)-f, 八(一)-b)."""

from collections.abc import Iterable
from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from disclosure.models import Change, Publication, PublicationKind, PublicationState
from inspections.indicators.facts import day_of
from inspections.models import SelfCheckSummary
from inspections.selfcheck import summing
from inspections.selfcheck.asking import why_not_asked

WHO = "合规体检摘要由市执法队牵头部门拟，监督员批准。"
OTHER = "写摘要的人不能自己批准，由监督员批准。"
CHANGED = "拟稿以后有数字变了。退回，由牵头部门按现在的数字重新拟。"


def published(quarter: Quarter) -> Publication | None:
    """What is public of it, unless it was withdrawn."""
    return Publication.objects.current().filter(kind=PublicationKind.SELF_CHECK, no=str(quarter)).first()


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


def why_not_ask(quarter: Quarter, by, today: date) -> str:
    """The quarter is over, nobody has put it forward, and it is not public yet; it may be late."""
    if not by.units_with(P.PUBLISH_CITY):
        return WHO
    if refusal := why_not_asked(quarter):
        return f"{refusal}，没有摘要可以公开。"
    if today <= quarter.last_day:
        return f"{full_date(quarter.next().first_day)}起拟，那时这一季度已经结束。"
    if SelfCheckSummary.objects.of(quarter).pending().exists():
        return "已经拟了一份，等监督员批准。"
    if published(quarter):
        return "已经公开。数字有误的，在公示页的“更正或撤下”里提出。"
    return ""


def why_not_open_decision(asked: SelfCheckSummary, by) -> str:
    return why_not_decide(asked, by, may=bool(by.units_with(P.APPROVE_SELFCHECK)), role=WHO, own=OTHER)


def why_not_approve(asked: SelfCheckSummary, by) -> str:
    """What was read is what counts now: otherwise it is given back and counted anew."""
    if refusal := why_not_open_decision(asked, by):
        return refusal
    if published(asked.quarter):
        return "这一季度的摘要已经公开，退回这一份。"
    return "" if summing.same(asked.facts, summing.facts_of(asked.quarter)) else CHANGED
