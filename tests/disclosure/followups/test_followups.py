"""What followed a result becomes public step by step, beside a result that stays as it was (八(二)-e, -f)."""

from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from disclosure.followups import actions
from disclosure.followups.waiting import steps_of
from disclosure.models import Act, Ground, Publication
from inspections.followups.actions import hand_over
from inspections.models import FollowUp, Inspection
from inspections.withholding import actions as withholding
from tests.browsing import post, queries
from tests.disclosure.factories import make_published_result, make_published_step, make_revision, make_step
from tests.factories import make_approver, make_disclosure_officer
from tests.inspections.factories import make_reviewed
from tests.inspections.withholding.test_withholding import approve, ask

pytestmark = pytest.mark.django_db


@pytest.mark.clause("八(二)-e")
def test_each_step_is_a_publication_of_its_own_and_the_result_stays():
    result = make_published_result(problem="标签缺项 2 处")
    step = make_step(result, facts={"期限": "2026 年 8 月 21 日", "文号": ""})
    duty = Duty.objects.get(rule="FOLLOW", period=step.no)
    assert (duty.role, duty.closed_at) == ("DISCLOSURE_OFFICER", None)

    publication = actions.publish_step(step=step, by=make_disclosure_officer(step.inspection.unit))

    assert (publication.kind, publication.no, publication.version) == (
        "RECTIFICATION",
        f"{result.no}-Z02",
        1,
    )  # after the order's own
    s = publication.snapshot
    assert (s["check"], s["step_label"], s["words"]) == (result.no, "责令改正", "责令 2 处问题限期改正")
    assert s["facts"] == [{"label": "期限", "value": "2026 年 8 月 21 日"}]
    assert s["facility"] == result.snapshot["facility"]
    step.refresh_from_db()
    duty.refresh_from_db()
    assert step.published_at == publication.published_at and duty.closed_at
    assert [p.digest for p in Publication.objects.versions("RESULT", no=result.no)] == [result.digest]
    assert make_published_step(result, step="SENT").no == f"{result.no}-Y01"


@pytest.mark.clause("八(二)-e", "二-b")
def test_nobody_owes_a_step_whose_result_is_kept_from_the_public_or_withdrawn():
    def owed(check: Inspection) -> list[str]:
        return list(Duty.objects.open().filter(rule="FOLLOW", unit=check.unit).values_list("period", flat=True))

    check = make_reviewed(problem="标签缺项 2 处")
    leader = make_approver(check.unit)
    said = {"step": "CASE_OPENED", "words": "已立案调查。", "by": leader}
    first = hand_over(check, **said)
    assert owed(check) == [first.no]
    kept = approve(ask(check))
    assert owed(check) == []
    second = hand_over(Inspection.objects.get(pk=check.pk), **said | {"step": "CASE_DECIDED", "words": "不予处罚。"})
    assert owed(check) == []
    withholding.lift(withholding=kept, by=kept.decided_by, because="依据已经没有了。")
    assert owed(check) == [first.no, second.no]  # the result may be published, and what waits after it

    result = make_published_result(check.unit, problem="标签缺项 2 处")
    step = make_step(result)
    officer = make_disclosure_officer(check.unit)
    assert step.no in owed(check) and step in steps_of(officer)
    make_revision(result, Act.WITHDRAW, ground=Ground.PRIVATE)
    assert owed(check) == [first.no, second.no] and step not in steps_of(officer)


@pytest.mark.clause("八(二)-b", "八(二)-e")
def test_a_step_is_published_by_another_officer_and_after_its_result():
    result = make_published_result(problem="标签缺项 2 处")
    unit_officer = make_disclosure_officer(Inspection.objects.get(no=result.no).unit)
    own = make_step(result, by=unit_officer)
    with pytest.raises(Refused, match="不能自己公开"):
        actions.publish_step(step=own, by=unit_officer)
    with pytest.raises(Refused, match=r"只有.*公示员可以公开"):
        actions.publish_step(step=own, by=make_approver(own.inspection.unit))

    early = make_reviewed(problem="标签缺项 2 处")
    said = {"step": "CASE_OPENED", "on": date(2026, 7, 7), "by": make_approver(early.unit)}
    step = hand_over(inspection=early, words="对 1 处问题立案", **said)
    with pytest.raises(Refused, match="先公开结果"):
        actions.publish_step(step=step, by=make_disclosure_officer(early.unit))
    with pytest.raises(Refused, match="是电话号码"):
        hand_over(inspection=early, words="联系 13804140000 改正", **said)
    with pytest.raises(Refused, match="写得太短"):
        hand_over(inspection=early, words="改", **said)


