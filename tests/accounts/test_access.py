"""Who may open a page: every address wears a mark, and the mark is obeyed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import IntegrityError, transaction
from django.urls import URLPattern, get_resolver, include, path
from django.utils import timezone
from django.views.generic import RedirectView

from benxi_shuangsuiji.accounts.access import public_page
from benxi_shuangsuiji.accounts.checks import access_marks
from benxi_shuangsuiji.accounts.models import RoleGrant, UnitKind
from benxi_shuangsuiji.accounts.roles import PERMISSIONS, Permission, Role
from tests.browsing import text_of
from tests.factories import PASSWORD, make_city_team, make_observer, make_planner, make_supervisor, make_unit, make_user

pytestmark = pytest.mark.django_db


def patterns(resolver=None, prefix="", spaces=()):
    """(address, name, view) of every URL pattern of the project."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLPattern):
            name = ":".join([*spaces, entry.name or ""])
            yield prefix + str(entry.pattern), name, entry.callback
        else:
            inner = [*spaces, entry.namespace] if entry.namespace else spaces
            yield from patterns(entry, prefix + str(entry.pattern), inner)


def test_every_address_wears_an_access_mark():
    bare = [address for address, _, view in patterns() if getattr(view, "access", None) is None]
    assert bare == []


def test_every_address_has_a_name():
    assert [address for address, name, _ in patterns() if name.endswith(":") or not name] == []


def test_a_view_without_a_mark_is_refused(rf):
    from benxi_shuangsuiji.accounts.access import AccessMarks

    with pytest.raises(PermissionDenied, match="no access mark"):
        AccessMarks(lambda r: None).process_view(rf.get("/x/"), lambda r: None, (), {})


# A page without a mark, as it might be forgotten: of its own, and of an application that is included.
urlpatterns = [
    path("marked/", public_page(lambda request: None)),
    path("bare/", lambda request: None),
    path("below/", include([path("bare/", RedirectView.as_view(url="/"))])),
]


def test_a_view_without_a_mark_stops_the_start(settings):
    assert access_marks(None) == []
    settings.ROOT_URLCONF = __name__
    found = access_marks(None)
    assert [error.id for error in found] == ["benxi.E005", "benxi.E005"]
    assert [error.msg.partition("（")[0] for error in found] == ["/bare/", "/below/bare/"]
    assert "RedirectView" in found[1].msg
    with pytest.raises(SystemCheckError, match="/bare/"):
        call_command("check")


@pytest.mark.clause("四(2)-a", "五-3a")
def test_permissions_are_asked_for_a_unit():
    mingshan, xihu = make_unit(), make_unit("210503")
    planner = make_planner(mingshan)
    assert planner.units_with(Permission.EDIT_PLANS) == {mingshan.pk}
    assert not planner.may(Permission.EDIT_PLANS, xihu)


@pytest.mark.clause("五-2b")
def test_the_city_supervisor_sees_all_units_and_edits_none():
    units = {make_unit().pk, make_unit("210503").pk, make_city_team().pk}
    supervisor = make_supervisor()
    assert supervisor.units_with(Permission.SEE_PLANS) == units
    assert supervisor.units_with(Permission.EDIT_PLANS) == set()


@pytest.mark.clause("五-2f")
def test_a_county_sections_people_work_for_its_branch():
    branch = make_unit()
    section = make_unit(
        "210504-S", kind=UnitKind.COUNTY_SECTION, name="明山执法科", parent=make_city_team(), serves=branch
    )
    inspector = make_user((Role.INSPECTOR, section))
    assert inspector.units_with(Permission.FIELD_WORK) == {branch.pk, section.pk}


def test_a_role_counts_only_between_its_days():
    unit = make_unit()
    user = make_user()
    RoleGrant.objects.create(
        user=user, unit=unit, role=Role.PLANNER, valid_from=date(2026, 1, 1), valid_to=date(2026, 7, 5), document="d"
    )
    RoleGrant.objects.create(user=user, unit=unit, role=Role.ARCHIVIST, valid_from=date(2026, 7, 7), document="d")
    assert user.grants_in_force() == []


def test_nobody_holds_two_administrator_parts():
    team = make_city_team()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_user((Role.ADMIN_SYSTEM, team), (Role.ADMIN_AUDIT, team))


