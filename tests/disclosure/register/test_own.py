"""What the register says of itself: the day's heads, a new key, a log that goes on from another (PUB1 §2, §3)."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction
from django.test import override_settings

from benxi_shuangsuiji.audit import trail
from disclosure import digests
from disclosure.draws.documents import PublicChainEntry
from disclosure.models import Checkpoint, Publication, RegisterEntry
from disclosure.register import daily, log, own, pub1, signing
from disclosure.register.places import Registered
from tests.disclosure.factories import make_published_result
from tests.disclosure.register.owner import as_owner
from tests.factories import make_approver, make_city_team, make_unit
from tests.plans.draw.factories import make_sealed_draw

KEY, NEW = "11" * 32, "22" * 32


@pytest.fixture(autouse=True)
def signed(tmp_path):
    with override_settings(REGISTER_KEY=KEY, REGISTER_ORIGIN="", REGISTER_HEAD=str(tmp_path / "head")):
        yield tmp_path / "head"


@pytest.mark.promise("P11")
@pytest.mark.clause("四(3)-a")
def test_once_a_day_the_heads_of_chain_and_trail_are_published_as_hashes_alone(at, client):
    assert own.publish_heads() is None  # nobody there yet
    make_city_team()
    make_sealed_draw(make_unit("210505"))
    trail.record("audit.checked", by=None)
    at("2026-07-07 02:00")
    assert own.publish_heads() is None
    at("2026-07-07 03:00")
    published = own.publish_heads()
    assert own.publish_heads() is None and published.published_by is None

    said = json.loads(published.text)
    assert published.no == "HEADS-20260707" and set(said) == {"kind", "no", "version", "salt", "on", "chain", "trail"}
    assert said["chain"] == PublicChainEntry.objects.order_by("-seq").first().link
    signing.sign_newest()
    registered = Registered.of(published)
    text, proof = client.get(registered.text_url).content, client.get(registered.proof_url).content
    assert pub1.check_record(proof, text, log.newest().key)[0] == "ok"
    page = client.get("/verify/register/").content.decode()
    assert said["chain"] in page and said["trail"] in page
    assert said["chain"] in client.get("/verify/register/own/").content.decode()
    for quiet in ("/feed/", "/", "/notices/"):  # they come every day and tell of nothing
        assert "链头" not in client.get(quiet).content.decode(), quiet
    at("2026-07-08 09:00")
    assert own.publish_heads().no == "HEADS-20260708"


def insert(kind: str, no: str, by=None, **said) -> None:
    known = {"kind": kind, "no": no, "version": 1, "salt": digests.new_salt()}
    text, digest = pub1.written(said | known)
    with transaction.atomic():
        columns = {"title": "x", "unit_code": "210500", "unit_name": "x", "year": 2026, "published_by": by}
        Publication.everything.create(kind=kind, no=no, text=text, digest=digest, **columns)


@pytest.mark.clause("四(3)-a")
def test_the_runtime_login_publishes_no_other_heads_no_key_and_no_log(at):
    at("2026-07-07 03:00")
    none = {"on": "2026-07-07", "chain": own.NOTHING, "trail": own.NOTHING}
    for wrong in (none | {"chain": "ab" * 32}, none | {"on": "2026-07-06"}, none | {"count": 3}):
        with pytest.raises(DatabaseError, match="每日链头"):
            insert("HEADS", "HEADS-20260707", **wrong)
    with pytest.raises(DatabaseError, match="每日链头"):
        insert("HEADS", "HEADS-20260706", **none)
    for kind in ("KEY", "LOG"):
        with pytest.raises(DatabaseError, match="拥有者"):
            insert(kind, f"{kind}-1", new_key="x")
    with pytest.raises(DatabaseError, match="nobody_publishes"):
        insert("HEADS", "HEADS-20260707", make_approver(make_unit()), **none)
    insert("HEADS", "HEADS-20260707", **none)


@pytest.mark.clause("八(二)-c")
def test_a_new_key_is_announced_first_and_a_log_that_is_lost_goes_on_in_another(own_database, client, signed):
    make_city_team()
    result = make_published_result()
    old = signing.sign_newest()
    said = io.StringIO()
    call_command("register_key", stdout=said)
    assert "REGISTER_KEY=" in said.getvalue() and "localhost/register+" in said.getvalue()
    new = pub1.sign(old.origin, 0, pub1.EMPTY, bytes.fromhex(NEW))[1]

    with override_settings(REGISTER_KEY=NEW):
        make_published_result(make_unit("210503"))
        assert signing.sign_newest() is None  # nobody was told of this key
        with as_owner(own_database):
            for key, document in (("x", "本环办〔2026〕41 号"), (old.key, "本环办〔2026〕41 号"), (new, "")):
                with pytest.raises(CommandError):
                    call_command("register_key", key, document=document)
            call_command("register_key", new, document="本环办〔2026〕41 号", stdout=io.StringIO())
        head = signing.sign_newest()
        assert head.key == new and pub1.check_file("".join(log.plain_file(head)).encode(), head.note.encode(), new)
        assert new in client.get("/verify/register/own/").content.decode()

        size, root = head.size, head.root
        with as_owner(own_database):
            with pytest.raises(CommandError):
                call_command("register_log", head.origin, reason="备份不全", document="本环办〔2026〕42 号")
            call_command(
                "register_log",
                "localhost/register2",
                reason="备份不全",
                document="本环办〔2026〕42 号",
                stdout=io.StringIO(),
            )
        assert not Checkpoint.objects.exists() and not signed.exists()
        first = own.log_before().snapshot
        assert (first["old_origin"], first["old_size"], first["old_root"]) == ("localhost/register", size, root)
        again = signing.sign_newest()
        assert (again.origin, again.size) == ("localhost/register2", size + 1)
        register = pub1.check_register("".join(log.plain_file(again)).encode())
        assert register.lines[0].startswith(b"LOG\t") and register.newest[f"RESULT\t{result.no}".encode()][0] == 1
        assert daily.compute() == (RegisterEntry.objects.count(), "")
        assert "localhost/register 到" not in client.get("/").content.decode()
        assert "备份不全" in client.get("/verify/register/").content.decode()
    with pytest.raises(DatabaseError), transaction.atomic():
        RegisterEntry.objects.all().delete()
