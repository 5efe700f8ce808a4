"""What somebody could do who has the login of the web site and any SQL he likes (S1–S8), one line a forgery.

Refused, with the SQLSTATE that says so. Or possible only as a whole act of two accounts, which then stands as such. Or not
refusable, because the site acts for people: then it is named in the trail, and told within two minutes. Nothing that stands
can be changed or deleted.
"""

import pytest
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from inspections.models import WorkReport
from tests.access.world import make_world
from tests.factories import (
    make_approver,
    make_lead_office,
)
from tests.shared import standing

pytestmark = pytest.mark.django_db
DENIED, BROKEN = "42501", "23514"

DRAWN = "id = (SELECT plan_id FROM plans_draw WHERE drawn_at IS NOT NULL LIMIT 1)"
OF_DRAWN = DRAWN.replace("id =", "plan_id =", 1)
DONE = "id = (SELECT id FROM inspections_inspection WHERE status = 'PUBLISHED' LIMIT 1)"
OF_DONE = DONE.replace("id =", "inspection_id =", 1)
SOMEBODY = "(SELECT max(id) FROM accounts_user)"
LONG_AGO = "'2020-01-01'"

REFUSED = [
    # The trail and its chain.
    (DENIED, "UPDATE audit_auditentry SET verb = 'x'"),
    (DENIED, "DELETE FROM audit_auditentry"),
    (DENIED, "UPDATE audit_auditlink SET link = prev"),
    (DENIED, "DELETE FROM audit_auditlink"),
    (
        BROKEN,
        "INSERT INTO audit_auditlink (seq, prev, link, entry_id) SELECT 9, '0', '0', max(id) FROM audit_auditentry",
    ),
    (DENIED, "TRUNCATE audit_auditentry CASCADE"),
    (DENIED, "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL"),
    (DENIED, "SET session_replication_role = replica"),
    (DENIED, "DROP TRIGGER trail_update ON accounts_user"),
    (DENIED, "CREATE OR REPLACE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"),
    (DENIED, "SET ROLE sj_owner"),
    # The draw and what came of it.
    (DENIED, "UPDATE plans_pick SET ticket = ticket"),
    (DENIED, "DELETE FROM plans_pick"),
    (DENIED, "UPDATE plans_drawdocument SET text = ''"),
    (DENIED, "DELETE FROM plans_chainentry"),
    (DENIED, "SELECT * FROM plans_drawsecret"),
    (BROKEN, "UPDATE plans_draw SET status = 'PREPARED' WHERE drawn_at IS NOT NULL"),
    (BROKEN, f"UPDATE plans_draw SET prepared_by_id = {SOMEBODY} WHERE drawn_at IS NOT NULL"),
    # Plans and lists.
    (BROKEN, f"UPDATE plans_quarterlyplan SET approved_by_id = {SOMEBODY} WHERE {DRAWN}"),
    (BROKEN, f"UPDATE plans_quarterlyplan SET approved_at = {LONG_AGO} WHERE {DRAWN}"),
    (BROKEN, f"UPDATE plans_quarterlyplan SET published_at = {LONG_AGO} WHERE {DRAWN}"),
    (BROKEN, f"UPDATE plans_quarterlyplan SET window_to = window_to + 30 WHERE {DRAWN}"),
    (BROKEN, f"UPDATE plans_quarterlyplan SET team_size = 9 WHERE {DRAWN}"),
    (BROKEN, f"UPDATE plans_quarterlyplan SET status = 'DRAFT', published_at = NULL WHERE {DRAWN}"),
    (BROKEN, f"UPDATE plans_quarterlyplan SET status = 'APPROVED', published_at = NULL WHERE {DRAWN}"),
    (BROKEN, f"DELETE FROM plans_planitem WHERE {OF_DRAWN}"),
    (BROKEN, f"DELETE FROM plans_planstratum WHERE {OF_DRAWN}"),
    (BROKEN, f"UPDATE plans_plansource SET label = '另一期' WHERE {OF_DRAWN}"),
    (
        BROKEN,
        "UPDATE plans_inspectionitem SET name = '别的' WHERE list_id IN (SELECT id FROM plans_itemlist WHERE status = 'PUBLISHED')",
    ),
    (BROKEN, "UPDATE plans_itemlist SET status = 'DRAFT', published_at = NULL WHERE status = 'PUBLISHED'"),
    (BROKEN, f"UPDATE plans_itemlist SET approved_by_id = {SOMEBODY} WHERE status = 'PUBLISHED'"),
    # Results.
    (BROKEN, f"UPDATE inspections_inspection SET outcome = 'CASE_FILED' WHERE {DONE}"),
    (BROKEN, f"UPDATE inspections_inspection SET started_at = started_at - interval '1 day' WHERE {DONE}"),
    (BROKEN, f"UPDATE inspections_inspection SET finding = '别的' WHERE {DONE}"),
    (BROKEN, f"UPDATE inspections_inspection SET status = 'REVIEWED', published_at = NULL WHERE {DONE}"),
    (BROKEN, f"UPDATE inspections_inspection SET reviewed_by_id = {SOMEBODY} WHERE {DONE}"),
    (
        BROKEN,
        "UPDATE inspections_inspection SET status = 'PUBLISHED', started_at = now(), published_at = now() WHERE status = 'DISPATCHED'",
    ),
    (BROKEN, f"UPDATE inspections_checkanswer SET answer = 'NONE_FOUND', words = '' WHERE {OF_DONE}"),
    (BROKEN, f"UPDATE inspections_conclusion SET finding = '别的' WHERE {OF_DONE}"),
    # What one asked and another decided, or has yet to.
    (BROKEN, "UPDATE inspections_workreport SET text = '{}' WHERE state = 'APPROVED'"),
    (BROKEN, f"UPDATE inspections_checkapproval SET decided_by_id = {SOMEBODY} WHERE state = 'APPROVED'"),
    (BROKEN, "UPDATE inspections_checkapproval SET minutes = 1 WHERE state = 'APPROVED'"),
    (BROKEN, "UPDATE inspections_targetedcheck SET reason = '别的' WHERE state = 'APPROVED'"),
    (
        BROKEN,
        "UPDATE inspections_targetedcheck SET state = 'ASKED', decided_by_id = NULL, decided_at = NULL WHERE state = 'APPROVED'",
    ),
    (
        BROKEN,
        f"UPDATE plans_amendmentrequest SET state = 'APPROVED', number = 1, document_no = '1', decided_by_id = {SOMEBODY},"
        f" decided_at = {LONG_AGO}",
    ),
    (BROKEN, f"UPDATE plans_localscheme SET state = 'APPROVED', decided_by_id = {SOMEBODY}, decided_at = {LONG_AGO}"),
    (BROKEN, f"UPDATE plans_localscheme SET asked_by_id = {SOMEBODY}"),
    (
        BROKEN,
        "INSERT INTO plans_itemkind (number, label, basis, asked_by_id, asked_at, state, decided_by_id, decided_at, opinion)"
        " SELECT 90, '又一类', '文件', min(id), now(), 'APPROVED', max(id), now(), '' FROM accounts_user",
    ),
    (BROKEN, "UPDATE inspections_instruction SET text = '别的'"),
    (BROKEN, "UPDATE disclosure_objection SET demand = 'APPEAL', days = 99"),
    # Accounts.
    (DENIED, "UPDATE accounts_rolegrant SET id = id + 500000, role = 'APPROVER'"),
    (DENIED, "UPDATE accounts_user SET id = id + 500000, password = '!'"),
    (DENIED, "UPDATE audit_auditwatch SET seq = 0"),
    (DENIED, "INSERT INTO django_q_schedule (func, schedule_type, repeats) VALUES ('os.system', 'O', 1)"),
    (DENIED, "UPDATE django_q_task SET func = 'os.system'"),
    (DENIED, "DELETE FROM django_q_ormq"),
    (BROKEN, "UPDATE accounts_rolegrant SET role = 'ADMIN_SYSTEM'"),
    (BROKEN, "UPDATE accounts_rolegrant SET valid_to = '2099-12-31'"),
    (DENIED, "DELETE FROM accounts_rolegrant"),
    # Publications and their register.
    (DENIED, "UPDATE disclosure_publication SET outcome = 'CASE_FILED'"),
    (DENIED, "DELETE FROM disclosure_publication"),
    (DENIED, "UPDATE disclosure_registerentry SET leaf = leaf"),
    (DENIED, "INSERT INTO disclosure_registerentry (index, publication_id, at, leaf) VALUES (99, 1, '', '')"),
    # The server itself.
    (DENIED, "CREATE TABLE extra (a int)"),
    (DENIED, "COPY accounts_user TO PROGRAM 'id'"),
    (DENIED, "SELECT pg_read_file('/etc/passwd')"),
]


