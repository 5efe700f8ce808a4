"""更换检查人员 of a check that no draw stands behind: two people's word, a certified other (七(五)-a, -b, -c; 四(2)-a)."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import pdf, scans
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.acceptance import actions as acceptance
from inspections.acceptance import duties as acceptance_duties
from inspections.models import Inspection, InspectionStatus, Swap, VisitMember
from inspections.swaps import actions, paper
from plans.models import ChangeReason, RequestState
from registry.models import ConflictKind, ConflictOfInterest
from tests.browsing import html_of, post, refused, signed_in, text_of
from tests.documents import reading
from tests.factories import make_approver, make_inspector, make_planner, make_unit
from tests.inspections.factories import make_dispatched, make_inspection, start, team_of

pytestmark = pytest.mark.django_db
SAID = "本人配偶在该企业任职，情况说明 1 份。"
BOTH = {"no_conflict": True, "discipline": True}


def ask(check, leaving=None, **changes) -> Swap:
    leaving = leaving or team_of(check)[1]
    given = {"inspection": check, "leaving": leaving, "reason": ChangeReason.RECUSE, "evidence": SAID}
    return actions.ask(**{**given, "by": leaving.user, **changes})


def approve(swap, coming, by=None, **changes) -> Swap:
    by = by or make_approver(swap.inspection.unit)
    return actions.approve(**{"swap": swap, "by": by, "coming": coming, "document_no": "本环检〔2026〕7号", **changes})


def again(check) -> Inspection:
    return Inspection.objects.get(pk=check.pk)


@pytest.mark.clause("七(五)-c", "四(2)-a")
def test_who_declares_an_interest_in_a_targeted_check_is_replaced_by_whom_the_leader_names():
    check = make_inspection(accepted=False, approved=False)
    leader, member = team_of(check)
    acceptance_duties.handed_out(check, clock.now())
    other = make_inspector(check.unit, with_user=True)
    browser = signed_in(member.user)
    url = reverse("inspections:field-replace", args=[check.no])
    assert f"{url}?reason=I_RECUSE" in html_of(browser.get(check.field_url))
    post(browser, url, {"reason": ChangeReason.RECUSE, "evidence": SAID})
    swap = Swap.objects.get()
    assert (swap.leaving, swap.coming, swap.state) == (member, None, RequestState.ASKED)
    with refused("已申请更换，等批准"):
        acceptance.accept(inspection=check, by=member.user, **BOTH)
    duty = Duty.objects.open().get(rule="SWAP")
    head = make_approver(check.unit)
    desk = signed_in(head)
    assert duty.role == "APPROVER" and check.facility.name not in duty.title
    page = desk.get(duty.url)
    assert other.name in text_of(page) and SAID in text_of(page)
    assert re.search(r"等本单位分管负责人决定，\d+ 月 \d+ 日（周.）前", text_of(page))  # by when, as 27 has it
    post(
        desk,
        duty.url,
        {"decision": "approve", "request": swap.pk, "coming": other.pk, "document_no": "本环检〔2026〕7号"},
    )
    swap.refresh_from_db()
    assert (swap.state, swap.coming, swap.decided_by) == (RequestState.APPROVED, other, head)
    assert {p.pk for p in team_of(again(check))} == {leader.pk, other.pk}
    gone = VisitMember.ever.get(inspection=check, inspector=member)
    assert gone.left_at == swap.decided_at
    assert signed_in(member.user).get(check.field_url).status_code == 404
    assert not Duty.objects.open().filter(rule="SWAP").exists()
    owing = set(Duty.objects.open().filter(rule="ACCEPTM").values_list("person", flat=True))
    assert owing == {leader.user_id, other.user_id}
    assert Message.objects.filter(user=other.user, title__contains="收到 1 件检查任务").exists()
    verbs = set(AuditEntry.objects.filter(verb__startswith="inspections.swap").values_list("verb", flat=True))
    assert verbs == {"inspections.swap.asked", "inspections.swap.approved"}


@pytest.mark.clause("七(五)-a", "五-4i")
def test_a_leader_is_followed_by_one_who_may_lead_and_takes_the_task_on_himself():
    check = make_inspection()
    leader, _ = team_of(check)
    plain, able = make_inspector(check.unit, can_lead=False), make_inspector(check.unit, with_user=True, can_lead=True)
    swap = ask(check, leader, reason=ChangeReason.LEAVE, evidence="8 月 18 日至 20 日请假，假条 1 份。")
    with refused("没有登记为可任组长"):
        approve(swap, plain)
    approve(swap, able)
    check = again(check)
    assert check.accepted_at is None and team_of(check)[0] == able
    with refused("组长还没有接收"):
        start(check)


@pytest.mark.clause("七(五)-b", "七(五)-c")
def test_who_comes_is_certified_has_no_interest_and_is_not_there_already():
    check = make_inspection()
    leader, member = team_of(check)
    lapsed = make_inspector(check.unit, certificate_to=clock.today() - timedelta(days=1))
    partial = make_inspector(check.unit)
    ConflictOfInterest.objects.create(
        inspector=partial,
        facility=check.facility,
        kind=ConflictKind.OTHER,
        reason="亲属任职",
        valid_from=clock.today(),
        asked_by=make_planner(check.unit),
        asked_at=clock.now(),
    )
    swap = ask(check)
    for coming, why in (
        (None, "选择换上的检查人员"),
        (lapsed, "到期"),
        (partial, "应当回避"),
        (leader, "已在检查小组里"),
        (make_inspector(make_unit("210505")), "不是"),
    ):
        with refused(why):
            approve(swap, coming)
    good = make_inspector(check.unit)
    with refused("填写批准文号"):
        approve(swap, good, document_no="同意")
    assert {p.pk for p in team_of(again(check))} == {leader.pk, member.pk}


@pytest.mark.clause("七(五)-c")
def test_nobody_decides_his_own_request_or_about_himself():
    check = make_inspection()
    _, member = team_of(check)
    planner = make_planner(check.unit)
    swap = ask(check, member, by=planner)
    with refused("由本单位分管负责人批准"):
        approve(swap, make_inspector(check.unit), by=planner)
    head = make_approver(check.unit)
    himself = make_inspector(check.unit)
    himself.user = head
    himself.save()
    with refused("不能批准由本人换上"):
        approve(swap, himself, by=head)
    with refused("理由"):
        actions.reject(swap=swap, by=head, opinion="")
    actions.reject(swap=swap, by=head, opinion="情况不属于回避情形。")
    assert Message.objects.filter(user=planner, title__contains="没有批准").exists()
    with refused("未批准"):
        approve(swap, himself, by=make_approver(check.unit))


def test_only_a_check_without_a_draw_that_nobody_has_begun_and_each_for_himself():
    check = make_inspection()
    leader, member = team_of(check)
    with refused("只能为本人申请"):
        ask(check, leader, by=member.user)
    with refused("由本单位计划员，或检查人员本人"):
        ask(check, by=make_planner(make_unit("210505")))
    with refused("太短"):
        ask(check, evidence="病")
    swap = ask(check)
    with refused("已有一份更换申请"):
        ask(check)
    with refused("的更换申请在等批准"):
        start(check)
    actions.reject(swap=swap, by=make_approver(check.unit), opinion="情况不属于回避情形。")
    start(again(check))
    with refused("不能再换人"):
        ask(check, leader)


def test_a_request_that_has_become_pointless_is_returned_and_waits_for_nobody():
    check = make_inspection()
    swap, head = ask(check), make_approver(check.unit)
    Inspection.objects.filter(pk=check.pk).update(status=InspectionStatus.CANCELLED)
    with refused("不能再换人"):
        approve(swap, make_inspector(check.unit), by=head)
    page = text_of(signed_in(head).get(reverse("inspections:task-swaps", args=[check.no])))
    assert "退回" in page
    actions.reject(swap=swap, by=head, opinion="这次检查已经取消。")
    assert not Duty.objects.open().filter(rule="SWAP").exists()


def test_of_a_drawn_check_the_draw_decides_who_comes(at):
    drawn, *_ = make_dispatched(inspectors=6)
    with refused("由签号决定"):
        ask(drawn, team_of(drawn)[0])
    page = signed_in(make_planner(drawn.unit)).get(reverse("inspections:task-swaps", args=[drawn.no]))
    assert page.status_code == 404


def test_another_unit_finds_nothing_and_the_database_wants_a_document():
    check = make_inspection()
    swap = ask(check)
    page = reverse("inspections:task-swaps", args=[check.no])
    assert signed_in(make_planner(make_unit("210505"))).get(page).status_code == 404
    assert page in html_of(signed_in(make_planner(check.unit)).get(check.get_absolute_url()))
    with pytest.raises(IntegrityError, match="an_approved_swap"), transaction.atomic():
        Swap.objects.filter(pk=swap.pk).update(
            state="APPROVED", decided_by=make_approver(check.unit), decided_at=clock.now()
        )


@pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")
@pytest.mark.clause("七(五)-c")
def test_a_replacement_has_its_paper_as_pdf_and_word_with_its_code_for_the_circle():
    check = make_inspection()
    _, member = team_of(check)
    other = make_inspector(check.unit, with_user=True)
    swap = ask(check, member)
    assert paper.paper_of(swap).left == "文号：待批准"
    approve(swap, other)
    made = paper.paper_of(Swap.objects.get())
    content, pages = reading.whole(made)
    assert pages == 1 and scans.codes_in(content) == [
        [f"BXP:{check.no}:RELIEF:{made.digest[:9].replace(' ', '').upper()}:1:1"]
    ]
    words = reading.text_of(content)
    for said in ("检查人员更换审批表", member.name, other.name, SAID.replace(" ", ""), "已批准", "退出检查小组"):
        assert said in words, said
    address = f"/desk/tasks/{check.no}/swaps/{swap.pk}.docx"
    browser = signed_in(make_planner(check.unit))
    assert address in html_of(browser.get(f"/desk/tasks/{check.no}/swaps/"))
    assert browser.get(address).status_code == 200
    assert signed_in(make_planner(make_unit("210503"))).get(address).status_code == 404
