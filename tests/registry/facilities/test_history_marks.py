"""抽中, 检查结束, 结果公开 in the history of a place, and how often an item still may be (PNG 08, 七(一)4, decisions.md 3)."""

import pytest

from plans.draw import actions as draw_actions
from tests.browsing import enter, text_of
from tests.factories import make_approver, make_planner, make_registrar, make_supervisor
from tests.inspections.factories import checked
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
