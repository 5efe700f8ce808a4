"""接受任务: each declares and accepts for himself; what he reads before he goes (七(五)-c, -o, -p; 五-4i)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty, Message, Reminder
from benxi_shuangsuiji.notices.reminders import plan_reminders
from inspections.acceptance import actions, duties
from inspections.models import Acceptance, Inspection, InspectionStatus, Mode, Source
from inspections.replacements import actions as replacing
from plans.models import AmendmentRequest, ChangeReason
from registry.imports import actions as importing
from registry.models import BatchKind, ConflictKind, ConflictOfInterest, EventKind
from registry.positive_list import actions as positive
from registry.safety import actions as safety
from tests.browsing import enter, html_of, post, refused, text_of
from tests.factories import make_approver, make_facility, make_planner, make_registrar, make_unit
from tests.inspections.factories import (
    accept,
    approve,
    make_dispatched,
    make_inspection,
    make_published,
    make_started,
    start,
    step_aside,
    team_of,
)
from tests.inspections.targeted.factories import ask
from tests.plans.draw.factories import make_held_draw
from tests.registry.workbooks import credit_code, workbook

pytestmark = pytest.mark.django_db
BOTH = {"no_conflict": True, "discipline": True}


def members_of(inspection):
    return list(inspection.members.select_related("inspector__user"))


@pytest.mark.clause("七(五)-c", "七(五)-o", "五-4i")
def test_each_of_the_team_declares_both_and_accepts_for_himself():
    inspection = make_inspection(accepted=False)
    leader, member = team_of(inspection)
    for declared in ({}, {"no_conflict": True}, {"discipline": True}):
        with refused("两件都声明了才能接受"):
            actions.accept(
                inspection=inspection, by=leader.user, **{"no_conflict": False, "discipline": False} | declared
            )
    with refused("只有检查小组成员接受任务"):
        actions.accept(inspection=inspection, by=make_planner(inspection.unit), **BOTH)
    actions.accept(inspection=inspection, by=member.user, **BOTH)
    with refused("组长还没有接收"):
        start(inspection)
    accepted = actions.accept(inspection=inspection, by=leader.user, **BOTH)
    assert accepted.accepted_at == clock.now()
    with refused("任务已经接受"):
        actions.accept(inspection=inspection, by=leader.user, **BOTH)
    assert start(inspection, at=clock.now()).status == InspectionStatus.STARTED


@pytest.mark.clause("七(五)-c", "七(五)-o")
@pytest.mark.parametrize("mode", Mode)
def test_nobody_comes_without_his_own_acceptance(mode):
    inspection = make_inspection(people=3, accepted=False, mode=mode)
    people = team_of(inspection)
    for person in people[:2]:
        actions.accept(inspection=inspection, by=person.user, **BOTH)
    with refused(f"{people[2].name}还没有声明并接受任务"):
        start(inspection, at=clock.now())
    assert start(inspection, at=clock.now(), present=people[:2]).status == InspectionStatus.STARTED


def test_the_database_keeps_no_acceptance_without_both_declarations():
    acceptance = Acceptance.objects.filter(member__inspection=make_inspection()).first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Acceptance.objects.filter(pk=acceptance.pk).update(discipline=False)


@pytest.mark.clause("七(五)-o")
def test_the_page_presets_nothing_and_notes_who_opened_it_first(client):
    inspection = make_inspection(accepted=False)
    person = team_of(inspection)[0]
    leader, url = person.user, f"/field/{inspection.no}/"
    page = html_of(enter(client, leader).get(url))
    assert "接受前声明两件事" in page and "checked" not in page
    read_at = Acceptance.objects.get(member__inspector__user=leader).read_at
    client.get(url)
    assert Acceptance.objects.get(member__inspector__user=leader).read_at == read_at
    assert AuditEntry.objects.filter(verb="inspections.task.read", actor=leader).count() == 1
    page = post(client, f"{url}accept/", no_conflict="on")
    assert "两件都声明了才能接受" in html_of(page)
    assert html_of(page).count(" checked") == 1
    assert post(client, f"{url}accept/", no_conflict="on", discipline="on").url == url
    page = text_of(client.get(url))
    assert "声明并接受" in page and f"{person.name} 7 月 6 日 10:0" in page


@pytest.mark.clause("七(五)-c")
def test_the_phone_says_of_a_task_that_was_not_taken_on_how_late_that_is_and_leads_to_it(client, at):
    check, *_ = make_dispatched(inspectors=6)
    duties.handed_out(check, clock.now())
    leader = team_of(check)[0].user
    duty = Duty.objects.open().get(rule="ACCEPTM", person=leader)
    at(f"{duty.due + timedelta(days=3)} 09:00")
    page = html_of(enter(client, leader).get("/field/"))
    card = page.split(f'data-task="{check.no}"')[1].split("<h3")[0]
    assert "逾期 3 天" in card and "还剩" not in card and "<h2>今天 " in page
    bar = page.split('class="btn btn-p"')[1].split("</a>")[0]
    assert "接受任务：" in bar and f"/field/{check.no}/" in bar


@pytest.mark.clause("七(五)-c")
def test_who_has_a_conflict_asks_to_be_replaced_from_the_page_and_does_not_accept(client, at):
    check, *_ = make_dispatched(inspectors=6)
    leader = team_of(check)[0]
    page = html_of(enter(client, leader.user).get(f"/field/{check.no}/"))
    url = f"/field/{check.no}/replace/?reason=I_RECUSE"
    assert url in page
    form = html_of(client.get(url))
    assert 'value="I_RECUSE" selected' in form and "接受任务时声明" in form
    post(client, url, reason="I_RECUSE", evidence="配偶在该企业任职")
    assert AmendmentRequest.objects.pending().get().reason == ChangeReason.RECUSE
    assert "已申请更换，等批准" in html_of(client.get(f"/field/{check.no}/"))
    card = html_of(client.get("/field/")).split(f'data-task="{check.no}"')[1].split('class="ph-card')[0]
    assert "已申请更换，等批准" in card and "等我声明和接受" not in card
    with refused("已申请更换，等批准"):
        actions.accept(inspection=check, by=leader.user, **BOTH)


@pytest.mark.clause("七(五)-c")
def test_a_registered_interest_is_not_accepted_away():
    inspection = make_inspection(accepted=False)
    leader = team_of(inspection)[0]
    ConflictOfInterest.objects.create(
        inspector=leader,
        facility=inspection.facility,
        kind=ConflictKind.OTHER,
        reason="r",
        valid_from=clock.today(),
        asked_by=make_registrar(inspection.unit),
        asked_at=clock.now(),
    )
    with refused("登记了与这家企业的利害关系，应当回避"):
        actions.accept(inspection=inspection, by=leader.user, **BOTH)


@pytest.mark.clause("五-4i", "七(五)-o")
def test_who_comes_by_a_replacement_and_who_becomes_leader_accepts_anew(at):
    check, *_ = make_dispatched(inspectors=6)
    accept(check)
    before = team_of(check)
    step_aside(check, before[0])
    check.refresh_from_db()
    newcomer = next(person for person in team_of(check) if person not in before)
    assert check.accepted_at is None
    waiting = {m.inspector_id for m in duties.not_accepted(check).filter(inspection=check)}
    assert newcomer.pk in waiting and team_of(check)[0].pk in waiting
    with refused("组长还没有接收"):
        start(check, at=clock.now())
    for member in members_of(check):
        if member.inspector_id in waiting:
            actions.accept(inspection=check, by=member.inspector.user, **BOTH)
    assert start(check, at=clock.now()).status == InspectionStatus.STARTED


@pytest.mark.clause("七(五)-o")
def test_the_planner_has_it_to_do_until_everybody_accepted(at):
    draw = make_held_draw()
    made = actions.hand_out(draw=draw, by=make_planner(draw.unit))
    duty = Duty.objects.get(rule="ACCEPT")
    assert (duty.role, duty.period, duty.closed_at) == (Role.PLANNER, draw.draw_id, None)
    assert not any(check.facility.name in str(duty.__dict__) for check in made)
    for check in made:
        for member in members_of(check):
            assert Duty.objects.open().filter(rule="ACCEPT").exists()
            actions.accept(inspection=check, by=member.inspector.user, **BOTH)
    assert not Duty.objects.open().filter(rule="ACCEPT").exists()


@pytest.mark.clause("七(五)-o")
def test_the_list_says_whom_the_acceptance_waits_for_and_the_to_do_leads_to_these_tasks(client, at):
    """Nine tasks, five of them public and on top, and no word of who had not accepted: a dead end in the leader's first to-do."""
    draw = make_held_draw()
    made = actions.hand_out(draw=draw, by=make_planner(draw.unit))
    duty = Duty.objects.open().get(rule="ACCEPTL")
    browser = enter(client, make_approver(draw.unit))
    page = text_of(browser.get(duty.url))
    assert page.count("还没有声明并接受：") == len(made) and "只列还没有声明并接受的任务" in page
    for member in members_of(made[0]):
        assert member.inspector.name in page
        actions.accept(inspection=made[0], by=member.inspector.user, **BOTH)
    page = text_of(browser.get(duty.url))
    assert made[0].no not in page and made[1].no in page
    everything = text_of(browser.get(duty.url.replace("&accept=on", "")))
    assert made[0].no in everything and everything.count("还没有声明并接受：") == len(made) - 1


