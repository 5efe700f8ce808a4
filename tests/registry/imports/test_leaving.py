"""Who is on the list only to leave it: 移出单位, 已注销, 是否纳入 否. None of them is ever taken as listed."""

import pytest

from benxi_shuangsuiji.refusal import Refused
from registry.columns import COLUMNS
from registry.imports.checking.leaving import Leaving
from registry.imports.checking.lines import lines_of
from registry.imports.checking.notes import Notes
from registry.imports.checking.tables import find_tables, tables_by_choice
from registry.models import BatchKind, Ground
from tests.registry.imports.sheets import sheet
from tests.registry.imports.test_list_imports import LIST_2026, check, firm, imported, row
from tests.registry.workbooks import credit_code

F, PEOPLE, K = BatchKind.FACILITY, BatchKind.INSPECTOR, BatchKind.KEY_LIST
P, PERMIT, CREDIT = BatchKind.POSITIVE, BatchKind.PERMIT, BatchKind.CREDIT


def staying(sheets, kind):
    """The names that count, and what the others are told."""
    sheets = sheets if isinstance(sheets, list) else [sheets]
    leaving = Leaving(kind)
    tables = find_tables(sheets, COLUMNS[kind], leaving)
    rows = lines_of(tables, COLUMNS[kind], Notes(tables), lambda s: [(n, list(cells)) for n, cells in s.first], leaving)
    lines = list(rows)
    told = [p["problem"] for line in lines if line.leaving for p in line.problems]
    return [line.values["name"] for line in lines if not line.leaving], told, leaving.sheets


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "head", "text"),
    [
        (K, "变动情况", "移出"),
        (K, "变动情况", "拟移出"),
        (K, "备注", "本年不再列入"),
        (K, "备注", "2026年3月已移出名录"),
        (K, "备注", "因停产移出"),
        (K, "备注", "企业已注销"),
        (K, "备注", "停产，调出"),
        (K, "类别", "移出"),
        (K, "", "移出"),
        (K, "移出原因", "停产"),
        (P, "是否纳入", "否"),
        (P, "批次", "已移出"),
        (PERMIT, "业务类型", "注销"),
        (PERMIT, "登记状态", "已注销"),
        (PERMIT, "许可证状态", "作废"),
        (F, "备注", "已注销"),
    ],
)
def test_a_cell_says_that_somebody_leaves(kind, head, text):
    leaving = Leaving(kind)
    assert leaving.column(head) and leaving.cell(head, text)


@pytest.mark.parametrize(
    ("kind", "head", "text"),
    [
        (K, "变动情况", "新增"),
        (K, "变动情况", "保留"),
        (K, "备注", "未移出"),
        (K, "备注", "移出后重新列入"),
        (K, "备注", "取消一台锅炉"),
        (K, "备注", "原许可证注销后重新申领"),
        (K, "备注", "下属分公司注销"),
        (K, "移出原因", "/"),
        (K, "移出时间", "无"),
        (K, "是否上市公司", "否"),
        (K, "是否列入正面清单", "否"),
        (K, "锅炉情况", "拆除"),
        (P, "是否纳入", "是"),
        (P, "是否列入重点排污单位名录", "否"),
        (PERMIT, "业务类型", "变更"),
        (PERMIT, "业务类型", "延续"),
        (PERMIT, "许可证状态", "有效"),
        (CREDIT, "备注", "已注销"),
        (BatchKind.HISTORY, "备注", "已注销"),
        (F, "备注", "2025年停产"),
        (F, "治理设施情况", "拆除"),
    ],
)
def test_a_cell_that_says_something_else_keeps_its_row(kind, head, text):
    leaving = Leaving(kind)
    assert not (leaving.column(head) and leaving.cell(head, text))


@pytest.mark.parametrize(
    ("asked", "head", "text", "other"),
    [
        ({"year": 2025}, "评价年度", "2023", True),
        ({"year": 2025}, "年度", "2023年度", True),
        ({"year": 2025}, "年度", "2025", False),
        ({"year": 2026, "month": 10}, "评价月份", "2026-08", True),
        ({"year": 2026, "month": 10}, "月份", "8月", True),
        ({"year": 2026, "month": 10}, "月份", "2026年10月", False),
        ({"year": 2026, "month": 10}, "年月", "202610", False),
        ({"year": 2026}, "列入年度", "2023", False),
        ({}, "年度", "2023", False),
    ],
)
def test_a_column_may_say_that_a_row_is_of_another_time(asked, head, text, other):
    leaving = Leaving(CREDIT, asked)
    assert bool(leaving.column(head) and leaving.cell(head, text)) is other
    assert not other or "年度和月份与上传时填的不同" in leaving.remedy(text)


@pytest.mark.parametrize("name", ["移出名单", "已移出企业（2家）", "退出", "2025年调出单位", "不再列入", "注销企业"])
def test_the_name_of_a_sheet_says_that_all_in_it_leave(name):
    assert Leaving(K).section(name)


