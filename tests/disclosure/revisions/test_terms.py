"""公开目录类别 and 公示期限: shown on the page and in open data; a term that is over is a duty (八(二)-c)."""

from datetime import date

import pytest
from django.test import Client

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Duty
from disclosure.models import Act, Ground, Publication, PublicationKind
from disclosure.revisions import duties
from disclosure.revisions.terms import term_of
from disclosure.site import figures
from tests.browsing import html_of, signed_in, untimed
from tests.disclosure.factories import (
    make_published_list,
    make_published_plan,
    make_published_result,
    make_revision,
)
from tests.factories import make_disclosure_officer, make_unit
from tests.law.test_l02_correct_and_withdraw import open_data

pytestmark = [pytest.mark.django_db, pytest.mark.dates, pytest.mark.clause("八(二)-c")]


def test_every_kind_has_its_place_in_the_catalogue():
    catalogue = policy.on(date(2026, 7, 6)).recommended.catalogue
    assert len(catalogue) == len(PublicationKind.values)
    assert {shelf.kind for shelf in catalogue} == set(PublicationKind.values)
    assert all(shelf.category for shelf in catalogue)


def test_category_and_term_stand_on_the_page_and_in_open_data(at):
    at("2026-07-06 10:00")
    result = make_published_result()
    item_list, plan = make_published_list(), make_published_plan(make_unit("210502"))
    client = Client()
    page = untimed(html_of(client.get(f"/results/{result.no}/")))
    assert "事后公开／检查结果" in page and "至 2029 年 7 月 6 日" in page
    assert "事前公开／随机抽查事项清单" in html_of(client.get(f"/items/{item_list.year}/"))
    assert "公示期限：长期" in html_of(client.get(f"/plans/2026q3/{plan.unit_code}/"))
    (row,) = open_data()
    assert (row["公开目录类别"], row["公示期限"]) == ("事后公开／检查结果", "至 2029 年 7 月 6 日")
    assert "公示到哪一天" in html_of(client.get("/data/fields/"))


def test_a_correction_does_not_begin_the_term_anew(at):
    at("2026-07-06 10:00")
    result = make_published_result(problem="标签缺项 2 处")
    at("2026-08-06 10:00")
    corrected = make_revision(result, words={"finding": "标签缺项 3 处"})
    assert term_of(corrected) == term_of(result)
    assert term_of(corrected).ends_on == date(2029, 7, 6)


def test_when_the_term_is_over_the_officer_has_it_to_withdraw_and_figures_go_on_counting(at):
    at("2026-07-06 10:00")
    unit = make_unit()
    result = make_published_result(unit)
    before = figures.tally_by_quarter()
    at("2029-07-05 10:00")
    duties.keep_terms()
    assert not Duty.objects.filter(rule="EXPIRED").exists()
    at("2029-07-06 10:00")
    duties.keep_terms()
    duties.keep_terms()
    duty = Duty.objects.get(rule="EXPIRED")
    assert (duty.unit, duty.role, duty.due) == (unit, Role.DISCLOSURE_OFFICER, date(2029, 7, 11))
    page = html_of(signed_in(make_disclosure_officer(unit)).get(duty.url))
    assert f"/desk/publish/result/{result.no}/revise/?act=WITHDRAW&amp;ground=TERM" in page

    make_revision(result, Act.WITHDRAW, ground=Ground.TERM, reason="公示期限届满")

    duty.refresh_from_db()
    assert duty.closed_at is not None
    assert not Publication.objects.exists()
    assert figures.tally_by_quarter() == before
    assert "公示期满" in html_of(Client().get(f"/results/{result.no}/"))
