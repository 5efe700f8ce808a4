"""Presses at one moment: of an act that happens once there is one, and everybody else is told (P01, P04, P15).

The acts are those of `acts.py`, fifty presses of each; five are part of the suite, where a failure at every fifth statement ends
with them (`test_every_statement.py`). Those of `one_world.py` are pressed in one world: fifty times each, and those that harm
most when they come twice five times in the suite. Which other acts there are, and why they may come again, stands in
`more_than_once.py`; `test_all_acts.py` finds an act that stands nowhere.
"""

from collections import Counter

import pytest

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.database import guards
from benxi_shuangsuiji.database.locks import LockingQuerySet
from benxi_shuangsuiji.notices.first_use.actions import fixed_day
from benxi_shuangsuiji.policy import first_use
from tests import database
from tests.access.world import OTHER, OWN, World, cast, make_world
from tests.factories import make_unit
from tests.failing import presses
from tests.failing.acts import ACTS
from tests.failing.once import Stage
from tests.failing.one_world import BEFORE_THE_FIRST_DRAW, IN_ONE_WORLD
from tests.failing.test_every_statement import NOTHING

pytestmark = [pytest.mark.commits]
PRESSES = 50
# That of the world itself is about a drawn check, which has no such page; another is raced (`of_followups.py`).
NOT_RACED = {"inspections.swap"}
IN_THE_SUITE = 5


@pytest.mark.promise("P01", "P15")
@pytest.mark.slow("moments")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_fifty_presses_at_one_moment_do_it_once(act, own_database, at):
    press = act.make().read()
    answers = presses.at_once(press, PRESSES)
    assert act.done().count() == act.many
    # Whoever waited too long, or found no connection left, reads so: with a lock of 3 s and fifty at once some do.
    assert {a.status_code for a in answers} <= {200, 302, 409, 503}, [a.status_code for a in answers]
    assert all(map(said_of_503, answers))


def said_of_503(answer) -> bool:
    return answer.status_code != 503 or any(words in answer.content.decode() for words in NOTHING)


@pytest.mark.slow("moments")
def test_without_the_lock_the_race_happens(own_database, at, monkeypatch):
    """The set-up has teeth: neither held nor guarded, a plan is approved by several of those who press together."""
    (act,) = (a for a in ACTS if a.name == "approve")
    press = act.make().read()
    with database.owner_connection(name=own_database) as cursor:
        cursor.execute("ALTER TABLE plans_quarterlyplan DISABLE TRIGGER USER")
    monkeypatch.setattr(LockingQuerySet, "locked", lambda self, pk, *along, **_: self.select_related(*along).get(pk=pk))
    assert sum(map(presses.was_done, presses.at_once(press, 10))) > 1


@pytest.mark.promise("P15")
@pytest.mark.slow("moments")
def test_each_act_that_the_one_world_holds_is_done_once(own_database, at, tmp_path, settings):
    """Of many presses at one moment one is carried out; everybody else reads why not, and nothing breaks."""
    settings.MEDIA_ROOT = tmp_path / "media"
    stage = staged()
    waited = waiting()
    assert wrong_of(stage, IN_ONE_WORLD, PRESSES) == []
    assert {str(type(asked)._meta) for asked in waited & waiting()} == NOT_RACED  # what waits has a race


@pytest.mark.promise("P15")
def test_each_act_that_harms_when_it_comes_twice_is_done_once(own_database, at, tmp_path, settings):
    """Five windows of one person, of what cannot be taken back: published, withdrawn, approved, granted, drawn, bound."""
    settings.MEDIA_ROOT = tmp_path / "media"
    assert wrong_of(staged(), [act for act in IN_ONE_WORLD if act.daily], IN_THE_SUITE) == []


@pytest.mark.promise("P15")
@pytest.mark.slow("moments")
def test_what_is_possible_only_before_the_first_draw_is_done_once(own_database, at, tmp_path, settings):
    """The day of first use is asked of the database, and nothing of the one world is there yet (二-a)."""
    settings.MEDIA_ROOT = tmp_path / "media"
    world = World(make_unit(OWN), make_unit(OTHER), {}, None)
    fixed_day.forget()
    first_use.use(fixed_day)
    try:
        assert wrong_of(Stage(world, cast(world)), BEFORE_THE_FIRST_DRAW, PRESSES) == []
    finally:
        first_use.use(None)
        fixed_day.forget()


def staged() -> Stage:
    world = make_world()
    return Stage(world, cast(world))


def wrong_of(stage: Stage, acts, many: int) -> list[str]:
    """What was done more than once or not at all, or answered by an error."""
    wrong = []
    for act in acts:
        entries = AuditEntry.objects.count()
        try:
            press = act.press(stage).read()
            answers = presses.at_once(press, many)
        except Exception as trouble:
            wrong.append(f"{act.name}: {str(trouble)[:400]}")
            continue
        codes = Counter(a.status_code for a in answers)
        done = act.left(press).count() if act.left else sum(map(presses.was_done, answers))
        if done != 1 or set(codes) - {302, 409, 200, 404, 503} or not all(map(said_of_503, answers)):
            wrong.append(f"{act.name}: {done} done, {codes}, {AuditEntry.objects.count() - entries} entries")
    return wrong


def waiting() -> set:
    """What one has asked for and nobody has decided."""
    return {asked for model in guards.decisions() for asked in model._base_manager.filter(state="ASKED")}
