"""群众反复投诉 is a number that the lead office sets, and each complaint has its own number (六(二)-ag, A-33)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.refusal import Refused
from registry.complaints import actions as complaints_actions
from registry.complaints import tallies as complaints
from registry.facilities import recompute
from registry.models import BatchState, Category, Complaint, ComplaintRule
from registry.proposals import actions as proposals_actions
from tests.browsing import post, queries, text_of
from tests.factories import make_approver, make_facility, make_lead_office, make_registrar, make_unit, make_user
from tests.registry.factories import approved, approved_ground, complained
from tests.registry.imports.test_imports import check
from tests.registry.workbooks import facility_row

pytestmark = pytest.mark.django_db


def propose(facility, by):
    return proposals_actions.propose_ground(facility=facility, kind="SF2B", evidence="核查属实", by=by)


@pytest.mark.clause("六(二)-ag")
def test_repeated_means_three_verified_complaints_in_twelve_months_and_the_ground_names_them(at, client):
    at("2026-08-19 09:00")
    unit = make_unit()
    by, leader = make_registrar(unit), make_approver(unit)
    facility = make_facility(unit)
    complained(facility, by=by, times=1, day=date(2025, 8, 19))  # a year ago
    complained(facility, by=by, times=1, verified=False)
    complained(facility, by=by, times=2)
    with pytest.raises(Refused, match="12 个月内查实投诉 3 件以上，到 2026 年 8 月 19 日登记了 2 件"):
        propose(facility, by)
    complained(facility, by=by, times=1, day=date(2025, 8, 20))
    approved(propose(facility, by), leader)
    facility.refresh_from_db()
    ground = facility.grounds.get()
    assert (facility.category, ground.kind) == (Category.SPECIAL, "SF2B")
    assert ground.evidence == "投诉 3 件：信访〔2026〕5号、信访〔2026〕3号、信访〔2026〕4号。核查属实"
    client.force_login(leader)
    assert "投诉 3 件：信访〔2026〕5号、" in text_of(client.get(facility.get_absolute_url()))


@pytest.mark.clause("六(二)-ag")
def test_the_lead_office_sets_the_rule_by_document_and_nobody_else(at, client):
    at("2026-08-19 09:00")
    unit = make_unit()
    by, lead = make_registrar(unit), make_lead_office()
    facility = make_facility(unit)
    complained(facility, by=by, times=2, verified=False)
    words = {"least": 2, "months": 6, "only_verified": False, "valid_from": date(2026, 8, 19)}
    with pytest.raises(Refused, match="由牵头部门维护"):
        complaints_actions.set_complaint_rule(**words, document="本环发〔2026〕9号", by=by)
    with pytest.raises(Refused, match="批准文件写得太短"):
        complaints_actions.set_complaint_rule(**words, document="", by=lead)
    client.force_login(lead)
    answer = post(
        client,
        reverse("registry:facility-complaint-rule"),
        least=2,
        months=6,
        valid_from="2026-08-19",
        document="本环发〔2026〕9号",
    )
    assert answer.status_code == 302
    assert complaints.rule_on(date(2026, 8, 19)).words == "6 个月内受理投诉 2 件以上"
    assert complaints.rule_on(date(2026, 8, 18)).words == "12 个月内查实投诉 3 件以上"
    assert propose(facility, by).state == "ASKED"
    with pytest.raises(DatabaseError), transaction.atomic():
        ComplaintRule.objects.update(least=9)


@pytest.mark.clause("六(二)-ag")
def test_an_import_names_each_complaint(at):
    at("2026-08-19 09:00")
    row = facility_row(special_grounds="群众反复投诉", special_evidence="信访1号、信访2号")
    batch = check([row])
    assert (batch.state, batch.counts["faulty"]) == (BatchState.CHECKED, 1)
    problem = batch.lines.get().problems[0]
    assert problem["problem"] == "反复投诉的标准是12 个月内查实投诉 3 件以上，这里写了 2 件"


@pytest.mark.clause("六(二)-am")
@pytest.mark.parametrize(
    ("kind", "last", "first"), [("SF2A", "2027-02-28", "2027-03-01"), ("SF3", "2029-02-28", "2029-03-01")]
)
def test_a_ground_with_a_window_ends_by_itself_when_it_is_over(at, kind, last, first):
    at("2026-03-01 09:00")
    unit = make_unit()
    facility = make_facility(unit)
    approved_ground(facility, kind, by=make_registrar(unit), on=date(2026, 3, 1))
    at(f"{last} 03:00")
    recompute.recompute_categories()
    facility.refresh_from_db()
    assert facility.category == Category.SPECIAL
    at(f"{first} 03:00")
    recompute.recompute_categories()
    facility.refresh_from_db()
    assert (facility.category, facility.grounds.get().valid_to) == (Category.GENERAL, date.fromisoformat(first))


def test_the_page_enters_counts_and_keeps_a_complaint_as_it_was_entered(at, client):
    at("2026-08-19 09:00")
    unit = make_unit()
    by, facility = make_registrar(unit), make_facility(unit, name="本溪枫岭焦化有限公司")
    client.force_login(by)
    data = {"code": facility.code, "day": "2026-08-18", "number": "信访〔2026〕31号", "channel": "12345 热线"}
    assert post(client, reverse("registry:facility-complaint-new"), **data, verified="on").status_code == 302
    again = post(client, reverse("registry:facility-complaint-new"), **data)
    assert "已经登记过" in text_of(again)
    page = text_of(client.get(reverse("registry:facility-complaints")))
    assert "本溪枫岭焦化有限公司 一般 1 不到标准" in page and "信访〔2026〕31号 12345 热线" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        Complaint.objects.update(number="x")
    other = make_user((Role.REGISTRAR, make_unit("210503")))
    with pytest.raises(Refused, match="只有监管单位的名录管理员"):
        complained(facility, by=other, times=1)


def test_the_complaint_list_takes_the_same_queries_at_one_row_and_at_twenty(client, at):
    at("2026-08-19 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    counts = []
    for more in (1, 19):
        for _ in range(more):
            complained(make_facility(unit), by=by, times=1)
        counts.append(queries(client, reverse("registry:facility-complaints")))
    assert counts[0] == counts[1]
