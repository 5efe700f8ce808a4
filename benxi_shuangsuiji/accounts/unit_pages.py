"""A change of a unit or of the site's names in words: what it is now, what it is to be."""

from datetime import date
from typing import Any

from benxi_shuangsuiji.subject import Waiting

from . import unit_actions
from .city import this_city
from .filling import facts_of
from .models import ChangeKind, Unit, UnitChange, UnitKind
from .roles import Permission

WORDS = {
    "name": "名称",
    "short_name": "简称",
    "seal_name": "印章和落款上的名称",
    "division_code": "行政区划",
    "kind": "类别",
    "code": "单位代码",
    "section": "执法科室",
    "into": "并入",
    "site": "网站名称",
    "label": "系统简称",
    "mark": "机关代字",
    "identifier": "政府网站标识码",
    "icp": "ICP 备案号",
    "police": "公网安备号",
    "districts": "行政区划",
}


def changes_to_decide(user, unit, quarter) -> Waiting | None:
    """What waits for the grants administrator, beside the door."""
    if not user.units_with(Permission.MANAGE_GRANTS):
        return None
    return Waiting((UnitChange.objects.pending().exclude(asked_by=user),), red=True)


def lines_of(change: UnitChange) -> str:
    """Each fact that changes: 简称 甲分局 → 乙分局."""
    before = change.before if change.done_at else _now(change)
    lines = []
    for name in (name for name in WORDS if name in change.values):
        value, was = change.values[name], before.get(name)
        if name == "districts":
            lines += [_district(d) for d in value if d not in (was or [])]
        elif value != was and (value or was):
            then = f"{said} → " if (said := _said(name, was)) else ""
            lines.append(f"{WORDS[name]}：{then}{_said(name, value) or '（空）'}")
    return "；\n".join(lines)


def _now(change: UnitChange) -> dict[str, Any]:
    if change.kind == ChangeKind.RENAME and change.unit:
        return {name: getattr(change.unit, name) for name in change.values}
    if change.kind == ChangeKind.CITY:
        return {name: getattr(this_city(), name) for name in change.values}
    if change.kind == ChangeKind.DISTRICTS:
        return {"districts": facts_of(this_city())["districts"]}
    return {}


def _district(said: dict[str, Any]) -> str:
    """One that is new, or is called or written otherwise than before."""
    ways = [f"别的写法 {'、'.join(said['words'])}"] if said["words"] else []
    ways += [f"园区 {'、'.join(said['zones'])}"] if said["zones"] else []
    return f"{said['code']} {said['name']}" + (f"（{'，'.join(ways)}）" if ways else "")


def _said(name: str, value: Any) -> str:
    if not value:
        return ""
    if name == "kind":
        return UnitKind(value).label
    if name == "division_code":
        return this_city().divisions.get(value, value)
    if name == "into":
        unit = Unit.objects.filter(code=value).first()
        return unit.short_name if unit else value
    return str(value)


def waits_for(change: UnitChange, today: date) -> str:
    """Why an approved change is not carried out although its day has come."""
    if change.state != "APPROVED" or change.done_at or change.effective_from > today:
        return ""
    return unit_actions.why_it_waits(change)
