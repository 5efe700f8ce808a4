"""What the runtime login cannot do with publications, whatever it says (四(3)-a, decisions.md 6)."""

import pytest
from django.db import DatabaseError, connection, transaction

from disclosure import digests
from disclosure.models import Publication
from tests.disclosure.factories import ask_revision, make_published_result

pytestmark = pytest.mark.django_db

ATTACKS = [
    "UPDATE disclosure_publication SET title = 'x'",
    "UPDATE disclosure_publication SET published_at = '2026-01-01'",
    "UPDATE disclosure_publication SET text = '{}'",
    "DELETE FROM disclosure_publication",
    "TRUNCATE disclosure_publication",
    "ALTER TABLE disclosure_publication DISABLE TRIGGER publication_stamp",
]


@pytest.mark.promise("P06")
@pytest.mark.clause("四(3)-a")
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_publication_only_ever_grows(attack):
    publication = make_published_result()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("sj_web",)
        cursor.execute(attack)
    assert Publication.objects.get().digest == publication.digest


COPY = """INSERT INTO disclosure_publication (no, version, kind, title, unit_code, unit_name, year, number, state, change,
    text, digest, facility_code, facility_name, district, category, outcome, checked_on, workday_number, late_reason,
    search_text, published_by_id, published_at, issued_at)
    SELECT no, %s, kind, title, unit_code, unit_name, year, number, %s, %s, %s, %s, facility_code, facility_name,
    district, category, outcome, checked_on, 1, '', search_text, published_by_id, '2026-01-01', '2026-01-01'
    FROM disclosure_publication LIMIT 1"""


def copy(number: int, state: str = "CORRECTED", why: str = "correction", **said) -> list:
    """What COPY takes; `said` is what its text says instead of the right thing."""
    first = Publication.everything.order_by("version").first().snapshot
    right = {"version": number, "salt": digests.new_salt()} | ({"change": why} if why else {})
    text = digests.canonical(first | right | said)
    return [number, state, why, text, digests.digest_of_text(text)]


@pytest.mark.promise("P06")
@pytest.mark.clause("八(二)-d")
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_a_publication_cannot_be_dated_back(role):
    ask_revision(make_published_result(), words={"finding": "标签缺项 3 处"})
    with connection.cursor() as cursor:
        if role == "replica":
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(COPY, copy(2))
    newest = Publication.objects.get(version=2)
    assert newest.published_at.isoformat() == newest.issued_at.isoformat() == "2026-07-06T02:00:00+00:00"
    transaction.set_rollback(True)  # it could not be committed: nobody has decided this correction


@pytest.mark.promise("P06")
@pytest.mark.parametrize("version", [1, 3])
def test_versions_count_on_without_a_gap(version):
    make_published_result()
    gap = pytest.raises(DatabaseError, match="版本号依次递增")
    with gap, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY, copy(version, *(("ISSUED", "") if version == 1 else ())))


def test_the_trigger_fires_for_every_kind_of_session():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'disclosure_publication'::regclass"
            " AND tgname = 'publication_stamp'"
        )
        assert cursor.fetchone() == ("A",)


def refused(row: list) -> str:
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY, row)
    return str(refusal.value)


@pytest.mark.clause("八(二)-c")
def test_the_states_of_a_number_follow_each_other_as_the_register_says():
    """ISSUED, then CORRECTED or WITHDRAWN; after WITHDRAWN only CORRECTED (PUB1 R2)."""
    ask_revision(make_published_result(), words={"finding": "标签缺项 3 处"})
    a_state = "a_version_is_in_the_state_that_its_change_says"
    assert a_state in refused(copy(2, "ISSUED", ""))
    assert a_state in refused(copy(2, "CORRECTED", "withdrawal"))
    assert a_state in refused(copy(2, "WITHDRAWN", "correction"))
    with connection.cursor() as cursor:
        cursor.execute(COPY, copy(2, "WITHDRAWN", "withdrawal"))
    assert "撤下以后只能更正" in refused(copy(3, "WITHDRAWN", "withdrawal"))
    with connection.cursor() as cursor:
        cursor.execute(COPY, copy(3))
    assert list(Publication.objects.values_list("version", flat=True)) == [3]
    transaction.set_rollback(True)  # it could not be committed: nobody has decided these


@pytest.mark.parametrize(
    "said",
    [{"kind": "PLAN"}, {"no": "X"}, {"version": 3}, {"change": "adjustment"}, {"salt": "ab"}, {"salt": "F" * 32}],
)
def test_the_text_says_what_the_columns_say(said):
    """PUB1 §1: kind, no, version, salt and change stand in the published text itself."""
    make_published_result()
    assert "公示原文与登记的种类、编号、版本或变动不同" in refused(copy(2, **said))


def test_the_digest_is_that_of_the_text_and_no_text_comes_twice():
    publication = make_published_result()
    row = copy(2)
    assert "digest_is_that_of_the_text" in refused([*row[:-1], "0" * 64])
    assert "公示原文与登记" in refused([2, "CORRECTED", "correction", publication.text, publication.digest])
    assert publication.text == digests.canonical(publication.snapshot)
