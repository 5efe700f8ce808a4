"""Who may write into a unit's registers: one rule for the form and for the workbook (六(二)-a, 六(三)-a)."""

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from registry.models import BatchKind

CITY_LISTS = (BatchKind.KEY_LIST, BatchKind.PERMIT, BatchKind.CREDIT, BatchKind.RISK, BatchKind.POSITIVE)


def why_not_import(kind: str, unit, user) -> str:
    people = BatchKind(kind).about_people
    if not user.may(Permission.EDIT_INSPECTORS if people else Permission.EDIT_FACILITIES, unit):
        what = BatchKind.INSPECTOR.label if people else BatchKind.FACILITY.label
        return f"没有维护{unit.short_name}{what}名录的权限。由该单位的名录管理员导入。"
    if unit.kind not in (UnitKind.CITY_TEAM, UnitKind.BRANCH):
        return f"{unit.short_name}不单独管理名录，在所服务的分局名下导入。"
    return unit.closed_words


def why_not_bring(kind: str, user) -> str:
    """A list of the whole city comes from the lead office (五); what of it is written, each unit's registrar confirms."""
    if not user.units_with(Permission.KEEP_VOCABULARIES):
        return "全市的名单由牵头部门导入。"
    return "" if kind in CITY_LISTS else f"{BatchKind(kind).label}由各单位自己导入。"
