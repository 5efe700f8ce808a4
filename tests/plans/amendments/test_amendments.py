"""更换: asked for, approved by another, computed by SSJ1, never chosen (七(二)-f, -g; 七(三); SSJ1 8, 15 D8)."""

import pytest
from django.db import IntegrityError, connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from plans.amendments import actions as amend_actions
from plans.draw import actions as draw_actions
from plans.draw import bundles, ssj1
from plans.models import AmendmentRequest, ChangeReason, DrawDocument, Pick, RequestState, Team
from plans.quotas import history
from tests.factories import make_approver, make_inspector, make_planner, make_supervisor
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import make_held_draw, make_sealed_draw, move_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def ask(draw, reason, *, picks=(), inspector=None, by=None, evidence="停产通知 本环停〔2026〕3 号", **more):
    return amend_actions.ask_for_amendment(
        draw=draw,
        reason=reason,
        picks=picks,
        inspector=inspector,
        evidence=evidence,
        by=by or make_planner(draw.unit),
        **{**grounds(reason, *picks), **more},
    )


def approve(request, *, by=None, document_no="本环更〔2026〕1 号"):
    return amend_actions.approve_amendment(
        request=request, by=by or make_approver(request.draw.unit), document_no=document_no
    )


def verified(draw):
    report = ssj1.verify(bundles.whole_bundle(draw))
    assert report.ok, report
    return report


def people_of(pick):
    return {member.inspector for member in Pick.objects.get(pk=pick.pk).team.members.select_related("inspector")}


def rest_of(draw):
    """Who would come next, by ticket, in a category: reckoned from the documents alone."""
    seed = ssj1.digest(DrawDocument.objects.get(draw=draw, kind="SEED").text)
    found = {}
    for text in draw.documents.filter(kind="FRAME").values_list("text", flat=True):
        frame = ssj1.parse_frame(text)
        ids = sorted((row.id for row in frame.rows), key=lambda i: (ssj1.object_ticket(seed, frame.stratum, i), i))
        found[frame.stratum.rpartition(".")[2]] = ids
    return found


@pytest.mark.clause("七(二)-f", "七(二)-g")
def test_a_closed_enterprise_is_replaced_by_the_next_ticket_and_by_nobody_else():
    draw = make_held_draw(key=12, general=0, special=0, inspectors=6)
    gone = draw.picks.filter(category="key").first()
    order = rest_of(draw)["key"]

    request = approve(ask(draw, ChangeReason.HALT, picks=[gone]))

    assert (request.state, request.number) == (RequestState.APPROVED, 1)
    came = draw.picks.get(amendment=1)
    drawn = {pick.facility.code for pick in draw.picks.filter(amendment=0)}
    assert came.facility.code == next(code for code in order if code not in drawn)
    assert Pick.objects.get(pk=gone.pk).drop.reason == "HALT"
    assert set(draw.picks.standing()) == set(draw.picks.all()) - {gone}
    assert came.team.members.count() == 2
    verified(draw)


@pytest.mark.clause("七(五)-c", "七(二)-e")
def test_whoever_must_stand_aside_leaves_that_team_only_and_the_old_one_is_kept():
    draw = make_held_draw(key=8, general=8, inspectors=5)
    pick = draw.picks.first()
    leaves = next(iter(people_of(pick)))
    elsewhere = {p.pk: people_of(p) for p in draw.picks.exclude(pk=pick.pk)}

    approve(ask(draw, ChangeReason.RECUSE, picks=[pick], inspector=leaves))

    pick = Pick.objects.get(pk=pick.pk)
    assert leaves not in people_of(pick)
    assert len(people_of(pick)) == 2
    assert [team.amendment for team in pick.earlier_teams] == [0]
    assert leaves in {m.inspector for m in pick.earlier_teams[0].members.all()}
    assert {p.pk: people_of(p) for p in draw.picks.exclude(pk=pick.pk)} == elsewhere
    verified(draw)


@pytest.mark.clause("七(二)-f")
def test_a_team_that_cannot_be_filled_stays_open_until_somebody_is_added():
    draw = make_held_draw(key=4, general=0, special=0, inspectors=2)
    pick = draw.picks.first()
    leaves = next(iter(people_of(pick)))

    approve(ask(draw, ChangeReason.LEAVE, picks=[pick], inspector=leaves))
    assert Pick.objects.get(pk=pick.pk).team.open_reason == "FEW"

    joins = make_inspector(draw.unit)
    approve(ask(draw, ChangeReason.JOIN, inspector=joins), document_no="本环更〔2026〕2 号")
    assert joins in people_of(pick)
    assert leaves not in people_of(pick)
    assert [d.number for d in draw.documents.filter(kind="AMEND").order_by("number")] == [1, 2]
    assert Team.objects.standing().get(pick=pick).amendment == 2
    verified(draw)


