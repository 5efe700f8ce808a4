"""L-13: a check for a complaint names one of the register, once; what it found goes back; K8 counts what shows nothing."""

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from inspections.frequency.pages import report
from inspections.models import Answer, CapExemption, Outcome, Source, TargetedCheck
from inspections.review import actions as review
from registry.complaints.tallies import NewComplaint, counted
from registry.models import Category, Complaint, ComplaintOutcome
from tests.browsing import text_of
from tests.factories import make_approver, make_facility, make_planner, make_registrar, make_unit
from tests.inspections.factories import answer_all, finish, ready, start
from tests.inspections.targeted.factories import approve, ask, make_approved, make_complaint, make_kind

pytestmark = pytest.mark.django_db
NEW = {"number": "12345-2026-000901", "channel": "12345 热线", "matter": "夜间排放异味"}


def finished(visit, *, problem=False):
    """Carried out by its team, with a problem put right on the spot where one was found."""
    ready(visit)
    answer_all(start(visit), *((Answer.FOUND, "喷淋塔没有运行") if problem else ()))
    changes = {"outcome": Outcome.ON_SITE_FIXED, "finding": "喷淋塔没有运行", "measures": "当场开启"} if problem else {}
    return finish(visit, **changes)


@pytest.fixture(autouse=True)
def a_day_in_july(at):
    at("2026-07-06 09:00")


@pytest.mark.clause("三-b", "四(1)-b", "一-e")
def test_l13_five_checks_of_one_firm_under_complaint_no_1_cannot_be_raised():
    unit = make_unit()
    place, other = make_facility(unit, category=Category.KEY), make_facility(unit)
    for reference in (
        {"complaint": None},
        {"reference_no": "1"},
        {"new": NewComplaint("1", clock.today(), "热线", "异味扰民")},
    ):
        with pytest.raises(Refused):
            ask(unit, facility=place, reference=reference)
    assert not Complaint.objects.exists() and not TargetedCheck.objects.exists()
    complaint = make_complaint(place)
    with pytest.raises(Refused, match="说的不是这家企业"):
        ask(unit, facility=other, reference={"complaint": complaint})
    asked = ask(unit, facility=place, reference={"complaint": complaint})
    for state in ("asked", "approved"):
        with pytest.raises(Refused, match="已经有一次检查"):
            ask(unit, facility=place, reference={"complaint": complaint})
        if state == "asked":
            approve(asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetedCheck.objects.update(complaint=None)


@pytest.mark.clause("三-b")
def test_l13_a_new_complaint_is_entered_with_the_request_and_answered_by_its_check(client):
    unit = make_unit()
    place, planner = make_facility(unit), make_planner(unit)
    asked = ask(unit, facility=place, by=planner, reference={"new": NewComplaint(day=clock.today(), **NEW)})
    complaint = Complaint.objects.get()
    assert (asked.complaint, complaint.matter, complaint.entered_by) == (complaint, "夜间排放异味", planner)
    assert counted(place, clock.today()) == []  # nobody has found it true

    visit = finished(approve(asked).inspection, problem=True)
    review.review_result(inspection=visit, by=make_approver(unit))
    assert not ComplaintOutcome.objects.exists()  # until the result is public
    review.mark_published(inspection=visit, by=planner, at=clock.now())

    outcome = complaint.outcomes.get()
    assert (outcome.check_no, outcome.founded) == (visit.no, True)
    assert counted(place, clock.today()) == [complaint]
    assert planner.inbox.filter(title=f"投诉 {complaint.number} 已经检查").exists()
    client.force_login(make_registrar(unit))
    assert visit.no in text_of(client.get("/desk/objects/complaints/?unit=210504"))


@pytest.mark.clause("一-e", "三-b")
def test_l13_the_cap_is_lifted_by_the_complaint_itself_and_by_no_other_text():
    unit = make_unit()
    place = make_facility(unit)
    complaint = make_complaint(place)
    words = {"facility": place, "reference": {"complaint": complaint}, "cap_exemption": CapExemption.COMPLAINT}
    with pytest.raises(Refused, match=f"文号就是投诉编号 {complaint.number}"):
        ask(unit, exemption_document="领导口头同意", **words)
    assert ask(unit, exemption_document=complaint.number, **words)


@pytest.mark.clause("三-i")
def test_l13_a_nuclear_safety_check_names_its_task():
    with pytest.raises(Refused, match="要写明核安全检查的任务或计划文号"):
        ask(source=Source.NUCLEAR_SAFETY, reference={"reference_no": " "})


@pytest.mark.clause("四(1)-b")
def test_l13_k8_counts_what_cannot_show_a_source():
    unit = make_unit()
    make_approved(unit, Source.COMPLAINT)
    make_approved(unit, Source.OTHER_TARGETED, reference={"kind": make_kind(), "reference_text": "司法建议书第 4 条"})
    waits = ask(unit, Source.EMERGENCY)
    planner = make_planner(unit)
    assert report(planner, unit, 2026).random.left == 1
    finished(waits.inspection)
    assert report(planner, unit, 2026).random.left == 2  # checked, and nobody has approved it
    approve(waits)
    assert report(planner, unit, 2026).random.left == 1
