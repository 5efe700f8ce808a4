"""A publication without its act is refused to every login but the owner's: each kind with its act (四(3)-a, 八(二)-c)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import clock
from disclosure import digests
from disclosure.city import roundups
from disclosure.models import FOLLOWUPS, OWN, Publication, PublicationKind, RegisterEntry
from disclosure.register import daily, own
from disclosure.revisions import actions as revising
from disclosure.statements import actions as statements
from inspections.models import FollowUp, Inspection, InspectionStatus, SelfCheckSummary
from registry.models import Facility
from tests.database import CHINA
from tests.disclosure.city.test_summary import make_lead, make_summary
from tests.disclosure.factories import (
    ask_revision,
    make_published_list,
    make_published_plan,
    make_published_result,
    make_published_step,
    make_step,
)
from tests.disclosure.objections.factories import decide, make_objection, propose
from tests.disclosure.register.owner import as_owner
from tests.disclosure.selfcheck.factories import make_public_summary, one_less
from tests.disclosure.statements.test_statements import make_public, words_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_supervisor,
    make_unit,
)
from tests.inspections.factories import make_reviewed
from tests.inspections.reports.factories import Q3, make_finished_quarter, make_received
from tests.plans.draw.factories import make_sealed_draw, move_clock

COLUMNS = """title, unit_code, unit_name, year, number, facility_code, facility_name, district, category, outcome,
    checked_on, workday_number, late_reason, search_text"""
NO_ACT = "没有相应的办理"


def insert(like: Publication, no: str = "", *, version: int = 1, change: str = "", kind: str = "", by=None, **words):
    """What a program would write that does not ask first: columns of a real one, under this number, in these words."""
    no, kind = no or like.no, kind or like.kind
    said = like.snapshot | {"no": no, "version": version, "salt": digests.new_salt(), "kind": kind} | words
    said.pop("change", None)
    text = digests.canonical(said | ({"change": change} if change else {}))
    state = {"": "ISSUED", "withdrawal": "WITHDRAWN"}.get(change, "CORRECTED")
    values = [no, version, state, change, text, digests.digest_of_text(text), (by or like.published_by).pk, kind]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO disclosure_publication (no, version, state, change, text, digest, published_by_id, kind, {COLUMNS})"
            f" SELECT %s, %s, %s, %s, %s, %s, %s, %s, {COLUMNS} FROM disclosure_publication WHERE id = %s",
            [*values, like.pk],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what a transaction is asked at its end


@dataclass(frozen=True)
class Kind:
    """`act`: the act of two people that makes one; `forged`: numbers under which there was none; `why`: what is said then."""

    act: Callable[[], Publication]
    forged: tuple[str, ...]
    why: str = NO_ACT
    # The lead office publishes a summary as it is: without its act means by somebody else.
    by: Callable | None = None
    # By two people: place → words, or what makes that of the publication.
    corrected: dict | Callable[[Publication], dict] = field(default_factory=dict)


def the_statement() -> Publication:
    return make_public(words_of(Inspection.objects.get(no=make_published_result(problem="物料没有覆盖").no)))


def the_summary() -> Publication:
    make_summary(make_lead())
    return Publication.objects.get(kind="SUMMARY")


def the_result_summary() -> Publication:
    unit, team = make_unit(), make_city_team()
    make_finished_quarter(unit)
    make_received(unit)
    move_clock(datetime(2026, 9, 26, 9, tzinfo=CHINA))
    make_received(team)
    return roundups.publish_result_summary(quarter=Q3, by=make_lead_office())


def the_selfcheck() -> Publication:
    make_city_team()
    make_published_plan(make_unit())
    return make_public_summary()


def the_roster() -> Publication:
    make_sealed_draw(make_unit("210505"))
    return Publication.objects.get(kind="REGISTER")


def another_address(roster: Publication) -> dict:
    """What the registry was put right to."""
    Facility.objects.filter(code=roster.snapshot["rows"][0]["code"]).update(address="明山区竹屿路 49 号")
    return {"rows.0.address": "明山区竹屿路 49 号"}


def one_more(summary: Publication) -> dict:
    n, said = next((n, u) for n, u in enumerate(summary.snapshot["units"]) if u["drawn"])
    return {f"units.{n}.{name}": str(said[name] + 1) for name in ("drawn", "finished")}


def the_step(step: str) -> Callable[[], Publication]:
    return lambda: make_published_step(make_published_result(problem="标签缺项 2 处"), step=step)


KINDS = {
    "ITEM_LIST": Kind(make_published_list, ("210500-2027",), corrected={"items.0.content": "台账和标识"}),
    "PLAN": Kind(
        lambda: make_published_plan(make_unit()), ("210504-2026Q4",), corrected={"executing_unit": "明山分局"}
    ),
    "REGISTER": Kind(the_roster, ("210505-2026Q4",), why="名录只随名单封存公开", corrected=another_address),
    "RESULT": Kind(
        lambda: make_published_result(problem="标签缺项 2 处"),
        ("210504-2026Q3-9999",),
        corrected={"finding": "标签缺项 3 处"},
    ),
    "SUMMARY": Kind(the_summary, ("2026Q4",), by=make_supervisor, corrected={"units.0.late_reason": "核对延误"}),
    "RESULT_SUM": Kind(the_result_summary, ("2026Q4",), by=make_supervisor, corrected=one_more),
    "SELF_CHECK": Kind(the_selfcheck, ("2026Q4",), corrected=one_less),
    "RECTIFICATION": Kind(the_step("ORDERED"), ("210504-2026Q3-0001-9",), corrected={"words": "责令 1 处限期改正"}),
    "CASE": Kind(the_step("CASE_OPENED"), ("210504-2026Q3-0001-9",), corrected={"words": "已经立案"}),
    "REFERRAL": Kind(the_step("SENT"), ("210504-2026Q3-0001-9",), corrected={"words": "已经移送"}),
    "STATEMENT": Kind(the_statement, ("210504-2026Q3-0001-S09",), why="企业说明要由一人提出、另一人批准"),
    "DECISION": Kind(
        lambda: decide(propose(make_objection(make_published_result()))),
        ("YY2026-0099",),
        why="异议答复要先由一人提出、另一人批准",
        corrected={"reason": "核对检查笔录，记录与现场一致"},
    ),
}


def test_every_kind_has_its_act_here():
    """HEADS, KEY and LOG are the register's own (`tests/disclosure/register/test_own.py`, and below)."""
    assert KINDS.keys() | set(OWN) == set(PublicationKind.values)


