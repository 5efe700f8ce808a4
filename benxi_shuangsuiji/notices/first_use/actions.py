"""The day of first use: asked for by one, fixed by another, or said at the server while nobody works yet (二-a)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.decision import State
from benxi_shuangsuiji.fresh import Fresh
from benxi_shuangsuiji.notices.models import FirstUse
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason

from . import duties, rules


def _read() -> date | None:
    return FirstUse.objects.approved().values_list("day", flat=True).first()


# What `policy.first_use` asks: once it is fixed it never changes.
fixed_day: Fresh[date | None] = Fresh(_read, None)


def the_one() -> FirstUse | None:
    """What was asked for or fixed; one that was returned is over."""
    return FirstUse.objects.exclude(state=State.RETURNED).select_related("asked_by", "decided_by").first()


@transaction.atomic
def ask_for_first_use(*, day: date, document: str, by: User) -> FirstUse:
    """Put a day forward; until another person fixes it nothing of the plan is due."""
    now, calendar = clock.now(), workdays.calendar()
    refuse_if(rules.why_not_ask(the_one(), day, document, by, now.date(), calendar))
    asked = FirstUse.objects.create(day=day, document=document.strip(), asked_by=by, asked_at=now)
    duties.asked(asked, by)
    trail.record("notices.first_use.asked", by=by, about=asked, day=day, document=asked.document)
    return asked


@transaction.atomic
def fix_first_use(*, asked: FirstUse, by: User, opinion: str = "") -> FirstUse:
    """Fix the day; from the next round on the duties of its quarter open."""
    now, calendar = clock.now(), workdays.calendar()
    asked = FirstUse.objects.locked(asked.pk)
    refuse_if(rules.why_not_decide(asked, by) or rules.why_not_day(asked.day, now.date(), calendar))
    asked.decide(State.APPROVED, by=by, at=now, opinion=opinion)
    duties.decided(asked, "notices.first_use.fixed", now)
    _known_from_now_on()
    trail.record("notices.first_use.fixed", by=by, about=asked, day=asked.day, opinion=asked.opinion)
    return asked


@transaction.atomic
def return_first_use(*, asked: FirstUse, by: User, opinion: str) -> FirstUse:
    asked = FirstUse.objects.locked(asked.pk)
    refuse_if(rules.why_not_decide(asked, by) or why_not_reason(opinion, "意见"))
    now = clock.now()
    asked.decide(State.RETURNED, by=by, at=now, opinion=opinion)
    duties.decided(asked, "notices.first_use.returned", now)
    trail.record("notices.first_use.returned", by=by, about=asked, opinion=asked.opinion)
    return asked


@transaction.atomic
def set_first_use(*, day: date, document: str) -> FirstUse:
    """Said at the server by whoever sets the system up, beside the first accounts (`manage.py first_use`)."""
    now, calendar = clock.now(), workdays.calendar()
    refuse_if(
        rules.why_not_once(the_one())
        or rules.why_not_day(day, now.date(), calendar)
        or why_not_reason(document, "依据文件")
    )
    fixed = FirstUse.objects.create(
        day=day, document=document.strip(), asked_at=now, state=State.APPROVED, decided_at=now
    )
    _known_from_now_on()
    trail.record("notices.first_use.fixed", by=None, about=fixed, day=day, document=fixed.document)
    return fixed


def _known_from_now_on() -> None:
    fixed_day.forget()
    transaction.on_commit(fixed_day.forget)
