"""When each deadline of the timetable is due: arithmetic over the calendar with the numbers in force (domain.md 8.1)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.notices.deadlines.rule import Month
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter


def summary_due(quarter: Quarter, calendar: Calendar, last_arrival: date | None = None) -> Due:
    """D-3b: three working days after the last plan was sent, and not later than the draw.

    Before it has arrived, the last day on which it may is taken. A plan that arrives when the day for drawing is over
    draws later too, and the lead office still has its three days. A day that came from an arrival keeps it
    (`counted_from`), so that it is counted again from there when the calendar changes.
    """
    arrived = last_arrival or quarter.plan_due(calendar).date
    within = policy.on(quarter.first_day).recommended.city_summary_within_workdays
    due, draw_due = calendar.within_workdays(arrived, within), quarter.draw_due(calendar)
    if arrived <= draw_due.date < due.date:
        due = draw_due
    return replace(due, counted_from=last_arrival, workdays=within if last_arrival else 0)


def results_summary_due(quarter: Quarter, calendar: Calendar) -> Due:
    """D-7b: the units' reports put together, so many working days after the quarter.

    Not after the 25th: until the quarter is over a unit that has not reported keeps the lead office waiting, and from
    then on the summary may name it (docs/decisions/0022).
    """
    within = policy.on(quarter.first_day).recommended.city_summary_within_workdays
    return calendar.within_workdays(quarter.last_day, within)


def filing_due(quarter: Quarter, calendar: Calendar) -> Due:
    """D-4b: the draw filed with the city team."""
    within = policy.on(quarter.first_day).recommended.filing_within_workdays
    return calendar.within_workdays(quarter.draw_due(calendar).date, within)


def receipt_due(sent_on: date, calendar: Calendar) -> Due:
    """What a unit has sent is signed for or given back within so many working days, by whoever it was sent to."""
    return calendar.within_workdays(sent_on, policy.on(sent_on).recommended.receipt_within_workdays)


def provincial_due(quarter: Quarter, calendar: Calendar) -> Due:
    """D-12: the quarter's figures sent to the province, in the month after it."""
    day = policy.on(quarter.first_day).recommended.provincial_report_day
    return calendar.fixed(quarter.next().first_day.replace(day=day))


def audit_due(month: Month, calendar: Calendar) -> Due:
    """D-13: the registries audited in a month."""
    first = date(*month, 1)
    return calendar.fixed(first.replace(day=policy.on(first).recommended.registry_audit_day))


def coverage_due(year: int, calendar: Calendar) -> Due:
    """D-17 and D-18: the last check of a year that can count for its coverage."""
    return Quarter(year, 4).close_due(calendar)


def cap_due(year: int, calendar: Calendar) -> Due:
    """D-19: until when a year's checks of one item are counted (A-13)."""
    return calendar.fixed(date(year, 12, 31))


def justice_due(year: int, calendar: Calendar) -> Due:
    """D-24: the year's random checks filed with the district's justice bureau."""
    month, day = policy.on(date(year, 1, 1)).other_law.justice_filing_due
    return calendar.fixed(date(year, month, day))


def list_change_due(changed_on: date, calendar: Calendar) -> Due:
    """D-15: the change of the list begun within months of the change of a legal basis."""
    months = policy.on(changed_on).other_law.list_change_within_months
    year, month = divmod(changed_on.year * 12 + changed_on.month - 1 + months, 12)
    last = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return calendar.fixed(date(year, month + 1, min(changed_on.day, last)))


def case_filed_due(found_on: date, calendar: Calendar) -> Due:
    """Whether a case is filed of what was found (部令第30号 18)."""
    return calendar.fixed(found_on + timedelta(days=policy.on(found_on).other_law.case_filed_within_days))


def case_due(filed_on: date, calendar: Calendar, *, extensions: int = 0, not_counted: int = 0) -> Due:
    """D-22: a case decided; calendar days, for only 二日 to 七日 of that law are working days (行政处罚法 60, 85)."""
    law = policy.on(filed_on).other_law
    days = law.case_closed_within_days + extensions * law.case_extension_days + not_counted
    return calendar.fixed(filed_on + timedelta(days=days))


def crime_due(reported_on: date, calendar: Calendar) -> Due:
    """Whether a suspected crime is handed to the police; days that are not called working days."""
    return calendar.fixed(reported_on + timedelta(days=policy.on(reported_on).other_law.crime_decided_within_days))


def crime_sent_due(approved_on: date, calendar: Calendar) -> Due:
    """The hours after the approval end on this day."""
    return calendar.fixed(approved_on + timedelta(hours=policy.on(approved_on).other_law.crime_sent_within_hours))


def own(field: str) -> Callable[[date, Calendar], Due]:
    """A service level of ours in working days after an event."""
    return lambda start, calendar: calendar.within_workdays(start, getattr(policy.on(start).recommended, field))


def withdrawal_due(known_on: date, calendar: Calendar) -> Due:
    return calendar.within_workdays(known_on, policy.on(known_on).other_law.withdraw_within_workdays)


# D-20, and every other second person's word of ours: the same few days.
decision_due = own("recusal_decision_within_workdays")
told_due = own("result_told_within_workdays")
recording_due = own("recording_read_within_workdays")
considered_due = own("statement_considered_within_workdays")
objection_due = own("objection_answered_within_workdays")
referral_due = own("referral_within_workdays")
receipt_of_referral_due = own("referral_receipt_within_workdays")
answer_to_referral_due = own("referral_answer_within_workdays")
