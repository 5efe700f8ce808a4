"""Accounts, roles and passwords: who may do what to whom, and what stays of it (decisions.md 7, GB/T 22239 8.1.4)."""

import io
import re
import uuid
from datetime import date
from hashlib import sha256

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji.accounts import actions, lockouts, passwords, rules
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.models import FormKey
from benxi_shuangsuiji.refusal import Refused
from registry.inspectors import actions as registry_actions
from registry.models import Inspector
from tests.factories import PASSWORD, make_city_team, make_inspector, make_planner, make_registrar, make_unit, make_user

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 6)  # tests.database.START
NEW = "Tai-zi-he-2026"


def make_system(**fields) -> User:
    return make_user((Role.ADMIN_SYSTEM, make_city_team()), **fields)


def make_grants(**fields) -> User:
    return make_user((Role.ADMIN_GRANTS, make_city_team()), **fields)


def give(account, role, unit, by, **more):
    values = {"document": "本环办〔2026〕3 号", "valid_from": TODAY, **more}
    return actions.grant_role(account=account, role=role, unit=unit, by=by, **values)


def send(client, url, **data):
    return client.post(url, {"form_key": str(uuid.uuid4()), **data})


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_a_new_account_has_no_right_and_must_change_its_password():
    account, password = actions.open_account(
        unit=make_unit(), username=" Li.Jianguo ", full_name="李建国", by=make_system()
    )
    assert account.username == "li.jianguo"
    assert account.check_password(password) and account.must_change_password
    assert account.grants_in_force() == []
    entry = AuditEntry.objects.get(verb="accounts.account.opened")
    assert (entry.about_key, entry.unit) == ("li.jianguo", make_unit())
    assert password not in str(list(AuditEntry.objects.values_list("details", flat=True)))


@pytest.mark.parametrize(
    ("username", "says"), [("Ab", "3 到 40 个"), ("李建国", "3 到 40 个"), ("9li", "字母开头"), ("taken", "已经有人用")]
)
def test_an_account_is_named_once_and_plainly(username, says):
    by = make_system()
    make_user(username="taken")
    with pytest.raises(Refused, match=says):
        actions.open_account(unit=make_unit(), username=username, full_name="李建国", by=by)


def test_a_name_changes_by_a_document_and_the_traces_keep_the_account():
    by, account = make_system(), make_user()
    before = account.full_name
    refusals = [
        ({"full_name": " ", "by": by}, "填写姓名"),
        ({"full_name": before, "by": by}, "姓名没有变"),
        ({"full_name": "李建业", "by": by, "document": "口头"}, "写明任命文件或依据"),
        ({"full_name": "李建业", "by": make_grants()}, "系统管理员"),
    ]
    for fields, says in refusals:
        with pytest.raises(Refused, match=says):
            actions.rename(**{"account": account, "document": "公安〔2026〕8 号", **fields})
    assert (
        actions.rename(account=account, full_name=" 李建业 ", document="公安〔2026〕8 号", by=by).full_name == "李建业"
    )
    account.refresh_from_db()
    entry = AuditEntry.objects.get(verb="accounts.account.renamed")
    assert (account.full_name, entry.about_key) == ("李建业", account.username)
    assert (entry.details["before"], entry.details["after"]) == (before, "李建业")


def test_who_moves_leaves_what_was_granted_behind():
    old, new, by = make_unit("210503"), make_unit("210504"), make_grants()
    account = make_user((Role.PLANNER, old), (Role.REGISTRAR, old), unit=old)
    move = {"account": account, "unit": new, "document": "本环办〔2026〕9 号", "by": by}
    for fields, says in (
        ({"by": make_system()}, "授权管理员"),
        ({"unit": old}, f"已经在{old.short_name}"),
        ({"document": ""}, "写明任命文件或依据"),
        ({"account": by}, "自己的调动由另一名授权管理员办理"),
    ):
        with pytest.raises(Refused, match=says):
            actions.move(**{**move, **fields})
    actions.move(**move)
    account = User.objects.get(pk=account.pk)
    assert account.unit == new and account.grants_in_force() == [] and account.is_active
    assert set(account.grants.values_list("end_reason", flat=True)) == {f"调到{new.short_name}：本环办〔2026〕9 号"}
    assert AuditEntry.objects.filter(verb="accounts.role.ended").count() == 2
    entry = AuditEntry.objects.get(verb="accounts.account.moved")
    assert (entry.unit, entry.details["before"]) == (new, old.short_name)
    give(account, Role.PLANNER, new, by)  # anew, where it is to go on
    account = User.objects.get(pk=account.pk)
    assert account.may(Permission.EDIT_PLANS, new) and not account.may(Permission.EDIT_PLANS, old)


