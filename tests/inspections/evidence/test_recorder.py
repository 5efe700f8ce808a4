"""执法记录仪: what ran when, what is missing and why, the register (七(五)-h, K14)."""

import os
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.documents import files, looking
from benxi_shuangsuiji.documents.models import StoredFile
from benxi_shuangsuiji.notices.models import Duty
from inspections.evidence import actions, recordings
from inspections.evidence.keeping import kept_until
from inspections.models import Inspection, Mode, Outcome, Recorder, Recording, RecordingGap
from inspections.review import actions as reviewing
from inspections.visits.end_pages import recorder_checks
from tests.browsing import html_of, post, post_and_follow, refused, signed_in, text_of
from tests.factories import make_approver, make_inspector, make_planner, make_unit
from tests.inspections.evidence.test_photos import keep
from tests.inspections.factories import (
    answer_all,
    finish,
    make_finished,
    make_inspection,
    make_published,
    make_started,
    start,
    team_of,
)
from tests.journeys.people import OverHttp

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def begun(minutes=30, **fields) -> Inspection:
    """A visit begun so many minutes ago, the recorder on."""
    inspection = make_inspection(**fields)
    arrived = clock.now() - minutes * MINUTE
    return start(inspection, at=arrived, identity_shown_at=arrived)


def who(inspection):
    return team_of(inspection)[0].user


def enter(inspection, begin, end, name="MS07_0001.MP4", **changes):
    """A file of the device from so many minutes after arrival to so many."""
    return actions.enter_recording(
        **{
            "inspection": inspection,
            "recorder_no": "BX-MS-07",
            "starts_at": inspection.started_at + begin * MINUTE,
            "ends_at": inspection.started_at + end * MINUTE,
            "file_name": name,
            "by": who(inspection),
            **changes,
        }
    )


@pytest.mark.clause("七(五)-h")
def test_a_reason_given_while_nothing_runs_holds_until_something_runs_again(at):
    inspection = answer_all(begun())
    now, by = clock.now(), who(inspection)
    actions.stop(inspection=inspection, at=now - 20 * MINUTE, by=by)
    actions.explain_gaps(inspection=inspection, reason="记录仪没有电了", by=by)
    at(now + 10 * MINUTE)
    assert not recordings.unexplained(inspection, inspection.recordings.all(), clock.now())

    actions.run_again(inspection=inspection, recorder_no="BX-MS-07", at=now + 10 * MINUTE, by=by)
    at(now + 30 * MINUTE)
    actions.stop(inspection=inspection, at=now + 15 * MINUTE, by=by)
    later = recordings.unexplained(inspection, inspection.recordings.all(), clock.now())
    assert [(gap.start, gap.end) for gap in later] == [(now + 15 * MINUTE, now + 30 * MINUTE)]


@pytest.mark.clause("七(五)-h")
def test_of_two_recorders_that_run_the_one_named_stops():
    inspection = answer_all(begun())
    by, second = who(inspection), inspection.started_at + 5 * MINUTE
    actions.run_again(inspection=inspection, recorder_no="BX-MS-08", at=second, by=by)
    with refused("BX-MS-07、BX-MS-08都在录。写明停的是哪一台"):
        actions.stop(inspection=inspection, at=second + MINUTE, by=by)
    page = reverse("inspections:field-recorder", args=[inspection.no])
    answer = signed_in(by).get(page).content.decode()
    assert "记录仪 BX-MS-07 停了" in answer and "记录仪 BX-MS-08 停了" in answer
    stopped = {"recorder_no": "BX-MS-08", "at": f"{localtime(second + MINUTE):%Y-%m-%dT%H:%M}"}
    post_and_follow(signed_in(by), f"{page}stop/", **stopped)
    assert [r.recorder_no for r in inspection.recordings.filter(ends_at__isnull=True)] == ["BX-MS-07"]


@pytest.mark.clause("七(五)-h")
def test_the_recorder_runs_from_arrival_to_the_end_without_anybody_typing_it_again():
    inspection = begun()
    running = inspection.recordings.get()
    assert (running.starts_at, running.ends_at, running.recorder_no) == (inspection.started_at, None, "BX-MS-07")

    finish(answer_all(inspection))

    running.refresh_from_db()
    inspection.refresh_from_db()
    assert running.ends_at == inspection.ended_at