@pytest.mark.clause("七(五)-c")
def test_what_nobody_can_do_while_a_replacement_waits_is_grey_and_says_so(client):
    """The home of who had asked was red for 36 days with a button to a page without one (issue 16)."""
    check, *others = make_dispatched(inspectors=6)
    for other in others:
        for person in team_of(other):
            actions.accept(inspection=other, by=person.user, **BOTH)
    duties.handed_out(check, clock.now())
    leader, member = team_of(check)

    def waits() -> dict:
        open_now = list(Duty.objects.open().filter(rule__startswith="ACCEPT"))
        found = agenda.waits(open_now, clock.today())
        return {(duty.rule, duty.person): found.get(duty.pk, "") for duty in open_now}

    request = replacing.ask(
        draw=check.draw,
        reason=ChangeReason.RECUSE,
        evidence="近亲属任职",
        by=leader.user,
        picks=[check.pick],
        inspector=leader,
    )
    held = "等更换申请的决定"
    assert waits() == {
        ("ACCEPT", None): "",
        ("ACCEPTL", None): "",
        ("ACCEPTM", leader.user): held,
        ("ACCEPTM", member.user): "",
    }
    actions.accept(inspection=check, by=member.user, **BOTH)
    assert waits() == {("ACCEPT", None): held, ("ACCEPTL", None): held, ("ACCEPTM", leader.user): held}
    assert held in text_of(enter(client, leader.user).get("/desk/"))
    replacing.reject(request=request, by=make_approver(check.unit), opinion="没有利害关系")
    assert set(waits().values()) == {""}


