"""From a published plan to released names: what each step does, and every refusal on the way (七(二), 七(四))."""

from datetime import timedelta

import pytest
from django.test import Client

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.audit.words import words_for
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from plans import tasks
from plans.draw import actions as draw_actions
from plans.draw import frames, secrets, ssj1
from plans.draw import pages as draw_pages
from plans.draw import record as draw_record
from plans.draw.values import difference_of, source_states
from plans.models import (
    ChainEntry,
    Draw,
    DrawDocument,
    DrawStatus,
    Pick,
    PlanSource,
    PlanStatus,
    SourceKind,
    Team,
    TeamMember,
    ValueEntry,
)
from registry.models import Category, ConflictOfInterest, Facility, Inspector, OperatingStatus
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_facility,
    make_inspector,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
)
from tests.plans.draw.factories import (
    VALUES,
    agree_on_values,
    make_held_draw,
    make_prepared_draw,
    make_published_plan,
    make_sealed_draw,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LOTTERY = VALUES[SourceKind.LOTTERY]


# --- preparing ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(四)-3", "七(四)-10", "四(3)-d")
@pytest.mark.parametrize("status", [PlanStatus.DRAFT, PlanStatus.SUBMITTED, PlanStatus.RETURNED, PlanStatus.APPROVED])
def test_a_draw_before_the_publication_of_the_plan_is_refused(status):
    plan = make_published_plan(status=status)

    with pytest.raises(Refused, match="季度计划还没有公开"):
        draw_actions.prepare_draw(plan=plan, by=make_planner(plan.unit))

    assert not Draw.objects.exists()


@pytest.mark.clause("七(四)-4", "七(二)-i")
def test_a_draw_is_numbered_by_its_unit_and_quarter():
    draw = make_prepared_draw(make_unit("210504"))

    assert (draw.draw_id, draw.status) == ("210504-2026Q3-01", DrawStatus.PREPARED)


@pytest.mark.clause("七(二)-d")
def test_a_second_draw_of_the_same_plan_is_refused():
    draw = make_held_draw()

    with pytest.raises(Refused, match="本计划已有一次抽取（210504-2026Q3-01），名单一经确定不得随意变更"):
        draw_actions.prepare_draw(plan=draw.plan, by=make_planner(draw.unit))

    assert Draw.objects.count() == 1


@pytest.mark.clause("七(二)-i")
def test_only_the_units_own_planner_prepares():
    plan = make_published_plan(make_unit("210504"))
    others = make_planner(make_unit("210503")), make_registrar(plan.unit), make_approver(plan.unit)

    for other in others:
        with pytest.raises(Refused, match="只有本单位计划员"):
            draw_actions.prepare_draw(plan=plan, by=other)


# --- sealing -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-c", "七(四)-4")
def test_sealing_fixes_lists_numbers_and_the_sealed_number_in_the_chain():
    draw = make_sealed_draw()
    texts = draw_actions.documents(draw)
    manifest = ssj1.parse_manifest(texts["MANIFEST"][0])
    entry = ChainEntry.objects.get()

    assert draw.status == DrawStatus.FROZEN
    assert [line.stratum for line in manifest.strata] == ["210504.general", "210504.key", "210504.special"]
    assert [line.frame for line in manifest.strata] == [ssj1.digest(text) for text in texts["FRAME"]]
    assert manifest.roster == ssj1.digest(texts["ROSTER"][0])
    assert (entry.kind, entry.doc, entry.at) == ("FREEZE", ssj1.digest(texts["MANIFEST"][0]), draw.frozen_at)
    assert manifest.commit == ssj1.commitment(draw.draw_id, secrets.open_secret(draw))
    assert draw.frozen_at == clock.now()


@pytest.mark.clause("七(二)-d")
def test_who_prepared_cannot_seal():
    draw = make_prepared_draw()
    approver = make_approver(draw.unit)
    both = draw.prepared_by
    approver.grants.update(user=both)
    del both._grants

    with pytest.raises(Refused, match="核对和封存不能是同一个人"):
        draw_actions.seal_draw(draw=draw, by=both)


def test_sealing_needs_the_approver_of_this_unit_and_the_typed_word():
    draw = make_prepared_draw()

    for other in (make_planner(draw.unit), make_approver(make_unit("210503"))):
        with pytest.raises(Refused, match="只有本单位分管负责人可以封存"):
            draw_actions.seal_draw(draw=draw, by=other)
    with pytest.raises(Refused, match="在框里写“封存”"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit), word="确认")
    assert not DrawDocument.objects.exists()


