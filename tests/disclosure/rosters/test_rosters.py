"""名录 goes public with the freeze: as frozen, masked, once, by two people, and only so (六(二)-a, PUB1 §2)."""

import io

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.refusal import Refused
from disclosure import digests
from disclosure.models import Act, Publication, RosterRow
from disclosure.rosters import actions
from plans.aborts import actions as abort_actions
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import Draw, DrawDocument
from registry.facilities import actions as registry_actions
from registry.frames import street_of
from registry.models import Facility, OperatingStatus
from tests.disclosure.factories import ask_revision, make_revision
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_facility,
    make_planner,
    make_registrar,
    make_unit,
)
from tests.plans.draw.factories import make_prepared_draw, make_published_plan, make_sealed_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def rosters():
    return Publication.everything.filter(kind="REGISTER")


@pytest.mark.clause("六(二)-a")
def test_the_roster_is_public_from_the_freeze_on_as_it_was_frozen(client, at):
    at("2026-07-06 10:00")
    unit = make_unit("210504")
    there = make_facility(unit, name="枫岭印染有限公司", uscc="91210504MA0UTQ2T1K", former_names=["枫岭染织厂"],
        address="本溪市明山区枫桥路 49 号", industry_code="C1713", industry_name="棉印染精加工")  # fmt: skip
    gone = make_facility(unit, status=OperatingStatus.CANCELLED)
    draw = make_prepared_draw(plan=make_published_plan(unit, key=2, general=3, special=1))
    assert not rosters().exists()

    draw_actions.seal_draw(draw=draw, by=make_approver(unit))
    publication = rosters().get()
    Facility.objects.filter(pk=there.pk).update(address="别处", name="改名")

    assert (publication.no, publication.version, publication.state) == ("210504-2026Q3", 1, "ISSUED")
    rows = publication.snapshot["rows"]
    frames = [ssj1.parse_frame(d.text) for d in DrawDocument.objects.filter(draw=draw, kind="FRAME")]
    frozen = {(row.id, frame.category) for frame in frames for row in frame.rows}
    assert {(r["code"], r["category"]) for r in rows} == frozen - {(gone.code, "general")} and len(rows) == 7
    assert [r["code"] for r in rows] == sorted(r["code"] for r in rows)
    said = next(r for r in rows if r["code"] == there.code)
    assert said == {"code": there.code, "name": "枫岭印染有限公司", "uscc": "91210504MA0UTQ2T1K", "former_names": ["枫岭染织厂"],
        "address": "本溪市明山区枫桥路 49 号", "district": "明山区", "industry_code": "C1713", "industry": "棉印染精加工",
        "category": "general", "natural_person": False}  # fmt: skip
    assert publication.published_by == Draw.objects.get(pk=draw.pk).sealed_by != draw.prepared_by

    page = client.get("/registers/210504-2026Q3/").content.decode()
    assert "枫岭印染有限公司" in page and gone.name not in page and "7 家" in page and "公示日志第" in page
    assert "示例企业" not in client.get("/registers/210504-2026Q3/?q=枫桥").content.decode()
    assert client.get("/registers/210504-2026Q3/v1.json").content.decode() == publication.text
    assert client.get("/registers/210504-2026Q4/").status_code == 404
    assert 'href="/registers/210504-2026Q3/"' in client.get("/notices/").content.decode()


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("本溪市平山区枫桥路 49 号", "本溪市平山区枫桥路"),
        ("南芬区郭家街道山咀村三组12号", "南芬区郭家街道山咀村"),
        ("平山区八一路三十号", "平山区八一路"),
        ("明山区解放路甲栋", "明山区解放路"),
        ("溪湖区顺山小区5号楼2单元", "溪湖区"),
        ("12号", ""),
        ("", ""),
    ],
)
def test_a_private_address_ends_with_its_street(address, shown):
    assert street_of(address) == shown


@pytest.mark.clause("四(3)-a")
@pytest.mark.parametrize("path", ["/registers/210504-2026Q3/", "/registers/210504-2026Q3/v1.json"])
def test_natural_persons_and_the_houses_of_individual_businesses_are_nowhere(client, at, path):
    """domain.md 7.8."""
    at("2026-07-06 10:00")
    unit = make_unit("210504")
    make_facility(unit, name="赵铁柱", is_natural_person=True, former_names=["赵大柱"], address="明山区枫桥路 7 号", legal_person="赵铁柱", contact_phone="13904140000")  # fmt: skip
    make_facility(
        unit, name="枫桥汽修部", uscc="92210504MA0UTQ2T1J", address="明山区枫桥路 88 号", legal_person="钱守信"
    )
    make_sealed_draw(unit)

    text = client.get(path).getvalue().decode()

    assert "赵**" in text and "枫桥汽修部" in text and "明山区枫桥路" in text
    for secret in ("赵铁柱", "赵大柱", "钱守信", "13904140000", "7 号", "88 号"):
        assert secret not in text


