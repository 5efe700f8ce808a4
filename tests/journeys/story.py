"""One quarter, step by step, as people play it (七(四)): the same words over HTTP and in a browser.

The quarter is the first of 2026, so that the item list of the year belongs to it. Every step is something a person does
on a page; nothing is written behind the pages. The one exception is `give_accounts`, which no page offers yet.
"""

import io
from types import SimpleNamespace

import openpyxl

from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.accounts.roles import Role
from inspections.models import CheckApproval, Inspection
from plans.models import Draw
from registry.inspectors import actions as registering
from registry.models import Inspector
from tests.factories import make_user
from tests.registry.workbooks import credit_code

UNIT, QUARTER = "210504", "2026Q1"
PLAN = f"/desk/plans/{UNIT}/{QUARTER.lower()}/"
PUBLIC_PLAN = f"/plans/{QUARTER.lower()}/{UNIT}/"
DRAW_ID = f"{UNIT}-{QUARTER}-01"
DRAW = f"/desk/draws/{DRAW_ID}/"
NUMBERS = "02 05 09 11 17 20 23 28 31 36 40 44 49 52 57 60 66 71 75 80"
LIST_DRAFTED, LIST_APPROVED, LIST_PUBLISHED = "2025-12-22 10:00", "2025-12-29 15:00", "2026-01-04 09:00"
PLANNED, PLAN_PUBLISHED = "2026-01-04 10:00", "2026-01-05 09:30"
SEALED, DRAWN = "2026-01-07 10:00", "2026-01-09 09:30"
SIGNED = ("签名.jpg", b"\xff\xd8\xff signed")
NAMES = ["赤松", "银杏", "白桦", "水曲柳", "刺槐", "丁香", "红枫", "云杉", "落叶松", "山楂", "核桃楸", "黄檗"]


def make_people():
    """The units of Benxi and one account for each role that the quarter needs."""
    units = benxi.establish()
    city, branch = units["210500"], units[UNIT]

    def user(role, unit, name):
        return make_user((role, unit), name=name)

    return SimpleNamespace(
        units=units,
        branch=branch,
        city_approver=user(Role.APPROVER, city, "市分管"),
        city_officer=user(Role.DISCLOSURE_OFFICER, city, "市公示员"),
        lead_office=user(Role.LEAD_OFFICE, city, "牵头部门"),
        registrar=user(Role.REGISTRAR, branch, "名录员"),
        planner=user(Role.PLANNER, branch, "计划员"),
        approver=user(Role.APPROVER, branch, "分管"),
        officer=user(Role.DISCLOSURE_OFFICER, branch, "公示员"),
    )


# --- the registries ---------------------------------------------------------------------------------------------------


def facility_rows(key, general, special):
    kinds = ["key"] * key + ["general"] * general + ["special"] * special
    rows = []
    for n, (kind, tree) in enumerate(zip(kinds, NAMES * 4, strict=False)):
        uscc = credit_code()
        row = {
            "名称": f"本溪{tree}{'化工' if kind == 'key' else '铸造' if kind == 'special' else '食品'}{n}厂",
            "统一社会信用代码": uscc,
            "排污许可证／登记编号": f"{uscc}001P",
            "排污许可管理类别": "简化管理",
            "行政区划": "明山区",
            "地址": f"明山区示例路 {n + 1} 号",
            "纳入名录日期": "2025-03-01",
        }
        if kind == "key":
            row |= {"重点依据": "纳入重点排污单位名录", "重点依据证据": "2025 年重点排污单位名录"}
        if kind == "special":
            row |= {"特殊依据": "媒体曝光", "特殊依据证据": "2025 年报道"}
        rows.append(row)
    return rows


def inspector_rows(number):
    return [
        {
            "姓名": f"检查员{name}",
            "科室（单位）": "市执法队明山执法科",
            "执法证号": f"2105040{n:04d}",
            "执法证有效期起": "2024-03-01",
            "执法证有效期止": "2028-02-28",
            "专业资格": "危险废物、辐射",
            "可任组长": "是",
        }
        for n, name in enumerate("甲乙丙丁戊己庚辛"[:number], 1)
    ]


def filled(template: bytes, rows) -> bytes:
    """The downloaded template with rows typed in under its own heads."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 2):
        for head, value in row.items():
            sheet.cell(number, heads[head]).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def import_registries(registrar, *, facilities, inspectors):
    for where, rows in (("检查对象", facilities), ("检查人员", inspectors)):
        registrar.open("/desk/").follow(where).follow("导入 Excel")
        template = registrar.download("下载模板")
        registrar.press("上传并核对", file=(f"{where}名录.xlsx", filled(template, rows)))
        registrar.sees("没有发现问题", "尚未写入名录", f"新增 {len(rows)}")
        registrar.press(f"导入 {len(rows)} 行").sees("已写入名录")


def approve_import(approver, *figures):
    """What the workbook asks for counts from the approval of the unit's leader on (六(二)-r)."""
    approver.open("/desk/changes/").follow("导入 检查对象名录.xlsx")
    approver.sees("批准以前，类别、生产状态和正面清单都按原来的", *figures)
    approver.press("批准这一批", opinion="同意").sees("已批准，类别和名录从今天起按批准的更新。")


def give_accounts(people):
    """An account for everybody in the inspectors' registry."""
    by = people.registrar.user if hasattr(people.registrar, "user") else people.registrar
    for inspector in Inspector.objects.filter(unit__serves=people.branch).order_by("code"):
        user = make_user((Role.INSPECTOR, people.units[f"{UNIT}-S"]), name=inspector.name)
        registering.link_account(inspector=inspector, user=user, by=by)


