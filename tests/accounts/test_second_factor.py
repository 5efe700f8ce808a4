"""动态口令: who may write proves with a code of his phone who he is (S10, GB/T 22239 8.1.4.1 d)."""

import base64
import re
import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from django_otp.oath import hotp

from benxi_shuangsuiji.accounts import second_factor
from benxi_shuangsuiji.accounts import second_factor_actions as actions
from benxi_shuangsuiji.accounts.access import AccessMarks
from benxi_shuangsuiji.accounts.models import Authenticator, KnownDevice, RecoveryCode, SecondFactorReset
from benxi_shuangsuiji.accounts.purge import purge
from benxi_shuangsuiji.accounts.roles import PERMISSIONS, Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.forms import kept
from benxi_shuangsuiji.models import FormKey
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.tasks import daily
from benxi_shuangsuiji.refusal import Refused
from tests.accounts.test_access import patterns
from tests.accounts.test_administration import make_grants, make_system
from tests.browsing import html_of, post, text_of
from tests.factories import PASSWORD, make_observer, make_planner, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asks_for_code")]
SECRET = b"0123456789abcdefghij"
CODE = "/desk/second-factor/"


@pytest.fixture
def now(monkeypatch):
    """The machine's time of the codes, which a test moves by steps of 30 seconds."""

    class Now:
        at = time.time() // 30 * 30

        def code(self, secret=SECRET, steps=0):
            return f"{hotp(secret, int((self.at + 30 * steps) // 30)):06d}"

    now = Now()
    monkeypatch.setattr(second_factor.time, "time", lambda: now.at)
    return now


def with_phone(user, now, secret=SECRET):
    """Set up; the codes of this very step are used up by it."""
    codes = actions.set_up(account=user, secret=secret, code=now.code(secret), by=user)
    now.at += 30
    return codes


def sign_in(user, browser=None, to="", agent="Mozilla/5.0 (Windows NT 10.0) Chrome/120"):
    browser = browser or Client()
    browser.defaults["HTTP_USER_AGENT"] = agent
    browser.post("/desk/login/", {"username": user.username, "password": PASSWORD, "next": to})
    return browser


def test_who_only_reads_needs_none_and_every_role_that_writes_does():
    writing = {role for role in Role if any(not p.startswith("SEE_") for p in PERMISSIONS[role])}
    assert set(Role) - writing == {Role.OBSERVER, Role.ADMIN_AUDIT}
    observer = make_observer()
    assert sign_in(observer).get("/desk/todo/").status_code == 200
    assert second_factor.is_needed(make_planner(make_unit())) and not second_factor.is_needed(observer)


@pytest.mark.story("S10")
@pytest.mark.promise("P23")
def test_every_page_of_the_staff_side_waits_for_the_code(rf, monkeypatch):
    """By the mark of each view; what opens before is named here."""
    asked = []
    monkeypatch.setattr(second_factor, "is_given", lambda request: asked.append(request) or False)
    monkeypatch.setattr("benxi_shuangsuiji.accounts.access.to_second_factor", lambda request: "code")
    user, before = make_planner(make_unit()), set()
    for address, name, view in patterns():
        if getattr(view, "access", None) == "public":
            continue
        request = rf.get("/" + address)
        request.user = user
        if AccessMarks(None).process_view(request, view, (), {}) != "code":
            before.add(name)
    assert before == {"accounts:logout", "accounts:second-factor", "accounts:second-factor-setup"} and len(asked) > 200


