"""A list and a plan become public by one act, whole, and stand in the log (四(3)-c, 四(3)-d)."""

import pytest
from django.test import Client

from benxi_shuangsuiji.refusal import Refused
from disclosure.models import RegisterEntry
from disclosure.publishing import actions
from disclosure.register import log, pub1
from plans.models import ItemList
from plans.quarterly import actions as quarterly
from tests.browsing import text_of
from tests.factories import make_disclosure_officer, make_planner
from tests.plans.factories import Q3, make_branch, make_list, make_plan

pytestmark = pytest.mark.django_db


def squeezed(words: str) -> str:
    return "".join(words.split())


def is_in_the_log(publication, address: str) -> bool:
    entry, text = RegisterEntry.objects.get(publication=publication), Client().get(address).content.decode()
    return text == publication.text and bytes(entry.leaf) == pub1.leaf_hash(log.entry_of(entry).document.encode())


@pytest.mark.clause("四(3)-c")
def test_a_list_is_nowhere_before_its_publication_and_then_every_column_of_every_item(at):
    at("2026-07-02 09:00")
    item_list, branch, client = make_list(upto="APPROVED"), make_branch(), Client()
    addresses = ["/items/2026/", "/items/2026/210500/1/", "/items/210500-2026/snapshot.json"]
    assert [client.get(address).status_code for address in addresses] == [404] * 3
    assert "还没有公开的清单" in text_of(client.get("/items/"))
    with pytest.raises(Refused, match="清单"):  # what is not public is not checked
        quarterly.draft_plan(unit=branch, quarter=Q3, by=make_planner(branch))
    assert not RegisterEntry.objects.exists()

    publication = actions.publish_list(item_list=item_list, by=make_disclosure_officer(item_list.unit))

    assert [client.get(address).status_code for address in addresses] == [200] * 3
    page, items = squeezed(text_of(client.get("/items/2026/"))), list(ItemList.objects.get().items.all())
    assert len({item.category for item in items}) == 8
    for item in items:
        columns = [item.code, item.name, item.content, item.materials, item.objects_text, item.get_modes_display()]
        columns += [item.body, item.ratio_text, item.frequency_text, item.legal_basis, item.get_importance_display()]
        columns += [words for point in item.points.all() for words in (point.text, point.standard)]
        assert [words for words in columns if squeezed(words) not in page] == [], item.code
    assert is_in_the_log(publication, "/items/210500-2026/1/snapshot.json")
    assert quarterly.draft_plan(unit=branch, quarter=Q3, by=make_planner(branch)).item_list == item_list


@pytest.mark.clause("四(3)-d")
def test_a_plan_is_nowhere_before_its_publication_and_then_with_every_number_and_item(at):
    at("2026-07-02 09:00")
    plan, client = make_plan(make_branch(), upto="APPROVED"), Client()
    address, text = "/plans/2026q3/210504/", "/plans/210504-2026Q3/1/snapshot.json"
    assert [client.get(one).status_code for one in (address, text)] == [404, 404]
    assert "还没有公开的计划" in text_of(client.get("/plans/"))
    before = RegisterEntry.objects.count()

    publication = actions.publish_plan(plan=plan, by=make_disclosure_officer(plan.unit))

    page, facts = squeezed(text_of(client.get(address))), publication.snapshot["strata"]
    assert [(f["category"], f["planned"]) for f in facts] == [
        (s.category, s.planned)
        for s in sorted(plan.strata.all(), key=lambda s: ["key", "general", "special"].index(s.category))
    ]
    for f in facts:
        row = f"{f['name']}{f['on_books']}{f['drawable']}{f['planned']}{''.join(f['lines'])}"
        assert squeezed(row) in page, row
    assert f"合计{sum(f['planned'] for f in facts)}家" in page
    for row in plan.items.select_related("item"):
        asked = "".join("查" if on else "—" for on in (row.key, row.general, row.special))
        assert squeezed(f"{row.item.name}{row.item.code}") in page and asked in page, row.item.code
    for day in (plan.window_from, plan.window_to):
        assert f"{day.year}年{day.month}月{day.day}日" in page
    assert RegisterEntry.objects.count() == before + 1 and is_in_the_log(publication, text)
    assert "1 个单位已公开" in text_of(client.get("/plans/"))
    assert f'"{address}"' in client.get("/plans/2026q3/").content.decode()
