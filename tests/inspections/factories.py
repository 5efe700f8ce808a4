"""Checks in each of their states, made through the actions.

`make_inspection` makes a check that did not come from a draw, so that what does not depend on one needs none;
`make_dispatched` takes the way of the quarter: draw, dispatch, tasks.
"""

from datetime import date, timedelta

from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import RoleGrant
from benxi_shuangsuiji.accounts.roles import Role
from inspections.approvals import issuing
from inspections.dispatch import actions as dispatch_actions
from inspections.models import (
    Acceptance,
    Answer,
    ApprovalState,
    CheckAnswer,
    CheckApproval,
    EnterpriseLink,
    Inspection,
    InspectionStatus,
    Mode,
    OffsiteLook,
    Outcome,
    Paper,
    Source,
    VisitMember,
)
from inspections.offsite import actions as offsite_actions
from inspections.offsite.rules import Seen
from inspections.replacements import actions as replacing
from inspections.review import actions as review_actions
from inspections.service import actions as service_actions
from inspections.service import rules as service_rules
from inspections.signatures import actions as signatures_actions
from inspections.signatures import rules as signatures_rules
from inspections.visits import actions as visits_actions
from plans.models import ChangeReason
from registry.models import Category
from tests.factories import make_approver, make_facility, make_inspector, make_planner, make_unit
from tests.inspections.evidence.pictures import PDF
from tests.plans.amendments.factories import PHOTO
from tests.plans.draw.factories import make_held_draw

POINTS = [
    ("A01", "污染防治设施运行情况", 1, "污染防治设施是否正常运行"),
    ("A01", "污染防治设施运行情况", 2, "运行台账是否完整"),
    ("B01", "固体废物及危险废物管理情况", 1, "贮存间是否设置识别标志"),
]
_count = iter(range(5_000, 10_000))  # what is dispatched begins at 1


def make_inspection(
    unit=None, *, people=2, mode=Mode.ONSITE, accepted=True, approved=True, points=POINTS, **fields
) -> Inspection:
    """A dispatched check with its team; everybody has taken it on, and the unit's leader has approved it."""
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
    if accepted:
        accept(inspection)
    if approved:
        approve(inspection)
    return inspection


def accept(*inspections) -> None:
    """Everybody of the team declares and takes the task on: when the leader did, else now."""
    for inspection in inspections:
        at = inspection.accepted_at or clock.now()
        for member in inspection.members.filter(acceptance__isnull=True):
            Acceptance.objects.create(member=member, read_at=at, no_conflict=True, discipline=True, accepted_at=at)
        if inspection.accepted_at is None:
            inspection.accepted_at = at
            Inspection.objects.filter(pk=inspection.pk).update(accepted_at=at)


def ready(*inspections) -> None:
    """Accepted by everybody, and approved: they may go."""
    accept(*inspections)
    approve(*(i for i in inspections if not i.approvals.exists()))


def approve(*inspections, **fields) -> None:
    """Approved by the unit's leader when it was handed out, for half a year."""
    for inspection in inspections:
        at = inspection.dispatched_at
        day = timezone.localtime(at).date()
        CheckApproval.objects.create(
            **{
                "no": f"{inspection.unit.code}-{day.year}-P900",
                "inspection": inspection,
                "decided_in": inspection.unit,
                "first_day": day,
                "last_day": day + timedelta(days=180),
                "minutes": 150,
                "facts": _facts_of(inspection),
                "asked_by": inspection.dispatched_by,
                "asked_at": at,
                "state": ApprovalState.APPROVED,
                "decided_by": _leader_of(inspection),
                "decided_at": at,
                **fields,
            }
        )


def issued(inspection) -> Inspection:
    """With the number of its notice and the address of the enterprise, as its approval gives them."""
    issuing.issue([inspection], clock.now())
    return Inspection.objects.get(pk=inspection.pk)


def link_of(inspection) -> EnterpriseLink:
    """The open address of the enterprise."""
    return issued(inspection).enterprise_links.get(ended_at=None)


def _facts_of(inspection) -> dict:
    """What the paper says, as far as it is not asked for: most checks of tests are approved and never looked at as such."""
    return {
        "check_no": inspection.no,
        "facility": inspection.facility.name,
        "uscc": inspection.facility.uscc,
        "address": inspection.facility.address,
        "contact": inspection.facility.contact_name,
        "category": f"{inspection.get_category_display()}监管对象",
        "source": inspection.get_source_display(),
        "draw_no": "",
        "items": ["污染防治设施运行情况"],
        "bases": [],
        "mode": inspection.get_mode_display(),
        "people": [],
        "visits": 1,
        "cap": None,
    }


def _leader_of(inspection):
    """Who leads the unit already: one more leader would show on every page that names who decides."""
    leads = RoleGrant.objects.filter(unit=inspection.unit, role=Role.APPROVER)
    found = leads.exclude(user=inspection.dispatched_by).select_related("user").order_by("pk").first()
    return found.user if found else make_approver(inspection.unit)


def team_of(inspection) -> list:
    """The inspectors, the leader first."""
    return [m.inspector for m in inspection.members.select_related("inspector__user")]


