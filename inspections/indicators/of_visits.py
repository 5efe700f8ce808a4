"""K13, K14, K16, K17, K22: how visits were made, and what they found (七(三), 七(五))."""

from collections.abc import Iterator

from benxi_shuangsuiji import policy
from inspections.evidence.recordings import is_complete

from .facts import Check, Row, Scope, checks, day_of, row_of


def two_officers(scope: Scope) -> Iterator[Row]:
    """K13: of the visits, those to which enough people came whose certificate held that day."""
    for check in _visits(scope):
        day = day_of(check.row.there_since)
        came = sum(member.certificate_to >= day for member in check.row.who_came)
        yield row_of(check, counts=came >= policy.on(day).min_team_size, words=f"到场 {came} 人，执法证有效")


def recorded(scope: Scope) -> Iterator[Row]:
    """K14: of the visits, those that the devices hold from arrival to end."""
    for check in _visits(scope):
        whole = is_complete(check.row)
        yield row_of(check, counts=whole, words="录像完整" if whole else "录像不完整或者没有登记")


def served(scope: Scope) -> Iterator[Row]:
    """K16: of the visits that met somebody, those whose notice, with the check code on it, was served or refused before a witness."""
    for check in filter(lambda check: check.looked, _visits(scope)):
        there = bool(check.row.notices)
        yield row_of(check, counts=there, words="通知书已送达" if there else "没有通知书的送达记录")


def problems(scope: Scope) -> Iterator[Row]:
    """K17: of the checks in which somebody was there, those that found something; results the reader may know."""
    for check in checks(scope):
        if check.told and check.looked:
            yield row_of(check, counts=check.found, words="发现问题" if check.found else "没有发现问题")


def offsite(scope: Scope) -> Iterator[Row]:
    """K22: of the checks of places on the 正面清单, those that nobody entered for (七(三), domain.md 8.2)."""
    for check in checks(scope):
        if check.told and check.looked and check.row.listed:
            yield row_of(check, counts=not check.onsite, words=_way(check))


def _way(check: Check) -> str:
    if check.onsite and check.row.entered:
        return "经批准改为现场检查"
    why = "" if check.random or not check.onsite else f"，{check.row.get_source_display()}"
    return f"{check.row.get_mode_display()}检查{why}"


def _visits(scope: Scope) -> Iterator[Check]:
    return (check for check in checks(scope) if check.onsite)
