"""Why a unit, or the names of the site, may not change like this; "" when nothing stands in the way (五, decision 0075)."""

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.module_loading import import_string

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import Quarter

from .filling import LONGEST_SHORT
from .models import ChangeKind, CityRecord, Unit, UnitChange, UnitChangeState, UnitKind, User
from .roles import Permission

_CODE, _DIVISION = re.compile(r"[0-9A-Z]{6}"), re.compile(r"[0-9]{6}")
YEARS_AHEAD = 2  # a slip of the year would bar the thing for ever
NAMING = (ChangeKind.ADD, ChangeKind.RENAME)
ADDED = (UnitKind.BRANCH, UnitKind.HQ_SECTION)


def why_not_ask(by: User) -> str:
    return "" if by.units_with(Permission.MANAGE_SYSTEM) else "单位和名称由系统管理员按文件提出修改。"


def why_not_decide_change(change: UnitChange, by: User) -> str:
    return why_not_decide(
        change,
        by,
        may=bool(by.units_with(Permission.MANAGE_GRANTS)),
        role="单位和名称的修改由授权管理员批准。",
        own="提出和批准不能是同一个人，由另一名授权管理员批准。",
    )


def why_not_beside(kind: str, unit: Unit | None, code: str) -> str:
    """Each change was looked at beside what stands. Of the same thing one alone is on its way, so that none undoes another."""
    same = UnitChange.objects.filter(unit=unit) if unit else UnitChange.objects.filter(unit=None, kind=kind)
    if kind == ChangeKind.ADD:  # another unit is another thing
        same = same.filter(values__code=code)
    first = same.pending().first() or same.to_be_done().order_by("effective_from").first()
    return why_not_beside_it(first) if first else ""


def why_not_beside_it(change: UnitChange) -> str:
    """Why nothing else of the same thing is asked for while this one is on its way."""
    if change.state == UnitChangeState.ASKED:
        return "同一事项已有一份修改等批准，先办完那一份。"
    return (
        f"同一事项已有一份批准的修改，{change.effective_from:%Y-%m-%d} 起生效，还没有办理。"
        "等它办理以后再提出；不再需要的，由授权管理员撤回。"
    )


def on_their_way() -> dict[tuple[str, int | None], UnitChange]:
    """What `why_not_beside` finds, all at once: by kind where it is about the site, else by the unit alone. A unit to be set up holds
    back none but its own code.
    """
    waiting = UnitChange.objects.on_their_way().exclude(kind=ChangeKind.ADD)
    waiting = waiting.select_related("unit").order_by("-effective_from")
    return {("" if change.unit_id else change.kind, change.unit_id): change for change in waiting}


def why_not_begin(kind: str, unit: Unit | None) -> str:
    """What stands in the way whatever is typed."""
    if kind == ChangeKind.CLOSE and (never := _why_never_closed(unit)):
        return never
    return _why_gone(unit) or ("" if kind == ChangeKind.ADD else why_not_beside(kind, unit, ""))


def _why_gone(unit: Unit | None) -> str:
    return f"{unit.short_name}已经撤销，不再修改。" if unit is not None and unit.closed_on else ""


def why_not_take_back(change: UnitChange, by: User) -> str:
    """Who asked thinks better of it before anybody has decided."""
    if not change.waits:
        return f"这份修改{change.get_state_display()}，不能撤回。"
    return "" if by.pk == change.asked_by_id else "等批准的修改由提出的人撤回。"


def why_not_withdraw(change: UnitChange, by: User) -> str:
    if not by.units_with(Permission.MANAGE_GRANTS):
        return "批准的修改由授权管理员撤回。"
    if change.state != UnitChangeState.APPROVED:
        return f"这份修改{change.get_state_display()}，不能撤回。"
    return "已经办理的修改不能撤回，另行提出修改。" if change.done_at else ""


def why_not_change(
    kind: str, unit: Unit | None, values: Mapping[str, Any], effective_from: date, document: str, today: date
) -> str:
    """Asked when it is put forward and when it is approved, so that what has changed between is seen."""
    return (
        why_not_reason(document, "依据文件")
        or _why_not_day(kind, values, effective_from, today)
        or why_not_values(kind, unit, values, effective_from)
    )