def test_the_last_administrator_is_not_moved_away():
    last, by = make_system(), make_grants()
    with pytest.raises(Refused, match=r"最后|另一名"):
        actions.move(account=last, unit=make_unit(), document="本环办〔2026〕9 号", by=by)
    assert last.grants_in_force()


def test_only_the_system_administrator_keeps_accounts():
    account, by = make_user(), make_grants()
    for act in (
        lambda: actions.open_account(unit=make_unit(), username="abc", full_name="甲", by=by),
        lambda: actions.switch_off(account=account, reason="调离本单位", by=by),
        lambda: actions.switch_on(account=account, by=by),
        lambda: actions.unlock(account=account, by=by),
        lambda: actions.reset_password(account=account, by=by),
    ):
        with pytest.raises(Refused, match="由系统管理员"):
            act()


def test_an_account_is_switched_off_and_on_again():
    by, account = make_system(), make_planner(make_unit())
    with pytest.raises(Refused, match="太短"):
        actions.switch_off(account=account, reason="走", by=by)
    actions.switch_off(account=account, reason="调离本单位", by=by)
    account.refresh_from_db()
    assert not account.is_active and account.units_with(Permission.EDIT_PLANS) == set()
    with pytest.raises(Refused, match="已经停用"):
        actions.switch_off(account=account, reason="调离本单位", by=by)
    actions.switch_on(account=account, by=by)
    with pytest.raises(Refused, match="没有停用"):
        actions.switch_on(account=account, by=by)
    with pytest.raises(Refused, match="不能停用自己"):
        actions.switch_off(account=by, reason="调离本单位", by=by)


def test_the_last_administrator_of_a_kind_stays():
    system, grants = make_system(), make_grants()
    with pytest.raises(Refused, match="最后一名授权管理员"):
        actions.switch_off(account=grants, reason="调离本单位", by=system)
    with pytest.raises(Refused, match="最后一名系统管理员"):
        actions.end_grant(grant=system.grants.get(), reason="调离本单位", by=grants)
    make_system()
    actions.end_grant(grant=system.grants.get(), reason="调离本单位", by=grants)


def test_whoever_is_watched_does_not_remove_the_last_who_watches():
    """By switching off, by ending the grant; a move ends it too and asks the same."""
    system, grants, audit = make_system(), make_grants(), make_user((Role.ADMIN_AUDIT, make_city_team()))
    with pytest.raises(Refused, match="最后一名审计管理员"):
        actions.switch_off(account=audit, reason="调离本单位", by=system)
    with pytest.raises(Refused, match="最后一名审计管理员"):
        actions.end_grant(grant=audit.grants.get(), reason="调离本单位", by=grants)
    make_user((Role.ADMIN_AUDIT, make_city_team()))
    actions.switch_off(account=audit, reason="调离本单位", by=system)


# --- passwords --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("Ab1-", "至少 12 个字符"),
        ("abcdefghijklmnop", "至少三种"),
        ("Li.jianguo-2026", "太像"),
        ("Password1234!", "很多人用"),
        ("2026-Dragon!!!", "很多人用"),
        ("Benxi-huanbao-2026", "自己的字太少"),
        ("ShuangSuiJi@2026#bx", "自己的字太少"),
        ("本溪生态环境-A2026", "自己的字太少"),
        ("Benxi-huanbao-liuhe-2026", ""),
        (NEW, ""),
        ("山清水秀-shan-2026", ""),
    ],
)
def test_what_a_password_must_be(password, says):
    why = passwords.why_not(password, User(username="li.jianguo-2026", full_name="李建国"))
    assert (says in why) if says else why == ""


def test_common_passwords_are_refused_in_words():
    assert "很多人用" in passwords.why_not("password", User(username="x"))


def test_first_passwords_are_good_and_never_the_same():
    made = {passwords.first_password() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch(r"(?:[a-z2-9]{4}-){3}[a-z2-9]{4}", p) for p in made)


