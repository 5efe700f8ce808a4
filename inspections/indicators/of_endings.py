"""K15, K18, K21: whether the papers are there, what became of what was found, and by when it was filed (七(七), 八(二)-e)."""

from collections.abc import Iterator

from benxi_shuangsuiji.workdays.days import is_over, short_date
from inspections.archive.standing import File, files_of
from inspections.models import Rectification, RectificationState

from .facts import Check, Row, Scope, checks, day_of, once, row_of


@once
def files(scope: Scope) -> list[tuple[Check, File]]:
    """案卷 of the public results, as they were at the moment: the archivist is outside the circle too. To the circle also
    of those that a law keeps from the public: they are bound like the others."""
    settled = [c for c in checks(scope) if c.public or (c.told and (at := c.row.settled_at) and at <= scope.moment)]
    return list(zip(settled, files_of((check.row for check in settled), scope.moment), strict=True))


def complete(scope: Scope) -> Iterator[Row]:
    """K15: of the files whose matter is closed, those that lack none of the papers their check needs."""
    for check, file in files(scope):
        if file.closed_on is None:
            continue
        lacking = file.lacking
        yield row_of(check, counts=not lacking, words=f"缺{lacking}" if lacking else "文书齐全")


def archived(scope: Scope) -> Iterator[Row]:
    """K21: of the files whose matter is closed and whose days are over, or that are bound, those bound in time."""
    for check, file in files(scope):
        on = day_of(file.bound.bound_at) if file.bound and file.bound.bound_at <= scope.moment else None
        if file.due and (on or is_over(file.due.date, scope.day)):
            said = f"{short_date(on)}成册" if on else "还没有成册"
            words = f"应于 {short_date(file.due.date)}前，{said}"
            yield row_of(check, counts=bool(on) and on <= file.due.date, words=words, undone=not on)


def mended(scope: Scope) -> Iterator[Row]:
    """K18: of the ordered corrections whose time is over, those that were closed within the days of the re-inspection.

    One that became a case was not mended; one that is halted, or orders nothing any more, is not counted (D-21).
    """
    known = {check.row.pk: check for check in checks(scope) if check.told}
    found = Rectification.objects.filter(inspection__in=known, opened_at__lte=scope.moment)
    days = scope.law.recommended.reinspection_within_workdays
    for one in found.exclude(state__in=[RectificationState.VOID, RectificationState.HALTED]).order_by("due", "pk"):
        row = known[one.inspection_id].row
        last = scope.calendar.within_workdays(one.due, days).date
        on = day_of(one.closed_at) if one.closed_at and one.closed_at <= scope.moment else None
        if on or scope.day > last:
            closed = bool(on) and one.state == RectificationState.CLOSED
            said = f"{short_date(on)}{one.get_state_display()}" if on else "未办结"
            words = f"期限 {short_date(one.due)}，{said}"
            yield Row(row.unit_id, closed and on <= last, row.no, words, one.get_absolute_url(), row.no, undone=not on)
