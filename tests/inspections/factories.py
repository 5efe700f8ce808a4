"""Checks in each of their states, made through the actions.

`make_inspection` makes a check that did not come from a draw, so that what does not depend on one needs none;
`make_dispatched` takes the way of the quarter: draw, dispatch, tasks.
"""

from datetime import date, timedelta

from django.utils import timezone

from benxi_shuangsuiji import clock
from inspections.dispatch import actions as dispatch_actions
from inspections.models import (
    Answer,
    CheckAnswer,
    Inspection,
    InspectionStatus,
    Mode,
    Outcome,
    Source,
    VisitMember,
)
from inspections.review import actions as review_actions
from inspections.visits import actions as visits_actions
from registry.models import Category
from tests.factories import make_approver, make_facility, make_inspector, make_planner, make_unit
from tests.plans.amendments.factories import PHOTO
from tests.plans.draw.factories import make_held_draw

POINTS = [
    ("A01", "污染防治设施运行情况", 1, "污染防治设施是否正常运行"),
    ("A01", "污染防治设施运行情况", 2, "运行台账是否完整"),
    ("B01", "固体废物及危险废物管理情况", 1, "贮存间是否设置识别标志"),
]
_count = iter(range(5_000, 10_000))  # what is dispatched begins at 1


def make_inspection(unit=None, *, people=2, mode=Mode.ONSITE, accepted=True, points=POINTS, **fields) -> Inspection:
    """A dispatched check with its team; the leader has taken it on."""
    unit = unit or make_unit()
    now = clock.now()
    inspectors = fields.pop("team", None) or [make_inspector(unit, with_user=True) for _ in range(people)]
    inspection = Inspection.objects.create(
        **{
            "no": f"{unit.code}-2026Q3-{next(_count):04d}",
            "source": Source.COMPLAINT,
            "mode": mode,
            "unit": unit,
            "executing_unit": unit,
            "facility": fields.pop("facility", None) or make_facility(unit, address="松岭路 18 号"),
            "category": Category.GENERAL,
            "year": 2026,
            "number": 3,
            "dispatched_by": make_planner(unit),
            "dispatched_at": now - timedelta(hours=2),
            "finish_by": date(2026, 9, 20),
            "accepted_at": now - timedelta(hours=1) if accepted else None,
            **fields,
        }
    )
    for n, inspector in enumerate(inspectors):
        VisitMember.objects.create(
            inspection=inspection,
            inspector=inspector,
            is_leader=n == 0,
            certificate_no=inspector.certificate_no,
            certificate_to=inspector.certificate_to,
        )
    CheckAnswer.objects.bulk_create(
        CheckAnswer(inspection=inspection, item_code=code, item_name=name, number=n, text=text, basis="某法第一条")
        for code, name, n, text in points
    )
    return inspection


def team_of(inspection) -> list:
    """The inspectors, the leader first."""
    return [m.inspector for m in inspection.members.select_related("inspector__user")]


def start(inspection, **changes) -> Inspection:
    """Half an hour ago, or when the leader took the task on if that was later."""
    now = clock.now()
    accepted = Inspection.objects.get(pk=inspection.pk).accepted_at
    arrived = max(filter(None, [now - timedelta(minutes=30), accepted]))
    people = team_of(inspection)
    onsite = inspection.mode == Mode.ONSITE
    return visits_actions.start_visit(
        **{
            "inspection": inspection,
            "by": people[0].user,
            "at": arrived,
            "identity_shown_at": min(arrived + timedelta(minutes=1), now) if onsite else None,
            "recorder_no": "BX-MS-07" if onsite else "",
            "contact_person": "齐某",
            "present": people,
            **changes,
        }
    )


def answer_all(inspection, answer=Answer.NONE_FOUND, words="") -> Inspection:
    by = team_of(inspection)[0].user
    for point in inspection.answers.all():
        visits_actions.answer_point(inspection=inspection, pk=point.pk, answer=answer, words=words, by=by)
    return inspection


def finish(inspection, **changes) -> Inspection:
    """Of a visit in vain with what proves it."""
    offsite = inspection.mode == Mode.OFFSITE
    outcome = changes.get("outcome")
    if outcome == Outcome.NOT_OPERATING:
        changes = {"registry_status": "SUSPENDED", "file": PHOTO, **changes}
    elif outcome == Outcome.UNREACHABLE:
        earlier = timezone.localtime(inspection.dispatched_at).date()
        changes = {"earlier_attempt_on": earlier, "file": PHOTO, **changes}
    return visits_actions.finish_visit(
        **{
            "inspection": inspection,
            "by": team_of(inspection)[0].user,
            "outcome": Outcome.NO_ISSUE,
            "finding": "",
            "measures": "",
            "rectify_by": None,
            "enterprise_opinion": "以上情况属实。",
            "at": clock.now(),
            **({"offsite_means": "ONLINE", "offsite_evidence": "废气排口小时均值"} if offsite else {}),
            **changes,
        }
    )


def make_started(unit=None, **fields) -> Inspection:
    return start(make_inspection(unit, **fields))


def make_finished(unit=None, *, problem="", **fields) -> Inspection:
    """Checked through; with `problem` the last point has one, to be put right in a fortnight."""
    inspection = answer_all(make_started(unit, **fields))
    if not problem:
        return finish(inspection)
    visits_actions.answer_point(
        inspection=inspection,
        pk=inspection.answers.last().pk,
        answer=Answer.FOUND,
        words=problem,
        by=team_of(inspection)[0].user,
    )
    return finish(
        inspection,
        outcome=Outcome.RECTIFY_ORDERED,
        finding=problem,
        rectify_by=clock.today() + timedelta(days=14),
    )


def make_reviewed(unit=None, **fields) -> Inspection:
    inspection = make_finished(unit, **fields)
    return review_actions.review_result(inspection=inspection, by=make_approver(inspection.unit))


def make_published(unit=None, **fields) -> Inspection:
    inspection = make_reviewed(unit, **fields)
    return review_actions.mark_published(inspection=inspection, by=make_planner(inspection.unit), at=clock.now())


def checked(draw) -> None:
    """Every place of the draw with its published check, so that the next quarter can be sealed."""
    now = clock.now()
    for pick in draw.picks.standing():
        make_inspection(
            draw.unit,
            people=0,
            source=Source.DRAW,
            draw=draw,
            pick=pick,
            facility=pick.facility,
            category=pick.category,
            number=draw.number,
            status=InspectionStatus.PUBLISHED,
            outcome=Outcome.NO_ISSUE,
            started_at=now,
            ended_at=now,
            published_at=now,
        )


def make_dispatched(unit=None, **fields) -> list[Inspection]:
    """The tasks of a held draw. Moves the clock: use with the fixture `at`."""
    draw = make_held_draw(unit, **fields)
    return dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