def test_a_sealed_draw_is_not_sealed_again():
    draw = make_sealed_draw()

    with pytest.raises(Refused, match="名单已于 7 月 6 日 10:00 封存"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


@pytest.mark.clause("七(二)-c")
def test_a_source_that_is_already_out_cannot_be_sealed_for():
    draw = make_prepared_draw(sources=((SourceKind.LOTTERY, "七星彩第2026181期", -timedelta(hours=1)),))

    with pytest.raises(Refused, match="（七星彩第2026181期，7 月 6 日 09:00）已经开出，不能再封存"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


def test_one_witness_with_dice_is_not_enough():
    draw = make_prepared_draw(sources=((SourceKind.DICE, "司法局见证人", timedelta(hours=1)),))

    with pytest.raises(Refused, match="至少要有一期公开开奖，或者两位见证人"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


@pytest.mark.clause("七(二)-b")
def test_a_unit_without_people_to_send_cannot_seal():
    draw = make_prepared_draw(inspectors=0)

    with pytest.raises(Refused, match="没有可以派出的检查人员"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


@pytest.mark.clause("七(二)-e")
def test_a_unit_without_a_leader_seals_and_every_team_stays_open():
    draw = make_prepared_draw()
    Inspector.objects.update(can_lead=False)

    draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))

    agree_on_values(draw)
    draw = draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))
    assert {pick.team.open_reason for pick in draw.picks.all()} == {"NOLEAD"}


def test_names_cannot_open_before_the_number_is_out():
    draw = make_prepared_draw(release_at=clock.now() + timedelta(days=1))

    with pytest.raises(Refused, match="名单公开时间早于随机源的开出时间"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


def test_a_category_without_a_ratio_in_the_plan_cannot_be_left_out():
    draw = make_prepared_draw()
    draw.plan.strata.filter(category=Category.GENERAL).delete()

    with pytest.raises(Refused, match="计划没有写明一般对象的抽查比例"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


def test_a_unit_has_one_open_draw_at_a_time():
    first = make_sealed_draw()
    next_quarter = make_published_plan(first.unit, number=4)
    draw = draw_actions.prepare_draw(plan=next_quarter, by=make_planner(first.unit))

    with pytest.raises(Refused, match="210504-2026Q3-01 已封存还没有抽取"):
        draw_actions.seal_draw(draw=draw, by=make_approver(first.unit))


@pytest.mark.clause("七(二)-d")
def test_every_object_stands_in_its_frame_with_the_reason_if_it_takes_no_part():
    unit = make_unit()
    plan = make_published_plan(unit, general=0)
    stopped = make_facility(unit, status=OperatingStatus.SUSPENDED)
    closed = make_facility(unit, status=OperatingStatus.CLOSED)
    person = make_facility(unit, name="王小明", is_natural_person=True)
    draw = make_sealed_draw(plan=plan)

    general = ssj1.parse_frame(draw_actions.documents(draw)["FRAME"][0])
    rows = {row.id: row for row in general.rows}
    assert {code: row.state for code, row in rows.items()} == {
        stopped.code: "out:HALT",
        closed.code: "out:CLOSED",
        person.code: "in",
    }
    assert "小明" not in rows[person.code].name


@pytest.mark.clause("七(五)-c")
def test_the_roster_bars_a_conflict_and_keeps_back_who_has_no_certificate():
    plan = make_published_plan(special=0, key=1, general=0, inspectors=3)
    facility, inspector = Facility.objects.get(), Inspector.objects.order_by("code").first()
    ConflictOfInterest.objects.create(
        inspector=inspector,
        facility=facility,
        kind="RELATIVE",
        reason="配偶任职",
        valid_from=clock.today(),
        asked_by=make_registrar(plan.unit),
        asked_at=clock.now(),
    )
    bare = make_inspector(plan.unit, certificate_no="", certificate_kind="", certificate_from=None, certificate_to=None)
    draw = make_held_draw(plan=plan)

    roster = ssj1.parse_roster(draw_actions.documents(draw)["ROSTER"][0])
    assert [(bar.inspector, bar.object, bar.reason) for bar in roster.bars] == [
        (inspector.code, facility.code, "RECUSE")
    ]
    assert {i.code: i.state for i in roster.inspectors}[bare.code] == "out:NOCERT"
    assert not TeamMember.objects.filter(inspector__in=[inspector, bare]).exists()
    # The released paper names nobody: staff codes and the certificate's last four characters.
    assert {i.name for i in roster.inspectors} == {i.code for i in roster.inspectors}
    assert all(len(i.certificate) <= 4 for i in roster.inspectors)


# --- the public values -------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-c")
def test_one_person_typing_twice_does_not_count_as_two(at):
    draw = make_sealed_draw()
    planner = make_planner(draw.unit)
    at("2026-07-08 21:40")
    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=planner)

    with pytest.raises(Refused, match="一个人不能算两个人"):
        draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=planner)
    with pytest.raises(Refused, match="还差两人一致录入的公开随机数：七星彩第2026183期"):
        draw_actions.hold_draw(draw=draw, by=planner)


