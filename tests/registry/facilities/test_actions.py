"""Changes of one facility or one person: refused with a reason, or done with history, label and trail."""

from datetime import date

import pytest

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from registry.facilities import actions as facilities_actions
from registry.inspectors import absences
from registry.inspectors import actions as inspectors_actions
from registry.interests import actions as interests_actions
from registry.models import (
    Category,
    CategoryGround,
    ConflictOfInterest,
    Facility,
    FacilityChange,
    Ground,
    Inspector,
    InspectorChange,
)
from registry.positive_list import actions as positive_list_actions
from registry.proposals import actions as proposals_actions
from tests.factories import (
    make_approver,
    make_facility,
    make_inspector,
    make_lead_office,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.registry.factories import all_approved, approved
from tests.registry.workbooks import credit_code

pytestmark = pytest.mark.django_db


def basics(**fields):
    return {"name": "甲厂", "uscc": credit_code(), **fields}


def last_change():
    return FacilityChange.objects.order_by("-pk").first()


@pytest.mark.clause("六(二)-d")
def test_a_new_facility_gets_its_code_its_label_and_a_first_row_of_history():
    unit = make_unit()
    by = make_registrar(unit)
    facility = facilities_actions.add_facility(
        unit=unit, values=basics(permit_category="KEY"), reason="新建投产", by=by
    )
    change = last_change()
    assert (facility.code, facility.category, facility.unit) == (facility.uscc, Category.GENERAL, unit)
    assert (change.kind, change.reason) == ("NEW", "新建投产")
    all_approved()
    assert (last_change().values["category"], facility.grounds.get().kind) == (["general", "key"], Ground.KF2)
    assert AuditEntry.objects.get(verb="registry.facility.added").about_key == facility.code


def test_a_second_place_of_a_firm_needs_its_own_permit():
    unit = make_unit()
    by = make_registrar(unit)
    first = facilities_actions.add_facility(unit=unit, values=basics(), reason="新建", by=by)
    with pytest.raises(Refused, match="另一处场所要填写它自己的许可证编号"):
        facilities_actions.add_facility(unit=unit, values=basics(uscc=first.uscc), reason="新建", by=by)
    permit = f"{first.uscc}002P"
    second = facilities_actions.add_facility(
        unit=unit, values=basics(uscc=first.uscc, permit_no=permit), reason="新建", by=by
    )
    assert second.code == permit


@pytest.mark.parametrize("who", ["planner", "other unit"])
def test_only_the_units_registrar_changes_a_facility(who):
    unit = make_unit()
    facility = make_facility(unit)
    by = make_planner(unit) if who == "planner" else make_registrar(make_unit("210503"))
    for act in (
        lambda: facilities_actions.change_facility(
            facility=facility, values={"name": "乙"}, version=1, reason="企业更名", by=by
        ),
        lambda: proposals_actions.propose_status(
            facility=facility, status="CLOSED", on=date(2026, 7, 1), reason="企业关闭", evidence="核查", by=by
        ),
        lambda: proposals_actions.propose_ground(facility=facility, kind="KF1", evidence="名录", by=by),
        lambda: positive_list_actions.ask_to_enter(
            facility=facility, batch="第一批", document="12 号文", reason="守法记录良好", by=by
        ),
    ):
        with pytest.raises(Refused, match="只有监管单位的名录管理员"):
            act()
    assert FacilityChange.objects.count() == 0


def test_a_change_keeps_the_old_values_and_the_former_name():
    unit = make_unit()
    by = make_registrar(unit)
    facility = facilities_actions.add_facility(unit=unit, values=basics(), reason="新建", by=by)
    facilities_actions.change_facility(
        facility=facility,
        values={"name": "乙厂", "longitude": None},
        version=1,
        reason="企业更名",
        evidence="营业执照",
        by=by,
    )
    facility.refresh_from_db()
    assert (facility.name, facility.former_names, facility.version) == ("乙厂", ["甲厂"], 2)
    assert "jiachang" in facility.search_text and "yichang" in facility.search_text
    assert (last_change().values, last_change().evidence) == (
        {"name": ["甲厂", "乙厂"], "former_names": [[], ["甲厂"]]},
        "营业执照",
    )


def test_the_second_of_two_editors_is_refused():
    unit = make_unit()
    by = make_registrar(unit)
    facility = facilities_actions.add_facility(unit=unit, values=basics(), reason="新建", by=by)
    facilities_actions.change_facility(
        facility=facility, values={"address": "甲路"}, version=1, reason="企业搬家", by=by
    )
    with pytest.raises(Refused, match="刚才被别人改过"):
        facilities_actions.change_facility(
            facility=facility, values={"address": "乙路"}, version=1, reason="企业搬家", by=by
        )
    assert Facility.objects.get().address == "甲路"


def test_a_reason_of_two_words_is_too_short_and_no_change_is_no_change():
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit, uscc=credit_code())
    with pytest.raises(Refused, match="写得太短"):
        facilities_actions.change_facility(facility=facility, values={"address": "甲路"}, version=1, reason="改", by=by)
    with pytest.raises(Refused, match="没有改动任何一项"):
        facilities_actions.change_facility(
            facility=facility, values={"address": ""}, version=1, reason="企业搬家", by=by
        )


