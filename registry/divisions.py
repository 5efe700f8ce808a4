"""The counties and districts of Benxi (GB/T 2260), and the ways in which people write them (domain.md 4.4)."""

import re

from .codes import plain

DIVISIONS = {
    "210500": "本溪市",
    "210502": "平山区",
    "210503": "溪湖区",
    "210504": "明山区",
    "210505": "南芬区",
    "210521": "本溪满族自治县",
    "210522": "桓仁满族自治县",
}
CITY = "210500"  # no county: it says nothing of where
_WORDS = {name: code for code, name in DIVISIONS.items() if code != CITY} | {
    "平山": "210502",
    "溪湖": "210503",
    "明山": "210504",
    "南芬": "210505",
    "本溪县": "210521",
    "桓仁县": "210522",
    "桓仁": "210522",
}
# The high-tech zone has no code of its own; addresses carry that of its host district.
_HIGH_TECH = dict.fromkeys(("本溪高新技术产业开发区", "高新技术产业开发区", "本溪高新区", "高新区", "石桥子"), "210503")
_LONGEST_FIRST = sorted(_WORDS | _HIGH_TECH, key=len, reverse=True)
_WHOLE_CITY = {"", "市本级", "市直", "本级", "市级", "市辖区", "全市"}
_CODE = re.compile(r"(\d{6})(?:\d{3}|\d{6})?")


def read(text: str) -> tuple[str, str]:
    """(code, remark) of a place in the city, with or without province, city and what lies below; "" for any other."""
    text = plain(text)
    if found := _CODE.fullmatch(text):
        code = CITY if found[1] == "210501" else found[1]  # 210501 is 市辖区
        return (code if code in DIVISIONS else ""), ""
    rest = text.removeprefix("辽宁省").removeprefix("本溪市")
    if rest in _WHOLE_CITY:
        return (CITY if text else ""), ""
    word = next((w for w in _LONGEST_FIRST if rest.startswith(w)), None)
    if word is None:
        return "", ""
    code = _WORDS.get(word) or _HIGH_TECH[word]
    whole = word in _WORDS and rest.removeprefix(word) in ("", "区")
    return code, "" if whole else f"已读作{DIVISIONS[code]}"