@pytest.mark.clause("八(二)-e")
def test_the_public_reads_each_step_beside_the_finding_on_the_enterprise_and_in_the_data(client):
    result = make_published_result(problem="标签缺项 2 处")
    page = client.get(reverse("disclosure:result", args=[result.no])).content.decode()
    assert "还没有公开后续处理" in page
    make_published_step(result)
    mended = make_published_step(result, step="MENDED", words="复查 2 处问题都已改好，办结")

    for address in (
        reverse("disclosure:result", args=[result.no]),
        reverse("disclosure:enterprise", args=[result.facility_code]),
    ):
        page = client.get(address).content.decode()
        assert "责令 2 处问题限期改正" in page and "复查 2 处问题都已改好，办结" in page and mended.no in page
    steps = b"".join(client.get(reverse("disclosure:followups-csv")).streaming_content).decode()
    assert f"{result.no}-Z02" in steps and f"{result.no}-Z03" in steps and "整改办结" in steps
    results = b"".join(client.get(reverse("disclosure:results-csv")).streaming_content).decode()
    assert "复查 2 处问题都已改好，办结" in results
    at = client.get(reverse("disclosure:followup-step", args=[mended.no]))
    assert at.url == f"{reverse('disclosure:result', args=[result.no])}#{mended.no}"
    text = client.get(reverse("disclosure:followup-snapshot", args=[mended.no, 1]))
    assert text.content.decode() == mended.text
    assert client.get(reverse("disclosure:followup-step", args=[f"{result.no}-Z09"])).status_code == 404
    assert client.get(reverse("disclosure:notices")).status_code == 200
    assert "后续处理" in client.get(reverse("disclosure:fields")).content.decode()


@pytest.mark.clause("八(二)-c", "八(二)-e")
def test_a_step_is_corrected_and_withdrawn_by_two_people_and_goes_with_its_result(client):
    result = make_published_result(problem="标签缺项 2 处")
    ordered, mended = make_published_step(result), make_published_step(result, step="MENDED", words="复查已改好，办结")
    corrected = make_revision(ordered, words={"words": "责令 1 处问题限期改正"})
    assert (corrected.no, corrected.version) == (ordered.no, 2)
    page = client.get(reverse("disclosure:result", args=[result.no])).content.decode()
    assert "责令 1 处问题限期改正" in page and "责令 2 处" not in page

    stone = make_revision(
        mended, "WITHDRAW", ground="REVOKED", document_no="本环撤〔2026〕1号", known_on=date(2026, 7, 6)
    )
    assert stone.is_withdrawn
    page = client.get(reverse("disclosure:result", args=[result.no])).content.decode()
    assert "复查已改好" not in page and "撤下" in page
    assert client.get(reverse("disclosure:followup-step", args=[mended.no])).status_code == 410

    make_revision(result, "WITHDRAW", ground="REVOKED", document_no="本环撤〔2026〕2号", known_on=date(2026, 7, 6))
    assert not Publication.objects.filter(kind="RECTIFICATION").exists()
    assert client.get(reverse("disclosure:followup-step", args=[ordered.no])).status_code == 410
    step = make_step(result, step="CHECKED_AGAIN")
    with pytest.raises(Refused, match="已经撤下"):
        actions.publish_step(step=step, by=make_disclosure_officer(step.inspection.unit))


@pytest.mark.clause("八(二)-e")
def test_the_database_lets_no_step_be_rewritten():
    step = make_step(make_published_result(problem="标签缺项 2 处"))
    for change in ({"words": "已改好，办结"}, {"kind": "CASE"}):
        with pytest.raises(DatabaseError, match="不能修改"), transaction.atomic():
            FollowUp.objects.filter(pk=step.pk).update(**change)


@pytest.mark.clause("八(二)-b", "八(二)-e")
def test_the_officer_publishes_from_the_list_reading_what_becomes_public(client):
    result = make_published_result(problem="标签缺项 2 处")
    step = make_step(result)
    officer = make_disclosure_officer(step.inspection.unit)
    client.force_login(officer)
    once = queries(client, reverse("disclosure:publish-list"))
    for _ in range(4):
        make_step(result)
    assert queries(client, reverse("disclosure:publish-list")) == once
    address = reverse("disclosure:followup", args=[step.no])
    assert address in client.get(reverse("disclosure:publish-list")).content.decode()
    assert "责令 2 处问题限期改正" in client.get(address).content.decode()
    assert Publication.objects.filter(kind="RECTIFICATION").count() == 0
    post(client, address)
    assert Publication.objects.filter(kind="RECTIFICATION").count() == 1
    again = client.get(address, follow=True)
    assert "已经公开" in again.content.decode()
    client.force_login(make_approver(step.inspection.unit))
    assert client.get(address).status_code in (403, 404)
