"""Who may write into a unit's registers: one rule for the form and for the workbook (六(二)-a, 六(三)-a)."""

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from registry.models import (
    BatchKind,
)


def why_not_import(kind: str, unit, user) -> str:
    people = BatchKind(kind).about_people
    if not user.may(Permission.EDIT_INSPECTORS if people else Permission.EDIT_FACILITIES, unit):
        what = BatchKind.INSPECTOR.label if people else BatchKind.FACILITY.label
        return f"没有维护{unit.short_name}{what}名录的权限。由该单位的名录管理员导入。"
    if unit.kind not in (UnitKind.CITY_TEAM, UnitKind.BRANCH):
        return f"{unit.short_name}不单独管理名录，在所服务的分局名下导入。"
    return ""
