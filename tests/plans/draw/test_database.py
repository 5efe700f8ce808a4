"""The draw's rules in PostgreSQL, tried in SQL as the runtime login (SSJ1 15 D1–D9, reliability.md P02).

D10, the daily recomputation, is tried in test_proofs.py; more of D8 in test_amendments.py.
"""

import uuid
from contextlib import contextmanager
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.database import rights
from plans.aborts import actions as abort_actions
from plans.aborts import forms as abort_forms
from plans.amendments import actions as amend_actions
from plans.draw import actions as draw_actions
from plans.draw import bundles, frames, secrets, ssj1
from plans.draw import forms as draw_forms
from plans.draw.values import source_states
from plans.models import (
    AbortRequest,
    AmendmentRequest,
    ChainEntry,
    Draw,
    DrawDocument,
    DrawRelease,
    DrawSecret,
    DrawStatus,
    Pick,
    PlanStatus,
    SourceKind,
    Team,
    TeamMember,
    ValueEntry,
)
from registry.models import Facility, Inspector
from tests import database
from tests.factories import make_approver, make_facility, make_planner, make_unit
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import (
    VALUES,
    agree_on_values,
    make_held_draw,
    make_prepared_draw,
    make_published_plan,
    make_sealed_draw,
    move_clock,
)

LOTTERY = VALUES[SourceKind.LOTTERY]


@contextmanager
def refused(match):
    """The database says no, with this reason."""
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        yield


