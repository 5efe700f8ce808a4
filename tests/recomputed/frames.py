"""Who stood on a list before a draw: as whom, how often drawn, seen or not, and why somebody took no part (六(二), 七(一))."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from .days import day_of
from .world import HELD, World, rows

OUT = {
    "CLOSED": "out:CLOSED",
    "CANCELLED": "out:CLOSED",
    "MOVED_OUT": "out:MOVED",
    "SUSPENDED": "out:HALT",
    "SEASONAL": "out:HALT",
    "LONG_SUSPENDED": "out:HALT",
}
MOST = 2  # the same item at the same place in a year (七(一)4)
CYCLE = (2025, 2027)  # 三年 (七(一)2)


def history(world: World) -> Iterator[str]:
    """`times`, `seen` and what follows from them, of every row of every list."""
    for draw in world.draws:
        before = [d for d in world.draws if d.status in HELD and d.id != draw.id and d.drawn_at < draw.frozen_at]
        this_year, this_cycle, now, items = set(), set(), set(), defaultdict(Counter)
        past = [
            (pick.code, d.year, d.number, d.items) for d in before for pick in d.drawn if pick.stands(draw.frozen_at)
        ]
        for code, year, number, of in past + world.carried:
            if CYCLE[0] <= year <= CYCLE[1]:
                this_cycle.add(code)
            if year == draw.year:
                this_year.add(code)
                items[code].update(of & draw.items)
                if number == draw.number:
                    now.add(code)
        for category, listed in draw.frames.items():
            for row in listed.values():
                times = max(items[row.code].values(), default=0)
                seen = row.code in {"key": this_year, "general": this_cycle, "special": set()}[category]
                if (row.times, row.seen) != (times, seen):
                    yield f"{draw.code} {row.code}: times {row.times}, seen {row.seen}; rows {times}, {seen}"
                drawn_out = category != "special" and (
                    "out:NOW" if row.code in now else "out:CAP" if times >= MOST else ""
                )
                said = row.state if row.state in ("out:NOW", "out:CAP") else ""
                if row.state in ("in", "out:POSITIVE", "out:NOW", "out:CAP") and said != (drawn_out or ""):
                    yield f"{draw.code} {row.code}: {row.state}; rows {drawn_out or 'in'}"


def caps(world: World) -> Iterator[str]:
    """Nobody but 特殊 is drawn more often than the plan allows, item by item (七(一)4-c)."""
    counted: dict[tuple, Counter] = defaultdict(Counter)
    for draw in world.held(2026):
        for pick in draw.drawn:
            if pick.stands() and pick.category != "special":
                counted[draw.year, pick.code].update(draw.items)
    for (year, code), items in counted.items():
        for item, n in items.items():
            if n > MOST:
                yield f"{year} {code}: item {item} drawn {n} times"


# --- who belongs to which list (六(二)-r … -am) ------------------------------------------------------------------------


def membership(world: World) -> Iterator[str]:
    """Every list names exactly whom the registry had in that unit and category at the seal, by the grounds in force."""
    units = {row.id: row.code for row in rows("SELECT id, code FROM accounts_unit")}
    grounds = defaultdict(list)
    for row in rows("SELECT * FROM registry_categoryground"):
        grounds[row.facility_id].append(row)
    changes = defaultdict(list)
    for row in rows("SELECT facility_id, at, values FROM registry_facilitychange ORDER BY at DESC, id DESC"):
        changes[row.facility_id].append(row)
    begun = {
        row.facility_id: row.at
        for row in rows("SELECT facility_id, min(at) AS at FROM registry_facilitychange GROUP BY 1")
    }
    facilities = rows("SELECT id, code, unit_id, status, entered_on FROM registry_facility")
    for draw in world.draws:
        moment, day = draw.frozen_at, day_of(draw.frozen_at)
        wanted: dict[str, dict[str, str]] = defaultdict(dict)
        for facility in facilities:
            unit, status = units[facility.unit_id], facility.status
            for change in changes[facility.id]:
                if change.at > moment:
                    status = change.values.get("status", [status])[0] or status
                    unit = change.values.get("unit", [unit])[0] or unit
            there = facility.entered_on <= day and begun.get(facility.id, moment) <= moment
            if there and unit == draw.unit:
                wanted[_category(grounds[facility.id], day)][facility.code] = OUT.get(status, "in")
        for category in ("key", "general", "special"):
            listed, due = draw.frames.get(category, {}), wanted[category]
            for code in sorted(listed.keys() ^ due.keys()):
                yield f"{draw.code} {category} {code}: {'listed, has no ground' if code in listed else 'not listed'}"
            for code in listed.keys() & due.keys():
                state = listed[code].state
                if due[code] != ("in" if state in ("out:NOW", "out:CAP", "out:POSITIVE") else state):
                    yield f"{draw.code} {code}: {state}; registry {due[code]}"


def _category(grounds, day: date) -> str:
    kinds = {g.kind for g in grounds if _holds(g, day)}
    if any(kind.startswith("SF") for kind in kinds):
        return "special"
    return "key" if any(kind.startswith("KF") for kind in kinds) else "general"


def _holds(ground, day: date) -> bool:
    if not ground.valid_from <= day or (ground.valid_to and ground.valid_to <= day):
        return False
    if ground.kind in ("KF11", "SF6") and not ground.approved_by_id:  # 其他应当…: a judgement that another approves
        return False
    last = _last(ground)
    return last is None or day <= last


def _last(ground) -> date | None:
    """A year's list stands until the next must be there; a case counts in the year after; others some months (六(二))."""
    if ground.kind == "KF1" and ground.year:
        return date(ground.year + 1, 3, 31)
    if ground.kind == "SF1" and ground.year:
        return date(ground.year + 1, 12, 31)
    months = {"SF2A": 12, "SF2B": 12, "SF3": 36}.get(ground.kind)
    if months is None:
        return None
    year, month = divmod(ground.valid_from.year * 12 + ground.valid_from.month - 1 + months, 12)
    day = min(ground.valid_from.day, calendar.monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)
