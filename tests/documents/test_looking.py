"""What is stored is there once, survives a death in the middle, and is read again each night (四(3)-b)."""

import os
import time
from datetime import timedelta

import pytest
from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.documents import files, looking, vault
from benxi_shuangsuiji.documents.models import FileRound, FileTrouble, StoredFile
from benxi_shuangsuiji.notices.models import Message
from tests.browsing import queries, signed_in, text_of
from tests.factories import make_city_team, make_planner, make_supervisor, make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _night(at, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    at("2026-07-07 01:30")


def stored(*contents):
    return [files.store(name=f"{n}.txt", content=c, content_type="text/plain") for n, c in enumerate(contents)]


def old(path, days=8):
    moment = (clock.now() - timedelta(days=days)).timestamp()
    os.utime(path, (moment, moment))


def next_night(at, day):
    at(f"2026-07-{day:02d} 01:30")
    return looking.look_over()


@pytest.mark.promise("P20")
@pytest.mark.clause("四(3)-b")
def test_every_night_every_file_is_read_again_and_what_is_wrong_is_told_once(at):
    supervisor, admin = make_supervisor(), make_user((Role.ADMIN_SYSTEM, make_city_team()))
    whole, changed, gone = stored(b"whole", b"changed", b"gone")
    assert (looking.look_over().files, looking.look_over()) == (3, None)

    files.path_of(changed.sha256).write_bytes(b"chanced")
    files.path_of(gone.sha256).unlink()
    night = next_night(at, 8)

    assert (night.files, night.wrong) == (3, 2) and night.finished_at
    kinds = dict(FileTrouble.objects.values_list("sha256", "kind"))
    assert kinds == {changed.sha256: "DAMAGED", gone.sha256: "MISSING"}
    for user in (supervisor, admin):
        assert Message.objects.filter(user=user, url="/desk/files/").count() == 2
    next_night(at, 9)
    assert Message.objects.filter(user=supervisor).count() == 2

    files.path_of(changed.sha256).write_bytes(b"changed")
    next_night(at, 10)
    assert FileTrouble.objects.filter(mended_at=None).get().sha256 == gone.sha256
    assert whole.sha256 not in kinds


def test_the_day_is_no_time_for_it(at):
    at("2026-07-08 00:30")
    assert looking.look_over() is None


def test_a_round_that_was_broken_off_goes_on_where_it_was(monkeypatch):
    monkeypatch.setattr(looking, "BATCH", 1)
    stored(*(b"%d" % n for n in range(5)))
    first = looking.look_over(seconds=0)
    assert first.finished_at is None and first.files <= 1
    while FileRound.objects.get().finished_at is None:
        looking.look_over(seconds=0.01)
    assert FileRound.objects.get().files == 5


@pytest.mark.clause("四(3)-b")
def test_with_too_much_for_one_night_all_is_read_within_the_days(at, monkeypatch):
    monkeypatch.setattr(looking, "GIB", 1)
    seen = []
    monkeypatch.setattr(looking, "_look_at", lambda round, digest, now: seen.append(digest))
    made = stored(*(b"%050d" % n for n in range(60)))  # 3,000 bytes: 100 a night of 50 at the least
    for day in range(30):
        at(f"2026-{7 + (day + 6) // 31:02d}-{(day + 6) % 31 + 1:02d} 01:30")
        assert looking.look_over().files == 2
    assert set(seen) == {file.sha256 for file in made}


@pytest.mark.clause("四(3)-b")
def test_bytes_whose_process_died_before_their_row_are_taken_away_after_a_week():
    class Killed(Exception):
        pass

    with pytest.raises(Killed), transaction.atomic():
        orphan = files.store(name="x", content=b"orphan", content_type="text/plain")
        raise Killed
    kept = stored(b"kept")[0]
    unfinished = files.path_of(kept.sha256).parent / ".new-abc"
    unfinished.write_bytes(b"half")
    young = vault.name_of(vault.keep(b"young"))
    for path in (files.path_of(orphan.sha256), files.path_of(kept.sha256), unfinished):
        old(path)
    old(vault.storage().path(young), days=6)

    night = looking.look_over()

    assert night.removed == 2 and not files.path_of(orphan.sha256).exists() and not unfinished.exists()
    assert files.read(kept) == b"kept" and vault.storage().exists(young)


def test_a_database_that_is_older_than_the_files_costs_none_of_them(monkeypatch):
    monkeypatch.setattr(looking, "MOST_WITHOUT_ROW", 2)
    supervisor = make_supervisor()
    names = [vault.name_of(vault.keep(b"%d" % n)) for n in range(3)]
    for name in names:
        old(vault.storage().path(name))

    night = looking.look_over()

    assert (night.removed, night.left_alone) == (0, 3)
    assert all(vault.storage().exists(name) for name in names)
    assert "没有记录" in Message.objects.get(user=supervisor).title


def test_what_lies_damaged_is_put_right_by_the_same_bytes():
    file = stored(b"abc")[0]
    files.path_of(file.sha256).write_bytes(b"abd")
    assert files.read(stored(b"abc")[0]) == b"abc"
    assert StoredFile.objects.filter(sha256=file.sha256).count() == 2


def test_a_file_is_synced_and_its_directory_too_before_its_row(monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda handle: synced.append(os.readlink(f"/proc/self/fd/{handle}")))
    file = stored(b"abc")[0]
    path = files.path_of(file.sha256)
    assert [s.startswith(str(path.parent / ".new-")) for s in synced] == [True, False] and synced[1] == str(path.parent)


def test_the_page_is_for_supervisor_and_administrators_and_asks_no_more_for_30_troubles(at):
    client = signed_in(make_supervisor())
    stored(b"abc")
    looking.look_over()
    FileTrouble.objects.create(sha256="0" * 64, kind="MISSING", found_at=clock.now())
    assert "没有恢复" in text_of(client.get("/desk/files/"))
    assert signed_in(make_planner(make_unit())).get("/desk/files/").status_code == 403
    few = queries(client, "/desk/files/")
    for n in range(1, 30):
        FileTrouble.objects.create(sha256=f"{n:064x}", kind="DAMAGED", found_at=clock.now())
    assert queries(client, "/desk/files/") == few


def test_a_slice_ends_in_time(monkeypatch):
    monkeypatch.setattr(looking, "_look_at", lambda *args: time.sleep(0.02))
    stored(*(b"%d" % n for n in range(20)))
    begun = time.monotonic()
    looking.look_over(seconds=0.05)
    assert time.monotonic() - begun < 5 and FileRound.objects.get().finished_at is None


@pytest.mark.clause("四(3)-b")
def test_a_byte_that_changes_in_the_share_of_a_later_night_is_told_when_its_turn_comes(at, monkeypatch):
    """60 files of 50 bytes with a budget of two a night: the alarm comes within the thirty days, and once."""
    monkeypatch.setattr(looking, "GIB", 1)
    supervisor = make_supervisor()
    made = sorted(stored(*(b"%050d" % n for n in range(60))), key=lambda file: file.sha256)
    changed, gone = made[41], made[12]
    files.path_of(changed.sha256).write_bytes(b"x" * 50)
    files.path_of(gone.sha256).unlink()
    told = {}
    for day in range(30):
        at(f"2026-{7 + (day + 6) // 31:02d}-{(day + 6) % 31 + 1:02d} 01:30")
        night = looking.look_over()
        told[day] = night.wrong
        assert night.size <= 150
    assert [day for day, wrong in told.items() if wrong] == [6, 20]
    assert dict(FileTrouble.objects.values_list("sha256", "kind")) == {
        changed.sha256: "DAMAGED",
        gone.sha256: "MISSING",
    }
    assert Message.objects.filter(user=supervisor, url="/desk/files/").count() == 2