def refused(why: str, *args, **given) -> None:
    before = Publication.everything.count()
    with pytest.raises(DatabaseError, match=why):
        insert(*args, **given)
    assert Publication.everything.count() == before


@pytest.mark.story("S4")
@pytest.mark.clause("四(3)-a", "八(二)-c")
@pytest.mark.parametrize("kind", KINDS)
def test_a_publication_without_its_act_is_refused_and_with_it_it_passes(kind, at):
    at("2026-07-06 10:00")
    row = KINDS[kind]
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("sj_web",)
    made = row.act()
    entries = RegisterEntry.objects.count()
    assert made.kind == kind and made.entry.index < entries  # its leaf came with it
    by = row.by() if row.by else None
    for no in row.forged:
        refused(row.why, made, no, by=by)
    for change in ("adjustment", "completion", "correction", "withdrawal"):
        refused("没有相应的办理|名录公开以后只能由两人更正", made, version=2, change=change, by=by)
    # Asked for and not decided is not enough, nor other words than were asked for.
    if row.corrected:
        asked = ask_revision(made, words=row.corrected(made) if callable(row.corrected) else row.corrected)
        leader = make_approver(asked.unit)
        for who in (leader, asked.asked_by):
            refused(f"没有经另一人决定|{NO_ACT}|名录公开以后", made, version=2, change="correction", by=who)
        became = revising.approve(revision=asked, by=leader).became
    else:
        words = statements.OwnWords.objects.get()
        statements.take_back(words=words)
        became = statements.withdraw(words=words, by=make_disclosure_officer(words.unit))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert (became.version, RegisterEntry.objects.count()) == (2, entries + 1)
    assert daily.compute()[1] == ""


