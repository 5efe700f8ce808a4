"""抽中, 检查结束, 结果公开 in the history of a place, and how often an item still may be (PNG 08, 七(一)4, decisions.md 3)."""

import pytest

from benxi_shuangsuiji import clock
from inspections.checks import known as of_checks
from inspections.frequency import counts
from inspections.models import Inspection, InspectionStatus, Outcome, Source
from inspections.replacements import actions as replacements
from plans.draw import actions as draw_actions
from plans.models import ChangeReason
from registry import known
from registry.models import OFF_BOOKS, OperatingStatus
from tests.browsing import enter, html_of, text_of
from tests.factories import make_approver, make_facility, make_planner, make_registrar, make_supervisor, make_unit
from tests.inspections.factories import came_and_went, checked, make_dispatched, make_inspection
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import make_held_draw, move_clock

pytestmark = pytest.mark.django_db


def test_a_draw_comes_into_the_history_when_everybody_knows_it_and_not_before(client, at):
    draw = make_held_draw()
    unit, picks = draw.unit, list(draw.picks.standing().select_related("facility"))
    page = f"/desk/objects/{picks[0].facility.code}/"
    # Not even to those who know the list from inside: this page is the same for everybody.
    for reader in (make_registrar(unit), make_planner(unit), make_approver(unit), make_supervisor()):
        words = text_of(enter(client, reader).get(page))
        assert "抽中" not in words and "本年已抽查" not in words and draw.draw_id not in words
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    words = text_of(enter(client, make_registrar(unit)).get(page))
    ticket = picks[0].ticket
    assert f"抽中 {draw.draw_id}；签号 {ticket[:4]} {ticket[4:8]} {ticket[8:12]}，第 {picks[0].no} 位" in words
    assert "本年已抽查 1 次，还可再查 1 次" in words and "检查结束" not in words
    checked(draw)
    words = text_of(client.get(page))
    assert words.index("结果公开") < words.index("检查结束") < words.index("抽中")  # newest first


def test_a_result_that_is_public_before_the_release_opens_neither_ticket_nor_place(client, at):
    draw = make_held_draw()
    checked(draw)
    pick = draw.picks.standing().first()
    page = text_of(enter(client, make_registrar(draw.unit)).get(f"/desk/objects/{pick.facility.code}/"))
    assert f"抽中 {draw.draw_id}" in page and "结果公开" in page
    assert pick.ticket[:4] + " " + pick.ticket[4:8] not in page and not any(
        w in page for w in ("签号", "名额", "更换补入")
    )


def test_that_a_check_is_over_is_told_with_its_result_and_not_with_the_list(client, at):
    """The release tells who was drawn; how far the visit came is its circle's until the result (decisions.md 3)."""
    draw = make_held_draw(released=True)
    pick = draw.picks.standing().first()
    at_the_visit = {"source": Source.DRAW, "draw": draw, "pick": pick, "facility": pick.facility}
    check = make_inspection(draw.unit, accepted=False, category=pick.category, outcome=Outcome.NO_ISSUE, **at_the_visit)
    came_and_went(check, at=clock.now(), status=InspectionStatus.FINISHED)
    page = f"/desk/objects/{check.facility.code}/"
    words = text_of(enter(client, make_registrar(draw.unit)).get(page))
    assert "抽中" in words and "检查结束" not in words and check.no not in words
    assert not of_checks.checks().exists() and known.visits_of(check.facility) == []


def test_a_result_that_is_withdrawn_says_what_was_found_no_longer(client, at):
    draw = make_held_draw(released=True)
    checked(draw)
    check = Inspection.objects.filter(draw=draw).first()
    Inspection.objects.filter(pk=check.pk).update(outcome=Outcome.CASE_FILED)
    enter(client, make_registrar(draw.unit))
    page = f"/desk/objects/{check.facility.code}/"
    assert text_of(client.get(page)).count("立案查处") == 2  # the table of its checks, and its history
    Inspection.objects.filter(pk=check.pk).update(withdrawn_at=check.published_at)
    words = text_of(client.get(page))
    assert "立案查处" not in words and words.count("已撤下") == 2


def test_whoever_was_taken_off_the_list_counts_alike_on_every_page(client, at):
    gone = make_dispatched(make_unit("210504"), key=12, general=0, special=0, inspectors=6)[0]
    draw, reader = gone.draw, make_registrar(gone.unit)
    reason = ChangeReason.HALT
    asked = replacements.ask(
        draw=draw,
        reason=reason,
        evidence="停产通知",
        by=make_planner(draw.unit),
        picks=[gone.pick],
        **grounds(reason, gone.pick),
    )
    replacements.approve(request=asked, by=make_approver(draw.unit), document_no="本环更〔2026〕1 号")
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    words = text_of(enter(client, reader).get(f"/desk/objects/{gone.facility.code}/"))
    assert "后来换下" in words and "本年已抽查" not in words
    assert (known.times_left(gone.facility, 2026), counts.random_times(gone.facility, 2026, reader)) == ([], [])
    came = draw.picks.get(amendment=1).facility
    words = text_of(client.get(f"/desk/objects/{came.code}/"))
    assert "更换补入" in words and "后来换下" not in words and "本年已抽查 1 次" in words


@pytest.mark.parametrize("page", ["/desk/objects/{}/", "/desk/objects/{}/frequency/"])
def test_no_check_is_begun_from_the_page_of_who_is_off_the_books(client, page):
    unit = make_unit()
    enter(client, make_planner(unit))
    for status in (OperatingStatus.OPERATING, *OFF_BOOKS):
        shown = html_of(client.get(page.format(make_facility(unit, status=status).code)))
        assert ("发起针对性检查" in shown) is (status == OperatingStatus.OPERATING)