@pytest.mark.clause("六(二)-u")
@pytest.mark.clause("六(二)-ai")
@pytest.mark.clause("六(二)-am")
def test_permit_and_credit_make_and_end_their_grounds():
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit, uscc=credit_code())

    def change(**values):
        facility.refresh_from_db()
        facilities_actions.change_facility(
            facility=facility, values=values, version=facility.version, reason="年度更新", by=by
        )
        facility.refresh_from_db()
        before = facility.category
        all_approved()
        facility.refresh_from_db()
        return before, facility.category

    assert change(permit_category="KEY") == (Category.GENERAL, Category.KEY)
    assert change(credit_level="严重失信") == (Category.KEY, Category.SPECIAL)
    assert change(credit_level="绿") == (Category.SPECIAL, Category.KEY)
    assert change(permit_category="SIMPLIFIED") == (Category.KEY, Category.GENERAL)
    assert CategoryGround.objects.filter(valid_to__isnull=True).count() == 0
    assert CategoryGround.objects.filter(valid_to=date(2026, 7, 6)).count() == 2


@pytest.mark.clause("七(三)-e")
@pytest.mark.clause("六(二)-m")
def test_the_positive_list_is_entered_and_left_with_reason_and_day(at):
    at("2026-07-01 09:00")
    unit = make_unit()
    by, office = make_registrar(unit), make_lead_office()
    facility = make_facility(unit)
    words = {"batch": "2026 年第一批", "document": "本环发〔2026〕12 号", "reason": "守法记录良好"}
    entering = positive_list_actions.ask_to_enter(facility=facility, by=by, **words)
    assert facility.positive_entries.count() == 0  # nobody has decided
    with pytest.raises(Refused, match="已经提出，正等牵头部门批准"):
        positive_list_actions.ask_to_enter(facility=facility, by=by, **words)
    for somebody in (by, make_approver(unit)):
        with pytest.raises(Refused, match="由牵头部门批准"):
            approved(entering, somebody)
    at("2026-07-03 09:00")
    approved(entering, office)
    with pytest.raises(Refused, match="已经在正面清单里"):
        positive_list_actions.ask_to_enter(facility=facility, by=by, **words)
    with pytest.raises(Refused, match="移出原因写得太短"):
        positive_list_actions.ask_to_leave(facility=facility, reason="超", by=by)
    leaving = positive_list_actions.ask_to_leave(facility=facility, reason="在线监控超标三次", by=by)
    at("2026-07-06 09:00")
    approved(leaving, office)
    entry = facility.positive_entries.get()
    assert (entry.valid_from, entry.valid_to, entry.exit_reason) == (
        date(2026, 7, 3),
        date(2026, 7, 6),
        "在线监控超标三次",
    )
    assert (entry.entered_by, entry.approved_by, entry.left_by, entry.exit_approved_by) == (by, office, by, office)
    assert list(FacilityChange.objects.order_by("pk").values_list("kind", flat=True)) == ["POSITIVE_IN", "POSITIVE_OUT"]
    with pytest.raises(Refused, match="不在正面清单里"):
        positive_list_actions.ask_to_leave(facility=facility, reason="在线监控超标三次", by=by)


def test_a_closed_facility_does_not_enter_the_positive_list():
    unit = make_unit()
    facility = make_facility(unit, status="CLOSED")
    with pytest.raises(Refused, match="已关闭"):
        positive_list_actions.ask_to_enter(
            facility=facility, batch="第一批", document="12 号文", reason="守法记录良好", by=make_registrar(unit)
        )


