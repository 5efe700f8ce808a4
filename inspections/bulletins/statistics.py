"""执法统计 (N-16): checks by kind, object and unit, with problems found and what followed; public results only."""

from collections.abc import Callable, Iterable

from benxi_shuangsuiji.documents.official import Table
from inspections.indicators.counts import FOLLOWED
from inspections.indicators.facts import Check, Scope, checks
from inspections.models import Mode, Source
from registry.models import Category

HEAD = (
    "检查（次）",
    "现场",
    "非现场",
    "书面",
    "检查对象（家）",
    "未能检查",
    "发现问题",
    "责令改正",
    "立案",
    "移送",
    "待处理",
)


def counted(found: Iterable[Check]) -> tuple[int, ...]:
    rows = list(found)
    modes = [check.row.mode for check in rows]
    return (
        len(rows),
        *(modes.count(mode) for mode in (Mode.ONSITE, Mode.OFFSITE, Mode.DOCUMENT)),
        len({check.row.facility_id for check in rows}),
        sum(not check.carried_out for check in rows),
        sum(check.found for check in rows),
        *(sum(check.outcome in which for check in rows) for which in FOLLOWED.values()),
    )


def tables(scope: Scope) -> list[Table]:
    """By where a check comes from, by the category of its object, by unit; each with its sum."""
    public = [check for check in checks(scope) if check.public]
    names = {unit.pk: unit.short_name for unit in scope.units}
    found = [
        _table("按检查类型", public, dict(Source.choices), lambda check: check.row.source),
        _table("按检查对象类别", public, dict(Category.choices), lambda check: check.row.category),
    ]
    return [*found, _table("按单位", public, names, lambda check: check.row.unit_id)] if len(names) > 1 else found


def _table(caption: str, public: list[Check], names: dict, key: Callable[[Check], object]) -> Table:
    lines = [(str(label), counted(c for c in public if key(c) == one)) for one, label in names.items()]
    lines = [line for line in lines if line[1][0] or len(names) < 10]
    rows = [(label, *map(str, numbers)) for label, numbers in [*lines, ("合计", counted(public))]]
    return Table(caption, (caption.removeprefix("按"), *HEAD), tuple(rows), (17, *[7] * 4, 11, *[8] * 6))
