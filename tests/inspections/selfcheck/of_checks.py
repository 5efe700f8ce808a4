"""Tales of what a check owes, counts and leaves: carried through by the acts, and then late, missed or spoilt."""

from datetime import date, timedelta

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.followups import actions as followups
from disclosure.models import Act, Ground, Publication
from disclosure.publishing import actions as publishing
from disclosure.revisions import actions as revising
from disclosure.revisions import duties as terms
from inspections.cases import actions as cases
from inspections.models import FollowUp, Inspection, Mode, Outcome, Paper, PaperKind, Source, VisitMember
from inspections.onsite import actions as onsite
from inspections.paperwork import actions as paperwork
from inspections.referrals import actions as referring
from inspections.replacements import actions as replacing
from inspections.review import actions as reviewing
from inspections.visits import actions as visiting
from plans.draw.actions import release_draw
from plans.models import ChangeReason, Pick, ProofRun
from tests.disclosure.factories import ask_revision, make_published_result, make_revision, make_step
from tests.disclosure.objections.factories import decide, make_objection, propose
from tests.disclosure.yearbook.test_yearbook import bound as yearbook
from tests.disclosure.yearbook.test_yearbook import closed_year
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_facility,
    make_planner,
    make_registrar,
    make_unit,
)
from tests.inspections.archive.test_archive import PICTURE, bound, sampled, taken_in
from tests.inspections.cases.factories import act, handler_of
from tests.inspections.cases.factories import ask as ask_case
from tests.inspections.evidence.test_recorder import begun, enter
from tests.inspections.factories import (
    answer_all,
    checked,
    finish,
    make_dispatched,
    make_inspection,
    ready,
    start,
    team_of,
    tell,
)
from tests.inspections.rectification.factories import check_again, decided, make_rectification
from tests.inspections.referrals.test_referrals import LETTER
from tests.inspections.referrals.test_referrals import ask as ask_referral
from tests.inspections.reports.factories import carry_out, make_public, make_small_draw
from tests.inspections.targeted.factories import make_approved, make_cap
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import make_held_draw
from tests.registry.factories import entered_in_positive_list

from .eye import Eye, changed, lost, noon, tale
from .of_days import Q4


def reviewed(check: Inspection) -> Inspection:
    return reviewing.review_result(inspection=check, by=make_approver(check.unit))


def publish(check: Inspection, why: str = "") -> Inspection:
    publishing.publish_result(inspection=check, by=make_disclosure_officer(check.unit), late_reason=why)
    return Inspection.objects.get(pk=check.pk)


def found(unit, outcome: str) -> Inspection:
    """A reviewed result that says what follows from it."""
    check = start(make_inspection(unit))
    visiting.answer_points(
        inspection=check,
        answers={point.pk: ("FOUND", "台账缺页", None) for point in check.answers.all()},
        by=team_of(check)[0].user,
    )
    return reviewed(finish(check, outcome=outcome, finding="台账缺页"))


# --- what follows from a check, each by its day -----------------------------------------------------------------------


@tale("d8", "d10", "n10", "readout", "k13", "k14", "k16")
def one_visit_in_time_and_one_late(eye: Eye, at) -> None:
    unit = make_unit()
    check = finish(answer_all(begun(unit=unit)))
    enter(check, 0, 30)
    check = reviewed(check)
    eye.untold("d8", "d10", "n10", "readout", "k13", "k14", "k16", unit=unit)
    publish(check)
    eye.kept("d8", "d10", "n10", "readout", "k13", "k14", "k16", unit=unit)
    check = start(make_inspection(unit), served=True)
    at("2026-07-16 09:00")
    check = finish(answer_all(check), told=False)
    at("2026-08-06 09:00")
    tell(check)
    at("2026-08-20 09:00")
    check = publish(reviewed(check), "复核笔录，没有按时公开")
    eye.late("d8", "d10", "n10", unit=unit)
    eye.broken("k14", "readout", unit=unit)
    VisitMember.objects.filter(inspection=check).update(certificate_to=date(2026, 7, 1))
    lost(check.deliveries.filter(paper=Paper.NOTICE))
    eye.broken("k13", "k16", unit=unit)


@tale("follow")
def a_step_is_handed_over(eye: Eye, at) -> None:
    unit = make_unit()
    step = make_step(make_published_result(unit, problem="标签缺项 2 处"))
    eye.owed("follow", unit)
    for one in FollowUp.objects.waiting().filter(inspection=step.inspection):
        followups.publish_step(step=one, by=make_disclosure_officer(unit))
    eye.kept("follow", unit=unit)


