"""What can be checked from outside is checked on the spot only for a reason, at every door (N-5, issue 17)."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from inspections.approvals.sheet import facts_of
from inspections.dispatch import actions as dispatching
from inspections.models import Mode, OnsiteReason, OnsiteRequest, Source, TargetedCheck
from inspections.onsite import actions as onsite
from inspections.trace import events
from plans.models import EITHER, InspectionItem
from plans.quarterly import rows
from registry.models import Category
from tests.browsing import post, refused, signed_in, text_of
from tests.factories import make_approver, make_facility, make_listed, make_planner, make_unit
from tests.inspections.factories import team_of
from tests.inspections.targeted.factories import approve, ask, make_approved, make_campaign
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
        ({"onsite_words": "想去看看"}, "没有选原因"),
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
    assert post(browser, address, said | {"onsite_reason": "UNCLEAR"}).status_code == 302
    assert TargetedCheck.objects.get(facility=place).onsite_why == "非现场方式查不清"


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
    without = approve(ask(unit, **GO, onsite_reason="UNCLEAR"))
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