@pytest.mark.clause("七(五)-c")
def test_that_tasks_came_and_that_a_replacement_waits_end_with_what_they_ask_for():
    """Both stayed unread for months after they were settled (issue 16)."""
    draw = make_held_draw()
    (check, *others), head = actions.hand_out(draw=draw, by=make_planner(draw.unit)), make_approver(draw.unit)
    one = team_of(check)[0]
    came, asked = (
        Message.objects.filter(title__contains="件检查任务"),
        Message.objects.filter(title="有 1 份更换申请等批准"),
    )
    assert came.waiting().filter(user=one.user).exists()
    request = replacing.ask(
        draw=draw, reason=ChangeReason.RECUSE, evidence="近亲属任职", by=one.user, picks=[check.pick], inspector=one
    )
    assert head in {m.user for m in asked.waiting()}
    replacing.reject(request=request, by=head, opinion="没有利害关系")
    assert asked.exists() and not asked.waiting().exists()
    for made in (check, *others):
        for person in team_of(made):
            actions.accept(inspection=made, by=person.user, **BOTH)
    assert came.exists() and not came.waiting().exists()


@pytest.mark.clause("七(五)-o", "五-2e")
def test_each_officer_has_his_own_and_the_leader_of_his_section_sees_to_it(at):
    unit = make_unit("210504")
    section = Unit.objects.create(
        code="210504-S", name="明山大队", short_name="明山大队", kind=UnitKind.COUNTY_SECTION, serves=unit
    )
    head, leader = make_approver(section), make_approver(unit)
    check = make_inspection(unit, accepted=False, executing_unit=section)
    first, second = team_of(check)
    duties.handed_out(check, clock.now())
    own = {duty.person: duty for duty in Duty.objects.open().filter(rule="ACCEPTM")}
    assert set(own) == {first.user, second.user}
    seen = Duty.objects.visible_to(first.user).open()
    assert [duty.person for duty in seen] == [first.user]
    assert [d.rule for d in Duty.objects.visible_to(head).open()] == ["ACCEPTL"]
    assert not Duty.objects.visible_to(leader).open().filter(rule="ACCEPTL").exists()
    assert not any(check.facility.name in str(duty.__dict__) for duty in Duty.objects.open())
    at(f"{own[first.user].target} 09:00")
    plan_reminders(clock.today(), workdays.calendar())
    told = set(Reminder.objects.filter(duty__rule="ACCEPTM").values_list("duty", "user"))
    assert {(own[p.user].pk, p.user.pk) for p in (first, second)} <= told
    assert (own[first.user].pk, second.user.pk) not in told
    actions.accept(inspection=check, by=first.user, **BOTH)
    assert [d.person for d in Duty.objects.open().filter(rule="ACCEPTM")] == [second.user]
    actions.accept(inspection=check, by=second.user, **BOTH)
    assert not Duty.objects.open().filter(rule__startswith="ACCEPT").exists()