@tale("casenew", "d22")
def a_case(eye: Eye, at) -> None:
    unit = make_unit()
    check = found(unit, Outcome.CASE_FILED)
    eye.untold("casenew", unit=unit)
    check = publish(check)
    eye.owed("casenew", unit)
    case = ask_case(check)
    eye.kept("casenew", unit=unit)
    case = cases.file_case(case=case, by=make_approver(unit), document_no="本环立〔2026〕7号")
    eye.owed("d22", unit)
    act(case, "VERDICT")
    eye.kept("d22", unit=unit)


@tale("refer", "refered")
def a_referral(eye: Eye, at) -> None:
    unit = make_unit()
    check = found(unit, Outcome.TRANSFERRED)
    eye.untold("refer", unit=unit)
    check = publish(check)
    eye.owed("refer", unit)
    one = ask_referral(check, by=handler_of(check))
    one = referring.approve(referral=one, by=make_approver(unit), document_no=LETTER)
    one = referring.send(referral=one, by=one.asked_by, at=clock.now(), way="机要，单号 0716")
    eye.kept("refer", unit=unit)
    eye.owed("refered", unit)
    one = referring.take(referral=one, by=one.asked_by, taken=True, on=clock.today(), number="回执 1")
    referring.answer(referral=one, by=one.asked_by, on=clock.today(), words="责令补办取水许可，已立案")
    eye.kept("refered", unit=unit)


@tale("revise", "d25")
def what_was_public_is_asked_after(eye: Eye, at) -> None:
    unit = make_unit()
    result = make_published_result(unit, problem="标签缺项 2 处")
    asked = ask_revision(result, words={"finding": "标签缺项 3 处"})
    eye.owed("revise", unit)
    revising.approve(revision=asked, by=make_approver(unit))
    eye.kept("revise", unit=unit)
    objection = make_objection(result)
    eye.owed("d25", unit)
    decide(propose(objection))
    eye.kept("d25", unit=unit)


@tale("d23")
def a_term_is_over(eye: Eye, at) -> None:
    unit, third = make_unit(), Quarter(2029, 3)
    result = make_published_result(unit)
    at("2029-07-06 10:00")
    terms.keep_terms()
    eye.owed("d23", unit, third)
    make_revision(result, Act.WITHDRAW, ground=Ground.TERM, reason="公示期限届满")
    eye.kept("d23", unit=unit, quarter=third)


@tale("yearbook", prints=True)
def the_volume_of_the_year(eye: Eye, at) -> None:
    unit, *_ = closed_year(at)
    quarter = Quarter.of(Duty.objects.get(rule="YEARBOOK", unit=unit).due)
    eye.owed("yearbook", unit, quarter)
    yearbook(unit)
    eye.kept("yearbook", unit=unit, quarter=quarter)


# --- what is counted --------------------------------------------------------------------------------------------------


@tale("k1", "k8", "k12", "k20", "d5", "d6", "d16", "k6", "k7")
def a_quarter_carried_through_and_one_that_was_not(eye: Eye, at) -> None:
    good, bad = make_unit(), make_unit("210503")
    first, *_ = [make_public(check) for check in make_dispatched(good, key=1, general=1, special=0)]
    share = eye.waits("d16", unit=good, moment=noon(date(2026, 9, 20)))  # as the draw has made it public
    assert share.facts[0].words == "1/1，100%"
    told, left = sorted(make_small_draw(bad), key=lambda check: check.category)
    carry_out(told)
    beside = make_approved(bad, Source.OTHER_TARGETED).inspection
    ready(beside)
    publish(reviewed(finish(answer_all(start(beside)))))
    taken_off(left.pick, ChangeReason.HALT)
    at("2026-10-01 09:00")
    taken_off(left.draw.picks.standing().get(category=left.category), ChangeReason.NOTDONE)
    at("2026-10-09 09:00")
    eye.broken("k20", unit=bad)
    for one in (first, told):
        release_draw(draw=one.draw)
    eye.kept("k1", "k8", "k12", "k20", "d5", "d6", "d16", unit=good)
    eye.broken("k1", "k8", "k12", "d5", "d6", "d16", unit=bad)
    ProofRun.objects.create(
        day=clock.today(),
        at=clock.now(),
        documents=1,
        entries=1,
        draws=1,
        problem=f"{first.draw.draw_id} 的指纹不一致",
    )
    eye.broken("k20", unit=good)
    end = noon(date(2026, 12, 31))
    eye.kept("k6", "k7", unit=good, quarter=Q4, moment=end)
    eye.broken("k6", unit=bad, quarter=Q4, moment=end)
    for _ in range(2):
        make_facility(good)
    eye.broken("k7", unit=good, quarter=Q4, moment=clock.now() + timedelta(days=90))


