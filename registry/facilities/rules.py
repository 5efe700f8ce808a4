from datetime import date

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from registry.models import Facility, HazwasteKind
from registry.rules import stale


def managed_by_city(unit) -> bool:
    """市管 is what the city team draws, and nothing else: the mark follows the drawing unit (七(一)4-a, -b; A-19)."""
    return unit.kind == UnitKind.CITY_TEAM


def why_not_level(unit, by_city: bool) -> str:
    """Why a register of this unit cannot hold an object of that level."""
    if by_city and not managed_by_city(unit):
        return f"市管对象由市执法队监管和抽查，不在{unit.short_name}的名录里"
    if managed_by_city(unit) and not by_city:
        return "市执法队名录里的都是市管对象"
    return ""


def why_not_edit_facility(facility, user) -> str:
    if not user.may(Permission.EDIT_FACILITIES, facility.unit_id):
        return "只有监管单位的名录管理员可以修改检查对象。"
    return ""


def why_not_change(facility, user, version: int | None) -> str:
    return why_not_edit_facility(facility, user) or stale(facility, version)


def why_not_hazwaste(hazwaste: str, licence: str) -> str:
    """Whoever handles others' hazardous waste has a licence with a number; whoever has none of it has none (六(二)-j)."""
    if hazwaste == HazwasteKind.OPERATOR and not licence:
        return "危险废物经营单位要填写经营许可证编号。"
    if licence and hazwaste == HazwasteKind.NONE:
        return "写了危险废物经营许可证编号，危险废物管理就不能是“无”。"
    return ""


def left_in(unit, day: date) -> str:
    """What keeps a unit from being closed: its objects are transferred one by one, by the act that there is (七(一)4-a)."""
    n = Facility.objects.on_books().filter(unit=unit).count() if day <= clock.today() else 0
    return f"名录里还有 {n} 个检查对象，先逐个移交给接管的单位" if n else ""