@pytest.mark.clause("七(二)-g")
def test_each_amendment_stands_in_the_chain_with_its_slips_and_names_its_approver():
    draw = make_held_draw(key=12, inspectors=6)
    before = draw.chain_entries.count()
    approver = make_approver(draw.unit)

    approve(ask(draw, ChangeReason.CLOSED, picks=[draw.picks.filter(category="key").first()]), by=approver)

    document = draw.documents.get(kind="AMEND")
    amend = ssj1.parse_amend(document.text)
    assert (amend.person, amend.document) == (approver.full_name, "本环更〔2026〕1 号")
    assert amend.after == draw.documents.get(kind="RESULT").digest
    kinds = list(draw.chain_entries.order_by("seq").values_list("kind", "doc"))[before:]
    slips = draw.documents.get(kind="SLIPS", number=1)
    assert kinds == [("AMEND", document.digest), ("SLIPS", slips.digest)]


@pytest.mark.promise("P04")
@pytest.mark.clause("七(二)-g")
def test_who_asks_does_not_approve_and_only_the_leader_of_the_unit_does():
    draw = make_held_draw()
    both = make_approver(draw.unit)
    pick = draw.picks.first()
    person = next(iter(people_of(pick)))
    own = ask(draw, ChangeReason.RECUSE, picks=[pick], inspector=person, by=person.user)
    request = ask(draw, ChangeReason.HALT, picks=[pick])

    for who in (request.asked_by, make_supervisor(), make_planner(draw.unit)):
        with pytest.raises(Refused, match="由本单位分管负责人批准更换"):
            approve(request, by=who)
    with pytest.raises(Refused, match="填写批准文号"):
        approve(request, by=both, document_no=" ")
    with pytest.raises(Refused, match="写明不批准的理由"):
        amend_actions.reject_amendment(request=request, by=both, opinion="")
    amend_actions.reject_amendment(request=request, by=both, opinion="企业只停产两天")
    with pytest.raises(Refused, match="未批准"):
        approve(request, by=both)
    approve(own, by=both)
    assert not draw.picks.filter(amendment__gt=0).exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"evidence": "  "}, "写明情况和证明材料"),
        ({"reason": "WISH"}, "选择更换的原因"),
        ({"picks": []}, "选择要更换的检查对象"),
        ({"reason": ChangeReason.LEAVE}, "选择要更换的检查人员"),
        ({"reason": ChangeReason.JOIN, "picks": []}, "选择要增派的检查人员"),
        ({"file": None}, "附上证明材料的文件"),
        ({"file": ("证明.txt", b"halt")}, "只收 PDF"),
        ({"reason": ChangeReason.ORDER}, "写明上级机关书面决定的文号"),
        ({"order_no": "辽环执〔2026〕3 号"}, "填写上级决定的文号"),
    ],
)
def test_a_request_says_what_is_missing(change, sentence):
    draw = make_held_draw()
    wanted = {"reason": ChangeReason.HALT, "picks": [draw.picks.first()]} | change

    with pytest.raises(Refused, match=sentence):
        ask(draw, wanted.pop("reason"), **wanted)


@pytest.mark.clause("七(二)-e")
def test_a_check_not_done_by_the_end_of_the_quarter_is_not_replaced_and_keeps_its_place():
    draw = make_held_draw(key=12, inspectors=6)
    pick = draw.picks.filter(category="key").first()
    with pytest.raises(Refused, match="季度到 9 月 30 日结束"):
        ask(draw, ChangeReason.NOTDONE, picks=[pick])

    move_clock(clock.now().replace(month=9, day=30))
    approve(ask(draw, ChangeReason.NOTDONE, picks=[pick]))

    assert Pick.objects.get(pk=pick.pk).drop.reason == "NOTDONE"
    assert not draw.picks.filter(amendment=1).exists()
    verified(draw)


@pytest.mark.clause("七(二)-e")
def test_the_reasons_are_the_closed_list_of_the_specification():
    codes = {reason.code for reason in ChangeReason}

    assert codes == {"CLOSED", "MOVED", "HALT", "ORDER", "NOTDONE", "RECUSE", "LEAVE", "DUTY", "NOCERT", "JOIN"}


def test_an_inspector_asks_only_for_himself_and_only_where_he_is_sent():
    draw = make_held_draw(key=8, general=8, inspectors=5)
    pick = draw.picks.first()
    there, *_ = people_of(pick)
    other = next(i for p in draw.picks.all() for i in people_of(p) if i not in people_of(pick))

    with pytest.raises(Refused, match="由本单位计划员，或检查人员本人"):
        ask(draw, ChangeReason.RECUSE, picks=[pick], inspector=other, by=there.user)
    with pytest.raises(Refused, match="的检查小组里"):
        ask(draw, ChangeReason.RECUSE, picks=[pick], inspector=other, by=other.user)
    with pytest.raises(Refused, match="由本单位计划员，或检查人员本人"):
        ask(draw, ChangeReason.HALT, picks=[pick], by=there.user)


def test_before_the_draw_there_is_nothing_to_replace():
    draw = make_sealed_draw()

    with pytest.raises(Refused, match="抽取完成之后才有名单可以更换"):
        ask(draw, ChangeReason.JOIN, inspector=make_inspector(draw.unit))


