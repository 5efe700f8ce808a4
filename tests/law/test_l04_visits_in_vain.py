"""L-4: a place found shut or empty is 未能检查 from the visit on, and does not count as seen in the next draw."""

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.coverage import rules as coverage_rules
from inspections.coverage.tally import Tally, picks_of, tally
from inspections.indicators import counts as unit_counts
from inspections.indicators.facts import Scope
from inspections.models import Inspection, Outcome
from inspections.reports import actions as report_actions
from inspections.reports import papers
from inspections.reports.periods import Period
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import AmendmentRequest, ChangeReason, Draw, Pick
from registry.models import ChangeProposal, Facility, OperatingStatus
from tests.browsing import refused
from tests.factories import make_approver, make_lead_office, make_unit
from tests.inspections.factories import answer_all, finish, ready, start, team_of
from tests.inspections.replacements.test_replacements import approve
from tests.plans.draw.factories import make_prepared_draw

from .factories import make_quarter, release, take_off, visit

pytestmark = pytest.mark.django_db
Q3, Q4 = Quarter(2026, 3), Quarter(2026, 4)


def begun(check, at) -> Inspection:
    """On the spot, a day after it was handed out."""
    ready(check)
    at("2026-07-20 10:00")
    return answer_all(start(Inspection.objects.get(pk=check.pk)))


def counts(unit) -> Tally:
    return tally(picks_of(unit, Q3))


@pytest.mark.clause("五-4j", "七(六)-b", "七(二)-e", "七(二)-g")
def test_l04_shut_the_registry_and_the_list_follow_in_one_step(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    check, *others = make_quarter(unit)
    going = begun(check, at)
    with refused("写明企业现在的情况"):
        finish(going, outcome=Outcome.NOT_OPERATING, finding="大门上锁", registry_status="")
    with refused("附上现场照片"):
        finish(going, outcome=Outcome.NOT_OPERATING, finding="大门上锁", file=None)

    finish(going, outcome=Outcome.NOT_OPERATING, finding="大门上锁")

    assert counts(unit) == Tally(not_possible=1, not_done=len(others))
    proposal, request = ChangeProposal.objects.get(), AmendmentRequest.objects.get()
    assert (proposal.payload, proposal.facility, proposal.waits) == ({"status": "SUSPENDED"}, check.facility, True)
    assert (request.reason, list(request.picks.all()), request.waits) == (ChangeReason.HALT, [check.pick], True)
    assert request.asked_by == proposal.asked_by == team_of(check)[0].user

    approve(request)

    assert Facility.objects.get(pk=check.facility_id).status == OperatingStatus.SUSPENDED
    assert Pick.objects.get(pk=check.pick_id).drop.reason == "HALT"
    assert Pick.objects.filter(draw=check.draw_id, amendment=1).count() == 1
    assert counts(unit) == Tally(replaced=1, not_done=len(others) + 1)
    assert (
        Inspection.objects.get(pk=check.pk).status == "FINISHED"
    )  # its result is reviewed and made public all the same
    at("2026-09-25 18:01")
    release(check)  # of a sealed list a report tells less
    figures = unit_counts.of_unit(Scope.of([unit], 2026, 3), unit.pk)
    assert (figures["ended"], figures["finished"], figures["replaced"]) == (1, 0, 1)
    said = papers.counted(figures | {"public": 1, "in_time": 1, "workdays": 5})
    assert f"更换 1 家，应查 {len(others) + 1} 家，查完 0 家（0%）" in said
    assert "检查结束 1 家（含未能检查、到场以后更换的），已公开检查结果 1 家" in said


@pytest.mark.clause("七(一)1-b", "五-4j")
def test_l04_nobody_there_is_not_seen_by_the_next_draw_which_waits_for_it(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    check, *others = make_quarter(unit)
    going = begun(check, at)
    with refused("先后上门的日期不同"):
        finish(going, outcome=Outcome.UNREACHABLE, finding="无人", earlier_attempt_on=None)
    with refused("早于这一次到达的那一天"):
        finish(going, outcome=Outcome.UNREACHABLE, finding="无人", earlier_attempt_on=clock.today())
    finish(going, outcome=Outcome.UNREACHABLE, finding="无人")
    assert counts(unit) == Tally(not_possible=1, not_done=len(others))
    for other in others:
        visit(other)
    assert not ChangeProposal.objects.exists() and not AmendmentRequest.objects.exists()

    said = coverage_rules.why_not_seal(unit, Q4, clock.today())
    assert check.facility.name not in said and "还有 1 家没有查完" in said  # the list is still sealed
    at("2026-09-25 18:00")
    release(check)
    at("2026-10-02 09:00")
    quarter = report_actions.figures_of(unit, Period.of(Q3))
    assert (quarter["drawn"], quarter["finished"], quarter["not_possible"]) == (len(others) + 1, len(others), 1)
    draw = make_prepared_draw(unit, key=0, general=0, special=0, inspectors=0, audited=False)
    leader = make_approver(unit)
    with pytest.raises(Refused, match=f"还有 1 家（{check.facility.name}）没有查完或者未能检查"):
        draw_actions.seal_draw(draw=draw, by=leader, registry_reason="名录九月刚核对过")

    take_off([check])
    assert counts(unit) == Tally(done=len(others), not_possible=1)
    draw_actions.seal_draw(draw=draw, by=leader, registry_reason="名录九月刚核对过")
    frames = [ssj1.parse_frame(d.text) for d in Draw.objects.get(pk=draw.pk).documents.filter(kind="FRAME")]
    seen = {row.id: row.seen for frame in frames for row in frame.rows}
    assert (seen[check.facility.code], seen[others[0].facility.code]) == (0, 1)


@pytest.mark.clause("五-4j", "七(五)-l")
def test_l04_who_refuses_stays_on_the_list_with_his_case(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    check, *_ = make_quarter(unit)
    going = begun(check, at)
    with refused("在现场处理里写明"):
        finish(going, outcome=Outcome.REFUSED, finding="拒绝开门")
    finish(going, outcome=Outcome.REFUSED, finding="拒绝开门", measures="本环立〔2026〕8 号立案")
    assert counts(unit).not_possible == 1
    at("2026-09-30 10:00")
    with refused("不配合检查，留在名单上"):
        take_off([check])


@pytest.mark.clause("七(二)-e")
def test_l04_too_late_for_another_visit_the_place_stays_on_the_list(at):
    unit = make_unit()
    make_lead_office()
    at("2026-07-06 09:00")
    check, *_ = make_quarter(unit)
    ready(check)
    at("2026-09-28 10:00")
    going = answer_all(start(Inspection.objects.get(pk=check.pk)))

    finish(going, outcome=Outcome.NOT_OPERATING, finding="大门上锁")

    assert ChangeProposal.objects.get().waits and not AmendmentRequest.objects.exists()
    with refused("补入的已经来不及检查"):
        take_off([check], ChangeReason.HALT)
