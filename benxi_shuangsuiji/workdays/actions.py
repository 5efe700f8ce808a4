"""What the administrator does with the calendar; every duty that rests on it is reckoned anew at once (附-b)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices import moving
from benxi_shuangsuiji.notices.models import DutyMove
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason

from . import calendar as calendar_in_force
from . import notice as notices
from . import rules
from .days import Calendar, full_date
from .models import CalendarException, PublishedYear


@transaction.atomic
def publish_year(
    *, year: int, source_document: str, published_on: date, notice: str, by: User
) -> tuple[PublishedYear, list[DutyMove]]:
    """Enter the State Council's notice on a year; it is provisional no longer. Returns the duties whose dates moved."""
    _lock()
    today, before = clock.today(), calendar_in_force()
    refuse_if(
        rules.why_not_keep_calendar(by)
        or rules.why_not_year(year, before, today)
        or rules.why_not_document(source_document)
        or rules.why_not_published_on(published_on, today)
    )
    days = read(year, notice)
    now = clock.now()
    CalendarException.objects.filter(day__in=days).delete()  # what was entered before the notice came
    CalendarException.objects.bulk_create(
        CalendarException(
            day=day,
            is_workday=worked,
            name=name,
            source_document=source_document.strip(),
            entered_by=by,
            entered_at=now,
        )
        for day, (worked, name) in sorted(days.items())
    )
    published = PublishedYear.objects.create(
        year=year, source_document=source_document.strip(), published_on=published_on
    )
    moved = _reckon_anew(f"{year} 年放假安排公布：{published.source_document}", by, now)
    trail.record(
        "workdays.year.published",
        by=by,
        about=published,
        year=year,
        document=published.source_document,
        days={day.isoformat(): worked for day, (worked, _) in sorted(days.items())},
        moved=len(moved),
    )
    return published, moved


@transaction.atomic
def correct_day(
    *, day: date, is_workday: bool, name: str, source_document: str, by: User
) -> tuple[CalendarException, list[DutyMove]]:
    """Enter one day that differs from the calendar, with its document. Returns the duties whose dates moved."""
    _lock()
    refuse_if(
        rules.why_not_keep_calendar(by)
        or rules.why_not_document(source_document)
        or rules.why_not_correct(day, is_workday, calendar_in_force(), clock.today())
    )
    now = clock.now()
    exception = CalendarException.objects.create(
        day=day,
        is_workday=is_workday,
        name=name.strip()[:40],
        source_document=source_document.strip(),
        entered_by=by,
        entered_at=now,
    )
    word = "上班" if is_workday else "休息"
    moved = _reckon_anew(f"{full_date(day)}改为{word}：{exception.source_document}", by, now)
    trail.record(
        "workdays.day.corrected",
        by=by,
        about=exception,
        day=day,
        is_workday=is_workday,
        document=exception.source_document,
        moved=len(moved),
    )
    return exception, moved


@transaction.atomic
def restore_day(*, exception: CalendarException, reason: str, by: User) -> list[DutyMove]:
    """Take back a day that was entered wrongly; the trail keeps the row. Returns the duties whose dates moved."""
    _lock()
    refuse_if(rules.why_not_keep_calendar(by) or why_not_reason(reason))
    exception = CalendarException.objects.filter(pk=exception.pk).first()
    if exception is None:
        raise Refused("这一天的登记已经撤销。")
    now, day = clock.now(), exception.day
    trail.record("workdays.day.restored", by=by, about=exception, day=day, reason=reason.strip())
    exception.delete()
    return _reckon_anew(f"撤销 {full_date(day)}的登记：{reason.strip()}", by, now)


def read(year: int, text: str) -> dict[date, tuple[bool, str]]:
    """The days of a pasted notice, or the sentence that says what is wrong with it."""
    if len(text) > notices.LONGEST_NOTICE:
        raise Refused(f"通知最多 {notices.LONGEST_NOTICE} 字，只粘贴各节日的句子。")
    try:
        days = notices.read(year, text)
    except ValueError as trouble:
        raise Refused(str(trouble)) from None
    refuse_if(rules.why_not_arrangement(year, days))
    return days


def with_days(calendar: Calendar, days: Mapping[date, tuple[bool, str]], year: int) -> Calendar:
    """The calendar as it would be with these days, for looking before entering."""
    return Calendar(
        {**calendar.exceptions, **{day: worked for day, (worked, _) in days.items()}}, calendar.published | {year}
    )


def _lock() -> None:
    """Two administrators at one moment: the second sees what the first has entered."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hold_still('workdays_publishedyear')")


def _reckon_anew(because: str, by: User, now: datetime) -> list[DutyMove]:
    return moving.recompute(calendar_in_force(), at=now, because=because, by=by)
