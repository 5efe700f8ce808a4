"""公平性监测: counted from what is released and public, with n, chance and its limits; single people for two roles (八(一)-a, 五-2b)."""

import io
from datetime import timedelta
from itertools import cycle, permutations, product
from math import comb

import openpyxl
import pytest

from benxi_shuangsuiji import clock, shares
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from inspections.fairness import inclusion, people, replacing, visits
from inspections.models import InspectionStatus, Outcome, Source
from plans.draw import evenness, ssj1
from plans.draw.actions import release_draw
from plans.models import ChangeReason
from registry.models import Facility
from tests.browsing import enter, html_of, queries, text_of
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_inspector,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import came_and_went, make_inspection
from tests.inspections.replacements.test_replacements import approve, ask
from tests.plans.draw.factories import make_held_draw, move_clock

pytestmark = pytest.mark.django_db
PAGE, BOOK = "/desk/fairness/", "/desk/fairness/export.xlsx"
YEAR = 2026


def went(draw, teams, outcomes=(Outcome.NO_ISSUE,), minutes=(40,), public=True) -> list:
    """Every place of the draw was visited by these teams in turn, one after the other, and the result is public."""
    made, at = [], clock.now()
    turns = zip(draw.picks.standing().order_by("pk"), cycle(teams), cycle(outcomes), cycle(minutes), strict=False)
    for n, (pick, team, outcome, took) in enumerate(turns):
        check = make_inspection(
            draw.unit,
            team=list(team),
            accepted=False,
            source=Source.DRAW,
            draw=draw,
            pick=pick,
            facility=pick.facility,
            category=pick.category,
            number=draw.number,
            outcome=outcome,
            published_at=at if public else None,
        )
        begun = at + timedelta(minutes=n)  # on the approved day
        status = InspectionStatus.PUBLISHED if public else InspectionStatus.FINISHED
        came_and_went(check, at=begun + timedelta(minutes=took), started_at=begun, status=status)
        made.append(check)
    return made


def make_drawn(unit=None, **fields):
    return make_held_draw(unit, **{"key": 24, "general": 20, "special": 0, "inspectors": 6, **fields})


@pytest.mark.clause("七(一)1-a", "七(一)2-a")
def test_inclusion_is_counted_from_the_sealed_lists_of_released_draws(at):
    unit = make_unit()
    draw = make_drawn(unit)
    for n, facility in enumerate(Facility.objects.filter(unit=unit).order_by("pk")):
        facility.industry_name, facility.permit_category = ("炼焦", "KEY") if n % 3 else ("印刷", "NONE")
        facility.is_natural_person = n == 0
        facility.save()
    assert inclusion.of([unit], YEAR, "industry").bands == []  # its names are secret
    move_clock(draw.release_at)
    release_draw(draw=draw)
    frames = [ssj1.parse_frame(text) for text in draw.documents.filter(kind="FRAME").values_list("text", flat=True)]
    took = [row.id for frame in frames for row in frame.rows if row.state == "in"]
    coking = set(Facility.objects.filter(industry_name="炼焦").values_list("code", flat=True))
    picked = draw.picks.filter(facility__industry_name="炼焦").count()
    found = inclusion.of([unit], YEAR, "industry")
    band = next(band for band in found.bands if band.label == "炼焦")
    assert (found.draws, band.took, band.drawn) == (1, len(coking & set(took)), picked) and found.exact
    lines = ssj1.parse_manifest(draw.documents.get(kind="MANIFEST").text).strata
    mean = sum(
        line.K * sum(row.id in coking for row in frame.rows if row.state == "in") / line.A
        for line, frame in zip(lines, frames, strict=True)
        if line.A
    )
    assert band.expected == pytest.approx(mean)  # nobody was seen before: everyone has the same chance
    private = next(band for band in found.bands if band.label == "印刷")
    assert private.took == len(took) - band.took - 1  # the natural person is in no industry
    assert {band.label for band in inclusion.of([unit], YEAR, "permit").bands} == {"重点管理", "未纳入"}
    assert inclusion.of([make_unit("210503")], YEAR, "industry").draws == 0


@pytest.mark.clause("七(二)-f", "七(二)-g")
def test_replacements_stand_by_reason_and_approver_once_the_draw_is_released(at):
    unit = make_unit()
    draw = make_drawn(unit)
    request = ask(draw, ChangeReason.HALT, picks=[draw.picks.first()])
    approve(request)
    assert replacing.of([unit], YEAR, clock.today(), named=True).reasons == []
    move_clock(draw.release_at)
    release_draw(draw=draw)
    found = replacing.of([unit], YEAR, clock.today(), named=True)
    request.refresh_from_db()
    assert [(x.label, x.approved, x.returned, x.places) for x in found.reasons] == [("企业停产停业", 1, 0, 1)]
    assert [(x.label, x.asked, x.most) for x in found.approvers] == [(request.decided_by.full_name, 1, "企业停产停业")]
    assert found.replaced == 1 and found.drawn == draw.picks.count() and found.is_high
    unnamed = replacing.of([unit], YEAR, clock.today(), named=False)
    assert unnamed.approvers == [] and unnamed.count == 1