def test_the_bar_says_what_the_task_waits_for(client):
    inspection = make_inspection(accepted=False, approved=False)
    leader, member = team_of(inspection)
    url = f"/field/{inspection.no}/"
    actions.accept(inspection=inspection, by=member.user, **BOTH)
    page = html_of(enter(client, member.user).get(url))
    assert "登记到场（等组长接受）" in page and 'aria-disabled="true"' in page
    actions.accept(inspection=inspection, by=leader.user, **BOTH)
    page = html_of(enter(client, leader.user).get(url))
    assert "登记到场（等审批）" in page and "没有批准，不能到场" in page and "/arrive/" not in page
    approve(inspection)
    page = html_of(client.get(url))
    assert "已批准，可以到场" in page and f"{url}arrive/" in page and "aria-disabled" not in page


def test_the_map_gets_the_address_and_nothing_else(client):
    inspection = make_inspection(facility=make_facility(make_unit(), address="示例路 36 号"))
    page = html_of(enter(client, team_of(inspection)[0].user).get(f"/field/{inspection.no}/"))
    (link,) = [part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("geo:")]
    assert link == "geo:0,0?q=%E7%A4%BA%E4%BE%8B%E8%B7%AF%2036%20%E5%8F%B7"


@pytest.mark.clause("七(五)-p")
def test_the_dossier_begins_with_safety_and_shows_public_results_only(client):
    unit = make_unit()
    facility = make_facility(unit)
    public = make_published(unit, facility=facility)
    sealed = make_started(unit, facility=facility)
    Inspection.objects.filter(pk=sealed.pk).update(finding="未公开的问题")
    Inspection.objects.filter(pk=public.pk).update(finding="2 只吨桶没有标签。")
    inspection = make_inspection(unit, facility=facility)
    leader = team_of(inspection)[0].user
    url = f"/field/{inspection.no}/dossier/"
    page = html_of(enter(client, leader).get(url))
    assert "没有登记安全说明" in page and "2 只吨桶没有标签" in page and "未公开的问题" not in page
    safety.note(
        facility=facility,
        text="电镀车间有酸雾，戴防毒面罩",
        told_by="企业安全科",
        told_on=clock.today(),
        by=make_registrar(unit),
    )
    page = html_of(client.get(url))
    assert page.index("电镀车间有酸雾") < page.index("排污许可证") < page.index("上次检查") < page.index("留意")
    post(client, f"{url}read/")
    assert Acceptance.objects.get(member__inspection=inspection, member__inspector__user=leader).dossier_at


