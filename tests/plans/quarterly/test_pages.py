"""The pages of lists and plans through HTTP (ui.md 7.2), without script."""

import re
import uuid

import pytest
from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from plans.lists import actions as lists_actions
from plans.models import ItemList, ListStatus, PlanStatus, QuarterlyPlan
from plans.quarterly import actions as quarterly_actions
from registry.models import Category
from tests.browsing import enter, post, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_lead_office,
    make_observer,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.plans.factories import Q3, make_branch, make_list, make_plan

pytestmark = pytest.mark.django_db


def url(name, plan):
    return reverse(f"plans:{name}", args=[plan.unit.code, str(plan.quarter).lower()])


def fields_of(html):
    """What a browser would send: every input, select and textarea of the page's plan form."""
    form = re.search(r'<form id="plan".*?</form>', html, re.S)[0]
    found = {}
    for tag in re.findall(r"<input [^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        if not name or ('type="checkbox"' in tag and "checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found[name[1]] = "on" if 'type="checkbox"' in tag else value[1] if value else ""
    for name, body in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', form, re.S):
        found[name] = re.search(r'<option value="([^"]*)" selected', body)[1]
    for name, body in re.findall(r'<textarea name="([^"]+)".*?>(.*?)</textarea>', form, re.S):
        found[name] = body.strip()
    return found


def test_a_planner_makes_a_plan_and_another_person_approves_it(client):
    make_list()
    unit = make_branch(key=42, general=30)
    planner = make_planner(unit)
    enter(client, planner)
    detail = reverse("plans:plan-detail", args=[unit.code, "2026q3"])
    assert "这个季度还没有编制计划" in text_of(client.get(detail))

    assert post(client, reverse("plans:plan-new", args=[unit.code, "2026q3"])).status_code == 302
    plan = QuarterlyPlan.objects.get()
    page = client.get(url("plan-edit", plan))
    assert "逾期原因 提交时要写明，至少 4 个字" in text_of(page)  # not 选填
    data = fields_of(page.content.decode())
    answer = post(client, url("plan-edit", plan), data, late_reason="名录核对延误", do="submit")

    assert answer["Location"] == plan.get_absolute_url()
    plan.refresh_from_db()
    assert (plan.status, plan.late_reason) == (PlanStatus.SUBMITTED, "名录核对延误")
    enter(client, make_approver(unit))
    review = client.get(url("plan-review", plan))
    assert "至少 11 家：42 × 25% = 10.5，不足 1 家的进 1" in text_of(review)
    answer = post(client, url("plan-review", plan), {"opinion": "同意", "do": "approve"})
    plan.refresh_from_db()
    assert (plan.status, plan.opinion) == (PlanStatus.APPROVED, "同意")


@pytest.mark.clause("七(一)1-a")
def test_below_25_percent_the_editor_says_why_where_and_what_to_do(client):
    plan = make_plan(make_branch(key=42))
    enter(client, make_planner(plan.unit))
    address = url("plan-edit", plan)
    data = fields_of(client.get(address).content.decode())

    post(client, address, data, planned_key="10", do="recount")
    page = client.get(address)
    html = page.content.decode()

    assert '<a href="#id_planned_key">重点对象本季至少抽 11 家，现在是 10 家</a>' in html
    assert "至少 11 家：42 × 25% = 10.5，不足 1 家的进 1" in html
    assert re.search(r'name="percent_key" value="23"', html)  # the ratio followed the count
    assert html.count('aria-disabled="true"') == 1
    answer = post(client, address, fields_of(html), late_reason="名录延误", do="submit")
    assert answer["Location"] == address
    assert QuarterlyPlan.objects.get().status == PlanStatus.DRAFT

    fixed = post(client, address, fields_of(client.get(address).content.decode()), fix="key")
    assert fixed.status_code == 302
    stratum = plan.strata.get(category="key")
    assert (stratum.basis_points, stratum.planned) == (2500, 11)
    paced = client.get(address)
    assert "按每季 11 家，到 2026 年底只能抽到 22 家；每季至少 21 家才能抽完" in text_of(paced)
    post(client, address, fields_of(paced.content.decode()), fix="key")
    stratum.refresh_from_db()
    assert (stratum.basis_points, stratum.planned) == (2500, 21)


def test_what_stands_in_the_way_is_said_once_and_the_day_of_an_old_draft_is_shown(client, at):
    at("2026-07-02 10:10")
    plan = make_plan(make_branch(key=42))
    enter(client, make_planner(plan.unit))
    address = url("plan-edit", plan)
    post(client, address, fields_of(client.get(address).content.decode()), planned_key="10", do="save")
    assert "10:10 保存" in text_of(client.get(address))
    at("2026-07-03 09:00")
    assert "7 月 2 日 10:10 保存" in text_of(client.get(address))
    data = fields_of(client.get(address).content.decode())

    refused = client.post(address, {**data, "form_key": str(uuid.uuid4()), "do": "submit"}, follow=True)

    assert text_of(refused).count("重点对象本季至少抽 11 家，现在是 10 家") == 1
    assert QuarterlyPlan.objects.get().status == PlanStatus.DRAFT


def test_items_that_are_not_ticked_are_folded_and_can_be_added(client):
    plan = make_plan()
    enter(client, make_planner(plan.unit))
    address = url("plan-edit", plan)
    code = plan.items.select_related("item").first().item.code
    data = fields_of(client.get(address).content.decode())
    ticked = {name for name in data if name.startswith(f"item_{code}_")}
    post(client, address, {name: value for name, value in data.items() if name not in ticked}, do="save")

    page = client.get(address)

    assert code in [row.item.code for row in page.context["more_items"]]
    assert code not in [row.item.code for row in page.context["items"]]
    assert f"从事项清单添加（{len(page.context['more_items'])} 项）" in text_of(page)
    post(client, address, fields_of(page.content.decode()) | dict.fromkeys(ticked, "on"), do="save")
    assert code in [row.item.code for row in client.get(address).context["items"]]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"percent_key": "50"}, (5000, 21)),
        ({"planned_key": "12"}, (2800, 12)),
        ({"percent_key": "30", "planned_key": "20"}, (3000, 20)),
        ({"percent_key": "30", "planned_key": "2"}, (3000, 13)),
        ({"percent_key": "", "planned_key": "12"}, (2800, 12)),
        ({"percent_key": "30", "planned_key": ""}, (3000, 13)),
    ],
)
def test_ratio_and_count_follow_each_other_on_the_server(client, typed, kept):
    plan = make_plan(make_branch(key=42))
    enter(client, make_planner(plan.unit))
    address = url("plan-edit", plan)

    post(client, address, {**fields_of(client.get(address).content.decode()), **typed}, do="recount")

    stratum = plan.strata.get(category="key")
    assert (stratum.basis_points, stratum.planned) == kept


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"percent_key": "", "planned_key": ""}, "重点对象填比例或家数，另一项自动算出"),
        ({"planned_key": "9" * 20}, "重点对象家数最多填六位数"),
        ({"reserved_key": "-1"}, "优先名额不小于 0"),
    ],
)
def test_figures_that_cannot_be_used_are_refused_in_our_words(client, typed, said):
    plan = make_plan(make_branch(key=42))
    enter(client, make_planner(plan.unit))
    address = url("plan-edit", plan)

    answer = post(client, address, {**fields_of(client.get(address).content.decode()), **typed}, do="save")

    assert answer.status_code == 200 and said in text_of(answer)


