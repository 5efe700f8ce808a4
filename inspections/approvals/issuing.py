"""印发通知书: a notice gets its number and the enterprise its address in the act that lets the check be made (七(五)-j, N-6, N-7).

That is the last word of the approval; of an emergency, whose approval may be made up, the order to go; at the latest its
serving. So a notice can be printed beforehand, and no look at it writes anything.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.db import connection
from django.db.models import Max
from django.utils.timezone import localtime

from inspections.models import EnterpriseLink, Inspection, NoticeNumber, NumberWord

_LOCK = 0x6A74  # of all locks by number, those of notices; the second number is the unit


def issue(inspections: Iterable[Inspection], now: datetime) -> None:
    """本环检通字〔2026〕第 1 号: one after another in each unit and year, the same ever after, also of a check that is dropped.

    Whoever calls this holds the rows of the checks.
    """
    checks = sorted(inspections, key=lambda i: (i.unit_id, i.pk))
    given = set(NoticeNumber.objects.filter(inspection__in=checks).values_list("inspection", flat=True))
    linked = set(
        EnterpriseLink.objects.filter(inspection__in=checks, ended_at=None).values_list("inspection", flat=True)
    )
    EnterpriseLink.objects.bulk_create(EnterpriseLink.fresh(i, now) for i in checks if i.pk not in linked)
    for _, mine in groupby((i for i in checks if i.pk not in given), key=lambda i: i.unit_id):
        _number(list(mine), now)


def _number(checks: list[Inspection], now: datetime) -> None:
    unit, today = checks[0].unit, localtime(now).date()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, unit.pk])
    last = NoticeNumber.objects.filter(unit=unit, year=today.year).aggregate(n=Max("number"))["n"] or 0
    word = NumberWord.objects.word_of(unit, today)
    NoticeNumber.objects.bulk_create(
        NoticeNumber(
            inspection=check,
            unit=unit,
            year=today.year,
            number=n,
            text=f"{word}〔{today.year}〕第 {n} 号",
            given_at=now,
        )
        for n, check in enumerate(checks, last + 1)
    )
