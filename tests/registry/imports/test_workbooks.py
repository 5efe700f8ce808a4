"""Thirty-nine workbooks as counties have them: of each, what is read, what is told, and what is refused (reviews, workbooks)."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from benxi_shuangsuiji.refusal import Refused
from registry.imports import actions
from registry.models import BatchKind, Facility, Ground, Inspector
from tests.factories import make_facility, make_registrar, make_unit
from tests.registry.factories import approved_import

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).with_name("workbooks")
MANIFEST = {entry["file"]: entry for entry in json.loads((FOLDER / "manifest.json").read_text())}
ASKED = {
    "KEY_LIST": {"year": 2026, "document": "本环发〔2026〕12 号"},
    "CREDIT": {"year": 2025, "source": "省厅公告"},
    "POSITIVE": {"batch": "2026 年第一批", "document": "本环函〔2026〕3 号"},
}
# The registry that the lists speak of.
HELD = {
    "红叶食品有限公司": "91210504DEM012293F",
    "澄溪木业有限公司": "91210504DEM0123065",
    "紫藤印染有限公司": "91210504DEM0123140",
    "云栖水电站": "91210504DEM012322T",
    "晨曦热力有限公司": "91210504DEM012330M",
    "素问食品有限公司": "91210504DEM012349J",
    "红叶北食品有限公司": "91210504DEM012357D",
    "清砚危险废物处置有限公司": "91210504DEM0123658",
    "远岫包装印刷有限公司": "91210504DEM0123733",
    "映山食品有限公司": "91210504DEM012381X",
    "翠微南汽车修理厂": "91210504DEM01239XM",
    "拾光印染有限公司": "91210504DEM012402E",
    "海棠混凝土有限公司": "91210504DEM0124109",
    "知行加油站": "91210504DEM0124296",
    "长亭食品有限公司": "91210504DEM0124371",
    "澄溪污水处理有限公司": "91210504DEM012445U",
}
PERMITS = {"001W": ("澄溪木业", "紫藤印染", "素问食品", "映山食品", "海棠混凝土"), "001P": ("晨曦热力",)}


@dataclass(frozen=True)
class Read:
    """It comes to the check page. `said`: a sentence that stands there, among the notes or the faults."""

    rows: int
    added: int = 0
    changed: int = 0
    faulty: int = 0
    aside: int = 0
    foreign: int = 0
    said: str = ""


WORKBOOKS: dict[str, Read | str] = {  # a text: the sentence of the refusal
    "f01_title_total_note.xlsx": Read(8, added=8, aside=3, said="有 3 行不是数据，没有读取：第 12 行“合计”"),
    "f03_section_rows.xlsx": Read(8, added=8, aside=5, said="第 5 行“（一）黑色金属冶炼”"),
    "f05_code_as_number.xlsx": Read(6, added=1, faulty=5, said="信用代码被 Excel 存成了数字"),
    "f07_dates.xlsx": Read(20, added=15, faulty=5, said="2028-03-01"),
    "f09_category_words.xlsx": Read(12, added=3, faulty=9, said="需要依据"),
    "f11_divisions.xlsx": Read(19, added=19),
    "f13_formula_not_calculated.xlsx": Read(5, faulty=5, said="单元格是公式，没有计算结果"),
    "f14_filters_colours.xlsx": Read(10, added=10, said="有 3 行隐藏或被筛选掉"),
    "f16_password.xlsx": "文件已加密",
    "f18_xls_named_xlsx.xlsx": Read(5, added=5),
    "f31_calc.ods": Read(5, added=5),
    "f20_wps.xlsx": Read(5, added=5),
    "f21b_xml2003.xls": "另存为",
    "f22b_head_only.xlsx": "只有表头，没有内容",
    "f22d_cut.xlsx": "文件不完整",
    "f29_gbk.csv": Read(5, added=5),
    "f30b_utf16_tab.txt": Read(5, added=5),
    "f33_hidden_columns.xlsx": Read(6, added=6, said="有 1 行隐藏或被筛选掉"),
    "f34b_heads_twice.xlsx": Read(1, added=1),
    "f36_cards.xlsx": "像是一企一表",
    "f38_head_in_row_13.xlsx": Read(3, added=3),
    "f40_characters.xlsx": Read(8, added=5, faulty=3, said="含改变文字方向的字符"),
    "f42_unit_words.xlsx": Read(7, added=5, foreign=2, said="2 家属于其他单位，没有读取"),
    "f43_blank_gap_300.xlsx": Read(10, added=10),
    "f44_slash_means_none.xlsx": Read(7, added=7, said="按空着读取"),
    "f46_credit_in_registry.xlsx": Read(6, added=6, said="按空着读取"),
    "i04_inspectors_total_signature.xlsx": Read(1, added=1, aside=4, said="“填报人：李某”"),
    "o01_empty_fill.xlsx": Read(2, added=1, faulty=1, said="应为 18 位，现为 3 位"),
    "o03_core_date.xlsx": Read(2, added=1, faulty=1, said="应为 18 位，现为 3 位"),
    "k01_key_list_official.xlsx": Read(8, changed=8, aside=1, said="第 13 行“注：同一单位可同时属于"),
    "k03_key_list_repeated.xlsx": Read(11, changed=7, said="是同一家，类别合在一起，只算一行"),
    "k05_key_list_names_only.xlsx": Read(6, changed=6, said="按名称对应"),
    "k06a_key_list_2025.xlsx": Read(6, changed=6),
    "k06b_key_list_2026_bad_codes.xlsx": Read(6, changed=4, faulty=2, said="信用代码被 Excel 存成了数字"),
    "p02_permit_list.xlsx": Read(9, added=3, changed=6),
    "c02_credit_words_known_head.xlsx": Read(14, changed=12, faulty=1, said="不是可用的环境信用评价"),
    "l01_positive_names_only.xlsx": Read(5, changed=5, said="按名称对应"),
    "i01_inspectors_official.xlsx": Read(
        6, added=1, faulty=5, aside=1, said="有 1 行不是数据，没有读取：第 9 行“合计”"
    ),
    "i03_inspectors_two_cards.xlsx": Read(3, added=2, faulty=1, said="可能是同一人的两本执法证"),
}


@pytest.fixture
def unit():
    """明山分局 with the firms that its lists name; the other units whose names stand in the workbooks."""
    make_unit("210500", kind="CITY_TEAM")
    make_unit("210502", name="平山分局")
    unit = make_unit("210504")
    make_unit("210504-S", kind="COUNTY_SECTION", name="明山执法科", serves=unit)
    for name, uscc in HELD.items():
        permit = next((f"{uscc}{end}" for end, of in PERMITS.items() if name.startswith(of)), "")
        make_facility(unit, name=name, uscc=uscc, permit_no=permit)
    return unit


def check(file, unit, **asked):
    kind = MANIFEST[file]["kind"]
    return actions.check_workbook(
        file_name=file,
        content=(FOLDER / file).read_bytes(),
        kind=BatchKind(kind),
        unit=unit,
        by=make_registrar(unit),
        asked=ASKED.get(kind, {}) | asked,
    )


def sentences(batch) -> str:
    faults = [p for line in batch.lines.all() for p in line.problems]
    return "\n".join(f"{p['column']}｜{p['value']}｜{p['problem']}｜{p['remedy']}" for p in [*faults, *batch.notes])


def test_every_workbook_of_the_folder_has_its_line():
    assert set(WORKBOOKS) == set(MANIFEST) == {f.name for f in FOLDER.iterdir()} - {"manifest.json"}


@pytest.mark.parametrize("file", WORKBOOKS)
def test_a_workbook_as_counties_have_them(file, unit):
    want = WORKBOOKS[file]
    if isinstance(want, str):
        with pytest.raises(Refused, match=want):
            check(file, unit)
        return
    batch = check(file, unit)
    assert batch.state == "CHECKED", batch.trouble
    told = sentences(batch)
    counts = batch.counts
    found = {n: counts[n] for n in ("rows", "added", "changed", "faulty", "aside", "foreign")}
    assert found == {n: getattr(want, n) for n in found}, told
    assert want.said in told
    # The rows add up: nothing is lost without a word.
    assert counts["rows"] == sum(counts[n] for n in ("added", "changed", "unchanged", "faulty", "same", "foreign"))


def confirmed(file, unit, **asked):
    batch = check(file, unit, **asked)
    return approved_import(actions.confirm_import(batch=batch, by=make_registrar(unit)))


def test_the_ticks_of_the_official_list_are_the_classes_of_each_firm(unit):
    confirmed("k01_key_list_official.xlsx", unit)
    grounds = dict(Facility.objects.filter(grounds__isnull=False).values_list("name", "grounds__evidence"))
    assert grounds["云栖水电站"] == "2026 年重点排污单位名录（水环境、大气环境、土壤污染、环境风险）"
    assert grounds["紫藤印染有限公司"] == "2026 年重点排污单位名录（大气环境、环境风险）"
    assert len(grounds) == 8


def test_a_firm_in_three_classes_has_one_ground_with_all_of_them(unit):
    batch = check("k03_key_list_repeated.xlsx", unit)
    assert batch.counts["same"] == 4
    evidence = {line.content["name"]: line.content["grounds"][0]["evidence"] for line in batch.lines.all()}
    assert evidence["云栖水电站"] == "2026 年重点排污单位名录（水环境、大气环境、环境风险管控）"


def test_a_damaged_code_ends_nobodys_ground(unit, at):
    at("2026-03-20 09:00")
    confirmed("k06a_key_list_2025.xlsx", unit, year=2025)
    batch = check("k06b_key_list_2026_bad_codes.xlsx", unit)
    assert (batch.counts["missing"], batch.counts["absent"]) == (0, 0)
    approved_import(actions.confirm_import(batch=batch, by=make_registrar(unit)))
    held = Facility.objects.filter(grounds__kind=Ground.KF1, grounds__valid_to__isnull=True)
    assert set(held.values_list("name", flat=True)) == set(list(HELD)[10:])


def test_words_for_nothing_are_stored_nowhere(unit):
    confirmed("f44_slash_means_none.xlsx", unit)
    found = Facility.objects.filter(name__startswith="本溪斜杠")
    assert {(f.permit_no, f.contact_phone, f.longitude, f.industry_code, f.credit_level) for f in found} == {
        ("", "", None, "", "")
    }


def test_levels_of_the_registrys_workbook_are_those_of_the_vocabulary(unit):
    confirmed("f46_credit_in_registry.xlsx", unit)
    found = Facility.objects.filter(name__startswith="本溪信用").order_by("uscc")
    assert [(f.credit_level, f.credit_risk) for f in found] == [
        ("", "A"),
        ("蓝", "B"),
        ("绿", "C"),
        ("绿", "A"),
        ("黑", "D"),
        ("黑", "D"),
    ]


def test_of_a_list_of_people_only_people_become_inspectors(unit):
    confirmed("i04_inspectors_total_signature.xlsx", unit)
    assert list(Inspector.objects.values_list("name", "certificate_no")) == [("张三", "06050400931")]
