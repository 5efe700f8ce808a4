"""Packages to the platform: made from the rows, handed over once, acknowledged, made again (五-4h, 七(二)-h, 七(五)-m)."""

import hashlib
import json
import re

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.machine.standalone import ROOT
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import actions, incoming, leading, pages, records
from inspections.models import ExchangeRecord, PlatformDifference, PlatformTask
from tests.browsing import enter, post_and_follow, refused, signed_in, text_of
from tests.factories import make_planner, make_unit
from tests.inspections.exchange.factories import connect, dispatched_now, map_codes, opened, pack, task_there, told
from tests.inspections.factories import (
    answer_all,
    finish,
    make_dispatched,
    make_finished,
    make_inspection,
    start,
)

pytestmark = pytest.mark.django_db


def test_nothing_goes_out_before_the_lead_office_says_so_and_nothing_of_before():
    unit = make_unit()
    planner, old = make_planner(unit), make_inspection(unit)
    with pytest.raises(Refused, match="还没有启用"):
        actions.make(unit=unit, by=planner)
    connect()
    map_codes(unit)
    assert records.waiting(unit, records.Codes()) == [] and leading.words_on(old) == ""
    with pytest.raises(Refused, match="没有待上传的内容"):
        actions.make(unit=unit, by=planner)


@pytest.mark.clause("五-4h", "七(二)-h")
def test_a_dispatched_check_goes_out_as_task_and_team_with_the_codes_of_both_sides(unit, planner):
    check = dispatched_now(unit)
    package, content = actions.make(unit=unit, by=planner)
    files = opened(content)
    manifest = json.loads(files["manifest.json"])
    assert manifest["package"] == package.number == f"BXS-{unit.code}-000001" and manifest["previous"] is None
    assert package.digest == hashlib.sha256(files["manifest.json"]).hexdigest()
    (task,), (team,) = told(content, "tasks"), told(content, "teams")
    assert (task["task"], task["state"], task["facility"]["code"]) == (check.no, "ISSUED", check.facility.code)
    assert [item["mep"] for item in task["items"]] == ["SX-101", "SX-201"]
    people = {m.certificate_no for m in check.members.all()}
    assert {m["certificate_no"] for m in team["members"]} == people and team["members"][0]["leader"]
    assert set(package.lines.values_list("kind", "key", "state")) == {
        ("tasks", check.no, "EXPORTED"),
        ("teams", check.no, "EXPORTED"),
    }
    with pytest.raises(Refused, match="没有待上传"):
        actions.make(unit=unit, by=planner)  # what is on its way is not sent twice


@pytest.mark.clause("七(二)-h")
def test_what_a_draw_dispatches_goes_out_whole(at):
    unit = make_unit()
    at(clock.now())
    connect()
    map_codes(unit)
    checks = make_dispatched(unit)
    lines = records.waiting(unit, records.Codes())
    assert {line.key for line in lines if line.kind == "tasks"} == {check.no for check in checks}
    assert {line.record["reason"] for line in lines if line.kind == "tasks"} == {checks[0].draw.draw_id}


def test_a_code_without_a_counterpart_is_named_and_nothing_goes_out(unit, planner):
    dispatched_now(unit, points=[("Z09", "新事项", 1, "要点")])
    with pytest.raises(Refused, match="没有移动执法平台的编号：抽查事项 Z09。"):
        actions.make(unit=unit, by=planner)
    assert not ExchangeRecord.objects.exists()