def test_a_value_is_not_taken_before_its_time(at):
    draw = make_sealed_draw()
    at("2026-07-08 09:59")

    with pytest.raises(Refused, match="七星彩第2026183期 7 月 8 日 10:00 开出，到时才能录入"):
        draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=make_planner(draw.unit))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("02,05,09,11,17", "号码应有 6 至 60 个"),
        ("05,02,09,11,17,20", "从小到大"),
        ("2,5,9,11,17,20", "两位数字"),
        (LOTTERY + "\n", "两位数字"),
    ],
)
def test_a_malformed_value_is_refused_with_the_reason(at, value, sentence):
    draw = make_sealed_draw()
    at("2026-07-08 21:40")

    with pytest.raises(Refused, match=sentence):
        draw_actions.enter_value(draw=draw, position=1, value=value, by=make_planner(draw.unit))


def test_a_source_that_was_not_announced_is_refused(at):
    draw = make_sealed_draw()
    at("2026-07-08 21:40")

    with pytest.raises(Refused, match="封存清单里没有这一项"):
        draw_actions.enter_value(draw=draw, position=2, value=LOTTERY, by=make_planner(draw.unit))


def test_two_different_values_name_the_place_and_both_type_anew(at):
    draw = make_sealed_draw()
    planner, approver = make_planner(draw.unit), make_approver(draw.unit)
    at("2026-07-08 21:40")
    wrong = LOTTERY.replace("11,", "14,")
    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=planner)
    draw_actions.enter_value(draw=draw, position=1, value=wrong, by=approver)

    sentence = "两人录入的第 4 个号码不同（11 / 14）。两人对照开奖公告，各自重新录入。"
    assert source_states(draw)[0].difference == sentence
    with pytest.raises(Refused, match="第 4 个号码不同"):
        draw_actions.hold_draw(draw=draw, by=planner)

    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=approver)
    assert source_states(draw)[0].agreed == LOTTERY
    with pytest.raises(Refused, match="已由两人一致录入并公开，不能再改"):
        draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=make_supervisor())


@pytest.mark.parametrize(
    ("kind", "first", "second", "sentence"),
    [
        (SourceKind.DICE, "3516243512", "3516243513", "第 10 个点数不同（2 / 3）"),
        (SourceKind.DICE, "3516243512", "35162435121", "点数个数不同（10 / 11）"),
        (SourceKind.DIGITS, "4071358", "4071368", "第 6 个号码不同（5 / 6）"),
        (SourceKind.LOTTERY, "03,07,11,18,25,30+09", "03,07,11,18,25,30+10", "第 7 个号码不同（09 / 10）"),
    ],
)
def test_a_difference_is_shown_where_it_is(kind, first, second, sentence):
    assert sentence in difference_of(kind, first, second)


