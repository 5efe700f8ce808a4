"""Codes and names by which a place or a firm is known: 统一社会信用代码 (GB 32100-2015), 排污许可证编号 (HJ 608-2017).

Each check returns the sentence that is shown, or "" when the code is right (domain.md 4.1, 4.2).
"""

import re
import unicodedata
from datetime import date
from operator import mul

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PERMIT = re.compile(r"[0-9A-Z]{18}[0-9]{3}[A-Z]")
_RIGHT_FORM = re.compile("[0-9A-HJ-NPQRTUWXY]{18}")
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+?[0-9]+")
_PERSON = re.compile(r"[1-8][0-9]{16}[0-9X]")
_PERSON_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BRACKETS = str.maketrans("[]{}<>〈〉《》「」『』【】〔〕", "()" * 9)
_NO_PART_OF_A_NAME = re.compile("[\\s“”‘’\"']+")
_PHONE = re.compile(r"\+?[0-9][0-9()\-]{5,18}")
# An area code without its 0: 24-42812345, 2442812345, 4142812345. 400 and 800 have none, nor have mobiles.
_WITHOUT_ZERO = re.compile(r"(2\d|10)-?(\d{7,8})|(?!400|800)([3-9]\d\d)-?(\d{7,8})")


_VALUE = {c: n for n, c in enumerate(ALPHABET)}
_ORGANISATION_VALUE = {c: n for n, c in enumerate(_ORGANISATION)}


def check_character(before: str) -> str:
    """Return the 18th character of a credit code: (31 − Σ Ci·Wi mod 31) mod 31; of anything shorter by the same rule."""
    total = sum(map(mul, map(_VALUE.__getitem__, before), _WEIGHTS))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first8: str) -> str:
    """Return the ninth character of an organisation code (GB 11714): 11 − Σ mod 11, 10 → X, 11 → 0."""
    total = sum(map(mul, map(_ORGANISATION_VALUE.__getitem__, first8), _ORGANISATION_WEIGHTS))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def is_plainly_right(code: str) -> bool:
    """Whether a credit code is right in every way, so that nothing has to be said about it."""
    return (
        _RIGHT_FORM.fullmatch(code) is not None
        and code[17] == check_character(code[:17])
        and code[16] == organisation_check_character(code[8:16])
    )


def why_not_uscc(code: str) -> tuple[str, str]:
    """Return (problem, remedy) of a credit code, or two empty strings."""
    if looks_like_a_number(code):
        return "信用代码被 Excel 存成了数字，后几位已丢失", "把整列设为“文本”格式，对照营业执照重新填写"
    if len(code) == 15 and code.isdigit():
        return "这是 15 位的旧注册号", "填写营业执照上 18 位的统一社会信用代码"
    if len(code) != 18:
        return f"应为 18 位，现为 {len(code)} 位", "对照营业执照补全或删去多余的字符"
    if wrong := sorted(set(code) & set("IOSVZ")):
        letters = "、".join(wrong)
        return f"含不允许的字母 {letters}（信用代码不用 I、O、S、V、Z）", _look_alike(wrong)
    if wrong := sorted({c for c in code if c not in ALPHABET}):
        return f"含不允许的字符 {'、'.join(wrong)}", "信用代码只有数字和大写字母，对照营业执照改正"
    if code[17] != (right := check_character(code[:17])):
        if is_id_number(code):
            return (
                "这是身份证号，不是统一社会信用代码",
                "填营业执照上的代码；没有营业执照的自然人，这一格留空，在“自然人”一列填“是”",
            )
        return f"校验位应为 {right}，现为 {code[17]}", "至少有一位写错，对照营业执照逐位核对"
    return "", ""


def organisation_warning(code: str) -> str:
    """Warn where the organisation code inside a credit code does not check; some old codes fail it (domain.md 4.1)."""
    if organisation_check_character(code[8:16]) == code[16]:
        return ""
    return "第 9—17 位主体标识码的校验位不符，少数旧代码如此；对照营业执照核对一遍"


def is_id_number(text: str) -> bool:
    """A citizen's number (GB 11643): the day of birth in the middle, the check character of ISO 7064 MOD 11-2 at the end."""
    if not _PERSON.fullmatch(text):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return text[17] == "10X98765432"[sum(map(mul, map(int, text[:17]), _PERSON_WEIGHTS)) % 11]


def looks_like_id_number(text: str) -> bool:
    """Eighteen characters with a day of birth in the middle, though the last be mistyped: a citizen's number, and nothing public."""
    return any(is_id_number(text[:17] + end) for end in "0123456789X") and len(text) == 18 and text[17] in "0123456789X"


def lost_zeros(new: str, held: str) -> bool:
    """Whether a number is one that is held, but for zeros in front that a spreadsheet has dropped."""
    return len(new) < len(held) and held.endswith(new) and not held[: -len(new)].strip("0") and bool(new)


def why_not_phone(number: str) -> tuple[str, str]:
    """Return (problem, remedy) of one telephone number without blanks, or two empty strings."""
    if lost := _WITHOUT_ZERO.fullmatch(number):
        area, own = (part for part in lost.groups() if part)
        return "区号前的 0 可能丢了", f"写成 0{area}-{own}"
    if not _PHONE.fullmatch(number):
        return "不是电话号码", "只留一个号码，如 024-42812345 或 13912345678"
    return "", ""


def plain(text: str) -> str:
    """A text in the plain forms of its signs, without any blank."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def normal_word(text: str) -> str:
    """A word for comparing with a list of words."""
    return plain(text).replace("“", "").replace("”", "").replace('"', "").upper()


def name_key(name: str) -> str:
    """A firm's name for comparing: width, blanks, the kind of brackets and quotation marks make no other name."""
    plain = unicodedata.normalize("NFKC", name).translate(_BRACKETS)
    return _NO_PART_OF_A_NAME.sub("", plain).upper()


def why_not_permit(number: str) -> tuple[str, str]:
    """Return (problem, remedy) of a permit or registration number, or two empty strings."""
    if looks_like_a_number(number):
        return "编号被 Excel 存成了数字，后几位已丢失", "把整列设为“文本”格式，对照许可证重新填写"
    if len(number) != 22:
        return f"应为 22 位，现为 {len(number)} 位", "18 位信用代码加 3 位顺序号和 1 位字母，对照许可证填写"
    if not _PERMIT.fullmatch(number):
        return "不是许可证或登记编号的格式", "18 位信用代码加 3 位顺序号和 1 位字母，如 …001P"
    return "", ""


def permit_warning(number: str, uscc: str) -> str:
    if uscc and number and number[:18] != uscc:
        return "许可证编号前 18 位与信用代码不同，核对是否为同一企业"
    return ""


def looks_like_a_number(text: str) -> bool:
    """9.12105E+17, typed or shown: a code that a spreadsheet has destroyed (X29, X30)."""
    return bool(_SCIENTIFIC.fullmatch(text.replace(" ", "")))


def _look_alike(letters: list[str]) -> str:
    like = {"I": "1", "O": "0", "S": "5", "V": "U 或 Y", "Z": "2"}
    return "可能是 " + "，".join(f"{letter} 应为 {like[letter]}" for letter in letters) + "；对照营业执照核对"
