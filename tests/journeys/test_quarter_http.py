"""A whole quarter over HTTP, by the roles that will use it, pressing only buttons that the pages have (七(四))."""

import pytest

from benxi_shuangsuiji.audit.models import AuditEntry
from disclosure.models import Publication
from inspections.models import Inspection, InspectionStatus
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import Draw, DrawStatus, ItemList, PlanStatus, QuarterlyPlan, ValueEntry
from registry.models import Facility, Inspector
from tests.journeys import story
from tests.journeys.people import OverHttp

OTHER_NUMBERS = story.NUMBERS.replace("11", "12")


def public_words(*addresses) -> str:
    """Everything that an anonymous client can read at these addresses."""
    client = OverHttp().client
    return "\n".join(client.get(address, follow=True).getvalue().decode() for address in addresses)


def everything_public() -> str:
    """Without the pages that name every facility from the freeze on: that those say the same of all, test_secrecy compares."""
    return public_words(
        "/",
        "/items/",
        "/items/2026/",
        "/plans/",
        "/plans/2026q1/",
        story.PUBLIC_PLAN,
        "/draws/",
        f"/draws/{story.DRAW_ID}/",
        "/results/",
        "/notices/",
        "/data/",
        "/results/export.csv",
    )


@pytest.mark.commits
@pytest.mark.slow("years")
@pytest.mark.clause(
    "七(四)-10",
    "七(四)-1",
    "七(四)-2",
    "七(四)-3",
    "七(四)-4",
    "七(四)-5",
    "七(四)-6",
    "五-4b",
    "五-4f",
    "五-4g",
    "五-4i",
    "一-a",
    "三-a",
)
def test_a_quarter_from_the_workbooks_to_the_public_page(own_database, at):
    at("2025-12-08 09:00")
    people = story.make_people()
    registrar = OverHttp(people.registrar, by_form=True)
    planner, approver, officer = (OverHttp(u) for u in (people.planner, people.approver, people.officer))
    city = [OverHttp(u) for u in (people.lead_office, people.city_approver, people.city_officer)]

    # 1 the registries
    story.import_registries(registrar, facilities=story.facility_rows(8, 6, 2), inspectors=story.inspector_rows(6))
    assert (Facility.objects.count(), Inspector.objects.count()) == (16, 6)
    assert not Facility.objects.exclude(category="general").exists()
    registrar.open("/desk/changes/").follow("导入 检查对象名录.xlsx").sees(
        "批准以前，类别、生产状态和正面清单都按原来的"
    )
    registrar.does_not_see("批准这一批")
    story.approve_import(approver, "增加类别依据 10 项")
    assert [Facility.objects.filter(category=c).count() for c in ("key", "general", "special")] == [8, 6, 2]
    story.give_accounts(people)

    # 2 and 3 the item list: without it no plan, and nothing of it is public before its publication
    planner.open(story.PLAN).sees("2026 年随机抽查事项清单还没有公开")
    story.make_item_list(*city, at)
    assert ItemList.objects.get().status == "PUBLISHED"
    assert "污染防治设施运行情况" in public_words("/items/2026/")

    # 2 the plan: below 25 % it does not go on
    story.draft_plan(planner, at)
    planner.press("提交审核", percent_key="12", **story.few_items(planner))
    planner.sees("重点对象本季至少抽 2 家，现在是 1 家", "至少 2 家：8 × 25% = 2")
    plan = QuarterlyPlan.objects.get()
    assert plan.status == PlanStatus.DRAFT
    planner.press("提交审核", percent_key="25").sees("计划已提交审核。")
    approver.open("/desk/plans/").open(story.PLAN).follow("审核计划")
    approver.press("退回修改").sees("写明退回的意见")
    approver.press("退回修改", opinion="抽取时间再核对一次").sees("退回")
    planner.open(story.PLAN).sees("计划被退回", "抽取时间再核对一次").follow("继续编制").press("提交审核")
    approver.open(story.PLAN).follow("审核计划").press("批准计划", opinion="同意")
    plan.refresh_from_db()
    assert plan.status == PlanStatus.APPROVED

    # 3 before 4: no draw of a plan that is not public
    planner.post(f"{story.PLAN}draw/").sees("季度计划还没有公开，公开以后才能抽取。")
    assert not Draw.objects.exists()
    assert OverHttp().client.get(story.PUBLIC_PLAN).status_code == 404
    at(story.PLAN_PUBLISHED)
    story.publish(officer, "2026 年第一季度抽查工作计划")
    OverHttp(people.lead_office).open(story.PLAN).press("签收").sees("已签收")

    # 4 the draw
    story.prepare_and_seal(planner, approver, at)
    planner.open(story.DRAW + "entry/").sees("1 月 8 日 21:30 开出，到时才能录入。")
    planner.post(story.DRAW + "entry/", position="1", **{"s1-value": story.NUMBERS}).sees("到时才能录入")
    assert not ValueEntry.objects.exists()
    at("2026-01-08 22:00")
    story.type_numbers(planner).does_not_see("两人一致</")
    planner.open(story.DRAW + "entry/").sees("一个人不能算两个人。由另一个人独立录入。")
    planner.post(story.DRAW + "entry/", position="1", **{"s1-value": story.NUMBERS}).sees("一个人不能算两个人")
    assert (planner.status, ValueEntry.objects.count()) == (409, 1)
    story.type_numbers(approver, OTHER_NUMBERS).sees("第 4 个号码不同（11 / 12）")
    planner.post(story.DRAW + "hold/").sees("第 4 个号码不同")
    assert Draw.objects.get().status == DrawStatus.FROZEN
    story.type_numbers(approver).sees("号码全部一致")
    at(story.DRAWN)
    draw = story.hold(planner)
    planner.post(story.DRAW + "hold/").sees("名单一经确定不得随意变更")
    assert planner.status == 409
    picks = list(draw.picks.select_related("facility"))
    assert sorted(p.category for p in picks) == ["general", "key", "key", "special"]

    # dispatch, and until the visits nobody outside learns a name
    at("2026-01-09 10:00")
    checks = story.dispatch(planner)
    story.approve_checks(approver)
    drawn = [p.facility.name for p in picks]
    assert not [name for name in drawn if name in everything_public()]
    assert not [check.no for check in checks if check.no in everything_public()]

    # 5 the checks
    for day, check in zip((12, 13, 14, 15), checks, strict=True):
        play_check(check, day, at)
    assert not [name for name in drawn if name in everything_public()]

    # a second person reviews, an officer publishes
    first = checks[0]
    for check in checks:
        story.review(approver, check.facility.name)
    at("2026-01-19 10:00")
    assert OverHttp().client.get(f"/results/{first.no}/").status_code == 404
    story.publish_result(officer, first.facility.name)
    officer.open("/desk/publish/").follow("一次公开几条没有发现问题的").press("公开打了勾的结果")
    officer.sees("公开了 3 条，留下 0 条。")
    assert set(Inspection.objects.values_list("status", flat=True)) == {InspectionStatus.PUBLISHED}

    # 6 what the public sees, without an account
    page = public_words(f"/results/{first.no}/")
    assert first.facility.name in page
    assert "贮存间门口没有标识" in page
    assert "检查员" not in page  # who checked stays inside
    assert all(name in public_words("/results/") for name in drawn)
    assert first.facility.name in public_words(f"/enterprises/?q={first.facility.uscc}")
    home = public_words("/")
    assert "检查结果" in home
    assert any(name in home for name in drawn)
    assert "明山分局" in public_words(story.PUBLIC_PLAN)
    assert Publication.objects.filter(kind="RESULT").count() == 4

    # the names of the draw on their day, and the proof of it
    assert "SEED" not in public_words(f"/draws/{story.DRAW_ID}/bundle.json")
    assert draw_actions.release_due(at("2026-03-25 11:59")) == []
    assert draw_actions.release_due(at("2026-03-25 12:00")) == [draw]
    lists = (public_words(f"/draws/{story.DRAW_ID}/?list={category}") for category in ("key", "general", "special"))
    page = "".join(lists)
    assert all(name in page for name in drawn)
    report = ssj1.verify_json(OverHttp().client.get(f"/draws/{story.DRAW_ID}/bundle.json").content)
    assert report.ok, report.sentence
    assert AuditEntry.objects.filter(verb="plans.draw.held").count() == 1


