"""kill -9 at every step of the worker's rounds: the night over what is stored, the morning's reminders (四(3)-b, P12)."""

import hashlib
import os
from datetime import date, timedelta
from email import message_from_bytes

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.models import FileRound, FileTrouble
from benxi_shuangsuiji.notices.first_use import actions as first_use_actions
from benxi_shuangsuiji.notices.models import Duty, Message, OutgoingMail, Reminder
from tests import database
from tests.factories import make_planner, make_supervisor, make_unit
from tests.killed.harness import Worker, more, state, stored

pytestmark = [pytest.mark.commits, pytest.mark.slow("killed")]
NIGHT = "benxi_shuangsuiji.documents.looking.look_over"
MORNING = "benxi_shuangsuiji.notices.tasks.daily+benxi_shuangsuiji.notices.tasks.deliver+benxi_shuangsuiji.notices.tasks.send_mails"


@pytest.fixture
def worker(own_database, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    made = Worker(own_database, tmp_path)
    yield made
    made.end()


def forget(name, table):
    """What would keep the next try from taking the same steps as the first."""
    with database.owner_connection(name=name) as cursor:
        cursor.execute(f"DELETE FROM {table}")


@pytest.mark.clause("四(3)-b")
def test_a_night_over_what_is_stored_that_is_killed_at_every_step_is_gone_through_once(
    worker, own_database, at, tmp_path
):
    make_supervisor(email="jiandu@example.org")
    kept = [files.store(name=f"{n}.txt", content=b"%d" % n, content_type="text/plain") for n in range(3)]
    (damaged,) = [path for path in stored(tmp_path) if path.name == kept[0].sha256]
    damaged.write_bytes(b"other")

    def evening(n):
        """Bytes of long ago that no row knows; the trouble of the night before is as if it had never been told."""
        moment = at(database.START.replace(hour=1, minute=30) + timedelta(days=n + 1))
        forget(own_database, FileTrouble._meta.db_table)
        stray = damaged.parent / hashlib.sha256(b"%d" % n).hexdigest()
        stray.write_bytes(b"lost")
        os.utime(stray, ((moment - timedelta(days=8)).timestamp(),) * 2)
        return state(own_database)

    before = evening(0)
    said = worker.do(NIGHT)
    assert said.endswith("ended") and not said.startswith("0 ")
    left = more(before, state(own_database))
    assert left["documents_fileround"] == left["notices_message"] == left["notices_outgoingmail"] == 1

    step = 0
    while True:
        step += 1
        before = evening(step)
        said = worker.do(NIGHT, step)
        if said == "killed":
            worker.do(NIGHT)
        assert more(before, state(own_database)) == left, step
        night = FileRound.objects.get(day=clock.today())
        assert night.finished_at and (night.files, night.wrong) == (3, 1), step
        assert FileTrouble.objects.get().sha256 == kept[0].sha256
        assert {path.name for path in stored(tmp_path)} == {file.sha256 for file in kept}, step
        if said != "killed":
            break
    assert step > 20 and said == f"{step - 1} ended"


@pytest.mark.promise("P12")
def test_a_morning_of_reminders_that_is_killed_at_every_step_reminds_everybody_once(worker, own_database, at, tmp_path):
    planner = make_planner(make_unit(), email="jihua@example.org")
    at("2026-06-20 10:00")
    first_use_actions.set_first_use(day=date(2026, 7, 1), document="本环发〔2026〕1号")
    today = at("2026-07-07 07:31").date()
    mails = tmp_path / "mails"

    def something_due(n):
        Duty.objects.open().update(closed_at=clock.now())
        forget(own_database, "notices_heartbeat")
        day = today + timedelta(days=1)
        held = {
            "rule": "T-1",
            "unit": make_unit(),
            "role": Role.PLANNER,
            "title": f"第 {n} 件",
            "due": day,
            "target": day,
        }
        Duty.objects.create(period=f"{n}", **held)
        for mail in mails.glob("*"):
            mail.unlink()
        return state(own_database)

    worker.do(MORNING)  # opens what the year has for this day
    before = something_due(0)
    assert worker.do(MORNING).endswith("ended")
    left = more(before, state(own_database))
    assert left["notices_reminder"] == left["notices_message"] == left["notices_outgoingmail"] == 1

    step, twice = 0, []
    while True:
        step += 1
        before = something_due(step)
        said = worker.do(MORNING, step)
        if said == "killed":
            OutgoingMail.objects.filter(sent_at=None).update(due_at=None)  # as if the claim of the killed had run out
            worker.do(MORNING)
        assert more(before, state(own_database)) == left, step
        assert Message.objects.filter(user=planner, title__endswith=f"第 {step} 件").count() == 1, step
        assert (
            not Reminder.objects.filter(sent_at=None).exists()
            and not OutgoingMail.objects.filter(sent_at=None).exists()
        )
        sent = ids_of(mails)
        assert len(set(sent)) == 1, (
            step
        )  # a mail that went out just before the death goes once more, and is known again
        twice += [step] if len(sent) == 2 else []
        if said != "killed":
            break
    assert step > 20 and said == f"{step - 1} ended" and len(twice) <= 4, twice


def ids_of(mails) -> list[str]:
    parts = [part for file in mails.glob("*") for part in file.read_bytes().split(b"-" * 79) if part.strip()]
    return [message_from_bytes(part.lstrip())["Message-ID"] for part in parts]