@pytest.mark.parametrize(
    "name", ["名录", "纳入", "新增与移出", "出口企业", "未移出", "注销厂街道", "东明街道", "Sheet1"]
)
def test_other_sheets_are_read(name):
    assert not Leaving(K).section(name)


@pytest.mark.parametrize(
    ("title", "leaves"),
    [
        ("2026年度监督执法正面清单移出企业名单", True),
        ("关于撤销、注销排污许可证企业名单的公告", True),
        ("拟移出正面清单的企业", True),
        ("2026年监督执法正面清单", False),
        ("拟列入和移出正面清单企业名单", False),
        ("正面清单动态调整（新增、移出）企业名单", False),
        ("填报说明：已移出的企业不用填。名单以外的企业另报", False),
    ],
)
def test_a_title_says_so_when_it_speaks_of_nobody_else(title, leaves):
    assert Leaving(P).title(title) is leaves


# --- sheets, sections, rows ----------------------------------------------------------------------------------------


def test_a_sheet_of_those_who_leave_is_left_out_and_named():
    head = ["序号", "企业名称"]
    sheets = [sheet([head, ["1", "甲厂"]], name="列入"), sheet([head, ["1", "乙厂"]], name="移出名单")]
    assert staying(sheets, P) == (["甲厂"], [], ["移出名单"])
    sheets = [sheet([head, ["1", "甲厂"]]), sheet([["2026年移出企业名单"], head, ["1", "乙厂"]], name="附表二")]
    assert staying(sheets, P) == (["甲厂"], [], ["附表二"])


def test_a_list_of_nobody_else_is_refused_also_when_its_columns_were_chosen():
    out = sheet([["2026年移出企业名单"], ["序号", "企业名称", "移出原因"], ["1", "乙厂", "停产"]])
    with pytest.raises(Refused, match="“2026年移出企业名单”，不是列入的"):
        find_tables([out], COLUMNS[P], Leaving(P))
    layout = {"sheet": out.name, "header_row": 2, "places": {"name": 1}}
    with pytest.raises(Refused, match="不是列入的"):
        tables_by_choice([out], layout, COLUMNS[P], Leaving(P))


@pytest.mark.parametrize("unnumbered", [False, True])
def test_a_section_lasts_until_the_next_of_its_order(unnumbered):
    titles = ["一、继续保留企业", "二、移出企业（2家）", "三、新增企业"]
    titles = [title[2:] if unnumbered else title for title in titles]
    rows = [
        ["企业名称", "地址"],
        [titles[0]],
        ["甲厂", "某路"],
        [titles[1]],
        ["（一）水环境重点单位"],
        ["乙厂", "某路"],
        ["合计", "1 家"],
        ["丙厂", "某路"],
        [titles[2]],
        ["丁厂", "某路"],
    ]
    spans = [(2, 1, 2, 2), (4, 1, 4, 2), (9, 1, 9, 2)]
    names, told, _ = staying(sheet(rows, spans=spans), K)
    assert (names, len(told)) == (["甲厂", "丁厂"], 2)
    assert told[0] == f"在“{titles[1]}”这一节里，不导入"


def test_the_title_of_a_section_beside_its_number_is_no_firm():
    rows = [["序号", "企业名称"], ["1", "甲厂"], ["二", "调出企业"], ["1", "乙厂"]]
    assert staying(sheet(rows), K)[:2] == (["甲厂"], ["在“二、调出企业”这一节里，不导入"])


def test_names_that_sound_so_are_firms():
    rows = [
        ["企业名称", "统一社会信用代码"],
        ["本溪退出商贸有限公司", credit_code()],
        ["移出企业服务有限公司", credit_code()],
    ]
    assert staying(sheet(rows), K)[0] == ["本溪退出商贸有限公司", "移出企业服务有限公司"]


def test_in_the_registry_the_column_of_states_is_asked_first():
    head = ["企业名称", "统一社会信用代码", "生产状态", "备注"]
    rows = [head, ["甲厂", credit_code(), "注销", "注销"], ["乙厂", credit_code(), "", "注销"]]
    assert staying(sheet(rows), F)[:2] == (["甲厂"], ["“备注”写的是“注销”，不导入"])


# --- the check page ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.clause("六(二)-t")
def test_whom_the_list_moves_out_is_among_those_no_longer_listed(at):
    stays, goes, both = firm(name="甲厂"), firm(name="乙厂"), firm(name="丙厂")
    at("2025-03-20 09:00")
    imported(
        BatchKind.KEY_LIST, [row(f) for f in (stays, goes, both)], {"year": 2025, "document": "本环发〔2025〕1 号"}
    )
    at("2026-03-20 09:00")
    rows = [
        row(stays, 变动情况="保留"),
        row(goes, 变动情况="移出"),
        row(both, 变动情况="移出"),
        row(both, 变动情况="保留"),
    ]
    batch = check(BatchKind.KEY_LIST, rows, LIST_2026)
    assert (batch.counts["faulty"], batch.counts["absent"]) == (2, 1)
    (left_out,) = [line.content for line in batch.lines.all() if line.content and line.content.get("left_out")]
    assert (left_out["code"], left_out["ended"]) == (goes.code, [Ground.KF1.value])
