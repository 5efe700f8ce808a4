"""发现问题分析: from public results only, by tag (四(2)-d, 六(二)-q)."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from inspections.indicators.facts import Scope
from inspections.indicators.figures import figure
from inspections.models import Mode, Source
from inspections.oversight import analysis
from registry.models import Facility
from registry.tags import actions as registering
from tests.browsing import queries
from tests.factories import (
    make_city_team,
    make_facility,
    make_lead_office,
    make_listed,
    make_planner,
    make_registrar,
    make_unit,
)
from tests.inspections.factories import make_published, make_reviewed
from tests.inspections.onsite.test_onsite import words_of

pytestmark = pytest.mark.django_db


def group(result, title):
    found = next((g for g in result.groups if g.title == title), None)
    return [(x.label, x.checks, x.found, x.percent) for x in found.lines] if found else []


@pytest.mark.clause("四(2)-d", "六(二)-q", "二-d")
def test_each_tag_has_its_share_of_published_checks_that_found_a_problem():
    unit = make_unit()
    by = make_registrar(unit)
    bad = make_facility(unit, industry_name="炼焦", pollution_types=["AIR", "WATER"], hazwaste="PRODUCER_KEY")
    good = make_facility(unit, industry_name="印刷", pollution_types=["AIR"])
    tag = registering.make_tag(unit=unit, name="秋冬攻坚", by=by)
    registering.put_tag(tag=tag, facilities=Facility.objects.filter(pk=bad.pk), by=by)
    make_published(unit, facility=bad, problem="吨桶未贴标签")
    make_published(unit, facility=good)
    make_published(unit, facility=good, mode=Mode.OFFSITE)
    make_reviewed(unit, facility=good, problem="还没有公开")

    result = analysis.of([unit], 2026)
    assert (result.total.checks, result.total.found, result.total.percent) == (3, 1, 33)
    assert group(result, "检查方式") == [("现场", 2, 1, 50), ("非现场", 1, 0, 0)]
    assert group(result, "行业类型") == [("炼焦", 1, 1, 100), ("印刷", 2, 0, 0)]
    assert group(result, "污染类型") == [("水", 1, 1, 100), ("大气", 3, 1, 33)]
    assert group(result, "危险废物管理") == [("产生单位（重点监管）", 1, 1, 100), ("无", 2, 0, 0)]
    assert group(result, "本单位标签") == [("秋冬攻坚", 1, 1, 100)]
    assert ("固体废物及危险废物管理情况", 3, 1, 33) in group(result, "抽查事项")
    assert figure(Scope.of([unit], 2026), 22).n == 0  # off-site, and none of them of a place on the list
    assert analysis.of([unit], 2025).total.checks == 0


@pytest.mark.clause("七(三)-b")
def test_the_share_off_site_is_of_listed_places_and_stands_beside_what_was_found():
    """K22: off-site / checks of listed objects, whatever sent somebody there; those of other places are apart."""
    unit = make_unit()
    on_list, once = (make_facility(unit) for _ in range(2))
    make_listed(on_list, valid_from=date(2026, 1, 1))
    make_listed(once, valid_from=date(2026, 1, 1), valid_to=date(2026, 2, 1))
    make_published(unit, facility=on_list, mode=Mode.OFFSITE)
    make_published(unit, facility=on_list, source=Source.COMPLAINT, problem="吨桶未贴标签")
    make_published(unit, facility=once)
    make_published(unit, mode=Mode.OFFSITE)

    share = figure(Scope.of([unit], 2026), 22)
    assert (share.n, share.counted, share.shown) == (2, 1, "50%")
    assert sorted(row.words for row in share.rows) == ["现场检查，投诉举报", "非现场检查"]
    assert group(analysis.of([unit], 2026), "正面清单与检查方式") == [
        ("清单内企业，现场", 1, 1, 100),
        ("清单内企业，非现场", 1, 0, 0),
        ("清单外企业，现场", 1, 0, 0),
        ("清单外企业，非现场", 1, 0, 0),
    ]


@pytest.mark.clause("四(2)-d")
def test_a_planner_sees_his_own_unit_the_lead_office_the_city(client):
    unit, other = make_unit(), make_unit("210503")
    make_city_team()
    make_published(unit, facility=make_facility(unit, industry_name="炼焦"), problem="吨桶未贴标签")
    make_published(other, facility=make_facility(other, industry_name="印刷"))
    url = reverse("inspections:analysis")
    client.force_login(make_planner(unit))
    assert client.get(url, {"unit": other.code}).status_code == 404
    for asked in ({}, {"scope": "city"}, {"unit": unit.code}):
        words = words_of(client.get(url, asked))
        assert "炼焦" in words and "印刷" not in words and "发现率 100%" in words
    client.force_login(make_lead_office())
    assert "检查 2 次，发现问题 1 次，发现率 50%" in words_of(client.get(url, {"scope": "city"}))
    book = client.get(reverse("inspections:analysis-export"), {"scope": "city"}).content
    rows = [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(book)).active.iter_rows()]
    assert rows[2] == ["全部", "全部", 2, 1, 50]
    client.force_login(make_registrar(unit))
    assert client.get(url).status_code == 403


def test_the_analysis_takes_the_same_queries_at_one_check_and_at_ten(client):
    unit = make_unit()
    client.force_login(make_planner(unit))
    counts = []
    for more in (1, 9):
        for _ in range(more):
            make_published(unit)
        counts.append(queries(client, f"{reverse('inspections:analysis')}?year={clock.today().year}"))
    assert counts[0] == counts[1]
