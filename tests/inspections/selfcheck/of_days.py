"""Tales of what the year, the quarter and the registry owe by a day: each left to do and done by the acts themselves."""

from datetime import timedelta

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit
from benxi_shuangsuiji.notices.duties import open_due
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.city import roundups
from disclosure.publishing import actions as publishing
from inspections.bulletins import actions as bulletins
from inspections.bulletins.content import Subject
from inspections.coordination import actions as coordination
from inspections.models import BulletinKind
from inspections.reports import actions as reporting
from inspections.reports import provincial
from plans.draw.actions import release_draw
from plans.filings import actions as filings
from plans.lists import actions as listing
from plans.models import Filing, QuarterlyPlan
from registry.inspectors import actions as people
from registry.inspectors import certificate_actions as certificates
from registry.inspectors import expiry, turnover
from registry.interests import actions as interests
from registry.interests import standing as declarations
from registry.positive_list import actions as positive_list
from tests.disclosure.factories import make_published_plan
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_inspector,
    make_lead_office,
    make_planner,
    make_registrar,
    make_unit,
)
from tests.inspections.bulletins.test_bulletins import WORDS
from tests.inspections.coordination.test_coordination import make_instruction
from tests.inspections.reports.factories import YEAR, make_finished_quarter, make_received, make_sent
from tests.plans.bases.test_bases import EMERGENCY, change
from tests.plans.draw.factories import make_held_draw
from tests.plans.factories import advance_list, make_branch, make_list
from tests.registry.factories import approved, make_keeper, signed_audit

from .eye import Q3, Eye, tale

Q1, Q4 = Quarter(2026, 1), Quarter(2026, 4)


def day_begins() -> None:
    """What the worker opens in the morning."""
    open_due(clock.today(), workdays.calendar())


@tale("d1", "d9", "d24")
def the_list_of_the_year(eye: Eye, at) -> None:
    at("2026-01-02 09:00")
    city, unit = make_city_team(), make_unit()
    day_begins()
    eye.owed("d1", city, Q1)
    made = make_list(upto="APPROVED")
    eye.kept("d1", unit=city, quarter=Q1)
    eye.owed("d9", city, Q1)
    eye.owed("d24", unit, Q1)
    publishing.publish_list(item_list=made, by=make_disclosure_officer(city))
    eye.kept("d9", unit=city, quarter=Q1)
    filings.mark_justice_filing(
        unit=unit,
        year=2026,
        recipient="明山区司法局",
        document_no="收文 12 号",
        sent_on=clock.today(),
        by=make_planner(unit),
    )
    eye.kept("d24", unit=unit, quarter=Q1)


@tale("d15")
def a_law_changes(eye: Eye, at) -> None:
    at("2026-07-02 09:00")
    first = make_list()
    change(EMERGENCY, "AMENDED")
    eye.owed("d15", first.unit)
    second = listing.draft_list(unit=first.unit, year=2026, by=make_lead_office(), reason="法律依据有变化")
    advance_list(second, "APPROVED", second.created_by)
    eye.kept("d15", unit=first.unit)


@tale("d2", "d3", "d3b", "d3m", "d3s")
def the_plan(eye: Eye, at) -> None:
    at("2026-07-02 09:00")
    city, unit, lead = make_city_team(), make_branch(key=4, general=4), make_lead_office()
    day_begins()
    for rule in ("d2", "d3"):
        eye.owed(rule, unit)
    make_published_plan(unit)
    eye.kept("d2", "d3", unit=unit)
    eye.owed("d3s", city)  # the city team's, about a plan of the branch
    make_published_plan(city)
    filings.return_filing(filing=Filing.objects.get(unit=unit), by=lead, opinion="缺检查单位的联系人")
    eye.owed("d3m", unit)
    plan = QuarterlyPlan.objects.get(unit=unit)
    filings.send_plan_again(plan=plan, by=make_planner(unit), note="已补充联系人")
    eye.kept("d3m", unit=unit)
    for plan in QuarterlyPlan.objects.all():
        filings.receive_plan(plan=plan, by=lead)
    eye.kept("d3s", unit=city)
    eye.owed("d3b", city)
    publishing.publish_plan_summary(quarter=Q3, by=lead)
    eye.kept("d3b", unit=city)


@tale("d4", "d4b", "d4m", "d4s")
def the_draw_and_its_filing(eye: Eye, at) -> None:
    at("2026-07-02 09:00")
    city, unit = make_city_team(), make_unit()
    day_begins()
    eye.owed("d4", unit)
    draw = make_held_draw(unit)
    eye.kept("d4", unit=unit)
    eye.owed("d4b", unit)
    planner, lead = make_planner(unit), make_lead_office()
    filing = filings.file_draw(draw=draw, by=planner)
    eye.kept("d4b", unit=unit)
    eye.owed("d4s", city)
    filings.return_filing(filing=filing, by=lead, opinion="没有附签字的抽取记录")
    eye.owed("d4m", unit)
    again = filings.file_draw(draw=draw, record=("记录.pdf", b"%PDF-1.7"), by=planner)
    eye.kept("d4m", unit=unit)
    filings.receive_filing(filing=again, by=lead)
    eye.kept("d4s", unit=city)


