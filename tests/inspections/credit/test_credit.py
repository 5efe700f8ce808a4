"""Results as evidence for 环境信用评价, and how far 信用修复 has come (八(二)-g, -h)."""

import io
import json
from datetime import timedelta

import openpyxl
import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.workdays.days import months_after
from disclosure.followups import actions as disclosing
from disclosure.models import Act, Ground, Objection, Publication
from disclosure.revisions import terms
from inspections.credit import evidence
from inspections.credit.repair import repair_of
from inspections.followups.actions import hand_over, mark_published
from inspections.models import (
    CaseActKind,
    CreditExport,
    Degree,
    FollowUp,
    FollowUpStep,
    Inspection,
    InspectionStatus,
    Rectification,
    RectificationState,
)
from tests.browsing import queries, signed_in, text_of
from tests.disclosure.factories import make_published_result, make_revision
from tests.disclosure.objections.factories import decide, make_objection, propose
from tests.factories import make_disclosure_officer, make_observer, make_planner, make_unit
from tests.inspections.cases.factories import PROBLEM, act, make_case
from tests.inspections.factories import make_reviewed
from tests.inspections.rectification.factories import check_again, decided, make_rectification

pytestmark = pytest.mark.django_db


def published(unit=None, **fields) -> Inspection:
    return Inspection.objects.get(no=make_published_result(unit, problem=PROBLEM, **fields).no)


def fetched(check) -> Inspection:
    return (
        Inspection.objects.select_related("rectification").prefetch_related("cases__acts", "followups").get(pk=check.pk)
    )


def repair(check) -> str:
    return repair_of(fetched(check), clock.today()).words


def decision_of(check) -> tuple:
    values = evidence.Evidence(fetched(check), repair_of(fetched(check), clock.today())).values
    return tuple(values[key] for key in ("decision", "decision_no", "decided_on", "degree"))


def object_to(check) -> None:
    make_objection(Publication.objects.get(kind="RESULT", no=check.no))


def publish_steps(check) -> None:
    officer = make_disclosure_officer(check.unit)
    for step in FollowUp.objects.filter(inspection=check, published_at__isnull=True):
        disclosing.publish_step(step=step, by=officer)


def mend(check) -> None:
    """整改办结, without the way to it."""
    check.rectification.points.update(mended=True)
    Rectification.objects.filter(inspection=check).update(state=RectificationState.CLOSED, closed_at=clock.now())
    hand_over(check, FollowUpStep.MENDED, "整改办结", check.rectification.inspection.members.first().inspector.user)


@pytest.mark.clause("八(二)-g")
def test_public_results_not_under_objection_are_handed_out_with_basis_and_day_and_the_file_is_logged():
    unit = make_unit()
    check, objected = published(unit), published(unit)
    object_to(objected)
    make_reviewed(unit, problem=PROBLEM)  # not public yet
    day = clock.today()
    officer = make_planner(unit)
    browser = signed_in(officer)
    page = text_of(browser.get(f"{reverse('inspections:credit')}?first={day}&last={day}"))
    assert check.no in page and objected.no not in page and "另有 1 条企业提出了异议" in page
    url = reverse("inspections:credit-xlsx") + f"?unit={unit.code}&first={day}&last={day}"
    book = openpyxl.load_workbook(io.BytesIO(browser.get(url).content))
    rows = list(book["信用评价依据"].iter_rows(min_row=2, values_only=True))
    assert list(rows[0]) == [label for _, label, _, _ in evidence.FIELDS] and len(rows) == 2
    said = dict(zip(rows[0], rows[1], strict=True))
    assert (said["公示编号"], said["依据"], said["发现的问题"]) == (check.no, "某法第一条", PROBLEM)
    explained = [row[0] for row in book["填表说明"].iter_rows(values_only=True)]
    assert explained[3:] == [label for _, label, _, _ in evidence.FIELDS]
    told = json.loads(browser.get(url.replace("xlsx", "json")).content)
    assert [row["no"] for row in told["results"]] == [check.no] and "八（二）" in told["basis"]
    assert set(told["results"][0]) == set(told["fields"])
    decide(propose(Objection.objects.get()))
    assert objected.no in text_of(browser.get(f"{reverse('inspections:credit')}?first={day}&last={day}"))
    logged = CreditExport.objects.order_by("pk")
    assert [(e.format, e.rows, e.left_out, e.by) for e in logged] == [("XLSX", 1, 1, officer), ("JSON", 1, 1, officer)]
    assert logged[0].digest[:16] in text_of(browser.get(reverse("inspections:credit")))


