"""Names by which a workbook calls facilities: without what a clerk writes around them, and whom they mean."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from registry.codes import name_key
from registry.models import OFF_BOOKS, Facility

# Names without blanks, brackets and quotation marks: whom the database finds so may be meant; `name_key` has the last word.
_MARKS = re.compile("[][\\s(){}<>〈〉《》「」『』【】〔〕“”‘’\"']+")
BARE = "upper(regexp_replace(normalize({}, NFKC), %(marks)s, '', 'g'))"
_CALLED = f"""
SELECT id, name, former_names, unit_id FROM registry_facility
WHERE {BARE.format("name")} = ANY(%(names)s)
   OR EXISTS (SELECT 1 FROM unnest(former_names) former WHERE {BARE.format("former")} = ANY(%(names)s))
"""
_OF_TODAY = f"""
SELECT id, name, CASE WHEN unit_id = %(unit)s THEN code ELSE '' END, uscc, status FROM registry_facility
WHERE (unit_id = %(unit)s OR %(everywhere)s) AND {BARE.format("name")} = ANY(%(names)s)
"""
# What stands around a name in a list: 5、 (3) ④ before it, ★ * on either side, and a remark in the last brackets.
_AROUND = re.compile(
    r"^([(（]?\d{1,3}[)）]|\d{1,3}[、.．](?!\d)|[①-⑳⑴-⒛]|[★☆*＊※●○▲△◆◇■□#＃\s])+|[★☆*＊※●○▲△◆◇■□#＃\s]+$"
)
_LAST = re.compile(r"[(（\[【〔]([^][()（）【】〔〕]{1,24})[)）\]】〕]$")
_STOPPED = "停产|停业|停工|歇业|半停产|间歇生产|间歇性生产|季节性生产|在建|筹建|建设中|未建成|试生产|未投产|未生产|正常生产|正常|在产|复产|转产"
_OVER = "注销|吊销|关停|关闭|拆除|破产|倒闭|搬迁|迁出|搬走|移出|调出|剔除|不再列入|不再纳入"
_LISTED = "新增|新增企业|新增单位|新列入|调入|保留|新名称|更名后|已更名|更名|待核实|重点|简化|登记|(重点|简化|登记)管理|第[一二三四五六七八九十\\d]+批"
_MEDIUM = "水|气|大气|声|噪声|土壤|固废|危废|废水|废气|(水|大气|土壤|声)环境"
_WHEN = r"((19|20)\d\d年?(\d{1,2}月)?(\d{1,2}日)?(起|底|度)?)?"
_REMARK = re.compile(
    rf"{_WHEN}(已经?|现|拟|暂时?|长期|全面|永久|临时|处于|部分)?({_STOPPED}|{_OVER}|{_LISTED}|({_MEDIUM})([、,，/和]({_MEDIUM}))*)"
    rf"(中|状态|企业|单位)?[,，]?{_WHEN}"
)
_EARLIER = re.compile("(?:原名称?|曾用名|原企业名称|原)[:：]?(.+)")
_GONE = re.compile(_OVER)


@dataclass
class Named:
    """Whom one name may mean: in the unit by the name of today, by an earlier one; and whether anybody elsewhere."""

    now: list[Facility] = field(default_factory=list)
    before: list[Facility] = field(default_factory=list)
    elsewhere: bool = False

    @property
    def here(self) -> list[Facility]:
        """Those on the books, if there are any: a name goes on after a place was closed."""
        found = self.now or self.before
        return [f for f in found if f.status not in OFF_BOOKS] or found


@dataclass(frozen=True)
class Written:
    """A name as it was written: the name itself, the remark in its brackets, and whether it says that the firm is no more."""

    name: str
    remark: str = ""
    before: str = ""  # what the remark tells of an earlier name

    @property
    def is_gone(self) -> bool:
        return bool(_GONE.search(self.remark)) and not self.before


def written(text: str) -> Written:
    name = _AROUND.sub("", text)
    if last := _LAST.search(name):
        earlier = _EARLIER.fullmatch(last[1])
        rest = _AROUND.sub("", name[: last.start()])
        if rest and (earlier or _REMARK.fullmatch("".join(last[1].split()))):
            return Written(rest, last[0], earlier[1] if earlier else "")
    return Written(name or text)


def may_have_more(text: str) -> bool:
    """Whether something may stand around a name: nearly all have nothing, and are looked at no further."""
    return not ("一" <= text[0] <= "\u9fff") or not ("一" <= text[-1] <= "\u9fff")


def asked(names: Iterable[str]) -> dict:
    bare = {_MARKS.sub("", unicodedata.normalize("NFKC", name)).upper() for name in names}
    return {"marks": _MARKS.pattern, "names": list(bare - {""})}


def called(names: Iterable[str]) -> list[tuple]:
    """(key, name, former names, unit) of everybody who is or was called by one of them, and perhaps of some others."""
    with connection.cursor() as cursor:
        cursor.execute(_CALLED, asked(names))
        return cursor.fetchall()


def others_of_today(unit, names: Iterable[str], *, everywhere: bool = False) -> dict[str, list[tuple]]:
    """Name as compared → (key, name, code, credit code) of those on the unit's books who are called so now.

    `everywhere`: those of other units, too; of them only the name is told.
    """
    with connection.cursor() as cursor:
        cursor.execute(_OF_TODAY, asked(names) | {"unit": unit.pk, "everywhere": everywhere})
        found: dict[str, list[tuple]] = {}
        for pk, name, code, uscc, status in cursor.fetchall():
            if status not in OFF_BOOKS:
                found.setdefault(name_key(name), []).append((pk, name, code, uscc))
        return found


def keys(name: str, former: Iterable[str]) -> list[tuple[str, bool]]:
    """Every name by which somebody is called, and whether it is that of today."""
    now = name_key(name)
    return [(now, True), *((key, False) for key in {name_key(earlier) for earlier in former} - {now})]


def is_called(facility: Facility, name: str) -> bool:
    return name == facility.name or name_key(name) in map(
        name_key, (facility.name, facility.operator_name, *facility.former_names)
    )