def test_it_is_set_up_at_the_first_sign_in_and_the_codes_are_shown_once(now):
    user = make_planner(make_unit())
    browser = sign_in(user)
    answer = browser.get("/desk/plans/")
    assert answer["Location"] == "/desk/second-factor/setup/?next=/desk/plans/"
    page = html_of(browser.get(answer["Location"]))
    assert "data:image/svg+xml" in page
    secret = base64.b32decode(re.search(r"<b>([A-Z2-7 ]{39})</b>", page)[1].replace(" ", ""))
    wrong = post(browser, answer["Location"], code="000000" if now.code(secret) != "000000" else "000001")
    assert wrong.status_code == 409 and "口令不对" in text_of(wrong) and Authenticator.objects.count() == 0
    assert browser.get("/desk/plans/").status_code == 302
    done = post(browser, "/desk/second-factor/setup/", code=now.code(secret), next="/desk/plans/")
    codes = re.findall(r"<li>([A-Z2-9]{4}(?:-[A-Z2-9]{4}){3})</li>", html_of(done))
    assert len(set(codes)) == 10 and 'href="/desk/plans/"' in html_of(done)
    assert browser.get("/desk/plans/").status_code == 200
    row = Authenticator.objects.get()
    assert secret not in bytes(row.secret) and second_factor.opened(bytes(row.secret), user.pk) == secret
    kept = str(list(RecoveryCode.objects.values())) + str(list(AuditEntry.objects.values_list("details", flat=True)))
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def wide(code: str) -> str:
    """As a Chinese keyboard writes it in full width."""
    return "".join(chr(ord(c) + 0xFEE0) for c in code)


@pytest.mark.parametrize(
    ("typed", "opens"),
    [
        (lambda now, codes: now.code(), True),
        (lambda now, codes: now.code()[:3] + " " + now.code()[3:], True),
        (lambda now, codes: now.code(steps=1), True),  # a phone half a minute ahead
        (lambda now, codes: now.code(steps=-1), False),  # the one it was set up with: none is taken twice
        (lambda now, codes: now.code(steps=3), False),
        (lambda now, codes: codes[0], True),
        (lambda now, codes: codes[0].lower().replace("-", " "), True),
        (lambda now, codes: codes[0][:-1], False),
        (lambda now, codes: wide(now.code()), True),
        (lambda now, codes: wide("000000" if now.code() != "000000" else "000001"), False),
        (lambda now, codes: wide(codes[0]), True),
    ],
)
def test_what_opens(now, typed, opens):
    user = make_planner(make_unit())
    codes = with_phone(user, now)
    browser = sign_in(user)
    assert browser.get("/desk/todo/")["Location"] == f"{CODE}?next=/desk/todo/"
    answer = post(browser, CODE, code=typed(now, codes), next="/desk/todo/")
    assert (answer.status_code, browser.get("/desk/todo/").status_code) == ((302, 200) if opens else (409, 302))


def test_a_code_and_a_recovery_code_are_good_once_and_guessing_is_paused(now):
    user = make_planner(make_unit())
    codes = with_phone(user, now)
    assert second_factor.why_not(user, now.code()) == ""
    assert "已经用过" in second_factor.why_not(user, now.code())
    assert second_factor.why_not(user, codes[3]) == "" and "口令不对" in second_factor.why_not(user, codes[3])
    assert second_factor.codes_left(user) == 9
    for _ in range(4):
        second_factor.why_not(user, "000000")
    now.at += 60
    assert "15 分钟后再试" in second_factor.why_not(user, now.code())
    Authenticator.objects.update(failed_at=timezone.now() - timedelta(minutes=16))
    assert second_factor.why_not(user, now.code()) == ""


def test_nobody_leads_him_elsewhere_and_a_form_sent_too_early_is_kept(now):
    user = make_planner(make_unit())
    with_phone(user, now)
    browser = sign_in(user)
    early = post(browser, "/desk/password/", form_owner=kept.owner_mark(user), note="写了半天")
    assert early["Location"] == f"{CODE}?next=/desk/continue/" and browser.session[kept.SESSION_KEY]["fields"] == [
        ["note", ["写了半天"]]
    ]
    assert post(browser, CODE, code=now.code(), next="https://evil.example/")["Location"] == "/desk/"


