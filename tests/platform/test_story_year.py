"""A year of four quarters, the system leading two of them and the platform two, told by its packages alone (issue 17).

The reader knows docs/exchange/ and the two senders' packages, nothing else; what it reads is what the database holds.
"""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from disclosure.publishing.actions import publish_result
from inspections.exchange import actions, taking_up
from inspections.models import (
    Answer,
    Evidence,
    ExchangePackage,
    FollowUp,
    Inspection,
    NoticeNumber,
    Outcome,
    PlatformTask,
)
from inspections.review import actions as review_actions
from inspections.visits import actions as visits_actions
from plans.draw import actions as draw_actions
from tests.factories import make_approver, make_disclosure_officer, make_facility
from tests.inspections.exchange.both import Both, open_result, visited
from tests.inspections.exchange.factories import OUTCOMES
from tests.inspections.factories import (
    accept,
    answer_all,
    finish,
    issued,
    make_dispatched,
    ready,
    start,
    step_aside,
    team_of,
)
from tests.inspections.targeted.factories import make_approved
from tests.plans.draw.factories import move_clock
from tests.platform.package import open_package
from tests.platform.reader import Year

pytestmark = [pytest.mark.django_db, pytest.mark.slow("recomputed")]
QUARTERS = ((1, "BXS"), (4, "BXS"), (7, "MEP"), (10, "MEP"))


class Played(Both):
    """What is done in every quarter; packages of the second and the third are lost on the way."""

    def quarter(self, n: int) -> None:
        drawn = make_dispatched(self.unit, key=2 if n == 0 else 1, general=1, special=0)
        ready(*drawn)
        begun = self.begun_there(n)
        accept(*self.fresh(drawn))  # whoever came in the place of another
        for check in (*drawn, begun):
            issued(check)
        if n == 1:
            self.lose_ours()
        elif n == 2:
            self.lose_theirs()
        self.turn()
        first, *others = self.fresh(drawn)
        visited([first])  # with a problem that was put right at once
        for check in others:
            finish(answer_all(start(check)))
        self.ordered(self.fresh([begun])[0])
        self.turn()
        if self.platform.leads["results"] == "MEP":  # its officers enter there what they found
            for check in self.fresh([*drawn, begun]):
                number = check.platform_task.number
                self.platform.say(self.unit.code, "results", number, **open_result(self, number))
        leader, officer = make_approver(self.unit), make_disclosure_officer(self.unit)
        for check in self.fresh([*drawn, begun]):
            review_actions.review_result(inspection=check, by=leader)
        publish_result(inspection=self.fresh([begun])[0], by=officer)  # and with it the order to put it right
        draw = drawn[0].draw
        move_clock(draw.release_at)
        draw_actions.release_draw(draw=draw)  # before the next quarter is sealed
        for check in self.fresh(drawn):
            review_actions.mark_published(inspection=check, by=officer, at=clock.now())
        self.turn()
        self.back()

    def turn(self) -> None:
        self.out()
        self.back()
        self.back()  # acknowledged a turn late

    def begun_there(self, n: int) -> Inspection:
        """One task of the platform that becomes a check here, one that is declined; somebody of the draw steps aside."""
        place = make_facility(self.unit)
        self.begin(place, f"DEMO-2026-09{n:02}")
        self.begin(make_facility(self.unit), f"DEMO-2026-08{n:02}")
        self.out()
        self.back()
        taken, declined = (PlatformTask.objects.get(number=f"DEMO-2026-0{at}{n:02}") for at in (9, 8))
        check = make_approved(self.unit, facility=place).inspection
        taking_up.take_up(task=taken, check=check, by=self.planner)
        actions.decline(task=declined, reason="上个月已经查过同一件事", by=self.planner)
        drawn = Inspection.objects.filter(unit=self.unit, draw__isnull=False).order_by("pk").last()
        step_aside(drawn, team_of(drawn)[-1])
        ready(check)
        return check

    def lose_ours(self) -> None:
        """It is not on the road either; the next one says which it stands for."""
        lost = open_package(self.make()).number
        (self.folder / "road" / f"{lost}.zip").unlink()
        package, content = actions.make_again(package=ExchangePackage.objects.get(number=lost), by=self.planner)
        assert self.platform.take(self.keep(package.number, content)).state == "TAKEN"
        self.begin(make_facility(self.unit), "DEMO-2026-0799")
        self.back()
        actions.decline(task=PlatformTask.objects.get(number="DEMO-2026-0799"), reason="重复的任务", by=self.planner)

    def lose_theirs(self) -> None:
        self.begin(make_facility(self.unit), "DEMO-2026-0798")
        lost = open_package(self.sent()).number
        (self.folder / "road" / f"{lost}.zip").unlink()
        self.platform.lost(self.unit.code)
        self.back()
        actions.decline(task=PlatformTask.objects.get(number="DEMO-2026-0798"), reason="不在本区", by=self.planner)

    def ordered(self, check: Inspection) -> None:
        """With a problem that is to be put right in a fortnight."""
        check = answer_all(start(check))
        by, point = team_of(check)[0].user, check.answers.last()
        visits_actions.answer_point(inspection=check, pk=point.pk, answer=Answer.FOUND, words="没有台账", by=by)
        by_when = clock.today() + timedelta(days=14)
        finish(check, outcome=Outcome.RECTIFY_ORDERED, finding="没有台账", rectify_by=by_when)

    @staticmethod
    def fresh(checks) -> list[Inspection]:
        pks = [check.pk for check in checks]
        return list(Inspection.objects.filter(pk__in=pks).select_related("unit", "facility").order_by("no"))


