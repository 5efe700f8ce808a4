"""An item list as a workbook, out and in through the check page of every import (domain.md 2.1, reliability.md P18)."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from benxi_shuangsuiji.refusal import Refused
from plans.lists import actions as lists_actions
from plans.lists import sheets as list_sheets
from plans.models import ItemList
from registry.imports import actions as imports_actions
from registry.models import BatchKind, BatchState, ImportBatch
from tests import database
from tests.browsing import enter, post_and_follow, text_of
from tests.factories import make_lead_office, make_planner, make_registrar, make_unit
from tests.plans.factories import make_list
from tests.registry.imports import decorated as d
from tests.spreadsheets import resaved

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 1)


def export(item_list, *codes) -> bytes:
    items = item_list.items.filter(code__in=codes) if codes else item_list.items.all()
    return list_sheets.export(items.order_by("code"), item_list, DAY)


def check(item_list, content, by=None, name="事项清单.xlsx"):
    return imports_actions.check_workbook(
        file_name=name,
        content=content,
        kind=BatchKind.ITEM,
        unit=item_list.unit,
        by=by or make_lead_office(),
        asked={"list": item_list.pk},
    )


def changed(content: bytes, *edits) -> bytes:
    """The workbook with cells set: (row, title, value). Its heads stand in row 2, below the title."""
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[2]]
    for row, title, value in edits:
        sheet.cell(row, heads.index(title) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(content: bytes) -> list[list]:
    """Heads and rows, without the title."""
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True) if any(row)]


def written(rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def items_of(item_list):
    fields = [c.field for c in list_sheets.COLUMNS]
    return list(item_list.items.order_by("code").values_list(*fields))


def said(batch) -> list[str]:
    lines = [p for line in batch.lines.all() for p in line.problems]
    return [f"第 {p['row']} 行 {p['column']} {p['problem']}：{p['remedy']}" for p in lines]


def untouched(batch, number) -> bool:
    return (list(batch.lines.all()), batch.counts["unchanged"], batch.state) == ([], number, BatchState.CHECKED)


@pytest.mark.clause("六(一)1-a")
def test_a_list_goes_out_with_every_column_and_comes_back_the_same():
    item_list = make_list(upto="DRAFT")
    content = export(item_list)
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    titles = (
        "序号 抽查类别 抽查事项 抽查内容 检查对象 事项类别 检查方式 抽查比例 抽查频次 检查主体 法律依据 权责清单编码"
    )
    assert sheet["A1"].value == f"2026 年随机抽查事项清单　{item_list.unit.name}　2026 年 7 月 1 日"
    assert [c.value for c in sheet[2]][:16] == [*titles.split(), "年度重点", "专业要求", "生效日期", "备注"]

    assert untouched(check(item_list, content), item_list.items.count())


def next_years_draft(at) -> tuple[bytes, ItemList]:
    """Last year's published list as a workbook, with one item that came in the middle of the year; and this year's draft."""
    last = make_list()
    last.items.filter(code="A01").update(valid_from=date(2026, 8, 1))
    content = export(last)
    at(datetime(2027, 1, 5, 9, tzinfo=database.CHINA))
    return content, make_list(year=2027, upto="DRAFT")


@pytest.mark.clause("六(一)1-a")
def test_last_years_list_goes_into_this_years_draft_as_it_was_handed_out(at):
    content, draft = next_years_draft(at)
    before = items_of(draft)
    batch = check(draft, content)

    assert untouched(batch, len(before)) and items_of(draft) == before
    assert [n["problem"] for n in batch.notes] == [f"有 {len(before)} 行早于清单年度，从 2027-01-01 起算"]


@pytest.mark.slow("office")
@pytest.mark.parametrize("formats", [("xlsx",), ("ods",), ("xls",), ("csv",), ("csv", "xlsx")], ids="-".join)
def test_last_years_list_goes_in_through_a_spreadsheet_program(at, formats):
    content, draft = next_years_draft(at)
    batch = check(draft, resaved(content, *formats), name=f"清单.{formats[-1]}")
    assert untouched(batch, draft.items.count())


@pytest.mark.clause("六(一)1-a")
def test_a_row_changes_its_item_and_a_new_code_adds_one_with_the_points_of_the_bank():
    item_list = make_list(upto="DRAFT")
    by, points = make_lead_office(), item_list.items.get(code="A01").points.count()
    content = changed(
        export(item_list, "A01", "B01"),
        (3, "权责清单编码", "210500-SY-0017"),
        (3, "法律依据", "《排污许可管理条例》第十九条、第二十二条"),
        (4, "序号", "b09"),
    )
    before = items_of(item_list)
    batch = check(item_list, content, by)
    assert (batch.counts["added"], batch.counts["changed"], batch.counts["faulty"]) == (1, 1, 0)
    assert items_of(item_list) == before  # nothing is written before it is confirmed

    imports_actions.confirm_import(batch=batch, by=by)

    a01, b09 = item_list.items.get(code="A01"), item_list.items.get(code="B09")
    assert (a01.power_code, a01.legal_basis) == ("210500-SY-0017", "《排污许可管理条例》第十九条、第二十二条")
    assert [str(cite.article) for cite in a01.cites.all()] != [] and a01.points.count() == points
    assert b09.points.count() > 3 and item_list.items.filter(code="B01").exists()

    imports_actions.withdraw_import(batch=batch, by=by)
    assert items_of(item_list) == before


def test_a_batch_whose_items_were_changed_again_or_whose_list_went_on_is_not_taken_back():
    item_list, by = make_list(upto="DRAFT"), make_lead_office()
    batch = check(item_list, changed(export(item_list, "A01"), (3, "备注", "新")), by)
    batch = imports_actions.confirm_import(batch=batch, by=by)
    item_list.items.filter(code="A01").update(note="又改")
    with pytest.raises(Refused, match="导入以后又改过事项 A01"):
        imports_actions.withdraw_import(batch=batch, by=by)
    item_list.items.filter(code="A01").update(note="新")
    lists_actions.submit_list(item_list=item_list, by=by)
    with pytest.raises(Refused, match="待审核"):
        imports_actions.withdraw_import(batch=batch, by=by)


def test_a_draft_that_changed_after_the_check_is_checked_again():
    item_list, by = make_list(upto="DRAFT"), make_lead_office()
    batch = check(item_list, changed(export(item_list, "A01"), (3, "备注", "新")), by)
    item_list.items.filter(code="B01").update(note="别人改的")
    with pytest.raises(Refused, match="按“重新核对”"):
        imports_actions.confirm_import(batch=batch, by=by)
    assert item_list.items.get(code="A01").note == ""


def test_wrong_rows_say_where_and_what_to_do_and_an_empty_cell_changes_nothing():
    item_list = make_list(upto="DRAFT")
    before = items_of(item_list)
    content = changed(
        export(item_list),
        (3, "法律依据", "《没有登记的法》第三条"),
        (4, "检查方式", "电话"),
        (5, "序号", "L01"),
        (6, "抽查内容", None),
        (7, "序号", "X/1"),
        (8, "生效日期", date(2027, 3, 1)),
        (9, "法律依据", "环保法"),
        (10, "序号", "B77"),
        (10, "检查主体", None),
    )
    batch = check(item_list, content)

    text = "\n".join(said(batch))
    for words in (
        "第 3 行 法律依据 依据库里没有《没有登记的法》",
        "第 4 行 检查方式 不是可用的检查方式：填“现场”“非现场”“书面”“现场或非现场”",
        "第 5 行 序号 编号开头的 L 留给分局的补充事项：全市清单换一个字母",
        "第 7 行 序号",
        "第 8 行 生效日期 不在清单的年度之内：从 2026-01-01 到 2026-12-31",
        "第 9 行 法律依据 读不出是哪一部依据：按“《全称》第四十二条”的写法填写",
        "第 10 行 检查主体 新事项没有填写检查主体：填写检查主体，或删去这一行",
    ):
        assert words in text
    assert "第 6 行" not in text and batch.counts["faulty"] == 7
    assert items_of(item_list) == before


@pytest.mark.parametrize("way", ["{}", "{}.", "（{}）", "{}、"])
def test_a_running_number_is_no_code_and_the_name_says_which_item_it_is(way):
    item_list = make_list(upto="DRAFT")
    rows = rows_of(export(item_list, "A01", "B01", "C01"))
    for n, row in enumerate(rows[1:], start=1):
        row[0] = n if way == "{}" else way.format(n)
    rows[3][2] = "清单里没有的事项"
    rows[1][-2] = "新的说明"  # the remark
    batch = check(item_list, written(rows))
    assert (batch.counts["added"], batch.counts["faulty"]) == (0, 1)
    assert said(batch) == ["第 4 行 序号 只是行号，不是事项编号：填写事项编号，例如 A01"]
    assert {line.code for line in batch.lines.filter(content__isnull=False)} <= {"A01"}
    assert sum("按抽查事项的名称对应" in note["problem"] for note in batch.notes) == 2


def test_a_code_of_digits_that_the_list_has_is_a_code_and_a_name_of_two_items_tells_none():
    item_list = make_list(upto="DRAFT")
    item_list.items.filter(code="A01").update(code="1")
    assert untouched(check(item_list, export(item_list)), item_list.items.count())
    item_list.items.filter(code="C01").update(name=item_list.items.get(code="B01").name)
    rows = rows_of(export(item_list, "B01"))
    rows[1][0] = "2"
    assert said(check(item_list, written(rows))) == [
        "第 2 行 序号 只是行号，不是事项编号：填写事项编号，清单里同名的是 B01、C01"
    ]


def test_a_share_is_read_as_its_cell_shows_it():
    item_list = make_list(upto="DRAFT")
    content = changed(
        export(item_list, "A01", "B01", "C01"), *((n, "抽查比例", x) for n, x in enumerate((0.07, "不低于5%", 1), 3))
    )
    batch = check(item_list, content)
    assert [line.content["new"]["ratio_text"] for line in batch.lines.filter(content__isnull=False)] == [
        "7%",
        "不低于5%",
    ]
    assert said(batch) == ["第 5 行 抽查比例 看不出是百分之一还是全部：整列设为“文本”格式，连百分号一起填写"]
    assert [note["problem"] for note in batch.notes if note["column"] == "抽查比例"] == ["按 7% 读取"]


def test_what_a_new_item_lacks_is_told_in_the_order_of_the_columns():
    item_list = make_list(upto="DRAFT")
    content = changed(
        export(item_list, "A01"),
        (3, "序号", "A77"),
        *((3, t, None) for t in ("法律依据", "抽查内容", "检查对象", "检查主体")),
    )
    told = [text.split()[3] for text in said(check(item_list, content))]
    assert told == ["抽查内容", "检查对象", "检查主体", "法律依据"]


def two_rows(rows):
    """The heads of a published list: 抽查项目 over 抽查类别 and 抽查事项, the others beside them over two rows."""
    heads = rows[0]
    upper = ["抽查项目" if head == "抽查类别" else None if head == "抽查事项" else head for head in heads]
    lower = [head if head in ("抽查类别", "抽查事项") else None for head in heads]
    return [upper, lower, *rows[1:]]


def put(rows, title, value):
    at = rows[0].index(title)
    return [rows[0], *([*row[:at], value(row[at]), *row[at + 1 :]] for row in rows[1:])]


def renamed(rows, **names):
    return [[names.get(head, head) for head in rows[0]], *rows[1:]]


@pytest.mark.parametrize(
    "as_written",
    [
        lambda rows: [["本溪市随机抽查事项清单"], ["填报单位（盖章）：", "填表时间：2026年1月"], *rows],
        lambda rows: renamed(rows, 序号="序 号", 法律依据="检查依据", 抽查事项="事项名称", 检查主体="实施主体"),
        lambda rows: renamed(rows, 法律依据="抽查依据", 检查对象="抽查对象", 检查方式="抽查方式"),
        lambda rows: put(rows, "检查方式", lambda word: {"现场": "现场检查", "书面": "书面检查"}.get(word, word)),
        lambda rows: put(rows, "事项类别", lambda word: word.removesuffix("检查事项")),
        lambda rows: put(rows, "生效日期", lambda day: "2026年1月1日"),
        lambda rows: put(rows, "生效日期", lambda day: "2026.1.1"),
        lambda rows: put(rows, "权责清单编码", lambda code: code or "/"),
        lambda rows: [*rows, [], ["注：本清单自公布之日起施行。"], ["填表人：", "审核人："]],
        two_rows,
    ],
)
def test_a_list_as_offices_write_it_is_read_like_the_own_export(as_written):
    item_list = make_list(upto="DRAFT")
    batch = check(item_list, written(as_written(rows_of(export(item_list)))))
    assert batch.state == BatchState.CHECKED, batch.trouble
    assert (said(batch), untouched(batch, item_list.items.count())) == ([], True)


def test_an_exported_list_that_an_office_has_dressed_up_reads_back_the_same():
    item_list, by = make_list(upto="DRAFT"), make_lead_office()
    content, number = export(item_list), item_list.items.count()
    ways = {"序号": [str, str.lower, lambda code: f" {code}　"], "生效日期": d.OF_DAYS}

    @settings(max_examples=5, deadline=None)
    @given(how=d.DECORATIONS)
    def reads_back_the_same(how):
        batch = check(item_list, d.decorated(content, how, ways, names="抽查事项", kept=("序号",)), by)
        assert batch.state == BatchState.CHECKED, batch.trouble
        assert (said(batch), untouched(batch, number)) == ([], True)

    reads_back_the_same()


def test_a_table_that_is_not_understood_asks_which_column_is_which(client):
    item_list, by = make_list(upto="DRAFT"), make_lead_office()
    rows = rows_of(changed(export(item_list), (3, "备注", "新")))
    client = enter(client, by)
    url = f"{item_list.get_absolute_url()}import/"
    content = written(renamed(rows, 序号="甲", 抽查事项="乙"))
    answer = post_and_follow(client, url, file=uploaded(content))
    assert answer.redirect_chain[-1][0].endswith("/columns/")
    assert "读作" in text_of(answer)


def uploaded(content, name="清单.xlsx"):
    file = io.BytesIO(content)
    file.name = name
    return file


@pytest.mark.clause("六(一)1-a")
def test_the_pages_lead_from_the_upload_to_the_draft_and_back(client):
    item_list, by = make_list(upto="DRAFT"), make_lead_office()
    client = enter(client, by)
    assert "导入" in text_of(client.get(item_list.get_absolute_url()))
    url = f"{item_list.get_absolute_url()}import/"
    assert "检查要点不在表里" in text_of(client.get(url))
    content = changed(export(item_list, "A01", "B01"), (3, "备注", "新"), (4, "序号", "B09"))
    page = post_and_follow(client, url, file=uploaded(content))
    words = text_of(page)
    assert "尚未写入清单" in words and "将要变化的 2 项" in words and "备注" in words and "B09" in words
    batch = ImportBatch.objects.get(kind=BatchKind.ITEM, asked__list=item_list.pk)
    page = post_and_follow(client, f"{url}{batch.pk}/confirm/")
    assert "已写入清单" in text_of(page)
    assert item_list.items.get(code="A01").note == "新" and item_list.items.filter(code="B09").exists()
    assert client.get(f"{url}template.xlsx").status_code == 200
    assert "撤回这一批" in text_of(client.get(f"{url}{batch.pk}/withdraw/"))
    post_and_follow(client, f"{url}{batch.pk}/withdraw/")
    assert not item_list.items.filter(code="B09").exists()


def test_a_batch_is_seen_through_its_own_list_by_who_may_write_it(client):
    item_list, by = make_list(upto="DRAFT"), make_lead_office()
    batch = check(item_list, export(item_list), by)
    url = f"{item_list.get_absolute_url()}import/{batch.pk}/"
    assert enter(client, by).get(url).status_code == 200
    assert client.get(f"/desk/objects/import/{batch.pk}/").status_code in (403, 404)
    assert enter(client, make_planner(make_unit())).get(url).status_code == 404
    assert enter(client, make_registrar(make_unit())).get(url).status_code == 403


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(content):
    item_list = make_list(upto="DRAFT")
    with pytest.raises(Refused):
        check(item_list, content)


def test_a_published_list_and_somebody_elses_take_nothing_in():
    item_list = make_list()
    content = export(item_list)
    with pytest.raises(Refused, match="已公开"):
        check(item_list, content)
    with pytest.raises(Refused, match="牵头部门"):
        check(item_list, content, make_planner(make_unit()))
