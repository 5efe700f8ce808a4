"""Reading the State Council's notice on the holidays of a year, as it is written: whole, or only its sentences. Pure.

One holiday after the other, for example:
春节：2月15日（周日）至23日（周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
What stands before the first and after the last (salutation, closing sentence, signature) tells no day off.
"""

import re
from datetime import date, timedelta

from .days import short_date, weekday

_DATE = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:（([^（）]*)）)?"
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_ONE = re.compile(_DATE)
_OFF = re.compile(rf"{_DATE}(?:[至到—―－–‐‑−～〜~-]{{1,2}}{_DATE})?[^。；日]*?放假")
_LENGTH = re.compile(r"(?:共|放假)(\d{1,2})天")
_NUMBERING = r"(?:[（(]?[一二三四五六七八九十\d]{1,3}[）)]?[、.．]?)?"
_KNOWN = "(?:元旦|春节|清明节?|(?:五一)?(?:国际)?劳动节|端午节?|中秋节?|国庆节?)"
_HEAD = re.compile(f"{_NUMBERING}({_KNOWN}(?:[、和及与]{_KNOWN})*)(?:假期|放假)?(?:时间|安排)?：")
# A holiday of another name is known by its place: at the beginning of a line.
_OTHER_HEAD = re.compile(f"^{_NUMBERING}([^：，。；一二三四五六七八九十\\d][^：，。；\\d]{{0,19}})：(?=.*日.*放假)")
_TELLS_A_DAY = re.compile(r"[\d]日[^。；：]*?(?:放假|上班)")
_OF_YEAR = re.compile(r"(?:关于|现将)(\d{4})年")
LONGEST_NOTICE = 4000


def read(year: int, text: str) -> dict[date, tuple[bool, str]]:
    """Return day → (is it worked, name of the holiday); ValueError says which line cannot be read and why."""
    text = text.replace("(", "（").replace(")", "）").replace(":", "：")
    lines = [line for line in (re.sub(r"\s", "", raw) for raw in text.splitlines()) if line]
    if (said := _OF_YEAR.search("".join(lines))) and int(said[1]) != year:
        raise ValueError(f"这是 {said[1]} 年的通知，现在登记的是 {year} 年。核对年度，粘贴 {year} 年的通知。")
    days: dict[date, tuple[bool, str]] = {}
    for name, sentences in _holidays(lines):
        for day, worked in _holiday(year, name, sentences):
            if day in days:
                raise ValueError(f"{short_date(day)}在“{days[day][1]}”和“{name}”里各写了一次。")
            days[day] = (worked, name[:40])
    if not days:
        if unread := next((line for line in lines if "放假" in line), ""):
            raise _unreadable(unread)
        raise ValueError("没有读到放假安排。把国务院办公厅的通知粘贴进来，整篇或者各节日的句子都可以。")
    return days


def _holidays(lines: list[str]) -> list[tuple[str, str]]:
    """Name and sentences of each holiday, wherever the lines break; what tells no day off is left out."""
    whole, at = "".join(lines), 0
    heads = [(head.start(), head.end(), head[1]) for head in _HEAD.finditer(whole)]
    for line in lines:
        other = _OTHER_HEAD.match(line)
        if other and not any(start <= at < end for start, end, _ in heads):
            heads.append((at, at + other.end(), other[1]))
        at += len(line)
    heads.sort()
    starts = [start for start, _, _ in heads] + [len(whole)]
    if _TELLS_A_DAY.search(before := whole[: starts[0]]):
        raise _unreadable(next((line for line in lines if _TELLS_A_DAY.search(line)), before))
    found = [(name, whole[end:until]) for (_, end, name), until in zip(heads, starts[1:], strict=True)]
    for _, sentences in found:
        if len(twice := list(_OFF.finditer(sentences))) > 1:
            raise _unreadable(sentences[max(twice[1].start() - 4, 0) : twice[1].end()].lstrip("。、"))
    return found


def _unreadable(line: str) -> ValueError:
    example = "元旦：1 月 1 日至 3 日放假调休，共 3 天。1 月 4 日上班。"
    return ValueError(f"“{line[:20]}”读不懂。每个节日写成“{example}”这样，节日名称后面用冒号。")


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
    # Days worked are announced after the days off; somebody may write them first.
    found += _worked(year, name, text[: off.start()], None)
    return found + _worked(year, name, text[off.end() :], first)


def _worked(year: int, name: str, text: str, near: date | None) -> list[tuple[date, bool]]:
    if "上班" not in text:
        return []
    found: list[tuple[date, bool]] = []
    for match in _ONE.finditer(text[: text.rindex("上班")]):
        near = _day(year, match.groups(), near, name)
        if near.weekday() < 5:
            raise ValueError(f"{name}：{short_date(near)}是{weekday(near)}，本来就上班。核对日期。")
        found.append((near, True))
    if not found:
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