@tale("d7", "d7r", "d7s", "d7b", "d12", "bulletin")
def the_reports_of_the_quarter(eye: Eye, at) -> None:
    city, unit, lead = make_city_team(), make_unit(), make_lead_office()
    day_begins()
    eye.owed("d7", unit)
    for rule in ("d7b", "d12"):
        eye.owed(rule, city)
    first, *_ = make_finished_quarter(unit)
    at("2026-09-24 09:00")
    report = make_sent(unit)
    eye.kept("d7", unit=unit)
    eye.owed("d7s", city)
    reporting.return_report(report=report, by=lead, opinion="写明台账问题的家数")
    eye.owed("d7r", unit)
    again = make_sent(unit)
    eye.kept("d7r", unit=unit)
    reporting.receive_report(report=again, by=lead)
    at("2026-09-26 09:00")
    make_received(city)
    eye.kept("d7s", unit=city)
    roundups.publish_result_summary(quarter=Q3, by=lead)
    eye.kept("d7b", unit=city)
    at("2026-10-09 10:00")
    release_draw(draw=first.draw)
    provincial.mark_sent(quarter=Q3, document_no="本环报〔2026〕12号", sent_on=clock.today(), by=lead)
    eye.kept("d12", unit=city)
    subject = Subject(BulletinKind.QUARTER, Unit.objects.city_team(), 2026, 3)
    bulletin = bulletins.ask(bulletin=bulletins.make(subject=subject, by=lead), text=WORDS, by=lead)
    eye.owed("bulletin", city, Q4)
    bulletins.issue(bulletin=bulletin, by=make_approver(city), document_no="本环执通〔2026〕3 号")
    eye.kept("bulletin", unit=city, quarter=Q4)


@tale("d11")
def the_report_of_the_year(eye: Eye, at) -> None:
    at("2026-12-10 09:00")
    unit = make_unit()
    make_city_team()
    day_begins()
    eye.owed("d11", unit, Q4)
    make_sent(unit, YEAR)
    eye.kept("d11", unit=unit, quarter=Q4)


@tale("coord", "coorda")
def an_instruction(eye: Eye, at) -> None:
    city, unit, lead = make_city_team(), make_unit(), make_lead_office()
    one = make_instruction(unit, by=lead)
    eye.owed("coord", unit)
    coordination.answer_instruction(instruction=one, words="名录还有两处要核对，9 日抽取。", by=make_planner(unit))
    eye.kept("coord", unit=unit)
    eye.owed("coorda", city)
    coordination.accept_answer(instruction=one, opinion="同意", by=lead)
    eye.kept("coorda", unit=city)


@tale("d13o", "d13p")
def the_audits(eye: Eye, at) -> None:
    at("2026-09-10 09:00")  # the next ones are those of the quarter after
    unit = make_unit()
    for book, rule in (("FACILITY", "d13o"), ("INSPECTOR", "d13p")):
        keeper = make_keeper(unit, book)
        eye.owed(rule, unit)
        signed_audit(unit, book, keeper=keeper)
        eye.kept(rule, unit=unit)


@tale("cert")
def a_card_ends(eye: Eye, at) -> None:
    unit = make_unit()
    by, person = make_registrar(unit), make_inspector(unit, certificate_to=clock.today() + timedelta(days=20))
    expiry.remind(clock.now())
    eye.owed("cert", unit)
    begins = person.certificate_to + timedelta(days=1)
    certificates.enter_certificate(
        inspector=person,
        number=person.certificate_no,
        kind="NATIONAL",
        valid_from=begins,
        valid_to=begins + timedelta(days=1500),
        reason="换发新证",
        by=by,
    )
    expiry.remind(clock.now())
    eye.kept("cert", unit=unit)


@tale("d14")
def somebody_changes_his_post(eye: Eye, at) -> None:
    unit = make_unit()
    by, gone = make_registrar(unit), make_inspector(unit, with_user=True)
    at("2026-07-10 09:00")
    RoleGrant.objects.filter(user=gone.user).update(ended_at=clock.now(), end_reason="调到机关科室")
    at("2026-07-13 08:00")
    turnover.remind(clock.now())
    eye.owed("d14", unit)
    people.leave(inspector=gone, on=clock.today(), reason="调到机关科室", version=gone.version, by=by)
    turnover.remind(clock.now())
    eye.kept("d14", unit=unit)


@tale("decl")
def the_declarations_of_the_year(eye: Eye, at) -> None:
    at("2026-01-05 09:00")
    unit = make_unit()
    make_registrar(unit)
    person = make_inspector(unit, with_user=True)
    declarations.remind(unit, clock.now())
    eye.owed("decl", unit, Q1)
    interests.declare_year(inspector=person, none=True, by=person.user)
    eye.kept("decl", unit=unit, quarter=Q1)


@tale("listing")
def a_place_for_the_positive_list(eye: Eye, at) -> None:
    city, unit = make_city_team(), make_unit()
    words = {"batch": "2026 年第一批", "document": "本环发〔2026〕12 号", "reason": "守法记录良好"}
    asked = positive_list.ask_to_enter(facility=make_facility(unit), by=make_registrar(unit), **words)
    eye.owed("listing", city)
    approved(asked, make_lead_office())
    eye.kept("listing", unit=city)


@tale("d20")
def who_steps_aside(eye: Eye, at) -> None:
    unit = make_unit()
    person, other = make_inspector(unit, with_user=True), make_inspector(unit, with_user=True)
    said = {"kind": "RELATIVE", "reason": "近亲属在该企业任职", "evidence": "本人申报"}
    one = interests.declare_conflict(inspector=person, facility=make_facility(unit), by=person.user, **said)
    interests.approve_conflict(conflict=one, by=make_approver(unit))
    eye.kept("d20", unit=unit)
    interests.declare_conflict(inspector=other, facility=make_facility(unit), by=other.user, **said)
    eye.broken("d20", unit=unit, moment=clock.now() + timedelta(days=20))
