"""What can be checked from outside is checked on the spot only for a reason, at every door (N-5, issue 17)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from inspections.approvals.sheet import facts_of
from inspections.dispatch import actions as dispatching
from inspections.models import Mode, OnsiteReason, OnsiteRequest, Source, TargetedCheck
from inspections.onsite import actions as onsite
from inspections.targeted import going
from inspections.trace import events
from plans.models import EITHER, InspectionItem
from plans.quarterly import rows
from registry.models import Category
from tests.browsing import post, refused, signed_in, text_of
from tests.factories import make_approver, make_facility, make_listed, make_planner, make_unit
from tests.inspections.factories import look, make_started, team_of
from tests.inspections.targeted.factories import approve, ask, make_approved, make_campaign, reference_for
from tests.plans.draw.factories import make_held_draw, make_item_list

pytestmark = pytest.mark.django_db
GO = {"source": Source.MEDIA, "mode": Mode.ONSITE}
WISH = (
    "INSERT INTO inspections_onsiterequest (inspection_id, reason, reference, words, state, asked_by_id, asked_at, opinion)"
    " VALUES (%s, 'OTHER', '1', '想去看看', 'ASKED', %s, %s, '')"
)


@pytest.fixture(autouse=True)
def items_for_papers(at):
    """A list whose only item can be checked from outside."""
    at("2026-07-06 09:00")
    make_item_list(2026).items.update(modes=EITHER)


def test_the_database_asks_for_the_number_of_the_reason_whatever_the_source(monkeypatch):
    """转办交办 is a reason by itself; another one beside it names its own paper, as the action asks."""
    monkeypatch.setattr(going, "_why_not_without_a_reason", lambda _: "")
    asked = ask(make_unit(), Source.ASSIGNED, onsite_reason="CLUE", onsite_words="想去看看")
    with pytest.raises(DatabaseError, match="进现场的原因写明编号"), transaction.atomic():
        approve(asked)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def columns(cursor, *but: str) -> str:
    """Of a check, for a copy of one."""
    cursor.execute(
        "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
        " WHERE table_name = 'inspections_inspection' AND column_name <> ALL (%s)",
        [list(but)],
    )
    return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "所选事项都可以用非现场或者书面方式查"),
        ({"onsite_reason": "WISH"}, "进现场的原因从列表里选"),
        ({"onsite_reason": "OTHER", "onsite_words": "  "}, "选“其他”的，写明情况"),
        ({"onsite_words": "想去看看"}, "写了进现场的编号或情况，没有选原因"),
        ({"onsite_reference": "附件 1"}, "写了进现场的编号或情况，没有选原因"),
        ({"onsite_reason": "UNCLEAR", "onsite_reference": "1"}, "编号写得太短"),
        ({"onsite_reason": "COMPLAINT", "onsite_words": "群众信访"}, "写明信访件或热线工单的编号"),
        ({"onsite_reason": "UNCLEAR"}, "写明非现场材料的编号"),
        ({"mode": Mode.OFFSITE, "onsite_reason": "UNCLEAR"}, "方式不是现场，却写了进现场的原因"),
    ],
)
def test_who_goes_there_without_a_listed_reason_is_refused(said, sentence):
    with refused(sentence):
        ask(**GO | said)
    assert not TargetedCheck.objects.exists()


def test_the_reason_goes_along_to_the_approval_its_paper_and_the_trace():
    asked = approve(ask(**GO, onsite_reason="OTHER", onsite_words="要采样监测"))
    assert asked.inspection.mode == Mode.ONSITE
    page = text_of(signed_in(make_planner(asked.unit)).get(asked.get_absolute_url()))
    assert "进现场的原因" in page and "其他：要采样监测" in page
    assert facts_of([asked.inspection])[asked.inspection_id]["onsite_why"] == "其他：要采样监测"
    assert any("其他：要采样监测" in event.note for event in events.of(asked.inspection))
    # A complaint is a reason by itself; on paper nobody goes anywhere; what must be seen there needs none.
    assert make_approved(asked.unit).inspection.mode == Mode.ONSITE
    assert ask(asked.unit, Source.MEDIA, mode=Mode.DOCUMENT).onsite_why == ""
    InspectionItem.objects.update(modes="ONSITE")
    assert ask(asked.unit, Source.MEDIA).onsite_reason == ""


def test_what_was_typed_stays_on_the_page_that_refuses():
    unit = make_unit()
    place, campaign = make_facility(unit), make_campaign(unit)
    team = [m.inspector for m in ask(unit).members.all()]
    item = make_item_list(2026).items.get()
    said = {"campaign": campaign.pk, "reason": "汛期专项检查，查台账", "mode": "ONSITE", "items": [item.pk]}
    said |= {"leader": team[0].pk, "members": [team[1].pk], "finish_by": "2026-07-20"}
    browser = signed_in(make_planner(unit))
    address = f"{reverse('inspections:targeted-new')}?unit={unit.code}&object={place.code}&source=CAMPAIGN"
    page = post(browser, address, said)
    assert "所选事项都可以用非现场或者书面方式查" in text_of(page) and "汛期专项检查，查台账" in text_of(page)
    said |= {"onsite_reason": "UNCLEAR"}
    assert "写明非现场材料的编号" in text_of(post(browser, address, said))
    assert post(browser, address, said | {"onsite_reference": "附件 1"}).status_code == 302
    assert TargetedCheck.objects.get(facility=place).onsite_why == "非现场方式查不清（附件 1）"


def test_a_drawn_check_that_would_do_from_outside_begins_there_and_other_is_a_reason_where_nothing_is_listed():
    draw = make_held_draw(key=0, general=4, special=0)
    planned = draw.plan.items.get()
    assert rows.mode_for(planned.item, "ONSITE") == EITHER  # nor is it planned for
    planner = make_planner(draw.unit)
    page = text_of(signed_in(planner).get(reverse("inspections:draw-dispatch", args=[draw.draw_id])))
    assert "非现场" in page and "事项都可以不进现场查" in page  # before the button is pressed
    check = dispatching.dispatch(draw=draw, by=planner)[0]
    assert check.pick.mode == "onsite" and check.mode == Mode.OFFSITE
    leader = team_of(check)[0].user
    page = text_of(signed_in(leader).get(reverse("inspections:field-onsite", args=[check.no])))
    assert "这次检查用非现场方式" in page and "正面清单" not in page
    said = {"reference": "附件 1", "words": "要现场采样监测"}
    asked = onsite.ask(inspection=check, by=leader, reason=OnsiteReason.OTHER, **said)
    onsite.decide(request=asked, approve=True, opinion="", by=make_approver(draw.unit))
    check.refresh_from_db()
    assert check.mode == Mode.ONSITE

    place = make_facility(draw.unit, category=Category.GENERAL)
    make_listed(place)
    listed = make_approved(draw.unit, Source.MEDIA, facility=place, mode=Mode.OFFSITE).inspection
    with refused("不能选“其他”"):
        onsite.ask(inspection=listed, by=team_of(listed)[0].user, reason=OnsiteReason.OTHER, **said)


def test_the_database_keeps_a_drawn_listed_place_off_site_as_its_sealed_line_says():
    """Also when it has left the list since it was drawn (七(三)-b)."""
    unit = make_unit()
    place = make_facility(unit, category=Category.KEY)
    entry = make_listed(place, valid_from=date(2026, 1, 1))
    draw = make_held_draw(unit, key=0, general=0, special=0)
    (check,) = dispatching.dispatch(draw=draw, by=make_planner(unit))
    assert (check.pick.mode, check.mode) == ("offsite", Mode.OFFSITE)
    entry.delete()
    with pytest.raises(DatabaseError, match="先用非现场方式检查"), transaction.atomic(), connection.cursor() as cursor:
        names = columns(cursor, "id", "no", "visit_code", "mode")
        cursor.execute(
            f"INSERT INTO inspections_inspection ({names}, no, visit_code, mode) SELECT {names}, no || 'X', 'ABCDEFGHJKLM',"
            " 'ONSITE' FROM inspections_inspection WHERE id = %s",
            [check.pk],
        )
    with pytest.raises(DatabaseError, match="不能选“其他”"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WISH, [check.pk, make_planner(unit).pk, clock.now()])


def test_the_database_asks_for_the_reason_too():
    unit = make_unit()
    without = approve(ask(unit, **GO, onsite_reason="UNCLEAR", onsite_reference="附件 1"))
    place = make_facility(unit)
    make_listed(place)
    listed = make_approved(unit, Source.MEDIA, facility=place, mode=Mode.OFFSITE).inspection
    with pytest.raises(DatabaseError, match="不能选“其他”"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WISH, [listed.pk, make_planner(unit).pk, clock.now()])
    assert not OnsiteRequest.objects.exists()
    with connection.cursor() as cursor:
        names = columns(cursor, "id", "no", "visit_code")
    with pytest.raises(DatabaseError, match="写明原因"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO inspections_inspection ({names}, no, visit_code) SELECT {names}, no || 'X', 'ABCDEFGHJKLM'"
            " FROM inspections_inspection WHERE id = %s RETURNING id",
            [without.inspection_id],
        )
        made = cursor.fetchone()[0]
        cursor.execute(
            "INSERT INTO inspections_checkanswer (inspection_id, item_code, item_name, number, text, basis, standard, method,"
            " known, item_id, answer, words, found_under) SELECT %s, item_code, item_name, number, text, basis, standard, method,"
            " known, item_id, answer, words, found_under FROM inspections_checkanswer WHERE inspection_id = %s",
            [made, without.inspection_id],
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def listed_place(unit):
    place = make_facility(unit)
    make_listed(place)
    return place


def looked_at(unit, place, **seen):
    """From outside, in a check of its own."""
    return look(make_started(unit=unit, facility=place, mode=Mode.OFFSITE), **seen)


@pytest.mark.clause("七(三)-c")
@pytest.mark.parametrize("source", [s for s in Source if s not in (Source.DRAW, Source.SPECIAL_FACILITY)])
def test_which_source_enters_a_listed_place_and_other_never_does(source):
    unit = make_unit()
    place = listed_place(unit)
    rests = {"facility": place, "reference": reference_for(source, unit, place)}
    with refused("正面清单"):
        ask(unit, source, **rests, onsite_reason="OTHER", onsite_words="想去看看")
    if source in (Source.COMPLAINT, Source.EMERGENCY, Source.ASSIGNED):
        asked = ask(unit, source, **rests)
        page = text_of(signed_in(make_approver(unit)).get(asked.get_absolute_url()))
        assert f"在正面清单内（第一批），除信访举报等情形外不进现场。这次进现场，因为：{Source(source).label}" in page
        visit = approve(asked).inspection
        why = facts_of([visit])[visit.pk]["onsite_why"]
        assert visit.mode == Mode.ONSITE and why == f"正面清单内的企业，来源为{Source(source).label}"
    else:
        with refused("正面清单"):
            ask(unit, source, **rests)
    if source in (Source.MEDIA, Source.DATA_CLUE):  # a reason is offered only where one would be taken
        page = f"{reverse('inspections:targeted-new')}?unit={unit.code}&object={place.code}&source={source}"
        shown = signed_in(make_planner(unit)).get(page)
        offered = [value for value, _ in shown.context["form"].fields["onsite_reason"].widget.choices if value]
        assert bool(offered) == (source == Source.DATA_CLUE)
        assert ("在这次检查的页面上申请现场检查" in text_of(shown)) == (source == Source.MEDIA)


@pytest.mark.clause("七(三)-c")
def test_a_data_clue_of_a_listed_place_is_looked_at_from_outside_first():
    unit = make_unit()
    place = listed_place(unit)
    seen = {"facility": place, "reference": reference_for(Source.DATA_CLUE, unit, place)}

    def enter(**said):
        return ask(unit, Source.DATA_CLUE, **seen | said)

    with refused("从列表里选进现场的原因，写明编号和情况"):
        enter()
    with refused("进现场的情况"):
        enter(onsite_reason="REQUESTED", onsite_reference="来函 3")
    with refused("写明信访件或热线工单的编号"):  # a bare word, once approved
        enter(onsite_reason="COMPLAINT", onsite_words="群众信访")
    for reason, sentence in (("CLUE", "没有对这家企业登记过发现线索"), ("UNCLEAR", "说不上查不清")):
        with refused(sentence):
            enter(onsite_reason=reason, onsite_reference="附件 1", onsite_words="线上看不出原因")
    looked_at(unit, make_facility(unit), result="CLUE", clue="别家的线索")
    found = looked_at(unit, place)
    assert enter(onsite_reason="UNCLEAR", onsite_reference="附件 1", onsite_words="线上看不出原因")
    with refused("没有对这家企业登记过发现线索"):
        enter(onsite_reason="CLUE", onsite_reference="附件 1", onsite_words="超标三次")
    look(found.inspection, result="CLUE", clue="小时均值超标三次")
    later = seen["reference"] | {"reference_at": clock.now() + timedelta(minutes=1)}
    with refused("线索时间以后"):  # what was seen before cannot be about it
        enter(onsite_reason="CLUE", onsite_reference="附件 1", onsite_words="超标三次", reference=later)
    asked = enter(onsite_reason="CLUE", onsite_reference="附件 1", onsite_words="超标三次")
    browser = signed_in(make_approver(unit))
    assert "这次进现场，因为：非现场发现线索（附件 1）：超标三次" in text_of(browser.get(asked.get_absolute_url()))
    assert approve(asked).inspection.mode == Mode.ONSITE
    assert approve(
        enter(onsite_reason="REQUESTED", onsite_reference="附件 1", onsite_words="企业来函要求核查")
    ).inspection
    # Nobody is stopped at a place that is on no list.
    assert make_approved(unit, Source.DATA_CLUE).inspection.mode == Mode.ONSITE
    page = f"{reverse('inspections:targeted-new')}?unit={unit.code}&object={place.code}&source=DATA_CLUE"
    shown = signed_in(make_planner(unit)).get(page)
    assert "这家企业在正面清单内" in text_of(shown)
    # It opened with 现场 and with 其他, and both were refused afterwards.
    form = shown.context["form"]
    assert (
        form["mode"].value() == Mode.OFFSITE
        and "选填" not in text_of(shown).split("进现场的原因")[1].split("检查事项")[0]
    )
    assert "OTHER" not in dict(form.fields["onsite_reason"].widget.choices)


def test_what_was_listed_since_it_was_asked_for_is_not_approved():
    unit = make_unit()
    place = make_facility(unit)
    asked = ask(unit, Source.DATA_CLUE, facility=place)
    make_listed(place)
    with refused("数据线索先按非现场核实"):
        approve(asked)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("DATA_CLUE", ""),
        ("DATA_CLUE", "CLUE"),
        ("DATA_CLUE", "REQUESTED"),
        ("COMPLAINT", "OTHER"),
        ("ASSIGNED", "CLUE"),
    ],
)
def test_the_database_lets_no_check_of_a_listed_place_begin_there_without_its_reason(source, reason, monkeypatch):
    unit = make_unit()
    place = listed_place(unit)
    monkeypatch.setattr(going, "entry_on", lambda *_: None)  # as if the page had let it pass
    words, paper = ("想去看看", "附件 1") if reason else ("", "")
    if reason == "REQUESTED" or source == "ASSIGNED":  # nor without the number of its paper
        monkeypatch.setattr(going, "why_not_paper", lambda *_: "")
        paper = ""
    said = {"onsite_reason": reason, "onsite_reference": paper, "onsite_words": words}
    asked = ask(unit, Source(source), facility=place, **said)
    with pytest.raises(DatabaseError, match="先用非现场方式检查"), transaction.atomic():
        approve(asked)