@pytest.mark.clause("七(五)-p")
@pytest.mark.clause("七(三)-d")
def test_the_dossier_counts_months_over_the_limits_beside_single_ones_for_the_team_alone(client, at):
    at("2026-08-19 09:00")
    unit, said = make_unit(), {"source": "自动监控平台"}
    facility = make_facility(unit, uscc=credit_code())
    by = make_registrar(unit)
    positive.enter_event(
        facility=facility, kind=EventKind.MONITORING, day=date(2026, 8, 3), number="超标 1 号", by=by, **said
    )
    for year, month, times in ((2025, 7, 9), (2025, 8, 4), (2026, 6, 0), (2026, 7, 5), (2026, 7, 2)):
        rows = [{"名称": facility.name, "统一社会信用代码": facility.uscc, "超标次数": times}]
        file = {"file_name": "表.xlsx", "content": workbook(rows), "kind": BatchKind.MONITORING, "unit": unit, "by": by}
        checked = importing.check_workbook(asked={"year": year, "month": month, **said}, **file)
        importing.confirm_import(batch=checked, by=by)
    inspection = make_inspection(unit, facility=facility)
    url = f"/field/{inspection.no}/dossier/"
    page = text_of(enter(client, team_of(inspection)[0].user).get(url))
    assert "2026-08-03 在线监控超标" in page or "2026 年 8 月 3 日 在线监控超标" in page
    assert "2026 年 7 月在线监控超标 2 次" in page and "2025 年 8 月在线监控超标 4 次" in page
    assert page.index("2026 年 7 月在线监控") < page.index("2025 年 8 月在线监控")  # the newest first
    assert "5 次" not in page and "9 次" not in page and "超标 0 次" not in page
    # Whoever does not go there does not learn from this page that somebody does.
    other = team_of(make_inspection(unit))[0].user
    assert enter(client, other).get(url).status_code == 404


@pytest.mark.clause("七(五)-p")
def test_who_has_been_there_writes_what_the_next_has_to_know(client):
    inspection = make_inspection()
    leader = team_of(inspection)[0].user
    url = f"/field/{inspection.no}/dossier/safety/"
    enter(client, leader)
    assert client.get(url).status_code == 404
    start(inspection)
    fields = {"text": "雨天应急池边湿滑，不单独靠近", "told_by": "到场所见", "told_on": clock.today().isoformat()}
    post(client, url, **fields)
    assert safety.standing(inspection.facility).text == fields["text"]
    later = (clock.today() + timedelta(days=2)).isoformat()
    assert "晚于今天" in html_of(post(client, url, **fields | {"told_on": later}))


@pytest.mark.clause("七(五)-p")
def test_the_registrar_keeps_the_safety_note_and_takes_it_away(client):
    unit = make_unit()
    facility = make_facility(unit)
    url = f"/desk/objects/{facility.code}/safety/"
    fields = {"text": "尾矿库坝坡禁止攀爬", "told_by": "企业安全科", "told_on": clock.today().isoformat()}
    enter(client, make_registrar(unit))
    post(client, url, **fields)
    page = html_of(client.get(facility.get_absolute_url()))
    assert "尾矿库坝坡禁止攀爬" in page and "企业安全科" in page
    post(client, url, **fields | {"text": ""})
    assert safety.standing(facility) is None and facility.safety_notes.count() == 2
    assert enter(client, make_registrar(make_unit("210503"))).get(url).status_code == 404
    with refused("只有监管单位的名录管理员"):
        safety.note(facility=facility, by=make_approver(unit), text="无", told_by="企业", told_on=clock.today())


def test_an_emergency_says_until_when_its_approval_is_made_up(client, at):
    at("2026-07-09 10:00")
    visit = ask(make_unit(), Source.EMERGENCY).inspection
    accept(visit)
    page = text_of(enter(client, team_of(visit)[0].user).get(f"/field/{visit.no}/"))
    assert "突发情况，先查后补" in page and "24 小时内补批，7 月 10 日 10:00 以前" in page
    assert "登记到场（" not in page
