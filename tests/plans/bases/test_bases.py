"""The library of legal bases: what is in it, what a change does, which items may not be checked (六(一)1-b, 0-b, 附-c)."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from plans.bases import actions as bases_actions
from plans.bases import citations
from plans.bases import rules as basis_rules
from plans.lists import actions as lists_actions
from plans.lists import basis_changes
from plans.lists.public_facts import ItemListFacts
from plans.models import BasisChange, BasisEffect, InspectionItem, LegalBasis
from plans.quarterly import actions as quarterly_actions
from plans.quarterly import rules
from plans.quarterly.public_facts import PlanFacts
from tests.browsing import post
from tests.factories import make_approver, make_city_team, make_lead_office, make_planner, make_unit, make_user
from tests.plans.factories import advance_list, make_list, make_plan
from tests.plans.lists.test_item_lists import LOCAL_ITEM, POINTS, cites

pytestmark = pytest.mark.django_db
EMERGENCY, CARBON, WASTE = (
    "突发环境事件应急管理办法",
    "碳排放权交易管理暂行条例",
    "中华人民共和国固体废物污染环境防治法",
)


def basis(title) -> LegalBasis:
    return LegalBasis.objects.get(title=title)


def change(title, kind, effective_on=date(2026, 7, 1), **more) -> BasisChange:
    said = {"document": "某令（示例）", "summary": "条款有变化（示例）", **more}
    by = said.pop("by", None) or make_lead_office()
    return basis_changes.record_change(basis=basis(title), by=by, kind=kind, effective_on=effective_on, **said)


def new_version(first, by=None):
    return lists_actions.draft_list(
        unit=first.unit, year=first.year, by=by or make_lead_office(), reason="法律依据有变化"
    )


def item_of(item_list, code) -> InspectionItem:
    return InspectionItem.objects.select_related("list").get(list=item_list, code=code)


@pytest.mark.clause("0-b")
def test_the_library_begins_with_the_four_documents_of_the_opening_and_they_stand_on_list_and_plan():
    plan = make_plan()
    titles = [
        "《关于优化生态环境保护执法方式提高执法效能的指导意见》（环执法〔2021〕1号）",
        "《关于进一步加强生态环境“双随机、一公开”监管工作的指导意见》（环办执法〔2021〕18号）",
        "《辽宁省优化生态环境保护执法方式提高执法效能实施方案》",
        "《辽宁省生态环境“双随机、一公开”监管工作实施方案（试行）》",
    ]
    today = clock.today()
    assert list(basis_rules.grounds_in_force(today)) == titles
    assert list(ItemListFacts.of(plan.item_list, today=today).bases) == titles
    assert list(PlanFacts.of(plan, now=clock.now()).bases) == titles


@pytest.mark.clause("0-b")
def test_a_plan_cites_what_took_the_place_of_a_document_of_the_opening(at):
    at("2026-06-01 09:00")
    plan, lead = make_plan(), make_lead_office()
    new = bases_actions.enter_basis(
        by=lead,
        data={"title": "新的实施方案（示例）", "kind": "NORMATIVE", "is_ground": True, "valid_from": date(2026, 5, 1)},
    )
    change("辽宁省优化生态环境保护执法方式提高执法效能实施方案", "REPLACED", date(2026, 5, 1), successor=new, by=lead)

    bases = PlanFacts.of(plan, now=clock.now()).bases

    assert "《新的实施方案（示例）》" in bases and len(bases) == 4
    assert not [b for b in bases if "辽宁省优化" in b]


def test_items_cite_rows_of_the_library_and_print_them():
    item_list = make_list(upto="DRAFT")

    for item in item_list.items.prefetch_related("cites__basis", "cites__article"):
        assert citations.write(item.cites.all()) == item.legal_basis
    assert [c.article.label for c in item_of(item_list, "F01").cites.all()] == [
        "第七十七条",
        "第七十八条",
        "第七十九条",
    ]


@pytest.mark.parametrize(
    ("label", "position"), [("第二十四条", 24), ("第一百零三条第二款", 103), ("第十条", 10), ("第7条", 7), ("附则", 0)]
)
def test_articles_stand_in_the_order_of_their_numbers(label, position):
    assert citations.position_of(label) == position


@pytest.mark.clause("六(一)1-b")
def test_a_change_lists_the_items_that_cite_the_article_and_opens_a_month_for_each_unit(at):
    at("2026-06-20 09:00")
    first = make_list()
    branch = make_unit()
    planner = make_planner(branch)
    local = lists_actions.draft_list(unit=branch, year=2026, by=planner)
    lists_actions.save_item(item_list=local, by=planner, data=LOCAL_ITEM, points=POINTS, cites=cites(WASTE))
    advance_list(local, "PUBLISHED", planner)

    made = change(WASTE, "AMENDED", date(2026, 7, 1), articles=["第七十七条"])

    concerned = [(e.unit, e.code) for e in made.effects.all()]
    assert concerned == [(first.unit, "F01"), (branch, "L01")]  # F02 cites another article, L01 the whole law
    duties = {d.unit: (d.role, d.due) for d in Duty.objects.filter(rule="D-15")}
    assert duties == {first.unit: ("LEAD_OFFICE", date(2026, 8, 1)), branch: ("PLANNER", date(2026, 8, 1))}
    assert Message.objects.filter(user=planner, title__contains="有变化").exists()


@pytest.mark.clause("六(一)1-b")
def test_the_new_version_of_the_list_answers_the_change_and_closes_its_duty(at):
    at("2026-07-02 09:00")
    first = make_list()
    made = change(EMERGENCY, "AMENDED")

    second = new_version(first)
    advance_list(second, "SUBMITTED", second.created_by)
    assert Duty.objects.open().filter(rule="D-15").count() == 1
    second.refresh_from_db()
    lists_actions.approve_list(item_list=second, by=make_approver(first.unit))

    effect = made.effects.get()
    assert (effect.code, effect.settled_list, effect.reason) == ("H01", second, "")
    duty = Duty.objects.get(rule="D-15")
    assert duty.closed_by == "plans.list.approved"


@pytest.mark.clause("六(一)1-b")
def test_a_list_that_was_submitted_before_the_change_does_not_answer_it(at):
    at("2026-07-02 09:00")
    first = make_list()
    second = advance_list(new_version(first), "SUBMITTED", make_lead_office())
    at("2026-07-03 09:00")
    change(EMERGENCY, "AMENDED")

    lists_actions.approve_list(item_list=second, by=make_approver(first.unit))

    assert BasisEffect.objects.open().count() == 1
    assert Duty.objects.open().filter(rule="D-15").exists()


@pytest.mark.clause("六(一)1-b")
def test_an_item_that_is_not_touched_is_said_so_with_a_reason_by_who_writes_the_list(at):
    at("2026-07-02 09:00")
    make_list()
    effect = change(CARBON, "AMENDED").effects.get()
    with pytest.raises(Refused, match="全市事项清单由牵头部门编制"):
        basis_changes.decide_unaffected(effect=effect, by=make_planner(make_unit()), reason="只改了罚则的条次")
    with pytest.raises(Refused, match="不受影响的理由"):
        basis_changes.decide_unaffected(effect=effect, by=make_lead_office(), reason="无关")

    lead = make_lead_office()
    basis_changes.decide_unaffected(effect=effect, by=lead, reason="只改了罚则的条次，检查内容没有变化")

    assert Duty.objects.get(rule="D-15").closed_by == "plans.basis.unaffected"
    assert AuditEntry.objects.get(verb="plans.basis.unaffected").details["item"] == "D01"
    with pytest.raises(Refused, match="已经办结"):
        basis_changes.decide_unaffected(effect=effect, by=lead, reason="再写一次同样的理由")


@pytest.mark.clause("六(一)1-b")
def test_a_new_law_concerns_the_kinds_that_are_named(at):
    at("2026-07-02 09:00")
    make_list()
    lead = make_lead_office()
    new = bases_actions.enter_basis(by=lead, data={"title": "示例条例", "kind": "REGULATION"}, articles=["第三条"])

    made = change(new.title, "MADE", categories=[2, 4], by=lead)

    assert [e.code for e in made.effects.order_by("code")] == ["B01", "B02", "B03", "D01"]


def test_a_repealed_basis_without_another_cannot_be_called_harmless(at):
    at("2026-07-02 09:00")
    make_list()
    with_another = change(EMERGENCY, "REPEALED").effects.get()  # H01 also cites 环境保护法
    alone = change(CARBON, "REPEALED").effects.get()

    basis_changes.decide_unaffected(effect=with_another, by=make_lead_office(), reason="环境保护法第四十七条仍然有效")
    with pytest.raises(Refused, match="没有其他有效依据"):
        basis_changes.decide_unaffected(effect=alone, by=make_lead_office(), reason="检查内容没有变化")


def test_only_the_lead_office_keeps_the_library_and_a_change_needs_its_document(at):
    at("2026-07-02 09:00")
    make_list()
    with pytest.raises(Refused, match="牵头部门维护"):
        change(CARBON, "AMENDED", by=make_planner(make_city_team()))
    with pytest.raises(Refused, match="哪份文件"):
        change(CARBON, "AMENDED", document=" ")
    with pytest.raises(Refused, match="由哪一部依据取代"):
        change(CARBON, "REPLACED")
    with pytest.raises(Refused, match="没有登记第九十九条"):
        change(WASTE, "AMENDED", articles=["第九十九条"])
    with pytest.raises(Refused, match="第四十二条"):
        bases_actions.enter_basis(by=make_lead_office(), data={"title": "某办法", "kind": "RULE"}, articles=["四十二"])
    change(CARBON, "REPEALED")
    with pytest.raises(Refused, match="不能再登记变化"):
        change(CARBON, "AMENDED")


def test_a_change_is_never_rewritten_and_the_database_keeps_the_rest_in_order(at):
    at("2026-07-02 09:00")
    make_list()
    made = change(CARBON, "REPEALED")
    with transaction.atomic(), pytest.raises(Exception, match=r"denied|sealed|封|只能"):
        BasisChange.objects.filter(pk=made.pk).update(summary="另一回事")
    with transaction.atomic(), pytest.raises(IntegrityError, match="a_replaced_basis_has_ended"):
        LegalBasis.objects.filter(title=WASTE).update(replaced_by=basis(CARBON))
    with transaction.atomic(), pytest.raises(IntegrityError, match="an_effect_is_settled"):
        made.effects.update(settled_at=clock.now())


@pytest.mark.clause("附-c")
def test_an_old_document_is_marked_with_what_replaces_it_and_where_it_conflicts(at, client):
    at("2026-07-02 09:00")
    lead = make_lead_office()
    ours = bases_actions.enter_basis(by=lead, data={"title": "本溪市实施方案（试行）（示例）", "kind": "POLICY"})
    old = bases_actions.enter_basis(
        by=lead,
        data={
            "title": "原市环境保护局随机抽查办法（示例）",
            "kind": "POLICY",
            "conflict": "一般对象每年抽查 5%，与三年全覆盖不一致",
        },
    )
    change(old.title, "REPLACED", date(2025, 1, 1), successor=ours, by=lead)

    client.force_login(make_planner(make_unit()))
    listed = client.get(reverse("plans:basis-list")).content.decode()
    shown = client.get(reverse("plans:basis-detail", args=[old.pk])).content.decode()

    assert "已被取代" in listed and f"由《{ours.title}》取代" in listed
    assert "按《实施方案》执行" in listed and "与三年全覆盖不一致" in shown and ours.title in shown
    assert old.title in client.get(reverse("plans:basis-detail", args=[ours.pk])).content.decode()


@pytest.mark.parametrize(
    ("day", "said"),
    [("1990-01-01", "2025 年 1 月 1 日以前的变化不用登记"), ("9999-12-31", "施行日期不能晚于 2029 年底")],
)
def test_a_change_of_a_day_out_of_all_reason_is_refused_in_words(client, at, day, said):
    at("2026-07-02 09:00")
    make_list()
    client.force_login(make_lead_office())
    typed = {"kind": "AMENDED", "effective_on": day, "document": "某令（示例）", "summary": "条款有变化（示例）"}

    answer = post(client, reverse("plans:basis-change", args=[basis(WASTE).pk]), typed)

    assert answer.status_code == 409 and said in answer.content.decode()
    assert not BasisChange.objects.exists()
    with pytest.raises(Refused, match="施行日期在 1949 到 2029 年之内"):
        bases_actions.enter_basis(
            by=make_lead_office(), data={"title": "某法（示例）", "kind": "LAW", "valid_from": date(2199, 1, 1)}
        )


# --- N-3: unpublished, or without a basis in force ------------------------------------------------------------------


@pytest.mark.clause("四(1)-c", "六(一)2-a", "二-d")
def test_an_item_whose_basis_is_over_cannot_be_planned_until_the_list_is_adjusted(client, at):
    at("2026-06-25 09:00")
    first = make_list()
    change(CARBON, "REPEALED", date(2026, 7, 1))
    plan = make_plan(quarter=Quarter(2026, 3))
    assert "D01" in [row.item.code for row in plan.items.all()]

    client.force_login(plan.created_by)
    page = client.get(f"/desk/plans/{plan.unit.code}/2026q3/edit/")
    state = {line["text"]: line["state"] for line in page.context["checks"]}
    assert (state["每类对象都有抽查事项"], state["事项都在公开的清单里，依据有效"]) == ("ok", "bad")
    assert [row.item.code for row in page.context["items"] if "已废止" in row.wrong] == ["D01"]
    assert '<a href="#item-D01">' in page.content.decode() and 'id="item-D01"' in page.content.decode()
    with pytest.raises(Refused, match="D01“碳排放情况”没有有效的法律依据（《碳排放权交易管理暂行条例》已废止）"):
        quarterly_actions.submit_plan(plan=plan, by=plan.created_by)

    lead = make_lead_office()
    second = new_version(first, lead)
    with pytest.raises(Refused, match="D01“碳排放情况”引用的《碳排放权交易管理暂行条例》已废止"):
        at("2026-07-01 09:00")
        lists_actions.submit_list(item_list=second, by=lead)
    item = item_of(second, "D01")
    data = {name: getattr(item, name) for name in LOCAL_ITEM}
    points = [{"text": p.text, "standard": p.standard, "basis": ""} for p in item.points.all()]
    law = basis("中华人民共和国大气污染防治法")
    lists_actions.save_item(item_list=second, by=lead, data=data, points=points, cites=[(law, None)], item=item)
    published = advance_list(second, "PUBLISHED", lead)
    saved = quarterly_actions.save_plan(plan=plan, by=plan.created_by, data={})

    assert saved.item_list == published
    problems = rules.item_problems(saved, [], date(2026, 7, 1))
    assert problems == []


def test_an_item_rests_on_the_successor_once_it_was_found_not_to_be_touched(at):
    at("2026-07-02 09:00")
    first = make_list()
    lead, item = make_lead_office(), item_of(first, "D01")
    new = bases_actions.enter_basis(by=lead, data={"title": "碳排放权交易管理条例（示例）", "kind": "REGULATION"})
    made = change(CARBON, "REPLACED", successor=new, by=lead)
    day = date(2026, 7, 2)
    assert item.pk in basis_rules.obstacles([item], day)
    assert basis_rules.obstacles([item], date(2026, 6, 30)) == {}

    basis_changes.decide_unaffected(effect=made.effects.get(), by=lead, reason="新条例第三条内容相同，检查不变")

    assert basis_rules.obstacles([item], day) == {}


def test_what_is_not_public_or_not_yet_valid_is_no_item(at):
    at("2026-07-02 09:00")
    first = make_list()
    second = new_version(first)
    item = item_of(second, "A01")
    lists_actions.remove_item(item_list=second, item=item_of(second, "A01"), by=second.created_by)
    later = item_of(second, "A01") if second.items.filter(code="A01").exists() else item_of(second, "B01")
    assert "自 1 月 1 日起生效" in basis_rules.obstacles([item_of(first, "B01")], date(2025, 12, 31)).popitem()[1]
    assert basis_rules.obstacles([later], date(2026, 7, 2)) == {}  # the public version has it

    lead = make_lead_office()
    lists = lists_actions.save_item(
        item_list=second,
        by=lead,
        data={**LOCAL_ITEM, "code": "A09"},
        points=POINTS,
        cites=cites(),
    )
    assert "还没有公开" in basis_rules.obstacles([lists], date(2026, 7, 2)).popitem()[1]
    assert item.code == "A01"


def test_the_question_of_every_item_takes_the_same_queries_for_one_and_for_all(at):
    at("2026-07-02 09:00")
    items = list(make_list().items.select_related("list"))
    counts = []
    for asked in (items[:1], items):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            basis_rules.obstacles(asked, date(2026, 7, 2))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_the_library_lists_one_and_many_bases_with_the_same_queries(at, client):
    at("2026-07-02 09:00")
    lead = make_lead_office()
    client.force_login(lead)
    counts = []
    for n in range(2):
        for m in range(1 + 9 * n):
            made = bases_actions.enter_basis(
                by=lead, data={"title": f"示例条例{n}{m}", "kind": "REGULATION"}, articles=["第一条"]
            )
            change(made.title, "AMENDED", by=lead)
        client.get(reverse("plans:basis-list"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("plans:basis-list"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_pages_enter_change_and_answer(at, client):
    at("2026-07-02 09:00")
    make_list()
    lead = make_lead_office()
    client.force_login(lead)
    law = basis(WASTE)

    def post(url, data):
        page = client.get(url).content.decode()
        key = page.split('name="form_key" value="')[1].split('"')[0]
        return client.post(url, {"form_key": key, **data})

    answer = post(
        reverse("plans:basis-edit", args=[law.pk]),
        {"title": law.title, "kind": "LAW", "valid_from": "2020-09-01", "articles": "第八十条、第八十一条"},
    )
    assert answer["Location"] == law.get_absolute_url()
    wrong = post(reverse("plans:basis-change", args=[law.pk]), {"kind": "REPLACED", "effective_on": "2026-07-01"})
    assert wrong.status_code == 200 and "写明变化了什么" in wrong.content.decode()
    answer = post(
        reverse("plans:basis-change", args=[law.pk]),
        {
            "kind": "AMENDED",
            "effective_on": "2026-07-01",
            "document": "令",
            "summary": "改了标志",
            "articles": "第七十七条",
        },
    )
    made = BasisChange.objects.get()
    assert answer["Location"] == made.get_absolute_url() and made.articles == ["第七十七条"]
    effect = made.effects.get()
    # The button of its duty is called by what is done on the page, where no list is changed.
    page = client.get(Duty.objects.get(rule="D-15").url).content.decode()
    assert "记为不受影响" in page and agenda.button_of_step("D-15") == "核对是否受影响"
    short = post(made.get_absolute_url(), {"effect": effect.pk, "reason": "无"})
    assert "不受影响的理由" in short.content.decode()
    post(made.get_absolute_url(), {"effect": effect.pk, "reason": "标志样式没有变化，检查不变"})
    effect.refresh_from_db()
    assert effect.settled_by == lead
    client.force_login(make_user(("INSPECTOR", make_unit())))
    assert client.get(reverse("plans:basis-change", args=[law.pk])).status_code == 403
    assert "第八十条" in client.get(law.get_absolute_url()).content.decode()


def test_laws_cited_again_and_again_are_gathered_once_with_all_their_articles():
    texts = [
        "《水法》第四十二条",
        "《水法》第二十四条、第四十二条；《气法》（令1号）",
        "",
        "《气法》第八条",
        "地方规定",
    ]
    assert citations.gathered(texts) == ("《水法》第二十四条、第四十二条", "《气法》（令1号）第八条", "地方规定")
