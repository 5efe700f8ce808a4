from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import numbers
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import YearClosing
from plans.models import RequestState

from . import duties, figures, rules


@transaction.atomic
def ask(*, year: int, by: User, note: str = "") -> YearClosing:
    """With the figures as they are now; the leader's word freezes them (二-b)."""
    numbers.lock_of_city()
    refuse_if(rules.why_not_open_ask(year, by, clock.today()))
    closing = YearClosing.objects.create(
        year=year, note=note.strip(), asked_by=by, asked_at=clock.now(), **_counted(year)
    )
    duties.asked(closing)
    trail.record("inspections.year.closing_asked", by=by, about=closing, year=year)
    return closing


@transaction.atomic
def approve(*, closing: YearClosing, by: User, opinion: str = "") -> YearClosing:
    numbers.lock_of_city()
    closing = YearClosing.objects.locked(closing.pk, "asked_by")
    refuse_if(rules.why_not_approve(closing, by, clock.today()))
    closing.decide(RequestState.APPROVED, by=by, at=clock.now(), opinion=opinion, **_counted(closing.year))
    duties.decided(closing, "年度已办结", closing.decided_at)
    trail.record("inspections.year.closed", by=by, about=closing, year=closing.year)
    return closing


@transaction.atomic
def reject(*, closing: YearClosing, by: User, opinion: str) -> YearClosing:
    closing = YearClosing.objects.locked(closing.pk, "asked_by")
    refuse_if(rules.why_not_reject(closing, by, opinion=opinion))
    closing.decide(RequestState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.decided(closing, "年度办结已退回", closing.decided_at)
    tell_people(
        [closing.asked_by_id],
        f"{closing.year} 年度办结没有批准",
        f"意见：{closing.opinion}",
        duties.url_of(closing.year),
    )
    trail.record("inspections.year.closing_returned", by=by, about=closing, year=closing.year)
    return closing


def _counted(year: int) -> dict:
    lines = [line.as_json() for line in figures.lines_of(year)]
    return {"lines": lines, "withheld": figures.withheld_of(year)}
