"""Reading the State Council's notice on the holidays of a year, as it is written. Pure.

One holiday a line, for example:
春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
"""

import re
from datetime import date, timedelta

from .days import short_date, weekday

_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:（([^（）]*)）)?"
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_ONE = re.compile(_DATE)
_OFF = re.compile(rf"{_DATE}(?:[至到—～-]{_DATE})?[^。；日]*?放假")
_LENGTH = re.compile(r"(?:共|放假)(\d{1,2})天")
_NUMBERING = re.compile(r"^[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．]?")
LONGEST_NOTICE = 4000


def read(year: int, text: str) -> dict[date, tuple[bool, str]]:
    """Return day → (is it worked, name of the holiday); ValueError says which line cannot be read and why."""
    days: dict[date, tuple[bool, str]] = {}
    for line in (re.sub(r"\s", "", raw) for raw in text.splitlines()):
        if not line:
            continue
        line = line.replace("(", "（").replace(")", "）").replace(":", "：")
        name, colon, rest = line.partition("：")
        name = _NUMBERING.sub("", name) or name
        if not colon or "放假" not in rest:
            raise ValueError(
                f"“{line[:20]}”读不懂。每行写一个节日，如“元旦：1 月 1 日至 3 日放假调休，共 3 天。1 月 4 日上班。”"
            )
        for day, worked in _holiday(year, name, rest):
            if day in days:
                raise ValueError(f"{short_date(day)}在“{days[day][1]}”和“{name}”里各写了一次。")
            days[day] = (worked, name[:40])
    if not days:
        raise ValueError("没有读到放假安排。把通知里各节日的句子粘贴进来，每行一个节日。")
    return days


def _holiday(year: int, name: str, text: str) -> list[tuple[date, bool]]:
    off = _OFF.search(text)
    if off is None:
        raise ValueError(f"{name}：没有写放假的日期。")
    first = _day(year, off.groups()[:4], None, name)
    last = _day(year, off.groups()[4:], first, name) if off.group(7) else first
    count = (last - first).days + 1
    if not 1 <= count <= 12:
        raise ValueError(f"{name}：放假从 {short_date(first)}到 {short_date(last)}，日期前后不对。")
    said = _LENGTH.search(text, off.end() - 2)
    if said and int(said.group(1)) != count:
        raise ValueError(
            f"{name}：写的是 {said.group(1)} 天，从 {short_date(first)}到 {short_date(last)}是 {count} 天。"
        )
    found = [(first + timedelta(days=n), False) for n in range(count)]
    rest = text[off.end() :]
    if "上班" in rest:
        before = None
        for match in _ONE.finditer(rest[: rest.rindex("上班")]):
            before = _day(year, match.groups(), before or first, name)
            if before.weekday() < 5:
                raise ValueError(f"{name}：{short_date(before)}是{weekday(before)}，本来就上班。核对日期。")
            found.append((before, True))
        if before is None:
            raise ValueError(f"{name}：没有写哪天上班。")
    return found


def _day(year: int, parts: tuple[str | None, ...], near: date | None, name: str) -> date:
    said_year, said_month, day, aside = parts
    if said_month is not None:
        month = int(said_month)
    elif near is not None:
        month = near.month
    else:
        raise ValueError(f"{name}：{day} 日没有写月份。")
    try:
        found = date(int(said_year or (near.year if near and month >= near.month else year)), month, int(day or 0))
    except ValueError:
        raise ValueError(f"{name}：没有 {month} 月 {day} 日这一天。") from None
    week = _WEEKDAY.search(aside or "")
    if week and weekday(found)[1] != week[1].replace("天", "日"):
        raise ValueError(f"{name}：{found.year} 年 {short_date(found)}是{weekday(found)}，写的是{week[0]}。核对日期。")
    return found
