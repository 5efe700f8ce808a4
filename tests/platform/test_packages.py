"""A package is opened as docs/exchange/ says: the examples are taken, every other thing is refused with a sentence."""

import ast
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.platform import faults
from tests.platform.package import Refusal, folder, make_package, open_package, unpacked, zipped

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parents[1] / "docs" / "exchange" / "example"
SECOND = folder(EXAMPLE / "BXS-210504-000002")


def of(data, kind):
    return open_package(data).records[kind]


def with_rows(kind, **change):
    """The second package with something else in the first row of a kind, packed anew."""
    return faults.reworked(SECOND, lambda head, records: records[kind][0].update(change))


def with_lines(kind, change):
    """The lines of a kind as bytes, changed, with a manifest that is true of them."""
    inside = unpacked(SECOND)
    head = json.loads(inside["manifest.json"])
    inside[f"{kind}.jsonl"] = data = change(inside[f"{kind}.jsonl"])
    for file in head["files"]:
        if file["name"] == f"{kind}.jsonl":
            file.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
    inside["manifest.json"] = json.dumps(head).encode()
    return zipped(inside)


def with_member(name, data):
    return zipped({**unpacked(SECOND), name: data})


def without(name):
    return zipped({key: data for key, data in unpacked(SECOND).items() if key != name})


def heads(**change):
    return faults.reworked(SECOND, lambda head, records: head.update(change))


def deep(data):
    return b"[" * 30 + b"]" * 30 + b"\n"


def encrypted():
    data = bytearray(SECOND)
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def bzipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("manifest.json", "{}")
    return out.getvalue()


RESULT = of(SECOND, "results")[0]
EVIDENCE = of(SECOND, "evidence")[0]
ACK = of(SECOND, "acks")[0]
TEAM = of(folder(EXAMPLE / "BXS-210504-000001"), "teams")[0]["members"]
TEAMS = {"key": RESULT["task"], "record_version": 1, "task": RESULT["task"], "platform_task": None, "state": "ISSUED"}


def with_team(members):
    return faults.reworked(SECOND, lambda _, records: records.update(teams=[{**TEAMS, "members": members}]))


