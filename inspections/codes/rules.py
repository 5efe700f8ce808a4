"""Why a report cannot be sent or answered, and a visit not be rated; by when a report is answered (七(五)-i, -q)."""

from datetime import datetime, time, timedelta

from django.utils.timezone import localtime, make_aware

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.states import DROPPED
from inspections.models import Inspection
from registry.codes import why_not_phone

from .models import Grade, ImpostorReport


def answer_by(at: datetime) -> datetime:
    """The same day, if it came on a working day and early enough; else the morning of the next one."""
    local, hours = localtime(at), policy.on(localtime(at).date()).recommended
    calendar = workdays.calendar()
    if calendar.is_workday(local.date()) and local.hour < hours.impostor_same_day_hour:
        return make_aware(datetime.combine(local.date(), time(hours.impostor_same_day_hour)))
    next_day = calendar.add_workdays(local.date(), 1)
    return make_aware(datetime.combine(next_day, time(hours.impostor_next_day_hour)))


def why_not_report(words: str, phone: str) -> str:
    if reason := why_not_reason(words, "情况"):
        return reason
    problem, remedy = why_not_phone(phone) if phone else ("", "")
    return f"联系电话{problem}。{remedy}。" if problem else ""


def why_not_answer(report: ImpostorReport, by) -> str:
    if not by.may(Permission.ANSWER_REPORTS, report.unit_id):
        return "由本单位的分管负责人或牵头部门答复。"
    return "这件反映已经答复。" if report.answered_at else ""


def why_not_rate(inspection: Inspection) -> str:
    if inspection.status in DROPPED:
        return "这次检查已经取消，不用评价。"
    if inspection.ended_at is None:
        return "检查结束以后再评价。"
    return "这次检查已经评价过。" if hasattr(inspection, "rating") else ""


def why_not_this_rating(grade: int | None) -> str:
    return "" if grade in Grade.values else "选一档再交。"


def same_report(reports, words: str, at: datetime):
    """The same words sent twice within minutes are one report."""
    return reports.filter(words=words.strip(), at__gte=at - timedelta(minutes=10)).first()
