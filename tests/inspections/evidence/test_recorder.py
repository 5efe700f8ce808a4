"""执法记录仪: what ran when, what is missing and why, the register (七(五)-h, K14)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from inspections.evidence import actions, recordings
from inspections.evidence.keeping import kept_until
from inspections.models import Inspection, Mode, Outcome, Recorder, Recording, RecordingGap
from tests.browsing import html_of, post, post_and_follow, refused, signed_in, text_of
from tests.factories import make_inspector, make_planner, make_unit
from tests.inspections.factories import (
    answer_all,
    finish,
    make_finished,
    make_inspection,
    make_published,
    make_reviewed,
    make_started,
    start,
    team_of,
)

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
    finish(inspection)
    with refused("没有缺口"):
        actions.explain_gaps(inspection=inspection, reason="再写一次原因", by=who(inspection))


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
def test_who_reads_the_device_out_enters_each_file_once_until_the_review():
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
    reviewed = make_reviewed()
    with refused("已经审核"):
        enter(reviewed, 0, 1)


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
        from django.utils.timezone import localtime

        return f"{localtime(inspection.started_at + minutes * MINUTE):%Y-%m-%dT%H:%M}"

    assert "到现在没有中断" in text_of(client.get(page))
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
def test_evidence_is_kept_ten_years_and_thirty_where_a_case_came_of_it():
    inspection = make_published()
    ended = inspection.ended_at.date()
    assert kept_until(inspection, "PHOTO") == ended.replace(year=ended.year + 10)
    inspection.outcome = Outcome.CASE_FILED
    assert kept_until(inspection, "RECORDING") == ended.replace(year=ended.year + 30)
    assert kept_until(make_started(), "PHOTO") is None


def test_a_recorder_runs_once_at_a_time():
    inspection = begun()
    with refused("正在录"):
        actions.run_again(inspection=inspection, recorder_no="BX-MS-07", at=clock.now(), by=who(inspection))
    assert Recording.objects.filter(inspection=inspection).count() == 1
