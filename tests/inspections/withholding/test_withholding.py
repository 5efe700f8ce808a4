"""依法不公开: a ground of the law, two people, a document; neither public nor late (二-b, 八(二))."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices.models import Duty
from disclosure.publishing import rules as publishing
from inspections.models import Ground, Inspection, InspectionStatus, Withholding
from inspections.review import actions as review
from inspections.withholding import actions
from plans.models import RequestState
from tests.browsing import post, refused, signed_in, text_of
from tests.factories import make_approver, make_disclosure_officer, make_lead_office, make_planner, make_unit
from tests.inspections.factories import make_finished, make_reviewed

pytestmark = pytest.mark.django_db
SAID = "第二项涉及未公开的工艺配方，权利人书面不同意公开。"
DOCUMENT = "本环检〔2026〕9号"


def ask(check, by=None, **changes) -> Withholding:
    by = by or make_disclosure_officer(check.unit)
    return actions.ask(**{"inspection": check, "ground": Ground.TRADE_SECRET, "words": SAID, "by": by, **changes})


def approve(one, by=None, **changes) -> Withholding:
    by = by or make_approver(one.inspection.unit)
    return actions.approve(**{"withholding": one, "by": by, "document_no": DOCUMENT, **changes})


def again(check) -> Inspection:
    return Inspection.objects.get(pk=check.pk)


@pytest.mark.clause("二-b")
def test_a_withheld_result_is_not_due_cannot_be_published_and_comes_back_when_the_ground_ends():
    check = make_reviewed()
    officer, head = make_disclosure_officer(check.unit), make_approver(check.unit)
    url = reverse("inspections:withholding", args=[check.no])
    desk = signed_in(officer)
    assert url in desk.get(reverse("disclosure:publish-detail", args=["result", check.no])).content.decode()
    post(desk, url, {"ground": Ground.TRADE_SECRET, "words": SAID})
    duty = Duty.objects.open().get(rule="WITHHOLD")
    assert duty.url == url
    one = Withholding.objects.get()
    desk = signed_in(head)
    post(desk, url, {"decision": "approve", "request": one.pk, "document_no": DOCUMENT})
    one.refresh_from_db()
    assert (one.state, one.decided_by, one.document_no) == (RequestState.APPROVED, head, DOCUMENT)
    assert not Duty.objects.open().filter(rule__in=["WITHHOLD", "D-8"]).exists()
    check = again(check)
    assert "终止不公开" in publishing.why_not_yet(check, officer)
    with refused("终止不公开"):
        review.mark_published(inspection=check, by=officer, at=clock.now())
    with refused("终止不公开"):
        review.return_result(inspection=check, by=head, opinion="第二项重新写。")
    assert check.no not in text_of(signed_in(officer).get(reverse("disclosure:publish-list")))
    lift = reverse("inspections:withholding-lift", args=[check.no])
    assert "终止不公开" in text_of(desk.get(url))
    post(desk, lift, {"because": "权利人 8 月 20 日书面同意公开。"})
    check = again(check)
    assert check.withheld_at is None and publishing.why_not_yet(check, officer) == ""
    assert Duty.objects.open().filter(rule="D-8", period=check.no).exists()


@pytest.mark.clause("二-b")
def test_a_ground_a_document_and_another_person_are_needed():
    check = make_reviewed()
    both = make_disclosure_officer(check.unit)
    head = make_approver(check.unit)
    with refused("由本单位的公示员"):
        ask(check, by=make_planner(check.unit))
    with refused("选择不公开的依据"):
        ask(check, by=both, ground="BAD")
    with refused("至少 4 个字"):
        ask(check, by=both, words="保密")
    one = ask(check, by=both)
    with refused("已有一份"):
        ask(check, by=both)
    with refused("由本单位分管负责人"):
        approve(one, by=both)
    with refused("填写批准文号"):
        approve(one, by=head, document_no="同意")
    with refused("由本单位分管负责人"):
        approve(one, by=make_approver(make_unit("210505")))
    actions.reject(withholding=one, by=head, opinion="隐去配方以后公开。")
    assert again(check).withheld_at is None
    with refused("审核通过以后"):
        ask(make_finished(check.unit), by=both)


def test_the_database_knows_no_public_result_that_is_withheld():
    check = make_reviewed()
    approve(ask(check))
    for change in ({"status": InspectionStatus.PUBLISHED}, {"status": InspectionStatus.RETURNED}):
        with pytest.raises(IntegrityError, match="only_a_reviewed_result_is_withheld"), transaction.atomic():
            Inspection.objects.filter(pk=check.pk).update(**change)
    with pytest.raises(IntegrityError, match="one_standing_withholding"), transaction.atomic():
        Withholding.objects.create(
            inspection=check, ground=Ground.PRIVACY, words=SAID, asked_by=make_planner(check.unit), asked_at=clock.now()
        )


@pytest.mark.clause("0-c")
def test_whoever_is_outside_the_circle_finds_no_such_page():
    check = make_reviewed()
    url = reverse("inspections:withholding", args=[check.no])
    for user in (make_disclosure_officer(make_unit("210505")), make_lead_office()):
        assert signed_in(user).get(url).status_code in (403, 404)
