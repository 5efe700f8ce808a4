"""责任表 and 差别化监管: who answers for what, and what follows from a category (四(2)-b, -c; 五-4d; 六(二)-j)."""

from datetime import date

import pytest
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.refusal import Refused
from registry.facilities import actions as facilities_actions
from registry.models import Category, Facility
from tests.browsing import queries, text_of
from tests.factories import make_approver, make_facility, make_planner, make_registrar, make_unit
from tests.registry.facilities.test_actions import basics
from tests.registry.factories import entered_in_positive_list, make_keeper
from tests.registry.imports.test_imports import check
from tests.registry.workbooks import facility_row, reopened

pytestmark = pytest.mark.django_db


def cells(response):
    """The rows from the heads on, below the title."""
    return [[c.value for c in row] for row in reopened(response.content).iter_rows(min_row=2)]


@pytest.mark.clause("四(2)-b")
def test_the_table_names_the_firms_person_the_units_and_who_reviews_each_by_document(client):
    unit = make_unit()
    make_unit("210504-S", kind=UnitKind.COUNTY_SECTION, name="明山执法科", serves=unit)
    leader = make_approver(unit, name="栾岳")
    keeper = make_keeper(unit, document="本环办〔2026〕3号")
    make_facility(unit, name="本溪枫岭焦化有限公司", contact_name="齐云山", contact_phone="13912345678")
    make_facility(unit, name="本溪棠汀印刷有限公司")
    client.force_login(leader)
    words = text_of(client.get(reverse("registry:responsibility")))
    assert f"检查对象名录专人 每月审核签字 {keeper.person} " in words and "本环办〔2026〕3号" in words
    assert "分管负责人 批准计划、名录变更和检查方式，审核检查结果 栾岳 2025-01-01 任命〔2025〕1号" in words
    assert "公示员 公开清单、计划和结果 还没有" in words
    assert "明山执法科承担检查" in words
    assert "本溪枫岭焦化有限公司 一般 齐*山 139 **** 5678" in words and "齐云山" not in words
    assert "1 家没有登记环保负责人" in words
    only = text_of(client.get(reverse("registry:responsibility"), {"missing": "1"}))
    assert "本溪棠汀印刷有限公司" in only and "本溪枫岭焦化有限公司" not in only

    rows = cells(client.get(reverse("registry:responsibility-export")))
    assert ["监管责任", "明山分局分管负责人", "批准计划、名录变更和检查方式，审核检查结果", "栾岳"] in [
        r[:4] for r in rows
    ]
    assert ["主体责任", "本溪枫岭焦化有限公司", "企业环保负责人", "齐*山"] in [r[:4] for r in rows]


@pytest.mark.clause("四(2)-b")
def test_the_facilitys_page_says_who_keeps_it_and_who_approves(client):
    unit = make_unit()
    leader = make_approver(unit, name="栾岳")
    facility = make_facility(unit)
    client.force_login(leader)
    assert "检查对象名录专人 还没有 分管负责人 栾岳" in text_of(client.get(facility.get_absolute_url()))
    keeper = make_keeper(unit)
    assert f"检查对象名录专人 {keeper.person} " in text_of(client.get(facility.get_absolute_url()))


def test_the_responsibility_table_takes_the_same_queries_at_one_row_and_at_thirty(client):
    unit = make_unit()
    client.force_login(make_planner(unit))
    counts = []
    for more in (1, 29):
        for _ in range(more):
            make_facility(unit)
        counts.append(queries(client, reverse("registry:responsibility")))
    assert counts[0] == counts[1]


@pytest.mark.clause("四(2)-c")
def test_the_rules_of_each_kind_stand_in_one_table_with_the_figures_of_the_policy(client, at):
    at("2026-08-19 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    make_facility(unit, category=Category.KEY)
    make_facility(unit, credit_level="严重失信")
    listed = make_facility(unit)
    entered_in_positive_list(listed, by=by)
    client.force_login(make_planner(unit))
    words = text_of(client.get(reverse("registry:facility-treatment")))
    assert "重点 1 每季度至少抽 25%，每年全覆盖；同一事项一年最多 2 次 现场 七（一）1" in words
    assert "一般 2 比例由单位在计划里定，2025—2027 年全覆盖；同一事项一年最多 2 次 现场 七（一）2" in words
    assert "正面清单 1 照常参加抽取，或由计划写明不参加 非现场；改为现场要写明原因，由分管负责人批准 七（三）" in words
    assert "环境信用严重失信 1 自动列为特殊，按特殊抽取" in words


@pytest.mark.clause("五-4d")
def test_each_unit_has_its_own_registry_and_takes_it_out_as_a_workbook(client):
    unit, other = make_unit(), make_unit("210503")
    make_facility(unit, name="本溪枫岭焦化有限公司", address="松岭路 18 号")
    make_facility(other, name="溪湖的企业")
    for place, own in ((unit, "本溪枫岭焦化有限公司"), (other, "溪湖的企业")):
        client.force_login(make_registrar(place))
        foreign = other if place == unit else unit
        assert client.get(reverse("registry:facility-export"), {"unit": foreign.code}).status_code == 404
        for asked in ({}, {"unit": place.code}):
            rows = cells(client.get(reverse("registry:facility-export"), asked))
            assert [row[rows[0].index("名称")] for row in rows[1:]] == [own]


@pytest.mark.clause("六(二)-j")
def test_whoever_handles_hazardous_waste_has_a_licence_number(client):
    unit = make_unit()
    by = make_registrar(unit)
    with pytest.raises(Refused, match="危险废物经营单位要填写经营许可证编号"):
        facilities_actions.add_facility(unit=unit, values=basics(hazwaste="OPERATOR"), reason="新建投产", by=by)
    with pytest.raises(Refused, match="危险废物管理就不能是“无”"):
        facilities_actions.add_facility(
            unit=unit, values=basics(hazwaste_licence="辽危废 1 号"), reason="新建投产", by=by
        )
    made = facilities_actions.add_facility(
        unit=unit, values=basics(hazwaste="OPERATOR", hazwaste_licence="辽危废 1 号"), reason="新建投产", by=by
    )
    client.force_login(by)
    assert "危险废物 经营单位 辽危废 1 号" in text_of(client.get(made.get_absolute_url()))
    rows = cells(client.get(reverse("registry:facility-export")))
    assert rows[1][rows[0].index("危险废物经营许可证编号")] == "辽危废 1 号"
    batch = check([facility_row(hazwaste="经营单位")])
    assert batch.counts["faulty"] == 1
    assert Facility.objects.count() == 1


@pytest.mark.clause("六(二)-j")
def test_a_change_of_something_else_does_not_ask_for_the_licence():
    unit = make_unit()
    facility = make_facility(unit, hazwaste="OPERATOR", uscc="", is_natural_person=True, entered_on=date(2025, 1, 1))
    facilities_actions.change_facility(
        facility=facility, values={"address": "松岭路 18 号"}, version=1, reason="搬迁门牌", by=make_registrar(unit)
    )