def _why_not_day(kind: str, values: Mapping[str, Any], day: date, today: date) -> str:
    last = date(today.year + YEARS_AHEAD, 12, 31)
    if day > last:
        return f"日期太远，核对年份，最远填到 {last:%Y-%m-%d}。它没有办理以前，同一事项不能再提出修改。"
    if kind == ChangeKind.ADD:
        return "" if day >= today else f"设立日期从今天（{today:%Y-%m-%d}）起填写。"
    if day <= today:
        return f"生效日期从明天（{today + timedelta(days=1):%Y-%m-%d}）起填写，已经过去的日子仍用原来的名称。"
    if kind == ChangeKind.CLOSE and day != Quarter.of(day).first_day:
        first = Quarter.of(day).next().first_day
        return f"单位办完一个季度才撤销，撤销日期填季度首日，如 {first:%Y-%m-%d}。"
    if kind == ChangeKind.CITY and (day.month, day.day) != (1, 1) and values["mark"] != _facts().get("mark", ""):
        return f"机关代字一年一个，文号才连续。改机关代字的，生效日期填 {day.year + 1}-01-01；其他名称另行提出。"
    return ""


def why_not_values(kind: str, unit: Unit | None, values: Mapping[str, Any], day: date) -> str:
    """Asked once more on the day itself."""
    if gone := _why_gone(unit):
        return gone
    if kind == ChangeKind.ADD:
        return _why_not_add(values)
    if kind == ChangeKind.RENAME:
        return _why_not_rename(unit, values)
    if kind == ChangeKind.CLOSE:
        return _why_not_close(unit, values, day)
    if kind == ChangeKind.DISTRICTS:
        return _why_not_districts(values)
    same = all(values[name] == _facts().get(name, "") for name in values)
    return "名称和标识都没有变。" if same else ""


def _why_not_add(values: Mapping[str, Any]) -> str:
    if values["kind"] not in ADDED:
        return "只设立分局或者市执法队的科室。市局和市执法队各只有一个。"
    if values["kind"] == UnitKind.BRANCH:
        if not _CODE.fullmatch(values["code"]):
            return "单位代码用六位数字或大写字母，有行政区划代码的用行政区划代码。它写进抽取和文书的编号，以后不变。"
        if not values["section"].strip():
            return "写明为这个分局服务的执法科室。"
    if Unit.objects.filter(code=values["code"]).exists():
        return f"单位代码 {values['code']} 已经有了，换一个。撤销的单位，代码也不再用。"
    return _why_not_names(None, values) or _why_not_division(values["division_code"])


def _why_not_rename(unit: Unit, values: Mapping[str, Any]) -> str:
    if all(values[name] == getattr(unit, name) for name in values):
        return "名称都没有变。"
    return _why_not_names(unit, values) or _why_not_division(values["division_code"])


def _why_not_names(unit: Unit | None, values: Mapping[str, Any]) -> str:
    """Names tell units apart on pages, in workbooks and on papers."""
    short, full = _names_in(values)
    if not values["name"].strip() or not short[0]:
        return "写明单位的全称和简称。"
    if long := next((s for s in short if len(s) > LONGEST_SHORT), ""):
        return f"简称“{long}”太长，最长 {LONGEST_SHORT} 个字。"
    if twice := next((pair[0] for pair in (short, full) if len(pair) > 1 and pair[0] == pair[1]), ""):
        return f"“{twice}”写了两次，分局和为它服务的执法科室各有各的名称。"
    others = Unit.objects.exclude(pk=unit.pk if unit else None)
    for name, words in (("short_name", short), ("name", full)):
        if same := others.filter(**{f"{name}__in": words}).first():
            return f"“{getattr(same, name)}”是{same.short_name}（{same.code}）的名称，换一个。"
    return ""


