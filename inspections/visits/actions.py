"""What people do with checks: dispatch, accept, visit, review (七(四)-5, 七(五))."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if
from inspections.checks import rules as checks_rules
from inspections.checks.states import move_to
from inspections.models import Answer, CheckAnswer, Inspection, InspectionStatus, VisitMember
from plans.models import Mode
from registry.models import Inspector

from . import duties, in_vain, rules


@transaction.atomic
def accept(*, inspection: Inspection, by: User) -> Inspection:
    """The leader takes the task (五-4i)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(rules.why_not_accept(inspection, by))
    inspection.accepted_at = clock.now()
    inspection.save_anew()
    trail.record("inspections.accepted", by=by, about=inspection)
    return inspection


@transaction.atomic
def start_visit(
    *,
    inspection: Inspection,
    by: User,
    at: datetime,
    identity_shown_at: datetime | None,
    recorder_no: str,
    contact_person: str,
    present: Iterable[Inspector],
    version: int | None = None,
) -> Inspection:
    """Record arrival: who is there, identity shown, recorder on (七(五)-b, -h, -i).

    `present` are people of the team. Their certificates are read from the registry of the day (A-24) and kept with the
    visit.
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    present = list(Inspector.objects.filter(pk__in=[p.pk for p in present]))
    refuse_if(
        checks_rules.why_not_this_version(inspection, version)
        or rules.why_not_start(
            inspection,
            by,
            at=at,
            now=clock.now(),
            identity_shown_at=identity_shown_at,
            recorder_no=recorder_no,
            present=present,
        )
    )
    _strike_unfit(inspection, at, by)
    move_to(inspection, InspectionStatus.STARTED)
    inspection.started_at = at
    if inspection.mode == Mode.ONSITE:
        inspection.identity_shown_at, inspection.recorder_no = identity_shown_at, recorder_no.strip()
    inspection.contact_person = contact_person.strip()
    inspection.save_anew()
    for person in present:
        VisitMember.objects.filter(inspection=inspection, inspector=person).update(
            arrived_at=at, certificate_no=person.certificate_no, certificate_to=person.certificate_to
        )
    duties.visit_started(inspection)
    trail.record("inspections.visit.started", by=by, about=inspection, people=len(present))
    return inspection


def _strike_unfit(inspection: Inspection, at: datetime, by: User) -> None:
    """What lost its basis, or its place on the public list, since the dispatch is not checked (N-3)."""
    codes = checks_rules.unfit_items(inspection, timezone.localtime(at).date())
    if codes:
        inspection.answers.filter(item_code__in=codes).update(answer=Answer.NOT_APPLICABLE)
        trail.record("inspections.items.struck", by=by, about=inspection, items=len(codes))


def answer_point(
    *, inspection: Inspection, pk: int, answer: str, words: str = "", by: User, seen: str | None = None
) -> CheckAnswer:
    """Record the answer to one check point (七(五)-l); see `answer_points`."""
    answers = {pk: (answer, words, seen)}
    return answer_points(inspection=inspection, answers=answers, by=by)[0]


@transaction.atomic
def answer_points(*, inspection: Inspection, answers: Mapping[int, tuple], by: User) -> list[CheckAnswer]:
    """Record the answers to several check points at once, all or none (七(五)-l).

    `answers`: key of the point → (answer, words, seen). `seen` is the point's `stamp` when the form was opened, or None:
    a partner's later answer is shown, never overwritten.
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(rules.why_not_write(inspection, by))
    points = {p.pk: p for p in inspection.answers.select_related("answered_by").filter(pk__in=answers)}
    now, changed = clock.now(), {}
    unfit = checks_rules.unfit_items(inspection, timezone.localtime(inspection.started_at).date())
    for pk, (answer, words, seen) in answers.items():
        refuse_if(rules.why_not_answer(answer, words))
        point = points.get(pk)
        if point is None:
            raise Refused("这次检查没有这个检查点。")
        refuse_if(rules.why_not_this_point(point, answer, unfit))
        if (point.answer, point.words) == (answer, words.strip()):
            continue
        if seen is not None and seen != stamp(point):
            moment = timezone.localtime(point.answered_at)
            raise Refused(
                f"同组{point.answered_by.full_name} {moment:%H:%M} 已把“{point.text}”记为"
                f"“{point.get_answer_display()}”。核对之后再改。"
            )
        point.answer, point.words = answer, words.strip()
        point.answered_by, point.answered_at = by, now
        changed.setdefault((point.answer, point.words), []).append(pk)
    # Most points get the same answer: one statement for each different one.
    for (answer, words), keys in changed.items():
        CheckAnswer.objects.filter(pk__in=keys).update(answer=answer, words=words, answered_by=by, answered_at=now)
    return list(points.values())


