"""Every refusal of the quarter, over HTTP: the sentence that is shown, and that nothing was written."""

from datetime import date

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from inspections.models import InspectionStatus
from plans.draw import actions as draw_actions
from plans.models import Draw, SourceKind
from registry.models import Facility, Inspector
from tests.factories import (
    make_approver,
    make_facility,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.inspections.factories import (
    make_dispatched,
    make_finished,
    make_inspection,
    make_reviewed,
    start,
    team_of,
)
from tests.journeys.people import OverHttp
from tests.journeys.untouched import fingerprints, nothing_changes
from tests.plans.draw.factories import VALUES, make_held_draw, make_published_plan, make_sealed_draw
from tests.plans.factories import make_branch, make_plan
from tests.registry.workbooks import credit_code, facility_row, inspector_row, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LOTTERY = VALUES[SourceKind.LOTTERY]


def test_the_fingerprint_notices_a_single_changed_word():
    facility = make_facility(make_unit())
    before = fingerprints()
    Facility.objects.filter(pk=facility.pk).update(address="另一处")
    assert {t for t, f in fingerprints().items() if f != before[t]} == {"registry_facility"}


# --- the plan ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(一)-a", "七(一)1-a", "五-4b")
@pytest.mark.parametrize("late_reason", ["", "上级要求少抽"])
def test_a_plan_below_25_percent_does_not_go_on_whatever_the_reason(at, late_reason):
    at("2026-07-06 10:00")
    plan = make_plan(make_branch(key=42))
    planner = OverHttp(plan.created_by).open(f"/desk/plans/{plan.unit.code}/2026q3/edit/")

    planner.press("提交审核", percent_key="20", late_reason=late_reason)

    # What was typed is kept as a draft; the plan itself stays where it is.
    planner.sees("重点对象本季至少抽 11 家，现在是 9 家", "至少 11 家：42 × 25% = 10.5，不足 1 家的进 1")
    plan.refresh_from_db()
    assert (plan.status, plan.submitted_at) == ("DRAFT", None)
    with nothing_changes(but=["plans_quarterlyplan", "plans_planstratum", "plans_plansource"]):
        planner.press("提交审核", planned_key="10").sees("重点对象本季至少抽 11 家，现在是 10 家")
    plan.refresh_from_db()
    assert plan.status == "DRAFT"


@pytest.mark.clause("七(一)-a")
def test_a_plan_that_fell_below_25_percent_meanwhile_is_not_approved():
    unit = make_branch(key=8)
    make_plan(unit, upto="SUBMITTED")
    for _ in range(24):
        make_facility(unit, category="key")
    approver = OverHttp(make_approver(unit)).open(f"/desk/plans/{unit.code}/2026q3/review/")
    approver.sees("重点对象本季至少抽 8 家")

    with nothing_changes():
        approver.press("批准计划", opinion="同意").sees("重点对象本季至少抽 8 家", "退回修改后再批准")


# --- the draw ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(四)-3", "七(四)-10")
@pytest.mark.parametrize("upto", ["DRAFT", "SUBMITTED", "RETURNED", "APPROVED"])
def test_no_draw_before_the_plan_is_public(upto):
    plan = make_plan(upto=upto)
    planner = OverHttp(plan.created_by)

    with nothing_changes():
        planner.post(f"/desk/plans/{plan.unit.code}/2026q3/draw/").sees("季度计划还没有公开，公开以后才能抽取。")
    assert not Draw.objects.exists()


@pytest.mark.clause("七(二)-d", "五-4f")
def test_a_second_draw_is_refused_on_every_way_to_it():
    draw = make_held_draw()
    planner, approver = OverHttp(make_planner(draw.unit)), OverHttp(make_approver(draw.unit))
    here = f"/desk/draws/{draw.draw_id}/"

    with nothing_changes():
        planner.post(here + "hold/").sees("名单一经确定不得随意变更", "7 月")
        assert planner.status == 409
        planner.post(here + "hold/", **{"from": "stage"}).sees("名单一经确定不得随意变更")
        planner.post(f"/desk/plans/{draw.unit.code}/2026q3/draw/").sees(f"本计划已有一次抽取（{draw.draw_id}）")
        planner.post(here + "entry/", position="1", **{"s1-value": LOTTERY}).sees("名单一经确定不得随意变更")
        approver.post(here + "seal/", word="封存").sees("封存，现在的修改从下一季度起生效")


@pytest.mark.clause("七(二)-c")
def test_one_person_does_not_count_as_two(at):
    draw = make_sealed_draw()
    at("2026-07-08 21:40")
    planner, here = OverHttp(make_planner(draw.unit)), f"/desk/draws/{draw.draw_id}/"
    planner.open(here + "entry/").press("录入", **{"s1-value": LOTTERY})
    planner.sees("一个人不能算两个人。由另一个人独立录入。")

    with nothing_changes():
        planner.post(here + "entry/", position="1", **{"s1-value": LOTTERY})
        planner.sees("本人已经录入过，一个人不能算两个人。由另一个人独立录入。")
        assert planner.status == 409
        planner.post(here + "hold/").sees("还差两人一致录入的公开随机数")


@pytest.mark.clause("七(二)-c")
def test_one_person_with_two_roles_is_still_one_person(at):
    unit = make_unit()
    draw = make_sealed_draw(unit)
    at("2026-07-08 21:40")
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    draw_actions.enter_value(draw=draw, position=1, value=LOTTERY, by=both)

    with nothing_changes():
        OverHttp(both).post(f"/desk/draws/{draw.draw_id}/entry/", position="1", **{"s1-value": LOTTERY}).sees(
            "一个人不能算两个人"
        )


@pytest.mark.clause("七(二)-c")
def test_no_number_is_typed_before_it_is_drawn():
    draw = make_sealed_draw()
    planner = OverHttp(make_planner(draw.unit))

    with nothing_changes():
        planner.post(f"/desk/draws/{draw.draw_id}/entry/", position="1", **{"s1-value": LOTTERY}).sees("到时才能录入")


@pytest.mark.clause("七(二)-a")
def test_who_checked_the_lists_does_not_seal_them():
    unit = make_unit()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    draw = draw_actions.prepare_draw(plan=make_published_plan(unit), by=both)

    with nothing_changes():
        OverHttp(both).post(f"/desk/draws/{draw.draw_id}/seal/", word="封存").sees("核对和封存不能是同一个人")


# --- the visit --------------------------------------------------------------------------------------------------------


def arrival(inspection, present, **more):
    """The leader presses 登记到场 with these people."""
    leader = OverHttp(team_of(inspection)[0].user).open(f"/field/{inspection.no}/arrive/")
    people = [p.pk for p in present]
    return leader.press("登记到场，记录仪已开启", present=people, recorder="other", recorder_no="JLY-504-01", **more)


@pytest.mark.clause("七(五)-b")
def test_one_certified_person_alone_does_not_begin_a_visit():
    inspection = make_inspection()
    leader, _ = team_of(inspection)

    with nothing_changes():
        arrival(inspection, [leader]).sees("至少两名持有效执法证的人员到场才能开始检查，现在是 1 名。")


@pytest.mark.clause("七(五)-b")
def test_an_expired_certificate_does_not_count():
    inspection = make_inspection()
    leader, other = team_of(inspection)
    Inspector.objects.filter(pk=other.pk).update(certificate_to=date(2026, 7, 5))

    with nothing_changes():
        arrival(inspection, [leader, other]).sees(
            f"现在是 1 名（{other.name}的执法证 2026 年 7 月 5 日到期）。补齐人员，或办理更换。"
        )


@pytest.mark.clause("七(五)-b")
def test_a_third_person_with_an_expired_certificate_does_not_come_along():
    inspection = make_inspection(people=3)
    *_, third = team_of(inspection)
    Inspector.objects.filter(pk=third.pk).update(certificate_to=date(2026, 7, 5))

    with nothing_changes():
        arrival(inspection, team_of(inspection)).sees(f"{third.name}的执法证 2026 年 7 月 5 日到期，不能参加检查。")


@pytest.mark.clause("七(五)-b")
def test_a_team_whose_certificates_have_expired_is_not_sent():
    draw = make_held_draw(special=0, general=0)
    Inspector.objects.update(certificate_to=date(2026, 7, 5))
    planner = OverHttp(make_planner(draw.unit)).open(f"/desk/draws/{draw.draw_id}/dispatch/")
    planner.sees("的执法证 2026 年 7 月 5 日到期")

    with nothing_changes():
        planner.press("派发 0 家").sees("没有可以派发的任务。", "至少两名持有效执法证的人员才能派发，现在是 0 名")
    assert not draw.inspections.exists()


@pytest.mark.clause("七(五)-i", "七(五)-h")
def test_a_visit_begins_with_the_certificate_shown_and_the_recorder_on():
    inspection = make_inspection()
    leader = OverHttp(team_of(inspection)[0].user).open(f"/field/{inspection.no}/arrive/")
    with nothing_changes():
        leader.press("登记到场，记录仪已开启", recorder_no="").sees("填写执法记录仪编号")

    start(inspection, identity_shown_at=None, served=False)
    leader.open(f"/field/{inspection.no}/check/1/")
    with nothing_changes():
        leader.press("下一项", **dict.fromkeys(leader.names("answer_"), "NONE_FOUND")).sees("还没有出示执法证件")


@pytest.mark.clause("七(四)-5", "七(四)-10")
def test_who_recorded_a_result_neither_reviews_nor_publishes_it():
    finished = make_finished()
    recorder = OverHttp(finished.recorded_by)
    finished.refresh_from_db()
    with nothing_changes():
        recorder.post(f"/desk/tasks/{finished.no}/review/", version=str(finished.version), decision="pass").sees(
            "检查结果由另一人审核，记录人不能审核自己的记录。"
        )

    reviewed = make_reviewed()
    officer_too = reviewed.recorded_by
    officer_too.grants.create(
        unit=reviewed.unit, role=Role.DISCLOSURE_OFFICER, valid_from=date(2026, 1, 1), document="d"
    )
    with nothing_changes():
        OverHttp(officer_too).open(f"/desk/publish/result/{reviewed.no}/confirm/").press("公开这条结果").sees(
            "记录检查情况的人不能公开自己的记录"
        )
    reviewed.refresh_from_db()
    assert reviewed.status == InspectionStatus.REVIEWED


# --- another unit's things --------------------------------------------------------------------------------------------


@pytest.mark.clause("四(2)-a", "五-3a")
def test_another_units_things_are_not_found_and_not_changed():
    unit, other = make_unit("210504"), make_unit("210503")
    inspection, *_ = make_dispatched(unit)
    draw, facility = inspection.draw, inspection.facility
    inspector = team_of(inspection)[0]
    stranger = OverHttp(
        make_user(*((role, other) for role in (Role.PLANNER, Role.APPROVER, Role.REGISTRAR, Role.DISCLOSURE_OFFICER)))
    )
    addresses = [
        f"/desk/objects/{facility.code}/",
        f"/desk/objects/{facility.code}/change/",
        f"/desk/inspectors/{inspector.code}/",
        f"/desk/inspectors/{inspector.code}/change/",
        f"/desk/plans/{unit.code}/2026q3/",
        f"/desk/plans/{unit.code}/2026q3/edit/",
        f"/desk/plans/{unit.code}/2026q3/review/",
        f"/desk/plans/{unit.code}/2026q3/preview/",
        *(f"/desk/draws/{draw.draw_id}/{p}" for p in ("", "prepare/", "seal/", "entry/", "stage/", "dispatch/")),
        f"/desk/tasks/{inspection.no}/",
        f"/desk/tasks/{inspection.no}/papers/form.pdf",
        f"/desk/publish/result/{inspection.no}/",
        f"/desk/publish/plan/{unit.code}-2026Q3/",
    ]
    sent = [
        f"/desk/plans/{unit.code}/2026q3/draw/",
        f"/desk/draws/{draw.draw_id}/hold/",
        f"/desk/draws/{draw.draw_id}/seal/",
        f"/desk/draws/{draw.draw_id}/entry/",
        f"/desk/draws/{draw.draw_id}/dispatch/",
        f"/desk/tasks/{inspection.no}/review/",
        f"/desk/objects/{facility.code}/status/",
        f"/desk/objects/{facility.code}/personal/",
        f"/desk/objects/{facility.code}/positive/enter/",
    ]

    with nothing_changes():
        statuses = {a: stranger.open(a).status for a in addresses} | {
            f"POST {a}": stranger.post(a).status for a in sent
        }
    assert {a: s for a, s in statuses.items() if s != 404} == {}


@pytest.mark.clause("五-3a")
def test_another_units_import_is_not_found():
    unit = make_unit("210504")
    registrar = OverHttp(make_registrar(unit))
    upload(registrar, workbook([facility_row()]))
    check = registrar.path
    stranger = OverHttp(make_registrar(make_unit("210503")))

    with nothing_changes():
        for what in ("", "marked.xlsx"):
            assert stranger.open(check + what).status == 404
        for what in ("confirm/", "discard/", "withdraw/"):
            assert stranger.post(check + what).status == 404


# --- workbooks --------------------------------------------------------------------------------------------------------

CHECK_ONLY = ["registry_importbatch", "registry_importline", "documents_storedfile"]
NOTHING_TO_IMPORT = "没有一行可以导入。按“怎样改”改好表格，再上传。"


def upload(registrar, content, *, where="objects", name="名录.xlsx"):
    return registrar.open(f"/desk/{where}/import/").press("上传并核对", file=(name, content))


@pytest.fixture
def registrar():
    return OverHttp(make_registrar(make_unit()))


@pytest.mark.clause("六(二)-a")
def test_a_workbook_with_wrong_heads_is_not_taken(registrar):
    """What can be read waits until the registrar has said which column is which; the registry stays as it is."""
    with nothing_changes(but=CHECK_ONLY):
        upload(registrar, workbook([{"公司": "甲", "代码": "1"}])).sees(
            "未找到表头", "“名称”、“统一社会信用代码”", "表中的第一行是：公司、代码", "指明哪一列是什么"
        )
        upload(registrar, workbook([{"名称": "甲", "地址": "乙", "号码": "1"}])).sees(
            "的表头缺少“统一社会信用代码”", "认不出的列：“号码”"
        )
        upload(registrar, workbook([facility_row()]), where="inspectors").sees("未找到表头“姓名”、“执法证号”")
        upload(registrar, b"PK\x03\x04 no workbook").sees("xlsx")


@pytest.mark.clause("六(二)-a")
def test_a_code_with_a_wrong_check_digit_is_shown_with_its_place_and_not_written(registrar):
    good, bad = credit_code(), credit_code()
    wrong = bad[:17] + ("0" if bad[17] != "0" else "1")

    with nothing_changes(but=CHECK_ONLY):
        upload(registrar, workbook([facility_row(uscc=good), facility_row(name="乙厂", uscc=wrong)]))
        registrar.sees(
            "1 行有问题，其余 1 行可以导入", wrong, f"校验位应为 {bad[17]}，现为 {wrong[17]}", "尚未写入名录"
        )
    registrar.press("导入 1 行，跳过 1 行").sees("已写入名录")
    assert list(Facility.objects.values_list("uscc", flat=True)) == [good]


@pytest.mark.clause("六(二)-a")
def test_two_rows_with_one_code_are_both_refused(registrar):
    code = credit_code()

    with nothing_changes(but=CHECK_ONLY):
        upload(registrar, workbook([facility_row(name="甲厂", uscc=code), facility_row(name="乙厂", uscc=code)]))
        registrar.sees(
            "2 行有问题，没有一行可以导入",
            "与第 3 行统一社会信用代码相同、名称不同",
            "与第 2 行统一社会信用代码相同、名称不同",
            NOTHING_TO_IMPORT,
        )
        registrar.does_not_see("导入 0 行", "不再列入的理由")
        registrar.post(registrar.path + "confirm/").sees(NOTHING_TO_IMPORT)


@pytest.mark.clause("六(二)-a")
def test_a_row_that_stands_there_twice_is_counted_and_written_once(registrar):
    twice, wrong = facility_row(), facility_row(uscc="9121")

    upload(registrar, workbook([twice, twice, wrong])).sees(
        "1 行有问题，其余 1 行可以导入", "与第 2 行完全相同，只算一行"
    )
    registrar.press("导入 1 行，跳过 1 行").sees("已写入名录")
    assert Facility.objects.count() == 1


@pytest.mark.clause("四(2)-a")
def test_a_facility_of_another_unit_is_not_taken_over(registrar):
    code = credit_code()
    theirs = make_facility(make_unit("210503"), uscc=code, name="溪湖秘密铸造厂")

    with nothing_changes(but=CHECK_ONLY):
        upload(registrar, workbook([facility_row(uscc=code)])).sees("名录里已有这个对象，属于其他单位")
        registrar.does_not_see(theirs.name)


@pytest.mark.clause("六(三)-g")
def test_two_inspectors_with_one_certificate_are_both_refused(registrar):
    with nothing_changes(but=CHECK_ONLY):
        upload(
            registrar,
            workbook([inspector_row(name="甲"), inspector_row(name="乙")], sheet="检查人员"),
            where="inspectors",
        )
        registrar.sees("2 行有问题", "与第 3 行执法证号相同、名称不同")


@pytest.mark.clause("六(二)-a")
@pytest.mark.parametrize("cell", [9.12105e17, "9.12105E+17", "9.12105e+17"])
def test_a_code_that_a_spreadsheet_has_turned_into_a_number_is_refused(registrar, cell):
    row = facility_row() | {"统一社会信用代码": cell}

    with nothing_changes(but=CHECK_ONLY):
        upload(registrar, workbook([row])).sees(
            "信用代码被 Excel 存成了数字，后几位已丢失", "把整列设为“文本”格式", "9.12105"
        )
        registrar.post(registrar.path + "confirm/").sees(NOTHING_TO_IMPORT)
    assert not Facility.objects.exists()


def test_the_same_workbook_is_not_imported_twice(registrar):
    upload(registrar, workbook([facility_row()])).press("导入 1 行")
    check = registrar.path

    with nothing_changes():
        registrar.post(check + "confirm/").sees("不能再导入一次")