def test_the_administrator_has_no_business_rights():
    assert PERMISSIONS[Role.ADMIN_SYSTEM] == {Permission.MANAGE_SYSTEM}
    assert PERMISSIONS[Role.ADMIN_GRANTS] == {Permission.MANAGE_GRANTS}


def test_an_observer_only_reads():
    writing = {p for p in Permission if not p.startswith("SEE_")}
    assert PERMISSIONS[Role.OBSERVER] & writing == set()
    assert Permission.SEE_SEALED not in PERMISSIONS[Role.OBSERVER]
    assert make_observer().units_with(Permission.SEE_LOG)


def test_the_sign_in_page_says_whose_site_it_is_like_every_public_page(client, settings):
    """主办, 承办, 标识码, ICP, 公网安备 (ui.md 3): who is asked for a password sees by whom."""
    settings.SITE = {"identifier": "2105009999", "icp": "辽 ICP 备 7 号", "police": "辽公网安备 8 号"}
    page = text_of(client.get("/desk/login/"))
    for words in (
        "登录 · 本溪市生态环境执法双随机公示",
        "本溪市生态环境局 · 主办",
        "主办：本溪市生态环境局 承办：本溪市",
        *settings.SITE.values(),
    ):
        assert words in page


def test_signing_in_and_out(client):
    user = make_planner(make_unit(), username="qiao")
    assert client.get("/desk/todo/").status_code == 302
    wrong = client.post("/desk/login/", {"username": "qiao", "password": "wrong"})
    assert "账号或密码不对" in wrong.content.decode()
    right = client.post("/desk/login/", {"username": user.username, "password": PASSWORD, "next": "/desk/todo/"})
    assert (right.status_code, right["Location"]) == (302, "/desk/todo/")
    assert client.get("/desk/todo/").status_code == 200


def test_five_wrong_passwords_lock_the_account_for_a_while(client):
    make_planner(make_unit(), username="qiao")
    for _ in range(5):
        client.post("/desk/login/", {"username": "qiao", "password": "wrong"})
    locked = client.post("/desk/login/", {"username": "qiao", "password": PASSWORD})
    assert locked.status_code == 429
    assert "登录暂停 15 分钟" in locked.content.decode()


@pytest.mark.promise("P23")
@pytest.mark.parametrize(
    ("name", "ago"), [("seen_at", timedelta(minutes=31)), ("started_at", timedelta(hours=12, minutes=1))]
)
def test_a_sign_in_ends_after_30_idle_minutes_or_12_hours(client, name, ago):
    client.force_login(make_planner(make_unit()))
    assert client.get("/desk/todo/").status_code == 200
    session = client.session
    session[name] = (timezone.now() - ago).isoformat()
    session.save()
    answer = client.get("/desk/todo/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/login/?next=/desk/todo/")
    assert "登录已结束" in client.get("/desk/login/").content.decode()


def test_whoever_types_stays_signed_in_but_not_longer_than_twelve_hours(client):
    client.force_login(make_planner(make_unit()))
    assert 'data-idle="30"' in client.get("/desk/todo/").content.decode()
    assert client.get("/desk/stay/").content == b"30"
    session = client.session
    session["started_at"] = (timezone.now() - timedelta(hours=11, minutes=50, seconds=30)).isoformat()
    session["seen_at"] = (timezone.now() - timedelta(minutes=29)).isoformat()
    session.save()
    assert client.get("/desk/stay/").content == b"9"
    assert client.session["seen_at"] > session["seen_at"]


@pytest.mark.promise("P09")
def test_a_disabled_account_is_out_at_the_next_click(client):
    user = make_planner(make_unit())
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get("/desk/todo/").status_code == 302


@pytest.mark.promise("P09")
def test_a_disabled_account_may_do_nothing_also_where_it_is_asked_without_a_page():
    """What waits in a queue asks the account itself, and no middleware."""
    unit = make_unit()
    user = make_planner(unit)
    assert user.may(Permission.PREPARE_DRAW, unit)
    user.is_active = False
    user.save()
    again = type(user).objects.get(pk=user.pk)
    assert not any(again.units_with(permission) for permission in Permission)


def test_private_pages_are_never_stored(client):
    client.force_login(make_planner(make_unit()))
    assert client.get("/desk/todo/")["Cache-Control"] == "private, no-store"


def test_passwords_are_kept_with_argon2():
    user = make_user()
    user.set_password(PASSWORD)
    assert user.password.startswith("argon2$argon2id$")
