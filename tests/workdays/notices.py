"""An oracle of its own: the State Council's sentences, read by a program that shares nothing with ours."""

import re
from datetime import date, timedelta

# The arrangements as announced, in the notices' own manner. 2027: only what the law itself fixes.
NOTICES = {
    2025: """
        元旦：1月1日放假1天，不调休。
        春节：1月28日至2月4日放假调休，共8天。1月26日、2月8日上班。
        清明节：4月4日至6日放假，共3天。
        劳动节：5月1日至5日放假调休，共5天。4月27日上班。
        端午节：5月31日至6月2日放假，共3天。
        国庆节、中秋节：10月1日至8日放假调休，共8天。9月28日、10月11日上班。
        """,
    2026: """
        元旦：1月1日至3日放假调休，共3天。1月4日上班。
        春节：2月15日至23日放假调休，共9天。2月14日、2月28日上班。
        清明节：4月4日至6日放假，共3天。
        劳动节：5月1日至5日放假调休，共5天。5月9日上班。
        端午节：6月19日至21日放假，共3天。
        中秋节：9月25日至27日放假，共3天。
        国庆节：10月1日至7日放假调休，共7天。9月20日、10月10日上班。
        """,
    2027: """
        元旦：1月1日放假1天。
        春节：2月5日至8日放假，共4天。
        清明节：4月5日放假1天。
        劳动节：5月1日至2日放假，共2天。
        端午节：6月9日放假1天。
        中秋节：9月15日放假1天。
        国庆节：10月1日至3日放假，共3天。
        """,
}

_OFF = re.compile(r"(\d+)月(\d+)日(?:至(?:(\d+)月)?(\d+)日)?放假\D*(\d+)天")
_WORK = re.compile(r"(\d+)月(\d+)日(?=[^放。]*上班)")


def _read(year: int, notice: str) -> tuple[set[date], set[date]]:
    off: set[date] = set()
    for month, day, last_month, last_day, length in _OFF.findall(notice):
        first = date(year, int(month), int(day))
        last = date(year, int(last_month or month), int(last_day or day))
        span = {first + timedelta(n) for n in range((last - first).days + 1)}
        assert len(span) == int(length), f"{year} 年 {month} 月 {day} 日起的天数与通知不符"
        off |= span
    return off, {date(year, int(month), int(day)) for month, day in _WORK.findall(notice)}


def workdays(first: date, last: date) -> list[date]:
    """Return all working days from `first` to `last`, in order."""
    off: set[date] = set()
    work: set[date] = set()
    for year, notice in NOTICES.items():
        year_off, year_work = _read(year, notice)
        off |= year_off
        work |= year_work
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    return [day for day in days if day in work or (day not in off and day.strftime("%a") not in ("Sat", "Sun"))]