def test_what_cannot_be_read_is_said_at_the_field_and_nothing_is_saved(client):
    plan = make_plan()
    enter(client, make_planner(plan.unit))
    address = url("plan-edit", plan)
    data = fields_of(client.get(address).content.decode())

    page = post(client, address, data, draw_at="下周五", percent_key="abc", do="save")

    text = page.content.decode()
    assert page.status_code == 200
    assert '<a href="#id_draw_at">抽取时间按 2026-07-10 09:30 的格式填写</a>' in text
    assert 'value="下周五"' in text and 'value="abc"' in text
    assert "有错误：" in re.search(r"<title>(.*?)</title>", text)[1]
    assert QuarterlyPlan.objects.get().version == plan.version


def test_a_second_editor_is_told_and_the_first_ones_work_stands(client):
    plan = make_plan()
    enter(client, make_planner(plan.unit))
    data = fields_of(client.get(url("plan-edit", plan)).content.decode())
    quarterly_actions.save_plan(plan=plan, by=make_planner(plan.unit), data={"team_size": 4})

    page = post(client, url("plan-edit", plan), data, team_size="5", do="save")

    assert "被另外一人改过" in text_of(page)
    assert QuarterlyPlan.objects.get().team_size == 4


@pytest.mark.clause("五-3a")
@pytest.mark.parametrize("name", ["plan-detail", "plan-edit", "plan-review", "plan-preview"])
def test_another_units_plan_is_not_found(client, name):
    plan = make_plan()
    other = make_unit("210503")
    enter(client, make_user((Role.PLANNER, other), (Role.APPROVER, other)))

    assert client.get(url(name, plan)).status_code == 404
    assert plan.unit.short_name not in text_of(client.get(reverse("plans:plan-list")))


