"""执法范围: what a certificate covers, as it stands on the card and as draw and dispatch match it (六(三)-h).

The field keeps the words of the card, of this vocabulary only: “生态环境” or nothing is the whole of it, anything else names
the kinds of pollution that its holder may check.
"""

import re
from collections.abc import Iterable

from registry.models import Facility, Inspector, PollutionType

# What a card calls the whole of it: the name of the team (综合行政执法), before the reform of 2018 环境监察.
_ALL = re.compile(
    "全部|生态环境(保护)?(综合)?(行政)?(执法|监察|监察执法)?|环境(保护|监察)(综合)?(行政)?(执法|监察)?|环境(行政)?执法|环保(执法)?|"
)
WORDS = {kind.label: kind for kind in PollutionType} | {
    "气": PollutionType.AIR,
    "废气": PollutionType.AIR,
    "大气污染": PollutionType.AIR,
    "废水": PollutionType.WATER,
    "水污染": PollutionType.WATER,
    "固体废物": PollutionType.SOLID,
    "危险废物": PollutionType.HAZWASTE,
    "核与辐射": PollutionType.RADIATION,
    "碳": PollutionType.CARBON,
}
_SEPARATORS = re.compile(r"[、，,;；\s/]+")


def is_whole(word: str) -> bool:
    return word not in WORDS and _ALL.fullmatch(word) is not None


def why_not(text: str) -> str:
    unknown = [word for word in _words(text) if word not in WORDS and not is_whole(word)]
    if not unknown:
        return ""
    return f"执法范围里没有“{'、'.join(unknown)}”。写“生态环境”（全部），或者用顿号隔开：{'、'.join(k.label for k in PollutionType)}。"


def covered(text: str) -> frozenset[str]:
    """The kinds of pollution that a card covers; one that names no kind covers all."""
    words = _words(text)
    if any(map(is_whole, words)) or not any(word in WORDS for word in words):
        return frozenset(PollutionType.values)
    return frozenset(str(WORDS[word]) for word in words if word in WORDS)


def why_out_of_scope(people: Iterable[Inspector], facility: Facility) -> str:
    """Whose card does not cover what is to be checked there."""
    for person in people:
        if left := [k for k in facility.pollution_types if k not in covered(person.enforcement_kinds)]:
            kinds = "、".join(PollutionType(k).label for k in left)
            return f"{person.name}的执法证范围是“{person.enforcement_kinds}”，不含{kinds}。"
    return ""


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text.strip()) if word]
