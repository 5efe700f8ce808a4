"""The calendar moves categories: grounds of one year end by themselves, and every label follows (六(二)-am)."""

from datetime import date

import pytest
from django.urls import reverse

from benxi_shuangsuiji import subjects
from registry.facilities import chain as history
from registry.facilities import past, recompute
from registry.models import Category, CategoryRun, Facility
from tests.browsing import text_of
from tests.factories import make_approver, make_facility, make_registrar, make_unit
from tests.registry.factories import approved_ground

pytestmark = [pytest.mark.django_db, pytest.mark.dates]


@pytest.mark.clause("六(二)-am")
@pytest.mark.clause("六(二)-ae")
def test_on_1_january_a_case_of_the_year_before_last_does_not_count_any_more(at, client):
    unit = make_unit()
    by = make_registrar(unit)
    facility, other = make_facility(unit, name="甲厂"), make_facility(unit)
    approved_ground(facility, "SF1", by=by, evidence="省督办令", year=2025)
    approved_ground(facility, "KF3", by=by)
    approved_ground(other, "SF5", by=by)
    at("2026-12-31 23:59")
    assert recompute.recompute_categories().lines == []
    facility.refresh_from_db()
    assert facility.category == Category.SPECIAL
    at("2027-01-01 00:01")
    run = recompute.recompute_categories()
    assert [(line["code"], line["ended"], line["from"], line["to"]) for line in run.lines] == [
        (facility.code, ["SF1"], "special", "key")
    ]
    assert run.checked == 2
    facility.refresh_from_db()
    assert (facility.category, facility.has_key_ground) == (Category.KEY, True)
    change = facility.changes.order_by("-seq").first()
    assert (change.kind, change.effective_on, change.entered_by) == ("GROUND_ENDED", date(2027, 1, 1), None)
    assert change.values == {"grounds_ended": [["SF1"], None], "category": ["special", "key"]}
    assert past.facility_on(facility, date(2026, 12, 31)).category == Category.SPECIAL
    assert history.check(Facility.objects.get(pk=facility.pk)).whole
    client.force_login(make_approver(unit))
    words = text_of(client.get(reverse("registry:category-runs")))
    assert "2027 年 1 月 1 日" in words and "甲厂" in words and "类别 特殊 → 重点" in words
    assert "系统；到期：2025 年上一年度被国家、省、市挂牌督办" in text_of(client.get(facility.get_absolute_url()))
    client.force_login(make_approver(make_unit("210503")))
    assert "甲厂" not in text_of(client.get(reverse("registry:category-runs")))


@pytest.mark.clause("六(二)-t")
def test_a_years_list_holds_until_the_next_must_be_there_and_a_worker_that_was_down_makes_it_up(at):
    unit = make_unit()
    by = make_registrar(unit)
    old, renewed = make_facility(unit), make_facility(unit)
    for facility in (old, renewed):
        approved_ground(facility, "KF1", by=by, evidence="2026 年名录", year=2026)
    at("2027-03-30 09:00")
    recompute.recompute_categories()
    approved_ground(renewed, "KF1", by=by, evidence="2027 年名录", year=2027)
    assert renewed.grounds.filter(valid_to=None).count() == 1
    at("2027-04-09 09:00")
    assert [line["code"] for line in recompute.recompute_categories().lines] == [old.code]
    old.refresh_from_db()
    renewed.refresh_from_db()
    assert (old.category, renewed.category) == (Category.GENERAL, Category.KEY)
    assert old.grounds.get().valid_to == date(2027, 4, 1)


@pytest.mark.clause("六(二)-am")
def test_a_label_that_went_astray_is_set_right_and_said():
    unit = make_unit()
    facility = make_facility(unit)
    Facility.objects.filter(pk=facility.pk).update(category=Category.SPECIAL)
    line = recompute.recompute_categories().lines[0]
    assert (line["code"], line["from"], line["to"]) == (facility.code, "special", "general")
    assert facility.changes.get().reason == "按现有依据重新判定"


def test_it_runs_once_a_day_and_the_worker_knows_it():
    assert "registry.facilities.recompute.recompute_categories" in subjects.house().rounds
    make_facility(make_unit())
    assert recompute.recompute_categories() is not None
    assert recompute.recompute_categories() is None
    assert CategoryRun.objects.count() == 1