@pytest.mark.clause("六(二)-a")
def test_a_further_draw_of_the_quarter_leaves_the_roster_as_it_stands(at):
    """After an ABORT the lists are sealed once more; what is public of the quarter stays (decision 0042)."""
    at("2026-07-06 10:00")
    draw = make_sealed_draw(make_unit("210504"))
    request = abort_actions.ask_to_abort(draw=draw, by=make_planner(draw.unit), reason="开奖机构停售，开不出来", evidence="停售公告第 3 号")  # fmt: skip
    abort_actions.approve_abort(request=request, by=make_approver(draw.unit), document_no="明环审〔2026〕7号")
    again = draw_actions.prepare_draw(plan=draw.plan, by=make_planner(draw.unit))
    draw_actions.seal_draw(draw=again, by=make_approver(draw.unit))
    assert rosters().get().snapshot["draw"] == draw.draw_id


# --- the database ---------------------------------------------------------------------------------------------------


COPY = """INSERT INTO disclosure_publication (no, version, kind, title, unit_code, unit_name, year, number, state, change,
    text, digest, facility_code, facility_name, district, category, outcome, late_reason, search_text, published_by_id)
    SELECT %(no)s, %(version)s, kind, title, unit_code, unit_name, year, %(number)s, %(state)s, %(change)s, %(text)s,
    %(digest)s, '', '', '', '', '', '', '', published_by_id FROM disclosure_publication WHERE kind = 'REGISTER' LIMIT 1"""


def copied(*, no="210504-2026Q3", version=1, state="ISSUED", change="", number=3, **said):
    """What COPY takes: the roster that is there, but for what is said."""
    known = {"no": no, "version": version, "state": state, "change": change, "number": number}
    place = {"no": no, "version": version, "quarter": number, "salt": digests.new_salt()}
    text = digests.canonical(rosters().get().snapshot | place | ({"change": change} if change else {}) | said)
    return known | {"text": text, "digest": digests.digest_of_text(text)}


NEXT = {"version": 2, "state": "CORRECTED", "change": "correction"}
ATTACKS = [
    ("名录只随名单封存公开", {"no": "210504-2026Q4", "number": 4}),
    ("名录只随名单封存公开", {"no": "210503-2026Q3"}),
    ("名录只随名单封存公开", {"no": "210504-2026Q2", "number": 2, "draw": "210504-2026Q3-01"}),
    ("名录公开以后只能由两人更正", NEXT),
    ("名录公开以后只能由两人更正", NEXT | {"change": "adjustment"}),
    ("名录公开以后只能由两人更正", {"version": 2, "state": "WITHDRAWN", "change": "withdrawal"}),
]


@pytest.mark.clause("四(3)-a")
@pytest.mark.parametrize(("words", "said"), ATTACKS)
def test_the_database_refuses_a_roster_without_its_freeze_and_a_second_version_without_two_people(at, words, said):
    at("2026-07-06 10:00")
    make_sealed_draw(make_unit("210504"))
    with pytest.raises(DatabaseError, match=words), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(COPY, copied(**said))
    assert rosters().count() == 1


@pytest.mark.clause("六(二)-a")
def test_the_database_refuses_a_roster_that_is_not_what_was_frozen(at, monkeypatch):
    """One facility more, fewer, or in another category, and nothing is sealed."""
    at("2026-07-06 10:00")
    unit = make_unit("210504")
    draw = make_prepared_draw(plan=make_published_plan(unit))
    whole = actions.snapshots.of_draw

    def wrong(change):
        return lambda *args: (said := whole(*args)) | {"rows": change(said["rows"])}

    other = {"code": "BX-9", "category": "general"}
    for change in (lambda r: r[1:], lambda r: [*r, r[0] | other], lambda r: [r[0] | {"category": "special"}, *r[1:]]):
        monkeypatch.setattr(actions.snapshots, "of_draw", wrong(change))
        with pytest.raises(DatabaseError, match="名录与封存的名单不符"), transaction.atomic():
            draw_actions.seal_draw(draw=draw, by=make_approver(unit))
    assert not rosters().exists() and not DrawDocument.objects.exists()