def stamp(point: CheckAnswer) -> str:
    """What tells one state of a point from the next."""
    return point.answered_at.isoformat() if point.answered_at else ""


@transaction.atomic
def finish_visit(
    *,
    inspection: Inspection,
    by: User,
    outcome: str,
    finding: str,
    measures: str,
    rectify_by: date | None,
    enterprise_opinion: str,
    at: datetime,
    offsite_means: str = "",
    offsite_evidence: str = "",
    registry_status: str = "",
    earlier_attempt_on: date | None = None,
    file: tuple[str, bytes] | None = None,
    version: int | None = None,
) -> Inspection:
    """End the check: from here the 20 working days run, whatever laboratory results still come (八(二)-d, A-36).

    A visit in vain says more (`in_vain`): of a place found shut what the registry should say, of one where nobody was
    found the day of the earlier attempt, of both a photo or paper.
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    refuse_if(
        checks_rules.why_not_this_version(inspection, version)
        or rules.why_not_write(inspection, by)
        or rules.why_not_end_again(inspection)
        or rules.why_not_submit(
            outcome=outcome,
            finding=finding,
            rectify_by=rectify_by,
            answers=list(inspection.answers.all()),
        )
        or rules.why_not_in_vain(
            inspection,
            outcome,
            registry_status=registry_status,
            earlier_attempt_on=earlier_attempt_on,
            measures=measures,
            file=file,
        )
        or rules.why_not_offsite(inspection, offsite_means, offsite_evidence)
        or rules.why_not_end(inspection, at=at, now=now, rectify_by=rectify_by)
    )
    due = duties.public_by(at)
    move_to(inspection, InspectionStatus.FINISHED)
    inspection.ended_at, inspection.publish_by = at, due.date
    _note_offsite(inspection, offsite_means, offsite_evidence)
    inspection.outcome = outcome
    in_vain.keep(inspection, file, earlier_attempt_on, by)
    _record(inspection, by, now, finding, measures, rectify_by, enterprise_opinion)
    in_vain.follow(inspection, registry_status, by, now)
    duties.visit_finished(inspection, due, by, now)
    trail.record("inspections.visit.finished", by=by, about=inspection, publish_by=due.date)
    return inspection


@transaction.atomic
def resubmit(
    *,
    inspection: Inspection,
    by: User,
    outcome: str,
    finding: str,
    measures: str,
    rectify_by: date | None,
    enterprise_opinion: str,
    offsite_means: str = "",
    offsite_evidence: str = "",
    registry_status: str = "",
    earlier_attempt_on: date | None = None,
    file: tuple[str, bytes] | None = None,
    version: int | None = None,
) -> Inspection:
    """Hand a returned record in again; the day the check ended, and its clock, stay (A-36)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    refuse_if(
        checks_rules.why_not_this_version(inspection, version)
        or rules.why_not_write(inspection, by)
        or rules.why_not_submit_again(inspection)
        or rules.why_not_submit(
            outcome=outcome,
            finding=finding,
            rectify_by=rectify_by,
            answers=list(inspection.answers.all()),
        )
        or rules.why_not_in_vain(
            inspection,
            outcome,
            registry_status=registry_status,
            earlier_attempt_on=earlier_attempt_on,
            measures=measures,
            file=file,
        )
        or rules.why_not_offsite(inspection, offsite_means, offsite_evidence)
        or rules.why_not_end(inspection, at=inspection.ended_at, now=now, rectify_by=rectify_by)
    )
    move_to(inspection, InspectionStatus.FINISHED)
    _note_offsite(inspection, offsite_means, offsite_evidence)
    inspection.outcome = outcome
    in_vain.keep(inspection, file, earlier_attempt_on, by)
    _record(inspection, by, now, finding, measures, rectify_by, enterprise_opinion)
    in_vain.follow(inspection, registry_status, by, now)
    duties.record_mended(inspection, by, now)
    trail.record("inspections.result.resubmitted", by=by, about=inspection)
    return inspection


def _record(inspection, by, now, finding, measures, rectify_by, enterprise_opinion) -> None:
    inspection.finding, inspection.measures = finding.strip(), measures.strip()
    inspection.rectify_by, inspection.enterprise_opinion = rectify_by, enterprise_opinion.strip()
    inspection.recorded_by, inspection.uploaded_at, inspection.opinion = by, now, ""
    inspection.save_anew()


def _note_offsite(inspection: Inspection, means: str, evidence: str) -> None:
    if inspection.mode == Mode.OFFSITE:
        inspection.offsite_means, inspection.offsite_evidence = means, evidence.strip()
