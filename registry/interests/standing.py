"""Who has declared his interests this year, and the duty of those who have not (七(五)-c, domain.md 7.1)."""

from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Duty, Reminder
from benxi_shuangsuiji.notices.reminders import step_of
from benxi_shuangsuiji.policy import first_use
from registry import book
from registry.models import InterestDeclaration, InterestState

from .duties import DECLARATION

SETTLING = timedelta(days=30)  # in the first quarter as long as January is in every year
DUE = (1, 31)  # docs/decisions/0004: every year by the end of January


def declarations(unit: Unit, year: int):
    return InterestDeclaration.objects.filter(
        inspector__in=book.inspectors_of(unit), inspector__left_on__isnull=True, year=year
    )


def made(year: int):
    """Whether the outer inspector has made this year's declaration (one that was returned does not count)."""
    made = InterestDeclaration.objects.filter(inspector=OuterRef("pk"), year=year)
    return Exists(made.exclude(state=InterestState.RETURNED))


def in_force(day: date) -> Count:
    """How many facilities each inspector of a query keeps away from on that day."""
    lasts = Q(conflicts__valid_to__isnull=True) | Q(conflicts__valid_to__gte=day)
    return Count("conflicts", filter=Q(conflicts__valid_from__lte=day) & lasts, distinct=True)


def missing(unit: Unit, year: int):
    """The people in service who have not declared yet."""
    return book.inspectors_of(unit).filter(~made(year), left_on__isnull=True)


def keep_duty(unit: Unit, at: datetime) -> Duty | None:
    """Open the year's duty, keep its number of missing people, close it when everybody has declared.

    Who comes later in the year is seen in the list; a duty that was closed stays closed.
    """
    first, year, left = first_use.day(), at.year, missing(unit, at.year).count()
    if first is None or year < first.year:
        return None
    its = DECLARATION.duties.filter(unit=unit, period=str(year))
    found = its.first()
    if found is None:
        if not left:
            return None
        DECLARATION.open(
            unit,
            str(year),
            role=Role.REGISTRAR,
            title=_title(year, left),
            due=workdays.calendar().fixed(max(date(year, *DUE), first + SETTLING)),
            url=f"/desk/recusals/?unit={unit.code}",
            consequence="没有申报的，抽取前无从知道要回避谁。",
        )
        return its.first()
    if found.closed_at:
        return found
    if not left:
        DECLARATION.close(unit, str(year), "全部申报", at)
    elif found.title != _title(year, left):
        found.title = _title(year, left)
        found.save(update_fields=["title"])
    return found


def remind(unit: Unit, at: datetime) -> int:
    """Tell everybody who is missing, with the same steps as the registrar; returns how many rows are new."""
    duty = keep_duty(unit, at)
    step = step_of(duty, at.date(), workdays.calendar()) if duty and not duty.closed_at else None
    if not step:
        return 0
    people = missing(unit, at.year).filter(user__isnull=False).values_list("code", "user_id")
    rows = [
        Reminder(key=f"{DECLARATION}:{at.year}:{code}:{step[0]}", duty=duty, user_id=user, due_on=at.date())
        for code, user in people
    ]
    before = Reminder.objects.count()
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    return Reminder.objects.count() - before


def _title(year: int, left: int) -> str:
    return f"{year} 年回避申报，还差 {left} 人"