def test_a_year_is_read_from_its_packages_alone(at, tmp_path):
    at("2026-01-05 09:00")
    both = Played(tmp_path, late=1)
    for n, (month, lead) in enumerate(QUARTERS):
        at(f"2026-{month:02}-08 09:00")
        if lead != both.platform.leads["tasks"]:
            both.led_by(lead)
        both.quarter(n)

    year, checks = Year(tmp_path / "road"), Inspection.objects.select_related("platform_task").order_by("no")
    totals = year.totals()
    assert (totals["missing"], totals["faults"], totals["different"]) == ([], [], [])
    assert {check.number for check in checks} == {1, 2, 3, 4} and len(checks) >= 12
    number = {check.pk: check.platform_task.number for check in checks}
    assert totals["numbers"] == {check.no: number[check.pk] for check in checks}

    assert set(year.by_check("tasks", "BXS")) == set(number.values())
    tasks = year.by_check("tasks", "BXS")
    for check in checks:
        told = tasks[number[check.pk]]
        assert (told["state"], told["source"]) == ("ISSUED", check.source)
        assert (told["facility"]["code"], told["finish_by"]) == (check.facility.code, str(check.finish_by))
        assert (told["year"], told["quarter"]) == (check.year, check.number)
    declined = PlatformTask.objects.filter(state="DECLINED").select_related("package")
    assert len(declined) == 6
    assert set(totals["refused"]) == {f"{task.package}/tasks/{task}" for task in declined}

    teams = {}  # as they went: who stepped aside is not among them
    for check in checks:
        members = check.members.order_by("-is_leader", "inspector__code")
        teams[number[check.pk]] = [(m.certificate_no, m.is_leader) for m in members]
    assert teams == {
        check: [(m["certificate_no"], m["leader"]) for m in row["members"]]
        for check, row in year.by_check("teams", "BXS").items()
    }
    results = {number[check.pk]: check.outcome for check in checks}
    told = {side: year.by_check("results", side) for side in ("BXS", "MEP")}
    assert {check: row["outcome"]["bxs"] for check, row in told["BXS"].items()} == results
    theirs = {number[check.pk] for check in checks if check.number > 2}
    assert {check: row["outcome"]["mep"] for check, row in told["MEP"].items()} == {
        check: OUTCOMES[results[check]] for check in theirs
    }
    findings = {number[check.pk]: (check.finding, check.measures) for check in checks}
    assert {check: (row["finding"], row["measures"]) for check, row in told["BXS"].items()} == findings

    def keys(kind):
        return {key for side, key in year.newest(kind) if side == "BXS"}

    assert keys("notices") == {row.text for row in NoticeNumber.objects.all()}
    seen = {(number[piece.inspection_id], piece.file.sha256) for piece in Evidence.objects.select_related("file")}
    assert seen == {(year.check(row), row["sha256"]) for row in year.newest("evidence").values()}
    assert keys("followups") == set(FollowUp.objects.values_list("no", flat=True)) and len(keys("followups")) >= 4
    assert {check: row for check, row in both.theirs().items() if row["task"]} == both.ours()
    road = [open_package(path.read_bytes()) for path in (tmp_path / "road").iterdir()]
    known = dict(ExchangePackage.objects.values_list("number", "digest"))
    lost = {gone for package in road for gone in package.manifest["supersedes"]} - {package.number for package in road}
    assert {package.number: package.fingerprint for package in road} == {
        n: d for n, d in known.items() if n not in lost
    }
    assert len(lost) == 2 and all(n in known for n in lost)
