"""A database from an older backup gets back from the mirror what it lacks, at the old times, or nothing (PUB1 §3)."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import override_settings

from disclosure.models import Checkpoint, Publication, RegisterEntry
from disclosure.register import daily, log, signing
from tests import database
from tests.disclosure.factories import make_published_plan, make_published_result, make_published_step, make_revision
from tests.disclosure.register.owner import as_owner
from tests.factories import make_city_team, make_unit


@pytest.fixture(autouse=True)
def signed(tmp_path):
    key = {"REGISTER_KEY": "11" * 32, "REGISTER_ORIGIN": "", "REGISTER_HEAD": str(tmp_path / "head")}
    with override_settings(**key):
        yield


def rows() -> list[tuple]:
    columns = ("no", "version", "state", "title", "text", "facility_code", "outcome", "checked_on", "published_at")
    columns += ("issued_at", "search_text", "entry__index", "entry__at", "entry__leaf")
    return [
        (*row[:-1], bytes(row[-1])) for row in Publication.everything.order_by("entry__index").values_list(*columns)
    ]


def lose(name: str, first: int) -> None:
    """What a backup of before these entries would not have."""
    with database.owner_connection(name=name) as cursor:
        tables = ("disclosure_registerentry", "disclosure_checkpoint", "disclosure_publication")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER sealed_rows")
        cursor.execute("SELECT publication_id FROM disclosure_registerentry WHERE index >= %s", [first])
        lost = [pk for (pk,) in cursor.fetchall()]
        cursor.execute("DELETE FROM disclosure_registerentry WHERE index >= %s", [first])
        cursor.execute("DELETE FROM disclosure_checkpoint WHERE size > %s", [first])
        cursor.execute("DELETE FROM disclosure_revision WHERE became_id = ANY(%s)", [lost])
        cursor.execute("DELETE FROM disclosure_rosterrow WHERE publication_id = ANY(%s)", [lost])
        cursor.execute("DELETE FROM disclosure_publication WHERE id = ANY(%s)", [lost])
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER sealed_rows")


def restore(name: str, root: Path, **options) -> str:
    said = io.StringIO()
    with as_owner(name):
        call_command("register_restore", root, stdout=said, **options)
    return said.getvalue()


@pytest.mark.clause("八(二)-c")
def test_what_an_older_backup_lacks_comes_back_with_its_old_time_and_the_log_goes_on(own_database, at, tmp_path):
    make_city_team()
    unit = make_unit()
    at("2026-07-06 10:00")
    first = make_published_result(unit)
    signing.sign_newest()
    at("2026-07-07 10:00")
    plan = make_published_plan(unit)
    make_published_step(first)
    make_revision(first, words={"finding": "标签缺项 3 处"})
    head = signing.sign_newest()
    root = tmp_path / "mirror"
    call_command("mirror", root, stdout=io.StringIO())
    before = rows()
    (tmp_path / "head").unlink()
    lose(own_database, 1)
    at("2026-07-09 10:00")
    assert RegisterEntry.objects.count() == 1 and signing.sign_newest() is None

    text = root / f"plans/{plan.no}/v1.json"
    kept = text.read_bytes()
    text.unlink()
    with pytest.raises(CommandError, match="没有 1 份原文"):
        restore(own_database, root)
    text.write_bytes(kept.replace(b"2026", b"2027", 1))
    with pytest.raises(CommandError, match="没有 1 份原文"):
        restore(own_database, root)
    text.write_bytes(kept)
    assert f"补回 {head.size - 1} 条" in restore(own_database, root)

    assert rows() == before
    assert daily.compute() == (head.size, "") and Checkpoint.objects.first().root == head.root
    assert "补回 0 条" in restore(own_database, root)
    make_published_result(make_unit("210503"))
    assert signing.sign_newest().size == head.size + 1


@pytest.mark.clause("八(二)-c")
def test_nothing_is_restored_from_another_log_or_one_that_nobody_signed(own_database, at, tmp_path):
    make_published_result(make_unit())
    head, root = signing.sign_newest(), tmp_path / "mirror"
    call_command("mirror", root, stdout=io.StringIO())
    make_published_result(make_unit("210503"))
    with pytest.raises(CommandError, match="比镜像的 1 条多"):
        restore(own_database, root)
    lose(own_database, 0)
    with pytest.raises(CommandError, match="不是用已知的公钥签署的"):  # no head here, and no key given
        restore(own_database, root)
    make_published_result(make_unit("210505"))
    with pytest.raises(CommandError, match="第 0 条与镜像的不同"):
        restore(own_database, root, key=head.key)
    lose(own_database, 0)
    assert "补回 1 条" in restore(own_database, root, key=head.key)
    assert log.newest().note == head.note
