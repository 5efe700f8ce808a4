"""The registry through a year, over HTTP, pressing only buttons that the pages have (六(二)-a … -am, 七(四)-1)."""

import io
from datetime import date

import openpyxl
import pytest

from benxi_shuangsuiji import clock
from registry.facilities import past
from registry.models import Category, Facility, ImportBatch
from tests.factories import make_approver, make_facility, make_planner, make_registrar, make_unit
from tests.journeys.people import OverHttp
from tests.plans.draw.factories import make_prepared_draw
from tests.registry.factories import approved_import
from tests.registry.workbooks import credit_code, facility_row, reopened, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.slow("years")]
ROWS, FAULTY, LISTED = 700, 20, 30


def upload(registrar, kind, content, name, **asked):
    return registrar.open(f"/desk/objects/import/?kind={kind}").press("上传并核对", file=(name, content), **asked)


def saved(sheet) -> bytes:
    out = io.BytesIO()
    sheet.parent.save(out)
    return out.getvalue()


@pytest.mark.clause("六(二)-a", "六(二)-t", "五-4d")
def test_the_years_lists_and_700_rows_of_which_20_are_faulty_go_in_after_their_correction(at):
    at("2026-01-06 09:00")
    unit = make_unit()
    registrar = OverHttp(make_registrar(unit))
    rows = [facility_row(name=f"本溪示例{n}厂", permit_category="简化管理") for n in range(ROWS)]
    right = [row["统一社会信用代码"] for row in rows]
    for n in range(FAULTY):
        rows[7 + 33 * n]["统一社会信用代码"] = right[7 + 33 * n][:17]

    upload(registrar, "FACILITY", workbook(rows), "名录.xlsx")
    registrar.sees("680", "应为 18 位，现为 17 位")
    assert Facility.objects.count() == 0  # checking writes nothing
    marked = reopened(registrar.download("下载标好错误"))
    registrar.press("导入 680 行，跳过 20 行")
    assert Facility.objects.count() == ROWS - FAULTY

    verdicts = [cell.value for cell in marked[1]].index("核对结果") + 1
    red = [r for r in range(2, ROWS + 2) if marked.cell(r, verdicts).value]
    assert [r - 2 for r in red] == [7 + 33 * n for n in range(FAULTY)]
    for r in red:
        marked.cell(r, 2).value = right[r - 2]
    upload(registrar, "FACILITY", saved(marked), "名录 改正.xlsx")
    registrar.press("导入 700 行")
    assert Facility.objects.count() == ROWS
    assert not Facility.objects.exclude(changes__kind="NEW").exists()  # nobody went in twice
    assert sum(f.changes.count() for f in Facility.objects.prefetch_related("changes")) == ROWS

    heads = {"统一社会信用代码": "统一社会信用代码", "名称": "名称"}
    years = [{heads[h]: rows[n][h] if h == "名称" else right[n] for h in heads} for n in range(LISTED)]
    upload(registrar, "KEY_LIST", workbook(years), "2026 年名录.xlsx", year=2026, document="本环发〔2026〕2号")
    registrar.press(f"导入 {LISTED} 行").sees("待批准")
    assert not Facility.objects.filter(category=Category.KEY).exists()
    approved_import(ImportBatch.objects.get(kind="KEY_LIST"))
    assert Facility.objects.filter(category=Category.KEY).count() == LISTED
    registrar.open("/desk/objects/").sees(f"全部 {ROWS}", f"重点 {LISTED}", f"一般 {ROWS - LISTED}")


@pytest.mark.clause("六(二)-r", "六(二)-am")
def test_a_facility_turns_special_by_two_grounds_that_the_leader_approved(at):
    at("2026-05-11 09:00")
    unit = make_unit()
    facility = make_facility(unit, name="本溪枫岭焦化有限公司", uscc=credit_code())
    page = facility.get_absolute_url()
    registrar, leader = OverHttp(make_registrar(unit)), OverHttp(make_approver(unit))
    for kind, evidence in (("SF5", "突发环境事件风险评估：重大"), ("SF2A", "2026-05-09 市电视台报道")):
        registrar.open(f"{page}grounds/new/?kind={kind}").press("提交批准", evidence=evidence, on="2026-05-11")
        registrar.sees("已提交分管负责人批准", "为什么是一般对象")
    for kind in (1, 2):
        leader.open(page)
        leader.answer = leader.client.get("/desk/changes/")
        chosen = leader.page.form_with("批准选中的")[0].control("chosen")[0].choices
        leader.press("批准选中的", chosen=chosen[:1]).sees("已批准 1 项变更")
        facility.refresh_from_db()
        assert (facility.category, facility.grounds.count()) == (Category.SPECIAL, kind)
    registrar.open(page).sees("为什么是特殊对象", "特殊 7 项中符合 2 项", "突发环境事件风险评估：重大", "市电视台报道")

    # One of the two falls away: still special. Both: what it was before.
    at("2026-06-15 09:00")
    for left, label in ((1, "特殊"), (0, "一般")):
        ground = facility.grounds.filter(valid_to=None).first()
        registrar.open(f"{page}grounds/{ground.pk}/end/").press("提交批准", reason="评估报告已更新", on="2026-06-15")
        leader.open("/desk/changes/")
        chosen = leader.page.form_with("批准选中的")[0].control("chosen")[0].choices
        leader.press("批准选中的", chosen=chosen)
        assert facility.grounds.filter(valid_to=None).count() == left
        registrar.open(page).sees(f"为什么是{label}对象")


