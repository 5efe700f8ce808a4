"""国民经济行业分类 (GB/T 4754—2017): what a cell or a field says of an industry, by code, by name, or by both.

The registry keeps the letter of the section with the digits: C2511. The table is `industries.tsv`; its head says from where.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path

_TABLE = Path(__file__).with_suffix(".tsv")
_CODE = re.compile(r"(?<![A-Z0-9])([A-Z]?)[-.]?(\d{1,5})(?!\d)")
_AROUND = re.compile(r"[()\[\]{}<>:;,、/|\-—_.“”\"'\s]+")
STANDARD = "GB/T 4754—2017"


@cache
def table() -> dict[str, str]:
    """Code → name, all four levels: C, C25, C251, C2511."""
    found, letter = {}, ""
    for line in _TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        code, name = line.split("\t")
        letter = letter if code.isdigit() else code
        found[letter + code if code.isdigit() else code] = name
    # A group of one class of the same name stands in the table by its class only.
    return {code[:4]: name for code, name in found.items() if len(code) == 5 and code.endswith("0")} | found


@cache
def _letters() -> dict[str, str]:
    """Digits → the code with its letter; no two sections share a division."""
    return {code[1:]: code for code in table() if len(code) > 1}


@cache
def _by_name() -> dict[str, str]:
    """Name, with and without 业 at its end → the code, of one name the finest; sections are no answer."""
    found: dict[str, str] = {}
    for code, name in sorted(table().items(), key=lambda entry: len(entry[0])):
        if len(code) > 1:
            found[_key(name)] = code
    return {name.removesuffix("业"): code for name, code in found.items() if name.endswith("业")} | found


def name_of(code: str) -> str:
    return table().get(code, "")


def is_code(text: str) -> bool:
    """Whether a text is a code in the form that the registry keeps."""
    return len(text) > 1 and text in table()


def code_of(name: str) -> str:
    """The code of an industry by its very name; "" for any other words."""
    return _by_name().get(_key(name), "")


def read(text: str, *, number: bool = False) -> tuple[str, str, tuple[str, str]]:
    """(code, remark, (problem, remedy)) of what was written; `number`: in a number cell, where zeros in front get lost."""
    text = unicodedata.normalize("NFKC", text).upper()
    whole = "".join(text.split())
    codes = _CODE.findall(whole.replace("3D", ""))  # 三维（3D）打印 is a name
    if not codes:
        if code := code_of(whole):
            return code, "", ("", "")
        return "", "", ("不是国民经济行业代码", f"写 {STANDARD} 的代码或名称，如“C2521”或“炼焦”")
    if len(codes) > 1:
        return "", "", ("一格里有两个行业代码", f"只写主要的一个，如“{codes[0][0]}{codes[0][1]}”")
    letter, digits = codes[0]
    wrong = _why_not(letter, digits, number)
    if wrong[0]:
        return "", "", wrong
    code, name = _letters()[digits], _key(whole.replace(letter + digits, "", 1))
    if name and code_of(name) != code and name != _key(name_of(code)):
        return code, f"代码 {code} 是“{name_of(code)}”，与写的名称不同，按代码", ("", "")
    unsure = not letter and len(digits) < 4 and "0" + digits in _letters()
    return code, f"已读作 {code} {name_of(code)}" if unsure else "", ("", "")


def _why_not(letter: str, digits: str, number: bool) -> tuple[str, str]:
    known, padded = _letters().get(digits), _letters().get("0" + digits)
    if number and padded:
        zero = f"{padded} {name_of(padded)}"
        if known:
            return (
                f"是数字 {digits}，前面的 0 可能丢了",
                f"是{name_of(known)}的写“{known}”，是{name_of(padded)}的写“{padded}”",
            )
        return f"是数字 {digits}，前面的 0 丢了", f"写“{padded}”（{zero}）"
    if known is None:
        return f"{STANDARD} 里没有 {letter}{digits}", _near(digits)
    if letter and known[0] != letter:
        return f"门类字母不对：{digits} 属于 {known[0]} {name_of(known[0])}", f"写“{known}”（{name_of(known)}）"
    return "", ""


def _near(digits: str) -> str:
    """What to write instead: the codes of the finest level above that there is."""
    for length in (3, 2):
        above = _letters().get(digits[:length])
        if above and len(digits) > length:
            below = [code for code in table() if code.startswith(above) and len(code) == length + 2]
            words = "、".join(f"{code} {name_of(code)}" for code in below[:6])
            return f"“{above} {name_of(above)}”里有 {words}{'等' if len(below) > 6 else ''}，写其中一个，或写“{above}”"
    return f"对照 {STANDARD} 写代码或名称，如“C2521”或“炼焦”"


def _key(name: str) -> str:
    return _AROUND.sub("", unicodedata.normalize("NFKC", name))
