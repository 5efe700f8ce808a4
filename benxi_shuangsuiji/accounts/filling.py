"""The first filling of an empty system: a city, its bureau, its team and their sections, its branches (五).

That of Benxi is `benxi.py`. Another city brings a file of JSON in the same form, to `manage.py first_admins --units`: so that
it needs no other program. What changes afterwards is a `UnitChange`.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from benxi_shuangsuiji.refusal import refuse_if

from .city import FACTS, City, District, from_facts
from .models import CityRecord, Unit, UnitKind

_CODE = re.compile(r"[0-9A-Z]{6}")
_SIX = re.compile(r"[1-9][0-9]{5}")
LONGEST_NAME, LONGEST_SHORT = 60, 20


@dataclass(frozen=True)
class Branch:
    """A branch, the district of its objects, and the short name of the section of the team that serves it."""

    code: str
    division: str
    short: str
    section: str


@dataclass(frozen=True)
class Filling:
    """`bureau` is the code of the bureau; the team's is that of the city (SSJ1 3.3)."""

    city: City
    bureau: str
    bureau_short: str
    team_short: str
    sections: tuple[str, ...]
    branches: tuple[Branch, ...]


def read(path: Path) -> Filling:
    """The filling of another city; refused in words where the file is not one."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        place, bureau, team = said["city"], said["bureau"], said["team"]
        filling = Filling(
            from_facts(place, bureau=bureau["name"], team=team["name"]),
            bureau["code"],
            bureau.get("short_name", "市局"),
            team.get("short_name", "市执法队"),
            tuple(team.get("sections", ())),
            tuple(Branch(b["code"], b["division"], b["short_name"], b["section"]) for b in said["branches"]),
        )
    except OSError:
        refuse_if(f"打不开单位文件 {path}。核对路径。")
    except (ValueError, KeyError, TypeError, AttributeError) as wrong:
        missing = f"缺少 {wrong}" if isinstance(wrong, KeyError) else "不是规定的 JSON 格式"
        refuse_if(f"单位文件 {path.name} {missing}。照 docs/deploy/单位文件.md 的样子写。")
    refuse_if(why_not(filling))
    return filling


def why_not(filling: Filling) -> str:
    """Codes go into the names of lists and draws for ever, so they are looked at before anything is made."""
    place = filling.city
    if not _SIX.fullmatch(place.code) or not place.name or not place.province:
        return "单位文件要写明市的名称、所在省和六位行政区划代码。"
    for district in place.districts:
        if not _SIX.fullmatch(district.code) or not district.name:
            return f"行政区划“{district.name or district.code}”要有名称和六位代码。"
    codes = [filling.bureau, place.code, *(b.code for b in filling.branches)]
    for code in codes:
        if not _CODE.fullmatch(code):
            return f"单位代码“{code}”用六位数字或大写字母，写进抽取和文书的编号，以后不变。"
        if codes.count(code) > 1:
            return f"单位代码 {code} 写了两次，每个单位一个代码。"
    for branch in filling.branches:
        if branch.division not in place.divisions:
            return f"{branch.short}的行政区划 {branch.division} 不在这个市的行政区划里。"
    names = [filling.bureau_short, filling.team_short, *filling.sections]
    names += [word for b in filling.branches for word in (b.short, b.section)]
    if wrong := next((n for n in names if not n.strip() or len(n) > LONGEST_SHORT), None):
        return f"单位的简称“{wrong}”要写，最长 {LONGEST_SHORT} 个字。"
    if twice := next((n for n in names if names.count(n) > 1), ""):
        return f"简称“{twice}”写了两次，每个单位一个简称。"
    return ""


def establish(filling: Filling) -> dict[str, Unit]:
    """Make the units that are missing; return all by code. Changes nothing that is there, but for the facts of a city
    without units."""
    place, made = filling.city, {}
    if not Unit.objects.exists():
        CityRecord.objects.update_or_create(pk=1, defaults={"facts": facts_of(place), "past": []})

    def unit(code, kind, name, short, position, parent=None, serves=None, division=place.code):
        made[code] = Unit.objects.get_or_create(
            code=code,
            defaults={
                "kind": kind,
                "name": name,
                "short_name": short,
                "position": position,
                "parent": parent,
                "serves": serves,
                "division_code": division,
            },
        )[0]
        return made[code]

    bureau = unit(filling.bureau, UnitKind.CITY_BUREAU, place.bureau, filling.bureau_short, 0)
    team = unit(place.code, UnitKind.CITY_TEAM, place.team, filling.team_short, 1, bureau)
    for n, name in enumerate(filling.sections, 1):
        unit(f"{place.code}-H{n}", UnitKind.HQ_SECTION, f"{filling.team_short}{name}", name, 20 + n, team)
    for n, b in enumerate(filling.branches, 2):
        branch = unit(b.code, UnitKind.BRANCH, f"{place.bureau}{b.short}", b.short, n, bureau, division=b.division)
        section = f"{filling.team_short}{b.section}"
        unit(f"{b.code}-S", UnitKind.COUNTY_SECTION, section, b.section, 20 + n, team, branch, b.division)
    return made


def facts_of(place: City) -> dict:
    """What stands in the row."""
    return {name: getattr(place, name) for name in FACTS} | {"districts": [_written(d) for d in place.districts]}


def _written(district: District) -> dict:
    return {
        "code": district.code,
        "name": district.name,
        "words": list(district.words),
        "zones": list(district.zones),
    }
