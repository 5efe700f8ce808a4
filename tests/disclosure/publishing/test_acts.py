"""A publication without its act is refused to every login but the owner's; what he changes is named (四(3)-a, 八(二)-c)."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from disclosure import digests
from disclosure.models import Publication
from disclosure.register import daily, log, pub1, signing
from inspections.models import Inspection, InspectionStatus
from tests import database
from tests.disclosure.factories import (
    make_published_list,
    make_published_plan,
    make_published_result,
    make_published_step,
)
from tests.disclosure.register.owner import as_owner
from tests.factories import make_disclosure_officer, make_unit
from tests.inspections.factories import make_reviewed

COLUMNS = """kind, title, unit_code, unit_name, year, number, facility_code, facility_name, district, category, outcome,
    checked_on, workday_number, late_reason, search_text"""


def insert(like: Publication, no: str, *, version: int = 1, change: str = "", kind: str = "", by=None) -> None:
    """What a program would write that does not ask first: columns of a real one, under this number."""
    said = like.snapshot | {"no": no, "version": version, "salt": digests.new_salt(), "kind": kind or like.kind}
    said.pop("change", None)
    text = digests.canonical(said | ({"change": change} if change else {}))
    state = {"": "ISSUED", "withdrawal": "WITHDRAWN"}.get(change, "CORRECTED")
    columns = COLUMNS.replace("kind", "%s", 1)
    values = [no, version, state, change, text, digests.digest_of_text(text), (by or like.published_by).pk]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO disclosure_publication (no, version, state, change, text, digest, published_by_id, {COLUMNS})"
            f" SELECT %s, %s, %s, %s, %s, %s, %s, {columns} FROM disclosure_publication WHERE id = %s",
            [*values, kind or like.kind, like.pk],
        )


@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_a_publication_without_its_act_is_refused_to_every_login_but_the_owners(own_database):
    unit = make_unit()
    result, item_list, plan = make_published_result(unit), make_published_list(), make_published_plan(unit)
    step = make_published_step(result)
    waiting = make_reviewed(make_unit("210503"))
    recorder, other = waiting.recorded_by, make_disclosure_officer(waiting.unit)
    without = [
        (result, "210504-2026Q3-9999", {}),  # no such check
        (result, waiting.no, {"by": recorder}),  # published by who recorded it
        (result, result.no, {"version": 2, "change": "correction"}),  # nobody asked
        (result, result.no, {"version": 2, "change": "withdrawal"}),
        (result, result.no, {"version": 2, "change": "adjustment"}),  # reviewed once, published once
        (plan, plan.no, {"version": 2, "change": "adjustment"}),
        (item_list, item_list.no, {"version": 2, "change": "adjustment"}),
        (step, f"{result.no}-9", {}),  # never handed over
        (plan, "2026Q3", {"kind": "SUMMARY"}),  # not the lead office
    ]
    for like, no, given in without:
        with pytest.raises(DatabaseError, match="没有相应的办理"):
            insert(like, no, **given)
    Inspection.objects.filter(pk=waiting.pk).update(status=InspectionStatus.FINISHED)
    with pytest.raises(DatabaseError, match="没有相应的办理"):
        insert(result, waiting.no, by=other)
    Inspection.objects.filter(pk=waiting.pk).update(status=InspectionStatus.REVIEWED)
    insert(result, waiting.no, by=other)
    before = Publication.everything.count()
    with as_owner(own_database):
        insert(result, "210504-2026Q3-9999")
    assert Publication.everything.count() == before + 1 and daily.compute() == (before + 1, "")


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