def test_a_reset_ends_every_sign_in_and_forces_a_change(client):
    by, account = make_system(), make_planner(make_unit())
    client.force_login(account)
    assert client.get("/desk/todo/").status_code == 200
    _, password = actions.reset_password(account=account, by=by)
    assert "/desk/login/" in client.get("/desk/todo/")["Location"]
    client.post("/desk/login/", {"username": account.username, "password": password})
    for address in ("/desk/", "/desk/plans/", "/desk/inbox/", "/field/"):
        assert client.get(address)["Location"] == "/desk/password/"
    assert "现在的密码别人也知道" in client.get("/desk/password/").content.decode()


def test_the_forced_change_of_a_password(client):
    account, first = actions.open_account(unit=make_unit(), username="li.jian", full_name="李建", by=make_system())
    client.post("/desk/login/", {"username": "li.jian", "password": first})
    blocked = send(client, "/desk/objects/new/", name="x")
    assert blocked["Location"] == "/desk/password/"

    def change(old, new, again=None):
        names = ("old_password", "new_password", "new_password_again")
        return send(client, "/desk/password/", **dict(zip(names, (old, new, again or new), strict=True)))

    assert "原密码不对" in change("wrong-Wrong-12", NEW).content.decode()
    assert "不一样" in change(first, NEW, NEW + "x").content.decode()
    assert "和原来的一样" in change(first, first).content.decode()
    assert "至少 12 个字符" in change(first, "Short-1").content.decode()
    elsewhere = Client()
    elsewhere.force_login(account)
    assert change(first, NEW)["Location"] == "/desk/help/first/"
    assert "/desk/login/" in elsewhere.get("/desk/todo/")["Location"], "every other sign-in ends"
    account.refresh_from_db()
    assert account.check_password(NEW) and not account.must_change_password
    assert client.get("/desk/todo/").status_code == 200, "this sign-in goes on"


@pytest.mark.parametrize("password", [" Tai-zi-he 2026 ", "Tai-zi-he-" * 12 + "2026Shan"])
def test_a_password_is_taken_as_it_was_typed_and_stays_good(password):
    """Blanks, letters of both sizes and 128 characters (ASVS 6.2.8, 6.2.9), however long ago it was chosen (6.2.10)."""
    account = make_planner(make_unit())
    actions.change_password(account=account, new=password, by=account)
    User.objects.filter(pk=account.pk).update(password_changed_at="2020-01-01T00:00:00Z")

    def opens(typed):
        browser = Client()
        return browser.post("/desk/login/", {"username": account.username, "password": typed}).status_code == 302

    assert opens(password)
    assert not opens(password.strip()[:-1]) and not opens(password.lower()) and not opens(password + " ")


def test_the_sign_in_page_hides_what_is_typed_and_lets_a_password_program_fill_it_in(client):
    page = client.get("/desk/login/").content.decode()
    field = re.search(r"<input[^>]*name=\"password\"[^>]*>", page)[0]
    assert 'type="password"' in field and 'autocomplete="current-password"' in field and "onpaste" not in page


def test_guessing_the_old_password_is_paused_like_at_the_door(client):
    user = make_planner(make_unit())
    client.force_login(user)
    data = {"old_password": "wrong-Wrong-12", "new_password": NEW, "new_password_again": NEW}
    codes = [send(client, "/desk/password/", **data).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 200, 429]
    kept = "".join(f"{a.get_data}{a.post_data}" for a in AccessAttempt.objects.all())
    assert NEW not in kept and "wrong-Wrong-12" not in kept


def test_a_form_key_holds_no_digest_of_a_password(client):
    client.force_login(make_planner(make_unit()))
    names = {"old_password": PASSWORD, "new_password": NEW, "new_password_again": NEW}
    send(client, "/desk/password/", **names)
    digest = FormKey.objects.get().digest
    assert digest == sha256(b"").hexdigest()


def test_an_administrators_password_is_not_the_others_to_reset():
    system, other = make_system(), make_grants()
    with pytest.raises(Refused, match="admin_password"):
        actions.reset_password(account=other, by=system)
    with pytest.raises(Refused, match="改密码"):
        actions.reset_password(account=system, by=system)