@pytest.mark.clause("七(五)-h")
def test_a_visit_with_a_gap_is_handed_in_only_with_its_reason():
    inspection = answer_all(begun())
    actions.stop(inspection=inspection, at=inspection.started_at + 10 * MINUTE, by=who(inspection))
    actions.run_again(
        inspection=inspection, recorder_no="BX-MS-07", at=inspection.started_at + 21 * MINUTE, by=who(inspection)
    )
    with refused("执法记录仪 .*—.* 没有录像，写明原因"):
        finish(inspection)
    with refused("原因写得太短"):
        actions.explain_gaps(inspection=inspection, reason="没电", by=who(inspection))

    (gap,) = actions.explain_gaps(inspection=inspection, reason="电池用尽，换了电池", by=who(inspection))

    assert (gap.starts_at, gap.ends_at) == (inspection.started_at + 10 * MINUTE, inspection.started_at + 21 * MINUTE)
    with refused("没有缺口"):
        actions.explain_gaps(inspection=inspection, reason="再写一次原因", by=who(inspection))
    finish(inspection)


@pytest.mark.clause("七(五)-h", "七(七)-k")
def test_what_the_devices_turn_out_not_to_hold_is_explained_even_after_the_review(client):
    """The recordings stay as they are; the reason comes with its author and its day, and the file can be bound."""
    inspection = finish(answer_all(begun()))
    enter(inspection, 0, 10)  # the device has ten minutes of thirty
    inspection = reviewing.review_result(inspection=inspection, by=make_approver(inspection.unit))
    team, page = who(inspection), f"/field/{inspection.no}/recorder/"
    client.force_login(team)
    assert "写明原因" in html_of(client.get(page))
    with refused("只有这次检查的检查小组成员"):
        actions.explain_gaps(inspection=inspection, reason="记录仪坏了，没有录到", by=make_planner(inspection.unit))
    post(client, f"{page}gap/", {"reason": "记录仪坏了，没有录到"})
    gap = inspection.recording_gaps.get()
    assert (gap.by, gap.starts_at) == (team, inspection.started_at + 10 * MINUTE)
    page = html_of(client.get(page))
    assert "记录仪坏了，没有录到" in page and ">写明原因<" not in page


def test_a_minute_between_two_files_is_no_gap_and_three_are():
    inspection = begun()
    end = inspection.started_at + 30 * MINUTE
    enter(inspection, 0, 10)
    enter(inspection, 11, 29, "MS07_0002.MP4")
    assert recordings.uncovered(inspection.recordings.all(), inspection.started_at, end) == []
    assert [str(g) for g in recordings.uncovered(inspection.recordings.all(), inspection.started_at, end + 4 * MINUTE)]


def test_what_the_device_holds_counts_once_it_has_been_read():
    """The spot said that it ran all the time; the device lacks the last twenty minutes."""
    inspection = begun()
    enter(inspection, -1, 10)
    with refused("没有录像，写明原因"):
        finish(answer_all(inspection))


@pytest.mark.clause("七(五)-h")
def test_who_reads_the_device_out_enters_each_file_once():
    inspection = make_finished()
    enter(inspection, 0, 30, ends_at=inspection.ended_at, sha256="A" * 64)
    assert recordings.is_complete(inspection)
    assert inspection.recordings.get(told="DEVICE").sha256 == "a" * 64
    with refused("已经登记"):
        enter(inspection, 0, 30, ends_at=inspection.ended_at)
    with refused("不在检查期间"):
        enter(inspection, -30, -20, "MS07_0009.MP4")
    with refused("晚于现在"):
        enter(inspection, 0, 600, "MS07_0009.MP4")
    with refused("早于开始"):
        enter(inspection, 5, 2, "MS07_0009.MP4")
    with refused("检查小组成员"):
        enter(inspection, 0, 1, "MS07_0009.MP4", by=make_inspector(inspection.unit, with_user=True).user)


def test_an_offsite_check_has_no_recorder():
    inspection = make_started(mode=Mode.OFFSITE)
    assert not inspection.recordings.exists()
    with refused("非现场检查没有"):
        enter(inspection, 0, 1)
    finish(answer_all(inspection))


