"""What the demo's findings lead to, played by itself: each state of a case and of a referral once (八(二)-e, -f)."""

import heapq
from datetime import date
from itertools import count

import pytest
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.demo.endings import Endings
from benxi_shuangsuiji.demo.times import moment
from disclosure.models import PublicationKind
from disclosure.publications import publish
from disclosure.publishing import snapshots
from inspections.models import Case, FollowUp, Inspection, InspectionStatus, Outcome, Rectification, Referral
from tests.factories import make_city_team, make_unit, make_user
from tests.inspections.factories import came_and_went, make_inspection
from tests.inspections.rectification.factories import make_rectification
from tests.plans.draw.factories import make_item_list

pytestmark = pytest.mark.django_db


class Player:
    """Keeps events in their order, on the clock of the test."""

    def __init__(self, set_clock):
        self.set_clock, self.calendar, self.cast = set_clock, workdays.calendar(), self
        self.queue, self.order, self.people = [], count(), {}

    def of(self, role, unit):
        unit = make_city_team() if unit == "210500" else unit
        return self.people.setdefault((role, unit.pk), make_user((role, unit)))

    def at(self, when, words, act, by=None):
        heapq.heappush(self.queue, (when, next(self.order), act))

    def play(self, until) -> None:
        while self.queue and self.queue[0][0] < until:
            when, _, act = heapq.heappop(self.queue)
            self.set_clock(when.isoformat())
            act()


def make_public(unit, outcome) -> Inspection:
    """A public result, without the way to it."""
    now = clock.now()
    check = make_inspection(unit)
    words = {"status": InspectionStatus.REVIEWED, "outcome": outcome, "finding": "污水站加药记录不全"}
    people = {"recorded_by": make_user(), "reviewed_by": make_user()}
    came_and_went(check, at=now, **words, **people, **dict.fromkeys(("uploaded_at", "reviewed_at"), now))
    check = Inspection.objects.get(pk=check.pk)
    snapshot = snapshots.of_result(check, today=localtime(now).date(), calendar=workdays.calendar())
    columns = snapshots.columns_of(snapshot, check) | {"title": "t", "year": check.year, "number": check.number}
    publish(PublicationKind.RESULT, check.no, by=make_user(), unit=unit, snapshot=snapshot, **columns)
    Inspection.objects.filter(pk=check.pk).update(status=InspectionStatus.PUBLISHED, published_at=now)
    return Inspection.objects.get(pk=check.pk)


def test_the_demo_shows_each_state_of_a_case_and_of_a_referral(at):
    at("2026-06-22 10:00")
    unit, player = make_unit(), Player(at)
    day = clock.today()
    for outcome in [Outcome.CASE_FILED] * 4 + [Outcome.TRANSFERRED]:
        Endings(player).of_check(make_public(unit, outcome), outcome, day, day)
    for _ in range(5):
        make_public(unit, Outcome.ON_SITE_FIXED)
    Endings(player).in_august()
    player.play(moment(date(2026, 8, 19), 10))
    assert set(Case.objects.values_list("state", flat=True)) == {"ASKED", "APPROVED", "RETURNED", "DECIDED", "ENDED"}
    states = set(Referral.objects.values_list("kind", "state"))
    department = {"ASKED", "APPROVED", "RETURNED", "SENT", "TAKEN", "DECLINED", "ANSWERED"}
    assert states == {("DEPARTMENT", state) for state in department} | {("POLICE", "TAKEN")}
    late = FollowUp.objects.waiting().filter(happened_on__lt=date(2026, 8, 18))
    assert not late.exists()


def test_the_demo_plays_orders_to_their_ends_and_leaves_one_late(at):
    at("2026-05-11 10:00")
    make_item_list()
    unit, player, found = make_unit(), Player(at), []
    for _ in range(8):
        found.append(make_rectification(unit))
        if len(found) in (1, 2, 4, 8):  # in their turn: refused, ordered again, handed to a case, halted
            Endings(player)._mend(found[-1].inspection)
    player.play(moment(date(2026, 8, 19), 10))
    refused, *ends, halted = [Rectification.objects.get(pk=found[n].pk) for n in (0, 1, 3, 7)]
    assert [r.state for r in (refused, *ends, halted)] == ["CLOSED", "CLOSED", "HANDED", "HALTED"]
    assert {("EXTEND", "MORE"), ("EXTEND", "RETURNED")} < set(refused.acts.values_list("kind", "state"))
    assert set(halted.acts.values_list("kind", "state")) == {("HALT", "APPROVED"), ("RESUME", "ASKED")}
    assert set(ends[0].acts.values_list("kind", "state")) == {("AGAIN", "APPROVED"), ("CLOSE", "APPROVED")}
    assert Case.objects.get().origin == "RECTIFY"
    assert not FollowUp.objects.waiting().filter(inspection__in=[r.inspection_id for r in ends]).exists()
