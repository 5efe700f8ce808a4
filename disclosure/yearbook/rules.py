"""Why a year's volume cannot be bound (七(七)-h)."""

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.models import YearClosing

from .models import YearVolume


def closing_of(year: int) -> YearClosing | None:
    return YearClosing.objects.approved().filter(year=year).select_related("decided_by").first()


def why_not_the_archivist(unit: Unit, by) -> str:
    return "" if by.may(Permission.KEEP_ARCHIVE, unit) else f"由{unit.short_name}的档案员办理。"


def why_not_ready(year: int) -> str:
    return "" if closing_of(year) else f"{year} 年还没有办结。市执法队牵头部门办结以后成册。"


def why_not_bind(unit: Unit, year: int, volume: YearVolume | None, by) -> str:
    if refusal := why_not_the_archivist(unit, by):
        return refusal
    if volume and volume.file_id:
        return f"{year} 年度卷已经成册，档号 {volume.no}，不能再改。要补材料，另做补充卷。"
    return (volume.why_running if volume else "") or why_not_ready(year)


def why_not_supplement(volumes: list[YearVolume], unit: Unit, later: list, reason: str | None, by) -> str:
    """`later`: what no volume of the year holds."""
    if refusal := why_not_the_archivist(unit, by):
        return refusal
    if not volumes or not volumes[0].file_id:
        return "年度卷还没有成册。"
    if running := next(filter(None, (volume.why_running for volume in volumes)), ""):
        return running
    if not later:
        return "没有成册以后收到或者改过的材料。"
    return why_not_reason(reason, "为什么补充") if reason is not None else ""


def why_not_shelve(volume: YearVolume | None, by) -> str:
    if volume is None or not volume.file_id:
        return "成册以后登记盒号和架位。"
    return why_not_the_archivist(volume.unit, by)