def test_the_page_of_the_phone_stops_starts_explains_and_enters():
    inspection = begun()
    client = signed_in(who(inspection))
    page = reverse("inspections:field-recorder", args=[inspection.no])

    def moment(minutes):
        return f"{localtime(inspection.started_at + minutes * MINUTE):%Y-%m-%dT%H:%M}"

    assert "声明正在录" in text_of(client.get(page))
    assert "停止，已记下" in text_of(post_and_follow(client, f"{page}stop/", at=moment(10)))
    assert "没有在录" in text_of(post_and_follow(client, f"{page}stop/", at=moment(12)))
    run = post_and_follow(client, f"{page}run/", recorder_no="BX-MS-07", at=moment(21))
    assert "开始录，已记下" in text_of(run) and "没有录像，写明原因" in text_of(run)
    assert "原因已写明" in text_of(post_and_follow(client, f"{page}gap/", reason="进防爆区域，关机十分钟"))
    assert RecordingGap.objects.get(inspection=inspection).by == who(inspection)
    entered = post_and_follow(
        client,
        page,
        recorder_no="BX-MS-07",
        file_name="MS07_0001.MP4",
        starts_at=moment(0),
        ends_at=moment(10),
        sha256="",
    )
    assert "录像已登记" in text_of(entered) and "MS07_0001.MP4" in html_of(entered)
    wrong = post(client, page, recorder_no="x", file_name="y", starts_at=moment(0), ends_at=moment(1), sha256="kurz")
    assert "指纹是 64 位" in text_of(wrong)


def test_the_desk_says_what_is_missing():
    inspection = make_finished()
    desk = signed_in(make_planner(inspection.unit))
    assert "录像还没有登记" in text_of(desk.get(inspection.get_absolute_url()))
    recorders = reverse("inspections:recorder-list")
    assert "现场检查 1 次，录像从到场到结束齐全的 0 次" in text_of(desk.get(recorders))
    enter(inspection, 0, 30, ends_at=inspection.ended_at)
    assert "录像还没有登记" not in text_of(desk.get(inspection.get_absolute_url()))
    assert "齐全的 1 次" in text_of(desk.get(recorders))
    assert "齐全的" not in text_of(signed_in(who(inspection)).get(recorders))


@pytest.mark.clause("七(五)-h")
def test_two_recorders_in_turn_or_at_once_cover_a_visit_and_one_begun_after_the_arrival_leaves_its_start():
    inspection = begun()
    end = inspection.started_at + 30 * MINUTE

    def gaps():
        return [str(g) for g in recordings.uncovered(inspection.recordings.all(), inspection.started_at, end)]

    enter(inspection, 10, 20)
    assert len(gaps()) == 2  # before it and after it
    enter(inspection, 0, 12, "MS08_0001.MP4", recorder_no="BX-MS-08")
    assert len(gaps()) == 1
    enter(inspection, 5, 30, "MS08_0002.MP4", recorder_no="BX-MS-08")
    assert gaps() == []

    late = answer_all(begun())
    enter(late, 7, 30, "MS07_0007.MP4")
    begins = f"{localtime(late.started_at):%-H:%M}—{localtime(late.started_at + 7 * MINUTE):%-H:%M}"
    with refused(f"执法记录仪 {begins} 没有录像，写明原因"):
        finish(late)
    page = signed_in(who(late)).get(reverse("inspections:field-recorder", args=[late.no]))
    assert f"{begins} 没有录像，写明原因" in text_of(page)
    actions.explain_gaps(inspection=late, reason="到门口才发现没有开机", by=who(late))
    finish(late)
    desk = text_of(signed_in(make_planner(late.unit)).get(late.get_absolute_url()))
    assert "到门口才发现没有开机" in desk


# --- the register ------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(五)-h")
def test_a_unit_with_a_register_goes_out_only_with_a_device_of_its_own_in_use():
    unit = make_unit()
    keeper, planner = make_inspector(unit), make_planner(unit)
    actions.enter_recorder(unit=unit, no="BX-MS-01", keeper=keeper, by=planner)
    old = actions.enter_recorder(unit=unit, no="BX-MS-02", by=planner)
    actions.enter_recorder(
        unit=unit, no="BX-MS-02", in_use=False, why_not_in_use="镜头损坏送修", by=planner, recorder=old
    )
    inspection = make_inspection(unit)
    with refused("没有登记编号 BX-MS-07"):
        start(inspection)
    with refused("BX-MS-02 已停用：镜头损坏送修"):
        start(inspection, recorder_no="BX-MS-02")
    assert start(inspection, recorder_no="BX-MS-01").recorder_no == "BX-MS-01"