def start(inspection, *, served=True, **changes) -> Inspection:
    """Half an hour ago, or when the leader took the task on if that was later; `served`: the notice was taken."""
    now = clock.now()
    accepted = Inspection.objects.get(pk=inspection.pk).accepted_at
    arrived = changes.get("at") or max(filter(None, [now - timedelta(minutes=30), accepted]))
    people = team_of(inspection)
    onsite = inspection.mode == Mode.ONSITE
    started = visits_actions.start_visit(
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
    if served and onsite:
        service_actions.deliver(inspection=started, paper=Paper.NOTICE, by=people[0].user, at=started.started_at)
    return Inspection.objects.get(pk=started.pk)


def answer_all(inspection, answer=Answer.NONE_FOUND, words="") -> Inspection:
    answers = {point.pk: (answer, words, None) for point in inspection.answers.all()}
    visits_actions.answer_points(inspection=inspection, answers=answers, by=team_of(inspection)[0].user)
    return inspection


def look(inspection, **changes) -> OffsiteLook:
    """One look from outside, by the leader, at the week before."""
    today = clock.today()
    seen = {
        "method": "ONLINE",
        "source": "废气排口小时均值",
        "period_from": today - timedelta(days=7),
        "period_to": today,
        "result": "NOTHING",
        "points": {inspection.answers.first().pk: "小时均值没有超过限值"},
        "files": [("小时均值.pdf", PDF)],
        **changes,
    }
    if seen.get("instead_of"):
        seen = {"instead_why": "数据取错了时段"} | seen
    by = seen.pop("by", None) or team_of(inspection)[0].user
    return offsite_actions.look(inspection=inspection, seen=Seen(**seen), by=by)


def sign_all(inspection) -> None:
    """Everybody whose signature is wanted, on one signed paper."""
    signatures_actions.sign_on_paper(
        inspection=inspection,
        by=team_of(inspection)[0].user,
        scan=PHOTO,
        name=inspection.contact_person or "齐某",
        inspectors=[m.inspector for m in inspection.who_came],
        at=clock.now(),
    )


def finish(inspection, *, signed=True, told=True, **changes) -> Inspection:
    """Of a visit in vain with what proves it; `signed`: by everybody, where it is signed at all; `told`: the result was taken."""
    if inspection.mode == Mode.OFFSITE and not inspection.looks.exists():
        look(inspection)
    outcome = changes.get("outcome")
    if outcome == Outcome.NOT_OPERATING:
        changes = {"registry_status": "SUSPENDED", "file": PHOTO, **changes}
    elif outcome == Outcome.UNREACHABLE:
        earlier = timezone.localtime(inspection.dispatched_at).date()
        changes = {"earlier_attempt_on": earlier, "file": PHOTO, **changes}
    said = {
        "by": team_of(inspection)[0].user,
        "outcome": Outcome.NO_ISSUE,
        "finding": "",
        "measures": "",
        "rectify_by": None,
        "enterprise_opinion": "以上情况属实。",
        "at": clock.now(),
        **changes,
    }
    handed_in = {name: said.pop(name) for name in ("at", "version") if name in said}
    visits_actions.conclude(inspection=inspection, **said)
    if signed and signatures_rules.is_signed(inspection, said["outcome"]):
        sign_all(inspection)
    finished = visits_actions.finish_visit(inspection=inspection, by=said["by"], **handed_in)
    if told and service_rules.why_not_told(finished):
        tell(finished)
    return finished


def tell(inspection) -> None:
    """The result was handed over when the check was over."""
    by = team_of(inspection)[0].user
    service_actions.deliver(inspection=inspection, paper=Paper.RESULT, by=by, at=inspection.ended_at)


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
    now, team = clock.now(), [make_inspector(draw.unit) for _ in range(2)]
    for pick in draw.picks.standing():
        made = make_inspection(
            draw.unit,
            team=team,
            accepted=False,
            source=Source.DRAW,
            draw=draw,
            pick=pick,
            facility=pick.facility,
            category=pick.category,
            number=draw.number,
            outcome=Outcome.NO_ISSUE,
            published_at=now,
        )
        came_and_went(made, at=now, status=InspectionStatus.PUBLISHED)


def begun(*inspections, **fields) -> None:
    """Begun now, where nobody looks at the visit itself; the database asks for approval and who came (visits/rules.sql)."""
    fields = {"started_at": clock.now(), "status": InspectionStatus.STARTED, **fields}
    for inspection in inspections:
        if not inspection.approvals.approved().exists():
            approve(inspection)
        inspection.members.update(arrived_at=fields["started_at"])
        Inspection.objects.filter(pk=inspection.pk).update(**fields)


def came_and_went(inspection, *, at, **fields) -> None:
    """Begun and over at that moment; its state only where it is said."""
    begun(inspection, **{"started_at": at, "ended_at": at, "status": inspection.status, **fields})


def make_dispatched(unit=None, **fields) -> list[Inspection]:
    """The tasks of a held draw. Moves the clock: use with the fixture `at`."""
    draw = make_held_draw(unit, **fields)
    made = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    approve(*made)
    return made


def step_aside(check: Inspection, person) -> None:
    """He asks to be taken off, and the leader approves: somebody else has his place."""
    asked = replacing.ask(
        draw=check.draw,
        reason=ChangeReason.RECUSE,
        evidence="近亲属在该企业任职",
        by=person.user,
        picks=[check.pick],
        inspector=person,
    )
    replacing.approve(request=asked, by=make_approver(check.unit), document_no="本环更〔2026〕1 号")
