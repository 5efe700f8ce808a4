"""Back from the platform: taken whole or not at all, a sentence for each refusal, differences before a person (issue 17)."""

import json
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.packages import BadPackage
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import acks, actions, incoming, records, taking_up
from inspections.models import (
    Answer,
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    PlatformDifference,
    PlatformTask,
)
from inspections.trace import events
from inspections.visits import actions as visits
from tests.browsing import signed_in, text_of
from tests.factories import make_facility, make_unit
from tests.inspections.exchange.factories import (
    ITEMS,
    ack,
    dispatched_now,
    number,
    opened,
    pack,
    task_there,
    told,
    zipped,
)
from tests.inspections.factories import answer_all, finish, make_inspection, start

pytestmark = pytest.mark.django_db


def everything():
    """What an import may change."""
    tables = (ExchangePackage, ExchangeRecord, PlatformTask, PlatformDifference, Inspection)
    duties = Duty.objects.exclude(
        rule="PANSWER"
    )  # that the platform is told why is not of the package (test_refused.py)
    return [list(table.objects.order_by("pk").values()) for table in tables] + [list(duties.order_by("pk").values())]


def named(check, number, record):
    """Our own record as the platform sends it back."""
    return {**record, "key": number, "task": check.no, "platform_task": number, "record_version": 1}


# Refusals: (what is sent, code, sentence)