def test_a_pause_is_ended_before_its_time(client):
    by, user = make_system(), make_planner(make_unit(), username="qiao")
    with pytest.raises(Refused, match="没有暂停"):
        actions.unlock(account=user, by=by)
    for _ in range(5):
        client.post("/desk/login/", {"username": "qiao", "password": "wrong"})
    assert lockouts.is_paused("qiao")
    actions.unlock(account=user, by=by)
    answer = client.post("/desk/login/", {"username": "qiao", "password": PASSWORD})
    assert answer.status_code == 302


# --- roles ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("五-3a")
def test_a_role_is_given_for_a_unit_by_a_document():
    by, account, unit = make_grants(), make_user(), make_unit()
    give(account, Role.PLANNER, unit, by, valid_to=date(2026, 12, 31))
    again = User.objects.get(pk=account.pk)
    assert again.may(Permission.EDIT_PLANS, unit) and not again.may(Permission.EDIT_PLANS, make_unit("210503"))
    entry = AuditEntry.objects.get(verb="accounts.role.granted")
    assert entry.details["document"] == "本环办〔2026〕3 号" and entry.actor == by


def test_nobody_gives_himself_a_role():
    by = make_grants()
    with pytest.raises(Refused, match="不能给自己授权"):
        give(by, Role.PLANNER, make_unit(), by)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(
            user=by, unit=make_unit(), role=Role.PLANNER, valid_from=TODAY, document="d", granted_by=by
        )
    with pytest.raises(Refused, match="另一名授权管理员"):
        actions.end_grant(grant=by.grants.get(), reason="不再担任", by=by)


def test_only_the_grants_administrator_gives_roles():
    account, unit = make_user(), make_unit()
    for by in (make_system(), make_planner(unit)):
        with pytest.raises(Refused, match="由授权管理员办理"):
            give(account, Role.PLANNER, unit, by)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"valid_from": date(2026, 7, 5)}, "不追溯"),
        ({"valid_from": date(2026, 8, 1), "valid_to": date(2026, 7, 31)}, "截止日早于"),
        ({"document": " 无 "}, "任命文件"),
        ({"role": "KING"}, "没有这个角色"),
        ({"role": Role.SUPERVISOR}, "不能设在明山分局"),
    ],
)
def test_a_grant_that_says_too_little_is_refused(changes, says):
    values = {"role": Role.PLANNER, **changes}
    with pytest.raises(Refused, match=says):
        give(make_user(), values.pop("role"), make_unit(), make_grants(), **values)


def test_a_section_has_inspectors_only():
    branch, by = make_unit(), make_grants()
    section = make_unit("210504-S", kind=UnitKind.COUNTY_SECTION, name="明山执法科", serves=branch)
    give(make_user(), Role.INSPECTOR, section, by)
    with pytest.raises(Refused, match="不能设在明山执法科"):
        give(make_user(), Role.PLANNER, section, by)


@pytest.mark.parametrize(
    ("role", "other", "says"),
    [
        (Role.ADMIN_SYSTEM, Role.ADMIN_AUDIT, "不能由同一个账号兼任"),
        (Role.ADMIN_AUDIT, Role.PLANNER, "没有业务权限"),
        (Role.PLANNER, Role.ADMIN_SYSTEM, "没有业务权限"),
        (Role.OBSERVER, Role.APPROVER, "只看不办"),
        (Role.OBSERVER, Role.BUREAU_READER, "只看不办"),  # the bureau instructs and receives (五-1a, 八(一)-c)
        (Role.PLANNER, Role.APPROVER, ""),
    ],
)
def test_roles_that_one_account_does_not_hold_together(role, other, says):
    for pair in ((role, other), (other, role)):
        why = rules.why_not_together(*pair)
        assert (says in why) if says else why == ""


def test_the_same_role_is_not_given_twice_for_one_time():
    unit, other = make_unit(), make_unit("210503")
    by, account = make_grants(), make_user()
    first = give(account, Role.PLANNER, unit, by)
    with pytest.raises(Refused, match="期限相重"):
        give(account, Role.PLANNER, unit, by, valid_from=date(2027, 1, 1))
    give(account, Role.PLANNER, other, by)
    actions.end_grant(grant=first, reason="岗位调整", by=by)
    give(account, Role.PLANNER, unit, by)