@pytest.mark.clause("八(二)-g")
def test_what_was_withdrawn_and_natural_persons_are_no_evidence():
    unit, day = make_unit(), clock.today()
    result = make_published_result(unit, problem=PROBLEM)
    make_revision(result, Act.WITHDRAW, ground=Ground.PRIVATE)
    person = published(unit)
    type(person.facility).objects.filter(pk=person.facility_id).update(is_natural_person=True)
    assert evidence.rows(make_planner(unit), unit, day, day, day) == []


@pytest.mark.clause("八(二)-h")
def test_the_closing_of_the_order_and_the_terms_of_a_penalty_carry_the_repair_on(at):
    check = published()
    assert repair(check) == "整改未办结"
    case = make_case(check)
    assert repair(check) == "整改未办结"  # nobody may know of a case that is not public
    publish_steps(check)
    assert repair(check) == "案件办理中"
    act(case, CaseActKind.VERDICT, degree=Degree.COMMON)
    assert repair(check) == "案件办理中" and decision_of(check) == ("", "", None, "")
    publish_steps(check)
    assert repair(check) == "整改未办结" and decision_of(check)[0] == "行政处罚"
    mend(check)
    assert repair(check) == "整改未办结"  # not in public
    publish_steps(check)
    assert repair(check) == "处罚没有履行完毕"
    act(case, CaseActKind.ENDING)
    assert repair(check) == "最短公示期未满"
    day, start = clock.today(), clock.now()
    term = next(t for t in policy.on(day).other_law.public_terms if t.degree == Degree.COMMON)
    at((start + (months_after(day, term.least) - day)).isoformat())
    assert repair(check) == "可以申请修复"
    at((start + (months_after(day, term.most) - day)).isoformat())
    assert repair(check) == "公示期满"


@pytest.mark.clause("八(二)-h")
def test_the_closing_of_an_order_by_its_own_acts_leaves_nothing_to_repair(at):
    at("2026-07-09 10:00")
    order = make_rectification()
    assert repair(order.inspection) == "整改未办结"
    check_again(order)
    order = Rectification.objects.get(pk=order.pk)
    decided(order, "CLOSE")
    assert repair(order.inspection) == "整改未办结"
    step = FollowUp.objects.get(step=FollowUpStep.MENDED)
    mark_published(step=step, by=make_disclosure_officer(order.inspection.unit), at=clock.now())
    assert repair(order.inspection) == "已改正"


@pytest.mark.clause("八(二)-h")
def test_an_order_that_went_over_to_a_case_is_not_without_fault(at):
    at("2026-07-09 10:00")
    order = make_rectification()
    at("2026-07-24 10:00")
    check_again(order, mended=(False, True))
    decided(Rectification.objects.get(pk=order.pk), "TO_CASE")
    assert repair(order.inspection) == "整改未办结"
    step = FollowUp.objects.get(step=FollowUpStep.TO_CASE)
    mark_published(step=step, by=make_disclosure_officer(order.inspection.unit), at=clock.now())
    assert repair(order.inspection) == "整改没有改好"


@pytest.mark.clause("八(二)-h")
def test_the_end_of_a_penaltys_term_is_a_withdrawal_by_two_and_the_figures_count_the_result_on(at):
    check = published()
    act(make_case(check), CaseActKind.VERDICT, degree=Degree.COMMON)
    publish_steps(check)
    result = Publication.objects.results().get(no=check.no)
    decided = Publication.objects.get(snapshot__step="CASE_DECIDED")
    day, start = clock.today(), clock.now()
    term = next(t for t in policy.on(day).other_law.public_terms if t.degree == Degree.COMMON)
    ends = months_after(day, term.most)
    assert terms.term_of(result).ends_on == terms.term_of(decided).ends_on == ends
    assert terms.over(check.unit.code, ends - timedelta(days=1)) == []
    at((start + (ends - day)).isoformat())
    assert terms.over(check.unit.code, clock.today()) == [result]
    counted = Publication.everything.counted().filter(kind="RESULT", no=check.no)
    make_revision(result, Act.WITHDRAW, ground=Ground.TERM, reason="处罚信息公示期满", evidence="信用修复管理办法")
    assert not Publication.objects.filter(no__startswith=check.no).exists()
    assert counted.count() == 1
    assert Inspection.objects.get(pk=check.pk).status == InspectionStatus.PUBLISHED
    assert Inspection.objects.known_to(make_observer()).filter(pk=check.pk).exists()


def test_the_page_asks_as_often_for_many_results_as_for_one():
    unit = make_unit()
    browser, url = signed_in(make_planner(unit)), reverse("inspections:credit")
    make_case(published(unit))
    one = queries(browser, url)
    for _ in range(3):
        make_case(published(unit))
    assert queries(browser, url) == one
