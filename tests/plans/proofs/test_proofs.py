"""每日核算: everything sealed is computed anew, and what was changed behind the database's back is found (SSJ1 15 D10)."""

import uuid

import pytest

from benxi_shuangsuiji.notices.models import Message
from benxi_shuangsuiji.refusal import Refused
from plans.models import DrawDocument, ProofRun
from plans.proofs import daily as proofs
from plans.tasks import prove_daily
from tests import database
from tests.factories import make_city_team, make_planner, make_registrar, make_supervisor, make_unit
from tests.plans.aborts.test_aborts import abort
from tests.plans.draw.factories import make_held_draw, make_sealed_draw


def tamper(name, statement, *values, table="plans_drawdocument"):
    """As an owner of the database who switches the triggers off."""
    with database.owner_connection(name=name) as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


@pytest.mark.clause("七(二)-d", "一-f")
def test_everything_agrees_once_a_day(own_database, at):
    make_city_team()
    supervisor = make_supervisor()
    make_held_draw(make_unit("210504"))
    abort(make_sealed_draw(make_unit("210503")))

    assert (prove_daily(), prove_daily()) == (True, False)

    run = ProofRun.objects.get()
    assert (run.draws, run.entries, run.problem) == (2, 5, "")
    assert run.documents == DrawDocument.objects.count()
    assert not Message.objects.filter(user=supervisor, title__contains="核算").exists()


@pytest.mark.clause("七(二)-d", "一-f")
@pytest.mark.parametrize(
    ("table", "statement", "said"),
    [
        ("plans_drawdocument", "UPDATE plans_drawdocument SET text = text || ' ' WHERE kind = 'RESULT'", "抽取结果"),
        (
            "plans_drawdocument",
            "UPDATE plans_drawdocument SET text = replace(text, E'\\tF\\t', E'\\tR\\t') WHERE kind = 'RESULT'",
            "抽取结果",
        ),
        ("plans_chainentry", "UPDATE plans_chainentry SET link = repeat('a', 64) WHERE seq = 2", "公示链第 2 条"),
        ("plans_pick", "UPDATE plans_pick SET ticket = repeat('0', 64) WHERE no = 1", "登记的名单与抽取文书不同"),
        (
            "plans_teammember",
            "DELETE FROM plans_teammember WHERE id = (SELECT min(id) FROM plans_teammember WHERE NOT is_leader)",
            "登记的名单与抽取文书不同",
        ),
    ],
)
def test_a_change_behind_the_databases_back_is_found_and_told_without_a_name(own_database, at, table, statement, said):
    make_city_team()
    supervisor = make_supervisor()
    draw = make_held_draw()
    constraint = "ALTER TABLE plans_drawdocument DROP CONSTRAINT digest_is_that_of_the_text"
    tamper(own_database, constraint)
    tamper(own_database, statement, table=table)

    prove_daily()

    problem = ProofRun.objects.get().problem
    assert said in problem
    told = Message.objects.get(user=supervisor, title__contains="核算不一致")
    assert told.body == problem
    for pick in draw.picks.select_related("facility"):
        assert pick.facility.code not in problem and pick.facility.name not in problem


@pytest.mark.clause("一-f")
def test_a_digest_written_anew_with_its_text_is_found_by_recomputation(own_database, at):
    draw = make_held_draw()
    tamper(
        own_database,
        "UPDATE plans_drawdocument SET text = replace(text, E'level\\t', E'level\\t9'),"
        " digest = encode(sha256(convert_to(replace(text, E'level\\t', E'level\\t9'), 'UTF8')), 'hex')"
        " WHERE kind = 'RESULT'",
    )

    assert "公示链第 2 条" in proofs.compute().problem
    assert draw.status == "DRAWN"


def test_only_who_reads_the_trail_asks_for_a_computation(db, client):
    make_city_team()
    planner, supervisor = make_planner(make_unit()), make_supervisor()
    with pytest.raises(Refused, match="由监督员"):
        proofs.prove_now(by=planner)
    client.force_login(supervisor)

    assert client.post("/desk/draws/proofs/", {"form_key": str(uuid.uuid4())}).status_code == 302
    assert "核算一致：0 次抽取" in client.get("/desk/draws/proofs/").content.decode()
    assert ProofRun.objects.get().by == supervisor
    client.force_login(make_registrar(make_unit()))
    assert client.get("/desk/draws/proofs/").status_code == 403
