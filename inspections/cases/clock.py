"""办案期限: by when the decision of a case is due, and how that follows from its acts (行政处罚法 60, D-22)."""

from datetime import date

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.notices.agenda import left_until
from benxi_shuangsuiji.notices.deadlines.due_days import case_due
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Calendar, Due
from inspections.models import Case, CaseActKind


def extensions(case: Case) -> int:
    return sum(act.kind == CaseActKind.EXTENSION for act in case.standing)


def not_counted(case: Case) -> int:
    """Days of hearing, expertise, monitoring and the like, which the period leaves out."""
    return sum(act.days for act in case.standing if act.kind == CaseActKind.EXCLUDED)


def due_of(case: Case, calendar: Calendar | None = None) -> Due:
    """Of a case that was filed."""
    calendar = calendar or workdays.calendar()
    return case_due(case.filed_on, calendar, extensions=extensions(case), not_counted=not_counted(case))


def reckoned(duty: Duty, calendar: Calendar) -> Due | None:
    """For the duty of the timetable, whose period is the number of the case."""
    case = Case.objects.filter(no=duty.period).first()
    return due_of(case, calendar) if case and case.filed_on else None


def words(case: Case) -> str:
    """90 天 + 延长 1 次 30 天 + 不计入 12 天."""
    law, more = policy.on(case.filed_on).other_law, extensions(case)
    parts = [f"立案之日起 {law.case_closed_within_days} 天"]
    parts += [f"延长 {more} 次共 {more * law.case_extension_days} 天"] if more else []
    parts += [f"不计入 {days} 天"] if (days := not_counted(case)) else []
    return "，".join(parts)


def left(case: Case, today: date, calendar: Calendar | None = None) -> tuple[str, str]:
    """(还剩 22 天, tone of components/due.html); the days of a period are calendar days, as in the law."""
    calendar = calendar or workdays.calendar()
    due = due_of(case, calendar)
    return left_until(due.date, due.counted_from, today, calendar)
