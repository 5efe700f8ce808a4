"""What the team does: arrive, answer, finish, mend (七(四)-5, 七(五))."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused, refuse_if
from inspections.acceptance import actions as acceptance
from inspections.checks import rules as checks_rules
from inspections.checks.states import move_to
from inspections.evidence import actions as recorders
from inspections.evidence.rules import why_not_covered
from inspections.models import (
    Addendum,
    Answer,
    CheckAnswer,
    Conclusion,
    Inspection,
    InspectionStatus,
    VisitMember,
)
from inspections.offsite import rules as offsite_rules
from inspections.offsite import wording as looks
from inspections.signatures import rules as signatures_rules
from plans.models import Mode
from registry.models import Inspector

from . import differences, duties, in_vain, rules, wording

TO_THE_END = ("unit", "draw", "facility__unit", "pick__drop")  # what the rules and duties of the end ask for


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
    no_recorder_because: str = "",
    version: int | None = None,
) -> Inspection:
    """Record arrival: who is there, identity shown, recorder on or why not (七(五)-b, -h, -i).

    `present` are people of the team. Their certificates are read from the registry of the day (A-24) and kept with the
    visit.
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    team = VisitMember.objects.select_related("inspector", "acceptance")  # half a dozen rules look at it: read once
    prefetch_related_objects([inspection], Prefetch("members", team))
    known = {member.inspector_id: member.inspector for member in inspection.members.all()}
    present = [known.get(person.pk, person) for person in present]
    unfit = checks_rules.unfit_items(inspection, timezone.localtime(at).date())
    refuse_if(
        checks_rules.why_not_this_version(inspection, version)
        or rules.why_not_start(
            inspection,
            by,
            at=at,
            now=clock.now(),
            identity_shown_at=identity_shown_at,
            recorder_no=recorder_no,
            no_recorder_because=no_recorder_because,
            present=present,
            unfit=unfit,
        )
    )
    _strike(inspection, unfit, by)
    move_to(inspection, InspectionStatus.STARTED)
    inspection.started_at = at
    if inspection.mode == Mode.ONSITE:
        inspection.identity_shown_at, inspection.recorder_no = identity_shown_at, recorder_no.strip()
        inspection.no_recorder_because = no_recorder_because.strip()
    inspection.contact_person = contact_person.strip()
    inspection.save_anew()
    recorders.switch_on(inspection=inspection, at=at, by=by)
    note_arrival([member for member in inspection.members.all() if member.inspector in present], at)
    acceptance.no_longer_waits(inspection, at)
    duties.visit_started(inspection)
    trail.record("inspections.visit.started", by=by, about=inspection, people=len(present))
    return inspection


def note_arrival(came: list[VisitMember], at: datetime) -> None:
    """With the certificates of the day, which are mostly those of the dispatch."""
    for member in came:
        member.arrived_at, old = at, (member.certificate_no, member.certificate_to)
        member.certificate_no, member.certificate_to = member.inspector.certificate_no, member.inspector.certificate_to
        if old != (member.certificate_no, member.certificate_to):
            member.save(update_fields=["certificate_no", "certificate_to"])
    VisitMember.objects.filter(pk__in=[member.pk for member in came]).update(arrived_at=at)


def _strike(inspection: Inspection, codes: Mapping[str, str], by: User) -> None:
    """What lost its basis, or its place on the public list, since the dispatch is not checked (N-3)."""
    if codes:
        inspection.answers.filter(item_code__in=codes).update(answer=Answer.NOT_APPLICABLE)
        trail.record("inspections.items.struck", by=by, about=inspection, items=len(codes))


def answer_point(
    *,
    inspection: Inspection,
    pk: int,
    answer: str,
    words: str = "",
    by: User,
    seen: str | None = None,
    found_under: str = "",
) -> CheckAnswer:
    """Record the answer to one check point (七(五)-l); see `answer_points`."""
    answers = {pk: rules.Given(answer, words, seen, found_under)}
    return answer_points(inspection=inspection, answers=answers, by=by)[0]