def test_the_planner_keeps_the_register_on_its_page():
    unit = make_unit()
    make_inspector(unit)
    client = signed_in(make_planner(unit))
    assert "还没有登记执法记录仪" in text_of(client.get(reverse("inspections:recorder-list")))
    new = reverse("inspections:recorder-new")
    said = post_and_follow(client, new, no="BX-MS-01", model="", serial="", keeper="", in_use="on", why_not_in_use="")
    assert "BX-MS-01 已登记" in text_of(said)
    assert "已有编号 BX-MS-01" in text_of(
        post(client, new, no="BX-MS-01", model="", serial="", keeper="", in_use="on", why_not_in_use="")
    )
    recorder = Recorder.objects.get()
    edit = reverse("inspections:recorder-edit", args=[recorder.pk])
    assert "停用原因写得太短" in text_of(post(client, edit, no="BX-MS-01", why_not_in_use=""))
    post(client, edit, no="BX-MS-01", why_not_in_use="交回采购单位")
    recorder.refresh_from_db()
    assert not recorder.in_use
    stranger = signed_in(make_planner(make_unit("210503")))
    assert stranger.get(edit).status_code == 404


# --- how long ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("四(3)-b")
@pytest.mark.parametrize(("kind", "years"), [("PHOTO", 10), ("SCAN", 10), ("SAMPLE", 10), ("RECORDING", 0.5)])
def test_evidence_is_kept_by_its_kind_and_thirty_years_where_a_case_came_of_it(kind, years):
    inspection = make_published()
    ended = localtime(inspection.ended_at).date()
    assert kept_until(inspection, kind) == (ended.replace(year=ended.year + 10) if years == 10 else date(2027, 1, 6))
    for outcome in (Outcome.CASE_FILED, Outcome.TRANSFERRED, Outcome.TRANSFERRED_CRIMINAL):
        inspection.outcome = outcome
        assert kept_until(inspection, kind) == ended.replace(year=ended.year + 30)
    assert kept_until(make_started(), kind) is None