def test_visits_have_quartiles_and_the_short_ones_their_numbers(at):
    unit = make_unit()
    draw = make_drawn(unit, general=0)
    team = [make_inspector(unit) for _ in range(2)]
    checks = went(draw, [team], minutes=(10, 30, 40, 50, 60, 70))
    found = visits.of([unit], YEAR, clock.today())
    (line,) = found.lines
    assert (line.n, line.few, line.quartiles) == (12, False, (30, 45, 60)) and found.limit == 20
    assert {(short.no, short.minutes) for short in found.shorts} == {(checks[0].no, 10), (checks[6].no, 10)}
    assert found.short == 2
    assert visits.of([make_unit("210503")], YEAR, clock.today()).lines == []


def test_the_chance_of_a_streak_is_that_of_all_sequences():
    for length, n, share in [(0, 4, 0.5), (1, 5, 0.3), (3, 7, 0.6), (7, 7, 0.9), (5, 4, 0.5)]:
        found = sum(
            share ** sum(answers) * (1 - share) ** (n - sum(answers))
            for answers in product((True, False), repeat=n)
            if people.longest_run(answers) >= length
        )
        assert people.chance_of_run(length, n, share) == pytest.approx(found)


def test_so_many_streaks_are_marked_by_chance_as_sequences_are():
    """Over all sequences of answers: how often one is marked as seldom; a run of whole numbers is marked less than the bound."""
    for n, share in [(5, 0.5), (8, 0.3), (10, 0.6), (6, 0.9), (6, 1.0), (6, 0.0)]:
        marked = 0.0
        for answers in product((True, False), repeat=n):
            longest = people.longest_run(answers)
            streak = people.Streak("", "", n, sum(answers), longest, "", people.chance_of_run(longest, n, share))
            if streak.is_seldom:
                marked += share ** sum(answers) * (1 - share) ** (n - sum(answers))
        assert people.chance_of_seldom_run(n, share) == pytest.approx(marked) and marked < people.SELDOM
    assert people.chance_of_seldom_run(6, 0.9) == 0  # none of six would be seldom


def test_so_many_pairs_are_marked_by_chance_as_seatings_are():
    """Fourteen checks of two each: A in eight of them, B in five of the other twenty seats, eight of which are beside A."""
    teams = {(1, 1, n, False): (1, 2) if n < 3 else (3, 4) for n in range(9)}
    found = people._pairs(teams | {(1, 1, n, True): (1, 5) for n in range(9, 14)})
    _, n, both, _, seldom, chance = next(row for row in found if row[0] == (1, (1, 5)))
    tails = [sum(comb(8, k) * comb(12, 5 - k) for k in range(least, 6)) / comb(20, 5) for least in range(6)]
    assert (n, both) == ((8, 5), 5) and chance == pytest.approx(tails[5])
    assert seldom == pytest.approx(max(tail for tail in tails if tail < people.SELDOM)) and seldom < people.SELDOM / 10


def test_how_often_two_go_together_is_that_of_all_seatings():
    """Four people with two checks each: of all seatings in pairs, none with himself, those in which A meets B."""
    seats, n = [0, 0, 1, 1, 2, 2, 3, 3], [0, 0, 0]
    for order in set(permutations(seats)):
        pairs = [set(order[i : i + 2]) for i in range(0, 8, 2)]
        if all(len(pair) == 2 for pair in pairs):
            n[sum(pair == {0, 1} for pair in pairs)] += 1
    told = evenness.expected(evenness.hypergeometric(8 - 2, 2, 2))
    assert told == pytest.approx((n[1] + 2 * n[2]) / sum(n), abs=0.01)


def test_an_interval_holds_the_share_and_is_wide_where_little_was_seen():
    assert shares.interval(0, 0) == (0, 100) and shares.interval(0, 5) == (0, 43) and shares.interval(5, 5) == (57, 100)
    assert shares.interval(50, 100) == (40, 60) and shares.interval(500, 1000) == (47, 53)


