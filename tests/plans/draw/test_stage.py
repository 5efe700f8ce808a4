"""The wall of the ceremony: every state says what is true then, and only that (PNG 11, ui.md 7.2 投屏, 7.4)."""

import uuid
from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents import pdf
from plans.draw import actions as draw_actions
from plans.draw import record as draw_record
from plans.models import DrawDocument, SourceKind
from tests.factories import make_approver, make_observer, make_planner, make_user
from tests.plans.draw.factories import (
    VALUES,
    agree_on_values,
    make_held_draw,
    make_prepared_draw,
    make_published_plan,
    make_sealed_draw,
    move_clock,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LOTTERY, DICE = VALUES[SourceKind.LOTTERY], VALUES[SourceKind.DICE]
DICE_THEN_LOTTERY = (
    (SourceKind.DICE, "明山区司法局见证人", timedelta(hours=1)),
    (SourceKind.LOTTERY, "七星彩第2026183期", timedelta(days=2)),
)


def wall(client, draw, query=""):
    response = client.get(f"/desk/draws/{draw.draw_id}/stage/{query}")
    assert response.status_code == 200
    return response.content.decode()


def type_alike(draw, position, value):
    for person in (make_planner(draw.unit), make_approver(draw.unit)):
        draw_actions.enter_value(draw=draw, position=position, value=value, by=person)


def dice_on(page):
    return page.count(' 点"')


def names_of(draw):
    found = {name for pick in draw.picks.all() for name in (pick.facility.name, pick.facility.code, pick.ticket[:12])}
    assert found
    return found


def test_before_the_seal_the_wall_waits(client):
    draw = make_prepared_draw()
    client.force_login(make_planner(draw.unit))

    page = wall(client, draw)

    assert "名单还没有封存" in page
    assert "抽取安排在" in page


@pytest.mark.clause("七(二)-b")
def test_a_sealed_draw_shows_counts_digests_and_what_is_awaited(client):
    draw = make_sealed_draw()
    client.force_login(make_planner(draw.unit))

    page = wall(client, draw)

    assert "家应抽，名单已封存" in page
    assert DrawDocument.objects.get(kind="MANIFEST").digest in page
    assert "等 7 月 8 日 10:00 七星彩第2026183期" in " ".join(page.split())


@pytest.mark.clause("七(二)-c")
def test_dice_stand_empty_until_two_people_agree_and_then_show_their_pips(client, at):
    draw = make_sealed_draw(sources=DICE_THEN_LOTTERY)
    move_clock(clock.now() + timedelta(hours=2))
    client.force_login(make_planner(draw.unit))
    draw_actions.enter_value(draw=draw, position=1, value=DICE, by=make_planner(draw.unit))

    before = wall(client, draw)
    assert before.count("stroke-dasharray") == 10
    assert dice_on(before) == 0
    assert DICE not in before
    assert 'href="/desk/draws/210504-2026Q3-01/stage/?at=1"' in before

    draw_actions.enter_value(draw=draw, position=1, value=DICE, by=make_approver(draw.unit))
    after = wall(client, draw, "?at=1")
    assert [after.count(f'aria-label="{n} 点"') for n in "123456"] == [DICE.count(n) for n in "123456"]
    assert "stroke-dasharray" not in after
    assert "全部一致" in after


@pytest.mark.clause("七(二)-c")
def test_the_wall_shows_a_value_it_waited_for_before_it_goes_on(client):
    draw = make_sealed_draw(sources=DICE_THEN_LOTTERY)
    move_clock(clock.now() + timedelta(days=2, hours=1))
    client.force_login(make_planner(draw.unit))
    type_alike(draw, 1, DICE)

    assert dice_on(wall(client, draw, "?at=1")) == 10
    following = wall(client, draw)
    assert "七星彩第2026183期" in following
    assert dice_on(following) == 0
    assert 'stage/?at=2"' in following

    assert "还没有人录入" in wall(client, draw, "?at=2")
    assert "还没有人录入" in wall(client, draw, "?at=nonsense")


@pytest.mark.clause("七(二)-c")
def test_once_all_agree_only_the_planner_has_the_button(client):
    draw = make_sealed_draw(sources=DICE_THEN_LOTTERY, values_agreed=True)

    client.force_login(make_observer())
    watching = wall(client, draw)
    assert "等计划员抽取" in watching
    assert "抽取</button>" not in watching
    client.force_login(make_planner(draw.unit))
    page = wall(client, draw, "?light=1")
    assert "按空格抽取" in page
    assert '<button class="btn" type="submit" data-next>抽取</button>' in page
    assert DICE in page

    sent = client.post(
        f"/desk/draws/{draw.draw_id}/hold/", {"form_key": str(uuid.uuid4()), "from": "stage", "light": "1"}
    )
    assert sent["Location"] == f"/desk/draws/{draw.draw_id}/stage/?light=1"


def test_before_the_announced_hour_there_is_no_button(client):
    plan = make_published_plan()
    plan.draw_at += timedelta(days=1)
    plan.save()
    draw = make_sealed_draw(plan=plan)
    move_clock(clock.now() + timedelta(days=2, hours=1))
    type_alike(draw, 1, LOTTERY)
    client.force_login(make_planner(draw.unit))

    page = wall(client, draw)

    assert "公示的抽取时间是 7 月 9 日" in page
    assert "抽取</button>" not in page


@pytest.mark.clause("七(五)-o")
def test_a_held_draw_promises_its_names_for_later(client):
    draw = make_held_draw()
    client.force_login(make_planner(draw.unit))

    page = wall(client, draw)

    assert "9 月 25 日名单公开后" in "".join(line.strip() for line in page.splitlines())
    assert "防止检查前走漏" in page
    assert "已经公开" not in page
    assert not {name for name in names_of(draw) if name in page}


@pytest.mark.clause("一-f")
def test_a_released_draw_no_longer_speaks_as_if_sealed(client):
    draw = make_held_draw(released=True)
    client.force_login(make_observer())

    page = wall(client, draw)

    assert "已经公开，扫码核对" in page
    for false in ("防止检查前走漏", "名单公开后", "aria-current"):
        assert false not in page


@pytest.mark.clause("一-f")
def test_a_unit_that_opens_its_names_on_the_day_of_the_draw_shows_the_list(client):
    plan = make_published_plan(key=6, general=8)
    plan.release_at = plan.draw_at + timedelta(hours=1)
    plan.save()
    draw = make_held_draw(plan=plan)
    client.force_login(make_planner(draw.unit))
    sealed = wall(client, draw)
    assert not {name for name in names_of(draw) if name in sealed}

    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    page = wall(client, draw)

    assert {pick.facility.name for pick in draw.picks.all() if pick.facility.name in page} == {
        pick.facility.name for pick in draw.picks.all()
    }
    assert "重点对象　6 家抽" in page
    assert f"合计抽中 {draw.picks.count()} 家" in page


@pytest.mark.clause("七(二)-a", "七(二)-j")
def test_the_record_for_signing_has_counts_digests_and_places_but_no_name(at):
    draw = make_held_draw(sources=DICE_THEN_LOTTERY)

    html = draw_record.record_html(draw_record.record_facts(draw), site="https://site.example")

    for sign in ("抽取人：", "复核人：", "见证人：", "监督人："):
        assert sign in html
    assert '<svg class="qr"' in html
    assert DrawDocument.objects.get(kind="RESULT").digest in html
    assert draw.chain_entries.get(kind="RESULT").link in html
    assert f"抽中 {draw.picks.count()} 家" in html
    assert " ".join(DICE) in html
    assert not {name for name in names_of(draw) if name in html}


@pytest.mark.clause("七(二)-a", "七(二)-j")
@pytest.mark.skipif(not pdf.available(), reason="no Pango here")
def test_the_record_can_be_had_once_the_draw_is_held(client):
    draw = make_sealed_draw()
    client.force_login(make_user((Role.ARCHIVIST, draw.unit)))
    address = f"/desk/draws/{draw.draw_id}/record.pdf"

    assert client.get(address)["Location"] == f"/desk/draws/{draw.draw_id}/"
    agree_on_values(draw)
    draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    paper = client.get(address)
    assert paper.content.startswith(b"%PDF")
