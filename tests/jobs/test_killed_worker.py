"""A killed worker loses no reminder and sends none twice (reliability.md P12)."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import RoleGrant, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.models import Message, OutgoingMail, Reminder
from tests import database
from tests.factories import make_unit

pytestmark = pytest.mark.slow("processes")

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = 600
DELIVER = """
import django, sys
django.setup()
from benxi_shuangsuiji.notices import tasks
sys.stdout.write("ready\\n"); sys.stdout.flush()
tasks.deliver()
tasks.send_mails()
"""


def worker(name):
    return subprocess.Popen(
        [sys.executable, "-c", DELIVER],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "benxi_shuangsuiji.settings",
            "DATABASE_URL": database.with_name(os.environ["DATABASE_URL"], name),
            "EMAIL_URL": "dummymail://",
        },
    )


@pytest.mark.promise("P12")
def test_killed_deliveries_lose_nothing_and_repeat_nothing(own_database):
    duty = duties.ensure("D-2", unit := make_unit(), "2026Q3")
    users = User.objects.bulk_create(
        [User(username=f"u{n}", full_name=f"人{n}", email=f"u{n}@example.org", password="!") for n in range(PEOPLE)]
    )
    today = clock.today()
    # Whoever has no part in a duty is reminded of none.
    RoleGrant.objects.bulk_create(
        [RoleGrant(user=u, unit=unit, role=Role.PLANNER, valid_from=today, document="任命") for u in users]
    )
    Reminder.objects.bulk_create([Reminder(key=f"k{u.pk}", duty=duty, user=u, due_on=today) for u in users])
    chance, kills = random.Random(7), 0
    for _ in range(5):
        pair = [worker(own_database), worker(own_database)]
        for process in pair:
            process.stdout.readline()
        time.sleep(chance.uniform(0.02, 0.5))
        for process in pair:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                kills += 1
            process.wait()
            process.stdout.close()
    OutgoingMail.objects.filter(sent_at=None).update(due_at=None)  # as if the claims of the killed had run out
    last = worker(own_database)
    last.communicate(timeout=60)
    assert last.returncode == 0
    assert kills >= 3
    assert Reminder.objects.filter(sent_at__isnull=True).count() == 0
    assert Message.objects.count() == Message.objects.values("user").distinct().count() == PEOPLE
    assert OutgoingMail.objects.count() == OutgoingMail.objects.filter(sent_at__isnull=False).count() == PEOPLE