def play_check(check: Inspection, day: int, at):
    """One check from the leader's phone; the first one finds a problem and meets every refusal of a visit."""
    leader_member, other = check.members.select_related("inspector__user")
    leader = OverHttp(leader_member.inspector.user)
    first = day == 12
    at(f"2026-01-{day} 09:00")
    if first:
        story.accept(leader, check.facility.name)
        story.accept(OverHttp(other.inspector.user), check.facility.name)
        leader.open(f"/field/{check.no}/").follow("登记到场")
        alone = {"present": [leader_member.inspector_id], "recorder_no": "JLY-504-01"}
        leader.press("登记到场，记录仪已开启", **alone).sees("至少两名持有效执法证的人员到场才能开始检查，现在是 1 名")
        assert Inspection.objects.get(pk=check.pk).status == InspectionStatus.DISPATCHED
        leader.press("登记到场，记录仪已开启", present=[leader_member.inspector_id, other.inspector_id])
        leader.press("已出示证件并送达")
        story.answer_points(leader, finding="贮存间门口没有标识")
    else:
        story.arrive(leader, check.facility.name, OverHttp(other.inspector.user))
        story.answer_points(leader)
    at(f"2026-01-{day} 10:00")
    leader.open(f"/field/{check.no}/finish/")
    if first:
        leader.press("给现场负责人看", outcome="RECTIFY_ORDERED", rectify_by="").sees("责令限期改正要填写整改期限。")
        story.finish(leader, check, rectify_by="2026-01-30")
        leader.open(f"/field/{check.no}/").does_not_see("审核通过")
        leader.post(
            f"/desk/tasks/{check.no}/review/",
            version=str(Inspection.objects.get(pk=check.pk).version),
            decision="pass",
        )
        leader.sees("检查结果由另一人审核，记录人不能审核自己的记录。")
        assert Inspection.objects.get(pk=check.pk).status == InspectionStatus.FINISHED
    else:
        story.finish(leader, check)
