"""In how many ways a unit is called: 明山分局, 明山生态环境分局, 本溪市生态环境局明山分局, 明山区, 210504 (五).

Compared is what is left when the city, the bureau and the sort of office are taken away.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from benxi_shuangsuiji.accounts.city import City, this_city
from benxi_shuangsuiji.accounts.models import Unit
from registry.codes import normal_word

_ZONES = (("高新技术产业开发区", "高新区"), ("经济技术开发区", "开发区"))
_SORT = re.compile("((生态环境|环境保护|环保)?分局|(生态环境|环境保护|环保)局|执法科|执法大队)$")
_CITY_TEAM = re.compile("(生态环境)?(保护)?(综合)?(行政)?执法(支)?队|市(执法)?(支)?队|市本级|市直|本级|市级")

# In a heading: what numbers it, the year, and what is said to be listed there.
_YEAR = re.compile(r"(19|20)\d\d年?(度|版)?")
_NUMBERED = re.compile(
    r"^(第[一二三四五六七八九十]{1,3}(部分|章|类|节)|[(]?[一二三四五六七八九十\d]{1,3}[)]?[、.:]?(?=\D))[、:]?"
)
_IN_BRACKETS = re.compile(r"\([^()]*\)$")
_LISTED = re.compile(
    "(辖区|所辖|管辖|监管|直管|负责|范围|境内|内|的|重点|一般|特殊|主要|排污|污染源|检查|环境|单位|企业|对象|名录库|名录|名单|清单|台账"
    "|汇总|一览|统计|明细|表|情况|部分|片区|片|[:、]|共?\\d+(家|户|个|处))+$"
)


@dataclass(frozen=True)
class _Forms:
    """How this city's units are written: full names of districts with the shorter ones, and what stands above a unit."""

    full_names: tuple[tuple[str, str], ...]
    above: re.Pattern[str]
    zone: str  # what a zone is written with in front: 本溪高新区
    county: str  # the county that is called like the city keeps its 县: 本溪县


@lru_cache(maxsize=4)
def _forms(place: City) -> _Forms:
    shorter = [(d.name, d.words[0]) for d in place.districts if d.words and d.words[0].endswith(("县", "区", "市"))]
    name, province = re.escape(place.name), re.escape(place.province)
    above = (
        f"^({province})?({name}(?!$)|市(?!$))?((生态环境|环境保护|环保)(保护)?局(?!$))?"
        f"((综合行政)?执法队(?!$))?({name}(?!$))?"
    )
    return _Forms((*shorter, *_ZONES), re.compile(above), f"{place.stem}高新", f"{place.stem}县")


def unit_key(text: str) -> str:
    """What names the unit in a word; the same for all words of one unit."""
    place = this_city()
    forms, key = _forms(place), normal_word(text)
    for full, short in forms.full_names:
        key = key.replace(full, short)
    if _CITY_TEAM.fullmatch(key):
        return "执法队"
    key = _SORT.sub("", forms.above.sub("", key))
    if _CITY_TEAM.fullmatch(key):
        return "执法队"
    key = key.removeprefix(place.stem) if key.startswith(forms.zone) else key
    return key if key == forms.county else key.removesuffix("区").removesuffix("县")


def unit_words(unit: Unit) -> set[str]:
    """The keys under which a unit is known: compare them with `unit_key` of a cell."""
    return {unit_key(word) for word in (unit.code, unit.name, unit.short_name)}


def unit_meant(text: str, units: Iterable[Unit]) -> Unit | None:
    """The unit that a word means, of these; None for a word that means none or several."""
    key = unit_key(text)
    found = [unit for unit in units if key and key in unit_words(unit)]
    return found[0] if len(found) == 1 else None


def unit_in_title(text: str) -> str:
    """The word for a unit of which a section, a sheet or a title says that all below is its own; "" for any other.

    市级 alone is none: it says how high a list is.
    """
    plain = _YEAR.sub("", _IN_BRACKETS.sub("", normal_word(text)))
    word = _LISTED.sub("", _IN_BRACKETS.sub("", _NUMBERED.sub("", plain)))
    key = unit_key(word)
    return word if key in _keys(this_city()) and (key != "执法队" or "队" in word or "市直" in word) else ""


@lru_cache(maxsize=4)
def _keys(place: City) -> set[str]:
    return {unit_key(short) for short in place.drawing}