@transaction.atomic
def answer_points(*, inspection: Inspection, answers: Mapping[int, tuple], by: User) -> list[CheckAnswer]:
    """Record the answers to several check points at once, all or none (七(五)-l).

    `answers`: key of the point → what was given (`rules.Given`). A partner's later answer than the one `seen` is never
    overwritten: the other one is kept beside it, as `differs` of the point. A problem rests on the basis chosen, or on the
    point's own.
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(rules.why_not_write(inspection, by) or rules.why_not_shown(inspection))
    points = {p.pk: p for p in inspection.answers.select_related("answered_by", "item").filter(pk__in=answers)}
    now, changed = clock.now(), {}
    unfit = checks_rules.unfit_items(inspection, timezone.localtime(inspection.started_at).date())
    for pk, said in answers.items():
        point = points.get(pk)
        if point is None:
            raise Refused("这次检查没有这个检查点。")
        given = _on_a_basis(point, rules.Given(*said))
        refuse_if(rules.why_not_answer(point, given) or rules.why_not_this_point(point, given.answer, unfit))
        if all(getattr(point, name) == value for name, value in given.kept.items()):
            continue
        if given.seen is not None and given.seen != stamp(point) and point.answered_by_id != by.pk:
            point.differs = differences.keep(point, given, by, now)
            continue
        point.answer, point.words, point.found_under = given.kept.values()
        point.answered_by, point.answered_at = by, now
        changed.setdefault(tuple(given.kept.items()), []).append(pk)
    # Most points get the same answer: one statement for each different one.
    with wording.follows(inspection):
        for kept, keys in changed.items():
            CheckAnswer.objects.filter(pk__in=keys).update(**dict(kept), answered_by=by, answered_at=now)
    if changed:  # how many, never what: until the result is public the trail names no more than the draw (七(五)-n)
        trail.record("inspections.points.answered", by=by, about=inspection, points=sum(map(len, changed.values())))
    return list(points.values())


def _on_a_basis(point: CheckAnswer, given: rules.Given) -> rules.Given:
    """A problem without a choice rests on what it rested on, else on the first that is offered; anything else on none."""
    basis = ""
    if given.answer == Answer.FOUND:
        basis = given.found_under or point.found_under or next(iter(rules.bases_of(point)), "")
    return given._replace(words=given.words.strip(), found_under=basis)


def stamp(point: CheckAnswer) -> str:
    """What tells one state of a point from the next."""
    return point.answered_at.isoformat() if point.answered_at else ""


@transaction.atomic
def answer_rest(*, inspection: Inspection, item_code: str, by: User) -> list[int]:
    """Of one item all that nobody has answered yet: 未发现问题, declared at once (七(五)-l). Gives back which points."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(
        rules.why_not_write(inspection, by)
        or rules.why_not_shown(inspection)
        or rules.why_not_rest(inspection, item_code)
    )
    left = inspection.answers.filter(item_code=item_code, answer="").order_by("number").values_list("pk", flat=True)
    given = dict.fromkeys(left, (Answer.NONE_FOUND, "", None))
    answer_points(inspection=inspection, answers=given, by=by)
    return list(given)


@transaction.atomic
def take_rest_back(*, inspection: Inspection, points: Iterable[int], by: User) -> int:
    """撤销: the points that this person declared in one stroke are open again; what was changed since stays."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(rules.why_not_write(inspection, by))
    mine = inspection.answers.filter(pk__in=list(points), answer=Answer.NONE_FOUND, answered_by=by)
    last = mine.order_by("-answered_at").values_list("answered_at", flat=True).first()
    back = mine.filter(answered_at=last).update(answer="", answered_by=None, answered_at=None)
    if back:
        trail.record("inspections.points.taken_back", by=by, about=inspection, points=back)
    return back


@transaction.atomic
def conclude(
    *,
    inspection: Inspection,
    by: User,
    outcome: str,
    finding: str,
    measures: str,
    rectify_by: date | None,
    enterprise_opinion: str | None = None,
    registry_status: str = "",
    earlier_attempt_on: date | None = None,
    file: tuple[str, bytes] | None = None,
    seen: str | None = None,
) -> Conclusion:
    """Write what came of the check, for the person in charge to read and sign before it is handed in (N-10).

    A visit in vain says more (`in_vain`): of a place found shut what the registry should say, of one where nobody was
    found the day of the earlier attempt, of both a photo or paper. Without `enterprise_opinion` the one there is stays.
    """
    inspection = Inspection.objects.locked(inspection.pk, *TO_THE_END)
    refuse_if(rules.why_not_write(inspection, by) or rules.why_not_end_again(inspection))
    written = Conclusion.objects.filter(inspection=inspection).first() or Conclusion(inspection=inspection)
    said = {
        "outcome": outcome,
        "finding": finding.strip(),
        "measures": measures.strip(),
        "rectify_by": rectify_by,
        "enterprise_opinion": written.enterprise_opinion if enterprise_opinion is None else enterprise_opinion.strip(),
        "registry_status": registry_status,
        "earlier_attempt_on": earlier_attempt_on,
    }
    if file is None and written.pk and all(getattr(written, name) == value for name, value in said.items()):
        return written
    for name, value in said.items():
        setattr(written, name, value)
    refuse_if(rules.why_not_conclude(inspection, seen) or _why_not_said(inspection, written, file))
    written.file = in_vain.stored(file, by) or written.file
    written.by, written.at = by, clock.now()
    written.save()
    return written


def _why_not_said(inspection: Inspection, written: Conclusion, file: tuple[str, bytes] | None = None) -> str:
    """The rules of the result, when it is written and once more when it is handed in."""
    kept = file or (written.file and (written.file.name, files.read(written.file)))
    return (
        rules.why_not_submit(
            outcome=written.outcome,
            finding=written.finding,
            rectify_by=written.rectify_by,
            answers=list(inspection.answers.all()),
        )
        or differences.why_undecided(inspection)
        or offsite_rules.why_not_end(inspection, written.outcome)
        or rules.why_not_in_vain(
            inspection,
            written.outcome,
            registry_status=written.registry_status,
            earlier_attempt_on=written.earlier_attempt_on,
            measures=written.measures,
            file=kept,
        )
    )


@transaction.atomic
def note_opinion(*, inspection: Inspection, by: User, words: str) -> None:
    """What the person in charge says of the record goes into it as it was said."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    written = Conclusion.objects.filter(inspection=inspection).first()
    refuse_if(
        rules.why_not_write(inspection, by) or ("" if written else "还没有写检查结果。先写结果，再给现场负责人看。")
    )
    if written.enterprise_opinion != words.strip():
        written.enterprise_opinion, written.by, written.at = words.strip(), by, clock.now()
        written.save()


