"""The public search goes by its index for whoever asks, also through the views of everybody's login (S6)."""

from contextlib import nullcontext

import pytest
from django.db import connection

from benxi_shuangsuiji.database import reading
from disclosure.models import Act, Publication
from tests.disclosure.factories import make_published_result, make_revision

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("asking", [nullcontext, reading.as_public])
def test_a_word_is_looked_for_by_the_index_of_the_search(asking):
    """The function is planned as a part of the query that asks, and has no search of its own."""
    with asking(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT found FROM publications_holding('%明山化工%') found")
        plan = " ".join(line for (line,) in cursor.fetchall())
        assert "Bitmap Index Scan on publication_search" in plan and "Function Scan" not in plan


@pytest.mark.clause("八(二)-c")
def test_everybody_finds_and_reads_no_word_that_is_sealed_and_still_counts_it():
    result = make_published_result(problem="标签缺项 2 处")
    name = result.facility_name
    make_revision(result, Act.WITHDRAW)
    sealed = Publication.everything.filter(pk=result.pk)
    assert sealed.get().facility_name == name and sealed.holding(name.lower()).exists()
    with reading.as_public():
        row = sealed.get()
        assert (row.text, row.title, row.facility_name, row.search_text, row.published_by_id) == ("", "", "", "", None)
        assert name not in str(row.snapshot) and "标签缺项" not in str(row.snapshot)
        assert (row.no, row.digest, row.outcome) == (result.no, result.digest, result.outcome)
        assert [item["answer"] for item in row.snapshot["items"]] == [i["answer"] for i in result.snapshot["items"]]
        assert not sealed.holding(name.lower()).exists()
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM publications_holding('%')")
            assert cursor.fetchone() == (Publication.objects.count() + Publication.everything.tombstones().count(),)
