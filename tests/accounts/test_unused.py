"""An account that nobody signs in to is told so, and then switched off; the last administrators stay (GB/T 22239 8.1.4.2 c)."""

import uuid

import pytest
from django.test import Client

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import unused
from benxi_shuangsuiji.accounts.models import KnownDevice, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Message, OutgoingMail
from tests.browsing import post, signed_in, text_of
from tests.factories import PASSWORD, make_approver, make_planner, make_unit, make_user

pytestmark = pytest.mark.django_db
WARNED = "将于 2026-10-04 停用"


def look() -> tuple[int, int]:
    """The worker's round on a real system; the accounts of a demo are left alone."""
    assert unused.switch_off_unused() == (0, 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "is_demo", lambda: False)
        return unused.switch_off_unused()


def used(*accounts: User) -> None:
    """They sign in, with the code where one is asked for; sign-ins bear the machine's time, and here that of the test."""
    now = clock.now()
    for account in accounts:
        seen = {"first_at": now, "seen_at": now, "signed_in_at": now, "proven_at": now}
        KnownDevice.objects.create(user=account, digest=uuid.uuid4().hex, **seen)
    User.objects.filter(pk__in=[account.pk for account in accounts]).update(last_login=now)


def off(*accounts: User) -> list[bool]:
    return [not User.objects.get(pk=account.pk).is_active for account in accounts]


@pytest.mark.promise("P23")
def test_an_account_that_nobody_uses_is_told_and_two_weeks_later_switched_off(two, at, as_worker):
    at("2026-07-06 09:00")
    system, unit = two[0], make_unit()
    away, back = (make_planner(unit, email=f"{name}@example.org") for name in ("away", "back"))
    opened = make_planner(unit, password_changed_at=clock.now())  # and never came
    used(*two, away, back)
    at("2026-09-19 09:00")
    used(*two)
    assert look() == (0, 0)
    at("2026-09-20 09:00")  # the 76th day
    assert (look(), look()) == ((3, 0), (0, 0))
    told = Message.objects.get(user=away)
    assert WARNED in told.title and "从 2026-07-06 起没有登录" in told.body
    assert "一直没有登录" in Message.objects.get(user=opened).body
    assert OutgoingMail.objects.filter(user=away, subject__contains=WARNED).count() == 1
    desk = signed_in(system)
    assert "2026-10-04 以前没有登录的停用，已告知本人" in text_of(desk.get(f"/desk/accounts/{away.pk}/"))
    listed = text_of(desk.get("/desk/accounts/?view=goes"))
    assert away.full_name in listed and two[1].full_name not in listed
    at("2026-09-30 09:00")
    used(back, *two)
    User.objects.filter(pk=away.pk).update(last_login=clock.now())  # a password without the code is no use of it
    assert "快要停用" not in text_of(desk.get(f"/desk/accounts/{back.pk}/"))
    at("2026-10-04 08:59")
    assert look() == (0, 0)
    at("2026-10-04 09:00")
    assert (look(), look()) == ((0, 2), (0, 0))
    assert off(away, opened, back) == [True, True, False]
    entry = AuditEntry.objects.get(verb="accounts.account.unused", about_key=away.username)
    assert (entry.actor, entry.details["days"], entry.details["told"]) == (None, 90, "2026-09-20")
    assert away.username in Message.objects.get(user=system, title="2 个长期没有登录的账号已停用").body
    typed = {"username": away.username, "password": PASSWORD}
    assert Client().post("/desk/login/", typed).status_code == 200  # not let in

    post(desk, f"/desk/accounts/{away.pk}/on/")
    assert off(away) == [False] and look() == (1, 0)  # with two weeks to come
    at("2026-10-18 08:00")
    assert look() == (0, 0)
    at("2026-10-18 09:00")
    assert look() == (0, 1)


def test_whoever_was_not_told_is_told_first_and_the_last_of_each_part_stays(at, as_worker):
    """A worker that stood still for a year, or a system that is a year old when it learns this."""
    team = make_unit("210500", kind="CITY_TEAM")
    at("2025-07-06 09:00")
    parts = (Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS, Role.ADMIN_AUDIT)
    first, grants, audit = (make_user((role, team)) for role in parts)
    planner = make_planner(make_unit())
    used(first, grants, audit, planner)
    at("2025-08-06 09:00")
    second = make_user((Role.ADMIN_SYSTEM, team))
    used(second)
    at("2026-08-06 09:00")
    assert look() == (3, 0)  # the planner, and of the two with one part both: either may come
    at("2026-08-20 08:00")
    assert look() == (0, 0)
    at("2026-08-20 09:00")
    assert look() == (0, 2)
    assert off(first, second, grants, audit, planner) == [True, False, False, False, True]
    # The other one had been told too. He is the last now: it is shown of him no more, and he is told anew when another comes.
    assert "快要停用" not in text_of(signed_in(grants).get(f"/desk/accounts/{second.pk}/"))
    assert "没有符合条件的账号" in text_of(signed_in(second).get("/desk/accounts/?view=goes"))
    assert look() == (0, 0) and User.objects.get(pk=second.pk).unused_told_at is None


def test_where_the_last_of_a_role_has_gone_the_unit_and_who_gives_roles_are_told(two, at, as_worker):
    at("2026-07-06 09:00")
    unit, other = make_unit("210504"), make_unit("210503")
    officer, planner, stays = (
        make_user((role, unit)) for role in (Role.DISCLOSURE_OFFICER, Role.PLANNER, Role.REGISTRAR)
    )
    leader, alone, over = make_approver(unit), make_planner(other), make_approver(other)
    crowd = [make_user((Role.REGISTRAR, unit)) for _ in range(12)]
    used(*two, officer, planner, stays, leader, alone, over, *crowd)
    at("2026-09-20 09:00")
    used(*two, planner, stays, leader, over)
    assert look() == (14, 0)
    at("2026-10-04 09:00")
    assert look() == (0, 14)
    told = {(m.user, m.title) for m in Message.objects.filter(title__contains="没有人担任")}
    here, there = (
        f"{u.short_name}没有人担任{r.label}" for u, r in ((unit, Role.DISCLOSURE_OFFICER), (other, Role.PLANNER))
    )
    assert told == {(planner, here), (two[1], here), (over, there), (two[1], there)}
    body = Message.objects.get(user=two[0], title__startswith="14 个").body
    assert "等 14 个。还要用的" in body and len(body) < 400
