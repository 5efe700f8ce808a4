"""The counties and districts of the city (GB/T 2260), and the ways in which people write them (domain.md 4.4)."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

from benxi_shuangsuiji.accounts.city import City, this_city

from .codes import plain


class _Known(Mapping[str, str]):
    """Read anew at every question: districts change by data, and nothing keeps a copy."""

    def __init__(self, read: Callable[[], Mapping[str, str]]):
        self._read = read

    def __getitem__(self, key: str) -> str:
        return self._read()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())


DIVISIONS = _Known(lambda: this_city().divisions)  # code → name, the city's own first
CODES = _Known(lambda: this_city().codes)  # name → code
_WHOLE_CITY = {"", "市本级", "市直", "本级", "市级", "市辖区", "全市"}
_CODE = re.compile(r"(\d{6})(?:\d{3}|\d{6})?")


def whole_city() -> str:
    """The code of the city itself: no county, it says nothing of where."""
    return this_city().code


@lru_cache(maxsize=4)
def _words(place: City) -> tuple[dict[str, str], dict[str, str], list[str]]:
    """Words of districts, words of zones that carry a district's code, and both with the longest first."""
    words = {word: d.code for d in place.districts for word in (d.name, *d.words)}
    zones = {word: d.code for d in place.districts for word in d.zones}
    return words, zones, sorted(words | zones, key=len, reverse=True)


def read(text: str) -> tuple[str, str]:
    """(code, remark) of a place in the city, with or without province, city and what lies below; "" for any other."""
    text, place = plain(text), this_city()
    if found := _CODE.fullmatch(text):
        code = place.code if found[1] == f"{place.code[:4]}01" else found[1]  # …01 is 市辖区
        return (code if code in place.divisions else ""), ""
    rest = text.removeprefix(place.province).removeprefix(place.name)
    if rest in _WHOLE_CITY:
        return (place.code if text else ""), ""
    words, zones, longest_first = _words(place)
    word = next((w for w in longest_first if rest.startswith(w)), None)
    if word is None:
        return "", ""
    code = words.get(word) or zones[word]
    whole = word in words and rest.removeprefix(word) in ("", "区")
    return code, "" if whole else f"已读作{place.divisions[code]}"