@pytest.mark.parametrize("name", ["plan-edit", "plan-review", "plan-new", "plan-receive"])
def test_who_lacks_the_right_is_turned_away(client, name):
    plan = make_plan(upto="SUBMITTED")
    enter(client, make_registrar(plan.unit))
    answer = post(client, url(name, plan)) if name in ("plan-new", "plan-receive") else client.get(url(name, plan))

    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["2026q9", "2026", "x", "2026q10"])
def test_a_quarter_that_does_not_exist_is_not_found(client, path):
    unit = make_unit()
    enter(client, make_planner(unit))
    assert client.get(reverse("plans:plan-detail", args=[unit.code, path])).status_code == 404


def test_the_pickers_lead_from_one_plan_to_the_other(client):
    plan = make_plan()
    enter(client, make_planner(plan.unit))

    page = client.get(url("plan-detail", plan))
    assert "2026 年第三季度" in page.context["desk"].quarter
    answer = client.get(url("plan-detail", plan) + "?quarter=2026Q2")
    assert answer["Location"] == reverse("plans:plan-detail", args=[plan.unit.code, "2026q2"])
    assert client.get(answer["Location"]).context["desk"].quarter == "2026 年第二季度"
    assert client.get(url("plan-detail", plan) + "?unit=../../etc").status_code == 200


def test_the_list_shows_each_unit_by_quarter_with_what_is_late(client):
    plan = make_plan(upto="PUBLISHED")
    make_unit("210503")
    enter(client, make_observer())

    rows = re.findall(
        r"<tr>\s*<th scope=\"row\">(.*?)</tr>", client.get(reverse("plans:plan-list")).content.decode(), re.S
    )
    texts = [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)) for row in rows]

    assert sorted(t.split()[0] for t in texts) == ["市执法队", "明山分局", "溪湖分局"]
    mingshan = next(t for t in texts if t.startswith(plan.unit.short_name))
    assert "已公开 7 月 6 日公开" in mingshan
    xihu = next(t for t in texts if t.startswith("溪湖分局"))
    assert "未编制 逾期 1 天" in xihu
    assert "10 月 5 日前" in xihu


def test_the_preview_names_no_facility(client):
    unit = make_branch()
    make_facility(unit, category=Category.KEY, name="枫岭焦化有限公司")
    plan = make_plan(unit)
    enter(client, make_planner(unit))

    text = text_of(client.get(url("plan-preview", plan)))

    assert "家参加抽取" in text and "枫岭焦化" not in text
    assert "（试行）" in text


@pytest.mark.clause("七(六)-a")
def test_the_lead_office_signs_on_the_plans_page(client):
    plan = make_plan(upto="PUBLISHED")
    enter(client, make_user((Role.LEAD_OFFICE, make_city_team())))
    assert "等牵头部门签收" in text_of(client.get(reverse("plans:plan-list")))

    post(client, url("plan-receive", plan))

    assert QuarterlyPlan.objects.get().received_at
    assert "等牵头部门签收" not in text_of(client.get(reverse("plans:plan-list")))


def test_pages_ask_the_database_as_often_for_one_row_as_for_many(client, django_assert_max_num_queries):
    plan = make_plan(make_branch(key=1, general=1, special=1, inspectors=2))
    enter(client, make_user((Role.SUPERVISOR, make_city_team()), (Role.PLANNER, plan.unit)))
    addresses = [
        reverse("plans:plan-list"),
        url("plan-edit", plan),
        url("plan-detail", plan),
        plan.item_list.get_absolute_url(),
    ]

    def queries():
        counts = []
        for address in addresses:
            with django_assert_max_num_queries(76) as seen:
                assert client.get(address).status_code == 200
            counts.append(len(seen.captured_queries))
        return counts

    queries()  # what is kept between requests is there
    few = queries()
    for code in ("210502", "210503", "210505"):
        make_plan(make_branch(code=code, key=3, general=3))
    make_branch(code=plan.unit.code, key=4, general=5, special=3)
    assert queries() == few


