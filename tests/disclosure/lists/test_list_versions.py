"""The public item lists: every version stays, and each says what it changed of the last (六(一)1-c, 八(二)-a)."""

from datetime import date

import pytest

from disclosure.publishing import actions as disclosing
from plans.lists import actions
from plans.lists import changes as list_changes
from plans.models import InspectionItem, LegalBasis
from tests.browsing import html_of, untimed
from tests.disclosure.factories import make_published_list
from tests.factories import make_disclosure_officer, make_lead_office
from tests.plans.factories import advance_list
from tests.plans.lists.test_item_lists import LOCAL_ITEM, POINTS, cites

pytestmark = pytest.mark.django_db


def amend(first_list, lead):
    """A01 gets a new content and another point, D01 goes, A09 comes."""
    second = actions.draft_list(unit=first_list.unit, year=2026, by=lead, reason="年中重点有变化，增加餐饮油烟")
    item = InspectionItem.objects.get(list=second, code="A01")
    data = {name: getattr(item, name) for name in LOCAL_ITEM} | {"content": "扬尘和噪声", "annual_focus": False}
    law = LegalBasis.objects.get(title="中华人民共和国环境保护法")
    points = [{"text": "噪声污染防治措施", "standard": "有效"}, {"text": "扬尘", "standard": "有覆盖"}]
    actions.save_item(item_list=second, by=lead, data=data, points=points, cites=[(law, None)], item=item)
    actions.save_item(
        item_list=second, by=lead, data={**LOCAL_ITEM, "code": "D09", "category": 4}, points=POINTS, cites=cites()
    )
    actions.remove_item(item_list=second, item=InspectionItem.objects.get(list=second, code="D01"), by=lead)
    return advance_list(second, "APPROVED", lead)


@pytest.mark.clause("六(一)1-c", "八(二)-a", "四(3)-c")
def test_an_amended_list_is_public_with_its_reason_and_what_it_changed_and_the_old_one_stays(client, at):
    at("2026-07-02 09:00")
    first = make_published_list()
    from plans.models import ItemList

    second = amend(ItemList.objects.get(), make_lead_office())
    disclosing.publish_list(item_list=second, by=make_disclosure_officer(second.unit))

    page = untimed(html_of(client.get("/items/2026/")))
    for words in (
        "年中重点有变化，增加餐饮油烟",
        "与 2026 年第 1 版相比：增加 1 项，删去 1 项，修改 1 项",
        "餐饮油烟治理情况",
        "扬尘和噪声",
        "碳排放情况",
        "2026-07-02 公开的第 1 版",
    ):
        assert words in page, words
    old = client.get("/items/2026/210500/1/").content.decode()
    assert "这是以前的一版" in old and "碳排放情况" in old and "餐饮油烟治理情况" not in old
    assert client.get("/items/2026/210500/2/").status_code == 200
    assert client.get("/items/2026/210500/3/").status_code == 404
    snapshots = [client.get(f"/items/{first.no}/{n}/snapshot.json").content for n in (1, 2)]
    assert snapshots[0] != snapshots[1] and client.get(f"/items/{first.no}/snapshot.json").content == snapshots[1]


def item(code, **fields):
    return {"code": code, "name": f"事项{code}", "content": "内容", "valid_from": "2026-01-01", "points": [], **fields}


def test_two_texts_are_compared_field_by_field_and_point_by_point():
    point = {"text": "台账", "standard": "齐全", "basis": ""}
    old = {"items": [item("A01", points=[point]), item("B01"), item("C01", annual_focus=False)]}
    new = {
        "items": [
            item(
                "A01", content="新内容", points=[{**point, "standard": "齐全、连续"}, {"text": "标识", "standard": ""}]
            ),
            item("C01", annual_focus=True),
            item("D01"),
        ]
    }

    found = list_changes.between(old, new)

    assert found.sentence == "增加 1 项，删去 1 项，修改 2 项"
    assert [i["code"] for i in found.added + found.removed] == ["D01", "B01"]
    first, focus = found.changed
    assert [(f.label, f.old, f.new) for f in first.fields] == [("抽查内容", "内容", "新内容")]
    assert (first.points_added, first.points_changed[0].new) == (("标识",), "齐全、连续")
    assert [(f.label, f.old, f.new) for f in focus.fields] == [("年度重点", "否", "是")]


def test_a_new_years_own_first_day_is_no_change():
    old = {"items": [item("A01")]}
    new = {"items": [item("A01", valid_from=date(2027, 1, 1).isoformat())]}
    assert not list_changes.between(old, new, same_year=False)
    assert list_changes.between(old, new).changed
    assert list_changes.between(old, old).sentence == "事项没有变化"
