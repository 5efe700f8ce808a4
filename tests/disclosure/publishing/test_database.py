"""What the runtime login cannot do with publications, whatever it says (四(3)-a, decisions.md 6)."""

import pytest
from django.db import DatabaseError, connection, transaction

from disclosure.models import Publication
from tests.disclosure.factories import make_published_result

pytestmark = pytest.mark.django_db

ATTACKS = [
    "UPDATE disclosure_publication SET title = 'x'",
    "UPDATE disclosure_publication SET published_at = '2026-01-01'",
    "UPDATE disclosure_publication SET snapshot = '{}'",
    "DELETE FROM disclosure_publication",
    "TRUNCATE disclosure_publication",
    "ALTER TABLE disclosure_publication DISABLE TRIGGER publication_stamp",
]


@pytest.mark.clause("四(3)-a")
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_publication_only_ever_grows(attack):
    publication = make_published_result()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("sj_web",)
        cursor.execute(attack)
    assert Publication.objects.get().digest == publication.digest


COPY = """INSERT INTO disclosure_publication (no, version, kind, title, unit_code, unit_name, year, number, snapshot, digest,
    facility_code, facility_name, district, category, outcome, checked_on, workday_number, late_reason, search_text,
    published_by_id, published_at)
    SELECT no, %s, kind, title, unit_code, unit_name, year, number, snapshot, digest, facility_code, facility_name,
    district, category, outcome, checked_on, 1, '', search_text, published_by_id, '2026-01-01'
    FROM disclosure_publication LIMIT 1"""


@pytest.mark.clause("八(二)-d")
@pytest.mark.parametrize("role", ["origin", "replica"])
def test_a_publication_cannot_be_dated_back(role):
    make_published_result()
    with connection.cursor() as cursor:
        if role == "replica":
            with pytest.raises(DatabaseError), transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(COPY, [2])
    newest = Publication.objects.get(version=2)
    assert newest.published_at.isoformat() == "2026-07-06T02:00:00+00:00"


@pytest.mark.parametrize("version", [1, 3])
def test_versions_count_on_without_a_gap(version):
    make_published_result()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY, [version])


def test_the_trigger_fires_for_every_kind_of_session():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgrelid = 'disclosure_publication'::regclass"
            " AND tgname = 'publication_stamp'"
        )
        assert cursor.fetchone() == ("A",)
