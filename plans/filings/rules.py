"""Why a plan or a draw cannot be filed, received or returned (七(六)-a, 七(二)-j, D-24)."""

from datetime import date

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import SHORTEST_REASON
from plans.models import Draw, DrawStatus, Filing, FilingKind, FilingState, PlanStatus, QuarterlyPlan
from registry.inspectors import rules as registry_rules

RECEIPT_LETTERS = {FilingKind.PLAN: "JH", FilingKind.DRAW: "CQ"}


def why_not_receive(filing: Filing, by) -> str:
    if not by.may(Permission.RECEIVE_PLANS, filing.unit):
        return "只有市执法队牵头部门可以签收和退回。"
    if filing.state == FilingState.RECEIVED:
        return f"已经签收，回执编号 {filing.receipt_no}。"
    if filing.state == FilingState.RETURNED:
        return "已经退回，等单位重新报送。"
    if filing.draw_id and filing.run != filing.draw.run:
        return "公开随机数更正以后结果已经重算，等单位重新报送。"
    return ""


def why_not_return_reason(opinion: str) -> str:
    if len(opinion.strip()) < SHORTEST_REASON:
        return f"写明缺什么、怎样补，至少 {SHORTEST_REASON} 个字。"
    return ""


def why_not_send_plan_again(plan: QuarterlyPlan, by) -> str:
    """A returned plan that needs no change is sent once more with what was missing."""
    if not by.may(Permission.EDIT_PLANS, plan.unit):
        return f"没有报送{plan.unit}季度计划的权限。"
    if plan.status != PlanStatus.PUBLISHED:
        return "计划公开以后才报送；正在更改的，公开新的一版时自动报送。"
    last = Filing.objects.filter(plan=plan, revision=plan.revision).first()
    if last is None or last.state != FilingState.RETURNED:
        return "这一版计划没有被退回，不用再报。"
    return ""


def why_not_file_draw(draw: Draw, by) -> str:
    if not by.may(Permission.HOLD_DRAW, draw.unit):
        return "只有本单位计划员可以把抽查结果报市执法队备案。"
    if draw.status not in (DrawStatus.DRAWN, DrawStatus.RELEASED):
        return "抽取以后才能报市执法队备案。"
    last = draw.filings.filter(run=draw.run).first()
    if last and last.state == FilingState.SENT:
        return "已经报送，等市执法队牵头部门签收。"
    if last and last.state == FilingState.RECEIVED:
        return f"已经备案，回执编号 {last.receipt_no}。"
    return ""


def why_not_record(record: tuple[str, bytes] | None) -> str:
    """The signed record of the draw, scanned."""
    return registry_rules.why_not_scan(record)


def why_not_mark_justice(unit, year: int, sent_on: date, today: date, by) -> str:
    """D-24 is a duty of the branches; the city team files with nobody."""
    if unit.kind != UnitKind.BRANCH:
        return "报区县司法局备案的是各分局。"
    if not by.may(Permission.EDIT_PLANS, unit):
        return f"没有登记{unit}备案的权限。"
    if sent_on > today:
        return "报送日期还没有到。"
    if sent_on.year not in (year - 1, year):
        return f"{year} 年度的备案在上年末或者当年报送，核对报送日期。"
    if unit.justice_filings.filter(year=year).exists():
        return f"{year} 年度已经登记过报送。"
    return ""