# --- people -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(三)-i")
def test_people_are_entered_changed_and_sent_away():
    unit = make_unit()
    by = make_registrar(unit)
    person = inspectors_actions.add_inspector(unit=unit, values={"name": "示例甲", "employment": "IN_POST"}, by=by)
    assert (person.code, person.certificate_no) == ("210504-01", "")
    changes = {"certificate_no": "21050400001", "certificate_from": date(2026, 1, 1), "certificate_to": None}
    with pytest.raises(Refused, match="有效期起止都要填"):
        inspectors_actions.change_inspector(inspector=person, values=changes, version=1, reason="取得执法证", by=by)
    changes["certificate_to"] = date(2030, 1, 1)
    inspectors_actions.change_inspector(inspector=person, values=changes, version=1, reason="取得执法证", by=by)
    with pytest.raises(Refused, match="刚才被别人改过"):
        inspectors_actions.change_inspector(
            inspector=person, values={"position": "科长"}, version=1, reason="任职文件", by=by
        )
    absences.record_absence(inspector=person, kind="LEAVE", starts_on=date(2026, 7, 10), by=by, note="产假")
    absence = person.absences.get()
    absences.end_absence(absence=absence, on=date(2026, 8, 1), by=by)
    kinds = InspectorChange.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["NEW", "CERTIFICATE", "ABSENCE", "BACK"]
    assert Inspector.objects.get().certified_on(date(2029, 12, 31))


def test_a_certificate_belongs_to_one_person():
    unit = make_unit()
    by = make_registrar(unit)
    make_inspector(unit, certificate_no="21050400001")
    values = {
        "name": "乙",
        "certificate_no": "21050400001",
        "certificate_from": date(2026, 1, 1),
        "certificate_to": date(2030, 1, 1),
    }
    with pytest.raises(Refused, match="已属于另一名检查人员"):
        inspectors_actions.add_inspector(unit=unit, values=values, by=by)


def test_an_interest_is_declared_by_the_person_or_the_registrar():
    unit = make_unit()
    facility = make_facility(unit)
    person = make_inspector(unit, with_user=True)
    declare = {"inspector": person, "facility": facility, "kind": "RELATIVE", "reason": "配偶在该厂任职"}
    for stranger in (make_planner(unit), make_inspector(unit, with_user=True).user):
        with pytest.raises(Refused, match="只能申报本人的回避"):
            interests_actions.declare_conflict(by=stranger, **declare)
    conflict = interests_actions.declare_conflict(by=person.user, **declare)
    assert (conflict.valid_from, conflict.asked_by) == (date(2026, 7, 6), person.user)
    with pytest.raises(Refused, match="已经登记"):
        interests_actions.declare_conflict(by=make_registrar(unit), **declare)
    with pytest.raises(Refused, match="只有本单位的名录管理员"):
        interests_actions.end_conflict(conflict=conflict, reason="配偶离职", by=person.user)
    interests_actions.end_conflict(conflict=conflict, reason="配偶离职", by=make_registrar(unit))
    assert ConflictOfInterest.objects.get().valid_to == date(2026, 7, 6)


def test_an_account_belongs_to_one_person():
    unit = make_unit()
    by = make_registrar(unit)
    first, second = make_inspector(unit), make_inspector(unit)
    user = make_user(("INSPECTOR", unit))
    inspectors_actions.link_account(inspector=first, user=user, by=by)
    with pytest.raises(Refused, match="已属于另一名检查人员"):
        inspectors_actions.link_account(inspector=second, user=user, by=by)


@pytest.mark.clause("七(一)4-a")
def test_a_place_is_under_the_city_exactly_when_the_city_team_draws_it():
    for unit in (make_unit(), make_unit("210500", kind="CITY_TEAM")):
        facility = facilities_actions.add_facility(
            unit=unit, values=basics(managed_by_city=True), reason="新建投产", by=make_registrar(unit)
        )
        assert facility.managed_by_city == (unit.kind == "CITY_TEAM")
        with pytest.raises(Refused, match="没有改动"):
            facilities_actions.change_facility(
                facility=facility,
                values={"managed_by_city": not facility.managed_by_city},
                version=facility.version,
                reason="监管层级调整",
                by=make_registrar(unit),
            )
