"""The public page of a draw with an amendment: nothing before the release, everything after (decisions.md 3; SSJ1 8.3)."""

import hashlib
import json

import pytest
from django.test import Client

from plans.amendments import actions as amend_actions
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import ChangeReason, Pick
from tests.factories import make_approver, make_planner
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import make_held_draw, move_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def make_amended():
    draw = make_held_draw(key=12, general=0, special=0, inspectors=6)
    gone, other = draw.picks.order_by("no")[:2]
    leaves = other.team.members.first().inspector
    for n, what in enumerate(
        [
            {"reason": ChangeReason.HALT, "picks": [gone]},
            {"reason": ChangeReason.RECUSE, "picks": [other], "inspector": leaves},
        ],
        1,
    ):
        what |= grounds(what["reason"], *what["picks"])
        asked = amend_actions.ask_for_amendment(draw=draw, evidence="证明", by=make_planner(draw.unit), **what)
        amend_actions.approve_amendment(request=asked, by=make_approver(draw.unit), document_no=f"本环更〔2026〕{n} 号")
    return draw, gone, leaves


def get(url):
    return Client().get(url)


@pytest.mark.clause("七(五)-o", "七(二)-g")
def test_before_the_release_the_public_sees_that_the_chain_grew_and_no_more():
    draw, _gone, _leaves = make_amended()
    own = f"/draws/{draw.draw_id}/"

    page = get(own).content.decode()
    assert 'id="amendments"' not in page
    assert "本环更" not in page
    assert get(f"{own}amend-1.txt").status_code == 404
    bundle = json.loads(get(f"{own}bundle.json").content)
    assert (bundle["amends"], bundle["result"]) == ([], None)
    assert ssj1.verify(bundle).ok
    slips = get(f"{own}slips-1.txt").content
    assert hashlib.sha256(slips).hexdigest() == draw.documents.get(kind="SLIPS", number=1).digest
    tickets = {pick.ticket[:12] for pick in Pick.objects.filter(draw=draw)}
    for url in (own, f"{own}slips-1.txt", f"{own}bundle.json", "/", "/draws/"):
        assert not {ticket for ticket in tickets if ticket in get(url).content.decode()}


@pytest.mark.clause("一-f", "七(二)-g")
def test_after_the_release_old_and_new_stand_side_by_side_and_the_bundle_agrees():
    draw, gone, leaves = make_amended()
    draw.refresh_from_db()
    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    own = f"/draws/{draw.draw_id}/"
    came = Pick.objects.get(draw=draw, amendment=1)

    page = get(own).content.decode()

    assert f"<s>{gone.facility.name}</s>" in page
    assert "第 1 次更换：停产停业" in page
    assert f"{came.facility.name}补入，签号 {came.ticket[:4]} {came.ticket[4:8]} {came.ticket[8:12]}" in page
    assert "本环更〔2026〕1 号" in page
    assert f"{leaves.code}离开" in page
    assert leaves.name not in page
    assert "AMEND" not in page
    bundle = json.loads(get(f"{own}bundle.json").content)
    assert len(bundle["amends"]) == 2
    report = ssj1.verify(bundle)
    assert report.ok, report
    for n in (1, 2):
        text = get(f"{own}amend-{n}.txt").content
        assert hashlib.sha256(text).hexdigest() == draw.documents.get(kind="AMEND", number=n).digest
    bundle["amends"][0] = bundle["amends"][0].replace("HALT", "CLOSED")
    assert not ssj1.verify(bundle).ok
