"""An item list as a workbook, out and in (domain.md 2.1, reliability.md P18)."""

import io

import pytest
from openpyxl import load_workbook

from benxi_shuangsuiji.refusal import Refused
from plans.lists import actions
from plans.lists import sheets as list_sheets
from tests.factories import make_lead_office, make_planner, make_unit
from tests.plans.factories import make_list

pytestmark = pytest.mark.django_db


def changed(content: bytes, *edits) -> bytes:
    """The workbook with cells set: (row, title, value)."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    for row, title, value in edits:
        sheet.cell(row, heads.index(title) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def items_of(item_list):
    fields = [c.field for c in list_sheets.COLUMNS]
    return list(item_list.items.order_by("code").values_list(*fields))


@pytest.mark.clause("六(一)1-a")
def test_a_list_goes_out_with_every_column_and_comes_back_the_same():
    item_list = make_list(upto="DRAFT")
    before = items_of(item_list)
    content = list_sheets.export(item_list.items.order_by("code"))
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    titles = (
        "序号 抽查类别 抽查事项 抽查内容 检查对象 事项类别 检查方式 抽查比例 抽查频次 检查主体 法律依据 权责清单编码"
    )
    assert [c.value for c in sheet[1]][:16] == [*titles.split(), "年度重点", "专业要求", "生效日期", "备注"]

    added, again = actions.import_items(item_list=item_list, content=content, by=make_lead_office())

    assert (added, again) == (0, len(before))
    assert items_of(item_list) == before
    assert all(item.points.count() >= 3 and item.cites.exists() for item in item_list.items.all())


@pytest.mark.clause("六(一)1-a")
def test_a_row_changes_its_item_and_a_new_code_adds_one_with_the_points_of_the_bank():
    item_list = make_list(upto="DRAFT")
    content = list_sheets.export(item_list.items.filter(code__in=["A01", "B01"]).order_by("code"))
    content = changed(
        content,
        (2, "权责清单编码", "210500-SY-0017"),
        (2, "法律依据", "《排污许可管理条例》第十九条、第二十二条"),
        (3, "序号", "B09"),
    )

    assert actions.import_items(item_list=item_list, content=content, by=make_lead_office()) == (1, 1)

    a01, b09 = item_list.items.get(code="A01"), item_list.items.get(code="B09")
    assert (a01.power_code, a01.legal_basis) == ("210500-SY-0017", "《排污许可管理条例》第十九条、第二十二条")
    assert b09.points.count() > 3 and item_list.items.filter(code="B01").exists()


def test_one_wrong_row_keeps_everything_out_and_says_where():
    item_list = make_list(upto="DRAFT")
    before = items_of(item_list)
    content = changed(
        list_sheets.export(item_list.items.order_by("code")),
        (2, "抽查事项", "改了名字"),
        (3, "法律依据", "《没有登记的法》第三条"),
        (4, "检查方式", "电话"),
        (5, "序号", "L01"),
        (6, "抽查内容", ""),
    )

    with pytest.raises(Refused) as refusal:
        actions.import_items(item_list=item_list, content=content, by=make_lead_office())

    text = str(refusal.value)
    for words in (
        "第 3 行：依据库里没有《没有登记的法》",
        "第 4 行：检查方式“电话”不在可选的词里",
        "第 5 行：编号开头的 L",
        "第 6 行：抽查内容是空的",
    ):
        assert words in text
    assert items_of(item_list) == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"a,b,c"])
def test_what_is_no_workbook_is_refused(content):
    item_list = make_list(upto="DRAFT")
    with pytest.raises(Refused):
        actions.import_items(item_list=item_list, content=content, by=make_lead_office())


def test_a_published_list_and_somebody_elses_take_nothing_in():
    item_list = make_list()
    content = list_sheets.export(item_list.items.all())
    with pytest.raises(Refused, match="已公开"):
        actions.import_items(item_list=item_list, content=content, by=make_lead_office())
    with pytest.raises(Refused, match="牵头部门"):
        actions.import_items(item_list=item_list, content=content, by=make_planner(make_unit()))
