"""Presses at one moment: of an act that happens once there is one, and everybody else is told (P01, P04, P15).

The acts are those of `acts.py`; five presses of each are part of the suite, where a failure at every fifth statement ends
with them (`test_every_statement.py`).
"""

import pytest

from benxi_shuangsuiji.database.locks import LockingQuerySet
from tests import database
from tests.failing import presses
from tests.failing.acts import ACTS
from tests.failing.test_every_statement import NOTHING

pytestmark = [pytest.mark.commits]
PRESSES = 50


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