REFUSALS = {
    "no zip": (lambda u, f: b"PK no package", "BROKEN", "不是完整的 zip"),
    "an encrypted file": (lambda u, f: b"age-encryption.org/v1\n-> X25519 a", "BROKEN", "这是用 age 加密的文件"),
    "no manifest": (lambda u, f: zipped({"tasks.jsonl": b"{}\n"}), "BROKEN", "没有 manifest.json"),
    "another format": (
        lambda u, f: pack(u, 1, change={"format": "OTHER"}),
        "VERSION",
        '包的格式不认识（写的是 "OTHER"）',
    ),
    "an unknown version": (lambda u, f: pack(u, 1, change={"version": 2}), "VERSION", "包的版本不认识（写的是 2）"),
    "a version that is text": (
        lambda u, f: pack(u, 1, change={"version": "1"}),
        "VERSION",
        '包的版本不认识（写的是 "1"）',
    ),
    "a key too many in the manifest": (
        lambda u, f: pack(u, 1, change={"colour": 1}),
        "BROKEN",
        "manifest.json 多了键 colour。",
    ),
    "an older version": (lambda u, f: pack(u, 1, change={"version": 0}), "VERSION", "包的版本不认识（写的是 0）"),
    "a manifest out of form": (
        lambda u, f: pack(u, 1, change={"made_at": "now"}),
        "BROKEN",
        "manifest.json 的 made_at",
    ),
    "a changed byte": (lambda u, f: changed(pack(u, 1, tasks=[task_there(u, f)])), "CHANGED", "指纹不符"),
    "a wrong size": (lambda u, f: resized(pack(u, 1, tasks=[task_there(u, f)])), "CHANGED", "大小或行数和清单不符"),
    "a file too many": (lambda u, f: pack(u, 1, more={"teams.jsonl": b"{}\n"}), "CHANGED", "多了或者少了"),
    "a strange file": (lambda u, f: pack(u, 1, more={"../run.sh": b"x"}), "CHANGED", "不认识的成员"),
    "a file too few": (lambda u, f: lost(pack(u, 1, tasks=[task_there(u, f)])), "CHANGED", "多了或者少了"),
    "a bomb": (lambda u, f: pack(u, 1, more={"tasks.jsonl": b"0" * 20_000_000}), "BROKEN", "压缩得过分"),
    "a key twice": (lambda u, f: raw(u, b'{"a":1,"a":1}\n'), "BROKEN", "tasks.jsonl 第 1 行不是约定的 JSON"),
    "half a line": (lambda u, f: raw(u, b'{"a":1}'), "BROKEN", "最后一行没有换行"),
    "a deep nest": (lambda u, f: raw(u, b"[" * 99 + b"]" * 99 + b"\n"), "BROKEN", "嵌套超过 20 层"),
    "no number": (lambda u, f: raw(u, b'{"a":NaN}\n'), "BROKEN", "不是约定的 JSON"),
    "another encoding": (lambda u, f: raw(u, "{}\n".encode("utf-16")), "BROKEN", "不是 UTF-8"),
    "a field out of form": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f, finish_by="soon")]),
        "BROKEN",
        "tasks.jsonl 第 1 行的 finish_by 写法不对",
    ),
    "a field too many": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f, more=1)]),
        "BROKEN",
        "tasks.jsonl 第 1 行多了键 more",
    ),
    "a record twice": (lambda u, f: pack(u, 1, tasks=[task_there(u, f)] * 2), "BROKEN", "前面已经有一行"),
    "our own": (
        lambda u, f: pack(u, 1, change={"sender": "BXS", "receiver": "MEP"}),
        "ADDRESS",
        "不是移动执法平台发给本系统的",
    ),
    "of another unit": (lambda u, f: pack(make_unit("210503"), 1), "ADDRESS", "不是发给本单位的"),
    "too early": (lambda u, f: pack(u, 2), "ORDER", "前面的包 MEP-210504-000001 还没有导入"),
    "a wrong previous": (lambda u, f: pack(u, 3, previous=number(u, 1)), "ORDER", "上一个包不对"),
    "an unknown unit": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f, unit={"bxs": None, "mep": "XX", "name": ""})]),
        "UNKNOWN_CODE",
        "单位的平台编号 XX 没有对照",
    ),
    "an unknown item": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f, items=[{"bxs": None, "mep": "SX-9", "name": ""}])]),
        "UNKNOWN_CODE",
        "抽查事项的平台编号 SX-9 没有对照",
    ),
    "an item that is two": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f, items=[{"bxs": "B01", "mep": "SX-101", "name": ""}])]),
        "UNKNOWN_CODE",
        "和对照不一致",
    ),
    "a draw of theirs": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f, source="DRAW")]),
        "NOT_YOURS",
        "抽取只在本系统办理",
    ),
    "a day that is none": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f, finish_by="2026-02-30")]),
        "BROKEN",
        "tasks.jsonl 第 1 行的 finish_by 没有这一天",
    ),
    "ended before it began": (lambda u, f: result_of(u, f, ended_at=8), "BROKEN", "结束时间早于到达时间"),
    "handed in before it ended": (lambda u, f: result_of(u, f, handed_in_at=9), "BROKEN", "交齐时间早于结束时间"),
    "a result of the future": (lambda u, f: result_of(u, f, handed_in_at=24 * 365), "BROKEN", "还没有到的时间"),
    "begun before it was handed out": (
        lambda u, f: result_of(u, f, started_at=6),
        "BROKEN",
        "到达时间早于任务派发的时间",
    ),
    "a check that is not there": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f, task="210504-2026Q3-9999")]),
        "UNKNOWN_TASK",
        "本单位没有检查",
    ),
    "a team of no task": (
        lambda u, f: pack(u, 1, teams=[team_there("PT-7")]),
        "UNKNOWN_TASK",
        "说的任务没有收到过",
    ),
    "a stranger": (
        lambda u, f: pack(u, 1, tasks=[task_there(u, f)], teams=[team_there("PT-0815")]),
        "UNKNOWN_PERSON",
        "名录里没有执法证号 DEMO9",
    ),
    "an answer to nothing": (lambda u, f: pack(u, 1, acks=[ack("BXS-210504-000009")]), "OTHER", "不是本单位导出的"),
}


def result_of(unit, facility, **hours) -> bytes:
    """A task of the platform, handed out at seven yesterday, with its result of nine to ten: all by the hours of yesterday."""
    midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)

    def at(hour):
        return (midnight + timedelta(hours=hour)).isoformat()

    result = {
        "key": "PT-0815",
        "record_version": 1,
        "task": None,
        "platform_task": "PT-0815",
        "mode": "ONSITE",
        "outcome": {"bxs": None, "mep": "JG-1", "name": ""},
        "finding": "",
        "measures": "",
        "rectify_by": None,
        "answers": [],
        **{name: at(hour) for name, hour in {"started_at": 9, "ended_at": 10, "handed_in_at": 11, **hours}.items()},
    }
    task = task_there(unit, facility, dispatched_at=at(7), finish_by=at(24 * 30)[:10])
    return pack(unit, 1, tasks=[task], results=[result])


def changed(content: bytes) -> bytes:
    files = opened(content)
    files["tasks.jsonl"] = files["tasks.jsonl"].replace(b"2026-09-20", b"2026-09-21")
    return zipped(files)


def resized(content: bytes) -> bytes:
    files = opened(content)
    told = json.loads(files["manifest.json"])
    told["files"][0]["size"] += 1
    return zipped({**files, "manifest.json": json.dumps(told).encode()})


def lost(content: bytes) -> bytes:
    return zipped({name: data for name, data in opened(content).items() if name == "manifest.json"})


def raw(unit, line: bytes) -> bytes:
    return pack(unit, 1, more={"tasks.jsonl": line})


def team_there(number) -> dict:
    person = {"code": "", "name": "某", "certificate_no": "DEMO9", "certificate_to": None, "leader": True}
    ids = {"key": number, "record_version": 1, "task": None, "platform_task": number}
    return {**ids, "state": "ISSUED", "members": [person]}


def test_each_bad_package_is_refused_with_one_sentence_and_changes_nothing(unit, planner):
    facility = make_facility(unit)
    before = everything()
    for name, (content, code, sentence) in REFUSALS.items():
        with pytest.raises(BadPackage) as refused:
            incoming.take(content=content(unit, facility), by=planner)
        assert sentence in str(refused.value), name
        assert refused.value.code == code, (name, refused.value.code)
        assert str(refused.value).endswith("。") and "\n" not in str(refused.value)
        assert everything() == before, name


def test_a_result_in_the_order_of_its_moments_is_taken(unit, planner):
    incoming.take(content=result_of(unit, make_facility(unit)), by=planner)
    assert PlatformTask.objects.get().content["results"]["key"] == "PT-0815"


def test_an_answer_confirms_refuses_and_numbers_what_went_out(unit, planner):
    first, second = dispatched_now(unit), dispatched_now(unit)
    package, _ = actions.make(unit=unit, by=planner)
    said = [
        ack(package.number),
        ack(package.number, kind="tasks", record=first.no, version=1, task=first.no, platform_task="PT-1"),
        ack(package.number, kind="teams", record=second.no, version=1, refused="执法证过期", task=second.no),
    ]
    taken = incoming.take(content=pack(unit, 1, acks=said), by=planner)
    assert taken.words == f"已导入 {number(unit, 1)}：回执 3 条。"
    assert PlatformTask.objects.get().inspection == first
    states = {(r.kind, r.key): r.state for r in package.lines.all()}
    assert states.pop(("teams", second.no)) == "REFUSED" and set(states.values()) == {"ACCEPTED"}
    assert ExchangePackage.objects.get(pk=package.pk).state == "ACCEPTED"
    (line,) = records.waiting(unit, records.Codes())
    assert (line.kind, line.key, line.version) == ("teams", second.no, 1)


def test_one_record_given_back_after_the_whole_was_taken_waits_again(unit, planner):
    """docs/exchange 3.7: the word on one record counts, whichever package brings it."""
    check = dispatched_now(unit)
    package, _ = actions.make(unit=unit, by=planner)
    incoming.take(content=pack(unit, 1, acks=[ack(package.number)]), by=planner)
    assert not records.waiting(unit, records.Codes())
    alone = ack(package.number, kind="teams", record=check.no, version=1, refused="执法证过期", task=check.no)
    incoming.take(content=pack(unit, 2, acks=[alone]), by=planner)
    (line,) = records.waiting(unit, records.Codes())
    assert (line.kind, line.key, line.version) == ("teams", check.no, 1)
    anew, _ = actions.make(unit=unit, by=planner)
    incoming.take(content=pack(unit, 3, acks=[ack(anew.number)]), by=planner)
    late = alone | {"record_version": 2, "reason": "又说一次"}
    incoming.take(content=pack(unit, 4, acks=[late]), by=planner)  # of what went out before: it was sent anew since
    assert not records.waiting(unit, records.Codes())


def test_a_package_that_comes_twice_is_told_so_and_another_with_its_number_is_refused(unit, planner):
    content = pack(unit, 1, tasks=[task_there(unit)])
    incoming.take(content=content, by=planner)
    before = everything()
    with pytest.raises(BadPackage, match="已经导入过，没有重复导入"):
        incoming.take(content=content, by=planner)
    with pytest.raises(BadPackage, match="这个包号用过"):
        incoming.take(content=pack(unit, 1), by=planner)
    assert everything() == before


@pytest.mark.parametrize("name", ["示例铸造厂的任务", "91210504DEM0109685", "PT-0815:示例铸造厂"])
def test_a_key_that_is_no_number_of_the_exchange_stands_in_no_row_and_no_sentence(unit, planner, name):
    """The platform makes its keys itself; rows and logs hold numbers only (decisions.md 3, issue 17)."""
    task = task_there(unit) | {"key": name}
    incoming.take(content=pack(unit, 1, tasks=[task]), by=planner)
    kept = ExchangeRecord.objects.get(package__sender="MEP", kind="tasks").key
    assert kept.startswith("sha256:") and len(kept) == 71
    again = incoming.take(content=pack(unit, 2, tasks=[task]), by=planner)
    assert again.skipped == 1
    for wrong in ([task | {"reason": "别的"}], [task, task]):
        with pytest.raises(BadPackage) as told:
            incoming.take(content=pack(unit, 3, tasks=wrong), by=planner)
        assert name not in str(told.value) and kept in str(told.value)
        assert f"tasks.jsonl 第 {len(wrong)} 行的" in str(told.value)  # nobody finds a digest in a file


def test_a_record_is_known_by_its_key_and_by_the_digest_of_it(unit, planner):
    """The key was no number when it came and is one now: it came in again as a new record."""
    check = make_inspection(unit, dispatched_at=clock.now(), accepted_at=clock.now())
    task = task_there(unit, check.facility) | {"key": check.no}
    incoming.take(content=pack(unit, 1, tasks=[task]), by=planner)
    assert ExchangeRecord.objects.get(package__sender="MEP", kind="tasks").key.startswith("sha256:")
    assert incoming.take(content=pack(unit, 2, tasks=[task | {"task": check.no}]), by=planner).skipped == 1


def test_records_that_come_again_or_late_change_nothing_and_a_version_says_one_thing(unit, planner):
    task = task_there(unit)
    incoming.take(content=pack(unit, 1, tasks=[task | {"record_version": 2}]), by=planner)
    again = incoming.take(content=pack(unit, 2, tasks=[task | {"record_version": 2}]), by=planner)
    older = incoming.take(content=pack(unit, 3, tasks=[task | {"finish_by": "2026-09-01"}]), by=planner)
    assert (again.skipped, older.skipped) == (1, 1)
    assert PlatformTask.objects.get().content["finish_by"] == "2026-09-20"
    with pytest.raises(BadPackage, match="先前收过，这次内容不一样"):
        incoming.take(content=pack(unit, 4, tasks=[task | {"record_version": 2, "reason": "别的"}]), by=planner)
    incoming.take(content=pack(unit, 4, tasks=[task | {"record_version": 3, "state": "CANCELLED"}]), by=planner)
    assert PlatformTask.objects.get().state == "CANCELLED"


def test_a_retransmission_stands_for_the_packages_that_were_lost(unit, planner):
    taken = incoming.take(content=pack(unit, 3, supersedes=[number(unit, 1), number(unit, 2)]), by=planner)
    gone = ExchangePackage.objects.filter(state="REPLACED")
    assert {row.number for row in gone} == {number(unit, 1), number(unit, 2)}
    assert {row.replaced_by for row in gone} == {taken.package}
    with pytest.raises(BadPackage, match=f"已由 {number(unit, 3)} 代替"):
        incoming.take(content=pack(unit, 2), by=planner)


def test_a_task_that_was_begun_there_waits_for_a_person_is_taken_up_and_never_doubled(unit, planner):
    facility = make_facility(unit)
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit, facility)]), by=planner)
    task = PlatformTask.objects.get()
    assert (task.state, task.facility, Inspection.objects.count()) == ("WAITING", facility, 0)
    with pytest.raises(Refused, match="本单位没有这个编号的检查"):
        taking_up.take_up(task=task, check=None, by=planner)
    with pytest.raises(Refused, match="不是平台任务 PT-0815 里的企业"):
        taking_up.take_up(task=task, check=dispatched_now(unit), by=planner)
    check = dispatched_now(unit, facility=facility)
    taking_up.take_up(task=task, check=check, by=planner)
    _, content = actions.make(unit=unit, by=planner)
    assert [t["platform_task"] for t in told(content, "tasks") if t["task"] == check.no] == ["PT-0815"]
    whole, one = told(content, "acks")
    assert (whole["package"], whole["kind"]) == (number(unit, 1), None)
    assert (one["record"], one["task"], one["platform_task"]) == ("PT-0815", check.no, "PT-0815")
    assert not acks.owed(unit)
    with pytest.raises(Refused, match="已对应，不再变动"):
        taking_up.take_up(task=PlatformTask.objects.get(), check=check, by=planner)


def test_a_task_that_is_declined_is_answered_with_the_reason(unit, planner):
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit)]), by=planner)
    with pytest.raises(Refused, match="不接收的原因写得太短"):
        actions.decline(task=PlatformTask.objects.get(), reason="", by=planner)
    actions.decline(task=PlatformTask.objects.get(), reason="上月刚查过同一事项", by=planner)
    _, content = actions.make(unit=unit, by=planner)
    answer = told(content, "acks")[1]
    assert (answer["state"], answer["reason"], answer["task"]) == ("REFUSED", "上月刚查过同一事项", None)


def test_what_the_platform_says_otherwise_is_decided_by_a_person_and_overwrites_nothing(unit, planner):
    check = finish(answer_all(start(dispatched_now(unit))))
    _, content = actions.make(unit=unit, by=planner)
    task, result = told(content, "tasks")[0], told(content, "results")[0]
    theirs = named(check, "PT-1", result) | {"finding": "台账不全", "outcome": {"bxs": None, "mep": "JG-3", "name": ""}}
    before = Inspection.objects.filter(pk=check.pk).values().get()
    taken = incoming.take(content=pack(unit, 1, tasks=[named(check, "PT-1", task)], results=[theirs]), by=planner)
    assert taken.differences == 2 and Inspection.objects.filter(pk=check.pk).values().get() == before
    rows = {d.field: d for d in PlatformDifference.objects.all()}
    assert (rows["检查结果"].ours, rows["检查结果"].theirs) == ("未发现问题", "责令限期改正")
    again = incoming.take(content=pack(unit, 2, results=[theirs | {"record_version": 2}]), by=planner)
    assert again.differences == 0  # the same is not asked twice
    with pytest.raises(Refused, match="说明写得太短"):
        actions.decide(difference=rows["检查结果"], ours=True, words="", by=planner)
    done = actions.decide(difference=rows["检查结果"], ours=True, words="现场记录没有问题", by=planner)
    assert (done.state, done.decided_by) == ("OURS", planner)
    story = {event.what: event for event in events.of(check)}  # 七(五)-n: what the platform said, and what came of it
    raised = story[f"移动执法平台 {number(unit, 1)} 说的和本系统有 2 处不同"]
    assert "检查结果" in raised.note and raised.who == planner.full_name and raised.about == number(unit, 1)
    assert story["决定两边的差异：检查结果"].note == "以本系统为准：现场记录没有问题"
    with pytest.raises(Refused, match="已经决定"):
        actions.decide(difference=done, ours=False, words="再改一次", by=planner)


def test_words_that_came_back_without_anybody_having_decided_are_asked(unit, planner):
    check = finish(answer_all(start(dispatched_now(unit))))
    _, content = actions.make(unit=unit, by=planner)
    result = named(check, "PT-1", told(content, "results")[0])
    task = named(check, "PT-1", told(content, "tasks")[0])
    incoming.take(content=pack(unit, 1, tasks=[task], results=[result]), by=planner)

    def say(n, finding):
        theirs = result | {"finding": finding, "record_version": n}
        return incoming.take(content=pack(unit, n, results=[theirs]), by=planner)

    def asked():
        return [d.theirs for d in PlatformDifference.objects.filter(state="OPEN", field=field)]

    say(2, "台账不全")
    field = PlatformDifference.objects.get(theirs="台账不全").field
    say(3, "危废标签缺失")
    assert asked() == ["危废标签缺失"]
    assert say(4, "台账不全").differences == 1 and asked() == ["台账不全"]
    say(5, result["finding"])
    assert asked() == []
    assert say(6, "台账不全").differences == 1
    actions.decide(
        difference=PlatformDifference.objects.get(state="OPEN", field=field),
        ours=True,
        words="现场记录没有问题",
        by=planner,
    )
    say(7, "危废标签缺失")
    again = say(
        8, "台账不全"
    )  # decided about: not asked, and what came between stands no longer for the platform's word
    assert again.differences == 0 and asked() == [] and "没有新的差异" in again.words


