"""Levels, ratings by year and month, and the coverage of the domains (六(二)-b, -k, -n, -o)."""

import re
import uuid
from datetime import date

import pytest
from django.db import IntegrityError
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from inspections.models import Inspection, InspectionStatus
from registry.facilities import actions as facilities_actions
from registry.facilities import chain as history
from registry.imports import actions as imports_actions
from registry.models import Category, Facility, FacilityRating, Ground, Rating, VocabularyTerm
from registry.ratings import actions as ratings_actions
from registry.ratings import coverage
from tests.factories import make_facility, make_lead_office, make_planner, make_registrar, make_unit
from tests.inspections.factories import came_and_went, make_dispatched
from tests.registry.factories import all_approved
from tests.registry.workbooks import facility_row, workbook

pytestmark = pytest.mark.django_db


def rated(facility, kind, level, year, month=None, *, by, source="评价结果通报"):
    rating = ratings_actions.enter_rating(
        facility=facility, kind=kind, level=level, year=year, month=month, source=source, by=by
    )
    all_approved()
    facility.refresh_from_db()
    return rating


@pytest.mark.clause("六(二)-n", "六(二)-ai")
def test_the_newest_year_counts_whatever_the_order_of_entry():
    unit = make_unit()
    by, facility = make_registrar(unit), make_facility(unit)
    rated(facility, Rating.CREDIT, "蓝", 2025, by=by)
    assert (facility.credit_level, facility.category) == ("蓝", Category.GENERAL)
    rated(facility, Rating.CREDIT, "严重失信", 2024, by=by)  # an older year, entered later
    assert (facility.credit_level, facility.category) == ("蓝", Category.GENERAL)
    rated(facility, Rating.CREDIT, "严重失信", 2026, by=by)
    assert (facility.credit_level, facility.category) == ("黑", Category.SPECIAL)
    assert facility.grounds.get(valid_to=None).kind == Ground.SF4
    rated(facility, Rating.CREDIT, "黄", 2026, by=by)  # a correction of the same year
    assert (facility.credit_level, facility.category) == ("黄", Category.GENERAL)
    assert history.check(facility).whole
    assert list(facility.ratings.values_list("year", "code")) == [
        (2026, "黄"),
        (2026, "黑"),
        (2025, "蓝"),
        (2024, "黑"),
    ]
    assert facility.changes.count() == 5  # three levels, one ground that came and went


@pytest.mark.clause("六(二)-k", "六(二)-o")
def test_risk_is_of_a_month_and_the_air_grade_of_a_year():
    unit = make_unit()
    by, facility = make_registrar(unit), make_facility(unit)
    rated(facility, Rating.RISK, "C", 2026, 6, by=by)
    rated(facility, Rating.RISK, "A", 2026, 5, by=by)
    assert facility.credit_risk == "C"
    rated(facility, Rating.AIR, "引领性企业", 2025, by=by)
    assert facility.air_grade == "LEADING"
    for kind, level, year, month, words in (
        (Rating.RISK, "C", 2026, None, "按月登记"),
        (Rating.AIR, "A", 2026, 3, "不填月份"),
        (Rating.RISK, "E", 2026, 6, "没有“E”这一级。可以填：A 低、B 较低、C 较高、D 高"),
        (Rating.RISK, "A", 2026, 8, "还没有到"),
        (Rating.CREDIT, "绿", 2027, None, "还没有到"),
    ):
        with pytest.raises(Refused, match=words):
            rated(facility, kind, level, year, month, by=by)
    with pytest.raises(Refused, match="名录管理员"):
        rated(facility, Rating.CREDIT, "绿", 2026, by=make_planner(unit))
    assert FacilityRating.objects.count() == 3


@pytest.mark.clause("六(二)-n")
def test_a_level_set_by_form_or_import_is_a_rating_too():
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit, name="甲厂", code="BX-1", is_natural_person=True)
    facilities_actions.change_facility(
        facility=facility, values={"credit_level": "蓝"}, version=1, reason="评价通报", by=by
    )
    assert list(facility.ratings.values_list("code", "year", "source")) == [("蓝", 2026, "评价通报")]
    batch = imports_actions.check_workbook(
        file_name="评价.xlsx",
        content=workbook([facility_row(name="乙厂", credit_level="黄", credit_risk="B")]),
        kind="FACILITY",
        unit=unit,
        by=by,
    )
    imports_actions.confirm_import(batch=batch, by=by)
    other = Facility.objects.get(name="乙厂")
    found = set(other.ratings.values_list("kind", "code", "year", "month", "source"))
    assert ("credit_level", "黄", 2026, None, "导入 评价.xlsx") in found
    assert ("credit_risk", "B", 2026, 7, "导入 评价.xlsx") in found
    assert {rating.by for rating in other.ratings.all()} == {by}
    imports_actions.withdraw_import(batch=batch, by=by)
    assert FacilityRating.objects.count() == 1