def make_year(unit):
    """Two who are always together and find nothing, four who change and find something every other time."""
    draw = make_drawn(unit, key=120)
    one, two, *rest = [make_inspector(unit) for _ in range(6)]
    turns = [(one, two), rest[:2], (one, two), rest[2:], (one, two), (rest[0], rest[2]), (one, two), (rest[1], rest[3])]
    went(draw, turns, outcomes=(Outcome.NO_ISSUE, Outcome.RECTIFY_ORDERED))
    move_clock(draw.release_at)
    release_draw(draw=draw)
    return draw, one, two


@pytest.mark.clause("八(一)-a", "五-2b")
def test_streaks_and_pairs_are_for_the_supervisor_and_the_own_leader(at, client):
    unit, other = make_unit(), make_unit("210503")
    _, one, two = make_year(unit)
    found = people.of([unit], YEAR)
    assert {one.name, two.name} == {streak.name.partition("（")[0] for streak in found.streaks[:2]}
    assert all(streak.is_seldom and streak.longest == streak.n == streak.clean for streak in found.streaks[:2])
    assert {name.partition("（")[0] for name in found.pairs[0].names} == {one.name, two.name}
    assert found.pairs[0].is_seldom and found.pairs[0].together == found.pairs[0].n[0] > found.pairs[0].expected
    assert people.of([other], YEAR).checks == 0
    # The whole cycle of coverage counts, up to the year that is asked.
    later = people.of([unit], YEAR + 1)
    assert (later.checks, later.years) == (found.checks, f"{YEAR - 1}—{YEAR + 1} 年") and later.streaks == found.streaks
    assert people.of([unit], YEAR - 1).checks == 0

    approver = make_approver(unit)
    for reader, asked in [(make_supervisor(), "scope=city"), (make_supervisor(), f"unit={unit.code}"), (approver, "")]:
        page = text_of(enter(client, reader).get(f"{PAGE}?{asked}"))
        assert one.name in page and "连续未发现问题" in page and "不能说明" in page
        assert one.name in words_of(client.get(f"{BOOK}?{asked}"))
    assert AuditEntry.objects.filter(verb="inspections.fairness.people").count() == 6
    for reader in (
        make_observer(),
        make_planner(unit),
        make_disclosure_officer(unit),
        make_approver(other),
        make_user((Role.LEAD_OFFICE, make_supervisor().grants_in_force()[0].unit)),
    ):
        for asked in ("", "scope=city", f"unit={unit.code}"):
            answer = enter(client, reader).get(f"{PAGE}?{asked}")
            assert one.name not in text_of(answer) and two.code not in text_of(answer)
            book = client.get(f"{BOOK}?{asked}")
            assert book.status_code == answer.status_code  # another unit's is not found, page and workbook alike
            assert book.status_code == 404 or one.name not in words_of(book)
    assert AuditEntry.objects.filter(verb="inspections.fairness.people", actor=make_observer()).count() == 0
    assert enter(client, make_registrar(unit)).get(PAGE).status_code == 403


def words_of(answer) -> str:
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


@pytest.mark.clause("一-f")
def test_what_is_sealed_moves_nothing_and_the_queries_do_not_grow(at, client):
    unit, supervisor = make_unit(), make_supervisor()
    first = make_year(unit)[0]
    url = f"{PAGE}?scope=city"
    enter(client, supervisor)
    before, n = text_of(client.get(url)), queries(client, url)
    assert "抽中次数和应有次数" in before and html_of(client.get(url)).count("<h2") >= 6
    move_clock(clock.now() + timedelta(days=20))  # the next quarter: a draw whose names and results are secret
    other = make_held_draw(make_unit("210503"), key=40, general=20)
    went(other, [[make_inspector(other.unit) for _ in range(2)]], public=False)
    after = text_of(client.get(url))
    assert figures(after) == figures(before)
    assert queries(client, url) == n and first.year == YEAR


def test_page_and_workbook_take_at_most_thirty_queries_at_one_draw_and_at_two(at, client):
    """For the supervisor, who has every sheet, with short visits, tags and grounds among what is counted."""
    draws = [make_drawn(make_unit(), general=0), make_drawn(make_unit("210503"), key=60)]
    for draw in draws:
        went(draw, [[make_inspector(draw.unit) for _ in range(2)]], minutes=(10, 50))
    enter(client, make_supervisor())
    urls, found = [f"{address}?scope=city" for address in (PAGE, BOOK)], []
    move_clock(draws[0].release_at)
    for draw in draws:
        release_draw(draw=draw)
        found.append([queries(client, url) for url in urls])
    assert found[0] == found[1] and max(found[0]) <= 30, found


def figures(page: str) -> str:
    """What stands between the chips and the foot."""
    return page.partition("抽中次数和应有次数")[2].partition("打印，")[0]
