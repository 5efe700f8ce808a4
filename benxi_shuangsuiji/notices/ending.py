"""What a unit that is closed still owes, and what nobody owes any more (五, decision 0075)."""

from datetime import date, datetime

from django.db.models import Q

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter

from .deadlines.rule import Month, Span
from .deadlines.timetable import RULES
from .models import Duty, of_the_unit

_NAMED = 3  # so many are named, the rest counted


def owed_by(unit: Unit, day: date) -> str:
    """For the nameplate: what is owed on that day is done before the unit ends, for its planner and its inspectors leave it.

    What comes up afterwards, a term that is over or an objection, is for those `roles.FINISHING` names. Whoever closes units is
    in no circle: only the timetable that everybody of the unit reads is named, of the rest neither what nor how much.
    """
    if day > clock.today():
        return ""
    owed = [duty for duty in _open_of(unit) if not _ends_with_it(duty, day)]
    everybodys = of_the_unit()
    names = list(dict.fromkeys(duty.title or duty.name for duty in owed if duty.rule in everybodys))
    more = f"等 {len(names)} 件" if len(names) > _NAMED else ""
    which = f"：{'、'.join(names[:_NAMED])}{more}" if names else "，各人的待办里有"
    return f"待办还没有办完{which}，先办完" if owed else ""


def end(unit: Unit, day: date, at: datetime) -> None:
    """The timetable of what the unit no longer works in is owed by nobody."""
    gone = [duty.pk for duty in _open_of(unit) if _ends_with_it(duty, day)]
    Duty.objects.filter(pk__in=gone).update(closed_at=at, closed_by="单位已撤销", waiting_for="")


def _open_of(unit: Unit):
    return Duty.objects.open().filter(Q(unit=unit) | Q(unit__serves=unit)).order_by("due", "pk")


def _ends_with_it(duty: Duty, day: date) -> bool:
    """Whether it is of a year, quarter or month that is not over on that day."""
    law = RULES.get(duty.rule)
    span, said = law.span if law else Span.EVENT, duty.period.rpartition(":")[2]
    try:
        if span == Span.QUARTER:
            return Quarter.parse(said).last_day >= day
        if span == Span.MONTH:
            month = Month.parse(said)
            return (month.year, month.number) >= (day.year, day.month)
        return span == Span.YEAR and int(said) >= day.year
    except ValueError:
        return False
