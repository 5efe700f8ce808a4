"""更正: a value typed wrongly by two people is put right in place, by two, and both runs stay (SSJ1 9.1, 14.4)."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from disclosure.draws import documents as public_documents
from inspections.corrections import actions as corrections
from plans.amendments import actions as amend_actions
from plans.corrections import actions as correct_actions
from plans.draw import actions as draw_actions
from plans.draw import bundles, ssj1
from plans.draw import record as draw_record
from plans.draw.values import source_states
from plans.filings import actions as filing_actions
from plans.models import (
    AmendmentRequest,
    ChainEntry,
    ChangeReason,
    CorrectionRequest,
    Draw,
    DrawDocument,
    DrawStatus,
    Filing,
    Pick,
    RequestState,
    SourceKind,
    ValueEntry,
)
from plans.proofs import daily as proofs
from tests.factories import (
    make_approver,
    make_lead_office,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import VALUES, make_held_draw, make_prepared_draw, make_sealed_draw, move_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
WRONG = VALUES[SourceKind.LOTTERY]
RIGHT = WRONG.replace("80", "79")
WHY = {"reason": "两人都看成了上一期的公告", "evidence": "中国福利彩票网 快乐8 第2026183期开奖公告"}
DOCUMENT = "明环审〔2026〕9号"
MANY = {"key": 12, "general": 0, "special": 0, "inspectors": 6}


def ask(draw, by=None, **fields):
    return correct_actions.ask_to_correct(
        draw=draw, by=by or make_planner(draw.unit), **{"values": {1: RIGHT}, **WHY, **fields}
    )


def approve(request, by=None, value=RIGHT, **fields):
    by = by or make_approver(request.draw.unit)
    return corrections.approve(request=request, by=by, values={1: value}, **{"document_no": DOCUMENT, **fields})


def corrected(draw, value=RIGHT):
    approve(ask(draw, values={1: value}), value=value)
    return Draw.objects.get(pk=draw.pk)


def announced(value):
    return value.replace(",", "、")


def typist(draw, role):
    return next(e.entered_by for e in draw.value_entries.all() if e.entered_by.has_role(role))


def codes(draw, run):
    return set(Pick.objects.filter(draw=draw, run=run).values_list("facility__code", flat=True))


# --- what it is --------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-d", "一-f")
def test_a_wrongly_typed_value_is_put_right_in_the_same_draw_and_the_first_run_stays():
    draw = make_held_draw(**MANY)
    first = draw.documents.get(kind="RESULT").text

    draw = corrected(draw)

    assert (draw.status, draw.run, draw.serial) == (DrawStatus.DRAWN, 2, 1)
    assert draw.documents.get(kind="RESULT", run=1).text == first
    seeds = [ssj1.parse_seed(d.text) for d in draw.documents.filter(kind="SEED").order_by("run")]
    assert [seed.values for seed in seeds] == [(("LOTTERY", WRONG),), (("LOTTERY", RIGHT),)]
    assert len({(seed.manifest, seed.secret) for seed in seeds}) == 1
    kinds = list(ChainEntry.objects.filter(draw=draw).values_list("kind", flat=True))
    assert kinds == ["FREEZE", "RESULT", "SLIPS", "RESULT", "SLIPS"]
    result = ssj1.parse_result(draw.documents.get(kind="RESULT", run=2).text)
    assert codes(draw, 2) == {pick.id for pick in result.picks}
    assert Pick.objects.standing().filter(draw=draw).count() == len(codes(draw, 2))
    assert codes(draw, 1) == {pick.id for pick in ssj1.parse_result(first).picks}
    report = ssj1.verify(bundles.whole_bundle(draw))
    assert (report.ok, report.warnings) == (True, ("W_CORRECTED",))
    facts = draw_record.record_facts(draw)
    assert facts.steps[-1].what == (
        f"更正公开随机数，重算（第 2 次计算）：七星彩第2026183期先录为 {WRONG.replace(',', ' ')}，"
        f"更正为 {RIGHT.replace(',', ' ')}。{WHY['reason']}（{DOCUMENT}）"
    )
    assert dict(facts.digests)["抽取结果"] == draw.documents.get(kind="RESULT", run=2).digest
    assert [seq for seq, _ in facts.chain] == [1, 2, 4] and dict(facts.values)["七星彩第2026183期"].endswith("75 79")
    assert proofs.compute().problem == ""


@pytest.mark.clause("七(二)-d")
def test_before_the_draw_only_the_value_is_put_right_and_the_draw_uses_it():
    draw = make_sealed_draw(values_agreed=True)
    request = ask(draw)
    with pytest.raises(Refused, match="更正申请等批准"):
        draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))

    request = approve(request)

    assert request.run == 1
    draw = draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    assert (draw.run, draw.documents.filter(kind="SEED").count()) == (1, 1)
    assert ssj1.parse_seed(draw.documents.get(kind="SEED").text).values == (("LOTTERY", RIGHT),)
    [state] = source_states(draw)
    assert (state.agreed, state.wrong, state.differing) == (RIGHT, (WRONG,), ())
    page = Client().get(f"/draws/{draw.draw_id}/").content.decode()
    assert f"先录为 {announced(WRONG)}" in page and "抽取以前" in page


@pytest.mark.clause("七(二)-d")
def test_a_false_correction_is_put_right_like_any_other_and_no_run_disappears():
    draw = corrected(make_held_draw(**MANY))
    third = RIGHT.replace("79", "78")

    draw = corrected(draw, value=third)

    assert draw.run == 3
    whole = bundles.whole_bundle(draw)
    assert len(whole["superseded"]) == 2 and ssj1.verify(whole).ok
    assert source_states(draw)[0].wrong == (WRONG, RIGHT)
    draw = corrected(draw, value=WRONG)  # the first was right after all: a value of its own run, not of the one before
    assert (draw.run, ssj1.verify(bundles.whole_bundle(draw)).ok) == (4, True)
    last = draw_record.record_facts(draw).steps[-1].what
    assert f"先录为 {third.replace(',', ' ')}，更正为 {WRONG.replace(',', ' ')}。" in last


@pytest.mark.clause("七(二)-g")
def test_after_a_correction_replacements_begin_anew_and_pending_ones_lapse():
    draw = make_held_draw(**MANY)
    picks = list(draw.picks.all())
    planner = make_planner(draw.unit)
    change = {"draw": draw, "reason": ChangeReason.HALT, "evidence": "停产通知", "by": planner}
    change |= grounds(ChangeReason.HALT, *picks)
    done = amend_actions.ask_for_amendment(picks=[picks[0]], **change)
    amend_actions.approve_amendment(request=done, by=make_approver(draw.unit), document_no="1号")
    waits = amend_actions.ask_for_amendment(picks=[picks[1]], **change)

    draw = corrected(draw)

    waits.refresh_from_db()
    assert (waits.state, waits.opinion[:8]) == (RequestState.RETURNED, "公开随机数更正，")
    assert not Duty.objects.open().filter(rule="D-20").exists()
    assert Message.objects.filter(user=planner, title="1 份更换申请因名单更正退回").exists()
    with pytest.raises(Refused, match="选择要更换的检查对象"):
        amend_actions.ask_for_amendment(picks=[picks[2]], **change)
    pick = draw.picks.standing().first()
    grounds(ChangeReason.HALT, pick)
    again = amend_actions.ask_for_amendment(picks=[pick], **change)
    amend_actions.approve_amendment(request=again, by=make_approver(draw.unit), document_no="2号")
    assert list(AmendmentRequest.objects.filter(number=1).values_list("run", flat=True).order_by("run")) == [1, 2]
    whole = bundles.whole_bundle(draw)
    assert [len(whole["superseded"][0]["amends"]), len(whole["amends"])] == [1, 1]
    assert ssj1.verify(whole).ok and proofs.compute().problem == ""


@pytest.mark.clause("一-f")
def test_after_the_release_the_corrected_bundle_verifies_for_everybody():
    draw = corrected(make_held_draw(released=True, **MANY))

    bundle = json.loads(Client().get(f"/draws/{draw.draw_id}/bundle.json").content)

    report = ssj1.verify(bundle)
    assert (report.ok, len(bundle["superseded"])) == (True, 1)
    assert "W_CORRECTED" in report.warnings
    page = Client().get(f"/draws/{draw.draw_id}/").content.decode()
    assert WHY["reason"] in page and DOCUMENT in page and "更正前后的名单" in page
    before, after = codes(draw, 1), codes(draw, 2)
    assert f"更正以后抽中（{len(after - before)} 家）" in page
    first = Client().get(f"/draws/{draw.draw_id}/run-1-result.txt").content.decode()
    assert first == draw.documents.get(kind="RESULT", run=1).text
    assert "公开随机数更正，抽取结果重算" in Client().get("/notices/").content.decode()
    year = json.loads(Client().get(f"/verify/history/{draw.year}.json").content)
    assert ssj1.check_history(year["chain"], year["bundles"]).ok


@pytest.mark.clause("七(二)-j")
def test_a_corrected_draw_is_filed_again():
    draw = make_held_draw(**MANY)
    planner, office = make_planner(draw.unit), make_lead_office()
    received = filing_actions.receive_filing(filing=filing_actions.file_draw(draw=draw, by=planner), by=office)

    draw = corrected(draw)

    duty = Duty.objects.open().get(rule="D-4b", unit=draw.unit)
    assert "更正" in duty.title and duty.role == Role.PLANNER
    assert Message.objects.filter(user=office, title__contains="抽取更正").exists()
    again = filing_actions.file_draw(draw=draw, by=planner)
    assert again.run == 2 and dict(again.summary)["抽取结果指纹"] != dict(received.summary)["抽取结果指纹"]
    assert DOCUMENT in dict(again.summary)["更正"]
    filing_actions.receive_filing(filing=again, by=office)
    assert not Duty.objects.open().filter(rule="D-4b").exists()


@pytest.mark.clause("七(二)-j")
def test_what_was_filed_before_the_correction_is_not_signed_for():
    draw = make_held_draw(**MANY)
    sent = filing_actions.file_draw(draw=draw, by=make_planner(draw.unit))
    draw = corrected(draw)

    with pytest.raises(Refused, match="等单位重新报送"):
        filing_actions.receive_filing(filing=sent, by=make_lead_office())
    assert Filing.objects.get().receipt_no == ""
    assert Duty.objects.open().get(rule__startswith="D-4").period == "2026Q3r2"  # and nobody is to sign any more


# --- who, and what is refused ------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-d")
def test_who_typed_wrongly_may_ask_and_never_approves():
    draw = make_held_draw()
    request = ask(draw, by=typist(draw, Role.PLANNER))
    leader = typist(draw, Role.APPROVER)

    with pytest.raises(Refused, match="原来的号码有本人录入的一次"):
        approve(request, by=leader)

    approve(request, by=make_supervisor())
    assert Draw.objects.get().run == 2


@pytest.mark.clause("七(二)-d")
def test_others_neither_ask_nor_approve_and_nobody_does_both():
    draw = make_held_draw()
    other = make_unit("210503")
    for user in (make_registrar(draw.unit), make_observer(), make_lead_office(), make_planner(other)):
        with pytest.raises(Refused, match="由本单位计划员、分管负责人或市执法队监督员申请更正"):
            ask(draw, by=user)
    leader = make_approver(draw.unit)
    request = ask(draw, by=leader)
    for user in (make_planner(draw.unit), make_lead_office(), make_approver(other)):
        with pytest.raises(Refused, match="由本单位分管负责人或市执法队监督员批准"):
            approve(request, by=user)
    with pytest.raises(Refused, match="不能是同一个人"):
        approve(request, by=leader)
    with pytest.raises(Refused, match="已有一份更正申请"):
        ask(draw)
    assert Draw.objects.get().run == 1
    refused = AuditEntry.objects.filter(verb="plans.draw.refused").values_list("details__tried", flat=True)
    assert set(refused) == {"申请更正公开随机数", "批准更正公开随机数"}


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"values": {}}, "录入公告上的号码"),
        ({"values": {1: WRONG}}, "与现在公开的号码相同"),
        ({"values": {1: "80,79"}}, "七星彩第2026183期："),
        ({"values": {2: RIGHT}}, "没有这一项公开随机源"),
        ({"reason": "错"}, "写得太短"),
        ({"reason": "第一行\n第二行写原因"}, "不换行"),
        ({"evidence": ""}, "写明核对的公告"),
        ({"scan": ("公告.exe", b"MZ")}, "扫描件只收"),
    ],
)
def test_a_correction_says_what_was_wrong_and_where_the_right_value_stands(fields, match):
    with pytest.raises(Refused, match=match):
        ask(make_held_draw(), **fields)


@pytest.mark.clause("七(五)-o")
def test_its_words_are_public_at_once_and_name_no_enterprise_of_the_lists():
    draw = make_held_draw(**MANY)
    drawn = draw.picks.first().facility
    other = next(
        row
        for text in draw.documents.filter(kind="FRAME").values_list("text", flat=True)
        for row in ssj1.parse_frame(text).rows
        if row.id not in codes(draw, 1)
    )
    for words in (f"{drawn.name}反映号码录错", f"{other.name}反映号码录错", f"编号 {drawn.code} 反映号码录错"):
        with pytest.raises(Refused, match="不写企业的名称和编号"):
            ask(draw, reason=words)


def test_approval_needs_the_value_typed_alike_the_word_and_a_number():
    draw = make_held_draw()
    request, leader = ask(draw), make_approver(draw.unit)
    for fields, match in (
        (
            {"value": RIGHT.replace("75", "74")},
            "^七星彩第2026183期：录入的与申请人录入的不同。对照公告再录入一次；申请人录错的，退回申请。$",
        ),
        ({"value": ""}, "批准的人也要对照公告录入一次"),
        ({"word": "是"}, "更正不能撤回"),
        ({"document_no": " "}, "批准文号"),
        ({"document_no": "字" * 61}, "最长 60 个字"),
    ):
        with pytest.raises(Refused, match=match):
            approve(request, by=leader, **fields)
    assert not ValueEntry.objects.filter(entered_by=leader).exists()
    with pytest.raises(Refused, match="不批准的理由"):
        correct_actions.reject_correction(request=request, by=leader, opinion=" ")
    for user in (typist(draw, Role.PLANNER), request.asked_by):
        with pytest.raises(Refused, match="由本单位分管负责人或市执法队监督员批准"):
            correct_actions.reject_correction(request=request, by=user, opinion="不用更正")

    # Whoever typed the value may say that it was right: that changes nothing.
    said = "公告上的号码就是原来录入的"
    correct_actions.reject_correction(request=request, by=typist(draw, Role.APPROVER), opinion=said)

    draw.refresh_from_db()
    assert (draw.run, CorrectionRequest.objects.get().state) == (1, RequestState.RETURNED)
    assert source_states(draw)[0].agreed == WRONG
    with pytest.raises(Refused, match="未批准，不再变动"):
        approve(request)


def test_before_the_seal_and_before_two_agree_there_is_nothing_to_correct():
    with pytest.raises(Refused, match="还没有封存"):
        ask(make_prepared_draw(make_unit("210503")))
    with pytest.raises(Refused, match="各自重新录入"):
        ask(make_sealed_draw())


# --- secrecy -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(五)-o", "七(二)-d")
def test_between_correction_and_release_nobody_outside_learns_who_is_or_was_drawn(client):
    draw = corrected(make_held_draw(**MANY))
    tickets = {pick.ticket[:12] for pick in Pick.objects.filter(draw=draw)}
    public = f"/draws/{draw.draw_id}/"

    page = Client().get(public).content.decode()

    assert (
        f"先录为 {announced(WRONG)}" in page and f" 更正为 {announced(RIGHT)}" in page and "更正前后的名单" not in page
    )
    assert not {t for t in tickets if t in page or " ".join(t[i : i + 4] for i in (0, 4, 8)) in page}
    for name in ("seed", "result", "run-1-seed", "run-1-result", "run-2-result"):
        assert Client().get(f"{public}{name}.txt").status_code == 404
    for name in ("slips", "run-1-slips"):
        assert Client().get(f"{public}{name}.txt").status_code == 200
    bundle = public_documents.bundle_of(public_documents.draw_of(draw.draw_id))
    assert (bundle["seed"], bundle["superseded"]) == (None, []) and ssj1.verify(bundle).ok
    names = {text for pick in Pick.objects.filter(draw=draw) for text in (pick.facility.name, pick.facility.code)}
    outsiders = [make_registrar(draw.unit), make_observer(), make_lead_office(), make_user((Role.ARCHIVIST, draw.unit))]
    own = f"/desk/draws/{draw.draw_id}/"
    for user in outsiders:
        client.force_login(user)
        for url in (own, f"{own}?names=1&run=1", f"{own}?names=1", f"{own}correct/", f"{own}stage/", "/desk/"):
            said = client.get(url, follow=True).content.decode()
            assert not {name for name in names if name in said}, (user, url)
    told = [f"{m.title}{m.body}" for m in Message.objects.all()] + [
        str(e.details) for e in AuditEntry.objects.filter(verb__regex="^(plans|inspections)")
    ]
    assert not {name for name in names for words in told if name in words}


def test_the_circle_reads_both_lists_and_each_look_is_kept(client):
    draw = corrected(make_held_draw(**MANY))
    planner = make_planner(draw.unit)
    client.force_login(planner)
    address = f"/desk/draws/{draw.draw_id}/"
    for run in (1, 2):
        said = client.get(address, {"names": 1, "run": run}).content.decode()
        shown = {code for code in codes(draw, 1) | codes(draw, 2) if code in said}
        assert shown == codes(draw, run)
    results = [d.digest for d in DrawDocument.objects.filter(kind="RESULT").order_by("run")]
    looks = AuditEntry.objects.filter(verb="plans.sealed.viewed").order_by("pk")
    assert [look.details["result"] for look in looks] == results
    assert "公开随机数录错，已经更正" in said and WHY["reason"] in said


def test_a_quarter_later_a_correction_of_an_earlier_draw_still_hangs_together():
    draw = make_held_draw(released=True, **MANY)
    move_clock(clock.now() + timedelta(days=60))

    draw = corrected(draw)

    assert draw.run == 2 and proofs.compute().problem == ""
