"""People are called otherwise and go to another unit; their accounts go with them (operations.md 18)."""

import pytest
from django.urls import reverse

from benxi_shuangsuiji.accounts import actions
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from tests.browsing import post, signed_in, text_of
from tests.factories import make_city_team, make_planner, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.story("O18")]
PAPER = "本环办〔2026〕3 号"


def administrator(part: Role):
    return make_user((part, make_city_team()))


@pytest.mark.promise("P09")
def test_who_moves_leaves_his_roles_behind_at_that_moment():
    old, new = make_unit(), make_unit("210505", name="南芬分局")
    by, account = administrator(Role.ADMIN_GRANTS), make_user((Role.PLANNER, old), unit=old)
    browser = signed_in(account)
    assert browser.get(reverse("plans:plan-list")).status_code == 200
    with pytest.raises(Refused, match="任命文件"):
        actions.move(account=account, unit=new, document="口头", by=by)
    with pytest.raises(Refused, match="已经在"):
        actions.move(account=account, unit=old, document=PAPER, by=by)
    post(signed_in(by), reverse("accounts:account-move", args=[account.pk]), unit=new.pk, document=PAPER)
    account = type(account).objects.get(pk=account.pk)
    assert account.unit == new and not any(account.units_with(permission) for permission in Permission)
    assert browser.get(reverse("plans:plan-list")).status_code == 403
    entry = AuditEntry.objects.get(verb="accounts.account.moved")
    assert (entry.actor, entry.details["before"], entry.details["document"]) == (by, old.short_name, PAPER)
    assert account.grants.get().end_reason.startswith("调到")


def test_a_new_name_stands_on_the_pages_and_the_old_one_in_the_trail():
    by, account = administrator(Role.ADMIN_SYSTEM), make_planner(make_unit(), name="李建国")
    for name, document, refused in (
        (" ", PAPER, "填写姓名"),
        ("李建国", PAPER, "姓名没有变"),
        ("李建民", "改", "任命文件"),
    ):
        with pytest.raises(Refused, match=refused):
            actions.rename(account=account, full_name=name, document=document, by=by)
    post(signed_in(by), reverse("accounts:account-rename", args=[account.pk]), full_name="李建民", document=PAPER)
    assert "李建民" in text_of(signed_in(by).get(account.get_absolute_url()))
    details = AuditEntry.objects.get(verb="accounts.account.renamed").details
    assert (details["before"], details["after"]) == ("李建国", "李建民")


def test_nobody_moves_himself_and_the_last_of_a_kind_stays():
    by, planner = administrator(Role.ADMIN_GRANTS), make_planner(make_unit())
    with pytest.raises(Refused, match="另一名授权管理员"):
        actions.move(account=by, unit=make_unit("210505"), document=PAPER, by=by)
    for act, values in ((actions.move, {"unit": make_unit("210505")}), (actions.rename, {"full_name": "别人"})):
        with pytest.raises(Refused):
            act(account=planner, document=PAPER, by=planner, **values)