@pytest.mark.clause("七(五)-m")
def test_the_clock_of_the_upload_runs_until_the_platform_has_acknowledged(unit, planner):
    check = dispatched_now(unit)
    actions.make(unit=unit, by=planner)
    check = finish(answer_all(start(check)))
    duty = Duty.objects.get(rule="D-10", period=check.no)
    assert duty.closed_at is None and duty.url.startswith("/desk/exchange/")
    package, content = actions.make(unit=unit, by=planner)
    (result,) = told(content, "results")
    assert result["outcome"] == {"bxs": "NO_ISSUE", "mep": "JG-1", "name": "未发现问题"}
    assert {a["answer"] for a in result["answers"]} == {"NONE_FOUND"}
    assert Duty.objects.get(pk=duty.pk).closed_at is None  # sent is not yet there
    row = package.lines.get(kind="results")
    with pytest.raises(Refused, match="退回的原因写得太短"):
        actions.settle(record=row, accepted=False, number="", reason="", by=planner)
    actions.settle(record=row, accepted=False, number="", reason="签名没有上传", by=planner)
    assert Duty.objects.get(pk=duty.pk).closed_at is None
    again, content = actions.make(unit=unit, by=planner)
    assert told(content, "results")[0]["record_version"] == 1  # the same again
    assert ExchangeRecord.objects.get(pk=row.pk).state == "AGAIN"
    actions.answer(package=again, accepted=True, reason="", by=planner)
    assert Duty.objects.get(pk=duty.pk).closed_by == "移动执法平台已确认收到检查情况"


@pytest.mark.clause("七(五)-m")
def test_without_the_platform_the_record_that_is_handed_in_is_the_upload():
    check = make_finished()
    assert Duty.objects.get(rule="D-10", period=check.no).closed_by == "检查情况已上传"


@pytest.mark.clause("七(五)-m")
def test_a_check_of_before_the_connection_is_uploaded_when_it_is_handed_in(unit, planner):
    """No package speaks of it, so nobody would ever acknowledge it."""
    check = finish(answer_all(start(make_inspection(unit))))
    assert Duty.objects.get(rule="D-10", period=check.no).closed_by == "检查情况已上传"
    with pytest.raises(Refused, match="没有待上传的内容"):
        actions.make(unit=unit, by=planner)


def test_when_the_connection_ends_what_was_handed_in_is_uploaded(unit):
    check = finish(answer_all(start(dispatched_now(unit))))
    connect(in_use=False)
    assert Duty.objects.get(rule="D-10", period=check.no).closed_at


def test_what_changes_goes_out_as_a_later_version(unit, planner):
    check = dispatched_now(unit)
    actions.make(unit=unit, by=planner)
    type(check).objects.filter(pk=check.pk).update(finish_by="2026-09-10")
    _, content = actions.make(unit=unit, by=planner)
    (task,) = told(content, "tasks")
    assert (task["record_version"], task["finish_by"]) == (2, "2026-09-10") and told(content, "teams") == []


@pytest.mark.clause("五-4h")
@pytest.mark.parametrize("dispatch", ["BXS", "MEP"])
def test_where_the_platform_leads_tasks_our_dispatch_is_a_proposal_until_its_number_arrives(dispatch):
    unit = make_unit()
    connect(tasks="MEP", dispatch=dispatch)
    map_codes(unit)
    planner, check = make_planner(unit), dispatched_now(unit)
    package, content = actions.make(unit=unit, by=planner)
    assert told(content, "tasks")[0]["state"] == told(content, "teams")[0]["state"] == "PROPOSED"
    assert "等平台编号，派发是建议" in leading.words_on(check)
    pages = [reverse(f"inspections:{name}", args=[check.no]) for name in ("task-trace", "task-swaps")]
    for page in pages:
        assert "派发只是建议" in text_of(signed_in(planner).get(page)), page
    with pytest.raises(Refused, match="还没有平台编号，派发只是建议"):
        start(check)
    row = package.lines.get(kind="tasks")
    actions.settle(record=row, accepted=True, number="PT-1", reason="", by=planner)
    check = type(check).objects.get(pk=check.pk)
    assert leading.words_on(check).startswith("PT-1　任务以移动执法平台为准")
    for page in pages:
        assert "派发只是建议" not in text_of(signed_in(planner).get(page)), page
    _, content = actions.make(unit=unit, by=planner)  # before anybody goes there
    (task,), (team,) = told(content, "tasks"), told(content, "teams")
    assert (team["state"], team["record_version"]) == ("ISSUED", 2)
    assert start(check).started_at
    assert (task["state"], task["platform_task"], task["record_version"]) == ("ISSUED", "PT-1", 2)


