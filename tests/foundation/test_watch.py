"""The trail watches itself, and says who was turned away (S5, S10, reliability.md P10, P11)."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import actions, benxi, second_factor_actions, unit_actions
from benxi_shuangsuiji.accounts.models import Authenticator, RoleGrant
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import jobs, trail, watch
from benxi_shuangsuiji.audit.models import AuditEntry, AuditLink
from benxi_shuangsuiji.documents import jobs as background
from benxi_shuangsuiji.documents.models import Job
from benxi_shuangsuiji.notices.models import Message
from tests import database
from tests.browsing import FROM, post, signed_in
from tests.factories import PASSWORD, make_approver, make_facility, make_observer, make_supervisor, make_unit, make_user
from tests.inspections.factories import make_reviewed

ALARM = "操作记录告警"


@contextmanager
def rewriting(name: str, *tables: str):
    """As the owner of the database, who can switch off what refuses it to everybody."""
    with database.owner_connection(name=name) as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER sealed_rows")
        yield cursor
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER sealed_rows")


def entries(n: int) -> None:
    by = make_approver(make_unit())
    for at in range(n):
        trail.record("test.made", by=by, n=at)


@pytest.mark.story("S5")
@pytest.mark.promise("P11")
@pytest.mark.clause("七(五)-n", "四(3)-b")
def test_a_changed_or_missing_entry_is_named_and_told_once(own_database):
    people = [make_supervisor(), make_observer()]
    people += [make_user((role, make_unit())) for role in (Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS, Role.ADMIN_AUDIT)]
    entries(5)
    mark = watch.watch()
    assert (mark.broken_at, mark.seq, mark.waiting) == (None, AuditLink.objects.count(), 0)
    assert not Message.objects.filter(title=ALARM).exists()

    third = AuditLink.objects.select_related("entry").get(seq=3)
    was, is_ = third.entry.verb, "test.changed"
    with rewriting(own_database, "audit_auditentry") as cursor:
        cursor.execute("UPDATE audit_auditentry SET verb = %s WHERE id = %s", [is_, third.entry_id])
    assert [watch.watch().broken_at, watch.watch().broken_at] == [3, 3]
    told = Message.objects.filter(title=ALARM, body__contains="第 3 条记录")
    assert sorted(told.values_list("user", flat=True)) == sorted(person.pk for person in people)
    assert "第 3 条接不上" in signed_in(people[0]).get(reverse("audit:log")).content.decode()

    with rewriting(own_database, "audit_auditentry") as cursor:
        cursor.execute("UPDATE audit_auditentry SET verb = %s WHERE id = %s", [was, third.entry_id])
    assert watch.watch().broken_at is None
    with rewriting(own_database, "audit_auditlink") as cursor:  # the end cut off, so that every link that is left holds
        cursor.execute("DELETE FROM audit_auditlink WHERE seq > 4 RETURNING entry_id")
        gone = [entry for (entry,) in cursor.fetchall()]
    with rewriting(own_database, "audit_auditentry") as cursor:
        cursor.execute("DELETE FROM audit_auditentry WHERE id = ANY(%s)", [gone])
    assert watch.watch().broken_at is not None


def test_a_long_chain_is_looked_through_in_shares(own_database, monkeypatch):
    monkeypatch.setattr(watch, "SHARE", 4)
    entries(10)
    marks = [watch.watch() for _ in range(4)]
    links = AuditLink.objects.count()
    assert [mark.seq for mark in marks] == [min(4 * n, links) for n in (1, 2, 3, 4)]
    assert marks[0].swept_at is None and marks[-1].swept_at is not None
    with rewriting(own_database, "audit_auditentry") as cursor:
        cursor.execute(
            "UPDATE audit_auditentry SET verb = 'x' WHERE id = (SELECT entry_id FROM audit_auditlink WHERE seq = 2)"
        )
    assert 2 in [watch.watch().broken_at for _ in range(links // 4 + 2)]


@pytest.mark.story("S5")
def test_checking_goes_on_where_its_worker_was_killed_and_says_what_is_not_linked(own_database, monkeypatch):
    monkeypatch.setattr(jobs, "SHARE", 3)
    monkeypatch.setattr(jobs, "AT_ONCE", 2)
    by = make_supervisor()
    entries(8)
    trail.seal()
    answer = post(signed_in(by), reverse("audit:log-check"))
    job = Job.objects.get(kind=jobs.KIND)
    assert answer.url == reverse("documents:job-detail", args=[job.pk])

    def killed(done, total):
        raise SystemExit(f"{done} of {total}")

    with pytest.raises(SystemExit):
        jobs.check(background.claim(job.pk), killed)
    assert Job.objects.get(pk=job.pk).params == {"reached": 3}
    seen = []
    jobs.check(Job.objects.get(pk=job.pk), lambda done, total: seen.append(done))
    assert seen[0] == 6 and seen[-1] == AuditLink.objects.count()
    assert "逐条相连，没有改动" in Message.objects.get(user=by, title="操作记录校验完成").body

    with transaction.atomic():  # what this very transaction writes can have no link yet
        entries(1)
        verdict = trail.verify()
    assert verdict.unsealed > 0 and f"另有 {verdict.unsealed} 条还没有入链" in jobs.words_of(verdict)


@pytest.mark.story("S10")
@pytest.mark.promise("P10")
@pytest.mark.django_db
@pytest.mark.clause("七(五)-n")
def test_who_was_turned_away_stands_in_the_trail():
    officer = make_approver(make_unit())
    for name in (officer.username, "nobody-has-this-name"):
        for _ in range(7):
            Client().post("/desk/login/", {"username": name, "password": "wrong"})
    failed = AuditEntry.objects.filter(verb="accounts.sign_in_failed")
    assert failed.filter(about_key=officer.username).count() == 5
    assert failed.filter(about_key="").count() == 5 and "nobody" not in str(list(failed.values()))

    signed_in(officer).get(reverse("accounts:account-list"))
    refused = AuditEntry.objects.get(verb="accounts.refused")
    what = {"method": "GET", "path": reverse("accounts:account-list")} | FROM
    assert (refused.actor, refused.details) == (officer, what)
    page = signed_in(make_observer()).get(reverse("audit:log"), {"verb": "accounts.refused"}).content.decode()
    assert "没有权限，被拒绝：/desk/" in page


@pytest.mark.django_db
def test_the_trail_of_who_was_drawn_names_key_and_state_and_hides_the_rest():
    check = make_reviewed()
    details = AuditEntry.objects.filter(about_type="inspections_inspection", verb="row.update").latest("pk").details
    changed = details["changed"][str(check.pk)]
    assert changed["status"] == ["FINISHED", "REVIEWED"] and changed["version"] == "changed"
    assert changed["reviewed_by_id"] == [None, check.reviewed_by_id]


SOMEBODY = "(SELECT min(id) FROM accounts_user)"
# Not refused: the site has to be able to do it for people. The trail names it, and people are told.
FOR_PEOPLE = [
    (
        "accounts_rolegrant",
        "INSERT INTO accounts_rolegrant (user_id, unit_id, role, valid_from, document, end_reason)"
        f" SELECT {SOMEBODY}, min(id), 'ADMIN_SYSTEM', '2026-01-01', '没有', '' FROM accounts_unit",
    ),
    (
        "accounts_secondfactorreset",
        "INSERT INTO accounts_secondfactorreset (account_id, reason, asked_by_id, asked_at, state, opinion)"
        " SELECT min(id), '没有', max(id), now(), 'ASKED', '' FROM accounts_user",
    ),
    (  # a wish that nobody has
        "accounts_grantrequest",
        "INSERT INTO accounts_grantrequest (permissions, reason, asked_by_id, asked_at, state, opinion)"
        f" SELECT 'SEE_LOG', '没有', {SOMEBODY}, now(), 'ASKED', ''",
    ),
    ("accounts_user", "UPDATE accounts_user SET password = '!' WHERE id = (SELECT min(id) FROM accounts_user)"),
    (
        "inspections_inspection",
        "UPDATE inspections_inspection SET status = 'RETURNED', reviewed_by_id = NULL, reviewed_at = NULL WHERE status = 'REVIEWED'",
    ),
    (
        "plans_proofrun",
        "INSERT INTO plans_proofrun (day, at, documents, entries, draws, problem) VALUES ('2026-07-06', now(), 1, 1, 1, '')",
    ),
    (
        "notices_duty",
        "UPDATE notices_duty SET due = due + 30 WHERE id = (SELECT min(id) FROM notices_duty)",
    ),
    (  # in the name of somebody else
        "accounts_rolegrant",
        f"WITH a AS (SELECT set_config('app.actor', {SOMEBODY}::text, true))"
        " INSERT INTO accounts_rolegrant (user_id, unit_id, role, valid_from, document, end_reason)"
        f" SELECT {SOMEBODY}, min(id), 'PLANNER', '2026-01-01', '没有', '' FROM accounts_unit WHERE EXISTS (SELECT FROM a)",
    ),
    (  # what stands on /contact/; the names of a unit are refused (tests/accounts/test_units.py)
        "accounts_unit",
        "UPDATE accounts_unit SET telephone = '没有' WHERE id = (SELECT min(id) FROM accounts_unit)",
    ),
    (  # a change of units that one asks for in the name of another
        "accounts_unitchange",
        'INSERT INTO accounts_unitchange (kind, "values", before, effective_from, document, asked_by_id, asked_at, state, opinion)'
        f" SELECT 'CITY', '{{}}', '{{}}', '2027-01-01', '没有', {SOMEBODY}, now(), 'ASKED', ''",
    ),
    (
        "说做了",
        "INSERT INTO audit_auditentry (verb, actor_id, about_type, about_key, details) SELECT 'accounts.role.granted', min(id),"
        " 'accounts.User', 'x', '{}' FROM accounts_user",
    ),
]


@pytest.mark.story("S6")
def test_what_the_site_may_do_for_people_is_named_and_told_within_two_wake_ups(own_database):
    make_reviewed()
    watching = [
        make_supervisor(),
        make_observer(),
        make_user(("ADMIN_SYSTEM", make_unit())),
        make_user(("ADMIN_AUDIT", make_unit())),
    ]
    watch.watch()
    told = Message.objects.filter(title="操作记录告警")
    assert not told.exists()

    for table, sql in FOR_PEOPLE:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount == 1, sql
        watch.watch()
        message = told.filter(user=watching[0]).latest("pk")
        assert table in message.body, sql
        assert set(told.filter(body=message.body).values_list("user", flat=True)) >= {user.pk for user in watching}
    assert AuditEntry.objects.filter(details__changed__contains=["password"]).exists()
    assert RoleGrant.objects.filter(role="ADMIN_SYSTEM").count() == 2


def make_with_factor():
    person = make_user()
    Authenticator.objects.create(user=person, secret=b"x", confirmed_at=clock.now())
    return person


def test_a_password_stored_anew_at_sign_in_is_no_forgery(own_database, settings, monkeypatch):
    """As after an upgrade whose hash is a slower one."""
    make_supervisor()
    person = make_user()
    watch.watch()
    before = person.password
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", Argon2PasswordHasher.time_cost + 1)
    answer = Client().post("/desk/login/", {"username": person.username, "password": PASSWORD})
    assert answer.status_code == 302
    person.refresh_from_db()
    assert person.password != before and person.check_password(PASSWORD)
    assert AuditEntry.objects.get(verb="accounts.password.rehashed").actor == person
    watch.watch()
    assert not Message.objects.filter(title=ALARM).exists()


def test_no_act_of_the_program_is_taken_for_a_forgery(own_database):
    make_supervisor()
    boss, owner = make_user(("ADMIN_SYSTEM", make_unit())), make_user(("ADMIN_GRANTS", make_unit()))
    people = [make_with_factor(), make_with_factor()]
    watch.watch()
    seen = watch.state().seq
    account, _ = actions.open_account(unit=make_unit(), username="xin-ren", full_name="新来的", by=boss)
    actions.reset_password(account=account, by=boss)
    decisions = (second_factor_actions.return_reset, second_factor_actions.approve_reset)
    for person, decide in zip(people, decisions, strict=True):
        asked = second_factor_actions.ask_for_reset(account=person, reason="手机丢了", by=boss)
        decide(asked=asked, by=owner, opinion="核对过本人")
    watch.watch()
    assert watch.state().seq > seen
    assert not Message.objects.filter(title=ALARM).exists()


def test_a_change_of_units_is_an_act_and_so_is_that_it_waits(own_database, at):
    at("2026-09-01 09:00")
    units = benxi.establish()
    make_supervisor()
    boss, owner = make_user(("ADMIN_SYSTEM", units["2105SJ"])), make_user(("ADMIN_GRANTS", units["2105SJ"]))
    make_facility(units["210504"])
    watch.watch()
    change = unit_actions.ask(
        kind="CLOSE",
        unit=units["210504"],
        values={"into": "210503"},
        effective_from=date(2026, 10, 1),
        document="示例编〔2026〕7 号",
        by=boss,
    )
    unit_actions.approve(change=change, by=owner)
    at("2026-10-01 00:05")
    assert unit_actions.carry_out_due() == 0
    watch.watch()
    assert AuditEntry.objects.filter(verb="accounts.unit.waits").count() == 1
    assert not Message.objects.filter(title=ALARM).exists()
