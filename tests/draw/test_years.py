"""Years of draws on a city like the demo's (domain.md 2.6), with enterprises that open, halt and close."""

from collections import Counter
from datetime import datetime
from random import Random

import pytest

from plans.draw import ssj1
from tests.draw.city import City, Office
from tests.draw.samples import make_inspector

pytestmark = pytest.mark.slow("years")

# Unit, key, special and general objects, inspectors, and the places that domain.md reckons for a first quarter.
CITY = [
    ("210500", 26, 2, 4, 22, 7, 1),
    ("210502", 14, 2, 78, 11, 4, 7),
    ("210503", 22, 3, 86, 12, 6, 8),
    ("210504", 12, 2, 92, 12, 3, 8),
    ("210505", 9, 1, 41, 7, 3, 4),
    ("210521", 19, 2, 118, 13, 5, 10),
    ("210522", 13, 2, 96, 12, 4, 8),
    ("210571", 11, 1, 63, 8, 3, 6),
]
FIRST_YEAR = 2026


def make_office(code, key, special, general, people):
    def named(letter, number):
        return {f"{code}-{letter}{n:03d}": "in" for n in range(number)}

    inspectors = [
        make_inspector(f"Z{code}{n:02d}", until="2031-12-31", units=(code,), lead=n % 2 == 0) for n in range(people)
    ]
    return Office(
        code, {"general": named("G", general), "key": named("K", key), "special": named("S", special)}, inspectors
    )


def life_goes_on(office, random, when):
    """Since last quarter some have halted or work again, one may have closed, and new ones have opened."""
    for category, objects in office.objects.items():
        for name, state in objects.items():
            if state in ("in", "out:HALT"):
                objects[name] = "out:HALT" if random.random() < 0.03 else "in"
        working = [name for name, state in objects.items() if state == "in"]
        if len(working) > 3 and random.random() < 0.4:
            objects[random.choice(working)] = random.choice(("out:CLOSED", "out:MOVED"))
        for number in range(random.choice((0, 0, 1, 2))):
            objects[f"{office.code}-{category[0].upper()}{when}{number}"] = "in"


def play(quarters, *, seed):
    """Seal and draw every quarter in all units, with all that happens between; nobody looks away."""
    random = Random(seed)
    city = City(
        [make_office(code, key, special, general, people) for code, key, special, general, people, *_ in CITY],
        cycle_end=FIRST_YEAR + 2,
    )
    for number in range(quarters):
        year, quarter = FIRST_YEAR + number // 4, number % 4 + 1
        drawings = []
        for office in city.offices.values():
            if number:
                life_goes_on(office, random, f"{year % 100}{quarter}")
            city.moment = datetime(year, 3 * quarter - 2, 6, 16)
            drawings.append(city.seal(office.code, year, quarter))
        for drawing in drawings:
            city.moment = datetime(year, 3 * quarter - 2, 8, 9, 30)
            city.hold(drawing)
            drawing.released = True
    return city


@pytest.fixture(scope="module")
def three_years():
    return play(12, seed=20260106)


def lines_of(city, category):
    """Every sealed stratum of this category: its drawing, its line in the manifest, the rows of its frame."""
    for drawing in city.drawings:
        for line, text in zip(drawing.manifest.strata, drawing.freeze.frames, strict=True):
            if line.stratum.endswith(category):
                yield drawing, line, ssj1.parse_frame(text).rows


def visits(city, year):
    return Counter(name for _, name, _ in city.past(year=year))


@pytest.mark.clause("七(一)1-a")
def test_the_first_quarter_has_the_places_that_were_reckoned_for_it(three_years):
    first = [drawing for drawing in three_years.drawings if (drawing.year, drawing.quarter) == (FIRST_YEAR, 1)]
    places = {
        drawing.unit: {
            line.stratum.partition(".")[2]: line.K
            for line in drawing.manifest.strata
            if not line.stratum.endswith("special")
        }
        for drawing in first
    }

    assert places == {code: {"key": key, "general": general} for code, _, _, _, _, key, general in CITY}


@pytest.mark.clause("七(一)1-a")
def test_a_quarter_of_the_key_objects_is_drawn_or_the_shortfall_is_shown(three_years):
    short = 0
    for drawing, line, rows in lines_of(three_years, "key"):
        on_books = sum(row.state not in ("out:CLOSED", "out:MOVED") for row in rows)
        if -(-on_books // 4) > line.K + line.P:
            short += 1
            assert line.K == line.A, drawing.manifest.draw  # everybody who may be drawn is drawn
            assert f"W_RATIO {line.stratum}" in drawing.freeze.warnings

    warned = sum(w.startswith("W_RATIO") and w.endswith("key") for d in three_years.drawings for w in d.freeze.warnings)
    assert short <= warned


@pytest.mark.clause("七(一)1-b")
def test_every_key_object_is_checked_once_a_year(three_years):
    """Whoever could be drawn in a year's last quarter; who halted through it is on its list with that reason."""
    for drawing, _, rows in lines_of(three_years, "key"):
        if drawing.quarter == 4:
            drawn = visits(three_years, drawing.year)
            assert [row.id for row in rows if row.state == "in" and not drawn[row.id]] == []
            never = [row for row in rows if not drawn[row.id]]
            assert {row.state for row in never} <= {"out:HALT", "out:CLOSED", "out:MOVED"}


@pytest.mark.clause("七(一)4-c")
def test_nobody_is_drawn_more_often_than_the_cap(three_years):
    for year in range(FIRST_YEAR, FIRST_YEAR + 3):
        capped = {n: times for n, times in visits(three_years, year).items() if "-S" not in n}

        assert max(capped.values()) == 2


@pytest.mark.clause("七(一)2-b")
def test_every_general_object_is_checked_once_in_three_years(three_years):
    drawn = {name for _, name, _ in three_years.past()}
    for drawing, _, rows in lines_of(three_years, "general"):
        if (drawing.year, drawing.quarter) == (FIRST_YEAR + 2, 4):
            assert [row.id for row in rows if row.state == "in" and row.id not in drawn] == []


@pytest.mark.clause("七(二)-i", "一-f")
def test_every_unit_draws_for_itself_and_the_years_agree_with_the_chain(three_years):
    ids = [drawing.manifest.draw for drawing in three_years.drawings]

    assert sorted(ids) == sorted(f"{code}-{FIRST_YEAR + n // 4}Q{n % 4 + 1}-01" for code, *_ in CITY for n in range(12))
    for drawing in three_years.drawings:
        assert {stratum.partition(".")[0] for stratum, _ in drawing.standing.values()} == {drawing.unit}
        people = {person.code for person in three_years.offices[drawing.unit].inspectors}
        assert {code for _, team in drawing.standing.values() for code in team} <= people
    report = three_years.history()
    assert (report.error, report.where) == ("", "")