@pytest.mark.clause("六(二)-d", "七(四)-1")
def test_a_closed_facility_leaves_the_pool_and_appears_in_the_ledger(at):
    unit = make_unit()
    facility = make_facility(unit, name="本溪棠汀印刷有限公司", uscc=credit_code())
    page = facility.get_absolute_url()
    registrar, leader, planner = (OverHttp(make(unit)) for make in (make_registrar, make_approver, make_planner))
    registrar.open(page + "status/").press(
        "提交批准", status="CLOSED", on=clock.today().isoformat(), reason="已经拆除设备", evidence="现场核查记录"
    )
    registrar.open("/desk/objects/").sees("本溪棠汀印刷有限公司")
    leader.open("/desk/changes/")
    chosen = leader.page.form_with("批准选中的")[0].control("chosen")[0].choices
    leader.press("批准选中的", chosen=chosen).sees("已批准 1 项变更")

    registrar.open("/desk/objects/").does_not_see("本溪棠汀印刷有限公司")
    registrar.open("/desk/objects/?view=gone").sees("本溪棠汀印刷有限公司")
    draw = make_prepared_draw(unit)
    planner.open(f"/desk/draws/{draw.draw_id}/ledger/").sees(
        f"本溪棠汀印刷有限公司 {facility.code} 一般 注销关闭 有变更", "生产状态 在产 → 关闭"
    )


@pytest.mark.clause("六(二)-f", "五-4d")
def test_the_roster_of_31_march_is_shown_and_taken_out_in_june_as_it_was(at):
    at("2026-03-02 09:00")
    unit = make_unit()
    registrar, leader = OverHttp(make_registrar(unit)), OverHttp(make_approver(unit))
    rows = [facility_row(name=f"本溪示例{n}厂", address="老街 1 号") for n in range(3)]
    upload(registrar, "FACILITY", workbook(rows), "名录.xlsx")
    registrar.press("导入 3 行")
    then = [(f.code, f.name, f.category, f.status) for f in Facility.objects.order_by("code")]
    export = registrar.client.get("/desk/objects/export.xlsx").content

    at("2026-05-11 09:00")
    first, second, third = Facility.objects.order_by("code")
    registrar.open(first.get_absolute_url() + "change/").press("保存变更", name="本溪更名厂", reason="营业执照变更")
    registrar.open(second.get_absolute_url() + "status/").press(
        "提交批准", status="CLOSED", on="2026-05-11", reason="已经拆除设备", evidence="现场核查记录"
    )
    registrar.open(third.get_absolute_url() + "grounds/new/?kind=SF5").press(
        "提交批准", evidence="风险评估：重大", on="2026-05-11"
    )
    leader.open("/desk/changes/")
    chosen = leader.page.form_with("批准选中的")[0].control("chosen")[0].choices
    leader.press("批准选中的", chosen=chosen).sees("已批准 2 项变更")

    at("2026-06-15 09:00")
    registrar.open("/desk/objects/?on=2026-03-31").sees("这是 2026 年 3 月 31 日的名录", "本溪示例0厂", "本溪示例1厂")
    registrar.does_not_see("本溪更名厂")
    shown = past.roster_on(unit, date(2026, 3, 31))
    assert [(f.code, f.name, f.category, f.status) for f in shown] == then
    registrar.open("/desk/objects/").sees("本溪更名厂", "特殊 1").does_not_see("本溪示例1厂")
    taken = registrar.client.get("/desk/objects/export.xlsx?on=2026-03-31").content
    names = [
        [row[1].value for row in openpyxl.load_workbook(io.BytesIO(c)).active.iter_rows(min_row=3)]
        for c in (export, taken)
    ]
    assert names[0] == names[1]