@pytest.mark.story("S4")
@pytest.mark.django_db
@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_a_result_is_one_that_another_reviewed_and_in_its_own_words():
    result, waiting = make_published_result(), make_reviewed(make_unit("210503"), problem="标签缺项 2 处")
    own_words = {
        "facility": {"code": waiting.facility.code, "name": "x", "uscc": "", "natural_person": False},
        "outcome": waiting.outcome,
        "finding": waiting.finding,
    }
    other = make_disclosure_officer(waiting.unit)
    refused(NO_ACT, result, waiting.no, by=waiting.recorded_by, **own_words)
    refused(NO_ACT, result, waiting.no, by=waiting.reviewed_by, **own_words)
    for wrong in ({"finding": "没有问题"}, {"outcome": "NOT_FOUND"}, {"facility": result.snapshot["facility"]}):
        refused(NO_ACT, result, waiting.no, by=other, **own_words | wrong)
    Inspection.objects.filter(pk=waiting.pk).update(status=InspectionStatus.FINISHED)
    refused(NO_ACT, result, waiting.no, by=other, **own_words)
    Inspection.objects.filter(pk=waiting.pk).update(status=InspectionStatus.REVIEWED)
    insert(result, waiting.no, by=other, **own_words)


@pytest.mark.django_db
@pytest.mark.clause("四(3)-a")
def test_a_step_is_one_that_another_handed_over_and_in_its_own_words():
    step = make_published_step(make_published_result(problem="标签缺项 2 处"))
    assert step.kind in FOLLOWUPS
    waiting: FollowUp = make_step(make_published_result(problem="标签缺项 2 处"))
    officer = make_disclosure_officer(waiting.inspection.unit)
    refused(NO_ACT, step, waiting.no, by=waiting.by)
    refused(NO_ACT, step, waiting.no, by=officer, words="已经改好")
    insert(step, waiting.no, by=officer, words=waiting.words)


@pytest.mark.django_db
@pytest.mark.clause("四(3)-a", "八(二)-c")
def test_nobody_writes_a_leaf_or_a_text_that_is_not_its_own():
    made = make_published_result()
    attacks = [
        "INSERT INTO disclosure_registerentry SELECT index + 1, publication_id, at, leaf FROM disclosure_registerentry",
        "UPDATE disclosure_registerentry SET at = '2026-01-01T00:00:00+08:00'",
        "DELETE FROM disclosure_registerentry",
        "UPDATE disclosure_rosterrow SET name = 'x'",
        "DELETE FROM disclosure_rosterrow",
        "UPDATE disclosure_checkpoint SET root = root",
        "SET session_replication_role = replica",
    ]
    for attack in attacks:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(attack)
    assert RegisterEntry.objects.get().publication == made


@pytest.mark.clause("四(3)-a")
def test_what_the_register_says_of_itself_is_the_workers_heads_and_else_the_owners(own_database, at):
    make_city_team()
    result = make_published_result()
    at(f"{clock.today().isoformat()} 12:00")
    for kind, why in (("KEY", "拥有者"), ("LOG", "拥有者"), ("HEADS", "每日链头")):
        refused(why, result, f"{kind}-20260706", kind=kind)
    assert own.publish_heads().kind == "HEADS"
    before = Publication.everything.count()
    with as_owner(own_database):
        insert(result, "210504-2026Q3-9999")
    assert Publication.everything.count() == before + 1


@pytest.mark.django_db
@pytest.mark.clause("四(3)-a")
def test_a_summary_of_the_self_check_is_counted_by_the_lead_office_and_let_through_by_a_supervisor(at):
    """Any two people are not enough, nor a row that was let through before anybody had put it forward."""
    at("2026-07-06 10:00")
    made = the_selfcheck()
    lead, supervisor = SelfCheckSummary.objects.get().asked_by, made.published_by
    quarter = made.snapshot | {"quarter": "2026Q2"}
    facts = {name: value for name, value in quarter.items() if name not in ("kind", "no", "version", "salt", "change")}
    for asks, decides, why in (
        (supervisor, lead, NO_ACT),
        (lead, make_approver(make_unit()), NO_ACT),
        (lead, supervisor, ""),
    ):
        with transaction.atomic():
            row = SelfCheckSummary(year=2026, number=2, facts=facts, asked_by=asks, asked_at=clock.now())
            row.save()
            row.decide("APPROVED", by=decides, at=clock.now())
            if why:
                refused(why, made, "2026Q2", by=decides, quarter="2026Q2")
            else:
                insert(made, "2026Q2", by=decides, quarter="2026Q2")
            transaction.set_rollback(True)
    columns = "year, number, facts, asked_by_id, asked_at, decided_by_id, decided_at, state, opinion"
    with (
        pytest.raises(DatabaseError, match="先提出，再由另一人决定"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO inspections_selfchecksummary ({columns}) SELECT 2026, 2, facts, asked_by_id, sj_now(),"
            " decided_by_id, sj_now(), state, opinion FROM inspections_selfchecksummary"
        )
