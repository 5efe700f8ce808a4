"""申请授权: from the refused page to a grant or a reason (issue 16, decision 0081)."""

from datetime import date
from html import unescape
from re import search

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import request_actions as actions
from benxi_shuangsuiji.accounts.models import GrantRequest, RoleGrant
from benxi_shuangsuiji.accounts.roles import CITY_WIDE, Role
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from tests.browsing import html_of, post, refused, signed_in, text_of
from tests.factories import make_approver, make_city_team, make_facility, make_registrar, make_unit, make_user

pytestmark = pytest.mark.django_db
WHY = "代理公示员，要看审核过的结果"
WANTED = "/desk/publish/"


@pytest.fixture
def clerk():
    make_city_team()
    unit = make_unit()
    return make_user((Role.REGISTRAR, unit), unit=unit)


def grants_administrator():
    return make_user((Role.ADMIN_GRANTS, make_city_team()))


def door_of(browser, page: str) -> str:
    """Where the button of a refused page leads to."""
    answer = browser.get(page)
    assert answer.status_code == 403
    return unescape(search(r'href="([^"]+)">申请授权<', html_of(answer))[1])


def given(unit, **words) -> dict:
    typed = {"role": Role.DISCLOSURE_OFFICER, "unit": unit.pk, "document": "本环办〔2026〕3 号", "decision": "approve"}
    return typed | {"valid_from": clock.today().isoformat(), "opinion": "代理三个月"} | words


def test_who_is_refused_asks_the_administrator_gives_the_role_and_the_page_opens(clerk):
    administrator, browser = grants_administrator(), signed_in(clerk)
    door = door_of(browser, WANTED)
    assert "公示员" in text_of(browser.get(door))
    short = post(browser, door, reason="要")
    assert short.status_code == 409 and not GrantRequest.objects.exists()
    post(browser, door, reason=WHY)
    asked = GrantRequest.objects.get()
    duty = Duty.objects.open().get(rule="GRANTASK")
    assert (duty.role, duty.url) == (Role.ADMIN_GRANTS, asked.get_absolute_url())
    assert clerk.full_name in duty.title and clerk.unit.short_name in duty.title and asked.words in duty.title
    desk = signed_in(administrator)
    assert "办理申请" in text_of(desk.get("/desk/")) and WHY in text_of(desk.get(asked.get_absolute_url()))
    assert "等授权管理员决定" in text_of(browser.get(door)) and "由授权管理员决定" in text_of(browser.get(duty.url))

    more = post(desk, duty.url, **given(clerk.unit, role=Role.APPROVER))
    assert more.status_code in (200, 409) and asked.as_now().waits and browser.get(WANTED).status_code == 403
    answer = post(desk, duty.url, **given(clerk.unit))
    assert answer.status_code == 302, text_of(answer)
    grant = RoleGrant.objects.get(user=clerk, role=Role.DISCLOSURE_OFFICER)
    asked.refresh_from_db()
    assert (asked.state, asked.grant, asked.decided_by, grant.granted_by) == ("APPROVED", grant, *[administrator] * 2)
    assert signed_in(clerk).get(WANTED).status_code == 200
    told = Message.objects.filter(user=clerk).latest("pk")
    assert "公示员" in told.title and "代理三个月" in told.body and told.url == duty.url
    assert not Duty.objects.open().filter(rule="GRANTASK").exists()
    verbs = AuditEntry.objects.filter(verb__startswith="accounts.grant").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["accounts.grant.asked", "accounts.grant.given"]


def test_a_request_that_is_refused_says_why_and_may_be_made_anew(clerk):
    administrator = grants_administrator()
    asked = actions.ask(permissions=[P.PUBLISH], reason=WHY, by=clerk)
    with refused("已经申请过"):
        actions.ask(permissions=[P.PUBLISH], reason=WHY, by=clerk)
    desk = signed_in(administrator)
    refused_without = post(desk, asked.get_absolute_url(), decision="reject", opinion="")
    assert "不授权的原因写得太短" in text_of(refused_without) and "（选填） 选择角色" not in text_of(refused_without)
    post(desk, asked.get_absolute_url(), decision="reject", opinion="由本单位公示员办")
    assert "没有授权" in text_of(signed_in(clerk).get(asked.get_absolute_url()))
    assert asked.as_now().state == "RETURNED" and not clerk.units_with(P.PUBLISH)
    assert "由本单位公示员办" in Message.objects.filter(user=clerk).latest("pk").body
    with refused("不再变动"):
        actions.refuse(asked=asked, opinion="再退一次", by=administrator)
    assert actions.ask(permissions=[P.PUBLISH], reason=WHY, by=clerk).waits


