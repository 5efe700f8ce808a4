"""Why a report cannot be written, sent, received or returned (七(六)-b, -c, 八(一)-c)."""

from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, full_date
from inspections.models import ProvincialReport, ReportState, WorkReport

from . import figures
from .periods import Period

MOST_WORDS = 2000  # of one chapter


def receipt_letters(period: Period) -> str:
    """检查结果 or 年度, as the number of a receipt begins."""
    return "JG" if period.quarter else "ND"


def why_not_write(unit: Unit, period: Period, report: WorkReport | None, by, today: date) -> str:
    """`report`: the one that stands, if there is one."""
    if not by.may(Permission.SEND_REPORTS, unit):
        return f"由{unit.short_name}的计划员编写和报送。"
    if today < (period.quarter.first_day if period.quarter else date(period.year, 1, 1)):
        return f"{period.label}还没有开始。"
    if report is None or report.state == ReportState.DRAFT:
        return ""
    if report.state == ReportState.RECEIVED:
        return f"已经签收，回执编号 {report.receipt_no}。"
    return "已经报送，等待签收。"


def why_not_text(text: dict[str, str], period: Period) -> str:
    """What must be written before it is sent."""
    for chapter in period.chapters:
        words = text.get(chapter.key, "").strip()
        if chapter.asked and not words:
            return f"写明{chapter.title}，没有的写“无”。"
        if len(words) > MOST_WORDS:
            return f"{chapter.title}最多 {MOST_WORDS} 字。"
    return ""


def why_not_send(unit: Unit, period: Period, report: WorkReport | None, by, today: date, calendar: Calendar) -> str:
    return why_not_write(unit, period, report, by, today) or why_not_yet(unit, period, today, calendar)


def why_not_yet(unit: Unit, period: Period, today: date, calendar: Calendar) -> str:
    """A report counts only what is public, so it waits until nothing of the period is sealed (decisions.md 3)."""
    if period.quarter is None and today < (begins := year_reports_begin(period.year)):
        return f"{period.year} 年的报告从 {full_date(begins)}起报送。"
    if figures.draws_not_held(unit, period):
        return "名单已在核对或者封存，还没有抽取。抽取、检查、公开结果以后报送。"
    if period.quarter and not figures.has_drawn(unit, period):
        due = period.quarter.close_due(calendar)
        if today <= due.date:
            return (
                f"本季度还没有抽取。抽取、检查、公开结果以后报送；没有抽取的，{full_date(due.date)}以后说明情况报送。"
            )
    if left := figures.not_public(unit, period):
        return (
            f"还有 {left} 家的检查结果没有公开，名单也没有公开。全部结果公开以后报送，"
            "或者名单公开以后报送并逐家说明没有查完的原因。"
        )
    return ""


def year_reports_begin(year: int) -> date:
    month, day = policy.on(date(year, 1, 1)).recommended.reminders_begin
    return date(year, month, day)


def why_not_receive(report: WorkReport, by) -> str:
    if report.number and not by.may(Permission.RECEIVE_REPORTS, report.unit):
        return "只有市执法队牵头部门可以签收和退回检查结果报告。"
    if not report.number and not by.may(Permission.RECEIVE_YEAR, report.unit):
        return "只有市生态环境局可以签收和退回年度工作报告。"
    if report.state == ReportState.RECEIVED:
        return f"已经签收，回执编号 {report.receipt_no}。"
    if report.state == ReportState.RETURNED:
        return "已经退回，等单位重新报送。"
    return "" if report.state == ReportState.SENT else "还没有报送。"


def why_not_return_reason(opinion: str) -> str:
    return "" if len(opinion.strip()) >= 4 else "写明缺什么、怎样补，至少 4 个字。"


def why_not_export(quarter: Quarter, missing: list[str], by, today: date) -> str:
    """The data go to the province when every unit has reported; of a quarter that is over, with the missing ones named."""
    if not by.units_with(Permission.RECEIVE_REPORTS):
        return "由市执法队牵头部门上报省生态环境厅。"
    if missing and today <= quarter.last_day:
        return f"还没有收齐：{'、'.join(missing)}的检查结果报告没有签收。"
    return ""


def why_not_mark(quarter: Quarter, missing: list[str], document_no: str, sent_on: date, by, today: date) -> str:
    if reason := why_not_export(quarter, missing, by, today):
        return reason
    if not document_no.strip():
        return "填写报出的文号。"
    if sent_on > today:
        return "报出日期还没有到。"
    if sent_on < quarter.first_day:
        return "报出日期早于这个季度。核对报出日期。"
    sent = ProvincialReport.objects.filter(year=quarter.year, number=quarter.number, document_no=document_no.strip())
    return "这个文号已经登记过。" if sent.exists() else ""
