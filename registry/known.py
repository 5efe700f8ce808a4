"""What everybody may know of draws and checks: those whose result is public, or whose draw is released (decisions.md 3).

The registry knows nothing of draws: it asks those who do (`questions`). While nobody answers, nothing is known of any
facility.
"""

from functools import reduce
from operator import or_

from django.db.models import (
    BooleanField,
    Count,
    DateTimeField,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from . import questions
from .models import PastCheck, PastKind


def _of_each(rows: QuerySet | None) -> QuerySet | None:
    return None if rows is None else rows.filter(facility=OuterRef("pk")).order_by()


def _past() -> QuerySet:
    """What was entered of the time before first use, and approved (二-a)."""
    return PastCheck.objects.counting().order_by()


def there(sets: list[QuerySet]):
    """Whether a facility has a row in one of these, asked of each facility as it is come to: for a page of a long list."""
    return reduce(or_, (Exists(_of_each(rows)) for rows in sets))


def among(sets: list[QuerySet], facilities: QuerySet) -> Q:
    """As `there`, to count all of these facilities: their rows are read once and looked up in.

    PostgreSQL may ask an EXISTS anew for every row: 5,000 facilities read 250 picks 5,000 times, half a second. What is
    looked up in is no more than these facilities have, for a set that does not fit in memory is read anew as well.
    """
    return reduce(or_, (Q(pk__in=rows.filter(facility__in=facilities).order_by().values("facility")) for rows in sets))


def of_each(rows: QuerySet):
    """Whether there is such a row, looked up for every facility that is shown.

    An EXISTS among what is selected PostgreSQL may answer by reading the whole other table first, however few are shown.
    """
    return Coalesce(Subquery(rows.order_by().values(there=Value(True))[:1], output_field=BooleanField()), False)


def drawn(year: int) -> list[QuerySet]:
    """The rows by which a facility is known to have been drawn in this year."""
    rows = questions.ask.picks()
    past = _past().filter(kind=PastKind.RANDOM, day__year=year)
    return [past] if rows is None else [past, rows.filter(draw__year=year)]


def times_in(year: int):
    """本年抽查（次）, as far as it is known."""
    rows = _of_each(questions.ask.picks())
    if rows is None:
        return Value(0)
    counted = rows.filter(draw__year=year).values("facility").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def last_check():
    """上次检查: the end of the newest check that is known."""
    rows = _of_each(questions.ask.checks())
    if rows is None:
        return Value(None, output_field=DateTimeField())
    return Subquery(rows.order_by("-ended_at").values("ended_at")[:1])


def checked_between(first: int, last: int) -> list[QuerySet]:
    """The rows by which a check in these years is known."""
    rows = questions.ask.checks()
    past = _past().filter(day__year__gte=first, day__year__lte=last)
    return [past] if rows is None else [past, rows.filter(ended_at__year__gte=first, ended_at__year__lte=last)]


def visits_of(facility) -> list[dict]:
    """The last checks of a facility, newest first, as far as they are known."""
    return questions.ask.visits(facility)


def marks_of(facility) -> list[tuple]:
    """What is known of its draws and checks, as moments and entries of a timeline."""
    return questions.ask.marks(facility)


def times_left(facility, year: int) -> list[str]:
    """Item by item how often it was drawn in the year and still may be, in sentences, as far as it is known."""
    return questions.ask.times_left(facility, year)


def onsite_of(facility) -> list[str]:
    """The approved reasons of on-site checks of a listed facility, newest first, as far as they are known."""
    return questions.ask.onsite(facility)
