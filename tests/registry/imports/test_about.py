"""What a list says of itself, its year and its kind, beside what was said when it was uploaded."""

import pytest

from benxi_shuangsuiji.refusal import Refused
from registry.columns import COLUMNS
from registry.imports.checking.about import notes_of, of_the_year, refuse_another_kind, years_in, years_in_name
from registry.imports.checking.notes import Notes
from registry.imports.checking.tables import find_tables
from registry.models import BatchKind
from tests.registry.imports.sheets import sheet

K, P, CREDIT = BatchKind.KEY_LIST, BatchKind.POSITIVE, BatchKind.CREDIT
HEAD = ["序号", "企业名称"]


def tables(*named, kind=K):
    """One sheet each: its name and the title above its heads."""
    sheets = [
        sheet([[title] if title else [], HEAD, ["1", f"示例{n}厂"]], name=name) for n, (name, title) in enumerate(named)
    ]
    return find_tables(sheets, COLUMNS[kind])


@pytest.mark.parametrize(
    ("title", "years"),
    [
        ("本溪市2024年重点排污单位名录", {2024}),
        ("2025年度企业环境信用评价结果", {2025}),
        ("2024-2026年环境监管重点单位名录", {2024, 2026}),
        ("环境监管重点单位名录（2026年3月5日印发）", set()),
        ("本环发〔2025〕12号 2026年重点排污单位名录", {2026}),
        ("按《名录管理办法》2023年修订版编制", set()),
        ("重点排污单位名录", set()),
    ],
)
def test_the_year_of_a_list_is_not_the_day_of_its_printing(title, years):
    assert years_in(title) == years


def test_in_a_name_a_year_stands_alone():
    assert years_in_name("名录2025.xlsx") == {2025}
    assert years_in_name("名录_20260301.xlsx") == years_in_name("210504000001.xlsx") == set()


def test_the_list_of_another_year_is_refused_by_its_title():
    with pytest.raises(Refused, match="“本溪市2024年重点排污单位名录”，上传时填的是 2026 年"):
        of_the_year(tables(("S", "本溪市2024年重点排污单位名录")), K, {"year": 2026})


@pytest.mark.parametrize(
    "title",
    ["2026年重点排污单位名录", "重点排污单位名录", "", "重点排污单位名录（2025年12月公布）", "2025年以来新增企业"],
)
def test_other_titles_are_no_reason_to_refuse(title):
    assert of_the_year(tables(("S", title)), K, {"year": 2026})[1] == []


def test_a_rating_of_last_year_may_be_called_by_the_year_it_is_made_known():
    held = tables(("S", "2026年企业环境信用评价结果公示"))
    assert of_the_year(held, CREDIT, {"year": 2025}) == (held, [])
    with pytest.raises(Refused):
        of_the_year(held, CREDIT, {"year": 2024})


def test_of_sheets_for_several_years_that_of_the_year_is_read():
    found, others = of_the_year(tables(("2025年", ""), ("2026年", "")), K, {"year": 2026})
    assert ([t.sheet.name for t in found], others) == (["2026年"], ["2025年"])
    found, others = of_the_year(
        tables(("水环境", ""), ("大气环境", "2026年大气环境重点排污单位名录")), K, {"year": 2026}
    )
    assert (len(found), others) == (2, [])
    found, others = of_the_year(tables(("结果", ""), ("2024", "")), CREDIT, {"year": 2025})
    assert ([t.sheet.name for t in found], others) == (["结果"], ["2024"])


def test_another_kind_of_list_is_refused_by_its_title_unless_it_names_this_kind_too():
    with pytest.raises(Refused, match="这里导入的是重点排污单位名录"):
        refuse_another_kind(tables(("S", "2026年监督执法正面清单")), K, ["S"])
    refuse_another_kind(tables(("S", "2026年监督执法正面清单（重点排污单位）")), K, ["S"])
    refuse_another_kind(tables(("S", "2026年监督执法正面清单")), K, ["S", "重点排污单位名录.xlsx"])
    refuse_another_kind(tables(("S", "企业名单")), K, ["S"])
    for title in ("检查对象名录　明山分局", "2025年度双随机检查情况统计表", "排污许可证信息", "执法人员名册"):
        with pytest.raises(Refused, match="换一份，或者到“"):
            refuse_another_kind(tables(("S", title)), K, ["S"])
    refuse_another_kind(tables(("S", "重点排污单位名录")), BatchKind.FACILITY, ["S"])


@pytest.mark.parametrize(
    ("kind", "asked", "name", "told"),
    [
        (K, {"year": 2026}, "重点排污单位名录2025.xlsx", "写的是 2025 年，上传时填的是 2026 年"),
        (K, {"year": 2026}, "正面清单.xlsx", "像是正面清单批次，这里按重点排污单位名录核对"),
        (P, {"batch": "2026 年第一批", "document": "x"}, "2025年正面清单.xlsx", "写的是 2025 年，上传时填的是 2026 年"),
        (P, {"batch": "第一批", "document": "x"}, "2025年正面清单.xlsx", ""),
        (K, {"year": 2026}, "2026年名录.xlsx", ""),
        (BatchKind.FACILITY, {}, "2020年正面清单.xlsx", ""),
    ],
)
def test_the_name_of_the_file_is_worth_a_first_note(kind, asked, name, told):
    found = tables(("S", ""))
    notes = Notes(found)
    notes_of(found, kind, asked, name, notes)
    assert [note["problem"] for note in notes.kept] == ([told] if told else [])