# --- list and plan ----------------------------------------------------------------------------------------------------


def make_item_list(lead_office, approver, officer, at):
    at(LIST_DRAFTED)
    lead_office.open("/desk/").follow("抽查事项").follow("编制清单").press("编制清单", year=2026)
    lead_office.sees("已建立 2026 年清单草稿").press("提交审核").sees("清单已提交审核。")
    at(LIST_APPROVED)
    approver.open("/desk/items/").follow("2026 年（第 1 版）").press("批准清单", opinion="同意").sees("清单已批准")
    at(LIST_PUBLISHED)
    publish(officer, "2026 年随机抽查事项清单（第 1 版）")


def publish(officer, title):
    officer.open("/desk/").follow("结果公示").follow(title).press("公开").sees("已公开：")


def few_items(planner) -> dict:
    """Untick everything but two items, so that a check stays short."""
    names = planner.names("item_")
    kept = sorted({name.split("_")[1] for name in names})[:2]
    return {name: name.split("_")[1] in kept for name in names}


def draft_plan(planner, at):
    at(PLANNED)
    planner.open("/desk/").follow("季度计划").open(PLAN).press("编制计划")


# --- the draw ---------------------------------------------------------------------------------------------------------


def prepare_and_seal(planner, approver, at):
    at(SEALED)
    planner.open("/desk/").follow("随机抽取").press("核对名单").sees("已核对，等分管负责人封存")
    approver.open("/desk/draws/").follow(DRAW_ID).follow("核对与封存").follow("封存并公布指纹…")
    approver.press("封存并公布", reason="系统刚启用，两个名录本月审核", word="封存").sees("名单已封存，指纹已公布。")


def type_numbers(person, numbers=NUMBERS):
    return person.open(DRAW).follow("录入号码").press("录入", **{"s1-value": numbers})


def hold(planner):
    planner.open(DRAW + "entry/").press("抽取").sees("已抽取，结果已锁定。")
    return Draw.objects.get(draw_id=DRAW_ID)


def dispatch(planner):
    total = Draw.objects.get(draw_id=DRAW_ID).picks.count()
    planner.open("/desk/").follow("检查任务").follow("派发检查任务").press(f"派发 {total} 家").sees(
        f"已派发 {total} 家，报分管负责人审批。"
    )
    return list(Inspection.objects.order_by("no"))


# --- the check --------------------------------------------------------------------------------------------------------


def approve_checks(approver):
    """The list that was handed out, approved at once before anybody goes (七(五)-d)."""
    approver.open("/desk/").follow("检查审批").press("批准所选", opinion="同意")
    assert not CheckApproval.objects.pending().exists()


def accept(person, name):
    """For himself: nothing in common with the place, and the disciplines (七(五)-c, -o)."""
    person.open("/field/").follow(name)
    person.press("声明并接受任务", no_conflict=True, discipline=True).leaves_for("登记到场")


def arrive(leader, name, *others):
    """Everybody accepts; then there, the recorder on, the certificates shown and the notice served."""
    for person in (*others, leader):
        accept(person, name)
    leader.follow("登记到场")
    leader.press("登记到场，记录仪已开启", recorder="other", recorder_no="JLY-504-01").leaves_for("出示检查码")
    leader.press("已出示证件并送达").leaves_for("第 1 项，共")
    assert "/check/1/" in leader.path, leader.text


def answer_points(leader, finding=""):
    """Go through the sheet, one item a screen; with `finding` the very first point has a problem."""
    n, last = 1, False
    while not last:
        answers = leader.names("answer_")
        said = dict.fromkeys(answers, "NONE_FOUND")
        if finding:
            said |= {answers[0]: "FOUND", answers[0].replace("answer_", "words_"): finding}
            finding = ""
        last, n = "下一项" not in leader.text, n + 1
        leader.press("检查完毕" if last else "下一项", **said).leaves_for("回去再看" if last else f"第 {n} 项，共")


def on_a_page_of_his(leader, check, inspector):
    leader.open(f"/field/{check.no}/sign/{inspector.pk}/").press("签好了", scan=SIGNED)
    leader.leaves_for("提交检查结果")


def finish(leader, check, *, sign=on_a_page_of_his, **result):
    """What came of it, read and signed by the person in charge, signed by the team, handed in, told to the enterprise."""
    leader.press("给现场负责人看", **result).leaves_for("看完了，去签名")
    leader.press("看完了，去签名", words="情况属实。").leaves_for("签好了，轮到检查人员")
    signed = {"who": "somebody", "name": "齐某", "position": "厂长", "scan": SIGNED}
    leader.press("签好了，轮到检查人员", **signed).leaves_for("提交检查结果")
    for member in check.members.select_related("inspector"):
        sign(leader, check, member.inspector)
    leader.press("提交检查结果").leaves_for("的检查已提交")
    leader.open(f"/desk/tasks/{check.no}/served/").press("记下", what="taken").leaves_for("已记下送达。")


def review(approver, name):
    approver.open("/desk/").follow("检查任务").follow(name).press("审核通过", opinion="同意").sees(
        "已审核通过，可以公开。"
    )


def publish_result(officer, name):
    officer.open("/desk/").follow("结果公示").follow(name).follow("核对一遍，去公开").press("公开这条结果")
    officer.sees(f"已公开{name}的检查结果。", "打开公开页")