REFUSED = [
    ("BROKEN", "不是完整的 zip", lambda: b""),
    ("BROKEN", "不是完整的 zip", lambda: faults.half(SECOND)),
    ("BROKEN", "不是完整的 zip", lambda: faults.damaged(SECOND)),
    ("BROKEN", "加了密", encrypted),
    ("BROKEN", "不是 stored、deflate", bzipped),
    ("BROKEN", "压缩比", lambda: with_member("files/" + "0" * 64, b"0" * 3_000_000)),
    ("BROKEN", "成员太多", lambda: zipped({f"files/{at}": b"x" for at in range(501)})),
    ("BROKEN", "文件夹", lambda: with_member("files/", b"")),
    ("BROKEN", "超过 30 MiB", lambda: b"0" * (30 * 1024 * 1024 + 1)),
    ("BROKEN", "缺 manifest.json", lambda: without("manifest.json")),
    ("BROKEN", "manifest.json 不是合格的 JSON", lambda: with_member("manifest.json", b"\xef\xbb\xbf{}")),
    ("BROKEN", "不是一个对象", lambda: with_member("manifest.json", b"[]")),
    ("VERSION", "只会读 BXS-EXCHANGE 1", lambda: faults.manifest(SECOND, version=0)),
    ("VERSION", "只会读 BXS-EXCHANGE 1", lambda: faults.manifest(SECOND, version=2, more=[])),
    ("VERSION", "只会读 BXS-EXCHANGE 1", lambda: faults.manifest(SECOND, format="BXS")),
    ("BROKEN", "made_at 不合格式", lambda: faults.manifest(SECOND, made_at="2026-11-06 16:40")),
    ("BROKEN", "manifest.json：整个对象 不合格式", lambda: faults.manifest(SECOND, more=1)),
    ("BROKEN", "包号与清单的发送方、单位不一致", lambda: heads(unit="210505")),
    ("BROKEN", "previous 不是上一个包号", lambda: heads(previous=None)),
    ("BROKEN", "supersedes 不是", lambda: heads(supersedes=["BXS-210504-000002"])),
    ("CHANGED", "与清单不符", lambda: faults.changed_byte(SECOND)),
    ("CHANGED", "成员不一样：more", lambda: with_member("more", b"")),
    ("CHANGED", "成员不一样：tasks.jsonl", lambda: without("tasks.jsonl")),
    ("BROKEN", "kinds 与文件不一致", lambda: faults.manifest(SECOND, kinds=["tasks"])),
    ("BROKEN", "results.jsonl 的行数", lambda: with_lines("results", lambda data: data[:-1])),
    ("BROKEN", "results.jsonl 的行数", lambda: with_lines("results", lambda data: data + b"\n")),
    ("BROKEN", "results.jsonl 的行数", lambda: with_lines("results", lambda data: data * 2)),
    ("BROKEN", "第 1 行 的嵌套", lambda: with_lines("results", deep)),
    (
        "BROKEN",
        "不是合格的 JSON",
        lambda: with_lines("results", lambda data: data.replace(b'"number":1', b'"number":1.0')),
    ),
    ("BROKEN", "不是合格的 JSON", lambda: with_lines("results", lambda data: b'{"key":"a",' + data[1:])),
    ("BROKEN", "results.jsonl 太大", lambda: with_rows("results", finding="字" * 400_000)),
    ("BROKEN", "started_at 不合格式", lambda: with_rows("results", started_at="2026-11-06")),
    ("BROKEN", "结束时间早于到达时间", lambda: with_rows("results", ended_at="2026-11-06T09:00:00+08:00")),
    ("BROKEN", "交齐时间早于结束时间", lambda: with_rows("results", handed_in_at="2026-11-06T11:19:59+08:00")),
    ("BROKEN", "同一个 key 有两行", lambda: faults.reworked(SECOND, lambda _, r: r["results"].append(RESULT))),
    ("BROKEN", "不是发送方的检查编号", lambda: with_rows("results", key=RESULT["platform_task"])),
    ("BROKEN", "key、sha256、path 不一致", lambda: with_rows("evidence", key=f"{EVIDENCE['task']}:0")),
    ("BROKEN", "证据的 path", lambda: with_rows("evidence", path=f"files/{EVIDENCE['sha256']}")),
    ("BROKEN", "不是正好一位组长在前", lambda: with_team(TEAM[::-1])),
    ("BROKEN", "没有按 code 排序", lambda: with_team([*TEAM, {**TEAM[1], "code": "210504-04"}])),
    ("BROKEN", "回执", lambda: with_rows("acks", key="MEP-210504-000009")),
    ("BROKEN", "回执", lambda: with_rows("acks", state="REFUSED")),
]


@pytest.mark.parametrize(("code", "words", "make"), REFUSED, ids=[f"{at}-{row[1]}" for at, row in enumerate(REFUSED)])
def test_what_is_no_package_is_refused_in_a_sentence(code, words, make):
    with pytest.raises(Refusal) as refused:
        open_package(make())
    assert refused.value.code == code
    assert words in refused.value.words and refused.value.words.endswith("。")


@pytest.mark.parametrize("path", sorted(p for p in EXAMPLE.iterdir() if p.is_dir()), ids=lambda path: path.name)
def test_an_example_is_opened_and_made_again_the_same(path):
    package = open_package(folder(path))
    head = {key: value for key, value in package.manifest.items() if key not in ("kinds", "files")}
    assert package.number == path.name
    again = open_package(make_package(head, package.records, package.files))
    assert (again.manifest, again.records) == (package.manifest, package.records)
    assert again.fingerprint == package.fingerprint


def test_an_original_travels_with_its_line():
    data = b"picture"
    digest = hashlib.sha256(data).hexdigest()
    change = {"sha256": digest, "key": f"{EVIDENCE['task']}:{digest[:16]}", "path": f"files/{digest}"}
    package = open_package(SECOND)
    package.records["evidence"][0].update(change)
    head = {key: value for key, value in package.manifest.items() if key not in ("kinds", "files")}
    made = make_package(head, package.records, {f"files/{digest}": data})
    assert open_package(made).files == {f"files/{digest}": data}
    with pytest.raises(Refusal, match="不是它的 SHA-256"):
        open_package(make_package(head, package.records, {"files/" + "0" * 64: data}))


def test_the_stand_in_knows_nothing_of_the_system():
    """It is written from the document alone: no module of it imports the system, or what the system is made with."""
    for path in HERE.glob("*.py"):
        if path.name.startswith("test_story"):
            continue  # these play both sides against each other
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                first = name.split(".")[0]
                assert first not in ("django", "benxi_shuangsuiji", "registry", "plans", "inspections", "disclosure")
                assert first != "tests" or name.startswith("tests.platform")
