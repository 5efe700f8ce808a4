from datetime import date

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import Quarter
from plans import states
from plans.bases import rules as basis_rules
from plans.models import ItemList, ListStatus
from plans.states import EDITABLE, why_not_move

from . import kinds

LOCAL_MARK = "L"  # codes of local items begin with it, so that no local item hides one of the city's


# --- item lists (六(一)1) ---------------------------------------------------------------------------------------
def units_writing_lists(user):
    """The units whose list the user may write: the lead office the city's, a planner his branch's additions."""
    units = Unit.objects.drawing()
    city = units.filter(kind=UnitKind.CITY_TEAM, pk__in=user.units_with(Permission.EDIT_CITY_ITEMS))
    return city | units.exclude(kind=UnitKind.CITY_TEAM).filter(pk__in=user.units_with(Permission.EDIT_ITEMS))


def why_not_write_list(unit, by) -> str:
    """The city's list is the lead office's, local items are the branch planner's (decisions.md 7, 五-4c)."""
    if unit.closed_on:
        return unit.closed_words
    if unit.kind == UnitKind.CITY_TEAM:
        return "" if by.may(Permission.EDIT_CITY_ITEMS, unit) else "全市事项清单由牵头部门编制。"
    return "" if by.may(Permission.EDIT_ITEMS, unit) else f"没有编制{unit}事项清单的权限。"


def list_writer_role(unit) -> str:
    """Whose hands a returned list goes back to."""
    return Role.LEAD_OFFICE if unit.kind == UnitKind.CITY_TEAM else Role.PLANNER


def why_not_draft_list(unit, year: int, reason: str, by) -> str:
    if refusal := why_not_write_list(unit, by):
        return refusal
    lists = list(ItemList.objects.filter(unit=unit, year=year))
    if any(item_list.status != ListStatus.PUBLISHED for item_list in lists):
        return f"{unit} {year} 年已有一份没有公开的清单，先办完它。"
    if lists and not reason.strip():
        return f"{unit} {year} 年的清单已经公开。年中调整要写明原因，新的一版公开后生效。"
    return why_not_reason(reason, "调整原因") if lists else ""


def why_not_edit_list(item_list, by) -> str:
    if refusal := why_not_write_list(item_list.unit, by):
        return refusal
    if item_list.status not in EDITABLE:
        return f"清单现在是“{item_list.get_status_display()}”，不能修改。"
    return ""


def why_not_item_code(item_list, code: str) -> str:
    is_city = item_list.unit.kind == UnitKind.CITY_TEAM
    if is_city and code.startswith(LOCAL_MARK):
        return f"编号开头的 {LOCAL_MARK} 留给分局的补充事项，全市清单换一个字母。"
    if not is_city and not code.startswith(LOCAL_MARK):
        return f"补充事项的编号以 {LOCAL_MARK} 开头，例如 {LOCAL_MARK}01。"
    return ""


def why_not_item_day(item_list, valid_from: date) -> str:
    """A list is of one year, so its items hold from a day of it."""
    if valid_from.year != item_list.year:
        return f"事项的生效日期在清单的年度之内，从 {item_list.year}-01-01 到 {item_list.year}-12-31。"
    return ""


def first_day_of(item_list) -> date:
    return Quarter(item_list.year, 1).first_day


def list_problems(item_list, today: date) -> list[str]:
    """What is still missing in a list: a city list covers all eight kinds of 三, and every item has a basis in force."""
    items = list(item_list.items.prefetch_related("points", "cites__basis__replaced_by", "cites__article"))
    day = max(first_day_of(item_list), today)
    found = []
    if not items:
        found.append("清单里还没有事项。")
    if item_list.unit.kind == UnitKind.CITY_TEAM:
        there = {item.category for item in items}
        missing = [label for number, label in kinds.labels().items() if number not in there]
        if items and missing:
            words = "；".join(missing)
            found.append(f"这些类别还没有事项：{words}。《实施方案》第三条要求八类都纳入，批准增加的也纳入。")
    found += [f"事项 {i.code}“{i.name}”没有检查要点。" for i in items if not i.points.all()]
    found += [f"事项 {i.code}“{i.name}”的法律依据没有从依据库里选。" for i in items if not i.cites.all()]
    for i in items:
        if lapsed := basis_rules.lapsed_citations(i, day):
            found.append(f"事项 {i.code}“{i.name}”引用的{'、'.join(lapsed)}。")
    for i in items:
        found += [f"事项 {i.code}：{reason}" for reason in [why_not_item_day(item_list, i.valid_from)] if reason]
    found += [reason for i in items if (reason := why_not_item_code(item_list, i.code))]
    return found


def why_not_submit_list(item_list, by, today: date) -> str:
    return (
        why_not_edit_list(item_list, by)
        or why_not_move(item_list, ListStatus.SUBMITTED)
        or next(iter(list_problems(item_list, today)), "")
    )


def why_not_decide_list(item_list, by, status=ListStatus.APPROVED) -> str:
    """Approve or return."""
    if not by.may(Permission.APPROVE_ITEMS, item_list.unit):
        return f"没有审批{item_list.unit}事项清单的权限。"
    if why_not_move(item_list, status):
        return states.not_any_more(item_list, "批准" if status == ListStatus.APPROVED else "退回")
    if by.pk in (item_list.submitted_by_id, item_list.created_by_id):
        return "编制和提交的人不能批准自己的清单，由另一名分管负责人审批。"
    return ""


# --- quarterly plans (六(一)2, 七(一)) --------------------------------------------------------------------------
def list_in_force(year: int) -> ItemList | None:
    """The city's published list of the year; a later version replaces an earlier one."""
    return ItemList.objects.in_force(year).filter(unit__kind=UnitKind.CITY_TEAM).order_by("-version").first()


def local_list_in_force(unit, year: int) -> ItemList | None:
    """The unit's own published additions (五-4c); the city team has none beside the city's list."""
    if unit.kind == UnitKind.CITY_TEAM:
        return None
    return ItemList.objects.in_force(year).filter(unit=unit).order_by("-version").first()
