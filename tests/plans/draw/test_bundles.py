"""The evidence of a draw passes the verifier that anybody can download (一-f, SSJ1 11, 12)."""

import subprocess
import sys

import pytest

from benxi_shuangsuiji.refusal import Refused
from plans.draw import bundles, ssj1
from plans.draw.actions import hold_draw, release_due
from plans.models import ChainEntry
from tests.database import ROOT
from tests.factories import make_planner, make_unit
from tests.plans.draw.factories import (
    agree_on_values,
    make_held_draw,
    make_prepared_draw,
    make_sealed_draw,
    move_clock,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def verified_alone(bundle, folder):
    """Run the verifier as a citizen does: a file and Python."""
    path = folder / "bundle.json"
    path.write_text(ssj1.bundle_json(bundle), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", str(ROOT / "plans/draw/ssj1.py"), "verify", str(path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={"PYTHONUTF8": "1"},
    )


@pytest.mark.clause("一-f", "七(二)-c")
def test_the_sealed_bundle_verifies_and_names_nobody(tmp_path):
    draw = make_held_draw()
    bundle = bundles.bundle_of(draw, released=False)
    run = verified_alone(bundle, tmp_path)

    assert (run.returncode, run.stdout.splitlines()[0]) == (0, "核验一致：已公开的部分没有被改动。")
    assert (bundle["roster"], bundle["seed"], bundle["result"]) == (None, None, None)
    assert ssj1.verify(bundle).warnings == ("W_SEALED",)
    text = ssj1.bundle_json(bundle)
    assert not [pick.ticket for pick in draw.picks.all() if pick.ticket in text]


@pytest.mark.clause("一-f", "七(二)-c")
def test_the_released_bundle_verifies_from_the_list_to_the_teams(tmp_path):
    draw = make_held_draw(released=True, key=9, general=12, special=2, inspectors=6)
    run = verified_alone(bundles.bundle_of(draw, released=True), tmp_path)

    assert (run.returncode, run.stdout.splitlines()[0]) == (0, "核验一致：重算结果与文书完全相同。")


@pytest.mark.clause("一-f")
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [("\tin\n", "\tout:HALT\n", "E_FRAME_DIGEST"), ("value\tLOTTERY\t02,05", "value\tLOTTERY\t03,05", "E_RESULT_LINK")],
)
def test_a_bundle_that_was_touched_fails(old, new, code):
    bundle = bundles.bundle_of(make_held_draw(released=True), released=True)
    bundle["frames"] = [text.replace(old, new, 1) for text in bundle["frames"]]
    bundle["seed"] = bundle["seed"].replace(old, new)

    assert ssj1.verify(bundle).error == code


def test_the_whole_bundle_is_refused_before_the_release_and_any_before_the_freeze():
    draw = make_held_draw()
    with pytest.raises(Refused, match="名单还没有公开"):
        bundles.bundle_of(draw, released=True)
    with pytest.raises(Refused, match="名单还没有封存"):
        bundles.bundle_of(make_prepared_draw(make_unit("210503")), released=False)


@pytest.mark.clause("一-f", "七(二)-d")
def test_the_chain_of_three_units_passes_the_history_check():
    """Draws of different units interleave in one chain; none can be left out or repeated."""
    draws = [make_sealed_draw(make_unit(code)) for code in ("210502", "210503", "210504")]
    held = []
    for draw in draws:
        agree_on_values(draw)
        held.append(hold_draw(draw=draw, by=make_planner(draw.unit)))
    chain = list(ChainEntry.objects.order_by("seq").values_list("text", flat=True))

    sealed = [bundles.bundle_of(draw, released=False) for draw in held]
    assert ssj1.check_history(chain, sealed).ok
    assert ssj1.check_history(chain, sealed[:2]).error == "E_CHAIN_DOC"

    move_clock(held[0].release_at)
    released = [bundles.bundle_of(draw, released=True) for draw in release_due(held[0].release_at)]
    assert len(released) == 3
    assert ssj1.check_history(chain, released).ok