@pytest.mark.promise("P09")
def test_an_ended_role_ends_at_once_and_stays_on_record():
    by, unit = make_grants(), make_unit()
    account = make_planner(unit)
    grant = account.grants.get()
    actions.end_grant(grant=grant, reason="岗位调整", by=by)
    assert not User.objects.get(pk=account.pk).may(Permission.EDIT_PLANS, unit)
    grant.refresh_from_db()
    assert (grant.valid_to, grant.end_reason) == (TODAY, "岗位调整")
    with pytest.raises(Refused, match="已经终止"):
        actions.end_grant(grant=grant, reason="岗位调整", by=by)


def test_an_ended_administrator_part_leaves_room_for_another():
    by, account = make_grants(), make_system()
    make_system()
    with pytest.raises(Refused, match="先终止那一项"):
        give(account, Role.ADMIN_AUDIT, make_city_team(), by)
    actions.end_grant(grant=account.grants.get(), reason="岗位调整", by=by)
    give(account, Role.ADMIN_AUDIT, make_city_team(), by)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_two_administrators_on_their_pages(client):
    system, grants, unit = make_system(), make_grants(), make_unit()
    client.force_login(system)
    made = send(client, "/desk/accounts/new/", unit=unit.pk, full_name="李建国", username="li.jianguo").content.decode()
    first = re.search(r"<b>([a-z2-9-]{19})</b>", made)[1]
    account = User.objects.get(username="li.jianguo")
    page = f"/desk/accounts/{account.pk}/"
    assert first not in client.get(page).content.decode()
    assert client.get(f"{page}grants/new/").status_code == 403
    client.force_login(grants)
    shown = client.get(page).content.decode()
    assert "重设密码…" not in shown and "授权…" in shown
    data = {"role": Role.PLANNER, "unit": unit.pk, "document": "本环办〔2026〕3 号", "valid_from": "2026-07-06"}
    assert send(client, f"{page}grants/new/", **data)["Location"] == page
    assert client.get(f"{page}reset/").status_code == 403
    grant = account.grants.get()
    end = f"{page}grants/{grant.pk}/end/"
    assert "太短" in send(client, end, reason="x").content.decode()
    assert send(client, end, reason="岗位调整")["Location"] == page
    assert "岗位调整" in client.get(page).content.decode()
    client.force_login(system)
    assert send(client, f"{page}off/", reason="调离本单位")["Location"] == page
    assert send(client, f"{page}on/")["Location"] == page
    assert re.search(r"<b>[a-z2-9-]{19}</b>", send(client, f"{page}reset/").content.decode())


def test_no_page_offers_an_administrator_his_own_account(client):
    by = make_grants()
    client.force_login(by)
    page = client.get(f"/desk/accounts/{by.pk}/").content.decode()
    assert "授权…" not in page and "终止…" not in page and "不能给自己授权" in page
    assert "不能给自己授权" in client.get(f"/desk/accounts/{by.pk}/grants/new/").content.decode()


def test_accounts_are_found_by_name_login_unit_and_role(client):
    make_planner(make_unit(), username="aaa", name="乔以宁")
    make_registrar(make_unit("210503"), username="bbb", name="顾星遥")
    client.force_login(make_system())

    def found(query):
        page = client.get(f"/desk/accounts/?{query}").content.decode()
        return [n for n in ("aaa", "bbb") if f">{n}</td>" in page]

    assert found("") == ["aaa", "bbb"]
    assert found("q=乔") == found("q=AAA") == found("office=210504") == found("role=PLANNER") == ["aaa"]
    assert found("q=nobody") == [] and found("view=none") == []


def test_the_list_asks_as_often_for_30_accounts_as_for_one(client):
    unit = make_unit()
    client.force_login(make_system(unit=unit))
    client.get("/desk/accounts/")
    with CaptureQueriesContext(connection) as few:
        assert "共 1 个" in client.get("/desk/accounts/").content.decode()
    for _ in range(29):
        make_user((Role.PLANNER, unit), (Role.APPROVER, unit), unit=unit)
    with CaptureQueriesContext(connection) as many:
        assert "共 30 个" in client.get("/desk/accounts/").content.decode()
    assert len(many) == len(few)