@pytest.mark.clause("五-4h")
def test_where_the_platform_hands_out_and_said_another_team_ours_is_a_proposal_till_somebody_decided():
    """Both sides had a team that was handed out, and each another one (docs/exchange 3.3)."""
    unit = make_unit()
    connect(dispatch="MEP")
    map_codes(unit)
    planner, _ = make_planner(unit), dispatched_now(unit)
    _, content = actions.make(unit=unit, by=planner)
    task, team = told(content, "tasks")[0], told(content, "teams")[0]
    number = {"platform_task": "PT-1", "record_version": 1}
    theirs = {**team, **number, "key": "PT-1", "state": "ISSUED", "members": team["members"][:1]}
    incoming.take(
        content=pack(unit, 1, tasks=[{**task, **number, "key": "PT-1", "state": "ISSUED"}], teams=[theirs]), by=planner
    )
    difference = PlatformDifference.objects.get(kind="teams", state="OPEN")
    _, content = actions.make(unit=unit, by=planner)
    assert [team["state"] for team in told(content, "teams")] in ([], ["PROPOSED"])
    actions.decide(difference=difference, ours=True, words="证件有效，照本系统的派", by=planner)
    _, content = actions.make(unit=unit, by=planner)
    assert [team["state"] for team in told(content, "teams")] == ["ISSUED"]


def test_a_number_belongs_to_one_check_for_good(unit, planner):
    first, second = dispatched_now(unit), dispatched_now(unit)
    package, _ = actions.make(unit=unit, by=planner)
    rows = {row.key: row for row in package.lines.filter(kind="tasks")}
    actions.settle(record=rows[first.no], accepted=True, number="PT-1", reason="", by=planner)
    with pytest.raises(Refused, match="已经对应另一次检查"):
        actions.settle(record=rows[second.no], accepted=True, number="PT-1", reason="", by=planner)
    assert PlatformTask.objects.get().inspection == first


def test_a_lost_package_is_made_again_with_everything_after_it(unit, planner):
    first = dispatched_now(unit)
    lost, _ = actions.make(unit=unit, by=planner)
    second = dispatched_now(unit)
    after, _ = actions.make(unit=unit, by=planner)
    made, content = actions.make_again(package=lost, by=planner)
    manifest = json.loads(opened(content)["manifest.json"])
    assert manifest["supersedes"] == [lost.number, after.number] and manifest["previous"] == after.number
    assert {(t["task"], t["record_version"]) for t in told(content, "tasks")} == {(first.no, 1), (second.no, 1)}
    lost = type(lost).objects.get(pk=lost.pk)
    assert (lost.state, lost.replaced_by) == ("REPLACED", made)
    with pytest.raises(Refused, match=f"已由 {made.number} 代替，不用重传"):
        actions.make_again(package=lost, by=planner)
    actions.answer(package=made, accepted=True, reason="", by=planner)
    assert set(ExchangeRecord.objects.values_list("state", flat=True)) == {"AGAIN", "ACCEPTED"}


def test_a_package_before_an_acknowledged_one_was_not_lost(unit, planner):
    dispatched_now(unit)
    first, _ = actions.make(unit=unit, by=planner)
    dispatched_now(unit)
    second, _ = actions.make(unit=unit, by=planner)
    actions.answer(package=second, accepted=True, reason="", by=planner)
    with pytest.raises(Refused, match="后面的包平台已经确认"):
        actions.make_again(package=first, by=planner)


def test_a_package_is_encrypted_to_the_key_of_the_platform(unit, planner):
    import pyrage

    with pytest.raises(Refused, match="公钥不对"):
        connect(key="age1nothing")
    mine = pyrage.x25519.Identity.generate()
    connect(key=str(mine.to_public()))
    check = dispatched_now(unit)
    _, content = actions.make(unit=unit, by=planner)
    assert content[:2] != b"PK" and check.no.encode() not in content
    assert told(pyrage.decrypt(content, [mine]), "tasks")[0]["task"] == check.no


def test_only_the_planner_of_the_unit_makes_one(unit):
    with pytest.raises(Refused, match="只有本单位的计划员"):
        actions.make(unit=unit, by=make_planner(make_unit("210503")))


