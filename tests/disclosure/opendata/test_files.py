"""A public file is made once for each state of what is public; its digest is told, its pace is fair (四(3)-e, 八(二)-c)."""

import base64
import csv
import hashlib
import io
import os
import time
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from disclosure import kept_files, pace
from disclosure.models import Act, Publication
from disclosure.results.exports import COLUMNS
from tests.disclosure.factories import make_published_result, make_revision
from tests.factories import make_facility, make_unit

pytestmark = pytest.mark.django_db
CSV = "/results/export.csv"


def standing(settings) -> list[Path]:
    return [p for p in Path(settings.PUBLIC_FILES_ROOT).rglob("*") if p.is_file() and len(p.name) == 32]


def made_for(client, path) -> tuple[bool, bytes]:
    """Whether the file was made for this question (then its table was read), and what it says."""
    with CaptureQueriesContext(connection) as asked:
        said = client.get(path).getvalue()
    return any("COPY" in q["sql"] or "DECLARE" in q["sql"] for q in asked), said


@pytest.mark.clause("四(3)-e")
def test_each_column_says_in_the_file_what_it_says_in_the_published_text(at, client):
    """The database takes the texts apart; here they are taken apart again, by hand."""
    at("2026-07-06 10:00")
    unit = make_unit()
    facility = make_facility(unit, name='本溪“枫岭”,焦化\n有限公司"甲"')
    result = make_published_result(unit, facility=facility, problem="标签缺项 2 处")
    plain = make_published_result(unit)
    at("2026-07-08 09:00")
    corrected = make_revision(result, words={"finding": "-标签缺项 3 处"})
    read = csv.DictReader(io.StringIO(client.get(CSV).getvalue().decode("utf-8-sig"), newline=""))
    said = {row["公示编号"]: row for row in read}
    assert list(said[plain.no]) == [column.title for column in COLUMNS] and said.keys() == {result.no, plain.no}

    s, row = corrected.snapshot, said[result.no]
    assert row["检查对象"] == facility.name and row["发现的问题"] == "'-标签缺项 3 处"
    assert row["统一社会信用代码"] == s["facility"]["uscc"] and row["检查单位"] == s["executing_unit"]
    assert row["检查事项"].split("；") == [item["name"] for item in s["items"]]
    assert row["后续处理"].split("；") == list(dict.fromkeys(i["handling"] for i in s["items"] if i["handling"]))
    assert (row["年度"], row["季度"], row["版次"], row["检查人数"]) == ("2026", "3", "2", str(s["inspectors"]))
    assert (row["公开日期"], row["更正日期"], row["更正理由"]) == (
        "2026-07-06",
        "2026-07-08",
        s["correction"]["reason"],
    )
    assert row["公示期限"].startswith("至 20") and row["公开目录类别"] and row["指纹"] == corrected.digest
    assert said[plain.no]["更正理由"] == said[plain.no]["发现的问题"] == ""
    lines = client.get("/data/results.jsonl").getvalue().decode().splitlines()
    assert lines == [p.text for p in Publication.objects.results().order_by("entry__index")]


@pytest.mark.clause("四(3)-e")
def test_a_file_is_made_once_and_answers_every_way_of_asking_the_same(client, settings, pages_kept):
    result = make_published_result()
    for path in (CSV, "/results/export.xlsx", "/data/results.jsonl", "/results/followups.csv", "/data/facilities.csv"):
        first, said = made_for(client, path)
        assert first and made_for(client, path) == (False, said), path
    ask = f"?district={result.district}&outcome={result.outcome}"
    assert made_for(client, CSV + ask)[0]
    assert not made_for(client, f"{CSV}?outcome={result.outcome}&q=&district={result.district}&sort=-date")[0]
    here = len(standing(settings))
    for free in ("?q=有限", f"?from={result.checked_on}", "?on=2026-07-06"):  # there is no end of these
        assert made_for(client, CSV + free)[0] and made_for(client, CSV + free)[0]
    assert made_for(client, "/data/facilities.csv?q=有限")[0] and len(standing(settings)) == here == 6


