"""企业须知 promises nothing that has no act behind it (0-c)."""

import re

import pytest
from django.test import Client

from benxi_shuangsuiji import clock, policy
from inspections.models import Inspection
from tests.browsing import text_of
from tests.disclosure.factories import make_published_result
from tests.factories import make_facility, make_unit
from tests.inspections.factories import link_of, make_finished, make_inspection
from tests.plans.draw.factories import make_sealed_draw

pytestmark = pytest.mark.django_db


@pytest.mark.clause("0-c")
def test_what_the_guide_promises_an_enterprise_is_there_for_one_that_never_did_anything(at):
    at("2026-07-06 10:00")
    unit, client = make_unit("210504"), Client()
    guide = client.get("/guide/").content.decode()
    for address in sorted(set(re.findall(r'href="(/[^"#?]*)', guide))):
        assert client.get(address).status_code in (200, 302), address

    # 不用登记、不用申报: it is found with its category and draws, although it never came near this site.
    quiet = make_facility(unit, name="枫岭印染有限公司", uscc="91210504MA0UTQ2T1K")
    make_sealed_draw(unit)
    own = client.get("/enterprises/", {"q": quiet.uscc})["Location"]
    page = text_of(client.get(own))
    assert "在，明山分局的一般监管对象" in page and "更正" in page
    for form in ("/guide/", "/enterprises/", own):  # nor is there anything to register with
        assert client.post(form).status_code == 405, form
    assert "/accounts/" not in guide

    # 检查核验: a code that is ours, and one that is nobody's.
    check = make_inspection(unit)
    assert check.facility.name in text_of(client.get(f"/v/{check.visit_code}/"))
    assert client.get("/v/").status_code == 200

    # 陈述、申辩 while it is checked; 说明 and 申诉 once the result is public, by the address of the notice alone.
    finished = make_finished(unit, problem="标签缺项 2 处")
    link = f"/e/{link_of(finished).token}/"
    assert (
        f"{link}statement/" in client.get(link).content.decode() and client.get(f"{link}statement/").status_code == 200
    )
    result = make_published_result(unit, facility=quiet, problem="标签缺项 2 处")
    link = f"/e/{link_of(Inspection.objects.get(no=result.no)).token}/"
    opened = client.get(link).content.decode()
    for way in ("words/", "correction/"):
        assert f"{link}{way}" in opened and client.get(f"{link}{way}").status_code == 200, way

    # 订阅 and the days, which are those in force.
    feed = client.get(f"{own}feed/")
    assert feed.status_code == 200 and result.no in feed.content.decode()
    law = policy.on(clock.today())
    said = text_of(client.get("/guide/"))
    for words in (
        f"不少于 {law.min_team_size} 人的执法证",
        f"{law.publish_within_workdays} 个工作日内公开",
        f"{law.recommended.objection_answered_within_workdays} 个工作日内答复",
        f"一年不超过 {law.cap_per_item} 次",
    ):
        assert words in said, words
