"""Who leaves the 正面清单: entered events, thresholds of the policy, and the lead office's decision (七(三)-d, -e)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.refusal import Refused
from registry import tasks
from registry.models import ComplianceEvent, FacilityChange, PositiveExit
from registry.positive_list import actions as positive_list_actions
from registry.positive_list import exits as compliance
from tests.browsing import post, text_of
from tests.factories import make_city_team, make_facility, make_lead_office, make_registrar, make_unit, make_user
from tests.registry.factories import entered_in_positive_list

pytestmark = pytest.mark.django_db


def make_listed(unit, by):
    facility = make_facility(unit)
    entered_in_positive_list(facility, by=by)
    return facility


def enter(facility, by, number, kind="MONITORING", day=date(2026, 8, 1)):
    return positive_list_actions.enter_event(
        facility=facility, kind=kind, day=day, number=number, source="自动监控平台", by=by
    )


@pytest.mark.clause("七(三)-d")
@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([("MONITORING", "2026-08-01")] * 2, ""),
        ([("MONITORING", "2026-08-01")] * 3, "12 个月内在线监控超标 3 次"),
        ([("MONITORING", "2025-08-19")] * 3, ""),  # a year and more ago
        ([("PENALTY", "2026-08-01")], "12 个月内行政处罚 1 次"),
        ([("CREDIT", "2026-08-01"), ("PENALTY", "2026-08-01")], "12 个月内行政处罚 1 次、信用降级 1 次"),
    ],
)
def test_an_exit_is_proposed_from_the_threshold_on_with_its_events(at, events, words):
    at("2026-08-19 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_listed(unit, by)
    not_listed = make_facility(unit)
    for n, (kind, day) in enumerate(events):
        enter(facility, by, f"超标〔{n}〕号", kind, date.fromisoformat(day))
        enter(not_listed, by, f"超标〔{n}〕号", kind, date.fromisoformat(day))
    tasks.positive_monthly(force=True)
    assert [(e.facility, e.words) for e in PositiveExit.objects.all()] == ([(facility, words)] if words else [])
    assert facility.positive_entries.get().valid_to is None  # nobody has decided


@pytest.mark.clause("七(三)-d")
@pytest.mark.clause("七(三)-e")
def test_the_lead_office_takes_it_off_the_list_with_reason_date_and_history(at):
    at("2026-08-19 09:00")
    unit = make_unit()
    by, leader = make_registrar(unit), make_lead_office()
    facility = make_listed(unit, by)
    event = enter(facility, by, "本环罚〔2026〕8号", "PENALTY")
    compliance.propose_exits(clock.now())
    proposal = PositiveExit.objects.get()
    assert proposal.events == [event.pk]
    with pytest.raises(Refused, match="由牵头部门决定"):
        positive_list_actions.decide_exit(proposal=proposal, approve=True, opinion="同意移出", by=by)
    for approve, opinion, why in ((True, " ", "写明意见"), (False, "不行", "意见写得太短")):  # “同意” says enough
        with pytest.raises(Refused, match=why):
            positive_list_actions.decide_exit(proposal=proposal, approve=approve, opinion=opinion, by=leader)

    positive_list_actions.decide_exit(proposal=proposal, approve=True, opinion="同意", by=leader)
    entry = facility.positive_entries.get()
    assert (entry.valid_to, entry.exit_reason) == (date(2026, 8, 19), "12 个月内行政处罚 1 次")
    change = FacilityChange.objects.get(facility=facility, kind="POSITIVE_OUT")
    assert (change.entered_by, change.approved_by, change.values) == (
        None,
        leader,
        {"positive_list": ["2026 年第一批", None]},
    )
    with pytest.raises(Refused, match="已移出"):
        positive_list_actions.decide_exit(proposal=proposal, approve=False, opinion="改变主意", by=leader)


@pytest.mark.clause("七(三)-d")
def test_who_entered_the_evidence_does_not_decide_and_what_was_turned_down_is_not_asked_again(at):
    at("2026-08-19 09:00")
    unit = make_unit()
    both = make_user((Role.REGISTRAR, unit), (Role.LEAD_OFFICE, make_city_team()))
    facility = make_listed(unit, both)
    enter(facility, both, "本环罚〔2026〕8号", "PENALTY")
    compliance.propose_exits(clock.now())
    proposal = PositiveExit.objects.get()
    with pytest.raises(Refused, match="录入依据的人不能自己决定"):
        positive_list_actions.decide_exit(proposal=proposal, approve=True, opinion="同意移出", by=both)
    positive_list_actions.decide_exit(proposal=proposal, approve=False, opinion="处罚已撤销", by=make_lead_office())
    assert facility.positive_entries.get().valid_to is None
    assert compliance.propose_exits(clock.now()) == 0
    enter(facility, both, "本环罚〔2026〕9号", "PENALTY")
    assert compliance.propose_exits(clock.now()) == 1


def test_events_stay_as_entered_and_another_units_facility_is_refused(at):
    at("2026-08-19 09:00")
    unit = make_unit()
    facility = make_facility(unit)
    with pytest.raises(Refused):
        enter(facility, make_registrar(make_unit("210503")), "本环罚〔2026〕8号")
    with pytest.raises(Refused, match="发生日期不能晚于今天"):
        enter(facility, make_registrar(unit), "本环罚〔2026〕8号", day=date(2026, 8, 20))
    enter(facility, make_registrar(unit), "本环罚〔2026〕8号")
    with pytest.raises(DatabaseError), transaction.atomic():
        ComplianceEvent.objects.update(number="x")


@pytest.mark.clause("七(三)-e")
def test_the_page_shows_the_batches_enters_an_event_and_decides(client, at):
    at("2026-08-19 09:00")
    unit = make_unit()
    by, leader = make_registrar(unit), make_lead_office()
    facility = make_listed(unit, by)
    client.force_login(by)
    data = {
        "code": facility.code,
        "kind": "PENALTY",
        "day": "2026-08-01",
        "number": "本环罚〔2026〕8号",
        "source": "法制科",
    }
    assert post(client, reverse("registry:facility-event-new"), **data).status_code == 302
    tasks.positive_monthly(force=True)

    client.force_login(leader)
    url = reverse("registry:facility-positive") + f"?unit={unit.code}"
    assert "2026 年第一批：纳入 1 家，移出 0 家" in text_of(client.get(url))
    post(client, url, request=PositiveExit.objects.get().pk, decision="approve", opinion="处罚决定已生效")
    assert "2026 年第一批：纳入 1 家，移出 1 家" in text_of(client.get(url))
