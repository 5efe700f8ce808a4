"""What an owner of the database changes behind its back: named by the system, and by whoever kept a head (八(二)-c)."""

import pytest
from django.test import override_settings

from disclosure import digests
from disclosure.register import daily, log, pub1, signing
from tests import database
from tests.disclosure.factories import make_published_result
from tests.factories import make_unit

CHANGES = {
    "words": "UPDATE disclosure_publication SET text = {text}, digest = encode(sha256(convert_to({text}, 'UTF8')), 'hex')"
    " WHERE id = {pk}",
    "entry": "DELETE FROM disclosure_registerentry WHERE index = (SELECT max(index) FROM disclosure_registerentry)",
}


@pytest.mark.clause("八(二)-c")
@pytest.mark.parametrize("change", [*CHANGES])
def test_what_the_owner_changes_or_removes_is_named_by_the_system_and_by_whoever_kept_a_head(
    own_database, client, tmp_path, change
):
    with override_settings(REGISTER_KEY="11" * 32, REGISTER_ORIGIN="", REGISTER_HEAD=str(tmp_path / "head")):
        first = make_published_result(make_unit())
        make_published_result(make_unit("210503"))
        head = signing.sign_newest()
        kept = "".join(log.plain_file(head)).encode()
        pub1.check_witness(tmp_path / "kept", kept, head.note.encode(), head.key)
        proof = log.proof(first.entry, head).encode()
        other = digests.canonical(first.snapshot | {"finding": "另一个说法"})
        with database.owner_connection(name=own_database) as cursor:
            for table in ("disclosure_publication", "disclosure_registerentry"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(CHANGES[change].format(text=f"$t${other}$t$", pk=first.pk))

        assert daily.compute()[1]
        now = [entry.line for entry in log.entries(0, 10**15)]
        tree = pub1.Tree([pub1.leaf_hash(pub1.document_of(line.encode())) for line in now])
        served = "".join(pub1.register_text(now, len(now), tree.root)).encode()  # as in order as he can make it
        with pytest.raises(pub1.Pub1Error, match="E_ROOT"):
            pub1.check_file(served, head.note.encode(), head.key)
        again = pub1.sign(head.origin, len(now), tree.root, bytes.fromhex("11" * 32))[0]  # even with the key
        with pytest.raises(pub1.Pub1Error, match=r"E_(REWRITTEN|SHORTER)"):
            pub1.check_witness(tmp_path / "kept", served, again.encode(), head.key)
        text = client.get(f"/results/{first.no}/v1.json").content
        if change == "words":
            with pytest.raises(pub1.Pub1Error, match="E_DOC"):
                pub1.check_record(proof, text, head.key)
