"""抽查类别: the eight of 三 are lengthened by an approved row, and whatever a list holds is drawn (三-o)."""

import re

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from plans.lists import kinds, rules
from plans.lists.public_facts import ItemListFacts
from plans.models import InspectionItem, ItemKind
from tests.browsing import enter, post, text_of
from tests.factories import make_approver, make_city_team, make_lead_office, make_planner, make_unit, make_user
from tests.plans.factories import make_list
from tests.plans.lists.test_list_sheets import check, export, untouched

pytestmark = pytest.mark.django_db
PAGE = "/desk/items/kinds/"
NEW = {"label": "生态破坏问题整改情况", "basis": "辽环发〔2026〕9号第三条"}


def make_kind(**changes) -> ItemKind:
    kind = kinds.ask(**{**NEW, **changes}, by=make_lead_office())
    return kinds.approve(asked=kind, by=make_approver(make_city_team()))


@pytest.mark.clause("三-o")
def test_one_more_kind_is_proposed_and_approved_by_another_and_then_stands_in_lists(client, at):
    at("2026-03-02 09:00")
    lead, leader = make_lead_office(), make_approver(make_city_team())
    item_list = make_list(upto="DRAFT")
    assert len(kinds.labels()) == 8
    enter(client, lead)
    post(client, PAGE, **NEW)
    asked = ItemKind.objects.get()
    assert (asked.number, asked.waits, len(kinds.labels())) == (9, True, 8)
    assert Message.objects.filter(user=leader, url=PAGE).exists()
    home = Duty.objects.visible_to(leader).open().filter(rule="ITEMKIND")
    assert home.get().title == f"批准增加抽查类别“{NEW['label']}”"
    assert post(client, PAGE, decision="approve", request=asked.pk).status_code != 302
    assert not ItemKind.objects.approved().exists()

    enter(client, leader)
    assert post(client, PAGE, decision="approve", request=asked.pk).status_code == 302
    assert kinds.labels()[9] == NEW["label"] and not home.exists()
    assert NEW["label"] in text_of(client.get(PAGE))
    (problem,) = [p for p in rules.list_problems(item_list, at("2026-03-02 10:00").date()) if "类别" in p]
    assert NEW["label"] in problem

    item = item_list.items.first()
    page = f"/desk/items/{item_list.unit.code}/2026/1/{item.code}/"
    enter(client, lead)
    assert re.search(rf'value="9"[^>]*>\s*{NEW["label"]}', client.get(page).content.decode())
    InspectionItem.objects.filter(pk=item.pk).update(category=9)
    facts = ItemListFacts.of(item_list, today=at("2026-03-02 10:00").date())
    assert NEW["label"] in {i.category_name for i in facts.items}
    batch = check(item_list, export(item_list, item.code))
    assert untouched(batch, 1)


@pytest.mark.clause("三-o")
def test_who_proposed_a_kind_does_not_approve_it_and_others_do_neither():
    both = make_user(("LEAD_OFFICE", make_city_team()), ("APPROVER", make_city_team()))
    kind = kinds.ask(**NEW, by=both)
    with pytest.raises(Refused, match="不能是同一个人"):
        kinds.approve(asked=kind, by=both)
    with pytest.raises(Refused, match="由市执法队分管负责人批准"):
        kinds.approve(asked=kind, by=make_approver(make_unit()))
    with pytest.raises(Refused, match="已有一份"):
        kinds.ask(label="另一类", basis="辽环发〔2026〕10号", by=make_lead_office())
    with pytest.raises(Refused, match="由市执法队牵头部门提出"):
        kinds.ask(**NEW, by=make_planner(make_unit()))
    kinds.reject(asked=kind, by=make_approver(make_city_team()), opinion="依据不足，先请示")
    assert len(kinds.labels()) == 8
    with pytest.raises(Refused, match="已经有"):
        kinds.ask(label="碳排放情况", basis="辽环发〔2026〕10号", by=both)


@pytest.mark.clause("三-o")
def test_nothing_in_a_list_is_inspected_otherwise_than_at_random():
    item = make_list().items.first()
    assert item.random_required
    with pytest.raises(IntegrityError, match="item_is_inspected_at_random"), transaction.atomic():
        InspectionItem.objects.filter(pk=item.pk).update(random_required=False)
    kind = make_kind()
    with pytest.raises(IntegrityError), transaction.atomic():
        ItemKind.objects.filter(pk=kind.pk).update(decided_by=kind.asked_by)
