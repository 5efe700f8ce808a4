"""The monthly audit of both registries: who keeps them, what is looked at, when it is over (六(二)-c, -e; D-13)."""

import uuid
from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from plans.draw import actions as draw_actions
from plans.models import DrawStatus
from registry import tasks
from registry.audits import actions
from registry.audits import standing as audits
from registry.models import Book, RegistryAudit, RegistryKeeper
from tests.factories import (
    make_approver,
    make_facility,
    make_inspector,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import came_and_went, make_dispatched
from tests.plans.draw.factories import make_published_plan
from tests.registry.factories import approved_status, make_audited, make_keeper, signed_audit

pytestmark = pytest.mark.django_db


def form_of(data):
    return {"form_key": uuid.uuid4(), **data}


def keys(unit, book="FACILITY", today=date(2026, 8, 19)):
    return {line.key: [code for code, *_ in line.found] for line in audits.checklist(unit, book, today, None)}


# --- the keeper -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-c")
def test_a_registry_has_one_keeper_appointed_by_document(at):
    at("2026-08-03 09:00")
    unit = make_unit()
    planner, first, second = make_planner(unit), make_registrar(unit), make_registrar(unit)
    one = make_keeper(unit, person=first, by=planner, document="本环办〔2026〕3号")
    assert (one.person, one.document, one.valid_to) == (first, "本环办〔2026〕3号", None)

    at("2026-08-10 09:00")
    make_keeper(unit, person=second, by=make_approver(unit))
    one.refresh_from_db()
    assert one.valid_to == date(2026, 8, 10)
    assert audits.standing(unit, "FACILITY", date(2026, 8, 10)).keeper.person == second
    assert audits.standing(unit, "INSPECTOR", date(2026, 8, 10)).keeper is None
    with pytest.raises(IntegrityError), transaction.atomic():
        RegistryKeeper.objects.filter(pk=one.pk).update(valid_to=None)


@pytest.mark.parametrize(
    ("person", "by", "document", "sentence"),
    [
        ("registrar", "registrar", "本环办〔2026〕3号", "由本单位的计划员或分管负责人指定专人。"),
        ("inspector", "planner", "本环办〔2026〕3号", "不是明山分局的名录管理员"),
        ("registrar", "planner", " ", "写明指定文件"),
        ("both", "both", "本环办〔2026〕3号", "不能指定自己"),
        ("registrar", "elsewhere", "本环办〔2026〕3号", "由本单位的计划员或分管负责人指定专人。"),
    ],
)
def test_who_appoints_whom(person, by, document, sentence):
    unit = make_unit()
    people = {
        "registrar": make_registrar(unit),
        "planner": make_planner(unit),
        "inspector": make_user((Role.INSPECTOR, unit)),
        "both": make_user((Role.REGISTRAR, unit), (Role.PLANNER, unit)),
        "elsewhere": make_planner(make_unit("210503")),
    }
    with pytest.raises(Refused, match=sentence):
        actions.appoint_keeper(unit=unit, book="FACILITY", person=people[person], document=document, by=people[by])
    assert not RegistryKeeper.objects.exists()


# --- when it is due ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-e")
@pytest.mark.parametrize(
    ("signed", "due", "too_old_from"),
    [
        ("2026-06-24 10:00", date(2026, 7, 25), date(2026, 7, 26)),
        ("2026-07-01 10:00", date(2026, 8, 1), date(2026, 8, 2)),  # 31 days come before the 25th
        ("2026-06-28 10:00", date(2026, 7, 25), date(2026, 7, 30)),
    ],
)
def test_the_next_audit_is_due_on_the_25th_and_within_31_days(at, signed, due, too_old_from):
    at(signed)
    unit = make_unit()
    signed_audit(unit)
    assert audits.standing(unit, "FACILITY", due).due == due
    assert not audits.standing(unit, "FACILITY", due).overdue
    assert audits.standing(unit, "FACILITY", due.replace(day=due.day + 1)).overdue
    assert audits.standing(unit, "FACILITY", too_old_from).too_old
    assert not audits.standing(unit, "FACILITY", too_old_from.replace(day=too_old_from.day - 1)).too_old


@pytest.mark.clause("六(二)-e")
def test_the_duty_asks_for_a_keeper_then_for_the_audit_then_for_the_next(at):
    at("2026-08-03 09:00")
    unit = make_unit()
    assert tasks.audits_daily(force=True)
    duty = Duty.objects.get(rule="D-13", unit=unit, period="FACILITY:2026-08")
    assert (duty.role, duty.title, duty.due) == (Role.PLANNER, "指定检查对象名录的专人", date(2026, 8, 25))

    keeper = make_keeper(unit)
    duty.refresh_from_db()
    assert (duty.role, duty.url) == (Role.REGISTRAR, f"/desk/objects/audit/?unit={unit.code}")

    signed_audit(unit, keeper=keeper)
    duty.refresh_from_db()
    assert duty.closed_by == "名录审核已签字"
    # Sunday the 20th is a day like any other; 31 days after the 3rd come before the 25th.
    assert Duty.objects.open().get(rule="D-13", period__startswith="FACILITY").due == date(2026, 9, 3)
    tasks.audits_daily(force=True)
    both = Duty.objects.open().filter(
        rule="D-13", unit=unit
    )  # one for each registry, told apart by their names (issue 16)
    assert sorted(duty.name for duty in both) == ["审核检查人员名录", "审核检查对象名录"]
    # Signed once a month: till then no button that would be refused; to appoint the other's keeper waits for nothing.
    following = next(duty for duty in both if duty.period.startswith("FACILITY"))
    assert agenda.waits(both, date(2026, 8, 4)) == {following.pk: "等 9 月 1 日再审核"}
    assert agenda.waits(both, date(2026, 9, 1)) == {}


# --- the checklist ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-e")
def test_the_checklist_finds_what_is_stale(at):
    at("2026-08-19 09:00")
    unit, other = make_unit(), make_unit("210503")
    good = {"contact_name": "甲", "contact_phone": "024-1"}
    fine = make_facility(unit, permit_valid_to=date(2026, 8, 19), entered_on=date(2025, 1, 1), **good)
    expired = make_facility(unit, permit_valid_to=date(2026, 8, 18), **good)
    nobody = make_facility(unit, contact_name="甲")
    old = make_facility(unit, entered_on=date(2023, 8, 18), **good)
    make_facility(unit, permit_valid_to=date(2020, 1, 1), status="CLOSED")
    make_facility(other, permit_valid_to=date(2020, 1, 1))
    found = keys(unit)
    assert found["permit"] == [expired.code]
    assert found["contact"] == [nobody.code]
    assert found["unchecked"] == [old.code]
    assert not any(fine.code in codes for codes in found.values())

    card = make_inspector(unit, certificate_from=date(2023, 1, 1), certificate_to=date(2026, 8, 18), with_user=True)
    none = make_inspector(unit, certificate_no="", certificate_from=None, certificate_to=None)
    alone = make_inspector(unit)
    found = keys(unit, "INSPECTOR")
    assert (found["certificate"], found["uncertified"], found["contact"]) == ([card.code], [none.code], [alone.code])


@pytest.mark.clause("六(二)-e")
def test_a_state_that_contradicts_the_last_public_check_is_shown_until_somebody_looks(at):
    unit = make_unit()
    check = make_dispatched(unit)[0]
    facility = check.facility
    came_and_went(check, at=check.dispatched_at, outcome="NOT_OPERATING")
    assert keys(unit)["contradiction"] == []  # not public yet, so who keeps the registry learns nothing of it
    type(check).objects.filter(pk=check.pk).update(status="PUBLISHED")
    assert keys(unit)["contradiction"] == [facility.code]

    approved_status(facility, "SUSPENDED", on=check.dispatched_at.date(), by=make_registrar(unit))
    assert keys(unit)["contradiction"] == []


@pytest.mark.clause("六(二)-e")
def test_what_changed_since_the_last_audit_is_counted_by_kind(at):
    at("2026-07-20 09:00")
    unit, registrar = make_unit(), make_registrar(make_unit())
    facility = make_facility(unit)
    approved_status(facility, "SUSPENDED", on=date(2026, 7, 20), by=registrar)
    before = signed_audit(unit)
    assert before.lines[0] | {"remark": ""} == {
        "key": "changes",
        "title": "建立名录以来的变更",
        "count": 1,
        "words": "停产 1",
        "codes": [facility.code],
        "remark": "",
    }

    at("2026-08-10 09:00")
    approved_status(facility, "OPERATING", on=date(2026, 8, 10), by=registrar)
    line = audits.checklist(unit, "FACILITY", date(2026, 8, 10), before.signed_at)[0]
    assert (line.count, line.words) == (1, "复产 1")


# --- the signature ----------------------------------------------------------------------------------------------------


def sign(unit, by, **fields):
    lines = audits.checklist(unit, "FACILITY", date(2026, 8, 19), None)
    words = {
        "seen": audits.stamp(lines),
        "ticked": {line.key for line in lines},
        "remarks": {line.key: "已核实，在办理" for line in lines},
        "remark": "名录完整",
        **fields,
    }
    return actions.sign_audit(unit=unit, book="FACILITY", by=by, **words)


@pytest.mark.clause("六(二)-e")
@pytest.mark.clause("四(2)-b")
def test_only_the_keeper_signs_and_only_what_he_has_seen_and_ticked(at):
    at("2026-08-19 09:00")
    unit, other = make_unit(), make_registrar(make_unit())
    make_facility(unit, permit_valid_to=date(2026, 1, 1))
    with pytest.raises(Refused, match="还没有指定专人"):
        sign(unit, other)
    keeper = make_keeper(unit).person
    with pytest.raises(Refused, match=f"由专人{keeper.full_name}审核签字"):
        sign(unit, other)
    with pytest.raises(Refused, match="又有变化"):
        sign(unit, keeper, seen="")
    with pytest.raises(Refused, match="“排污许可证过期”还没有勾选"):
        sign(unit, keeper, ticked={"changes"})
    with pytest.raises(Refused, match="“排污许可证过期”的处理写得太短"):
        sign(unit, keeper, remarks={})

    audit = sign(unit, keeper)
    assert (audit.signed_by, audit.keeper.person, audit.entries) == (keeper, keeper, 1)
    with pytest.raises(Refused, match="8 月的审核已经签字"):
        sign(unit, keeper)


@pytest.mark.clause("六(二)-e")
def test_a_signed_audit_cannot_be_changed(at):
    at("2026-08-19 09:00")
    audit = signed_audit(make_unit())
    for change in (
        "UPDATE registry_registryaudit SET remark = 'x'",
        "DELETE FROM registry_registryaudit",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    assert RegistryAudit.objects.get().remark == audit.remark


# --- before sealing ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(四)-1")
def test_an_old_audit_asks_for_a_reason_and_stops_nothing(at):
    at("2026-06-01 09:00")
    unit = make_unit()
    make_audited(unit)
    at("2026-07-06 09:00")  # 35 days later
    draw = draw_actions.prepare_draw(plan=make_published_plan(unit, audited=False), by=make_planner(unit))
    approver = make_approver(unit)
    with pytest.raises(Refused, match="检查对象名录、检查人员名录超过 31 天没有审核"):
        draw_actions.seal_draw(draw=draw, by=approver)
    draw = draw_actions.seal_draw(draw=draw, by=approver, registry_reason="专人休假，变更已逐条核对")

    assert draw.status == DrawStatus.FROZEN
    assert draw.registry_reason == "专人休假，变更已逐条核对"
    assert draw.registry_audits.startswith("检查对象名录 2026 年 6 月 1 日由")
    for change in ({"registry_reason": ""}, {"registry_audits": "检查对象名录按期审核"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(draw).objects.filter(pk=draw.pk).update(**change)


@pytest.mark.clause("七(四)-1")
def test_a_fresh_audit_needs_no_reason_and_one_that_was_typed_is_not_kept(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    make_audited(unit)
    draw = draw_actions.prepare_draw(plan=make_published_plan(unit, audited=False), by=make_planner(unit))
    draw = draw_actions.seal_draw(draw=draw, by=make_approver(unit), registry_reason="多余的原因")
    assert draw.registry_reason == ""


@pytest.mark.clause("七(四)-1")
def test_the_page_before_sealing_shows_both_audits_and_the_question_asks_for_the_reason(client, at):
    at("2026-07-06 09:00")
    unit = make_unit()
    signed_audit(unit, "FACILITY")
    draw = draw_actions.prepare_draw(plan=make_published_plan(unit, audited=False), by=make_planner(unit))
    client.force_login(make_approver(unit))
    page = client.get(f"/desk/draws/{draw.draw_id}/prepare/").content.decode()
    assert "检查对象名录 2026 年 7 月 6 日由" in page
    assert "检查人员名录还没有审核过" in page

    seal = f"/desk/draws/{draw.draw_id}/seal/"
    assert "照常封存的原因" in client.get(seal).content.decode()
    assert client.post(seal, form_of({"word": "封存"})).status_code == 200
    draw.refresh_from_db()
    assert draw.status == DrawStatus.PREPARED
    client.post(seal, form_of({"word": "封存", "reason": "专人刚刚指定，已逐条核对"}))
    draw.refresh_from_db()
    assert (draw.status, draw.registry_reason) == (DrawStatus.FROZEN, "专人刚刚指定，已逐条核对")


# --- pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-e")
def test_the_keeper_ticks_writes_and_signs_on_the_page(client, at):
    at("2026-08-19 09:00")
    unit = make_unit()
    make_facility(unit, permit_valid_to=date(2026, 1, 1))
    client.force_login(make_keeper(unit).person)
    url = f"/desk/objects/audit/?unit={unit.code}"
    form = client.get(url).context["form"]
    data = {"seen": form["seen"].value(), "remark": "名录完整，一家在延续许可"}
    for line in form.lines:
        data |= {f"tick_{line.key}": "on", f"said_{line.key}": "已核实，在办理" if line.count else ""}
    assert client.post(url, form_of({**data, "tick_permit": ""})).status_code == 409
    assert not RegistryAudit.objects.exists()

    answer = client.post(url, form_of(data))
    audit = RegistryAudit.objects.get()
    assert answer["Location"] == f"/desk/audits/{audit.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert "名录完整，一家在延续许可" in page and "已核实，在办理" in page
    assert "现在不能签字" in client.get(url).content.decode()


def test_the_list_the_home_and_the_city_page_mark_what_is_overdue(client, at):
    at("2026-07-20 09:00")
    unit = make_unit()
    for book in Book:
        signed_audit(unit, book)
    registrar = make_registrar(unit)
    at("2026-08-26 09:00")
    client.force_login(registrar)
    for url in ("/desk/objects/", "/desk/inspectors/"):
        page = client.get(f"{url}?unit={unit.code}").content.decode()
        assert "审核逾期 6 天" in page  # 31 days after 20 July
        assert "上次整体审核 2026 年 7 月 20 日" in page
    assert "检查对象名录审核逾期 6 天" in client.get("/desk/").content.decode()
    client.force_login(make_supervisor())
    page = client.get("/desk/city/").content.decode()
    assert "检查对象名录审核逾期 6 天" in page and "检查人员名录审核逾期 6 天" in page


def test_the_checklist_takes_the_same_queries_at_one_row_and_at_thirty(client, at):
    at("2026-08-19 09:00")
    unit = make_unit()
    client.force_login(make_registrar(unit))

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(f"/desk/objects/audit/?unit={unit.code}").status_code == 200
        return len(seen)

    make_facility(unit, permit_valid_to=date(2026, 1, 1))
    queries()
    one = queries()
    for _ in range(30):
        make_facility(unit, permit_valid_to=date(2026, 1, 1))
    assert queries() <= one <= 30


def test_another_units_audit_is_not_found(client, at):
    at("2026-08-19 09:00")
    audit = signed_audit(make_unit())
    client.force_login(make_registrar(make_unit("210503")))
    assert client.get(audit.get_absolute_url()).status_code == 404
