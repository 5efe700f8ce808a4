"""The same quarter in a real browser, by clicking: signing in by the form, files through the file field, a small screen
in the field, and no script for the planner (七(四), ui.md 9)."""

import pytest

from disclosure.models import Publication
from inspections.models import Inspection, InspectionStatus
from plans.models import Draw, DrawStatus, PlanStatus, QuarterlyPlan
from registry.models import Facility, Inspector
from tests.journeys import story
from tests.journeys.people import FromHome, InBrowser

pytestmark = pytest.mark.slow("browser")

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def person(chromium, site):
    """Open a browser context for somebody: `person(user, script=False, screen=PHONE)`."""
    contexts, staff = [], []

    def begin(user=None, *, script=True, screen=DESK):
        context = chromium.new_context(
            base_url=site,
            locale="zh-CN",
            viewport=screen,
            java_script_enabled=script,
            is_mobile=screen is PHONE,
        )
        contexts.append(context)
        if user is None:
            return InBrowser(context.new_page())
        staff.append(FromHome(context.new_page(), user, home="/field/" if screen is PHONE else "/desk/"))
        return staff[-1]

    begin.staff = staff
    yield begin
    for context in contexts:
        context.close()


@pytest.mark.browser
@pytest.mark.commits
@pytest.mark.clause("七(四)-10", "五-4f", "五-4g", "五-4i")
def test_a_quarter_by_clicking(own_database, at, person):
    at("2025-12-08 09:00")
    people = story.make_people()
    story.import_registries(
        person(people.registrar), facilities=story.facility_rows(4, 2, 0), inspectors=story.inspector_rows(4)
    )
    assert (Facility.objects.count(), Inspector.objects.count()) == (6, 4)
    story.approve_import(person(people.approver))
    story.give_accounts(people)
    story.make_item_list(person(people.lead_office), person(people.city_approver), person(people.city_officer), at)

    # The plan, without script: refused below 25 %, mended, returned, approved, published.
    planner = person(people.planner, script=False)
    approver, officer = person(people.approver), person(people.officer)
    story.draft_plan(planner, at)
    planner.press("提交审核", percent_key="0", **story.few_items(planner))
    planner.sees("重点对象本季至少抽 1 家，现在是 0 家")
    planner.press("改为 1 家").press("提交审核").sees("计划已提交审核。")
    approver.open(story.PLAN).follow("审核计划").press("退回修改", opinion="再核对一次日期")
    planner.open(story.PLAN).sees("再核对一次日期").follow("继续编制").press("提交审核")
    approver.open(story.PLAN).follow("审核计划").press("批准计划")
    assert QuarterlyPlan.objects.get().status == PlanStatus.APPROVED
    at(story.PLAN_PUBLISHED)
    story.publish(officer, "2026 年第一季度抽查工作计划")

    # The draw.
    story.prepare_and_seal(planner, approver, at)
    at("2026-01-08 22:00")
    story.type_numbers(planner)
    story.type_numbers(approver).sees("号码全部一致")
    at(story.DRAWN)
    draw = story.hold(planner)
    at("2026-01-09 10:00")
    checks = story.dispatch(planner)
    story.approve_checks(approver)
    check = checks[0]
    name = check.facility.name
    assert Draw.objects.get().status == DrawStatus.DRAWN
    anybody = person()
    anybody.open(f"/draws/{draw.draw_id}/").does_not_see(name)

    # The check, on a phone.
    at("2026-01-12 09:00")
    leader = person(check.members.get(is_leader=True).inspector.user, screen=PHONE)
    colleague = person(check.members.get(is_leader=False).inspector.user, screen=PHONE)
    story.arrive(leader, name, colleague)
    wide = leader.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0, "the page is wider than the phone"
    story.answer_points(leader, finding="贮存间门口没有标识")
    at("2026-01-12 10:00")
    story.finish(leader, check, sign=lambda of, _, who: of.sign(who.name), outcome="RECTIFY_ORDERED")
    assert Inspection.objects.get(pk=check.pk).status == InspectionStatus.FINISHED

    # Reviewed by another person, published by a third; then everybody can read it.
    story.review(approver, name)
    at("2026-01-14 10:00")
    anybody.open("/results/").does_not_see(name)
    story.publish_result(officer, name)
    assert Publication.objects.get(kind="RESULT").facility_name == name
    anybody = person()  # a reader with an empty cache: public pages may be a minute old
    anybody.open("/results/").sees(name).follow(name).sees("贮存间门口没有标识", "责令限期改正")
    anybody.open("/").sees(name)
    anybody.open(story.PUBLIC_PLAN).sees("明山分局")

    # Nobody typed an address, and what he came for was never further than three clicks from his home (issue 16).
    # An inspector on the phone looks for nothing: all that he does follows from the first page, link by link.
    reached = {(one.user.role_names()[0], path): n for one in person.staff for path, n in one.clicks.items()}
    assert {role for role, _ in reached} >= {"计划员", "分管负责人"} and len(reached) >= 4, reached
