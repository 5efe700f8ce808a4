"""Why a year's volume cannot be bound (七(七)-h)."""

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents.models import JobState
from inspections.models import YearClosing

from .models import YearVolume


def closing_of(year: int) -> YearClosing | None:
    return YearClosing.objects.approved().filter(year=year).select_related("decided_by").first()


def why_not_ready(year: int) -> str:
    return "" if closing_of(year) else f"{year} 年还没有办结。市执法队牵头部门办结以后成册。"


def why_not_bind(unit: Unit, year: int, volume: YearVolume | None, by) -> str:
    if not by.may(Permission.KEEP_ARCHIVE, unit):
        return f"由{unit.short_name}的档案员成册。"
    if volume and volume.file_id:
        return f"{year} 年度卷已经成册，档号 {volume.no}，不能再改。"
    if volume and volume.job and volume.job.state != JobState.FAILED:
        return f"正在成册，档号 {volume.no}。可以离开这一页，做好以后再来看。"
    return why_not_ready(year)


def why_not_shelve(volume: YearVolume | None, by) -> str:
    if volume is None or not volume.file_id:
        return "成册以后登记盒号和架位。"
    return "" if by.may(Permission.KEEP_ARCHIVE, volume.unit_id) else f"由{volume.unit.short_name}的档案员登记。"