def test_the_supervisor_may_be_one_of_the_two_and_nobody_outside(at):
    draw = make_sealed_draw()
    at("2026-07-08 21:40")
    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=make_supervisor())

    for other in (make_registrar(draw.unit), make_disclosure_officer(draw.unit), make_planner(make_unit("210503"))):
        with pytest.raises(Refused, match="公开随机数由本单位计划员、分管负责人或市执法队监督员录入"):
            draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=other)
    assert ValueEntry.objects.count() == 1


def test_who_typed_otherwise_is_not_named_among_those_who_agree(at):
    draw = make_sealed_draw()
    planner, approver, supervisor = make_planner(draw.unit), make_approver(draw.unit), make_supervisor()
    at("2026-07-08 21:40")
    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=planner)
    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY.replace("11,", "14,"), by=approver)
    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=supervisor)

    state = source_states(draw)[0]
    assert {entry.entered_by for entry in state.agreeing} == {planner, supervisor}
    assert [entry.entered_by for entry in state.differing] == [approver]
    shown = draw_pages.shown_states([state], planner)[0]
    assert approver.full_name not in shown.people
    assert shown.others == [approver.full_name]
    draw = draw_actions.hold_draw(draw=draw, by=planner)
    typed = [step for step in draw_record.record_facts(draw).steps if step.who == approver.full_name]
    assert [step.what for step in typed if "录入" in step.what] == [
        "录入七星彩第2026183期（与一致的号码不同，没有采用）"
    ]


# --- drawing -----------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-a", "七(二)-b", "七(二)-c", "七(四)-4")
def test_the_draw_picks_objects_and_teams_and_seals_the_result():
    draw = make_held_draw(key=8, general=10, special=2)
    texts = draw_actions.documents(draw)
    result = ssj1.parse_result(texts["RESULT"][0])

    assert draw.status == DrawStatus.DRAWN
    assert [e.kind for e in ChainEntry.objects.order_by("seq")] == ["FREEZE", "RESULT", "SLIPS"]
    assert {(p.facility.code, p.category, p.no, p.slot) for p in Pick.objects.select_related("facility")} == {
        (p.id, p.stratum.partition(".")[2], p.number, p.slot) for p in result.picks
    }
    assert Pick.objects.count() == sum(line.K for line in ssj1.parse_manifest(texts["MANIFEST"][0]).strata)
    for team in Team.objects.prefetch_related("members"):
        assert [m.is_leader for m in team.members.all()] == [True, False]


@pytest.mark.clause("七(二)-d")
def test_hold_draw_is_refused_the_second_time_and_leaves_one_audit_entry():
    draw = make_sealed_draw(values_agreed=True)
    planner = make_planner(draw.unit)
    draw_actions.hold_draw(draw=draw, by=planner)

    with pytest.raises(Refused, match="名单一经确定不得随意变更"):
        draw_actions.hold_draw(draw=draw, by=planner)

    assert AuditEntry.objects.filter(verb="plans.draw.held").count() == 1
    assert DrawDocument.objects.filter(kind="RESULT").count() == 1


@pytest.mark.promise("P03")
@pytest.mark.clause("七(二)-d")
def test_whoever_tries_to_draw_again_to_seal_again_or_to_type_another_value_is_in_the_trail():
    draw = make_held_draw()
    planner, approver = make_planner(draw.unit), make_approver(draw.unit)
    tries = [
        ("抽取", planner, lambda: draw_actions.hold_draw(draw=draw, by=planner)),
        ("抽取", approver, lambda: draw_actions.hold_draw(draw=draw, by=approver)),
        ("封存名单", approver, lambda: draw_actions.seal_draw(draw=draw, by=approver)),
        ("录入公开随机数", planner, lambda: draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=planner)),
        ("核对名单", planner, lambda: draw_actions.prepare_draw(plan=draw.plan, by=planner)),
    ]

    for _, _, attempt in tries:
        with pytest.raises(Refused):
            attempt()

    kept = AuditEntry.objects.filter(verb="plans.draw.refused").order_by("pk")
    assert [(e.details, e.actor, e.unit) for e in kept] == [({"tried": w}, who, draw.unit) for w, who, _ in tries]
    assert [e.about_key for e in kept] == [draw.draw_id] * 4 + [str(draw.plan.pk)]
    assert words_for(kept[0]) == "被拒绝的抽取操作：抽取"


