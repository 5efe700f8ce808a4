"""50 people press 抽取 at one moment: one draw, 49 refusals (七(二)-d, reliability.md P01)."""

import http.client
import threading
import uuid
from datetime import timedelta
from itertools import pairwise
from urllib.parse import urlencode, urlsplit

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.urls import reverse
from django.utils import timezone

from benxi_shuangsuiji.accounts import fresh
from benxi_shuangsuiji.refusal import Refused
from plans.draw import actions as draw_actions
from plans.models import ChainEntry, DrawDocument, DrawStatus, Pick, ValueEntry
from tests.factories import make_approver, make_planner, make_unit
from tests.plans.draw.factories import VALUES, agree_on_values, make_sealed_draw, move_clock

PRESSES = 50
CSRF = "a" * 32


def signed_in(user) -> str:
    """The cookie of a session made by force: 50 logins would test the password hasher."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[fresh.SESSION_KEY] = timezone.now().isoformat()  # and the password was typed just now
    session.create()
    return session.session_key


def press_together(site, path, sessions):
    """Send one POST per session at the same moment; return the status codes."""
    address = urlsplit(site)
    barrier = threading.Barrier(len(sessions))
    answers = []

    def connect():
        # One after the other, so that the test's small server has taken each line before all 50 are used at once.
        client = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
        client.connect()
        return client

    def press(session, client):
        body = urlencode({"csrfmiddlewaretoken": CSRF, "form_key": uuid.uuid4()})
        headers = {
            "Cookie": f"sessionid={session}; csrftoken={CSRF}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        barrier.wait()
        client.request("POST", path, body, headers)
        response = client.getresponse()
        answers.append((response.status, response.read().decode()))
        client.close()

    threads = [threading.Thread(target=press, args=(session, connect())) for session in sessions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.promise("P01")
@pytest.mark.clause("七(二)-d")
def test_fifty_presses_give_one_draw_and_49_refusals(site):
    draw = make_sealed_draw(values_agreed=True)
    planners = [make_planner(draw.unit) for _ in range(5)]
    sessions = [signed_in(planners[n % len(planners)]) for n in range(PRESSES)]

    answers = press_together(site, reverse("plans:draw-hold", args=[draw.draw_id]), sessions)

    assert sorted(status for status, _ in answers) == [302] + [409] * (PRESSES - 1)
    assert all("名单一经确定不得随意变更" in page for status, page in answers if status == 409)
    draw.refresh_from_db()
    assert draw.status == DrawStatus.DRAWN
    assert DrawDocument.objects.filter(kind="RESULT").count() == 1
    assert list(ChainEntry.objects.order_by("seq").values_list("kind", flat=True)) == ["FREEZE", "RESULT", "SLIPS"]
    # 重点 2, 一般 1, 特殊 1: one draw's picks, not fifty's.
    assert Pick.objects.count() == 4


@pytest.mark.clause("七(二)-d")
def test_two_units_that_seal_and_draw_at_one_moment_follow_each_other_in_the_chain(own_database):
    draws = [make_sealed_draw(make_unit(f"21050{n}")) for n in (2, 3, 4)]
    for draw in draws:
        agree_on_values(draw)
    planners = [make_planner(draw.unit) for draw in draws]

    at_once([lambda d=d, p=p: draw_actions.hold_draw(draw=d, by=p) for d, p in zip(draws, planners, strict=True)])

    entries = list(ChainEntry.objects.order_by("seq"))
    assert [entry.seq for entry in entries] == list(range(1, 10))
    assert all(later.prev == entry.link for entry, later in pairwise(entries))
    kinds = [(entry.kind, entry.draw_id) for entry in entries[3:]]
    assert [k for k, _ in kinds] == ["RESULT", "SLIPS"] * 3
    assert all(kinds[n][1] == kinds[n + 1][1] for n in (0, 2, 4))


def test_one_person_in_two_windows_is_still_one_person(own_database):
    draw = make_sealed_draw()
    planner = make_planner(draw.unit)
    make_approver(draw.unit)
    move_clock(draw.plan.sources.get().due + timedelta(minutes=1))

    refusals = at_once(
        [lambda: draw_actions.enter_value(draw=draw, position=1, value=VALUES["LOTTERY"], by=planner)] * 2
    )

    assert ValueEntry.objects.count() == 1
    assert [str(r) for r in refusals if r] == ["本人已经录入过，一个人不能算两个人。由另一个人独立录入。"]


def at_once(acts):
    """Run the acts in threads of their own that begin together; return what was refused."""
    barrier, refusals = threading.Barrier(len(acts)), []

    def run(act):
        barrier.wait()
        try:
            act()
        except Refused as refusal:
            refusals.append(refusal)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals
