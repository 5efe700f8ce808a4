"""The stand-in takes, numbers, refuses, waits and sends as docs/exchange/ says: played with the example's packages."""

import json
import os
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tests.platform import faults
from tests.platform.package import folder, make_package, open_package
from tests.platform.reader import Year
from tests.platform.stand_in import HERE, Platform

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "exchange" / "example"
UNIT = "210504"
TASK, NUMBER = "210504-2026Q4-0003", "DEMO-2026-0815"
CODES = {
    "unit": {"MS-01": UNIT},
    "item": {"SX-101": "A01", "SX-102": "A02"},
    "outcome": {"JG-3": "RECTIFY_ORDERED"},
}
FIRST, SECOND, THIRD = (folder(EXAMPLE / f"BXS-{UNIT}-00000{at}") for at in (1, 2, 3))
BEGUN = json.loads((EXAMPLE / f"MEP-{UNIT}-000001" / "tasks.jsonl").read_text())
LEADS = open_package(FIRST).manifest["leads"]


@pytest.fixture
def platform(tmp_path):
    """The platform of the example: its next number is the example's, and it began a task of its own."""
    made = Platform(tmp_path, leads=LEADS, codes=CODES, now=lambda: datetime(2026, 11, 3, 15, 5, tzinfo=HERE))
    made.state["units"][UNIT]["next"] = 815
    return made


def begin(platform):
    given = {
        key: BEGUN[key] for key in ("source", "facility", "unit", "items", "year", "quarter", "finish_by", "reason")
    }
    platform.begin(UNIT, BEGUN["key"], dispatched_at=BEGUN["dispatched_at"], **given)


def rows(data, kind):
    return open_package(data).records.get(kind, [])


def states(*answers):
    return [answer.state for answer in answers]


def test_the_example_is_played_to_its_end(platform):
    """What the document shows of the platform is what the stand-in sends, but for its own sentences and times."""
    assert states(platform.take(FIRST)) == ["TAKEN"]
    begin(platform)
    answer = open_package(platform.send(UNIT))
    shown = open_package(folder(EXAMPLE / f"MEP-{UNIT}-000001"))
    assert answer.records["tasks"] == shown.records["tasks"]
    without = [{**ack, "at": ""} for ack in sorted(answer.records["acks"], key=lambda ack: ack["key"])]
    assert without == [{**ack, "at": ""} for ack in shown.records["acks"]]
    platform.refusals["results", TASK] = ("OTHER", "电子签名没有上传")
    assert states(platform.take(SECOND), platform.take(THIRD)) == ["TAKEN", "TAKEN"]
    acks = {ack["key"]: ack for ack in rows(platform.send(UNIT), "acks")}
    assert acks[f"BXS-{UNIT}-000002"]["state"] == "ACCEPTED"
    assert acks[f"BXS-{UNIT}-000002/results/{TASK}"]["reason"] == "电子签名没有上传"
    ledger = platform.ledger(UNIT)
    assert ledger[NUMBER] == {
        "task": TASK,
        "state": "ISSUED",
        "team": ["DEMO00001", "DEMO00002"],
        "BXS": None,
        "MEP": None,
    }
    assert ledger[BEGUN["key"]]["task"] == "210504-2026Q4-T001"
    assert platform.state["units"][UNIT]["accepted"] == 1
    again = faults.reworked(THIRD, lambda head, records: (
        head.update(package=f"BXS-{UNIT}-000004", previous=f"BXS-{UNIT}-000003"),
        records.clear(),
        records.update(results=rows(SECOND, "results")),
    ))  # fmt: skip
    assert states(platform.take(again)) == ["TAKEN"]
    assert platform.ledger(UNIT)[NUMBER]["BXS"]["outcome"]["bxs"] == "RECTIFY_ORDERED"


def change(kind, **changes):
    return lambda: faults.reworked(SECOND, lambda _, records: records[kind][0].update(changes))


def heads(**changes):
    return lambda: faults.reworked(SECOND, lambda head, _: head.update(changes))


def other(**changes):
    return faults.reworked(FIRST, lambda _, records: records["tasks"][0].update(changes))


WHOLE = [
    ("BROKEN", "zip", lambda: faults.half(SECOND)),
    ("CHANGED", "SHA-256", lambda: faults.changed_byte(SECOND)),
    ("VERSION", "BXS-EXCHANGE 1", lambda: faults.manifest(SECOND, version=0)),
    ("ADDRESS", "接收方", heads(receiver="BXS")),
    ("REUSED", "000001 已经收过", lambda: other(finish_by="2026-12-16")),
    ("REUSED", "第 1 版", lambda: faults.reworked(SECOND, lambda _, r: r["tasks"][0].update(record_version=1, state="ISSUED"))),
    ("REUSED", "连在一起", change("results", platform_task="DEMO-2026-0001")),
    ("UNKNOWN_CODE", "对照表", lambda: faults.unknown_code(SECOND)),
    ("UNKNOWN_CODE", "对照表", change("results", outcome={"bxs": "NO_ISSUE", "mep": "JG-3", "name": "不一致"})),
    ("UNKNOWN_CODE", "对照表", change("results", outcome={"bxs": "NO_ISSUE", "mep": None, "name": "没有对照"})),
    ("BROKEN", "不是这个包的单位", change("tasks", unit={"bxs": "210505", "mep": "MS-01", "name": "别的单位"})),
    ("OTHER", "不是这里发的包", change("acks", package=f"MEP-{UNIT}-000007", key=f"MEP-{UNIT}-000007")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "words", "make"), WHOLE, ids=[f"{at}-{row[0]}" for at, row in enumerate(WHOLE)])
def test_a_package_is_refused_whole_and_its_true_one_taken_afterwards(platform, code, words, make):
    platform.take(FIRST)
    begin(platform)
    platform.send(UNIT)
    before = {**platform.state["units"][UNIT], "own": None, "out": None}
    answer = platform.take(make())
    assert (answer.state, answer.words[-1]) == (code, "。") and words in answer.words
    assert {**platform.state["units"][UNIT], "own": None, "out": None} == before
    data = platform.send(UNIT)
    if data:
        (ack,) = rows(data, "acks")
        assert (ack["kind"], ack["state"], ack["reason_code"], ack["reason"]) == (None, "REFUSED", code, answer.words)
    assert states(platform.take(SECOND)) == ["TAKEN"]


RECORD = [
    ("UNKNOWN_TASK", "results", lambda: faults.reworked(FIRST, lambda _, r: r.update(results=strange()))),
    ("UNKNOWN_FACILITY", "tasks", lambda: other(facility={"code": None, "uscc": "", "name": "示例", "address": ""})),
]


def strange():
    return [
        {**rows(SECOND, "results")[0], "task": "210504-2026Q4-0099", "key": "210504-2026Q4-0099", "platform_task": None}
    ]


@pytest.mark.parametrize(("code", "kind", "make"), RECORD, ids=[row[0] for row in RECORD])
def test_a_record_is_given_back_and_the_rest_taken(platform, code, kind, make):
    assert states(platform.take(make())) == ["TAKEN"]
    acks = rows(platform.send(UNIT), "acks")
    given_back = {ack["kind"]: ack["reason_code"] for ack in acks if ack["state"] == "REFUSED"}
    assert given_back.pop(kind) == code
    # What speaks of a task that was given back is given back with it.
    assert given_back == ({"teams": "UNKNOWN_TASK"} if kind == "tasks" else {})
    assert [ack["state"] for ack in acks if ack["kind"] is None] == ["ACCEPTED"]


def test_what_comes_too_early_waits_and_what_comes_twice_changes_nothing(platform):
    early = platform.take(THIRD)
    assert (early.state, early.words) == ("ORDER", f"前面还缺 BXS-{UNIT}-000001。")
    begin(platform)
    platform.step()
    assert states(platform.take(FIRST), platform.take(SECOND)) == ["TAKEN", "TAKEN"]
    ledger = platform.ledger(UNIT)
    assert platform.state["units"][UNIT]["last"] == 3  # the third was taken when the second had come
    assert states(*(platform.take(data) for data in (FIRST, SECOND, THIRD))) == ["REPEATED"] * 3
    assert platform.ledger(UNIT) == ledger and list(ledger) == [NUMBER, BEGUN["key"]]
    acks = {ack["key"]: ack for ack in rows(platform.send(UNIT), "acks")}
    assert (acks[f"BXS-{UNIT}-000003"]["state"], acks[f"BXS-{UNIT}-000003"]["record_version"]) == ("ACCEPTED", 2)


def test_an_older_version_of_a_record_takes_nothing_back(platform):
    platform.take(FIRST)
    begin(platform)
    platform.send(UNIT)
    platform.take(SECOND)
    late = faults.reworked(THIRD, lambda _, records: records.update(tasks=rows(FIRST, "tasks")))
    assert states(platform.take(late)) == ["TAKEN"]
    assert platform.ledger(UNIT)[NUMBER]["state"] == "ISSUED"


def test_a_lost_package_is_replaced_by_a_new_one_and_is_not_taken_afterwards(platform):
    platform.take(FIRST)
    begin(platform)
    platform.send(UNIT)
    again = faults.reworked(THIRD, lambda head, records: (
        head.update(supersedes=[f"BXS-{UNIT}-000002"]),
        records.update(open_package(SECOND).records),
    ))  # fmt: skip
    assert states(platform.take(again)) == ["TAKEN"]
    late = platform.take(SECOND)
    assert (late.state, late.words) == ("REPLACED", f"BXS-{UNIT}-000002 已由 BXS-{UNIT}-000003 代替。")
    assert platform.ledger(UNIT)[NUMBER]["BXS"]["version"] == 1


def test_its_own_lost_packages_are_sent_again_in_a_new_one(platform):
    platform.take(FIRST)
    begin(platform)
    lost = open_package(platform.send(UNIT))
    assert platform.send(UNIT) is None
    platform.lost(UNIT)
    again = open_package(platform.send(UNIT))
    assert (again.manifest["supersedes"], again.manifest["previous"]) == ([lost.number], lost.number)
    assert again.records == lost.records


def test_a_package_of_its_own_that_was_refused_is_sent_again(platform):
    platform.take(FIRST)
    platform.send(UNIT)
    refusal = {"state": "REFUSED", "reason_code": "UNKNOWN_CODE", "reason": "事项的代码不在对照表里。"}
    refused = faults.reworked(SECOND, lambda _, records: (records["acks"].pop(), records["acks"][0].update(refusal)))
    assert states(platform.take(refused)) == ["TAKEN"]
    assert open_package(platform.send(UNIT)).manifest["supersedes"] == [f"MEP-{UNIT}-000001"]


def test_it_acknowledges_late_and_not_its_acknowledgements(tmp_path):
    platform = Platform(tmp_path, leads=LEADS, late=2)
    (tmp_path / "inbox" / "any name (1).zip").write_bytes(FIRST)
    sent = lambda: sorted(path.name for path in (tmp_path / "outbox").iterdir())  # noqa: E731
    assert states(*platform.step()) == ["TAKEN"] and sent() == []
    assert platform.step() == [] and sent() == []
    platform.step()
    assert sent() == [f"MEP-{UNIT}-000001.zip"] and not list((tmp_path / "inbox").iterdir())
    only = faults.reworked(SECOND, lambda _, r: (r["acks"].pop(), [r.pop(kind) for kind in list(r) if kind != "acks"]))
    assert states(platform.take(only)) == ["TAKEN"]
    for _ in range(4):
        platform.step()
    assert len(sent()) == 1


def test_killed_before_it_wrote_it_knows_nothing_and_takes_all_the_next_time(platform, monkeypatch, tmp_path):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        platform.take(FIRST)
    monkeypatch.undo()
    again = Platform(tmp_path, leads=LEADS, codes=CODES)
    assert again.ledger(UNIT) == {}
    assert states(again.take(FIRST)) == ["TAKEN"]
    assert [row["task"] for row in Platform(tmp_path).ledger(UNIT).values()] == [TASK]


def killed_at(folder: Path, step: int) -> bool:
    """One turn of the platform in a process of its own, gone (kill -9) at this step: before or after a file is written or goes."""
    child = os.fork()
    if child == 0:
        seen = iter(range(1, 1000))

        def watched(real):
            def act(*given):
                for once in (lambda: None, lambda: real(*given)):
                    once()
                    if next(seen) == step:
                        os.kill(os.getpid(), signal.SIGKILL)

            return act

        try:
            os.replace = watched(os.replace)
            for name in ("unlink", "write_bytes", "write_text"):
                setattr(Path, name, watched(getattr(Path, name)))
            Platform(folder, leads=LEADS, codes=CODES).step()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_killed_at_any_step_the_platform_loses_nothing_and_says_nothing_twice(tmp_path):
    step, dead = 0, True
    while dead:
        step += 1
        folder = tmp_path / str(step)
        inbox, outbox = (folder / name for name in ("inbox", "outbox"))
        inbox.mkdir(parents=True)
        for number, data in (("1", FIRST), ("2", SECOND)):  # the second acknowledges what was never sent: refused
            (inbox / f"{number}.zip").write_bytes(data)
        dead = killed_at(folder, step)
        again = Platform(folder, leads=LEADS, codes=CODES)
        again.step()
        if not list(outbox.glob("*.zip")):  # gone between the state and the file: whoever waits for it says so
            again.lost(UNIT)
            again.step()
        assert not list(inbox.iterdir()), step
        (row,) = again.ledger(UNIT).values()
        assert (row["task"], row["BXS"]) == (TASK, None), step
        held = Year(outbox)
        acks = [(ack["package"][-1], ack["kind"], ack["state"]) for ack in held.newest("acks").values()]
        assert sorted(acks, key=str) == [
            ("1", "tasks", "ACCEPTED"),
            ("1", None, "ACCEPTED"),
            ("2", None, "REFUSED"),
        ], (step, acks)
        assert held.faults == [], step
    assert step > 10


def test_it_runs_by_itself(tmp_path):
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "a.zip").write_bytes(FIRST)
    root = EXAMPLE.parents[2]
    run = subprocess.run([sys.executable, "-m", "tests.platform", tmp_path], cwd=root, capture_output=True, text=True)
    assert run.stdout == f"TAKEN BXS-{UNIT}-000001 收下了。\n"
    (sent,) = (tmp_path / "outbox").iterdir()
    assert rows(sent.read_bytes(), "acks")[0]["state"] == "ACCEPTED"


def test_it_goes_on_for_a_unit_that_has_exchanged_before(tmp_path):
    """It served 210504 from its first package on, so nobody could try it beside a demo, whose packages are those of 210522."""

    def run(*asked):
        (tmp_path / "inbox").mkdir(exist_ok=True)
        (tmp_path / "inbox" / "a.zip").write_bytes(again)
        said = [sys.executable, "-m", "tests.platform", str(tmp_path), *asked]
        return subprocess.run(said, cwd=EXAMPLE.parents[2], capture_output=True, text=True)

    number, at = "BXS-210522-000003", {"unit": "210522", "previous": "BXS-210522-000002", "supersedes": []}
    head = {key: value for key, value in open_package(SECOND).manifest.items() if key not in ("kinds", "files")}
    told = [{**row, "task": "210522-2026Q4-0001", "key": "210522-2026Q4-0001"} for row in rows(SECOND, "results")]
    again = make_package({**head, "package": number, **at}, {"results": told})
    assert "没有这个单位" in run().stdout
    assert run("--unit", "210522:2:3", "--leads", "results", "tasks").stdout == f"TAKEN {number} 收下了。\n"
    (sent,) = (tmp_path / "outbox").iterdir()
    made = open_package(sent.read_bytes())
    assert (made.number, made.manifest["previous"]) == ("MEP-210522-000004", "MEP-210522-000003")
    assert made.manifest["leads"] == {"tasks": "MEP", "dispatch": "BXS", "results": "MEP"}
    assert {row["state"] for row in rows(sent.read_bytes(), "acks")} == {"ACCEPTED"}
    assert run("--unit", "210522").stdout == f"REPEATED {number} 已收过。\n"
    assert (
        "known here already" in run("--unit", "210522:9").stderr and "such as 210522:2:3" in run("--unit", "x").stderr
    )


def test_a_reader_sums_up_what_both_sides_said():
    totals = Year(EXAMPLE).totals()
    assert totals == {
        "packages": 5,
        "tasks": {"ISSUED": 2},
        "sources": {"COMPLAINT": 1, "DRAW": 1},
        "numbers": {TASK: NUMBER, "210504-2026Q4-T001": "DEMO-2026-0901"},
        "results": {"BXS": {}, "MEP": {}},  # the only result was given back
        "different": [],
        "followups": 1,
        "refused": [f"BXS-{UNIT}-000002/results/{TASK}"],
        "missing": [],
        "faults": [],
    }


def test_a_reader_tells_what_is_missing_broken_or_different(tmp_path):
    head = {key: value for key, value in open_package(THIRD).manifest.items() if key not in ("kinds", "files")}
    result = rows(SECOND, "results")[0]
    theirs = {**result, "key": NUMBER, "outcome": {"bxs": None, "mep": "JG-1", "name": "没有问题"}}
    sides = {"BXS": result, "MEP": theirs}
    for sender, row in sides.items():
        number = f"{sender}-{UNIT}-000004"
        made = make_package({**head, "package": number, "supersedes": []}, {"results": [row]})
        (tmp_path / f"{number}.zip").write_bytes(made)
    (tmp_path / "BXS-210504-000003.zip").write_bytes(faults.changed_byte(THIRD))
    totals = Year(EXAMPLE, tmp_path).totals()
    assert totals["missing"] == [f"MEP-{UNIT}-000003"]
    assert totals["results"] == {"BXS": {"RECTIFY_ORDERED": 1}, "MEP": {"JG-1": 1}}
    assert totals["different"] == [NUMBER]
    assert len(totals["faults"]) == 1 and "BXS-210504-000003.zip" in totals["faults"][0]