def test_only_the_units_planner_draws_and_only_after_the_seal():
    draw = make_prepared_draw()
    with pytest.raises(Refused, match="名单还没有封存"):
        draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))

    for other in (make_approver(draw.unit), make_supervisor(), make_planner(make_unit("210503"))):
        with pytest.raises(Refused, match="只有本单位计划员"):
            draw_actions.hold_draw(draw=draw, by=other)


@pytest.mark.promise("P03")
def test_the_same_inputs_give_the_same_result():
    """Nothing is chosen at the draw: the RESULT is a function of what was sealed and of the public values."""
    draw = make_held_draw()
    texts = draw_actions.documents(draw)
    again = ssj1.hold_draw(
        manifest=texts["MANIFEST"][0],
        frames=texts["FRAME"],
        roster=texts["ROSTER"][0],
        secret=ssj1.parse_seed(texts["SEED"][0]).secret,
        values=[LOTTERY],
        drawn=ssj1.parse_result(texts["RESULT"][0]).drawn,
    )

    assert again.result_text == texts["RESULT"][0]


def test_dice_and_lottery_together_wait_for_both(at):
    draw = make_sealed_draw(
        sources=(
            (SourceKind.DICE, "明山区司法局见证人", timedelta(hours=1)),
            (SourceKind.LOTTERY, "七星彩第2026183期", timedelta(days=2)),
        )
    )
    planner = make_planner(draw.unit)
    at("2026-07-06 11:30")
    for person in (planner, make_approver(draw.unit)):
        draw_actions.enter_value(draw=draw, position=1, value=VALUES[SourceKind.DICE], by=person)

    with pytest.raises(Refused, match="七星彩第2026183期 7 月 8 日 10:00 才开出，由两人录入"):
        draw_actions.hold_draw(draw=draw, by=planner)


def test_nothing_is_drawn_before_the_announced_hour(at):
    """The hour is public so that people can watch; drawing earlier would shut them out."""
    plan = make_published_plan(draw_at=clock.now() + timedelta(days=3))
    draw = make_sealed_draw(plan=plan, values_agreed=True)
    planner = make_planner(draw.unit)

    with pytest.raises(Refused, match="公示的抽取时间是 7 月 9 日 10:00，到时才能抽取"):
        draw_actions.hold_draw(draw=draw, by=planner)
    at("2026-07-09 10:00")
    assert draw_actions.hold_draw(draw=draw, by=planner).status == DrawStatus.DRAWN


@pytest.mark.clause("七(五)-o")
def test_the_next_quarter_is_not_sealed_while_names_are_secret(at):
    """Comparing the public frames of two quarters (times, seen) would name every pick of the first."""
    draw = make_held_draw()
    quarter = Quarter(2026, 4)
    plan = make_published_plan(draw.unit, year=quarter.year, number=quarter.number, special=0)

    with pytest.raises(Refused, match=f"{draw.draw_id} 的名单 9 月 25 日 18:00 公开，公开以后才能核对和封存下一次抽取"):
        draw_actions.prepare_draw(plan=plan, by=make_planner(draw.unit))
    at("2026-09-25 18:00")
    draw_actions.release_draw(draw=draw)
    assert draw_actions.prepare_draw(plan=plan, by=make_planner(draw.unit)).status == DrawStatus.PREPARED


@pytest.mark.clause("七(二)-a")
def test_a_draw_after_the_tenth_is_held_all_the_same(at):
    at("2026-07-13 09:00")
    draw = make_held_draw()

    assert draw.status == DrawStatus.DRAWN
    assert draw.drawn_at.date().isoformat() == "2026-07-15"


@pytest.mark.clause("七(二)-a")
def test_drawing_closes_the_duty_of_the_tenth():
    draw = make_sealed_draw()
    duty = Duty.objects.get(rule="D-4", unit=draw.unit)
    assert (duty.role, duty.closed_at) == ("PLANNER", None)
    agree_on_values(draw)
    draw_actions.hold_draw(draw=draw, by=make_planner(draw.unit))

    duty.refresh_from_db()
    assert duty.closed_by == draw.draw_id