def test_an_object_is_replaced_once():
    draw = make_held_draw(key=12, inspectors=6)
    pick = draw.picks.filter(category="key").first()
    first = ask(draw, ChangeReason.HALT, picks=[pick])
    with pytest.raises(Refused, match="已有一份同样的更换申请"):
        ask(draw, ChangeReason.HALT, picks=[pick])
    second = ask(draw, ChangeReason.ORDER, picks=[pick], order_no="辽环令〔2026〕1号")
    approve(first)

    with pytest.raises(Refused, match="不能更换"):
        approve(second, document_no="本环更〔2026〕2 号")
    assert AmendmentRequest.objects.get(pk=second.pk).state == RequestState.ASKED
    assert draw.documents.filter(kind="AMEND").count() == 1


# --- secrecy -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(五)-o")
def test_an_amendment_stays_sealed_until_the_release_and_is_public_after():
    draw = make_held_draw(key=12, inspectors=6)
    approve(ask(draw, ChangeReason.HALT, picks=[draw.picks.filter(category="key").first()]))
    draw.refresh_from_db()
    public = "SELECT count(*) FROM plans_public_document WHERE kind = 'AMEND'"

    with connection.cursor() as cursor:
        cursor.execute(public)
        assert cursor.fetchone()[0] == 0
        assert bundles.bundle_of(draw, released=False)["amends"] == []
        assert ssj1.verify(bundles.bundle_of(draw, released=False)).ok
        move_clock(draw.release_at)
        draw = draw_actions.release_draw(draw=draw)
        cursor.execute(public)
        assert cursor.fetchone()[0] == 1
    bundle = bundles.bundle_of(draw, released=True)
    assert len(bundle["amends"]) == 1
    assert ssj1.verify(bundle).ok


@pytest.mark.clause("七(五)-o")
def test_the_trail_names_the_draw_and_digests_only():
    draw = make_held_draw(key=12, inspectors=6)
    approve(ask(draw, ChangeReason.HALT, picks=[draw.picks.filter(category="key").first()]))

    entries = AuditEntry.objects.filter(verb__startswith="plans.amendment")
    assert entries.count() == 2
    names = {text for pick in draw.picks.all() for text in (pick.facility.name, pick.facility.code, pick.ticket[:12])}
    written = " ".join(f"{entry.about_key} {entry.details}" for entry in entries)
    assert not {name for name in names if name in written}


# --- the database ------------------------------------------------------------------------------------------------


def held_request():
    draw = make_held_draw(key=12, inspectors=6)
    return draw, ask(draw, ChangeReason.HALT, picks=[draw.picks.filter(category="key").first()])


def test_the_database_takes_no_amendment_without_an_approved_request():
    draw, _ = held_request()
    pick = draw.picks.filter(category="key").first()
    change = ssj1.amend(
        bundles.whole_bundle(draw),
        at=draw_actions.written(clock.now()),
        person="某人",
        document="无",
        drop_objects=[ssj1.DropObject(f"{draw.unit.code}.key", pick.facility.code, "HALT")],
    )

    with pytest.raises(IntegrityError, match="另一位分管负责人批准"), transaction.atomic():
        draw_actions.keep(draw, "AMEND", change.text, 1)


@pytest.mark.promise("P04")
def test_the_database_takes_no_approval_by_who_asked_and_none_by_another_role():
    draw, request = held_request()

    with pytest.raises(IntegrityError, match="amendmentrequest_is_decided_by_another"), transaction.atomic():
        AmendmentRequest.objects.filter(pk=request.pk).update(
            state="APPROVED", number=1, document_no="无", decided_by=request.asked_by
        )
    for who in (make_supervisor(), make_planner(draw.unit)):
        with pytest.raises(IntegrityError, match="另一位分管负责人批准"), transaction.atomic():
            AmendmentRequest.objects.filter(pk=request.pk).update(
                state="APPROVED", number=1, document_no="无", decided_by=who, decided_at=request.asked_at
            )
            change = ssj1.amend(
                bundles.whole_bundle(draw),
                at=draw_actions.written(clock.now()),
                person=who.full_name,
                document="无",
                drop_objects=[
                    ssj1.DropObject(f"{draw.unit.code}.key", p.facility.code, "HALT") for p in request.picks.all()
                ],
            )
            draw_actions.keep(draw, "AMEND", change.text, 1)


def test_the_database_takes_no_names_beside_the_amendment():
    draw, request = held_request()
    approve(request)

    with pytest.raises(IntegrityError, match="不得随意变更"), transaction.atomic():
        Team.objects.create(pick=draw.picks.get(amendment=1), amendment=2)
    with pytest.raises(IntegrityError, match="更换申请不能修改"), transaction.atomic():
        AmendmentRequest.objects.filter(pk=request.pk).update(evidence="另一份材料")


@pytest.mark.clause("七(二)-g")
def test_what_the_registry_counts_as_drawn_follows_the_amendment():
    draw = make_held_draw(key=12, inspectors=6)
    gone = draw.picks.filter(category="key").first()
    approve(ask(draw, ChangeReason.HALT, picks=[gone]))
    came = draw.picks.get(amendment=1)
    past = history.seen_and_times(draw.unit, draw.plan.quarter, ["A01"])

    assert came.facility_id in past.this_quarter
    assert gone.facility_id not in past.this_quarter