def test_what_cannot_be_had_is_not_asked_for(clerk):
    for permissions, by, words in (
        ([], clerk, "从写着“没有权限”的页面"),
        ([P.EDIT_FACILITIES], clerk, "已经有了"),
        ([P.MANAGE_GRANTS], clerk, "管理员没有业务权限"),
        ([P.PUBLISH], make_user(), "没有单位"),
    ):
        with refused(words):
            actions.ask(permissions=permissions, reason=WHY, by=by)
    with refused("至少 4 个字"):
        actions.ask(permissions=[P.PUBLISH], reason="要", by=clerk)
    page = signed_in(clerk).get("/desk/grants/ask/?p=NO_SUCH")
    assert page.status_code == 200 and "没有权限" in text_of(page) and "<textarea" not in html_of(page)
    assert not GrantRequest.objects.exists()


def test_nobody_else_reads_or_decides_it_and_never_his_own(clerk):
    asked = actions.ask(permissions=[P.PUBLISH], reason=WHY, by=clerk)
    for stranger in (make_approver(clerk.unit), make_registrar(make_unit("210502"))):
        assert signed_in(stranger).get(asked.get_absolute_url()).status_code == 404
        with refused("由授权管理员决定"):
            actions.refuse(asked=asked, opinion="不需要这项", by=stranger)
    administrator = grants_administrator()
    with refused("这个角色打不开"):
        actions.approve(
            asked=asked,
            role=Role.APPROVER,
            unit=clerk.unit,
            document="文件一号",
            valid_from=date.today(),
            by=administrator,
        )
    for values in ({"state": "APPROVED", "decided_by": administrator}, {"state": "RETURNED", "decided_by": clerk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            GrantRequest.objects.filter(pk=asked.pk).update(decided_at=clock.now(), opinion="写明原因", **values)


def test_where_no_grant_can_help_the_refused_page_says_why_and_offers_none(clerk):
    """An administrator of the system was offered to ask for the log, which nobody can ever give him."""
    team = make_city_team()
    for user, why in (
        (make_user((Role.ADMIN_SYSTEM, team), unit=team), "管理员没有业务权限"),
        (make_user((Role.REGISTRAR, team)), "这个账号没有单位，由授权管理员先调入单位。"),
    ):
        answer = signed_in(user).get(WANTED)
        assert answer.status_code == 403 and why in text_of(answer) and ">申请授权<" not in html_of(answer)
    post(browser := signed_in(clerk), door_of(browser, WANTED), reason=WHY)
    again = browser.get(WANTED)
    assert "已经申请过" in text_of(again) and ">申请授权<" not in html_of(again)


def test_what_is_asked_for_never_tells_of_a_thing(clerk):
    """A page that is not there for him stays not there, and what he typed into the address is kept nowhere."""
    there, browser = make_facility(make_unit("210502")), signed_in(clerk)
    for code in (there.code, "NO-SUCH"):
        answer = browser.get(f"/desk/objects/{code}/")
        assert answer.status_code == 404 and "申请授权" not in html_of(answer)
    door = door_of(browser, f"/desk/publish/result/{there.code}/confirm/")
    assert door == door_of(browser, "/desk/publish/result/NO-SUCH/confirm/") and there.code not in door


def test_a_role_of_the_whole_city_is_offered_at_the_city_team(clerk):
    team = make_city_team()
    asked = actions.ask(permissions=[P.SEE_LOG], reason=WHY, by=clerk)
    form = signed_in(grants_administrator()).get(asked.get_absolute_url()).context["decision"].form
    assert set(asked.roles) <= set(CITY_WIDE) and form["unit"].value() == team.pk