def test_a_rating_that_nobody_entered_is_of_a_batch():
    facility = make_facility(make_unit())
    with pytest.raises(IntegrityError, match="a_rating_names_its_batch_or_who_entered_it"):
        facility.ratings.create(kind=Rating.AIR, code="A", year=2026, source="评级", entered_at=clock.now())


def term(by, **changes):
    values = {"kind": "credit_level", "code": "D", "label": "D 级", "also": [], "rank": 4, "is_serious": False}
    values |= {"valid_from": date(2026, 1, 1), "valid_to": None, "reason": "陕西的四级办法"}
    return ratings_actions.save_term(by=by, **(values | changes))


@pytest.mark.clause("六(二)-ai")
def test_what_means_serious_is_set_by_the_lead_office_and_the_labels_follow():
    unit = make_unit()
    facility = make_facility(unit)
    lead, by = make_lead_office(), make_registrar(unit)
    with pytest.raises(Refused, match="牵头部门"):
        term(by)
    term(lead)
    rated(facility, Rating.CREDIT, "D 级", 2026, by=by)
    assert facility.category == Category.GENERAL
    term(lead, is_serious=True, reason="省厅明确四级为严重失信")
    facility.refresh_from_db()
    assert facility.category == Category.GENERAL  # until the unit's leader agrees
    all_approved()
    facility.refresh_from_db()
    assert facility.category == Category.SPECIAL and history.check(facility).whole
    entry = AuditEntry.objects.filter(verb="registry.term.saved").latest("pk")
    assert entry.details["reason"] == "省厅明确四级为严重失信" and entry.details["changed"] == {
        "is_serious": [False, True]
    }
    term(lead, is_serious=False, reason="省厅取消")
    all_approved()
    facility.refresh_from_db()
    assert facility.category == Category.GENERAL
    term(lead, valid_to=date(2026, 6, 30), reason="不再使用")
    with pytest.raises(Refused, match="没有“D”这一级"):
        rated(facility, Rating.CREDIT, "D", 2026, by=by)
    with pytest.raises(Refused, match="已经用了"):
        term(lead, code="X", label="绿", reason="重复的名称")
    assert VocabularyTerm.objects.filter(kind="credit_level").count() == 6


def test_the_pages_of_levels_and_ratings(client):
    unit = make_unit()
    facility = make_facility(unit)
    client.force_login(make_registrar(unit))
    url = reverse("registry:facility-rating-new", args=[facility.code])
    data = {"form_key": str(uuid.uuid4()), "kind": "credit_level", "level": "橙", "year": 2026, "source": "结果通报"}
    assert "没有“橙”这一级" in client.post(url, data).content.decode()
    assert client.post(url, data | {"level": "蓝", "form_key": str(uuid.uuid4())}).status_code == 302
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(facility.get_absolute_url()).content.decode()))
    assert "环境信用评价 2026 年 蓝" in words.replace("\u3000", " ")
    assert "新增等级" not in client.get(reverse("registry:facility-levels")).content.decode()
    client.force_login(make_lead_office())
    assert "新增等级" in client.get(reverse("registry:facility-levels")).content.decode()


@pytest.mark.clause("六(二)-b")
def test_each_domain_has_its_count_and_what_is_known_to_be_checked(client, at):
    unit = make_unit()
    inspections = make_dispatched(unit)
    Facility.objects.filter(pk=inspections[0].facility_id).update(pollution_types=["WATER", "AIR"])
    make_facility(unit, pollution_types=["WATER"])
    make_facility(unit, pollution_types=["WATER"], status="CLOSED")
    make_facility(unit, pollution_types=["ECOLOGY"], status="BUILDING")

    def line(label):
        _, lines = coverage.table(unit, clock.today())
        found = next(x for x in lines if x.label == label)
        return found.total, found.checked, found.share

    assert line("水") == (2, 0, "0%") and line("大气") == (1, 0, "0%") and line("碳排放") == (0, 0, "—")
    assert line("生态") == line("环评（在建项目）") == (1, 0, "0%")
    ours, ended = Inspection.objects.filter(pk=inspections[0].pk), clock.now()
    came_and_went(inspections[0], at=ended, status=InspectionStatus.REVIEWED)
    assert line("水") == (2, 0, "0%")  # not public yet
    ours.update(status=InspectionStatus.PUBLISHED, published_at=ended)
    assert line("水") == (2, 1, "50%") and line("全部")[1] == 1
    client.force_login(make_planner(unit))
    assert "50%" in client.get(reverse("registry:facility-coverage")).content.decode()