@pytest.fixture(scope="module")
def forged_world(django_db_setup, django_db_blocker):
    yield from standing(_world, django_db_blocker)


def _world():
    world = make_world()
    report = WorkReport.objects.filter(state="ASKED").first()
    report.decide("APPROVED", by=make_lead_office(), at=clock.now(), receipt_no="G2026Q2-001")
    return world


@pytest.fixture
def world(forged_world, db, at):
    made, moment = forged_world
    at(moment)
    return made


def state_of(sql: str) -> str:
    """The SQLSTATE with which the database refuses it; "" where it does not."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as error:
        return error.__cause__.sqlstate
    return ""


@pytest.mark.story("S1", "S3", "S6")
@pytest.mark.promise("P02")
def test_what_stands_is_neither_changed_nor_deleted(world):
    found = {sql: state_of(sql) for _, sql in REFUSED}
    assert {sql: found[sql] for state, sql in REFUSED if found[sql] != state} == {}


# The first account asks, a second decides: each is a true entry of the trail, and neither passes alone.
TWO = """
UPDATE plans_localscheme SET state = 'APPROVED', decided_by_id = {by}, decided_at = sj_now() WHERE state = 'ASKED'
"""


@pytest.mark.story("S6")
def test_a_decision_is_possible_only_as_the_act_of_two_accounts(world):
    asked_by = "(SELECT asked_by_id FROM plans_localscheme WHERE state = 'ASKED' LIMIT 1)"
    assert state_of(TWO.format(by=asked_by)) == BROKEN
    with connection.cursor() as cursor:
        cursor.execute(TWO.format(by=make_approver(world.unit).pk))
    entry = AuditEntry.objects.filter(about_type="plans_localscheme", verb="row.update").latest("pk")
    assert entry.details["new"]["state"] == "APPROVED" and entry.details["old"]["decided_by_id"] is None