def taken_off(pick: Pick, reason: str) -> None:
    """Asked for by the planner, approved by the leader."""
    draw, proof = pick.draw, "停产通知 本环停〔2026〕3 号"
    asked = replacing.ask(
        draw=draw, reason=reason, evidence=proof, by=make_planner(draw.unit), picks=[pick], **grounds(reason, pick)
    )
    replacing.approve(request=asked, by=make_approver(draw.unit), document_no="本环更〔2026〕1 号")


@tale("k10")
def one_item_drawn_a_third_time(eye: Eye, at) -> None:
    """The third draw leaves out whom two have drawn; so its own pick is made his."""
    unit = make_unit()
    at("2026-01-06 09:00")
    first = make_held_draw(unit, key=1, general=0, special=0, released=True)
    checked(first)
    at("2026-04-06 09:00")
    checked(make_held_draw(unit, key=0, general=0, special=0, released=True))
    at("2026-07-06 09:00")
    third = make_held_draw(unit, key=1, general=0, special=0, released=True)
    eye.kept("k10", unit=unit)
    changed(third.picks.all(), f"facility_id = {first.picks.get().facility_id}")
    eye.broken("k10", unit=unit)


@tale("k11")
def visits_beyond_the_cap(eye: Eye, at) -> None:
    unit = make_unit()
    place = make_facility(unit)
    make_published_result(unit, facility=place)
    eye.kept("k11", unit=unit)
    make_published_result(unit, facility=place)
    make_cap(unit, most=1)  # approved afterwards: before the first one of a year it counts
    eye.broken("k11", unit=unit)


@tale("k22")
def a_place_on_the_positive_list(eye: Eye, at) -> None:
    unit = make_unit()
    place = make_facility(unit)
    entered_in_positive_list(place, by=make_registrar(unit))
    make_published_result(unit, facility=place, mode=Mode.OFFSITE)
    eye.kept("k22", unit=unit)
    check = make_inspection(unit, facility=place, mode=Mode.OFFSITE)
    why = {"reason": "COMPLAINT", "reference": "信访〔2026〕8号", "words": "夜间排放异味，投诉三次"}
    request = onsite.ask(inspection=check, by=team_of(check)[0].user, **why)
    onsite.decide(request=request, approve=True, opinion="", by=make_approver(unit))
    check = Inspection.objects.get(pk=check.pk)
    publish(reviewed(finish(answer_all(start(check)))))
    eye.broken("k22", unit=unit)


@tale("k15", "k21", "p55", "p10", "p20", "p25", "p31", "p70", "p190", prints=True)
def the_papers_of_a_check(eye: Eye, at) -> None:
    unit = make_unit()
    check = Inspection.objects.get(no=make_published_result(unit).no)
    always = ("p10", "p20", "p25", "p30", "p40", "p70", "p80", "p90", "p100", "p190")
    eye.kept("k15", *always, unit=unit)
    sampled(check)
    eye.broken("k15", "p55", unit=unit)
    taken_in(check, team_of(check)[0].user)
    eye.kept("k15", "p55", unit=unit)
    eye.broken("k21", unit=unit, moment=clock.now() + timedelta(days=90))
    bound(check)
    eye.kept("k21", unit=unit, moment=clock.now() + timedelta(days=90))
    for rule, rows in (
        ("p10", check.approvals.all()),
        ("p20", check.deliveries.filter(paper=Paper.NOTICE)),
        ("p25", check.deliveries.filter(paper=Paper.RESULT)),
        ("p31", check.signatures.filter(signer="RESPONSIBLE")),
        ("p70", check.recordings.all()),
    ):
        lost(rows)
        eye.broken(rule, unit=unit)
    changed(Publication.everything.filter(no=check.no), f"no = '{check.no}-X'")
    eye.broken("p190", unit=unit)
    scan = {"name": "笔录.jpg", "content": PICTURE, "paper": PaperKind.RECORD, "digest_today": lambda *of: ""}
    paperwork.keep_scan(inspection=check, by=team_of(check)[0].user, **scan)
    eye.kept("p31", unit=unit)


@tale("d21", "p109", "p111")
def an_order_to_mend(eye: Eye, at) -> None:
    unit = make_unit()
    one = make_rectification(unit)
    eye.broken("d21", unit=unit, moment=clock.now() + timedelta(days=60))
    check_again(one)
    decided(one, "CLOSE")
    eye.kept("d21", "p109", "p111", unit=unit)
    for rule, rows in (("p109", one.orders.all()), ("p111", one.acts.all())):
        lost(rows)
        eye.broken(rule, unit=unit)