@transaction.atomic
def finish_visit(*, inspection: Inspection, by: User, at: datetime, version: int | None = None) -> Inspection:
    """Hand in what was concluded: from here the 20 working days run, whatever laboratory results still come (八(二)-d, A-36).

    A check on site that was carried out is signed first, or it is noted that the person in charge refused (N-10).
    """
    inspection = Inspection.objects.locked(inspection.pk, *TO_THE_END)
    now = clock.now()
    written = Conclusion.objects.select_related("file").filter(inspection=inspection).first()
    refuse_if(
        checks_rules.why_not_this_version(inspection, version)
        or rules.why_not_write(inspection, by)
        or rules.why_not_end_again(inspection)
        or ("" if written else "还没有写检查结果。先写结果，再提交。")
    )
    refuse_if(
        _why_not_said(inspection, written)
        or rules.why_not_end(inspection, at=at, now=now, rectify_by=written.rectify_by)
        or why_not_covered(inspection, at)
        or signatures_rules.why_not_signed(inspection, written.outcome)
    )
    recorders.switch_off(inspection=inspection, at=at)
    due = duties.public_by(at)
    move_to(inspection, InspectionStatus.FINISHED)
    inspection.ended_at, inspection.publish_by = at, due.date
    _note_offsite(inspection)
    inspection.outcome = written.outcome
    in_vain.keep(inspection, written.file, written.earlier_attempt_on)
    _record(inspection, by, now, written.finding, written.measures, written.rectify_by, written.enterprise_opinion)
    in_vain.follow(inspection, written.registry_status, by, now)
    duties.visit_finished(inspection, due, by, now)
    trail.record("inspections.visit.finished", by=by, about=inspection, publish_by=due.date)
    return inspection


@transaction.atomic
def add_note(*, inspection: Inspection, by: User, text: str) -> Addendum:
    """追加说明: what the team adds once the record is handed in; the record itself stays as it was signed."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(rules.why_not_add(inspection, by, text))
    made = Addendum.objects.create(inspection=inspection, text=text.strip(), by=by, at=clock.now())
    trail.record("inspections.record.added_to", by=by, about=inspection)
    return made


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
        or differences.why_undecided(inspection)
        or rules.why_not_in_vain(
            inspection,
            outcome,
            registry_status=registry_status,
            earlier_attempt_on=earlier_attempt_on,
            measures=measures,
            file=file,
        )
        or offsite_rules.why_not_end(inspection, outcome)
        or rules.why_not_end(inspection, at=inspection.ended_at, now=now, rectify_by=rectify_by)
        or why_not_covered(inspection, inspection.ended_at)
    )
    move_to(inspection, InspectionStatus.FINISHED)
    _note_offsite(inspection)
    inspection.outcome = outcome
    in_vain.keep(inspection, in_vain.stored(file, by), earlier_attempt_on)
    _record(inspection, by, now, finding, measures, rectify_by, enterprise_opinion)
    _write_anew(inspection, by, now)
    in_vain.follow(inspection, registry_status, by, now)
    duties.record_mended(inspection, by, now)
    trail.record("inspections.result.resubmitted", by=by, about=inspection)
    return inspection


def _record(inspection, by, now, finding, measures, rectify_by, enterprise_opinion) -> None:
    inspection.finding, inspection.measures = finding.strip(), measures.strip()
    inspection.rectify_by, inspection.enterprise_opinion = rectify_by, enterprise_opinion.strip()
    inspection.recorded_by, inspection.uploaded_at, inspection.opinion = by, now, ""
    inspection.save_anew()


def _write_anew(inspection, by, now) -> None:
    """What the signatures stand under follows the mended record: they cover it no longer, and may be given again."""
    written = Conclusion.objects.filter(inspection=inspection).first()
    said = ("outcome", "finding", "measures", "rectify_by", "enterprise_opinion")
    if written and any(getattr(written, name) != getattr(inspection, name) for name in said):
        for name in said:
            setattr(written, name, getattr(inspection, name))
        written.by, written.at = by, now
        written.save()


def _note_offsite(inspection: Inspection) -> None:
    if inspection.mode == Mode.OFFSITE:
        inspection.offsite_means, inspection.offsite_evidence = looks.summary(inspection)
