"""统计: released draws and published results, each figure with its parts, nothing of the running quarter (四(3)-f)."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from benxi_shuangsuiji import clock
from disclosure.models import Act, Publication
from disclosure.publishing import actions as disclosing
from disclosure.statistics.counting import Public
from inspections.dispatch import actions as dispatching
from inspections.models import Outcome
from inspections.review import actions as reviewing
from plans.models import ChangeReason
from tests.browsing import html_of, queries, text_of
from tests.disclosure.factories import make_published_result, make_revision
from tests.factories import make_approver, make_disclosure_officer, make_planner, make_unit
from tests.inspections.factories import answer_all, finish, ready, start
from tests.plans.draw.factories import make_held_draw, move_clock
from tests.recomputed.test_small_world import drop, play_quarter

pytestmark = pytest.mark.django_db
TABLES = ("rates", "found", "never", "evenness")


def told(client, table="rates", **asked) -> dict:
    answer = client.get(f"/statistics/{table}.json", asked)
    assert answer.status_code == 200
    return {row["label"]: row for row in answer.json()["rows"]}


def publish_next(unit, checks) -> None:
    """The next check of a running quarter is made, and its result becomes public."""
    check = next(checks)
    ready(check)
    check = finish(answer_all(start(check, by=check.members.get(is_leader=True).inspector.user)))
    reviewing.review_result(inspection=check, by=make_approver(unit))
    check.refresh_from_db()
    disclosing.publish_result(inspection=check, by=make_disclosure_officer(unit))


@pytest.mark.clause("四(3)-f", "四(3)-a")
def test_a_released_quarter_counts_and_no_sum_of_the_running_one_is_shown(at, client):
    unit = make_unit()
    first = play_quarter(at, "2026-07-06 10:00", unit=unit, key=2, general=2, special=0, inspectors=4)
    move_clock(clock.now() + timedelta(days=6))
    drop(first, ChangeReason.NOTDONE, first.picks.standing().exclude(inspection__outcome=Outcome.NO_ISSUE))
    before = {table: told(client, table) for table in TABLES}
    found = before["rates"][unit.short_name]["figures"]
    drawn = (found.pop("key"), found.pop("general"))
    assert sum(f["numerator"] for f in drawn) == 1 and [f["denominator"] for f in drawn] == [2, 2]
    assert {name: (f["numerator"], f["denominator"]) for name, f in found.items()} == {
        "in_time": (2, 2),
        "workdays": (found["workdays"]["numerator"], 2),
        "found": (0, 1),
        "mended": (0, 0),
        "never": (3, 4),
    }
    assert "没有抽取，逾期 83 天" in before["rates"]["市执法队"]["note"]
    assert "各单位只查 1 家，一家的增减就有 100 个百分点" in text_of(client.get("/statistics/"))
    assert found["mended"]["value"] == "—" and found["found"]["value"] == "0%"

    at("2026-10-09 10:00")
    draw = make_held_draw(unit, key=0, general=0, special=0, inspectors=0)
    checks = iter(dispatching.dispatch(draw=draw, by=make_planner(unit)))
    publish_next(unit, checks)
    once = queries(client, "/statistics/")
    running = {table: told(client, table) for table in TABLES}
    publish_next(unit, checks)
    assert queries(client, "/statistics/") == once
    for table in ("found", "evenness"):
        assert told(client, table) == running[table] == before[table]
    now = told(client)[unit.short_name]["figures"]
    assert (now["key"], now["general"]) == drawn
    assert {name: now[name] for name in found if name != "never"} == {n: f for n, f in found.items() if n != "never"}
    assert told(client, period="2026")[unit.short_name]["figures"]["in_time"]["denominator"] == 2
    page = text_of(client.get("/statistics/"))
    assert "第四季度名单公开以前不计入" in page and "已经公开的 2 条结果可以逐条查" in page
    assert "2026Q4" not in html_of(client.get("/statistics/"))
    listed = b"".join(client.get("/data/facilities.csv?never=1").streaming_content).decode().strip().splitlines()[1:]
    assert len(listed) == now["never"]["numerator"]  # the list behind the figure is as long as the figure says
    assert "/data/facilities.csv?never=1" in html_of(client.get("/statistics/"))
    refused = client.get("/statistics/rates.csv?period=2026Q4")
    assert refused.status_code == 400 and refused.json()["unknown"][0]["allowed"] == ["2026Q3", "2026"]


@pytest.mark.clause("四(3)-f", "七(一)1-b", "八(二)-c")
def test_every_table_is_a_file_with_its_parts_also_after_a_correction_and_a_wrong_condition_is_refused(
    at, client, monkeypatch
):
    unit = make_unit()
    draw = play_quarter(at, "2026-07-06 10:00", unit=unit, key=0, general=6, special=0, inspectors=4)
    codes = sorted(code for lists in Public.read().lists.values() for code in lists.rows("general"))
    monkeypatch.setattr(Public, "industries", dict.fromkeys(codes[:4], "木业") | dict.fromkeys(codes[4:], "食品"))
    for table in TABLES:
        content = client.get(f"/statistics/{table}.csv").content.decode("utf-8-sig")
        heads, *lines = csv.reader(io.StringIO(content))
        assert lines and all(len(line) == len(heads) for line in lines), table
        for asked in ({"by": "town"}, {"when": "2026"}, {"category": "x"}):
            for form in ("csv", "json"):
                answer = client.get(f"/statistics/{table}.{form}", asked)
                assert answer.status_code == 400 and answer.json()["unknown"][0]["allowed"]
    book = load_workbook(io.BytesIO(client.get("/statistics/tables.xlsx").getvalue()))  # the same on one sheet each
    for sheet, table in zip(book, TABLES, strict=True):
        lines = csv.reader(io.StringIO(client.get(f"/statistics/{table}.csv").content.decode("utf-8-sig")))
        cells = [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(min_row=2, values_only=True)]
        assert cells == list(lines), table
    assert client.get("/statistics/tables.xlsx?by=town").status_code == 400
    assert "/statistics/tables.xlsx?period=2026Q3" in html_of(client.get("/statistics/"))
    page = text_of(client.get("/statistics/?period=2026Q9&category=key"))
    assert "不认识的条件：period=2026Q9，没有使用。" in page
    even = told(client, "evenness")
    picked = [pick.facility.code for pick in draw.picks.all() if pick.facility.code in codes]
    assert {label: row["drawn"] for label, row in even.items()} == {
        "木业": sum(code in codes[:4] for code in picked),
        "食品": sum(code in codes[4:] for code in picked),
    }
    assert sum(row["expected"] for row in even.values()) == pytest.approx(len(picked), abs=0.01)
    by_industry = told(client, by="industry")
    assert (
        set(by_industry) == {"木业", "食品", "以上合计"}
        and by_industry["以上合计"]["figures"]["never"]["denominator"] == 6
    )
    assert set(told(client, by="category")) == {"重点", "一般", "特殊", "全市"}
    items = told(client, by="item")
    assert items["合计"]["figures"]["found"]["denominator"] == sum(
        row["figures"]["found"]["denominator"] for label, row in items.items() if label != "合计"
    )
    html = html_of(client.get("/statistics/?by=item"))
    assert "整条为" not in html  # one quarter is compared with no other
    assert "style=" not in html and '<svg class="bar">' in html and 'class="wide"' in html

    # a corrected outcome is counted anew, and the old part stays in the file
    result = Public.read().results[0]
    assert result.outcome == Outcome.NO_ISSUE and draw.draw_id == result.draw
    words = {
        "outcome": "ON_SITE_FIXED",
        "finding": "标签缺项，当场补齐",
        "items.0.answer": "FOUND",
        "items.0.words": "标签缺项",
    }
    make_revision(Publication.objects.get(no=result.no), Act.CORRECT, words=words)
    figure = told(client)[unit.short_name]["figures"]["found"]
    assert figure["numerator"] == figure["numerator_before_correction"] + 1 == 1
    assert told(client)[unit.short_name]["figures"]["mended"]["numerator"] == 1
    today = clock.today()
    assert f"{today.month} 月 {today.day} 日更正后重算" in text_of(client.get("/statistics/"))


def test_before_any_names_are_public_it_says_when(at):
    client = Client()
    at("2026-07-06 10:00")
    make_published_result()
    assert "还没有名单已公开的季度" in text_of(client.get("/statistics/"))
    make_held_draw(make_unit("210503"))
    page = text_of(client.get("/statistics/"))
    assert "第一次在 9 月 25 日" in page and "%" not in page.partition("还没有名单已公开的季度")[2].partition("主办")[0]
    assert told(client) == {}