def test_the_database_lets_a_difference_be_decided_once(unit, planner):
    check = dispatched_now(unit)
    _, content = actions.make(unit=unit, by=planner)
    task = named(check, "PT-1", told(content, "tasks")[0]) | {"finish_by": "2026-09-01"}
    incoming.take(content=pack(unit, 1, tasks=[task]), by=planner)
    done = actions.decide(difference=PlatformDifference.objects.get(), ours=True, words="按计划办理", by=planner)
    for change in ("state = 'THEIRS'", "state = 'OPEN'", "theirs = ours"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE inspections_platformdifference SET {change}")
    assert PlatformDifference.objects.get().state == done.state == "OURS"


def test_a_package_that_says_another_side_leads_is_taken_and_a_person_is_told(unit, planner):
    leads = {"tasks": "BXS", "dispatch": "MEP", "results": "MEP"}
    taken = incoming.take(content=pack(unit, 1, change={"leads": leads}), by=planner)
    note = "这个包写着派发以移动执法平台为准、检查情况以移动执法平台为准，和本系统的设定不一致"
    assert taken.package.state == "TAKEN" and note in taken.words
    page = f"/desk/exchange/?unit={unit.code}"
    for address in (page, taken.package.get_absolute_url()):
        assert note in text_of(signed_in(planner).get(address))
    assert incoming.take(content=pack(unit, 2), by=planner).package.leads_otherwise == ""


def test_each_thing_that_the_platform_says_otherwise_of_a_result_is_told(unit, planner):
    check = finish(answer_all(start(dispatched_now(unit))))
    _, content = actions.make(unit=unit, by=planner)
    result = named(check, "PT-1", told(content, "results")[0])
    late = (datetime.fromisoformat(result["handed_in_at"]) + timedelta(minutes=2)).isoformat()
    said = result | {"mode": "OFFSITE", "handed_in_at": late}
    for answer in said["answers"]:
        answer.update(answer="FOUND", words="台账缺页")
    incoming.take(content=pack(unit, 1, results=[said]), by=planner)
    fields = set(PlatformDifference.objects.values_list("field", flat=True))
    points = {f"{a.item_code} 第 {a.number} 点" for a in check.answers.all()}
    assert fields == {"检查方式", "交齐时间", *points}


def test_what_both_wrote_at_a_point_is_compared_before_ours_is_handed_in(unit, planner):
    check = start(dispatched_now(unit))
    point = check.answers.first()
    by = check.members.get(is_leader=True).inspector.user
    visits.answer_point(inspection=check, pk=point.pk, answer=Answer.FOUND, words="没有台账", by=by)
    pair = {"bxs": point.item_code, "mep": ITEMS[point.item_code], "name": ""}
    row = {"item": pair, "number": point.number, "text": point.text, "answer": "FOUND", "words": "台账缺页"}
    now = clock.now().isoformat(timespec="seconds")
    times = {"started_at": now, "ended_at": now, "handed_in_at": now}
    result = {"key": "PT-1", "record_version": 1, "task": check.no, "platform_task": "PT-1", "mode": "DOCUMENT"}
    result |= {"outcome": {"bxs": None, "mep": "JG-2", "name": ""}, "finding": "", "measures": "", "rectify_by": None}
    incoming.take(content=pack(unit, 1, results=[result | times | {"answers": [row]}]), by=planner)
    said = {d.field: (d.ours, d.theirs) for d in PlatformDifference.objects.exclude(field="到达时间")}
    assert said == {
        "检查方式": ("现场", "书面"),
        "检查结果": ("没有", "当场改正"),
        f"{point.item_code} 第 {point.number} 点的情况": ("没有台账", "台账缺页"),
    }


def test_equal_records_make_no_difference(unit, planner):
    check = finish(answer_all(start(dispatched_now(unit))))
    _, content = actions.make(unit=unit, by=planner)
    back = {kind: [named(check, "PT-1", told(content, kind)[0])] for kind in ("tasks", "teams", "results")}
    assert incoming.take(content=pack(unit, 1, **back), by=planner).differences == 0


def test_the_two_numbers_are_never_linked_otherwise(unit, planner):
    check, other = dispatched_now(unit), dispatched_now(unit)
    _, content = actions.make(unit=unit, by=planner)
    mine = {t["task"]: t for t in told(content, "tasks")}
    incoming.take(content=pack(unit, 1, tasks=[named(check, "PT-1", mine[check.no])]), by=planner)
    with pytest.raises(BadPackage, match="已经对应另一次检查"):
        incoming.take(
            content=pack(unit, 2, tasks=[named(other, "PT-1", mine[other.no]) | {"key": "PT-1x"}]), by=planner
        )
    with pytest.raises(BadPackage, match="平台编号已经是 PT-1"):
        incoming.take(content=pack(unit, 2, tasks=[named(check, "PT-2", mine[check.no])]), by=planner)


def test_an_import_that_breaks_in_the_middle_leaves_nothing(unit, planner, monkeypatch):
    before = everything()
    monkeypatch.setattr(incoming.trail, "record", lambda *_, **__: (_ for _ in ()).throw(OSError))
    with pytest.raises(OSError):
        incoming.take(content=pack(unit, 1, tasks=[task_there(unit)]), by=planner)
    assert everything() == before


def test_the_examples_of_the_documents_are_as_our_own_packages_are(unit, planner):
    dispatched_now(unit)
    _, content = actions.make(unit=unit, by=planner)
    from tests.inspections.exchange.test_documents import validator

    validator("manifest").validate(json.loads(opened(content)["manifest.json"]))
    for kind in ("tasks", "teams"):
        for record in told(content, kind):
            validator(kind).validate(record)
