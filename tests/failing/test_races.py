"""Presses at one moment: of an act that happens once there is one, and everybody else is told (P01, P04, P15).

The acts are those of `acts.py`, fifty presses of each; five are part of the suite, where a failure at every fifth statement ends
with them (`test_every_statement.py`). Those of `one_world.py` are pressed ten times each, in one world. Which other acts there
are, and what holds them to once, stands in `more_than_once.py`; `test_all_acts.py` finds an act that stands nowhere.
"""

import pytest

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.database import guards
from benxi_shuangsuiji.database.locks import LockingQuerySet
from tests import database
from tests.access.world import cast, make_world
from tests.failing import presses
from tests.failing.acts import ACTS
from tests.failing.one_world import IN_ONE_WORLD
from tests.failing.test_every_statement import NOTHING

pytestmark = [pytest.mark.commits]
PRESSES = 50
# No race yet: `one_pending_swap_of_a_person` and `stays_decided` hold it (`more_than_once.py`).
NOT_RACED = {"inspections.swap"}
TOGETHER = 10  # of each act of the one world, one after another


@pytest.mark.promise("P01", "P15")
@pytest.mark.slow("moments")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_fifty_presses_at_one_moment_do_it_once(act, own_database, at):
    press = act.make().read()
    answers = presses.at_once(press, PRESSES)
    assert act.done().count() == act.many
    # Whoever waited too long, or found no connection left, reads so: with a lock of 3 s and fifty at once some do.
    assert {a.status_code for a in answers} <= {200, 302, 409, 503}, [a.status_code for a in answers]
    assert all(any(words in a.content.decode() for words in NOTHING) for a in answers if a.status_code == 503)


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
    world = make_world()
    people, wrong, waited = cast(world), [], waiting()
    for act in IN_ONE_WORLD:
        entries = AuditEntry.objects.count()
        try:
            answers = presses.at_once(act.press(world, people).read(), TOGETHER)
        except Exception as trouble:
            wrong.append(f"{act.name}: {str(trouble)[:400]}")
            continue
        codes, done = sorted(a.status_code for a in answers), sum(map(presses.was_done, answers))
        if done != 1 or set(codes) - {302, 409, 200, 404}:
            wrong.append(f"{act.name}: {done} done, {codes}, {AuditEntry.objects.count() - entries} entries")
    assert wrong == []
    assert {str(type(asked)._meta) for asked in waited & waiting()} == NOT_RACED  # what waits has a race


def waiting() -> set:
    """What one has asked for and nobody has decided."""
    return {asked for model in guards.decisions() for asked in model._base_manager.filter(state="ASKED")}
