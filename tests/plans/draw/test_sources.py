"""Kinds of public sources in a whole draw: announced, typed by two, shown and verified (SSJ1 5.2, 5.3)."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from disclosure.draws import documents as public_documents
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import SourceKind, ValueEntry
from tests.factories import make_approver, make_planner, make_supervisor
from tests.plans.draw.factories import VALUES, make_prepared_draw, make_sealed_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
SOURCES = (
    (SourceKind.DIGITS, "七星彩第26078期", timedelta(hours=1)),
    (SourceKind.BEACON, "国家随机信标第88号", timedelta(hours=2)),
)


def type_in(client, draw, position, value):
    return client.post(
        f"/desk/draws/{draw.draw_id}/entry/",
        {"position": position, f"s{position}-value": value, "form_key": str(uuid.uuid4())},
        follow=True,
    )


@pytest.mark.clause("七(二)-c")
def test_a_draw_by_digits_and_a_beacon_goes_through_the_pages_and_verifies(at):
    at("2026-07-06 10:00")
    draw = make_sealed_draw(sources=SOURCES)
    at("2026-07-06 12:30")
    planner, watcher = Client(), Client()
    planner.force_login(make_planner(draw.unit))
    watcher.force_login(make_supervisor())

    assert "7 至 40 位数字" in type_in(planner, draw, 1, "407135").content.decode()
    assert "十六进制" in type_in(planner, draw, 2, "9d1g" * 32).content.decode()
    assert not ValueEntry.objects.exists()

    type_in(planner, draw, 1, "407 1358")
    type_in(watcher, draw, 1, "4071358")
    type_in(planner, draw, 2, "9D1F" * 32)
    differing = type_in(watcher, draw, 2, "9d1f" * 31 + "9d1e").content.decode()
    assert "第 32 个四位一组的数不同（9d1f / 9d1e）" in differing
    type_in(watcher, draw, 2, "9d1f " * 32)
    assert VALUES[SourceKind.BEACON] in planner.get(f"/desk/draws/{draw.draw_id}/stage/").content.decode()

    draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    found = public_documents.draw_of(draw.draw_id)
    assert found.values == {1: VALUES[SourceKind.DIGITS], 2: VALUES[SourceKind.BEACON]}
    at("2026-09-25 18:01")
    draw_actions.release_draw(draw=draw)
    assert ssj1.verify(public_documents.bundle_of(public_documents.draw_of(draw.draw_id))).ok


@pytest.mark.parametrize(("inspectors", "said"), [(4, "每家都能配齐检查小组"), (1, "1 人可派往")])
def test_before_the_seal_it_is_said_whether_everybody_could_get_a_team(inspectors, said):
    draw = make_prepared_draw(inspectors=inspectors)
    client = Client()
    client.force_login(make_approver(draw.unit))
    assert said in client.get(f"/desk/draws/{draw.draw_id}/prepare/").content.decode()
