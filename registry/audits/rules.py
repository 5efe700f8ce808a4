"""Why a keeper may not be appointed, or an audit not signed: one sentence each, "" when nothing stands in the way."""

from collections.abc import Mapping
from datetime import date

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from registry.models import Book, RegistryAudit

from . import standing as audits


def why_not_appoint(unit, user) -> str:
    """六(二)-c names the unit as who appoints: its planner, or its leader."""
    if not (user.may(Permission.EDIT_PLANS, unit) or user.may(Permission.APPROVE_REGISTRY, unit)):
        return "由本单位的计划员或分管负责人指定专人。"
    if unit.kind not in (UnitKind.CITY_TEAM, UnitKind.BRANCH):
        return f"{unit.short_name}不单独管理名录。"
    return ""


def why_not_keeper(unit, book: str, person, user, *, document: str, on: date, today: date) -> str:
    if reason := why_not_appoint(unit, user):
        return reason
    if person.pk == user.pk:
        return "不能指定自己，由计划员或分管负责人指定。"
    if not person.may(Book(book).edit, unit):
        return f"{person.full_name}不是{unit.short_name}的名录管理员。先由授权管理员授权。"
    if len(document.strip()) < 4:
        return "写明指定文件的名称或文号。"
    return "生效日期不能晚于今天。" if on > today else ""


def why_not_sign(standing: audits.Standing, user) -> str:
    """Only the keeper signs, once a month (六(二)-e)."""
    if standing.keeper is None:
        return f"{standing.book.label}还没有指定专人。由计划员或分管负责人指定以后，由专人审核签字。"
    if standing.keeper.person_id != user.pk or not user.may(standing.book.edit, standing.unit):
        return f"由专人{standing.keeper.person.full_name}审核签字。"
    month = standing.today.replace(day=1)
    if RegistryAudit.objects.filter(unit=standing.unit, book=standing.book, month=month).exists():
        return f"{month.month} 月的审核已经签字，下月 1 日起可以再审核。"
    return ""


def why_not_lines(lines: list[audits.Line], ticked: set[str], remarks: Mapping[str, str]) -> str:
    """Every line is ticked; a stale one says what is done about it."""
    for line in lines:
        if line.key not in ticked:
            return f"“{line.title}”还没有勾选。逐项核对以后再签字。"
        if line.stale and line.count and (reason := why_not_reason(remarks.get(line.key, ""), f"“{line.title}”的处理")):
            return reason
    return ""
