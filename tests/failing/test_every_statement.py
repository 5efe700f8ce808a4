"""A failure at every statement of the acts that count: all of it or nothing, said in words, and once when it is sent again.

P01, P03, P13, P14 and P25 of reliability.md, section H. The worlds are committed to databases of their own, the forms are those of
the pages, and PostgreSQL itself breaks the statement or the connection. Everything of the database is compared, but who was
seen when. In `check_all` every statement in both ways, in the suite every fifth, in turn the one way and the other.
"""

import uuid
from contextlib import nullcontext
from types import SimpleNamespace

import pytest
from django.core import mail
from django.test import Client

from benxi_shuangsuiji.forms import keys
from tests.browsing import signed_in
from tests.failing.acts import ACTS, Act
from tests.failing.breaking import COMMIT, COMMITTED, KINDS, Breaking
from tests.failing.presses import at_once
from tests.killed.harness import state, stored

pytestmark = [pytest.mark.commits]
INSIDE = ("psycopg", "Traceback", "SELECT", "/run/", "sj_web", "django", "pg_")
TOGETHER = 5  # fifty in `test_races.py`
NOTHING = ("这一步没有执行", "什么也没有改")


@pytest.fixture
def kept_in(own_database, tmp_path, settings, at):
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path


def browser_of(press) -> Client:
    """Signed in and about to press; the server's answer is what counts, not what is raised inside."""
    browser = signed_in(press.user)
    browser.raise_request_exception = False
    return browser


def send(press, browser, key, breaking: Breaking):
    with breaking.inside():
        return press.send(browser, key)


def wrong_with(answer, case) -> list[str]:
    """What a person is told: that nothing was done and that it can be sent again, with nothing of the inside."""
    said = answer.content.decode()
    found = [f"{case}: {word}" for word in INSIDE if word in said]
    if answer.status_code != 503 or answer.get("Retry-After") != "60":
        found.append(f"{case}: {answer.status_code}")
    if not any(words in said for words in NOTHING):
        found.append(f"{case}: {said[:300]}")
    return found


def broken_everywhere(act: Act, own_database, kept_in, every: int) -> None:
    press = act.make().read()
    browser, key = browser_of(press), str(uuid.uuid4())
    before, files = state(own_database), stored(kept_in)
    wrong = []

    def changed() -> list[str]:
        now = state(own_database)
        return [f"{table} {before[table]} → {now[table]}" for table in now if now[table] != before[table]]

    def broken(kind, at) -> Breaking:
        breaking = Breaking(kind, at)
        answer = send(press, browser, key, breaking)
        case = f"{act.name} {kind} at {at}: {breaking.broken}"
        wrong.extend(wrong_with(answer, case))
        if every == 1:
            wrong.extend(f"{case}: {what}" for what in changed())
        if stored(kept_in) != files or mail.outbox:
            wrong.append(f"{case}: left {set(stored(kept_in)) - set(files)}, {len(mail.outbox)} mails")
        return breaking

    n = max(broken(kind, COMMIT).upto_commit for kind in KINDS)
    kinds = list(KINDS)
    for step in range(1, n + 1, every):
        for kind in kinds if every == 1 else [kinds[step // every % 2]]:
            broken(kind, step)
    assert not wrong + changed(), "\n".join(wrong + changed())
    assert abs(n - act.statements) <= act.statements * 0.2, f"{act.name}: {n} statements; the row of the table is old"

    assert act.done().count() == 0
    answers = at_once(press, TOGETHER, key)  # now it goes through, however many press, the same form again among them
    assert act.done().count() == act.many
    assert {answer.status_code for answer in answers} <= {200, 302, 409}
    again = send(press, browser, key, Breaking())
    assert again.status_code in (302, 409) and act.done().count() == act.many


@pytest.mark.slow("moments")
@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.name)
def test_broken_at_every_statement_an_act_is_done_once_or_not_at_all(act, own_database, kept_in):
    broken_everywhere(act, own_database, kept_in, 1)


@pytest.mark.promise("P03", "P13", "P14", "P25")
@pytest.mark.clause("七(二)-d", "七(二)-f", "八(二)-b")
@pytest.mark.parametrize("act", ACTS[:-1], ids=lambda act: act.name)
def test_broken_at_every_fifth_statement_an_act_is_done_once_or_not_at_all(act, own_database, kept_in):
    broken_everywhere(act, own_database, kept_in, 5)


@pytest.mark.parametrize(
    "act", [pytest.param(a, marks=[] if a.name == "publish" else pytest.mark.slow("moments"), id=a.name) for a in ACTS]
)
def test_a_connection_that_is_gone_after_the_commit_takes_nothing_back(act, own_database, kept_in):
    """Whoever then sends the form again, not knowing, is led to what was done; nobody is told that nothing was."""
    press = act.make().read()
    browser, key = browser_of(press), str(uuid.uuid4())
    answer = send(press, browser, key, Breaking("killed", COMMITTED))
    assert act.done().count() == act.many
    assert answer.status_code == 302 or not any(words in answer.content.decode() for words in NOTHING)
    once = state(own_database)
    again = send(press, browser, key, Breaking())
    assert again.status_code == 302 and state(own_database) == once


@pytest.mark.slow("moments")
def test_what_is_not_one_transaction_would_be_seen(own_database, kept_in, monkeypatch):
    """The set-up has teeth: without the transaction around a form, its key stays behind when the rest fails."""
    monkeypatch.setattr(keys, "transaction", SimpleNamespace(atomic=nullcontext))
    (act,) = (a for a in ACTS if a.name == "submit a list")
    with pytest.raises(AssertionError, match="foundation_formkey"):
        broken_everywhere(act, own_database, kept_in, 1)
