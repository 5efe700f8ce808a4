"""Telephone cells as people fill them: two numbers, a number with a name, (024)42812345, an extension (X04)."""

import re
import unicodedata

from registry import codes

# A line with its area and extension, or a mobile.
_ONE = re.compile(
    r"(?<![\d-])(?:\(?(0\d{2,3})\)?[- ]?)?([2-8]\d{6,7})(?:(?:-|转|分机)(\d{1,5}))?(?!\d)|(?<!\d)(1[3-9]\d{9})(?!\d)"
)
_STROKES = str.maketrans("‐‑‒–—―−－", "--------")
_BETWEEN = re.compile(r"[\s、,;:/|()和或及]+")
_WORDS = {"", "电话", "手机", "座机", "办公", "办公电话", "联系电话", "办"}
# A short word that is no person's: 见名片, 微信同号, 值班室.
_PERSON = re.compile("(?!.*[见同信附件不无号名片厂司室科部班卫处所站])[\u4e00-\u9fff]{2,4}")


def read(text: str) -> dict:
    """What is to be taken from a cell of telephone numbers: the fields of a reading."""
    joined = unicodedata.normalize("NFKC", "".join(text.split()))
    problem, remedy = codes.why_not_phone(joined)
    if not problem:
        return {"value": joined}
    number, person, several = in_text(text)
    if not number:
        return {"problem": problem, "remedy": remedy}
    told = [f"已读作 {number}{'，只留第一个号码' if several > 1 else ''}"]
    if not person:
        return {"value": number, "notes": told}
    return {"value": number, "notes": [*told, f"“{person}”已读作环保负责人"], "also": {"contact_name": person}}


def with_person(text: str) -> dict:
    """A name behind which a number stands, which belongs to the other column."""
    number, person, _ = in_text(text)
    if not number or not person:
        return {"value": text}
    return {"value": person, "notes": [f"已读作“{person}”，电话 {number}"], "also": {"contact_phone": number}}


def in_text(text: str) -> tuple[str, str, int]:
    """The first number, the first person and how many numbers; nothing where anything else stands in the text."""
    plain = unicodedata.normalize("NFKC", text).translate(_STROKES)
    numbers = _ONE.findall(plain)
    people = [word for word in _BETWEEN.split(_ONE.sub(" ", plain)) if word not in _WORDS]
    if not numbers or any(not _PERSON.fullmatch(word) for word in people):
        return "", "", 0
    area, local, extension, mobile = numbers[0]
    number = mobile or "-".join(filter(None, (area, local, extension)))
    return number, people[0] if people else "", len(numbers)
