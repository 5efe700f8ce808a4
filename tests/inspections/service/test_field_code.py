"""出示检查码 (ui-2.md 29e): what the inspector holds out, and the two acts under it."""

import re

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from inspections.models import Delivery, Mode
from inspections.service.actions import show_identity
from tests.browsing import post, refused, signed_in
from tests.factories import make_planner
from tests.inspections.factories import approve, make_inspection, start, team_of
from tests.inspections.visits.test_pages import minutes

pytestmark = pytest.mark.django_db


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def address_of(check) -> str:
    return reverse("inspections:field-code", args=[check.no])


@pytest.mark.clause("七(五)-i", "七(五)-j")
def test_the_screen_shows_the_code_in_three_groups_and_one_press_serves_the_notice():
    check = start(make_inspection(), served=False)
    browser = signed_in(team_of(check)[1].user)
    page = browser.get(address_of(check))
    said = words_of(page)
    assert " ".join(check.code_groups) in said and "testserver/v/" in said and "<svg" in page.content.decode()
    answer = post(browser, address_of(check), what="taken", at=minutes(clock.now()))
    assert answer.status_code == 302 and Delivery.objects.get(inspection=check).accepted
    assert "通知书已送达" in words_of(browser.get(address_of(check)))


@pytest.mark.clause("七(五)-k")
def test_who_refuses_the_notice_is_asked_why_and_before_whom():
    check = start(make_inspection(), served=False)
    browser = signed_in(team_of(check)[0].user)
    assert "选填" not in words_of(browser.get(address_of(check))).split("对方拒收")[1]
    given = {"what": "refused", "at": minutes(clock.now()), "refused_because": "负责人不在", "witness": ""}
    answer = post(browser, address_of(check), **given)
    assert answer.status_code == 409 and "写明见证人" in words_of(answer) and "负责人不在" in answer.content.decode()
    post(browser, address_of(check), **given | {"witness": "无，执法记录仪已记录"})
    assert not Delivery.objects.get(inspection=check).accepted


def test_before_arrival_the_page_opens_for_the_phone_and_its_act_is_refused_with_the_sentence():
    check = make_inspection()
    browser = signed_in(team_of(check)[0].user)
    assert "已出示证件并送达" in words_of(browser.get(address_of(check)))
    answer = post(browser, address_of(check), what="taken", at=minutes(clock.now()))
    assert answer.status_code == 409 and "还没有登记到场" in words_of(answer)


def test_nobody_but_the_team_opens_it_and_off_site_there_is_nothing_to_serve():
    check = make_inspection()
    assert signed_in(make_planner(check.unit)).get(address_of(check)).status_code in (403, 404)
    other = make_inspection()
    assert signed_in(team_of(other)[0].user).get(address_of(check)).status_code == 404
    offsite = make_inspection(mode=Mode.OFFSITE)
    page = words_of(signed_in(team_of(offsite)[0].user).get(address_of(offsite)))
    assert "没有人到场" in page and "已出示证件并送达" not in page


@pytest.mark.clause("七(五)-i", "七(五)-j")
def test_a_notice_goes_out_beforehand_only_by_the_approval_and_the_certificates_are_shown_on_arrival():
    check = make_inspection(approved=False)
    approve(check, notice_beforehand=True, notice_reason="要企业准备三年台账")
    member = team_of(check)[0].user
    browser = signed_in(member)
    assert post(browser, address_of(check), what="taken", at=minutes(clock.now())).status_code == 302
    check.refresh_from_db()
    assert check.deliveries.get().accepted and check.identity_shown_at is None
    check = start(check, served=False, identity_shown_at=None)
    page = words_of(browser.get(address_of(check)))
    assert "已出示证件" in page and "已出示证件并送达" not in page and "拒收" not in page
    assert post(browser, address_of(check), what="shown", at=minutes(clock.now())).status_code == 302
    check.refresh_from_db()
    assert check.identity_shown_at and check.deliveries.count() == 1
    with refused("已经记过"):
        show_identity(inspection=check, by=member, at=clock.now())
