"""Days as people write them: 2026.3.1, 2026年3月1日, 二〇二六年三月一日, 20260301, 2025-03-01至2030-02-28, …止 (X42–X46)."""

import re
import unicodedata
from calendar import monthrange
from datetime import date
from typing import NamedTuple

FIRST_DAY, LAST_DAY = date(1949, 10, 1), date(2099, 12, 31)

_DASHES = str.maketrans("‐‑‒–—―−〜号", "-------~日")
_TIME = re.compile(r"(?<=[日\d])[ T]*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}|\+\d{4})?(?!\d)")
_WEEKDAY = re.compile("\\((周|星期)[一二三四五六日天]\\)")
_ONES = "〇○零一二三四五六七八九"
_CHINESE = re.compile(f"([{_ONES}]{{4}})年([{_ONES}十]{{1,2}})月(?:([{_ONES}十廿卅]{{1,3}})日)?")
_NUMERALS = str.maketrans(_ONES, "000123456789")
_DAY = re.compile(
    r"(?<!\d)(\d{4})(?:年|[-/.])(\d{1,2})(?:月|[-/.])(\d{1,2})(?:日|(?!\d))|(?<!\d)(\d{4})(\d{2})(\d{2})(?!\d)"
)
_MONTH = r"(\d{4})(?:年|[-/.])(\d{1,2})(?:月份?)?"
_TO, _FROM, _LABEL = "[至到~-]+", "[自从由]", "(有效期限?:?)?"
_RANGE = re.compile(f"{_LABEL}{_FROM}?#起?{_TO}#(止|为止|截止)?")
_OPEN_RANGE = re.compile(f"{_LABEL}{_FROM}?#起?{_TO}(长期|永久|长期有效|无固定期限)")
_END = re.compile(f"{_LABEL}([至到]|截至|截止到?|有效至)#(止|为止)?|{_LABEL}#(止|为止|截止|到期)")
_START = re.compile(f"{_FROM}#起?|#起")
_OPEN_ENDED = {"长期", "永久", "长期有效", "无固定期限", "无", "-", "/"}
ENDLESS = "按没有截止日期处理"


class Said(NamedTuple):
    """One day, or the first and the last of a time, or what is wrong; nothing of it for a cell that says nothing."""

    day: date | None = None
    first: date | None = None
    last: date | None = None
    problem: str = ""
    remedy: str = ""
    note: str = ""


def read(text: str, *, end: bool = False) -> Said:
    """What a text says of days; `end`: where it stands for the last day of a time, which decides what is proposed."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES).strip()
    plain = _WEEKDAY.sub("", "".join(_TIME.sub("", plain).split()))
    plain = _CHINESE.sub(_in_digits, plain)
    if not plain or plain in _OPEN_ENDED:
        return Said(note=ENDLESS if plain.startswith(("长", "永")) else "")
    found = [tuple(int(part) for part in m.groups() if part) for m in _DAY.finditer(plain)]
    if not found:
        return _unfinished(plain, end)
    for said in found:
        if problem := why_not_day(*said):
            return Said(problem="不是有效日期", remedy=problem)
    days, form = [date(*said) for said in found], _DAY.sub("#", plain)
    day, told = days[-1], f"已读作 {days[-1].isoformat()}"
    if form == "#":
        return Said(day=day, note="" if plain == day.isoformat() else told)
    if _RANGE.fullmatch(form) and len(days) == 2:
        if days[0] > day:
            return Said(
                problem="止日早于起日", remedy=f"写成“{day.isoformat()} 至 {days[0].isoformat()}”，或对照证照改正"
            )
        return Said(first=days[0], last=day, note=f"已读作 {days[0].isoformat()} 至 {day.isoformat()}")
    if _END.fullmatch(form):
        return Said(last=day, note=told)
    if _START.fullmatch(form) or _OPEN_RANGE.fullmatch(form):
        return Said(first=day, note=ENDLESS if _OPEN_RANGE.fullmatch(form) else told)
    return Said(problem="不是有效日期", remedy=f"这一格只写日期，如“{day.isoformat()}”")


def why_not_day(year: int, month: int, day: int) -> str:
    """What is wrong with a day, and a day that there is; "" for one between 1949 and 2099."""
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        return "年份应在 1949 到 2099 之间，写成 2026-12-01 这样的日期"
    if not 1 <= month <= 12:
        return f"没有 {month} 月，写成 {year}-12-01 这样的日期"
    most = monthrange(year, month)[1]
    if not 1 <= day <= most:
        return f"{year} 年 {month} 月只有 {most} 天，对照原件改正，如 {year}-{month:02d}-{most:02d}"
    if date(year, month, day) < FIRST_DAY:
        return "日期应在 1949-10-01 以后，对照原件改正"
    return ""


def _unfinished(plain: str, end: bool) -> Said:
    """A text without any whole day: what is missing, and how the whole would be written."""
    for form, problem, proposal in (
        (rf"{_MONTH}|{_MONTH}{_TO}{_MONTH}止?", "只写到月", lambda *said: (*said[-2:], 99) if end else (*said[:2], 1)),
        (r"(\d{4})年?", "只写到年", lambda y: (y, 12 if end else 1, 99 if end else 1)),
        (r"(\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", "年份只有两位", lambda y, m, d: (2000 + y, m, d)),
        (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", "年份写在了后面", lambda m, d, y: (y, m, d) if m <= 12 else (y, d, m)),
    ):
        if match := re.fullmatch(form, plain):
            said = proposal(*(int(part) for part in match.groups() if part))
            return Said(problem=problem, remedy=f"{_HOW[problem]}{_like(*said)}")
    return Said(problem="不是有效日期", remedy="写成 2026-12-01 这样的日期；没有的留空")


_HOW = {
    "只写到月": "补上日，如 ",
    "只写到年": "补上月和日，如 ",
    "年份只有两位": "写四位年份，如 ",
    "年份写在了后面": "年份写在前面，如 ",
}


def _like(year: int, month: int, day: int) -> str:
    """The day that is proposed; where the parts make none, the plain example."""
    if day == 99 and 1 <= month <= 12:
        day = monthrange(year, month)[1] if FIRST_DAY.year <= year <= LAST_DAY.year else 1
    return "2026-12-01" if why_not_day(year, month, day) else f"{year}-{month:02d}-{day:02d}"


def _in_digits(match: re.Match) -> str:
    year, month, day = match.groups()
    return f"{year.translate(_NUMERALS)}年{_small(month)}月" + (f"{_small(day)}日" if day else "")


def _small(text: str) -> int:
    """三 → 3, 十二 → 12, 二十 → 20, 三十一 → 31, 廿一 → 21."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int(text.translate(_NUMERALS))
    return 10 * int(tens.translate(_NUMERALS) or 1) + int(ones.translate(_NUMERALS) or 0)
