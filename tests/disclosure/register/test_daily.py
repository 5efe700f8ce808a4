"""What an owner of the database changes behind its back is named within a day (PUB1 §2)."""

import pytest
from django.test import override_settings

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Message
from disclosure.models import RegisterEntry
from disclosure.register import daily, signing
from tests import database
from tests.disclosure.factories import make_published_result
from tests.factories import make_lead_office

CHANGES = [
    'UPDATE disclosure_publication SET text = replace(text, \'"version":1\', \'"version":1,"wrong":1\')',
    "UPDATE disclosure_registerentry SET leaf = sha256('x'::bytea) WHERE index = 0",
    "UPDATE disclosure_registerentry SET at = '2025-07-06T10:00:00+08:00' WHERE index = 0",
    "DELETE FROM disclosure_registerentry WHERE index = 0",
]


@pytest.mark.clause("八(二)-c")
def test_what_the_owner_changes_afterwards_is_named_within_a_day_once(own_database, at, tmp_path):
    office = make_lead_office()
    make_published_result()
    with override_settings(REGISTER_KEY="11" * 32, REGISTER_HEAD=str(tmp_path / "head")):
        signing.sign_newest()
    assert daily.compute() == (RegisterEntry.objects.count(), "")
    with database.owner_connection(name=own_database) as cursor:
        for table in ("disclosure_publication", "disclosure_registerentry"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE disclosure_publication DROP CONSTRAINT digest_is_that_of_the_text")
    for change in CHANGES:
        assert named_after(own_database, change), change
    assert daily.compute_daily(force=True)
    assert daily.compute_daily(force=True)
    told = Message.objects.filter(user=office, title__contains="公示日志")
    assert [m.body for m in told] == [daily.compute()[1]]
    assert AuditEntry.objects.filter(verb="disclosure.register.astray").count() == 1


def named_after(name: str, change: str) -> str:
    """What the daily round says after an owner's change; each comes on top of the ones before."""
    with database.owner_connection(name=name) as cursor:
        cursor.execute(change)
    return daily.compute()[1]
