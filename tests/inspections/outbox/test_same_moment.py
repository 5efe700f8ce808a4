"""The same thing sent at the same moment: by the page and by the worker, by two windows (七(五)-l)."""

import threading
import uuid

import pytest
from django.db import connection

from inspections.models import Receipt
from tests.browsing import signed_in
from tests.inspections.factories import make_started, team_of
from tests.inspections.outbox.test_receiving import answering, page_of, send


@pytest.mark.commits
@pytest.mark.slow("processes")
def test_the_same_thing_sent_at_the_same_moment_acts_once(own_database):
    visit = make_started()
    user, point, key = team_of(visit)[0].user, visit.answers.first(), uuid.uuid4()
    answers = []

    def once():
        answers.append(send(signed_in(user), page_of(visit), answering(point), key=key).json())
        connection.close()

    threads = [threading.Thread(target=once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4 and all(answer == answers[0] for answer in answers)
    assert Receipt.objects.count() == 1
