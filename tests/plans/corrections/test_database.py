"""Corrections in PostgreSQL, tried in SQL as the runtime login (SSJ1 9.1, 15 D2, D5)."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from inspections.corrections import actions as corrections
from plans.draw import actions as draw_actions
from plans.draw import bundles, secrets, ssj1
from plans.models import AmendmentRequest, ChangeReason, CorrectionRequest, Draw, Pick, ValueEntry
from tests.factories import make_approver, make_planner, make_unit
from tests.plans.corrections.test_corrections import DOCUMENT, MANY, RIGHT, WRONG, ask, corrected, typist
from tests.plans.draw.factories import make_held_draw


@pytest.fixture
def asked_draw(own_database, at):
    draw = make_held_draw(**MANY)
    return draw, ask(draw)


def refused(match):
    return pytest.raises(DatabaseError, match=match)


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def decide(request, by, **fields):
    CorrectionRequest.objects.filter(pk=request.pk).update(
        **{
            "state": "APPROVED",
            "decided_by": by,
            "decided_at": clock.now(),
            "document_no": DOCUMENT,
            "run": 2,
            **fields,
        }
    )


def entry(request, by, value=RIGHT, position=1):
    return ValueEntry.objects.create(
        draw=request.draw, correction=request, position=position, value=value, entered_by=by, entered_at=clock.now()
    )


@pytest.mark.clause("七(二)-d")
def test_the_database_takes_no_correction_that_one_person_or_the_wrong_person_made(asked_draw):
    draw, request = asked_draw
    leader = make_approver(draw.unit)

    with refused("各自录入，两人一致"), transaction.atomic():
        decide(request, leader)
    with refused("各自录入，两人一致"), transaction.atomic():
        entry(request, leader, RIGHT.replace("75", "74"))
        decide(request, leader)
    with refused("各自录入，两人一致"), transaction.atomic():
        entry(request, make_approver(draw.unit))
        decide(request, leader)
    with refused("另一位本单位分管负责人或市执法队监督员|correction_is_not_decided"), transaction.atomic():
        decide(request, request.asked_by)
    outsider = make_approver(make_unit("210503"))
    with refused("另一位本单位分管负责人"), transaction.atomic():
        entry(request, outsider)
        decide(request, outsider)
    wrong = typist(draw, Role.APPROVER)
    with refused("录错号码的人不能批准"), transaction.atomic():
        entry(request, wrong)
        decide(request, wrong)
    for run in (1, 3, None):
        with refused("最后一次计算之后|approved_correction_has_run"), transaction.atomic():
            entry(request, leader)
            decide(request, leader, run=run)
    with refused("更正不完整"), transaction.atomic():
        entry(request, leader)
        decide(request, leader)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    with refused("更正申请不能修改"), transaction.atomic():
        CorrectionRequest.objects.update(reason="另一个原因")
    with refused("permission denied"), transaction.atomic():
        CorrectionRequest.objects.all()._raw_delete("default")


@pytest.mark.clause("七(二)-d")
def test_the_database_takes_no_further_run_but_the_one_that_was_approved(asked_draw):
    draw, request = asked_draw
    leader, texts = make_approver(draw.unit), draw_actions.documents(draw)

    def seed(values, secret=None):
        manifest = ssj1.digest(texts["MANIFEST"][0])
        return ssj1.seed_text(draw.draw_id, manifest, secret or secrets.open_secret(draw), [("LOTTERY", values)])

    with refused("再次计算只能随经批准的更正"), transaction.atomic():
        draw_actions.keep(draw, "SEED", seed(RIGHT), run=2)
    with refused("第几次计算只随更正的结果加一"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(run=2)
    with refused("更正的号码只随等批准的更正申请录入"), transaction.atomic():
        entry(request, leader, position=2)
    for text, run, match in (
        (seed(WRONG), 2, "更正前相同"),
        (seed(RIGHT.replace("75", "74")), 2, "不是两人录入的号码"),
        (seed(RIGHT, secret="0" * 64), 2, "与封存时公布的指纹不符"),
        (seed(RIGHT), 3, "再次计算只能随经批准的更正"),
    ):
        with refused(match), transaction.atomic():
            entry(request, leader)
            decide(request, leader)
            draw_actions.keep(draw, "SEED", text, run=run)
    for kind in ("MANIFEST", "ROSTER"):
        with refused("一次抽取只有一次计算"), transaction.atomic():
            draw_actions.keep(draw, kind, texts[kind][0], run=2)
    with refused("缺少结果|更正不完整"), transaction.atomic():
        entry(request, leader)
        decide(request, leader)
        draw_actions.keep(draw, "SEED", seed(RIGHT), run=2)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    with refused("抽中名单只随抽取结果"), transaction.atomic():
        Pick.objects.create(
            draw=draw, run=2, facility=draw.picks.first().facility, category="key", no=1, slot="F", ticket="0" * 64
        )
    assert Draw.objects.get().run == 1


@pytest.mark.clause("七(二)-d")
def test_a_correction_that_was_used_gives_no_second_run(own_database, at):
    draw = corrected(make_held_draw(**MANY))
    seed = draw.documents.get(kind="SEED", run=2).text
    for run in (2, 3):
        with refused("再次计算只能随经批准的更正|one_document_of_a_kind"), transaction.atomic():
            draw_actions.keep(draw, "SEED", seed, run=run)
    with refused("第几次计算只随更正的结果加一"), transaction.atomic():
        Draw.objects.filter(pk=draw.pk).update(run=1)
    with refused("更换先申请"), transaction.atomic():
        AmendmentRequest.objects.create(
            draw=draw,
            run=1,
            reason=ChangeReason.LEAVE,
            evidence="请假",
            asked_by=make_planner(draw.unit),
            asked_at=clock.now(),
        )


@pytest.mark.promise("P01")
@pytest.mark.commits
@pytest.mark.clause("七(二)-d")
def test_two_approvals_at_once_give_one_run_and_one_refusal(asked_draw):
    draw, request = asked_draw
    leaders = [make_approver(draw.unit) for _ in range(4)]
    start, done, refused_with = Barrier(4), [], []

    def press(by):
        start.wait()
        try:
            done.append(corrections.approve(request=request, by=by, values={1: RIGHT}, document_no=DOCUMENT))
        except Refused as refusal:
            refused_with.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=press, args=(by,)) for by in leaders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(done), set(refused_with)) == (1, {"这份申请已批准，不再变动。"})
    draw = Draw.objects.get()
    assert (draw.run, draw.documents.filter(kind="RESULT").count()) == (2, 2)
    assert ssj1.verify(bundles.whole_bundle(draw)).ok
    assert AuditEntry.objects.filter(verb="plans.correction.approved").count() == 1
