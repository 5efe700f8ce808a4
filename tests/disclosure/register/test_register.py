"""Every publication is a leaf, in its transaction; heads are signed, and nobody rewrites the register unseen (PUB1)."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.urls import reverse

from benxi_shuangsuiji.audit.models import AuditEntry
from disclosure.models import Checkpoint, Publication, RegisterEntry, RegisterNode
from disclosure.register import daily, log, pub1, signing
from disclosure.register.places import Registered
from tests.disclosure.factories import (
    ask_revision,
    make_published_list,
    make_published_plan,
    make_published_result,
    make_published_step,
    make_revision,
)
from tests.factories import make_unit

pytestmark = pytest.mark.django_db
KEY = "11" * 32


@pytest.fixture(autouse=True)
def signed(tmp_path):
    with override_settings(REGISTER_KEY=KEY, REGISTER_ORIGIN="", REGISTER_HEAD=str(tmp_path / "head")):
        yield tmp_path / "head"


def plain_file() -> bytes:
    return "".join(log.plain_file(log.newest())).encode()


@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_what_is_published_corrected_and_withdrawn_is_a_leaf_each_and_the_file_is_in_order(client):
    unit = make_unit()
    make_published_plan(unit)
    first = make_published_result(unit)
    second = make_revision(first, words={"finding": "标签缺项 3 处"})
    for step in ("ORDERED", "CASE_OPENED", "SENT"):  # three kinds that share their addresses
        make_published_step(second, step=step)

    found = [(e.index, e.publication_id, bytes(e.leaf)) for e in RegisterEntry.objects.all()]
    assert [pk for _, pk, _ in found] == list(Publication.everything.order_by("pk").values_list("pk", flat=True))
    assert [index for index, _, _ in found] == list(range(len(found)))
    for published in Publication.everything.all():  # each kind at its address, to the byte
        assert client.get(Registered.of(published).text_url).content.decode() == published.text
    for entry in RegisterEntry.objects.select_related("publication"):
        assert pub1.leaf_hash(log.entry_of(entry).document.encode()) == bytes(entry.leaf)

    head = signing.sign_newest()
    for published in Publication.everything.all():
        proof, text = client.get(Registered.of(published).proof_url).content, published.text.encode()
        assert pub1.check_record(proof, text, head.key)[0] == "ok"
    answer, register = pub1.check_file(plain_file(), head.note.encode(), head.key)
    assert (answer, register.size, register.root.hex()) == ("ok", len(found), head.root)
    assert head.origin == "localhost/register"
    state = register.newest[f"RESULT\t{first.no}".encode()]
    assert state == (2, b"CORRECTED", second.digest.encode())


@pytest.mark.clause("四(3)-a")
def test_a_proof_shows_since_when_a_text_stands_there_and_no_other_text_passes(client):
    publication = make_published_result()
    early = client.get(reverse("disclosure:result", args=[publication.no])).content.decode()
    assert "等待签署" in early and ".tlog-proof" not in early
    head = signing.sign_newest()

    page = client.get(reverse("disclosure:result", args=[publication.no])).content.decode()
    text_url = reverse("disclosure:json-RESULT", args=[publication.no, 1])
    proof_url = reverse("disclosure:tlog-proof-RESULT", args=[publication.no, 1])
    assert text_url in page and proof_url in page and f"第 {publication.entry.index + 1} 条" in page
    text, proof = client.get(text_url).content, client.get(proof_url).content

    assert pub1.check_record(proof, text, head.key)[0] == "ok"
    other = json.loads(text) | {"finding": "改过"}
    with pytest.raises(pub1.Pub1Error, match="E_DOC"):
        pub1.check_record(proof, pub1.canonical(other).encode(), head.key)
    seed = bytes(reversed(range(32)))
    with pytest.raises(pub1.Pub1Error, match="E_SIG"):
        pub1.check_record(proof, text, pub1.sign(head.origin, 1, pub1.EMPTY, seed)[1])


@pytest.mark.clause("四(3)-a")
def test_each_page_offers_the_text_and_the_proof_of_every_publication_on_it(client, at):
    unit, item_list = make_unit(), make_published_list()
    result = make_published_result(unit)
    steps = [make_published_step(result, step=step) for step in ("ORDERED", "CASE_OPENED")]
    plan = make_published_plan(unit)
    signing.sign_newest()
    pages = {
        f"/results/{result.no}/": [result, *steps],
        f"/enterprises/{result.facility_code}/": [result],
        "/items/2026/": [item_list],
        f"/plans/2026q3/{unit.code}/": [plan],
    }
    for address, shown in pages.items():
        page = client.get(address).content.decode()
        for registered in Registered.of_all(shown).values():
            assert f'"{registered.text_url}"' in page and f'"{registered.proof_url}"' in page, address
            assert f"{registered.check_url}" in page


@pytest.mark.clause("八(二)-c")
def test_the_proof_of_a_withdrawn_text_stays_and_its_words_are_gone(client):
    publication = make_published_result()
    make_revision(publication, "WITHDRAW")
    signing.sign_newest()

    assert client.get(reverse("disclosure:json-RESULT", args=[publication.no, 1])).status_code == 410
    assert client.get(reverse("disclosure:tlog-proof-RESULT", args=[publication.no, 1])).status_code == 200
    stone = client.get(reverse("disclosure:json-RESULT", args=[publication.no, 2]))
    proof = client.get(reverse("disclosure:tlog-proof-RESULT", args=[publication.no, 2]))
    assert pub1.check_record(proof.content, stone.content, log.newest().key)[0] == "ok"


ATTACKS = [
    "UPDATE disclosure_registerentry SET leaf = sha256('x'::bytea)",
    "DELETE FROM disclosure_registerentry",
    "INSERT INTO disclosure_registerentry (index, publication_id, at, leaf) SELECT 9, id, '2026-07-06T10:00:00+08:00', "
    "sha256('x'::bytea) FROM disclosure_publication",
    "UPDATE disclosure_checkpoint SET root = repeat('0', 64)",
    "DELETE FROM disclosure_checkpoint",
    "UPDATE disclosure_registernode SET hash = sha256('x'::bytea)",
    "ALTER TABLE disclosure_publication DISABLE TRIGGER register_publication",
]


@pytest.mark.clause("四(3)-a")
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_runtime_login_writes_and_changes_no_leaf(attack):
    make_published_result()
    signing.sign_newest()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)
    assert daily.compute() == (RegisterEntry.objects.count(), "")


@pytest.mark.clause("四(3)-a")
def test_every_head_goes_on_from_the_one_before_and_a_restored_database_signs_nothing(signed):
    publication = make_published_result()
    first = signing.sign_newest()
    assert signing.sign_newest() is None  # nothing new
    make_revision(publication, words={"finding": "标签缺项 3 处"})
    second = signing.sign_newest()
    assert (first.size < second.size) and signing.remembered() == (second.size, second.root)
    extended = pub1.consistency(log.reader(), first.size, second.size)
    assert len(extended) >= 1

    signed.unlink()  # another machine, the database from a backup
    make_published_result(make_unit("210503"))
    assert signing.sign_newest() is None
    assert AuditEntry.objects.filter(verb="disclosure.register.astray", details__problem__icontains="备份").count() == 1
    with pytest.raises(CommandError):
        call_command("register_head", 0, second.root)
    call_command("register_head", second.size, "ab" * 32)
    assert signing.sign_newest() is None  # not the head that this register had
    call_command("register_head", second.size, second.root)
    assert signing.sign_newest().size == second.size + 1


def test_without_the_key_of_the_worker_nothing_is_signed():
    make_published_result()
    with override_settings(REGISTER_KEY=""):
        assert signing.sign_newest() is None
    assert not Checkpoint.objects.exists()


def test_tiles_and_proofs_are_those_of_the_whole_tree_at_every_size(client):
    """Six hundred entries: full tiles, a second level, and the partial ones at the right edge."""
    publication = make_published_result()
    grow(publication, 600)
    head = signing.sign_newest()
    register = pub1.check_register(plain_file())
    documents = [pub1.document_of(line) for line in register.lines]
    assert RegisterNode.objects.count() == 2

    for path, data in pub1.tiles(documents):
        answer = client.get(f"/register/{path}")
        assert (answer.status_code, answer.content) == (200, data), path
    whole = pub1.Tree([pub1.leaf_hash(document) for document in documents])
    for index in (0, 1, 255, 256, 511, 512, head.size - 1):
        assert pub1.inclusion(log.reader(), index, head.size) == pub1.inclusion(whole.node, index, head.size)
    assert client.get("/register/tile/0/003").status_code == 404
    assert client.get("/register/tile/0/002.p/256").status_code == 404
    assert client.get("/register/tile/0/002.p/200").status_code == 404
    assert client.get("/register/checkpoint").content.decode() == head.note
    transaction.set_rollback(True)  # it could not be committed: nobody has decided these corrections


def grow(publication: Publication, size: int) -> None:
    """Many versions of one number, written as the database takes them while a correction is asked for."""
    ask_revision(publication, words={"finding": "标签缺项 3 处"})
    with connection.cursor() as cursor:
        for version in range(2, size + 1):
            said = publication.snapshot | {"version": version, "change": "correction", "salt": f"{version:032x}"}
            text, digest = pub1.written(said)
            cursor.execute(
                """INSERT INTO disclosure_publication (no, version, kind, title, unit_code, unit_name, year, number, state,
                change, text, digest, facility_code, facility_name, district, category, outcome, checked_on,
                workday_number, late_reason, search_text, published_by_id)
                SELECT no, %s, kind, title, unit_code, unit_name, year, number, 'CORRECTED', 'correction', %s, %s,
                facility_code, facility_name, district, category, outcome, checked_on, 1, '', search_text, published_by_id
                FROM disclosure_publication WHERE id = %s""",
                [version, text, digest, publication.pk],
            )


def test_the_page_says_the_newest_head_and_how_to_check_it(client):
    assert "还没有签署过检查点" in client.get(reverse("disclosure:register")).content.decode()
    make_published_result()
    head = signing.sign_newest()
    page = client.get(reverse("disclosure:register")).content.decode()

    assert head.base64 in page and head.key in page and str(head.size) in page
    assert head.base64 in client.get("/").content.decode()
    assert b"".join(client.get("/register/register.txt").streaming_content) == plain_file()
    assert client.get("/verify/pub1.py").content == Path(pub1.__file__).read_bytes()