def test_the_lead_office_makes_the_years_list_in_the_browser(client):
    city = make_city_team()
    enter(client, make_lead_office())
    answer = post(client, reverse("plans:itemlist-new"), {"unit": city.pk, "year": 2026, "reason": ""})
    item_list = ItemList.objects.get()
    assert answer["Location"] == item_list.get_absolute_url()

    edit = reverse("plans:item-edit", args=[city.code, 2026, 1, "A01"])
    page = client.get(edit).content.decode()
    assert "减振、隔声" in page
    item = item_list.items.get(code="A01")
    data = {
        "code": "A01",
        "category": 1,
        "name": "生态环境保护措施",
        "content": item.content,
        "objects_text": item.objects_text,
        "importance": "KEY",
        "modes": "ONSITE",
        "ratio_text": item.ratio_text,
        "frequency_text": item.frequency_text,
        "body": item.body,
        "cites-TOTAL_FORMS": 2,
        "cites-INITIAL_FORMS": 1,
        "cites-0-basis": item.cites.first().basis_id,
        "cites-0-articles": "第四十二条、第二十四条",
        "valid_from": "2026-01-01",
        "points-TOTAL_FORMS": 3,
        "points-INITIAL_FORMS": 0,
        "points-0-text": "责任制度",
        "points-0-standard": "有",
        "points-1-text": "",
        "points-2-text": "排放口",
    }
    assert post(client, edit, data)["Location"] == item_list.get_absolute_url()
    item.refresh_from_db()
    assert (item.name, [p.text for p in item.points.all()]) == ("生态环境保护措施", ["责任制度", "排放口"])
    assert item.legal_basis == "《中华人民共和国环境保护法》第四十二条、第二十四条"

    args = [city.code, 2026, 1]
    post(client, reverse("plans:itemlist-submit", args=args))
    enter(client, make_approver(city))
    assert "批准清单" in text_of(client.get(item_list.get_absolute_url()))
    post(client, reverse("plans:itemlist-decide", args=args), {"do": "approve"})
    item_list.refresh_from_db()
    assert item_list.status == ListStatus.APPROVED


def test_a_branch_sees_the_citys_list_and_its_own_but_no_neighbours(client):
    make_list()
    for code in ("210504", "210503"):
        branch = make_unit(code)
        lists_actions.draft_list(unit=branch, year=2026, by=make_planner(branch))
    enter(client, make_planner(make_unit()))

    units = {item_list.list.unit.code for item_list in client.get(reverse("plans:itemlist-list")).context["rows"]}
    assert units == {"210500", "210504"}
    assert client.get(reverse("plans:itemlist-detail", args=["210503", 2026, 1])).status_code == 404


def test_a_planner_of_one_unit_cannot_begin_anothers_plan(client):
    make_list()
    make_branch()
    enter(client, make_planner(make_unit("210503")))

    assert post(client, reverse("plans:plan-new", args=["210504", str(Q3).lower()])).status_code == 404
    assert not QuarterlyPlan.objects.exists()


def test_a_second_source_without_its_kind_is_asked_for_and_nothing_typed_is_lost(client, at):
    at("2026-07-02 09:00")
    plan = make_plan()
    enter(client, make_planner(plan.unit))
    typed = fields_of(client.get(url("plan-edit", plan)).content.decode())
    typed |= {"source_1_kind": "", "source_1_label": "司法局见证人", "source_1_due": "2026-07-09 15:00"}

    answer = post(client, url("plan-edit", plan), typed, do="save")

    assert answer.status_code == 200
    assert "选出这个来源的种类；不用它的，清空名称和开出时间" in text_of(answer)
    assert 'value="司法局见证人"' in answer.content.decode()
    assert plan.sources.count() == 1


@pytest.mark.clause("七(一)1-a")
def test_a_ratio_below_the_least_is_mended_where_the_count_suffices(client):
    plan = make_plan(make_branch(key=12))
    enter(client, make_planner(plan.unit))
    address = url("plan-edit", plan)
    typed = fields_of(client.get(address).content.decode()) | {"planned_key": "3", "percent_key": "24"}
    post(client, address, typed | {"was_planned_key": "4", "was_percent_key": "30"}, do="recount")

    html = client.get(address).content.decode()

    assert "比例不低于 25%，现在是 24%；3 家够了" in html
    assert "改为 25%" in html and "改为 3 家" not in html
    post(client, address, fields_of(html), fix="key")
    stratum = plan.strata.get(category=Category.KEY)
    assert (stratum.basis_points, stratum.planned) == (2500, 3)


def test_a_slip_in_the_year_of_a_plan_is_said_beside_its_field(client, at):
    at("2026-07-02 09:00")
    plan = make_plan()
    enter(client, make_planner(plan.unit))
    address = url("plan-edit", plan)
    typed = fields_of(client.get(address).content.decode())

    answer = post(client, address, typed, draw_at="9999-12-31 09:30", window_to="0001-09-25", do="save")

    assert answer.status_code == 200
    for label in ("抽取时间", "检查完成不晚于"):
        assert f"{label}在 2025 到 2027 年之内，核对年份" in text_of(answer)