def test_a_phone_is_remembered_for_seven_days_on_the_field_pages_alone(now):
    user = make_user((Role.INSPECTOR, make_unit()))
    with_phone(user, now)
    phone = sign_in(user, agent="Mozilla/5.0 (Linux; Android 14) Chrome/120")
    assert phone.get("/field/")["Location"].startswith(CODE)
    post(phone, CODE, code=now.code(), remember="on", next="/field/")
    assert phone.get("/field/").status_code == 200
    post(phone, "/desk/logout/")
    sign_in(user, phone)
    assert phone.get("/field/").status_code == 200  # without a code
    assert phone.get("/desk/todo/")["Location"].startswith(CODE)
    KnownDevice.objects.update(remembered_until=timezone.now() - timedelta(minutes=1))
    sign_in(user, other := Client(), agent=phone.defaults["HTTP_USER_AGENT"])
    assert other.get("/field/")["Location"].startswith(CODE)  # another phone never was
    post(phone, "/desk/logout/")
    sign_in(user, phone)
    assert phone.get("/field/")["Location"].startswith(CODE)


def test_only_who_goes_to_checks_is_remembered(now):
    user = make_planner(make_unit())
    with_phone(user, now)
    browser = sign_in(user)
    assert "remember" not in browser.get(CODE).context["form"].fields
    post(browser, CODE, code=now.code(), remember="on")
    assert KnownDevice.objects.get().remembered_until is None


def test_another_phone_takes_the_place_of_the_old_one_and_codes_are_made_anew(now):
    user = make_planner(make_unit())
    old = with_phone(user, now)
    browser = sign_in(user)
    assert browser.get("/desk/second-factor/setup/")["Location"] == CODE  # not before the old one's code
    post(browser, CODE, code=now.code())
    page = html_of(browser.get("/desk/second-factor/setup/"))
    secret = base64.b32decode(re.search(r"<b>([A-Z2-7 ]{39})</b>", page)[1].replace(" ", ""))
    post(browser, "/desk/second-factor/setup/", code=now.code(secret))
    now.at += 30
    assert "口令不对" in second_factor.why_not(user, now.code()) and "口令不对" in second_factor.why_not(user, old[0])
    assert second_factor.why_not(user, now.code(secret)) == ""
    anew = re.findall(r"<li>([A-Z2-9-]{19})</li>", html_of(post(browser, "/desk/second-factor/codes/")))
    assert len(anew) == 10 and second_factor.why_not(user, anew[0]) == ""


# --- devices ----------------------------------------------------------------------------------------------------------


def test_a_device_is_shown_and_ended_and_then_is_a_strangers(now):
    user = make_planner(make_unit())
    with_phone(user, now)
    desk, phone = sign_in(user), sign_in(user, agent="Mozilla/5.0 (Linux; Android 14) Chrome/120")
    for browser in (desk, phone):
        post(browser, CODE, code=now.code())
        now.at += 30
    page = text_of(desk.get("/desk/devices/"))
    assert "安卓手机 · Chrome" in page and "Windows 电脑 · Chrome 正在用的这一台" in page and "备用码还有 10 个" in page
    row = KnownDevice.objects.get(label="安卓手机 · Chrome")
    assert post(sign_in(make_observer()), f"/desk/devices/{row.pk}/end/").status_code == 404
    assert post(desk, f"/desk/devices/{row.pk}/end/").status_code == 302
    assert "/desk/login/" in phone.get("/desk/todo/")["Location"] and desk.get("/desk/todo/").status_code == 200
    with pytest.raises(Refused, match="已经退出"):
        actions.end_device(device=row, by=user)
    row.refresh_from_db()
    assert row.ended_at and AuditEntry.objects.get(verb="accounts.device.ended").details["device"] == row.label


@pytest.mark.promise("P09")
def test_an_ended_device_ends_its_sign_in_within_a_minute_also_where_its_session_was_renewed(now):
    user = make_observer()
    browser = sign_in(user)
    assert browser.get("/desk/todo/").status_code == 200
    KnownDevice.objects.update(ended_at=timezone.now(), session_key="")
    session = browser.session
    session["seen_at"] = (timezone.now() - timedelta(minutes=2)).isoformat()
    session.save()
    assert "/desk/login/" in browser.get("/desk/todo/")["Location"]