# --- releasing ---------------------------------------------------------------------------------------------------


def test_names_are_released_at_their_time_and_not_before(at):
    draw = make_held_draw()
    at("2026-09-25 17:59:59")
    assert draw_actions.release_due(clock.now()) == []
    with pytest.raises(Refused, match="名单 9 月 25 日 18:00 公开"):
        draw_actions.release_draw(draw=draw)

    at("2026-09-25 18:00")
    assert draw_actions.release_due(clock.now()) == [draw]
    assert draw_actions.release_due(clock.now()) == []
    draw.refresh_from_db()
    assert (draw.status, draw.released_at) == (DrawStatus.RELEASED, clock.now())


@pytest.mark.clause("一-f")
def test_the_worker_opens_the_names_at_the_promised_time_by_itself(at):
    draw = make_held_draw()
    assert "plans.tasks.release_due" in subjects.house().rounds

    at("2026-09-25 17:59")
    assert tasks.release_due() == 0
    at("2026-09-25 18:00")
    assert (tasks.release_due(), tasks.release_due()) == (1, 0)

    entry = AuditEntry.objects.get(verb="plans.draw.released")
    assert (entry.actor, entry.about_key) == (None, draw.draw_id)


@pytest.mark.clause("一-f")
@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-09-25 18:09", ""),
        ("2026-09-25 18:10", "逾期 10 分钟"),
        ("2026-09-25 20:30", "逾期 2 小时"),
        ("2026-09-27 18:00", "逾期 2 天"),
    ],
)
def test_names_that_the_worker_did_not_open_are_marked_for_staff_and_public(at, client, moment, words):
    draw = make_held_draw()
    at(moment)

    public = Client().get(f"/draws/{draw.draw_id}/").content.decode()
    client.force_login(make_planner(draw.unit))
    pages = [client.get(f"/desk/draws/{draw.draw_id}/"), client.get(f"/desk/draws/?unit={draw.unit.code}")]
    for page in (public, *(p.content.decode() for p in pages)):
        assert ("没有按时公开" in page) == bool(words)
        assert words in page
    assert ("名单逾期 2 天没有公开" in Client().get("/draws/").content.decode()) == (words == "逾期 2 天")


# --- what is left behind -----------------------------------------------------------------------------------------


@pytest.mark.clause("七(五)-o")
def test_the_trail_names_what_is_sealed_by_digest_only():
    draw = make_held_draw()
    trail = "\n".join(
        f"{e.verb} {e.about_key} {e.details}" for e in AuditEntry.objects.filter(pk__gt=_last_before_the_draw(draw))
    )

    for pick in Pick.objects.select_related("facility"):
        assert pick.facility.code not in trail
        assert pick.facility.name not in trail
        assert pick.ticket not in trail
    assert ssj1.parse_seed(draw_actions.documents(draw)["SEED"][0]).secret not in trail
    assert DrawDocument.objects.get(kind="RESULT").digest in trail


def _last_before_the_draw(draw):
    return AuditEntry.objects.filter(verb="plans.draw.prepared", about_key=draw.draw_id).get().pk


def test_a_picked_facility_is_seen_in_the_next_quarters_frame(at):
    draw = make_held_draw(key=4, general=0, special=0)
    picked = set(draw.picks.values_list("facility__code", flat=True))
    at("2026-10-08 09:00")
    plan = make_published_plan(draw.unit, key=0, general=0, special=0, inspectors=0)

    rows = next(s for s in frames.outlook(plan, clock.now()).strata() if s.category == Category.KEY).rows
    assert {row.id for row in rows if row.seen and row.times == 1} == picked


def test_a_source_keeps_its_place_from_the_plan_to_the_manifest():
    draw = make_sealed_draw(
        sources=(
            (SourceKind.LOTTERY, "七星彩第2026183期", timedelta(days=2)),
            (SourceKind.DIGITS, "体彩七星彩第26080期", timedelta(days=1)),
        )
    )

    assert [s.label for s in source_states(draw)] == list(
        PlanSource.objects.order_by("position").values_list("label", flat=True)
    )