@pytest.mark.clause("四(3)-e")
def test_the_digest_is_that_of_the_content_and_stands_in_one_list(client, settings, pages_kept):
    make_published_result()
    book = client.get("/results/export.xlsx").getvalue()
    answer = client.get(CSV)
    content = answer.getvalue()
    digest = hashlib.sha256(content).digest()
    assert answer["Unencoded-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert int(answer["Content-Length"]) == len(content) and answer["Access-Control-Allow-Origin"] == "*"
    again = client.get(CSV, HTTP_IF_NONE_MATCH=answer["ETag"])
    assert again.status_code == 304 and not again.content
    listed = dict(
        line.split("  ")[::-1] for line in client.get("/data/sha256sums.txt").getvalue().decode().splitlines()
    )
    assert listed["results/export.csv"] == digest.hex()
    assert listed["results/export.xlsx"] == hashlib.sha256(book).hexdigest()
    everything = {
        "results/export.csv",
        "results/export.xlsx",
        "results/followups.csv",
        "data/facilities.csv",
        "data/results.jsonl",
    }
    assert listed.keys() == everything  # what nobody asked for yet is made for the list, but for workbooks
    for name, said in listed.items():
        assert hashlib.sha256(client.get(f"/{name}").getvalue()).hexdigest() == said


@pytest.mark.clause("八(二)-c")
def test_withdrawn_words_are_in_no_file_from_the_next_question_on(client, settings, pages_kept):
    result = make_published_result(problem="标签缺项 2 处")
    assert "标签缺项" in client.get(CSV).getvalue().decode()
    client.get("/results/export.xlsx").getvalue()
    make_revision(result, Act.WITHDRAW)
    client.get("/contact/")  # any page
    assert standing(settings) == []
    assert result.no not in client.get(CSV).getvalue().decode()


def test_no_more_files_are_kept_than_said_the_longest_unread_go_first(client, settings, pages_kept, monkeypatch, at):
    make_published_result()
    monkeypatch.setattr(kept_files, "MOST", 2)
    for sort in ("date", "public", "-public"):
        for path in standing(settings):  # as if some time had passed
            kept_files.os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))
        client.get(f"{CSV}?sort={sort}").getvalue()
    assert len(standing(settings)) == 2
    assert made_for(client, f"{CSV}?sort=date")[0] and not made_for(client, f"{CSV}?sort=-public")[0]


def test_whoever_waits_too_long_for_his_turn_is_told_when_to_come_again(client, monkeypatch, tmp_path, settings):
    settings.PUBLIC_FILES_ROOT = tmp_path
    make_published_result()
    monkeypatch.setattr(kept_files, "WAIT", 0)
    with kept_files._turn(tmp_path, kept_files.File("", kept_files.CSV, print)):
        answer = client.get(CSV)
        book = client.get("/results/export.xlsx")  # workbooks have a turn of their own
    assert (answer.status_code, answer["Retry-After"]) == (503, "30") and "30 秒后再下载" in answer.content.decode()
    assert book.status_code == client.get(CSV).status_code == 200


@pytest.mark.promise("P26")
@pytest.mark.clause("四(3)-e")
def test_who_asks_too_fast_is_told_how_long_to_wait_and_nobody_else(client, settings, monkeypatch):
    settings.PUBLIC_PACE = {"files": 2, "api": 3}
    now = [1_800_000_010]
    monkeypatch.setattr(pace, "time", lambda: now[0])
    monkeypatch.setattr(pace, "COUNTING", pace.Counting())
    assert [client.get(CSV).status_code for _ in range(3)] == [200, 200, 429]
    slow = client.get("/data/facilities.csv")
    assert (slow.status_code, slow["Retry-After"], slow["Cache-Control"]) == (429, "50", "private, no-store")
    assert "一分钟内已超过 2 份文件，50 秒后再继续" in slow.content.decode()
    assert client.get(CSV, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert [client.get("/data/results.json").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client.get("/results/").status_code == 200  # pages are not counted
    now[0] += timedelta(minutes=1).seconds
    assert client.get(CSV).status_code == 200
    page = client.get("/data/").content.decode()
    assert "最多下载 2 份文件、查询 3 次接口" in page


def test_what_a_killed_process_left_half_made_is_swept(client, settings, pages_kept):
    root = Path(settings.PUBLIC_FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    left, young = root / "tmpleft", root / "tmpyoung"
    for path, age in ((left, kept_files.LEFT + 60), (young, kept_files.LEFT - 60)):
        path.write_bytes(b"half")
        os.utime(path, (time.time() - age,) * 2)
    assert client.get(CSV).status_code == 200
    assert not left.exists() and young.exists()  # somebody may still be making that one


def test_an_empty_register_gives_empty_files(client, pages_kept):
    assert client.get(CSV).getvalue().decode("utf-8-sig").count("\r\n") == 1
    assert client.get("/data/results.jsonl").getvalue() == b""
    assert load_workbook(io.BytesIO(client.get("/results/export.xlsx").getvalue())).active.max_row == 2


def unordered(value) -> list:
    """Parts of a value that another process would write in another order."""
    if isinstance(value, tuple | list):
        return [part for one in value for part in unordered(one)]
    if is_dataclass(value):
        return unordered([getattr(value, part.name) for part in fields(value)])
    return [] if isinstance(value, str | int | date | None) else [value]


def test_every_process_finds_what_another_has_kept(client, pages_kept):
    make_published_result()
    assert unordered(pages_kept.state().known) == []
