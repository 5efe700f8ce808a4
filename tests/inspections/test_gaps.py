"""What was not checked: the drawn of a quarter, the key facilities of a year, and why (六(一)2-g, 七(一)1-b)."""

import io
import uuid

import openpyxl
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from inspections import actions as inspecting
from inspections import gap_actions, gaps
from inspections.models import CoverageReason, Outcome, Source, UnfinishedReason
from registry.models import Category, Facility
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_lead_office,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, make_finished, start
from tests.plans.draw_factories import make_held_draw

pytestmark = pytest.mark.django_db
Q3 = Quarter(2026, 3)
QUARTER = "/desk/tasks/unfinished/?unit=210504&quarter=2026Q3"
YEAR = "/desk/tasks/coverage/?unit=210504&quarter=2026Q4"


def refused(match):
    return pytest.raises(Refused, match=match)


def post(client, url, **data):
    return client.post(url, {"form_key": str(uuid.uuid4()), **data}, follow=True)


def words(response):
    return response.content.decode()


def enter(client, user):
    client.force_login(user)
    return client


def queries(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(url).status_code == 200
    return len(seen)


def rows_of(client, url) -> list:
    book = openpyxl.load_workbook(io.BytesIO(client.get(url).content))
    return list(book.active.iter_rows(min_row=2, values_only=True))


# --- the quarter ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(一)2-g")
def test_who_is_not_checked_by_the_25th_is_explained_by_the_planner_and_approved_by_the_leader(at, client):
    unit = make_unit()
    at("2026-07-06 09:00")
    done, *left = make_dispatched(unit, key=0, general=20, special=0, inspectors=6)
    inspecting.accept(inspection=done, by=done.members.get(is_leader=True).inspector.user)
    finish(answer_all(start(done)))
    total = len(left) + 1
    first, others = left[0], left[1:]

    page = words(enter(client, make_planner(unit)).get(QUARTER))
    assert f"查完 1 / {total} 家" in page and first.facility.name in page and done.facility.name not in page
    assert "也没有写原因" not in page  # D-5 is not over

    at("2026-09-26 09:00")
    assert f"还有 {len(left)} 家没有查完，也没有写原因" in words(client.get(QUARTER))
    for one in left:
        post(client, QUARTER, of=one.pick_id, words="企业停产，十月复工后检查")
    assert "也没有写原因" not in words(client.get(QUARTER))
    post(enter(client, make_approver(unit)), QUARTER, approved=first.pick_id, opinion="同意，下季度补查")

    reason = UnfinishedReason.objects.get(pick=first.pick_id)
    assert (reason.approved_at, reason.opinion) == (clock.now(), "同意，下季度补查")
    rows = rows_of(client, QUARTER.replace("?", "export.xlsx?"))
    assert len(rows) == len(left) == len(others) + 1
    (row,) = [row for row in rows if row[0] == first.facility.code]
    assert row[3:5] == ("待检查", "企业停产，十月复工后检查") and row[7] == "同意，下季度补查"
    trailed = AuditEntry.objects.filter(verb="inspections.sealed.viewed")
    assert trailed.filter(details__page="unfinished").exists()


@pytest.mark.clause("六(一)2-g")
def test_a_pick_that_was_never_sent_out_is_left_too(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    draw = make_held_draw(unit, key=0, general=6, special=0)

    found = gaps.gaps_of_quarter(make_planner(unit), unit, Q3)

    assert (found.done, found.total) == (0, draw.picks.count())
    assert {line.about for line in found.lines} == {"待派发"}


@pytest.mark.clause("六(一)2-g")
def test_nobody_approves_his_own_reason_and_an_approved_one_stands(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    pick = make_held_draw(unit, key=0, general=6, special=0).picks.first()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    of = {"unit": unit, "quarter": Q3, "pick": pick.pk}
    with refused("由本单位的计划员写原因"):
        gap_actions.explain_pick(**of, words="停产", by=make_approver(unit))
    with refused("写明原因"):
        gap_actions.explain_pick(**of, words=" ", by=both)
    reason = gap_actions.explain_pick(**of, words="停产", by=both)
    with refused("不能自己批准"):
        gap_actions.approve_pick_reason(**of, opinion="同意", by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        UnfinishedReason.objects.update(approved_by=both, approved_at=clock.now(), opinion="同意")
    with refused("写明意见"):
        gap_actions.approve_pick_reason(**of, opinion=" ", by=make_approver(unit))
    gap_actions.approve_pick_reason(**of, opinion="同意", by=make_approver(unit))
    with refused("已经批准，不能再改"):
        gap_actions.explain_pick(**of, words="另一个原因", by=both)
    assert UnfinishedReason.objects.get().pk == reason.pk


# --- the year ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(一)1-b")
def test_places_are_kept_for_the_unseen_and_from_october_the_rest_is_listed_with_reasons(at, client):
    unit = make_unit()
    at("2026-07-06 09:00")
    draw = make_held_draw(unit, key=4, general=0, special=0, inspectors=6)
    assert draw.picks.filter(category=Category.KEY, slot="R").exists()  # draw specification 4
    drawn, *_ = inspecting.dispatch(draw=draw, by=make_planner(unit))
    inspecting.accept(inspection=drawn, by=drawn.members.get(is_leader=True).inspector.user)
    special, visited = (make_facility(unit, category=Category.SPECIAL) for _ in range(2))
    Facility.objects.filter(pk__in=[special.pk, visited.pk]).update(has_key_ground=True)
    make_facility(unit, category=Category.SPECIAL)  # without a key ground: not in K6
    make_finished(unit, no="210504-2026Q3-T001", facility=visited, source=Source.SPECIAL_FACILITY)
    unseen = Facility.objects.filter(unit=unit, category=Category.KEY).exclude(pk=drawn.facility_id)
    make_finished(unit, no="210504-2026Q3-T002", facility=unseen[0])  # a complaint: neither drawn nor 七(一)3
    finish(answer_all(start(drawn)))
    planner = make_planner(unit)

    at("2026-09-30 09:00")
    found = gaps.gaps_of_year(planner, unit, 2026, clock.today())
    assert (found.done, found.total, found.lines) == (2, 6, [])  # K6
    with refused("不在没有检查的名单里"):
        gap_actions.explain_facility(
            unit=unit, year=2026, facility=special.pk, kind="STOPPED", words="停产", by=planner
        )

    at("2026-10-01 09:00")
    page = words(enter(client, planner).get(YEAR))
    assert "查过 2 / 6 家，33.3%" in page and "还有 4 家本年没有检查，也没有写原因" in page
    assert (
        page.count("发起针对性检查</a>（七(一)3）") == 1
        and f"object={special.code}&amp;source=SPECIAL_FACILITY" in page
    )
    post(client, YEAR, of=special.pk, kind="STOPPED", words="三月起停产")
    post(enter(client, make_approver(unit)), YEAR, approved=special.pk, opinion="属实")
    assert "还有 3 家本年没有检查" in words(client.get(YEAR))
    assert CoverageReason.objects.get().approved_at == clock.now()
    exported = rows_of(client, YEAR.replace("?", "export.xlsx?"))
    assert [row[4] for row in exported if row[0] == special.code] == ["停产：三月起停产"]


@pytest.mark.clause("七(一)1-b")
def test_a_visit_that_found_the_place_shut_is_not_a_check(at):
    unit = make_unit()
    at("2026-10-08 09:00")
    place = make_facility(unit, category=Category.SPECIAL)
    Facility.objects.update(has_key_ground=True)
    shut = make_finished(unit, facility=place, source=Source.SPECIAL_FACILITY)
    assert gaps.gaps_of_year(make_planner(unit), unit, 2026, clock.today()).done == 1
    type(shut).objects.update(outcome=Outcome.NOT_OPERATING)

    found = gaps.gaps_of_year(make_planner(unit), unit, 2026, clock.today())

    assert (found.done, [line.facility for line in found.lines]) == (0, [place])


# --- who sees it ------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(一)2-g", "七(一)1-b")
def test_only_the_circle_of_the_unit_sees_a_name_or_a_number(at, client):
    unit = make_unit()
    at("2026-10-06 09:00")
    draw = make_held_draw(unit, key=8, general=0, special=0)
    pick, drawn = draw.picks.first(), draw.picks.count()
    pages = ["/desk/tasks/unfinished/", "/desk/tasks/coverage/"]
    pages += [page + "export.xlsx" for page in pages]
    asked = "?unit=210504&quarter=2026Q4"

    for user in (make_planner(unit), make_approver(unit), make_supervisor()):
        assert pick.facility.name in words(enter(client, user).get(pages[0] + asked))
    other = [make_planner(make_unit("210503")), make_planner(make_city_team()), make_lead_office()]
    for user in [*other, make_registrar(unit)]:
        enter(client, user)
        for page in pages:
            text = words_if_any(client.get(page + asked))
            assert pick.facility.code not in text and not any(f"/ {n} 家" in text for n in (8, drawn))
        assert gaps.gaps_of_quarter(user, unit, Quarter(2026, 4)) == gaps.Gaps()
        assert gaps.gaps_of_year(user, unit, 2026, clock.today()) == gaps.Gaps()
        with pytest.raises(Refused):
            gap_actions.explain_pick(unit=unit, quarter=Quarter(2026, 4), pick=pick.pk, words="停产", by=user)


def words_if_any(response) -> str:
    if response.status_code == 200 and "spreadsheet" in response["Content-Type"]:
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        return str(list(book.active.iter_rows(values_only=True)))
    return words(response)


def test_the_lists_ask_no_more_for_many_rows_than_for_one(at, client):
    unit = make_unit()
    at("2026-10-06 09:00")
    draw = make_held_draw(unit, key=12, general=20, special=0, inspectors=6)
    pages = [QUARTER.replace("Q3", "Q4"), YEAR]
    planner = make_planner(unit)
    places = list(Facility.objects.filter(category=Category.KEY).values_list("pk", flat=True))

    def explain(picks, facilities):
        for pick in picks:
            gap_actions.explain_pick(unit=unit, quarter=Quarter(2026, 4), pick=pick.pk, words="停产", by=planner)
        for pk in facilities:
            gap_actions.explain_facility(unit=unit, year=2026, facility=pk, kind="OTHER", words="停产", by=planner)

    picks = list(draw.picks.all())
    assert len(picks) > 3
    explain(picks[:1], places[:1])
    enter(client, planner)
    few = [queries(client, page) for page in pages]
    explain(picks[1:], places[1:])

    assert [queries(client, page) for page in pages] == few