@pytest.mark.parametrize("role", [Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS, Role.ADMIN_AUDIT, Role.INSPECTOR])
def test_every_link_on_the_home_page_opens(client, role):
    unit = make_unit() if role == Role.INSPECTOR else make_city_team()
    make_user()  # an account without a role, to be noticed
    client.force_login(make_user((role, unit)))
    home = client.get("/desk/").content.decode()
    addresses = {a for a in re.findall(r'(?:href|action)="(/desk/[^"#]*)"', home) if "logout" not in a}
    assert addresses
    assert {a: client.get(a.replace("&amp;", "&")).status_code for a in addresses} == dict.fromkeys(addresses, 200)


def test_an_account_without_a_role_is_told_who_gives_one(client):
    client.force_login(make_user())
    assert "由授权管理员按任命文件授权" in client.get("/desk/").content.decode()


# --- the first two ----------------------------------------------------------------------------------------------------

FIRST = [
    "--system=wang.min",
    "--system-name=王敏",
    "--grants=zhao.yu",
    "--grants-name=赵宇",
    "--document=本环办〔2026〕1号",
]


def pipe(monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_an_empty_system_gets_its_units_and_first_administrators(monkeypatch, client):
    pipe(monkeypatch, "Tai-zi-he-2026\nGuan-men-2026-shan\n")
    out = io.StringIO()
    call_command("first_admins", *FIRST, stdout=out)
    assert "Tai-zi-he" not in out.getvalue() and "Guan-men" not in out.getvalue()
    assert Unit.objects.drawing().count() == 8
    assert sorted(RoleGrant.objects.values_list("user__username", "role")) == [
        ("wang.min", "ADMIN_SYSTEM"),
        ("zhao.yu", "ADMIN_GRANTS"),
    ]
    answer = client.post("/desk/login/", {"username": "zhao.yu", "password": "Guan-men-2026-shan"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/password/"
    pipe(monkeypatch, "Tai-zi-he-2026\nGuan-men-2026-shan\n")
    with pytest.raises(CommandError, match="已经有系统管理员"):
        call_command("first_admins", *FIRST)


def test_a_weak_first_password_makes_nobody(monkeypatch):
    pipe(monkeypatch, "Tai-zi-he-2026\nweak\n")
    with pytest.raises(CommandError, match="授权管理员：密码太短"):
        call_command("first_admins", *FIRST)
    assert not User.objects.exists() and not Unit.objects.exists()


def test_an_administrators_password_is_set_on_the_server(monkeypatch):
    admin, planner = make_system(username="wang.min"), make_planner(make_unit(), username="qiao")
    for user in (admin, planner):
        pipe(monkeypatch, NEW + "\n")
        if user is planner:
            with pytest.raises(CommandError, match="不是管理员账号"):
                call_command("admin_password", user.username)
        else:
            call_command("admin_password", user.username, stdout=io.StringIO())
    admin.refresh_from_db()
    assert admin.check_password(NEW) and admin.must_change_password


# --- an inspector's account -------------------------------------------------------------------------------------------


@pytest.mark.clause("七(五)-o")
def test_the_registrar_links_an_inspector_to_his_account(client):
    unit = make_unit()
    by = make_registrar(unit)
    person = make_inspector(unit, user=None)
    right = make_user((Role.INSPECTOR, unit), username="right", name=person.name)
    make_user((Role.INSPECTOR, make_unit("210503")), username="elsewhere")
    client.force_login(by)
    page = f"/desk/inspectors/{person.code}/account/"
    shown = client.get(page).content.decode()
    assert "（right）" in shown and "（elsewhere）" not in shown
    assert send(client, page, account=right.pk)["Location"] == person.get_absolute_url()
    assert Inspector.objects.get(pk=person.pk).user == right
    assert send(client, page, account="")["Location"] == person.get_absolute_url()
    assert Inspector.objects.get(pk=person.pk).user is None


@pytest.mark.clause("七(五)-o")
def test_nobody_links_himself_or_an_account_without_the_role():
    unit = make_unit()
    by = make_user((Role.REGISTRAR, unit), (Role.INSPECTOR, unit))
    person = make_inspector(unit, user=None)
    for user, says in ((by, "不能把自己的账号"), (make_planner(unit), "没有本单位“检查人员”的授权")):
        with pytest.raises(Refused, match=says):
            registry_actions.link_account(inspector=person, user=user, by=by)
