"""How often: two draws of an item a year, a cap on visits of all sources, one visit instead of two (一-d, 一-e, 七(一)4)."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Message
from inspections.frequency import actions as cap_actions
from inspections.frequency import counts as frequency
from inspections.frequency.caps import caps_of, note_on
from inspections.frequency.pages import report as report_of
from inspections.models import (
    CapExemption,
    FrequencyCap,
    Inspection,
    InspectionStatus,
    Mode,
    PaperKind,
    Source,
    TargetedCheck,
    TargetedKind,
)
from inspections.paperwork import papers
from inspections.targeted import actions, pages
from plans.draw import actions as draw_actions
from plans.models import InspectionItem
from registry.models import Category
from tests.browsing import refused
from tests.documents.reading import words_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_lead_office,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, checked, finish, make_dispatched, make_published, ready, start
from tests.inspections.targeted.factories import (
    approve,
    ask,
    make_approved,
    make_campaign,
    make_cap,
    make_complaint,
    reference_for,
)
from tests.plans.draw.factories import make_held_draw, make_item_list, make_sealed_draw, move_clock

pytestmark = pytest.mark.django_db


# --- two draws a year -------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(一)4-c", "七(一)4-d", "七(一)3-a")
def test_the_third_draw_of_a_year_leaves_out_who_was_drawn_twice_and_keeps_the_special_one(at):
    unit = make_unit()
    at("2026-01-06 09:00")
    checked(make_held_draw(unit, key=1, general=0, special=1, released=True))
    key, special = unit.facilities.get(category=Category.KEY), unit.facilities.get(category=Category.SPECIAL)
    planner = make_planner(unit)
    (once,) = frequency.random_times(key, 2026, planner)
    assert (once.code, once.times, once.tone, once.words) == ("A01", 1, "warn", "再抽 1 次到上限")  # D-19
    at("2026-04-06 09:00")
    checked(make_held_draw(unit, key=0, general=0, special=0, released=True))
    (twice,) = frequency.random_times(key, 2026, planner)
    assert (twice.times, twice.tone) == (2, "bad")

    at("2026-07-06 09:00")
    draw = make_sealed_draw(unit, key=0, general=0, special=0)
    lines = "\n".join(d.text for d in draw.documents.filter(kind="FRAME"))

    assert any(key.code in line and "out:CAP" in line for line in lines.splitlines())
    assert any(special.code in line and line.endswith("in") for line in lines.splitlines())
    report = report_of(planner, unit, 2026)
    assert [(line.facility, line.times, line.full, line.over) for line in report.lines] == [(key, 2, True, False)]
    assert report.often.counted == 0  # K10


def test_the_counter_begins_anew_with_the_calendar_year(at):
    unit = make_unit()
    at("2026-01-06 09:00")
    make_held_draw(unit, key=1, general=0, special=0, released=True)
    key = unit.facilities.get(category=Category.KEY)

    assert frequency.random_times(key, 2025, make_planner(unit)) == []
    assert frequency.random_times(key, 2027, make_planner(unit)) == []


@pytest.mark.clause("七(一)4-d", "七(一)3-a")
def test_a_special_facility_is_counted_without_a_limit(at):
    unit = make_unit()
    at("2026-01-06 09:00")
    make_held_draw(unit, key=0, general=0, special=1, released=True)
    special = unit.facilities.get()

    (count,) = frequency.random_times(special, 2026, make_planner(unit))

    assert (count.times, count.tone, count.words) == (1, "", "特殊监管对象不受次数限制")


@pytest.mark.clause("四(1)-b")
def test_the_share_of_drawn_checks_is_whole_but_for_the_recorded_exceptions(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    draw = make_held_draw(unit)
    planner = make_planner(unit)
    make_approved(unit, Source.COMPLAINT)
    report = report_of(planner, unit, 2026)
    assert (report.random.counted, report.random.left, report.random.shown) == (draw.picks.count(), 0, "100%")

    make_approved(unit, Source.OTHER_TARGETED)
    report = report_of(planner, unit, 2026)
    assert (report.random.left, report.random.shown != "100%") == (1, True)


# --- the cap of visits ------------------------------------------------------------------------------------------------


@pytest.mark.clause("一-e")
def test_a_visit_beyond_the_cap_is_refused_and_off_site_nobody_enters(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    cap = make_cap(unit, most=1)
    place = make_facility(unit)
    make_approved(unit, facility=place)

    with refused(rf"本年已有 1 次入企检查，上限 1 次（{cap.document}）"):
        ask(unit, facility=place)
    assert ask(unit, facility=place, mode=Mode.OFFSITE)
    assert ask(unit, facility=make_facility(unit, category=Category.KEY))
    (line,) = report_of(make_planner(unit), unit, 2026).lines
    assert (line.facility, line.visits, line.cap, line.over) == (place, 1, 1, False)


@pytest.mark.clause("一-e")
def test_the_cap_is_looked_at_again_by_the_leader(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    place = make_facility(unit)
    first, second = ask(unit, facility=place), ask(unit, facility=place)
    make_cap(unit, most=1)

    with refused("本年已有 1 次入企检查"):
        approve(second)
    actions.refuse_check(asked=first, by=make_approver(unit), opinion="已由另一件办理")
    assert approve(second)


@pytest.mark.clause("一-e")
def test_places_of_one_legal_person_are_counted_together(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    make_cap(unit, most=1)
    one, two = (make_facility(unit, uscc="91210500DEM0000A1X") for _ in range(2))
    make_approved(unit, facility=one)

    with refused("本年已有 1 次入企检查"):
        ask(unit, facility=two)


EXEMPT = [
    (CapExemption.COMPLAINT, Source.COMPLAINT, Source.MEDIA),
    (CapExemption.TRANSFERRED, Source.ASSIGNED, Source.COMPLAINT),
    (CapExemption.MONITORING, Source.DATA_CLUE, Source.JOINT),
    (CapExemption.OFFSITE_FINDING, Source.REVIEW, None),
    (CapExemption.RAISED_FREQUENCY, Source.OTHER_TARGETED, None),
    (CapExemption.AT_REQUEST, Source.APPROVAL_RELATED, None),
    (CapExemption.URGENT, Source.EMERGENCY, Source.MEDIA),
]


@pytest.mark.clause("一-e")
@pytest.mark.parametrize(("code", "source", "wrong"), EXEMPT)
def test_each_exemption_takes_a_document_and_its_source_and_is_not_counted(at, code, source, wrong):
    at("2026-07-06 09:00")
    unit = make_unit()
    make_cap(unit, most=1)
    place = make_facility(unit)
    make_approved(unit, facility=place, source=Source.JOINT)
    with refused("要写明文号"):
        ask(unit, source, facility=place, cap_exemption=code, reference=reference_for(source, unit, place))
    if wrong:
        with refused("不属于"):
            ask(unit, wrong, facility=place, cap_exemption=code, exemption_document="举〔2026〕1号")
    more, document = {}, "举〔2026〕1号"
    if source == Source.COMPLAINT:
        more["reference"] = {"complaint": make_complaint(place)}
        with refused("文号就是投诉编号"):
            ask(unit, source, facility=place, cap_exemption=code, exemption_document=document, **more)
        document = more["reference"]["complaint"].number
    if source == Source.OTHER_TARGETED:
        more["reference"] = {"kind": TargetedKind.objects.get(), "reference_text": "司法建议书第 4 条"}

    exempt = ask(unit, source, facility=place, cap_exemption=code, exemption_document=document, **more)

    approve(exempt)
    assert frequency.visits_of(place, 2026, make_planner(unit)) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetedCheck.objects.filter(pk=exempt.pk).update(exemption_document="")


@pytest.mark.clause("一-e")
def test_only_a_campaign_deployed_from_above_is_exempt(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    own, above = make_campaign(unit), make_campaign(make_city_team(), from_superior=True)
    exempt = {"cap_exemption": CapExemption.SUPERIOR_CAMPAIGN, "exemption_document": "环办〔2026〕7号"}
    with refused("不是上级部署的"):
        ask(unit, Source.CAMPAIGN, reference={"campaign": own}, **exempt)

    assert ask(unit, Source.CAMPAIGN, reference={"campaign": above}, **exempt)
    with refused("只能从列出的情形中选择"):
        ask(unit, cap_exemption="FRIEND", exemption_document="无")
    assert len(CapExemption) == 9


@pytest.mark.clause("一-e")
def test_a_cap_is_proposed_by_the_planner_and_counts_once_the_leader_approved_it(at):
    at("2026-07-06 09:00")
    unit, city = make_unit(), make_city_team()
    place = make_facility(unit)
    make_cap(city, most=3)
    assert caps_of(2026).of(place).unit == city
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    cap = cap_actions.propose_cap(
        unit=unit, year=2026, category="general", max_visits=2, document="本环发〔2026〕4号", by=both
    )
    assert caps_of(2026).of(place).unit == city
    with refused("不能自己批准"):
        cap_actions.approve_cap(cap=cap, by=both)
    with refused("由本单位分管负责人批准上限"):
        cap_actions.approve_cap(cap=cap, by=make_approver(city))
    with refused("由本单位的计划员提出上限"):
        cap_actions.propose_cap(unit=unit, year=2026, category="key", max_visits=2, document="x", by=make_planner(city))
    with pytest.raises(IntegrityError), transaction.atomic():
        FrequencyCap.objects.filter(pk=cap.pk).update(state="APPROVED", decided_by=both, decided_at=clock.now())
    cap_actions.approve_cap(cap=cap, by=make_approver(unit))
    assert caps_of(2026).of(place) == cap
    assert caps_of(2026).of(make_facility(unit, category=Category.KEY)) is None


@pytest.mark.clause("一-e")
def test_a_unit_never_lifts_the_cap_of_the_city(at):
    at("2026-07-06 09:00")
    unit, city = make_unit(), make_city_team()
    place = make_facility(unit)
    proposed = cap_actions.propose_cap(
        unit=unit, year=2026, category="key", max_visits=5, document="本环明发〔2026〕1号", by=make_planner(unit)
    )
    make_cap(city, most=2, category=Category.KEY)
    wide = make_cap(city, most=2)

    with refused("全市上限是每年 2 次（本环发〔2026〕3号），本单位的上限不能更高。"):
        cap_actions.approve_cap(cap=proposed, by=make_approver(unit))
    with refused("本单位的上限不能更高"):
        make_cap(unit, most=3)
    own = make_cap(unit, most=2)
    assert caps_of(2026).of(place) == own

    narrow = make_cap(city, most=1)
    assert caps_of(2026).of(place) == narrow
    assert note_on(own, caps_of(2026)) == "全市上限更低，按 1 次计算"
    assert note_on(wide, caps_of(2026)) == "已由后来批准的上限代替"


@pytest.mark.clause("一-e")
def test_a_later_cap_does_not_wipe_an_excess_that_stands(at):
    at("2026-07-06 09:00")
    unit, city = make_unit(), make_city_team()
    place, lucky = make_facility(unit), make_facility(unit)
    make_cap(city, most=1)
    for _ in range(2):
        complaint = make_complaint(place)
        urgent = {"cap_exemption": CapExemption.COMPLAINT, "exemption_document": complaint.number}
        make_approved(unit, facility=place, reference={"complaint": complaint}, **urgent)
    TargetedCheck.objects.update(cap_exemption="", exemption_document="")  # the second went beyond the cap
    at("2026-07-20 09:00")
    make_cap(city, most=5)
    for _ in range(2):
        make_approved(unit, Source.JOINT, facility=lucky)

    found = report_of(make_planner(unit), unit, 2026)

    assert [(line.facility, line.visits, line.cap, line.over) for line in found.lines] == [(place, 2, 5, True)]
    assert found.beyond.counted == 1
    assert pages.frequency_of(place, 2026, make_planner(unit))["cap_tone"] == "bad"


# --- what is near, and one visit instead of two -----------------------------------------------------------------------


@pytest.mark.clause("一-d")
def test_checks_of_every_unit_within_thirty_days_are_shown_before_a_new_one(at):
    at("2026-07-06 09:00")
    unit, city = make_unit(), make_city_team()
    place = make_facility(unit)
    theirs = make_approved(city, Source.MEDIA, facility=place)
    ask(unit, Source.COMPLAINT, facility=place)
    planner, today = make_planner(unit), clock.today()

    found = frequency.near(place, planner, today, today)

    assert {(n.unit, n.what, n.state) for n in found} == {
        (city, "媒体曝光", "已批准"),
        (unit, "投诉举报", "待批准"),
    }
    assert next(n for n in found if n.unit == city).inspection is None
    late = theirs.finish_by + timedelta(days=31)
    assert frequency.near(place, planner, late, late) == []
    assert frequency.near(make_facility(unit), planner, today, today) == []


def make_two_at_one_place(at, unit):
    """A drawn check, dispatched and not begun, and an approved complaint about the same facility."""
    at("2026-07-06 09:00")
    drawn = make_dispatched(unit, key=1, general=0, special=0)[0]
    extra = make_item_list().items.get()
    extra.pk, extra.code, extra.name = None, "B07", "噪声"
    extra.save()
    items = list(InspectionItem.objects.filter(code__in=["A01", "B07"]))
    return drawn, make_approved(unit, facility=drawn.facility, items=items)


@pytest.mark.clause("一-d")
def test_a_complaint_joins_the_drawn_check_and_one_team_goes_once(at):
    unit = make_unit()
    drawn, asked = make_two_at_one_place(at, unit)
    own, planner = asked.inspection, make_planner(unit)
    team = {m.inspector_id for m in drawn.members.all()}

    asked = actions.join(asked=asked, into=drawn, by=planner)

    drawn.refresh_from_db()
    own.refresh_from_db()
    assert (own.status, own.members.count()) == (InspectionStatus.CANCELLED, 0)
    assert (asked.inspection, asked.merged_by, asked.reference_no) == (drawn, planner, "12345-2026-000777")
    assert sorted(drawn.answers.values_list("item_code", flat=True)) == ["A01", "B07"]
    assert {m.inspector_id for m in drawn.members.all()} == team
    assert drawn.finish_by == asked.finish_by
    assert (drawn.source, drawn.pick_id is None) == (Source.DRAW, False)
    assert frequency.visits_of(drawn.facility, 2026, planner) == 1
    assert Message.objects.filter(title="1 件检查任务增加了检查事项").count() == len(team)
    entry = AuditEntry.objects.get(verb="inspections.targeted.joined")
    assert entry.about_key == asked.no and drawn.no not in str(entry.details)
    with refused("已经并入另一次检查"):
        actions.join(asked=asked, into=drawn, by=planner)


def test_the_check_form_of_a_joined_visit_keeps_both_references(at):
    unit = make_unit()
    drawn, asked = make_two_at_one_place(at, unit)
    actions.join(asked=asked, into=drawn, by=make_planner(unit))
    drawn = Inspection.objects.get(pk=drawn.pk)
    ready(drawn)
    finish(answer_all(start(drawn)))

    paper = papers.paper_of(Inspection.objects.get(pk=drawn.pk), PaperKind.FORM)

    assert paper.right.endswith(f"抽取编号：{drawn.draw.draw_id}")
    assert f"综合查一次：投诉举报{asked.no}" in words_of(paper)


def test_what_cannot_join_says_why(at):
    unit = make_unit()
    drawn, asked = make_two_at_one_place(at, unit)
    planner = make_planner(unit)
    with refused("由本单位的计划员合并"):
        actions.join(asked=asked, into=drawn, by=make_lead_office())
    with refused("没有可以合并的检查"):
        actions.join(asked=asked, into=None, by=planner)
    with refused("没有可以合并的检查"):
        actions.join(asked=asked, into=make_approved(unit).inspection, by=planner)
    offsite = make_approved(unit, facility=drawn.facility, mode=Mode.OFFSITE)
    with refused("方式不同"):
        actions.join(asked=offsite, into=drawn, by=planner)
    with refused("批准之后才能合并"):
        actions.join(asked=ask(unit, facility=drawn.facility), into=drawn, by=planner)
    ready(drawn)
    start(drawn)
    with refused("检查中，不能再并入"):
        actions.join(asked=asked, into=drawn, by=planner)


# --- secrecy ----------------------------------------------------------------------------------------------------------


def outsiders(unit):
    return {
        "city planner": make_planner(make_city_team()),
        "lead office": make_lead_office(),
        "registrar": make_registrar(unit),
        "other planner": make_planner(make_unit("210503")),
        "bureau": make_user((Role.BUREAU_READER, make_city_team())),
    }


def facts_for(user, facility):
    """Everything that the pages and refusals rest on."""
    today = clock.today()
    return (
        frequency.random_times(facility, 2026, user),
        frequency.visits_of(facility, 2026, user),
        frequency.near(facility, user, today, today),
        [line.facility.pk for line in report_of(user, facility.unit, 2026).lines],
    )


@pytest.mark.clause("一-d", "七(五)-o")
@pytest.mark.parametrize("dispatched", [False, True])
def test_no_count_no_neighbour_and_no_refusal_tells_an_outsider_who_was_drawn(at, dispatched):
    """The cap is at one, so that inside the circle one sealed pick is enough to be refused."""
    unit, city = make_unit(), make_city_team()
    at("2026-07-06 09:00")
    make_cap(city, most=1)
    people = outsiders(unit)
    draw = (
        (make_dispatched(unit, key=0, general=6, special=0)[0].draw)
        if dispatched
        else make_held_draw(unit, key=0, general=6, special=0)
    )
    picked = draw.picks.first().facility
    spared = unit.facilities.exclude(pk__in=draw.picks.values("facility")).first()

    for user in people.values():
        assert facts_for(user, picked) == ([], 0, [], []) == facts_for(user, spared)
    inside = make_planner(unit)
    assert (
        frequency.visits_of(picked, 2026, inside) == 1
        and len(frequency.near(picked, inside, clock.today(), clock.today())) == 1
    )
    assert frequency.visits_of(picked, 2026, make_supervisor()) == 1
    with refused("本年已有 1 次入企检查"):
        ask(unit, facility=picked, by=inside)

    for place in (picked, spared):
        theirs = approve(ask(city, facility=place, by=people["city planner"]))
        with refused("没有可以合并的检查"):
            actions.join(asked=theirs, into=draw.inspections.filter(facility=place).first(), by=people["city planner"])

    move_clock(draw.release_at)
    draw_actions.release_draw(draw=draw)
    with refused("本年已有 2 次入企检查"):
        ask(city, facility=picked, by=people["city planner"])
    with refused("本年已有 1 次入企检查"):
        ask(city, facility=spared, by=people["city planner"])


@pytest.mark.clause("一-d", "七(五)-o")
def test_a_targeted_check_that_joined_a_sealed_pick_looks_like_any_other_from_outside(at, client):
    unit = make_unit()
    drawn, joined = make_two_at_one_place(at, unit)
    plain = make_approved(unit, facility=make_facility(unit, name=drawn.facility.name))
    joined = actions.join(asked=joined, into=drawn, by=make_planner(unit))
    outside = make_lead_office()

    for user in outsiders(unit).values():
        assert facts_for(user, drawn.facility)[1:3] == facts_for(user, plain.facility)[1:3]
    client.force_login(outside)
    for asked in (joined, plain):  # decision 0112: neither is there for it before its result is public
        assert client.get(asked.get_absolute_url()).status_code == 404
    url = f"/desk/tasks/targeted/{joined.no}/join/"
    assert client.post(url, {"into": drawn.no, "form_key": str(uuid.uuid4())}).status_code == 404
    workbook = client.get("/desk/tasks/targeted/export.xlsx?unit=210504&quarter=2026Q3").content
    assert drawn.no.encode() not in workbook


def test_a_published_result_counts_for_everybody(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    done = make_published(unit)

    for user in outsiders(unit).values():
        assert frequency.visits_of(done.facility, 2026, user) == 1


def test_the_earlier_check_that_a_review_names_is_never_a_sealed_one(at, client):
    unit = make_unit()
    drawn, _ = make_two_at_one_place(at, unit)
    ready(drawn)
    finish(answer_all(start(drawn)))
    client.force_login(make_planner(unit))
    page = f"/desk/tasks/targeted/new/?unit={unit.code}&object={drawn.facility.code}&source=REVIEW"

    answer = client.post(page, {"original": drawn.no, "form_key": "6a2f41a3-c54c-4e7b-8f3a-0a1b2c3d4e5f"})

    assert "没有这家企业的这次检查" in answer.content.decode()
