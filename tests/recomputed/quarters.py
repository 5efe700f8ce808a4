"""What became of the drawn, and the figures of the reports (五-4j, 六(一)2-g, 七(六)-b, 八(一)-c)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from types import SimpleNamespace

from . import days
from .days import day_of
from .world import Draw, World, rows

IN_VAIN = ("NOT_OPERATING", "UNREACHABLE", "REFUSED")
FOLLOWED = {
    "rectify": ("RECTIFY_ORDERED",),
    "case": ("CASE_FILED",),
    "transferred": ("TRANSFERRED", "TRANSFERRED_CRIMINAL"),
    "pending": ("PENDING",),
}
CATEGORIES = ("key", "general", "special")
FATES = ("done", "not_possible", "replaced", "not_done")


def fates(world: World, draws: Iterable[Draw], moment: datetime, category: str = "") -> Counter:
    """drawn = done + not possible + replaced for another reason + not done, as far as it was public at that moment."""
    checks = {(c.draw, c.facility): c for c in world.checks if c.draw and c.status not in ("REPLACED", "CANCELLED")}
    found = Counter(dict.fromkeys(("drawn", *FATES), 0))
    for draw in draws:
        if draw.drawn_at > moment:
            continue
        for pick in draw.drawn:
            if pick.since > moment or category not in ("", pick.category):
                continue
            gone = pick.gone if pick.gone_at and pick.gone_at <= moment else ""
            check = checks.get((draw.code, pick.code))
            over = check and is_known(check, moment)
            found["drawn"] += 1
            if gone and gone != "NOTDONE":
                found["replaced"] += 1
            elif over and check.outcome in IN_VAIN:
                found["not_possible"] += 1
            elif over and not gone:
                found["done"] += 1
            else:
                found["not_done"] += 1
    return found


def is_known(check: SimpleNamespace, moment: datetime) -> bool:
    """Over, and known with its result or with the names of its draw."""
    return bool(check.ended_at and check.ended_at <= moment) and any(
        at and at <= moment for at in (check.published_at, check.released_at)
    )


def figures(world: World, unit: str, year: int, number: int | None, moment: datetime) -> dict:
    """What a report of a unit says of a quarter, or of the whole year (`number` None)."""
    mine = [c for c in world.checks if c.unit == unit and c.year == year and number in (None, c.number)]
    random = [c for c in mine if c.source == "DRAW"]
    public = [c for c in random if _public(c, moment)]
    targeted = [c for c in mine if c.source != "DRAW" and _public(c, moment)]
    outcomes = Counter(c.outcome for c in public)
    draws = [draw for draw in world.held(year, number) if draw.unit == unit]
    carried_out = [c for c in random if is_known(c, moment) and c.outcome not in IN_VAIN]
    modes = Counter(c.mode for c in carried_out)
    return {
        **fates(world, draws, moment),
        "public": len(public),
        "in_time": sum(_in_time(c) for c in public),
        "workdays": sum(days.between(day_of(c.ended_at), day_of(c.published_at)) for c in public),
        "outcomes": dict(outcomes),
        "problems": sum(c.bad for c in public),
        **{name: sum(outcomes[o] for o in which) for name, which in FOLLOWED.items()},
        "recorded": sum(bool(c.recorder_no) for c in carried_out if c.mode == "ONSITE"),
        "targeted": len(targeted),
        "targeted_problems": sum(c.bad for c in targeted),
        "targeted_sources": dict(Counter(c.source for c in targeted)),
        **{mode.lower(): modes[mode] for mode in ("ONSITE", "OFFSITE", "DOCUMENT")},
        "strata": {
            of: fates(world, draws, moment, of) | {"public": sum(c.category == of for c in public)} for of in CATEGORIES
        },
    }


def _public(check: SimpleNamespace, moment: datetime) -> bool:
    return check.status == "PUBLISHED" and check.published_at <= moment


def _in_time(check: SimpleNamespace) -> bool:
    """Within the working days, and those that were drawn by the 25th of the quarter's last month besides."""
    last = date(check.year, 3 * check.number, 25)
    return day_of(check.published_at) <= (min(check.publish_by, last) if check.source == "DRAW" else check.publish_by)


def differences(what: str, told: dict, due: dict) -> Iterator[str]:
    """A report's own figures against those."""
    told = _in_my_words(told) | {
        "outcomes": {code: n for code, _, n in told["outcomes"]},
        "targeted_sources": {code: n for code, _, n in told["targeted_sources"]},
        "strata": {
            one["category"]: {name: _in_my_words(one)[name] for name in ("drawn", *FATES, "public")}
            for one in told["strata"]
        },
    }
    for name, value in due.items():
        if told.get(name) != value:
            yield f"{what} {name}: {told.get(name)}; rows {value}"


def _in_my_words(told: dict) -> dict:
    return told | {"done": told["finished"], "not_done": told["unfinished"]}


def reports(world: World) -> Iterator[str]:
    """Every report that was sent, at the moment it was sent."""
    for report in rows(
        "SELECT r.*, u.code AS unit FROM inspections_workreport r JOIN accounts_unit u ON u.id = r.unit_id "
        "WHERE r.figures IS NOT NULL AND r.asked_at IS NOT NULL AND r.state <> 'DRAFT' ORDER BY r.id"
    ):
        due = figures(world, report.unit, report.year, report.number, report.asked_at)
        yield from differences(f"{report.unit} {report.year} {report.number or ''}", report.figures, due)


def summaries(world: World) -> Iterator[str]:
    """Every published 汇总 says of each unit what its report says."""
    received = {
        (r.unit, r.year, r.number): r.figures
        for r in rows(
            "SELECT r.*, u.code AS unit FROM inspections_workreport r JOIN accounts_unit u ON u.id = r.unit_id "
            "WHERE r.state = 'APPROVED' AND r.number IS NOT NULL"
        )
    }
    for publication in world.publications:
        if publication.kind != "RESULT_SUM":
            continue
        for line in publication.snapshot["units"]:
            own = received[line["code"], publication.year, publication.number]
            yield from (
                f"{publication.no} {line['code']} {name}: {value}; report {own[name]}"
                for name, value in line.items()
                if name in own and own[name] != value
            )