@pytest.mark.parametrize(
    ("path", "minutes", "opens"), [("/field/", 300, True), ("/field/", 721, False), ("/desk/todo/", 31, False)]
)
def test_a_visit_is_twelve_hours_long_and_the_desk_thirty_idle_minutes(now, path, minutes, opens):
    user = make_user((Role.INSPECTOR, make_unit()))
    with_phone(user, now)
    browser = sign_in(user)
    post(browser, CODE, code=now.code())
    assert browser.get(path).status_code == 200
    session, before = browser.session, (timezone.now() - timedelta(minutes=minutes)).isoformat()
    session["seen_at"] = session["started_at"] = session["noted_at"] = before
    session.save()
    assert (browser.get(path).status_code == 200) is opens
    if opens:  # what is done in the field keeps no page of the desk open
        assert "/desk/login/" in browser.get("/desk/todo/")["Location"]


# --- reset by two administrators --------------------------------------------------------------------------------------


def test_two_administrators_reset_it_and_every_device_of_the_account_goes(now, client):
    user, system, grants = make_planner(make_unit()), make_system(), make_grants()
    codes = with_phone(user, now)
    phone = sign_in(user)
    post(phone, CODE, code=codes[0])
    asked = actions.ask_for_reset(account=user, reason="手机掉进河里，备用码也在手机壳里", by=system)
    with pytest.raises(Refused, match="授权管理员"):
        actions.approve_reset(asked=asked, by=system)
    with pytest.raises(Refused, match="在等批准"):
        actions.ask_for_reset(account=user, reason="再申请一次看看", by=system)
    actions.approve_reset(asked=asked, by=grants)
    assert not Authenticator.objects.exists() and not RecoveryCode.objects.exists()
    assert "/desk/login/" in phone.get("/desk/todo/")["Location"]
    assert sign_in(user).get("/desk/todo/")["Location"].startswith("/desk/second-factor/setup/")
    verbs = set(AuditEntry.objects.filter(verb__startswith="accounts.second_factor").values_list("verb", flat=True))
    assert verbs >= {"accounts.second_factor.reset_asked", "accounts.second_factor.reset"}


@pytest.mark.parametrize("who", ["himself", "grants", "planner"])
def test_who_may_not_ask(now, who):
    system = make_system()
    people = {"himself": system, "grants": make_grants(), "planner": make_planner(make_unit())}
    about = system if who == "himself" else make_planner(make_unit())
    with_phone(about, now)
    with pytest.raises(Refused):
        actions.ask_for_reset(account=about, reason="手机丢失，已当面核实", by=people[who])
    assert not SecondFactorReset.objects.exists()


def test_the_page_of_the_reset_for_both_sides(now):
    user, system, grants = make_planner(make_unit()), make_system(), make_grants()
    url = f"/desk/accounts/{user.pk}/second-factor/"
    for person in (user, system, grants):
        with_phone(person, now)
    asker, decider = Client(), Client()
    for browser, person in ((asker, system), (decider, grants)):
        sign_in(person, browser)
        post(browser, CODE, code=now.code())
    assert "重置动态口令…" in text_of(asker.get(f"/desk/accounts/{user.pk}/"))
    assert post(asker, url, reason="手机丢失，已当面核实").status_code == 302
    assert "等授权管理员批准" in text_of(asker.get(url))
    pending = SecondFactorReset.objects.get()
    waits = Duty.objects.open().filter(rule="RESETOTP")
    assert (waits.get().role, waits.get().url) == (Role.ADMIN_GRANTS, url)
    assert "办理重置" in text_of(decider.get("/desk/")) and "办理重置" not in text_of(asker.get("/desk/"))
    assert "批准重置动态口令" in text_of(decider.get("/desk/todo/")) and grants.inbox.get().duty == waits.get()
    assert "等批准重置动态口令" in text_of(decider.get("/desk/accounts/?view=reset"))
    assert decider.get("/desk/accounts/?view=reset").context["page"].object_list[0] == user
    back = post(decider, url, decision="reject", request=pending.pk, opinion="本人没有打电话来")
    assert back.status_code == 302 and not waits.exists()
    pending.refresh_from_db()
    assert pending.state == "RETURNED" and second_factor.of(user)
    actions.ask_for_reset(account=user, reason="本人已经到场核实", by=system)
    again = SecondFactorReset.objects.get(state="ASKED")
    assert post(decider, url, decision="approve", request=again.pk, opinion="").status_code == 302
    assert second_factor.of(user) is None and not waits.exists()