@pytest.mark.clause("四(3)-b")
def test_no_round_and_nobody_deletes_evidence_when_its_day_is_over(at):
    """The day is shown; destroying needs the archive's approval, and there is no act for it (docs/decisions/0027)."""
    inspection = make_published()
    photo_of = keep(inspection, taken_at=inspection.ended_at)
    moment = clock.now().timestamp() - 86_400 * 365 * 40
    os.utime(files.path_of(photo_of.sha256), (moment, moment))
    at("2070-01-01 01:30")
    assert looking.look_over().removed == 0 and files.read(photo_of.file)
    for rows in (inspection.evidence.all(), inspection.recordings.all(), StoredFile.objects.all()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.delete()


def test_a_recorder_runs_once_at_a_time():
    inspection = begun()
    with refused("正在录"):
        actions.run_again(inspection=inspection, recorder_no="BX-MS-07", at=clock.now(), by=who(inspection))
    assert Recording.objects.filter(inspection=inspection).count() == 1


@pytest.mark.clause("七(五)-h")
def test_the_leader_has_to_read_the_recorder_out_within_days_of_the_visit():
    inspection = finish(answer_all(begun()))
    duty = Duty.objects.open().get(rule="READOUT")
    days = policy.on(clock.today()).recommended.recording_read_within_workdays
    assert (duty.person, duty.period, duty.workdays) == (who(inspection), inspection.no, days)
    assert duty.counted_from == clock.today() and inspection.facility.name not in duty.title
    enter(inspection, 0, 30)
    assert not Duty.objects.open().filter(rule="READOUT").exists()


@pytest.mark.clause("七(五)-h")
@pytest.mark.parametrize("ending", ["read", "said"])
def test_what_was_not_read_out_before_the_review_is_read_out_after_it_or_said_to_be_unreadable(ending):
    """The result may be reviewed sooner than the days for reading out are over: the to-do leads to an end all the same."""
    inspection = finish(answer_all(begun()))
    reviewing.review_result(inspection=inspection, by=make_approver(inspection.unit))
    inspection.refresh_from_db()
    assert Duty.objects.open().get(rule="READOUT").period == inspection.no
    page = reverse("inspections:field-recorder", args=[inspection.no])
    leader = OverHttp(who(inspection)).open(page)
    leader.sees("录像还没有从记录仪读出")
    if ending == "read":
        enter(inspection, 0, 30, name="MS07_0003.MP4")
        with refused("从到场到结束的录像都登记了，不能再改"):
            enter(inspection, 0, 30, name="MS07_0004.MP4")
    else:
        leader.press("写明原因", reason="短").sees("原因写得太短")
        leader.press("写明原因", reason="存储卡损坏，送修以后仍读不出").sees("没有录像的原因已写明")
        gap = inspection.recording_gaps.get()
        assert (gap.starts_at, gap.ends_at) == (inspection.there_since, inspection.ended_at)
        assert not recordings.is_complete(inspection)  # K14 counts what the devices hold
        with refused("没有缺口"):
            actions.explain_gaps(inspection=inspection, reason="再写一次原因", by=who(inspection))
    assert not Duty.objects.open().filter(rule="READOUT").exists()
    assert "录像还没有从记录仪读出" not in leader.open(page).answer.content.decode()


def test_a_visit_without_a_recorder_or_with_its_files_entered_leaves_nothing_to_read_out():
    early = begun()
    enter(early, 0, 10)
    finish(answer_all(early), at=early.started_at + 10 * MINUTE)
    without = start(make_inspection(), recorder_no="", no_recorder_because="记录仪送修")
    finish(answer_all(without))
    assert not Duty.objects.filter(rule="READOUT").exists()


@pytest.mark.clause("七(五)-h")
@pytest.mark.parametrize("no", ["<b>x</b>乱写", "BX MS 07", "记录仪", "A-B", "07;"])
def test_what_cannot_be_a_number_is_refused_at_every_door(no):
    """A visit stood with a recorder `<b>x</b>乱写` and a green tick beside it (issue 16, a stranger's day)."""
    with refused("由字母、数字和连字符组成"):
        start(make_inspection(), recorder_no=no)
    inspection = begun()
    now, by = clock.now(), who(inspection)
    with refused("由字母、数字和连字符组成"):
        actions.run_again(inspection=inspection, recorder_no=no, at=now, by=by)
    finish(answer_all(inspection))
    with refused("由字母、数字和连字符组成"):
        enter(inspection, 0, 1, recorder_no=no)
    planner = make_planner(inspection.unit)
    page = reverse("inspections:recorder-new") + f"?unit={inspection.unit.code}"
    assert "由字母、数字和连字符组成" in text_of(post(signed_in(planner), page, no=no, in_use="on"))
    assert not Recorder.objects.exists()


@pytest.mark.clause("七(五)-h")
def test_the_box_of_the_phone_asks_the_same_and_a_unit_with_a_register_its_own_numbers():
    """Without a network nothing is refused later that the phone could have refused; devices of before keep their number."""
    inspection = make_inspection()
    page = reverse("inspections:field-arrive", args=[inspection.no])
    client = signed_in(who(inspection))
    assert 'pattern="(?=.*[0-9])[A-Za-z0-9\\-]+"' in html_of(client.get(page))
    Recorder.objects.create(unit=inspection.unit, no="明山 7")
    assert "pattern=" not in html_of(client.get(page))
    assert start(inspection, recorder_no="明山 7").recorder_no == "明山 7"


@pytest.mark.clause("七(五)-h")
def test_what_nobody_has_read_out_is_called_a_declaration_and_never_ticked():
    inspection = begun()
    client = signed_in(who(inspection))
    lines = recorder_checks(inspection)
    assert [line["state"] for line in lines] == [""] and "检查人员声明" in lines[0]["text"]
    finish(answer_all(inspection))
    page = text_of(client.get(reverse("inspections:field-recorder", args=[inspection.no])))
    assert "声明，还没有读出" in page
    enter(Inspection.objects.get(pk=inspection.pk), 0, 30)
    line = recorder_checks(Inspection.objects.get(pk=inspection.pk))[0]
    assert "从记录仪读出登记" in line["text"] and line["state"] == ""