@pytest.mark.parametrize(
    ("kind", "ours", "theirs", "sentence"),
    [
        ("ITEM", "Z99", "SX-1", "本系统没有抽查事项 Z99"),
        ("OUTCOME", "NO_ISSUE", "JG-99", "NO_ISSUE 已经对应 JG-1"),
        ("UNIT", "other", "DW", "本系统没有单位 other"),
        ("OUTCOME", "JG-1", "NO_ISSUE", "两边的编号写反了：NO_ISSUE 是本系统的检查结果（未发现问题）"),
        ("OUTCOME", "no_issue", "JG-1", "本系统的编号用大写字母：NO_ISSUE"),
    ],
)
def test_a_code_is_paired_once_on_both_sides(unit, kind, ours, theirs, sentence):
    from tests.factories import make_lead_office

    with pytest.raises(Refused, match=sentence):
        actions.add_code(kind=kind, ours=ours, theirs=theirs, by=make_lead_office())


@pytest.mark.clause("五-4h")
def test_where_the_platform_took_the_whole_package_the_number_is_entered_after_it(client):
    """A word on the whole package has no number in it, and without one nobody may begin."""
    unit = make_unit()
    connect(tasks="MEP")
    map_codes(unit)
    planner, check = make_planner(unit), dispatched_now(unit)
    package, _ = actions.make(unit=unit, by=planner)
    actions.answer(package=package, accepted=True, reason="", by=planner)
    desk = enter(client, planner)
    page = desk.get(reverse("inspections:exchange"), {"unit": unit.code})
    (row,) = page.context["without_number"]
    address = reverse("inspections:exchange-record", args=[row.pk])
    assert row.inspection == check and address in page.content.decode()
    assert "写平台编号" not in text_of(desk.get(address))
    assert "平台编号只有字母" in text_of(post_and_follow(desk, address, number="编号 一"))
    assert "已登记平台的回复" in text_of(post_and_follow(desk, address, number="PT-7"))
    check = type(check).objects.get(pk=check.pk)
    assert leading.number_of(check) == "PT-7" and start(check).started_at
    assert desk.get(reverse("inspections:exchange"), {"unit": unit.code}).context["without_number"] == []
    with refused("这条记录已确认，不再登记回执"):
        actions.settle(record=row, accepted=True, number="PT-8", reason="", by=planner)


@pytest.mark.clause("五-4h")
@pytest.mark.parametrize("code", ["210504", "2105GX"])
def test_every_unit_of_the_city_has_packages_by_the_schema(code):
    unit = make_unit(code)
    connect()
    map_codes(unit)
    planner = make_planner(unit)
    dispatched_now(unit)
    _, content = actions.make(unit=unit, by=planner)
    schema = json.loads((ROOT / "docs/exchange/schema.json").read_text())
    manifest = json.loads(opened(content)["manifest.json"])
    for name, value in (("package", manifest["package"]), ("unit", manifest["unit"])):
        shape = schema["$defs"]["manifest"]["properties"][name]
        pattern = shape.get("pattern") or schema["$defs"]["package"]["pattern"]
        assert re.fullmatch(pattern, value), (name, value)
    assert incoming.take(content=pack(unit, 1, tasks=[task_there(unit)]), by=planner).tasks == 1


@pytest.mark.clause("七(五)-m")
def test_the_word_on_a_whole_package_stands_once_and_that_on_a_record_at_the_record(unit, planner):
    """The whole sentence was repeated at each of its records, so nobody saw which one had words of its own."""
    dispatched_now(unit)
    package, _ = actions.make(unit=unit, by=planner)
    actions.settle(record=package.lines.get(kind="teams"), accepted=False, number="", reason="执法证过期", by=planner)
    actions.answer(package=package, accepted=False, reason="前面还缺包", by=planner)
    assert dict(package.lines.values_list("kind", "reason")) == {"tasks": "随整个包退回", "teams": "执法证过期"}
    page = signed_in(planner).get(reverse("inspections:exchange-package", args=[package.number]))
    assert [text_of(page).count(words) for words in ("前面还缺包", "随整个包退回", "执法证过期")] == [1, 1, 1]
    package.refresh_from_db()
    # Of before: each record had the words on the whole.
    package.lines.filter(kind="tasks").update(reason="前面还缺包")
    assert {row.kind: row.said for row in pages.lines_of(package)} == {"tasks": "随整个包退回", "teams": "执法证过期"}