def _names_in(values: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The short and the full names that a change gives, those of the section that comes with a branch behind."""
    section = values.get("section", "").strip()
    short = [s for s in (values["short_name"].strip(), section) if s]
    return short, [values["name"].strip(), *([name_of_section(section)] if section else [])]


def why_not_named_beside(kind: str, values: Mapping[str, Any], others: Iterable[UnitChange]) -> str:
    """Two units that are to come are told apart by their names like those that stand: the second would fail on its day."""
    if kind not in NAMING:
        return ""
    short, full = _names_in(values)
    for other in others:
        theirs = _names_in(other.values) if other.kind in NAMING else ([], [])
        if same := [*{*short} & {*theirs[0]}, *{*full} & {*theirs[1]}]:
            return f"“{same[0]}”在另一份还没有办理的修改里（{other}，{other.effective_from:%Y-%m-%d} 起），换一个，或者先撤回那一份。"
    return ""


def name_of_section(section: str) -> str:
    """In full, of the section of the city team that serves a branch (五)."""
    return f"{Unit.objects.city_team().short_name}{section.strip()}"


def _why_not_division(code: str) -> str:
    known = {_facts().get("code"), *(d["code"] for d in _facts().get("districts", ()))}
    return "" if code in known else f"没有登记行政区划 {code}。先在“行政区划”里登记。"


def _why_never_closed(unit: Unit) -> str:
    return "" if unit.kind in ADDED else "撤销的只能是分局，或者市执法队的科室。县区执法科室随分局撤销。"


def _why_not_close(unit: Unit, values: Mapping[str, Any], day: date) -> str:
    """A unit ends when its work has: nothing is moved silently (七(一)4-a)."""
    if never := _why_never_closed(unit):
        return never
    into = Unit.objects.filter(code=values.get("into", "")).first()
    if values.get("into") and (into is None or into.pk == unit.pk or into.closed_on):
        return "并入的单位从列表里选，不能是已撤销的单位，也不能是它自己。"
    found = what_holds(unit, day)
    return f"{unit.short_name}还不能撤销：{'；'.join(found)}。" if found else ""


def what_holds(unit: Unit, day: date) -> list[str]:
    """What every room says must be done before the unit ends on that day. What can still be done until then holds nothing
    before: so a day to come asks only for plans that reach beyond it, the day itself for everything."""
    from benxi_shuangsuiji import subjects

    rooms = [import_string(room.holds_unit) for room in subjects.house().subjects if room.holds_unit]
    return [word for holds in rooms if (word := holds(unit, day))]


def accounts_in(unit: Unit, day: date) -> str:
    """For the nameplate: people who could still act there."""
    if day > clock.today():
        return ""
    held = Unit.objects.filter(pk=unit.pk) | Unit.objects.filter(serves=unit)
    n = User.objects.filter(unit__in=held, is_active=True).count()
    return f"{n} 个账号还在这个单位，先调动或者停用" if n else ""


def _why_not_districts(values: Mapping[str, Any]) -> str:
    facts, said = _facts(), values["districts"]
    codes = [d["code"] for d in said]
    for district in said:
        if not district["code"].startswith(facts["code"][:4]) or not _DIVISION.fullmatch(district["code"]):
            return f"代码 {district['code']} 不是{facts['name']}的县区。写六位数字，或者末尾六个 0 的十二位数字。"
        if codes.count(district["code"]) > 1:
            return f"代码 {district['code']} 写了两行，每个县区一行。"
        if not district["name"]:
            return f"代码 {district['code']} 没有写名称。"
    if gone := [d for d in facts.get("districts", ()) if d["code"] not in codes]:
        return f"{gone[0]['name']}（{gone[0]['code']}）不能去掉：名录和公示里有它的代码。名称可以改，撤并以后也留着。"
    if long := next((w for d in said for w in (d["name"], *d["words"], *d["zones"]) if len(w) > LONGEST_SHORT), ""):
        return f"“{long[:LONGEST_SHORT]}…”太长，名称、别的写法和园区最长 {LONGEST_SHORT} 个字。"
    words = [w for d in said for w in dict.fromkeys([d["name"], *d["words"], *d["zones"]])]
    if twice := next((w for w in words if words.count(w) > 1), ""):
        return f"“{twice}”写在两个县区里，读表格时分不清，留一处。"
    return "行政区划没有变。" if said == facts.get("districts") else ""


def _facts() -> dict[str, Any]:
    record = CityRecord.objects.filter(pk=1).first()
    return record.facts if record else {}