def sql(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else None


def document(draw, kind, text, **fields):
    digest = fields.pop("digest", ssj1.digest(text))
    return DrawDocument.objects.create(draw=draw, kind=kind, text=text, digest=digest, **fields)


def text_of(draw, kind):
    return DrawDocument.objects.get(draw=draw, kind=kind).text


def approved_abort(draw, **fields):
    """A request that another leader approved, without its document."""
    request = abort_actions.ask_to_abort(draw=draw, by=make_planner(draw.unit), reason="开奖停售", evidence="公告")
    AbortRequest.objects.filter(pk=request.pk).update(
        state="APPROVED",
        decided_by=make_approver(draw.unit),
        decided_at=clock.now(),
        document_no="明环审〔2026〕7号",
        **fields,
    )


def abort_of(draw, **changes):
    asked = AbortRequest.objects.filter(draw=draw).select_related("decided_by").first()
    fields = {
        "draw": draw.draw_id,
        "manifest": ssj1.digest(text_of(draw, "MANIFEST")),
        "at": draw_actions.written(clock.now()),
        "person": asked.decided_by.full_name if asked else "无",
        "document": "明环审〔2026〕7号",
        "reason": "开奖停售",
        "secret": secrets.open_secret(draw),
    }
    return ssj1.abort_text(**fields | changes)


# --- D1: documents -----------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-d")
def test_d1_a_documents_digest_is_checked_and_its_time_is_the_databases(own_database):
    draw = make_sealed_draw()
    approved_abort(draw)

    with refused("digest_is_that_of_the_text"):
        document(draw, "ABORT", abort_of(draw), digest="0" * 64)
    with refused("抽取编号与登记的不同"):
        document(draw, "ABORT", abort_of(draw).replace("2026Q3-", "2026Q2-"))
    with refused("抽取编号与登记的不同"):
        document(draw, "ABORT", text_of(draw, "MANIFEST"))
    with transaction.atomic():
        sql(
            "INSERT INTO plans_drawdocument (draw_id, kind, run, number, text, digest, at, born)"
            " VALUES (%s, 'ABORT', 1, 0, %s, %s, '2020-01-01', 1)",
            draw.pk,
            abort_of(draw),
            ssj1.digest(abort_of(draw)),
        )
        kept = DrawDocument.objects.get(kind="ABORT")
        assert kept.at == clock.now()
        assert kept.born == sql("SELECT this_transaction()")[0][0]
        transaction.set_rollback(True)


@pytest.mark.promise("P02")
@pytest.mark.clause("七(二)-d")
def test_d1_nothing_sealed_can_be_changed_or_taken_away(own_database):
    make_held_draw()
    for table in ("plans_drawdocument", "plans_chainentry", "plans_valueentry", "plans_pick"):
        for attack in (
            f"DELETE FROM {table}",
            f"UPDATE {table} SET draw_id = draw_id",
            f"TRUNCATE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"SELECT * FROM {table} FOR UPDATE",
        ):
            with refused("permission denied|must be owner"):
                sql(attack)
        with database.owner_connection(name=own_database) as cursor, pytest.raises(Exception, match="只能新增"):
            cursor.execute(f"DELETE FROM {table}")


def test_d1_the_draws_triggers_are_always_on(db):
    wanted = {
        "plans_draw": {"draw_states"},
        "plans_drawdocument": {"draw_document", "draw_document_abort", "draw_document_amend", "draw_complete"},
        "plans_chainentry": {"chain_entry"},
        "plans_drawsecret": {"draw_secret"},
        "plans_valueentry": {"draw_value"},
        "plans_drawrelease": {"draw_release"},
        "plans_pick": {"draw_names"},
        "plans_team": {"draw_names"},
        "plans_teammember": {"draw_names"},
    }
    for table, names in wanted.items():
        found = sql("SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled = 'A'", table)
        assert names <= {name for (name,) in found}, table


# --- D2, D4: one manifest, one result, one open draw -------------------------------------------------------------


@pytest.mark.promise("P03")
@pytest.mark.clause("七(二)-d")
def test_d2_one_manifest_one_run_and_no_abort_after_a_result(own_database):
    draw = make_held_draw()

    with refused("一次抽取只封存一次"):
        document(draw, "MANIFEST", text_of(draw, "MANIFEST"))
    with refused("名单已经封存，不能再加文书"):
        document(draw, "FRAME", DrawDocument.objects.filter(kind="FRAME").first().text, number=7)
    with refused("一次抽取只有一次计算"):
        document(draw, "FRAME", DrawDocument.objects.filter(kind="FRAME").first().text, run=2)
    with refused("再次计算只能随经批准的更正"):
        document(draw, "RESULT", text_of(draw, "RESULT"), run=2)
    for kind in ("SEED", "RESULT", "SLIPS"):
        with refused("名单一经确定不得随意变更"):
            document(draw, kind, text_of(draw, kind))
    with refused("名单一经确定不得随意变更"):
        document(draw, "ABORT", abort_of(draw))


@pytest.mark.clause("七(二)-d")
def test_d4_a_manifest_is_refused_while_the_unit_has_an_open_draw(own_database):
    first = make_sealed_draw()
    plan = make_published_plan(first.unit, number=4)
    draw = draw_actions.prepare_draw(plan=plan, by=make_planner(first.unit))

    with refused("本单位另有一次抽取没有结束"):
        document(draw, "MANIFEST", text_of(first, "MANIFEST").replace(first.draw_id, draw.draw_id))


@pytest.mark.clause("七(四)-3", "七(二)-d")
def test_a_draw_row_begins_prepared_for_a_published_plan_and_a_plan_has_one(own_database):
    draw = make_sealed_draw()
    plan = make_published_plan(draw.unit, number=4, status=PlanStatus.APPROVED)
    same = {"plan": draw.plan, "unit": draw.unit, "year": 2026, "number": 3, "prepared_by": draw.prepared_by}
    same |= {"prepared_at": clock.now(), "release_at": draw.release_at}

    with refused("one_draw_per_plan"):
        Draw.objects.create(**same, serial=2, draw_id="210504-2026Q3-02")
    with refused("编号依次递增"):
        Draw.objects.create(**same, serial=5, draw_id="210504-2026Q3-05")
    with refused("编号依次递增"):
        Draw.objects.create(**same, serial=2, draw_id="210504-2026Q3-02", status=DrawStatus.DRAWN)
    with refused("计划还没有公开"):
        Draw.objects.create(**{**same, "plan": plan, "number": 4}, serial=1, draw_id="210504-2026Q4-01")


@pytest.mark.promise("P14")
@pytest.mark.clause("七(二)-d", "七(四)-10")
def test_a_draw_moves_only_forward_and_only_with_its_document(own_database):
    draw = make_sealed_draw()
    planner = make_planner(draw.unit)

    for status in (DrawStatus.PREPARED, DrawStatus.RELEASED):
        with refused("抽取状态不能从 FROZEN 变为"):
            Draw.objects.filter(pk=draw.pk).update(status=status)
    with refused("随同一事务写入的文书"):
        Draw.objects.filter(pk=draw.pk).update(status=DrawStatus.DRAWN, held_by=planner)
    with refused("随同一事务写入的文书"):
        Draw.objects.filter(pk=draw.pk).update(status=DrawStatus.ABORTED)
    with refused("编号、计划和核对人不能修改"):
        Draw.objects.filter(pk=draw.pk).update(prepared_by=planner)
    with refused("随每一步一次写定"):
        Draw.objects.filter(pk=draw.pk).update(release_at=clock.now())
    with refused("随每一步一次写定"):
        Draw.objects.filter(pk=draw.pk).update(frozen_at=clock.now() - timedelta(days=1))


# --- 9.2: an abort is what another person approved, and never a way out of a result ------------------------------


@pytest.mark.clause("七(二)-d")
def test_an_abort_that_nobody_approved_or_that_says_something_else_is_refused(own_database):
    draw = make_sealed_draw()
    with refused("由一人申请、另一位本单位分管负责人批准"):
        document(draw, "ABORT", abort_of(draw))
    approved_abort(draw)

    for match, changes in (
        ("由一人申请", {"document": "别的文号"}),
        ("由一人申请", {"reason": "别的原因"}),
        ("由一人申请", {"person": "另一个人"}),
        ("与封存时公布的指纹不符", {"secret": "0" * 64}),
        ("数据库的当前时间不符", {"manifest": "0" * 64}),
        ("数据库的当前时间不符", {"at": "2026-01-01T00:00:00+08:00"}),
        ("未开出的来源不对", {"missing": [1]}),
        ("作废不完整", {}),
    ):
        with refused(match):
            document(draw, "ABORT", abort_of(draw, **changes))
            sql("SET CONSTRAINTS ALL IMMEDIATE")
    make_approver(draw.unit).grants.model.objects.filter(role="APPROVER").update(ended_at=clock.now())
    with refused("由一人申请"):
        document(draw, "ABORT", abort_of(draw))


@pytest.mark.clause("七(二)-d")
def test_an_abort_is_refused_once_the_result_is_determined(own_database, at):
    draw = make_sealed_draw()
    approved_abort(draw)
    move_clock(max(s.due for s in draw.plan.sources.all()) + timedelta(minutes=1))

    with refused("结果已经确定，不得作废重抽"):
        document(draw, "ABORT", abort_of(draw))


def test_a_seed_opens_the_sealed_number_and_no_other(own_database, at):
    draw = make_sealed_draw(values_agreed=True)
    seed = ssj1.seed_text(draw.draw_id, ssj1.digest(text_of(draw, "MANIFEST")), "0" * 64, [("LOTTERY", LOTTERY)])

    with refused("与封存时公布的指纹不符"):
        document(draw, "SEED", seed)


# --- D3: the chain -----------------------------------------------------------------------------------------------


def entry(draw, **changes):
    """A chain entry for the draw's SLIPS that would follow the last, with some things changed."""
    last = ChainEntry.objects.order_by("-seq").first()
    fields = {
        "seq": last.seq + 1,
        "prev": last.link,
        "kind": "RESULT",
        "doc": DrawDocument.objects.get(draw=draw, kind="MANIFEST").digest,
        "at": clock.now().replace(microsecond=0),
        **changes,
    }
    written = fields["at"].isoformat(timespec="seconds")
    text = ssj1.chain_text(fields["seq"], fields["prev"], fields["kind"], draw.draw_id, fields["doc"], written)
    return ChainEntry.objects.create(draw=draw, **{"text": text, "link": ssj1.link(text), **fields})


@pytest.mark.clause("七(五)-n")
def test_d3_the_chain_grows_only_at_its_end_and_only_with_the_truth(own_database):
    draw = make_sealed_draw()

    with refused("只能逐条相接"):
        entry(draw, seq=3)
    with refused("只能逐条相接"):
        entry(draw, prev="f" * 64)
    with refused("文本或链环不对"):
        entry(draw, link="e" * 64)
    with refused("文本或链环不对"):
        entry(draw, text="SSJ1 CHAIN\n")
    with refused("时间是数据库的当前时间"):
        entry(draw, at=clock.now() - timedelta(days=1))
    with refused("时间是数据库的当前时间"):
        entry(draw, at=clock.now() + timedelta(hours=1))
    # A true document, but not one of this transaction: its moment is over.
    with refused("只随它的文书写入"):
        entry(draw, kind="FREEZE")


# --- D5: the result ----------------------------------------------------------------------------------------------


def outcome_of(draw, values, moment):
    """What the draw would give with these values."""
    texts = draw_actions.documents(draw)
    return ssj1.hold_draw(
        manifest=texts["MANIFEST"][0],
        frames=texts["FRAME"],
        roster=texts["ROSTER"][0],
        secret=secrets.open_secret(draw),
        values=values,
        drawn=moment.isoformat(timespec="seconds"),
    )


@pytest.mark.clause("七(二)-c", "七(二)-d")
def test_d5_no_result_before_the_sources_are_due_and_two_people_agree(own_database):
    draw = make_sealed_draw()
    due = source_states(draw)[0].due
    outcome = outcome_of(draw, [LOTTERY], due)
    planner = make_planner(draw.unit)

    with refused("还没有开出"):
        document(draw, "SEED", outcome.seed_text)
    with refused("现在不能录入"):
        ValueEntry.objects.create(draw=draw, position=1, value=LOTTERY, entered_by=planner, entered_at=clock.now())
    move_clock(due)
    for _ in range(2):
        ValueEntry.objects.create(draw=draw, position=1, value=LOTTERY, entered_by=planner, entered_at=clock.now())
    with refused("还没有两人一致的录入"):
        document(draw, "SEED", outcome.seed_text)
    other = LOTTERY.replace("02,", "03,")
    ValueEntry.objects.create(
        draw=draw, position=1, value=other, entered_by=make_approver(draw.unit), entered_at=clock.now()
    )
    with refused("还没有两人一致的录入"):
        document(draw, "SEED", outcome.seed_text)


@pytest.mark.clause("七(二)-c", "七(二)-d")
def test_d5_the_seed_holds_the_agreed_values_and_the_papers_come_together(own_database):
    draw = make_sealed_draw(values_agreed=True)
    moment = clock.now()
    good = outcome_of(draw, [LOTTERY], moment)
    wished = outcome_of(draw, [LOTTERY.replace("02,", "03,")], moment)

    with refused("不是两人录入的号码"):
        document(draw, "SEED", wished.seed_text)
    with refused("在一个事务里依次写入"):
        document(draw, "RESULT", good.result_text)
    with refused("在一个事务里依次写入"):
        document(draw, "SEED", good.seed_text)
        document(draw, "RESULT", wished.result_text)
    with refused("在一个事务里依次写入"):
        document(draw, "SEED", good.seed_text)
        document(draw, "RESULT", outcome_of(draw, [LOTTERY], moment + timedelta(hours=1)).result_text)
    with refused("缺少结果"):
        document(draw, "SEED", good.seed_text)
        sql("SET CONSTRAINTS ALL IMMEDIATE")
    with refused("种子、结果、到访凭证和公示链应一起写入"):
        document(draw, "SEED", good.seed_text)
        document(draw, "RESULT", good.result_text)
        document(draw, "SLIPS", good.slips_text)
        sql("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.clause("七(二)-c", "七(二)-d")
def test_d5_the_rows_of_who_was_drawn_are_those_of_the_result(own_database, monkeypatch):
    """Even the action itself cannot write another name than the one the document says."""
    draw = make_sealed_draw(values_agreed=True)
    planner, favourite = make_planner(draw.unit), make_facility(make_unit("210503"))
    real = draw_actions.project

    def with_one_exchanged(draw, outcome, frames):
        real(draw, outcome, frames)
        Pick.objects.create(
            draw=draw, facility=favourite, category="general", no=99, slot="F", ticket="0" * 64, mode="onsite"
        )

    monkeypatch.setattr(draw_actions, "project", with_one_exchanged)
    with pytest.raises(DatabaseError, match="登记的抽中名单与抽取文书不同"):
        draw_actions.hold_draw(draw=draw, by=planner)
    draw.refresh_from_db()
    assert draw.status == DrawStatus.FROZEN

    monkeypatch.setattr(draw_actions, "project", lambda *args: None)
    with pytest.raises(DatabaseError, match="登记的抽中名单与抽取文书不同"):
        draw_actions.hold_draw(draw=draw, by=planner)

    monkeypatch.setattr(draw_actions, "project", real)
    assert draw_actions.hold_draw(draw=draw, by=planner).status == DrawStatus.DRAWN


@pytest.mark.clause("七(二)-d")
def test_picks_teams_and_members_are_written_with_the_result_and_never_again(own_database):
    draw = make_held_draw()
    stranger = make_facility(draw.unit)

    with refused("抽中名单只随抽取结果和经批准的更换写入"):
        Pick.objects.create(
            draw=draw, facility=stranger, category="general", no=9, slot="F", ticket="0" * 64, mode="onsite"
        )
    with refused("抽中名单只随抽取结果和经批准的更换写入"):
        Team.objects.create(pick=draw.picks.first())
    idle = Inspector.objects.exclude(pk__in=TeamMember.objects.filter(team=Team.objects.first()).values("inspector"))
    with refused("抽中名单只随抽取结果和经批准的更换写入"):
        TeamMember.objects.create(team=Team.objects.first(), inspector=idle.first(), is_leader=False)
    assert Facility.objects.filter(pk=stranger.pk).exists()


def test_d5_a_freeze_without_its_chain_entry_or_secret_does_not_commit(own_database, monkeypatch):
    draw = make_prepared_draw()
    approver = make_approver(draw.unit)

    with monkeypatch.context() as patch, pytest.raises(DatabaseError, match="封存不完整"):
        patch.setattr(secrets, "keep", lambda draw, secret: None)
        draw_actions.seal_draw(draw=draw, by=approver)
    assert not DrawDocument.objects.exists()
    draw_actions.seal_draw(draw=draw, by=approver)
    assert DrawDocument.objects.filter(kind="MANIFEST").count() == 1


# --- D6: the secret ----------------------------------------------------------------------------------------------


@pytest.mark.promise("P05")
@pytest.mark.clause("七(五)-o")
def test_d6_the_secret_is_encrypted_and_only_the_draw_role_reads_it(own_database):
    draw = make_sealed_draw()
    secret = secrets.open_secret(draw)

    with refused("permission denied"):
        DrawSecret.objects.get()
    with refused("permission denied"):
        sql("SELECT count(*) FROM plans_drawsecret")
    with database.owner_connection(name=own_database) as cursor:
        cursor.execute("SELECT ciphertext FROM plans_drawsecret")
        kept = bytes(cursor.fetchone()[0])
    assert bytes.fromhex(secret) not in kept
    assert secret.encode() not in kept
    assert sql("SELECT current_user") == [(rights.WEB,)]
    with refused("只随封存清单写入"):
        DrawSecret.objects.create(draw=draw, ciphertext=b"x")


@pytest.mark.clause("七(五)-o")
def test_d6_a_secret_copied_to_another_draw_does_not_open(own_database):
    first, second = make_sealed_draw(make_unit("210503")), make_sealed_draw(make_unit("210504"))
    with database.owner_connection(name=own_database) as cursor:
        cursor.execute("ALTER TABLE plans_drawsecret DISABLE TRIGGER sealed_rows")
        cursor.execute(
            "UPDATE plans_drawsecret SET ciphertext = (SELECT ciphertext FROM plans_drawsecret WHERE draw_id = %s)"
            " WHERE draw_id = %s",
            [first.pk, second.pk],
        )

    assert len(secrets.open_secret(first)) == 64
    with pytest.raises(InvalidTag):
        secrets.open_secret(second)


# --- D7: lists and roster come from the registries ---------------------------------------------------------------


@pytest.mark.clause("七(二)-c", "七(二)-d")
def test_d7_no_form_takes_a_list(own_database, client):
    """Whatever is sent along with the word, sealed is what the registries hold; no page of a draw takes a file at all."""
    draw = make_prepared_draw()
    approver, invented = make_approver(draw.unit), "SSJ1 FRAME\ndraw\t210504-2026Q3-01\n"
    client.force_login(approver)
    sent = {"word": "封存", "frames": invented, "FRAME": invented, "roster": invented, "text": invented}
    files = {name: SimpleUploadedFile("frame.txt", invented.encode()) for name in ("file", "frame", "manifest")}

    answer = client.post(f"/desk/draws/{draw.draw_id}/seal/", {"form_key": str(uuid.uuid4()), **sent, **files})

    assert answer.status_code == 302
    on_books = set(Facility.objects.filter(unit=draw.unit).values_list("code", flat=True))
    texts = draw_actions.documents(draw)
    assert {row.id for text in texts["FRAME"] for row in ssj1.parse_frame(text).rows} == on_books
    people = {person.code for person in ssj1.parse_roster(texts["ROSTER"][0]).inspectors}
    assert people == set(Inspector.objects.filter(unit=draw.unit).values_list("code", flat=True))
    typed = {
        name: set(form.base_fields)
        for module in (draw_forms, abort_forms)
        for name, form in vars(module).items()
        if isinstance(form, type) and issubclass(form, forms.Form) and form.__module__ == module.__name__
    }
    assert typed == {
        "EntryForm": {"value"},
        "LateHoldForm": {"late_reason"},
        "SealForm": {"word", "reason"},
        "AbortForm": {"missing", "reason", "evidence"},
        "AbortDecisionForm": {"document_no", "word", "opinion"},
    }


@pytest.mark.clause("七(二)-d")
def test_d7_a_list_of_ones_own_is_refused_without_its_sealed_manifest(own_database):
    draw = make_prepared_draw()
    friend = ssj1.frame_text(draw.draw_id, draw.unit.code, "key", [])

    with refused("名单没有和封存清单一起写入"):
        document(draw, "FRAME", friend)
        sql("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.clause("七(二)-c")
def test_d7_the_registries_stand_still_while_they_are_sealed(own_database):
    """What one snapshot would give: nobody changes a list between its first line and its last (decisions/0002)."""
    facility = make_facility(make_unit("210504"))

    with transaction.atomic():
        frames.hold_registries_still()
        with (
            database.owner_connection(name=own_database) as other,
            pytest.raises(Exception, match="lock timeout"),
        ):
            other.execute("SET lock_timeout = '200ms'")
            other.execute("UPDATE registry_facility SET name = '别的名字' WHERE id = %s", [facility.pk])


# --- D8: a replacement is asked for, approved, and says what was asked ---------------------------------------------


def amend_with(draw, request, **lines):
    """An AMEND of this approved request, with lines of one's own, as SSJ1 would compute them."""
    change = ssj1.amend(
        bundles.whole_bundle(draw),
        at=draw_actions.written(clock.now()),
        person=request.decided_by.full_name,
        document=request.document_no,
        **lines,
    )
    document(draw, "AMEND", change.text, number=1)


@pytest.mark.clause("七(二)-g", "七(二)-f")
def test_d8_an_amendment_takes_out_what_was_approved_and_nothing_else(own_database):
    draw = make_held_draw(key=12, inspectors=6)
    key, other = draw.picks.filter(category="key").order_by("no")[:2]
    request = amend_actions.ask_for_amendment(
        draw=draw,
        reason="O_HALT",
        evidence="停产通知〔2026〕3 号",
        by=make_planner(draw.unit),
        picks=[key],
        **grounds("O_HALT", key),
    )
    request.decided_by, request.document_no = make_approver(draw.unit), "本环更〔2026〕1 号"
    with refused("另一位分管负责人批准"):
        amend_with(draw, request, drop_objects=[ssj1.DropObject(f"{draw.unit.code}.key", key.facility.code, "HALT")])
    with refused("approved_amendment_has_number_and_document"):
        AmendmentRequest.objects.filter(pk=request.pk).update(
            state="APPROVED", number=1, decided_by=request.decided_by, decided_at=request.asked_at, document_no=""
        )
    AmendmentRequest.objects.filter(pk=request.pk).update(
        state="APPROVED",
        number=1,
        decided_by=request.decided_by,
        decided_at=request.asked_at,
        document_no=request.document_no,
    )

    def drop(pick, reason="HALT"):
        return ssj1.DropObject(f"{draw.unit.code}.{pick.category}", pick.facility.code, reason)

    leader = key.team.members.get(is_leader=True).inspector.code
    for lines in (
        {"drop_objects": [drop(other)]},
        {"drop_objects": [drop(key), drop(other)]},
        {"drop_objects": [drop(key, "NOTDONE")]},
        {"drop_inspectors": [ssj1.DropInspector(key.facility.code, leader, "RECUSE")]},
    ):
        with refused("应与批准的申请相同"):
            amend_with(draw, request, **lines)
    with transaction.atomic():
        amend_with(draw, request, drop_objects=[drop(key)])
        transaction.set_rollback(True)


# --- D9: what the registry says, and said ----------------------------------------------------------------------------


@pytest.mark.clause("七(二)-d", "六(二)-f")
def test_d9_a_registry_row_changed_in_sql_stays_in_the_trail_with_old_and_new(own_database):
    """Changed behind the pages, where no reason is asked for: who, when, old and new are kept all the same."""
    facility, by = make_facility(make_unit("210504")), make_planner(make_unit("210504"))

    with transaction.atomic():
        trail.act_as(by)
        sql("UPDATE registry_facility SET name = '别的名字' WHERE id = %s", facility.pk)
    kept = AuditEntry.objects.filter(verb="row.update", about_type="registry_facility").latest("pk")
    assert kept.actor == by
    assert facility.name in str(kept.details) and "别的名字" in str(kept.details)
    for attack in ("DELETE FROM {0}", "UPDATE {0} SET reason = '改写'", "TRUNCATE {0} CASCADE"):
        for table in ("registry_facilitychange", "registry_inspectorchange"):
            with refused("permission denied|must be owner"):
                sql(attack.format(table))
    with refused("permission denied"):
        sql("DELETE FROM audit_auditentry")


# --- what is public ----------------------------------------------------------------------------------------------


def public_kinds():
    return {kind for (kind,) in sql("SELECT kind FROM plans_public_document")}


@pytest.mark.clause("七(五)-o", "一-f")
def test_the_public_views_show_who_was_drawn_only_after_the_release(own_database):
    draw = make_held_draw()
    assert public_kinds() == {"MANIFEST", "FRAME", "SLIPS"}
    assert [row[0] for row in sql("SELECT kind FROM plans_public_chain ORDER BY seq")] == ["FREEZE", "RESULT", "SLIPS"]

    with refused("还没有到公开时间"):
        DrawRelease.objects.create(draw=draw, at=draw.release_at)
    assert public_kinds() == {"MANIFEST", "FRAME", "SLIPS"}

    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    assert public_kinds() == {"MANIFEST", "FRAME", "SLIPS", "ROSTER", "SEED", "RESULT"}


def test_a_value_is_dated_by_the_database_and_closed_once_agreed(own_database):
    draw = make_sealed_draw()
    agree_on_values(draw)

    assert {v.entered_at for v in ValueEntry.objects.all()} == {clock.now()}
    with refused("现在不能录入"):
        ValueEntry.objects.create(
            draw=draw, position=1, value=LOTTERY, entered_by=make_planner(draw.unit), entered_at=clock.now()
        )