def test_a_reset_asked_for_before_an_upgrade_gets_its_to_do_in_the_morning(now):
    user, system, grants = make_planner(make_unit()), make_system(), make_grants()
    with_phone(user, now)
    row = {"reason": "手机丢失，已当面核实", "asked_by": system, "asked_at": timezone.now()}
    asked = SecondFactorReset.objects.create(account=user, **row)  # as the version before left it
    for _ in range(2):
        daily(force=True)
    assert Duty.objects.open().get(rule="RESETOTP").period == str(asked.pk)
    actions.approve_reset(asked=asked, by=grants)
    daily(force=True)
    assert not Duty.objects.open().filter(rule="RESETOTP").exists()


def test_the_database_knows_that_two_people_decide_and_none_about_himself():
    user, system = make_planner(make_unit()), make_system()
    row = {"account": user, "reason": "r", "asked_at": timezone.now()}
    for wrong in (
        {"asked_by": user},
        {"asked_by": system, "state": "APPROVED", "decided_by": system, "decided_at": timezone.now()},
        {"asked_by": system, "state": "APPROVED", "decided_by": user, "decided_at": timezone.now()},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            SecondFactorReset.objects.create(**{**row, **wrong})


def test_the_server_resets_an_administrators_where_both_parts_lost_their_phones(now, monkeypatch):
    system = make_system()
    with_phone(system, now)
    monkeypatch.setattr("benxi_shuangsuiji.accounts.secrets_in.ask", lambda what: "Bianhe-2026-qiao")
    call_command("admin_password", system.username, verbosity=0)
    assert second_factor.of(system)
    call_command("admin_password", system.username, "--forget-second-factor", verbosity=0)
    assert second_factor.of(system) is None


# --- what goes by itself ----------------------------------------------------------------------------------------------


@pytest.mark.story("S12")
def test_what_protects_nobody_any_more_goes():
    user, moment = make_observer(), timezone.now()
    browser = sign_in(user)
    FormKey.objects.create(key="12345678-1234-5678-1234-567812345678", user=user, path="/", digest="0" * 64)
    purge(moment)
    assert Session.objects.count() == 1 and FormKey.objects.count() == 1 and KnownDevice.objects.count() == 1
    purge(moment + timedelta(days=4))
    assert FormKey.objects.count() == 0 and KnownDevice.objects.count() == 1
    KnownDevice.objects.update(ended_at=moment)  # still says when the account was last used
    purge(moment + timedelta(days=89))
    assert KnownDevice.objects.count() == 1
    purge(moment + timedelta(days=91))
    assert Session.objects.count() == 0 and KnownDevice.objects.count() == 0
    assert "/desk/login/" in browser.get("/desk/todo/")["Location"]


def test_a_demo_asks_for_none_and_says_so(monkeypatch):
    monkeypatch.undo()
    assert second_factor.is_skipped()
    user = make_planner(make_unit())
    browser = sign_in(user)
    assert browser.get("/desk/todo/").status_code == 200
    assert "演示系统不问动态口令" in text_of(Client().get("/desk/login/"))
