"""The facts of the pages of one import, each by itself (ui.md 4.10)."""

from types import SimpleNamespace

import pytest

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.documents.models import Job, JobState
from registry.imports.changes import Change, changes_of
from registry.imports.pages import BatchPage, Report
from registry.imports.shelf_pages import FACILITIES, INSPECTORS
from registry.models import Category, Ground, ImportBatch, Rating

COUNTS = {
    "rows": 1200,
    "added": 3,
    "changed": 4,
    "unchanged": 1100,
    "faulty": 2,
    "same": 1,
    "missing": 5,
    "last_row": 9,
    "tables": [],
}


def batch(kind="FACILITY", state="CHECKED", **fields) -> ImportBatch:
    counts = COUNTS | fields.pop("counts", {})
    return ImportBatch(pk=7, kind=kind, state=state, counts=counts, **fields)


def page(shelf=FACILITIES, **fields) -> BatchPage:
    return BatchPage(batch(**fields), shelf)


def report(only="", **fields) -> Report:
    return Report(page(**fields), User(), only)


def row(**content) -> SimpleNamespace:
    content = {"code": "BX-0007", "name": "清砚环保", "new": {}, "old": {}, **content}
    return SimpleNamespace(number=content.pop("number", 3), content=content)


def test_the_two_registries_have_their_own_addresses():
    assert page().upload_url == "/desk/objects/import/?kind=FACILITY"
    assert page(INSPECTORS, kind="INSPECTOR").upload_url == "/desk/inspectors/import/"
    assert page().template_url == "/desk/objects/import/template.xlsx?kind=FACILITY"
    assert page().urls["check"] == "/desk/objects/import/7/"
    assert page().urls["marked"] == "/desk/objects/import/7/marked.xlsx"
    assert [page().urls[act] for act in ("confirm", "discard", "withdraw")] == [
        f"/desk/objects/import/7/{act}/" for act in ("confirm", "discard", "withdraw")
    ]
    assert (FACILITIES.list_url, INSPECTORS.list_url) == ("/desk/objects/", "/desk/inspectors/")


def test_a_batch_says_what_it_is_and_how_it_stands():
    assert (page().label, page().tone) == ("检查对象", "warn")
    assert page(kind="KEY_LIST", state="CONFIRMED").label == "重点排污单位名录"
    assert page(state="CONFIRMED").tone == "ok"


@pytest.mark.parametrize(
    ("job", "percent", "given_up"),
    [
        (None, 0, False),
        (Job(state=JobState.RUNNING, done=0, total=0), 0, False),
        (Job(state=JobState.RUNNING, done=1, total=3), 33, False),
        (Job(state=JobState.FAILED, done=9, total=3), 100, True),
    ],
)
def test_how_far_the_worker_has_come(job, percent, given_up):
    shown = page(job=job, state="WRITING")
    assert (shown.percent, shown.given_up, shown.under_way) == (percent, given_up, not given_up)


def test_the_report_counts_rows_and_what_they_change():
    found = report()
    assert (found.bad_rows, found.good_rows, found.changing) == (2, 1197, 7)
    assert [(c["label"], c["figure"], c["unit"]) for c in found.counts] == [
        ("新增", "3", "家"),
        ("有变化", "4", "家"),
        ("无变化", "1,100", "家"),
        ("有问题", "2", "行"),
        ("名录里有、表里没有", "5", "家"),
    ]
    assert found.checked and not report(state="CONFIRMED").checked
    assert (found.more_errors, found.more_changes) == (0, 0)
    assert (report(counts={"faulty": 301}).more_errors, report(counts={"added": 400}).more_changes) == (1, 104)
    assert report(notes=[{"row": 1}] * 301).notes == [{"row": 1}] * 300


def test_a_years_list_says_whose_ground_ends():
    assert report(kind="KEY_LIST").counts[-1]["label"] == "以前列入、这次没有"
    assert report(counts={"missing": 0}).counts[-1]["note"] == ""


@pytest.mark.parametrize(
    ("counts", "label"),
    [
        ({}, "导入 1,197 行，跳过 2 行"),
        ({"faulty": 0}, "导入 1,199 行"),
        ({"faulty": 0, "absent": 1500}, "导入 1,199 行"),
    ],
)
def test_the_button_states_the_numbers(counts, label):
    assert report(counts=counts).confirm_label == label


def test_what_is_not_confirmed_has_nothing_to_withdraw():
    assert report().withdraw_obstacle == ""


def test_a_new_facility_is_one_line():
    new = {"industry_name": "水泥制造", "permit_category": "KEY"}
    line = row(code="", new=new, category=[None, Category.KEY], number=12)  # beyond the last row: no row to show
    assert changes_of(batch(), [line]) == [
        Change("—", "清砚环保", "新增", "重点（待批准）　水泥制造　重点管理", "新增")
    ]


def test_category_and_grounds_come_with_their_reasons():
    ground = {"kind": Ground.values[0], "evidence": "2026 年名录"}
    line = row(category=[Category.GENERAL, Category.KEY], grounds=[ground], ended=[Ground.values[1]])
    changes = changes_of(batch(), [line])
    assert [(c.item, c.group, c.reason) for c in changes] == [
        ("类别", "类别", "2026 年名录"),
        ("依据", "依据", "2026 年名录"),
        ("依据", "依据", ""),
    ]
    assert changes[-1].after == "取消" and changes[-1].before == Ground(Ground.values[1]).label


def test_ratings_lists_and_values_are_a_line_each():
    rating = {"kind": Rating.CREDIT, "year": 2025, "month": 0, "code": "A", "source": "信用中国"}
    values = {"new": {"status": "SUSPENDED", "address": "新址"}, "old": {"status": "OPERATING", "address": "旧址"}}
    changes = changes_of(batch(), [row(rating=rating, positive={"batch": "第一批"}, status_on="2026-07-01", **values)])
    assert [(c.item, c.before, c.after, c.group) for c in changes] == [
        (Rating.CREDIT.label, "", "2025 年：A", "其他"),
        ("正面清单", "", "纳入（第一批）", "其他"),
        ("生产状态", "在产", "停产 自 2026-07-01", "状态"),
        ("地址", "旧址", "新址", "其他"),
    ]
