"""作废: a sealed draw that cannot be finished is closed by two people, in public, and never because of its outcome."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from disclosure.draws import documents as public_documents
from plans.aborts import actions as abort_actions
from plans.aborts.rules import DETERMINED
from plans.draw import actions as draw_actions
from plans.draw import bundles, secrets, ssj1
from plans.models import (
    AbortRequest,
    ChainEntry,
    DrawDocument,
    DrawStatus,
    PlanSource,
    RequestState,
)
from tests.factories import make_approver, make_planner, make_registrar, make_supervisor, make_unit
from tests.plans.draw.factories import (
    agree_on_values,
    make_held_draw,
    make_prepared_draw,
    make_sealed_draw,
    move_clock,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
WHY = {"reason": "快乐8 第 2026183 期停售，公开随机数开不出来", "evidence": "开奖机构停售公告 2026 年第 3 号"}


def ask(draw, **fields):
    return abort_actions.ask_to_abort(draw=draw, by=make_planner(draw.unit), **{**WHY, **fields})


def abort(draw, **fields):
    request = ask(draw, **fields)
    return abort_actions.approve_abort(request=request, by=make_approver(draw.unit), document_no="明环审〔2026〕7号")


def past_due(draw):
    due = max(s.due for s in draw.plan.sources.all())
    return move_clock(due + timedelta(hours=1))


@pytest.mark.clause("七(二)-d", "一-f")
def test_an_aborted_draw_stays_public_with_reason_secret_and_a_bundle_that_verifies():
    draw = make_sealed_draw()
    secret = secrets.open_secret(draw)

    draw = abort(draw)

    text = DrawDocument.objects.get(draw=draw, kind="ABORT").text
    said = ssj1.parse_abort(text)
    assert (said.reason, said.document, said.secret, said.missing) == (WHY["reason"], "明环审〔2026〕7号", secret, ())
    assert draw.status == DrawStatus.ABORTED
    assert ChainEntry.objects.filter(draw=draw).values_list("kind", flat=True)[1] == "ABORT"
    public = public_documents.bundle_of(public_documents.draw_of(draw.draw_id))
    for bundle in (public, bundles.bundle_of(draw, released=False)):
        assert ssj1.verify(bundle).ok
    page = Client().get(f"/draws/{draw.draw_id}/").content.decode()
    assert "这次抽取已经作废" in page and WHY["reason"] in page


@pytest.mark.clause("七(二)-d")
def test_after_an_abort_the_next_attempt_is_a_new_draw_with_the_next_number():
    draw = abort(make_sealed_draw())
    PlanSource.objects.filter(plan=draw.plan).update(label="七星彩第2026190期", due=clock.now() + timedelta(days=3))

    again = draw_actions.seal_draw(
        draw=draw_actions.prepare_draw(plan=draw.plan, by=make_planner(draw.unit)), by=make_approver(draw.unit)
    )

    assert (again.serial, again.draw_id[-3:]) == (2, "-02")
    agree_on_values(again)
    held = draw_actions.hold_draw(draw=again, by=make_planner(draw.unit))
    chain = list(ChainEntry.objects.order_by("seq").values_list("text", flat=True))
    both = [bundles.bundle_of(draw, released=False), bundles.whole_bundle(held)]
    assert ssj1.check_history(chain, both).ok


@pytest.mark.clause("七(二)-d")
def test_once_every_value_exists_the_draw_is_finished_however_late():
    draw = make_sealed_draw()
    past_due(draw)

    with pytest.raises(Refused, match=DETERMINED[:20]):
        ask(draw)

    assert not AbortRequest.objects.exists()


@pytest.mark.clause("七(二)-d")
def test_a_request_made_in_time_cannot_be_approved_when_the_result_is_determined():
    draw = make_sealed_draw()
    request = ask(draw)
    past_due(draw)

    with pytest.raises(Refused, match="结果已经确定"):
        abort_actions.approve_abort(request=request, by=make_approver(draw.unit), document_no="文号〔2026〕1号")

    draw.refresh_from_db()
    assert draw.status == DrawStatus.FROZEN


@pytest.mark.clause("七(二)-d")
def test_a_lottery_that_did_not_take_place_closes_the_draw_after_its_time():
    draw = make_sealed_draw()
    past_due(draw)

    draw = abort(draw, missing=[1])

    report = ssj1.verify(bundles.bundle_of(draw, released=False))
    assert report.ok and "W_SOURCE_MISSING" in report.warnings


@pytest.mark.clause("七(二)-d")
def test_a_source_is_missing_only_after_its_time_and_while_nobody_agreed_on_it():
    draw = make_sealed_draw()
    with pytest.raises(Refused, match="还不能说没有开出"):
        ask(draw, missing=[1])
    with pytest.raises(Refused, match="没有这一项公开随机数来源"):
        ask(draw, missing=[2])
    agree_on_values(draw)
    with pytest.raises(Refused, match="已由两人一致录入"):
        ask(draw, missing=[1])


@pytest.mark.clause("七(二)-d")
def test_a_lost_secret_closes_the_draw_and_says_so(settings):
    draw = make_sealed_draw()
    past_due(draw)
    settings.DATA_KEY = "another key than the one that sealed it"

    draw = abort(draw)

    report = ssj1.verify(bundles.bundle_of(draw, released=False))
    assert report.ok and "W_SECRET_LOST" in report.warnings


@pytest.mark.clause("七(二)-d", "七(二)-f")
def test_who_asks_does_not_approve_and_others_do_neither():
    draw = make_sealed_draw()
    for other in (make_approver(draw.unit), make_supervisor(), make_planner(make_unit("210503"))):
        with pytest.raises(Refused, match="由本单位计划员申请作废"):
            abort_actions.ask_to_abort(draw=draw, by=other, **WHY)
    request = ask(draw)
    both = request.asked_by
    make_approver(draw.unit).grants.update(user=both)
    del both._grants
    with pytest.raises(Refused, match="不能是同一个人"):
        abort_actions.approve_abort(request=request, by=both, document_no="文号〔2026〕1号")
    for other in (make_planner(draw.unit), make_registrar(draw.unit), make_approver(make_unit("210503"))):
        with pytest.raises(Refused, match="由本单位分管负责人批准"):
            abort_actions.approve_abort(request=request, by=other, document_no="文号〔2026〕1号")
    with pytest.raises(Refused, match="已有一份作废申请"):
        ask(draw)


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"reason": "停"}, "写得太短"),
        ({"reason": "字" * 201}, "最长 200 个字"),
        ({"reason": "第一行\n第二行写原因"}, "不换行"),
        ({"evidence": " "}, "证明材料"),
    ],
)
def test_an_abort_says_why_and_what_proves_it(fields, match):
    with pytest.raises(Refused, match=match):
        ask(make_sealed_draw(), **fields)


def test_approval_needs_the_typed_word_and_a_number():
    draw = make_sealed_draw()
    request, leader = ask(draw), make_approver(draw.unit)
    for fields, match in (
        ({"document_no": "", "word": "作废"}, "批准文号"),
        ({"document_no": "字" * 61, "word": "作废"}, "最长 60 个字"),
        ({"document_no": "文号〔2026〕1号", "word": "是"}, "作废不能撤回"),
    ):
        with pytest.raises(Refused, match=match):
            abort_actions.approve_abort(request=request, by=leader, **fields)
    with pytest.raises(Refused, match="不批准的理由"):
        abort_actions.reject_abort(request=request, by=leader, opinion="")

    home = Duty.objects.visible_to(leader).open().filter(rule="DRAWVOID")
    assert home.get().title == f"审批作废申请 {request.draw.draw_id}"
    abort_actions.reject_abort(request=request, by=leader, opinion="等开奖机构恢复销售后照常抽取")
    assert not home.exists()

    draw.refresh_from_db()
    assert (draw.status, request.__class__.objects.get().state) == (DrawStatus.FROZEN, RequestState.RETURNED)
    assert ask(draw).state == RequestState.ASKED


@pytest.mark.clause("七(二)-d")
def test_a_draw_with_a_result_is_never_aborted_nor_one_that_is_not_sealed():
    with pytest.raises(Refused, match="名单还没有封存"):
        ask(make_prepared_draw(make_unit("210503")))
    draw = make_held_draw()
    with pytest.raises(Refused, match="不能作废"):
        ask(draw)


def test_the_duty_to_draw_goes_back_to_the_planner_who_is_told():
    draw = make_sealed_draw()
    planner = make_planner(draw.unit)

    draw = abort(draw)

    duty = Duty.objects.get(rule="D-4", unit=draw.unit)
    assert duty.closed_at is None and "重新抽取" in duty.title
    assert Message.objects.filter(user=planner, title__contains="作废").exists()


# --- pages -------------------------------------------------------------------------------------------------------


def test_planner_asks_and_leader_approves_on_the_page(client):
    draw = make_sealed_draw()
    planner, leader = make_planner(draw.unit), make_approver(draw.unit)
    address = f"/desk/draws/{draw.draw_id}/abort/"

    def post(**typed):
        return client.post(address, {"form_key": str(uuid.uuid4()), **typed})

    client.force_login(planner)
    assert "作废不是重抽" in client.get(address).content.decode()
    assert post(**{**WHY, "reason": ""}).status_code == 200
    assert post(**WHY).status_code == 302
    client.force_login(leader)
    assert "批准作废" in client.get(address).content.decode()
    refused = post(decision="approve", document_no="明环审〔2026〕7号", word="不")
    assert refused.status_code == 409 and "明环审〔2026〕7号" in refused.content.decode()
    assert post(decision="approve", document_no="明环审〔2026〕7号", word="作废").status_code == 302
    draw.refresh_from_db()
    assert draw.status == DrawStatus.ABORTED
    assert "已经作废" in client.get(draw.get_absolute_url()).content.decode()


def test_another_units_draw_is_not_found(client):
    draw = make_sealed_draw(make_unit("210504"))
    client.force_login(make_planner(make_unit("210503")))
    assert client.get(f"/desk/draws/{draw.draw_id}/abort/").status_code == 404