@pytest.mark.parametrize("attack", ["UPDATE disclosure_rosterrow SET name = 'x'", "DELETE FROM disclosure_rosterrow", "INSERT INTO disclosure_rosterrow SELECT * FROM disclosure_rosterrow"])  # fmt: skip
def test_the_rows_that_are_searched_are_written_by_the_database_alone(at, attack):
    at("2026-07-06 10:00")
    make_sealed_draw(make_unit("210504"))
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


# --- 更正 -----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("八(二)-c")
def test_a_roster_is_corrected_to_what_the_registry_was_put_right_to(client, at):
    at("2026-07-06 10:00")
    unit = make_unit("210504")
    one = make_facility(unit, code="BX-00001", name="枫岭印染有限公司", address="明山区枫桥路 49 号")
    make_sealed_draw(unit)
    roster = rosters().get()
    place = next(n for n, row in enumerate(roster.snapshot["rows"]) if row["code"] == one.code)
    words = {f"rows.{place}.address": "明山区竹屿路 49 号"}
    with pytest.raises(Refused, match="没有改动"):
        ask_revision(roster, words=words)
    Facility.objects.filter(pk=one.pk).update(address="明山区竹屿路 49 号")
    with pytest.raises(Refused, match="先在名录库改正"):
        ask_revision(roster, words={f"rows.{place}.address": "明山区竹屿路 94 号"})

    became = make_revision(roster, words=words)

    assert (became.version, became.snapshot["correction"]["places"]) == (2, ["枫岭印染有限公司 地址"])
    row = RosterRow.objects.get(code=one.code)
    assert (row.publication, row.address, row.is_last) == (became, "明山区竹屿路 49 号", True)
    assert RosterRow.objects.count() == len(became.snapshot["rows"])
    assert "竹屿路" in client.get(f"/registers/{roster.no}/").content.decode()
    officer = make_disclosure_officer(unit)
    client.force_login(officer)
    assert "枫岭印染有限公司 地址" in client.get(f"/desk/publish/register/{roster.no}/revise/").content.decode()


@pytest.mark.clause("八(二)-c")
def test_a_roster_that_named_a_person_is_withdrawn_and_stands_clean(client, at):
    at("2026-07-06 10:00")
    unit = make_unit("210504")
    one = make_facility(unit, name="赵铁柱", address="明山区枫桥路 49 号")
    make_sealed_draw(unit)
    roster = rosters().get()
    with pytest.raises(Refused, match="不能只撤下"):
        ask_revision(roster, Act.WITHDRAW, gone="赵铁柱")
    Facility.objects.filter(pk=one.pk).update(is_natural_person=True)
    place = next(n for n, row in enumerate(roster.snapshot["rows"]) if row["code"] == one.code)
    words = {f"rows.{place}.name": "赵**", f"rows.{place}.address": "明山区枫桥路"}

    became = make_revision(roster, Act.REISSUE, words=words, gone="赵铁柱")

    assert (became.version, became.state) == (3, "CORRECTED")
    for path in (f"/registers/{roster.no}/", f"/registers/{roster.no}/v3.json", "/enterprises/?q=赵"):
        text = client.get(path).content.decode()
        assert "赵铁柱" not in text and "49 号" not in text, path
    assert client.get(f"/registers/{roster.no}/v1.json").status_code == 410
    assert set(RosterRow.objects.filter(code=one.code).values_list("name", flat=True)) == {"赵**"}


@pytest.mark.clause("六(二)-a")
def test_rosters_of_earlier_freezes_are_entered_once_as_the_registry_was_then(at, monkeypatch):
    """The sealing of before this release told nobody; what was put right since is not what was frozen."""
    at("2026-07-06 10:00")
    unit = make_unit("210504")
    one = make_facility(unit, name="枫岭印染有限公司", uscc="91210504MA0UTQ2T1K", address="明山区枫桥路 49 号")
    with monkeypatch.context() as before:
        before.setattr(subjects.House, "draw_sealed", lambda *args: None)
        make_sealed_draw(unit)
    at("2026-07-20 10:00")
    registry_actions.change_facility(facility=one, version=one.version, by=make_registrar(unit), values={"address": "明山区竹屿路 1 号"}, reason="搬到竹屿路新址")  # fmt: skip
    assert not rosters().exists()

    call_command("publish_rosters", stdout=io.StringIO())
    call_command("publish_rosters", stdout=io.StringIO())

    row = next(r for r in rosters().get().snapshot["rows"] if r["code"] == one.code)
    assert (row["address"], Facility.objects.get(pk=one.pk).address) == ("明山区枫桥路 49 号", "明山区竹屿路 1 号")
