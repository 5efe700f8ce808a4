"""What everybody's login reads of a text that was withdrawn: that there was one, and none of its words (P08)."""

import pytest
from django.db import connection

from benxi_shuangsuiji.database import reading
from disclosure.revisions.models import Act
from tests.disclosure.factories import make_published_result, make_revision

WORDS = ("title", "text", "facility_name", "late_reason", "search_text", "csv_line")


@pytest.mark.django_db
@pytest.mark.promise("P08")
def test_everybodys_login_reads_no_word_that_a_withdrawal_has_sealed():
    result = make_published_result()

    def read():
        with reading.as_public(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT concat({', '.join(WORDS)}), snapshot::text FROM disclosure_publication WHERE id = %s",
                [result.pk],
            )
            return cursor.fetchone()

    name = result.snapshot["facility"]["name"]
    assert all(name in said for said in read())
    make_revision(result, Act.WITHDRAW)
    words, counted = read()
    assert words == "" and name not in counted
