"""What people do with checks: dispatch, accept, visit, review (七(四)-5, 七(五))."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.models import Message
from benxi_shuangsuiji.notices.telling import notify
from benxi_shuangsuiji.refusal import Refused, refuse_if
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Quarter
from plans import basis_rules, permits
from plans.draw_actions import SEND_DUTY, dispatch_period
from plans.models import Draw, InspectionItem, ItemCategory, Mode, Pick, PlanItem
from registry import public_tags
from registry.models import Category, Facility, Inspector

from . import coverage, rules
from .gaps import COUNTING
from .models import Answer, CheckAnswer, Inspection, InspectionStatus, Source, VisitMember
from .states import ENDED, move_to


@transaction.atomic
def dispatch(*, draw: Draw, by: User) -> list[Inspection]:
    """Make one check of every pick whose team is complete, and hand it to the team (七(二)-h, 五-4i).

    A pick without a team, or with one that has lost a certificate or gained a conflict since the draw, stays behind with
    its reason (`rules.waiting`); when nothing can be dispatched the reason is the refusal. The numbers are given in a
    shuffled order, so that a published one tells nothing about the tickets.
    """
    draw = Draw.objects.select_for_update(of=("self",)).select_related("plan__executing_unit", "unit").get(pk=draw.pk)
    refuse_if(rules.why_not_dispatch(draw, by))
    now = clock.now()
    tasks = rules.waiting(draw, now.date())
    refuse_if(rules.why_not_any(tasks))

    ready = [t for t in tasks if not t.obstacle]
    secrets.SystemRandom().shuffle(ready)
    stem = f"{draw.unit.code}-{draw.year}Q{draw.number}-"
    last = (
        Inspection.objects.filter(no__startswith=stem, draw__isnull=False)
        .order_by("-no")
        .values_list("no", flat=True)
        .first()
    )
    first = int(last.removeprefix(stem)) + 1 if last else 1
    made = Inspection.objects.bulk_create(
        Inspection(
            no=f"{stem}{n:04d}",
            source=Source.DRAW,
            mode=Mode.OFFSITE if task.pick.mode == "offsite" else Mode.ONSITE,
            unit=draw.unit,
            executing_unit=draw.plan.executing_unit,
            facility=task.pick.facility,
            category=task.pick.category,
            draw=draw,
            pick=task.pick,
            year=draw.year,
            number=draw.number,
            dispatched_by=by,
            dispatched_at=now,
            finish_by=draw.plan.window_to,
            policy_version=policy.on(now.date()).version,
        )
        for n, task in enumerate(ready, first)
    )
    VisitMember.objects.bulk_create(
        VisitMember(
            inspection=inspection,
            inspector=m.inspector,
            is_leader=m.is_leader,
            certificate_no=m.inspector.certificate_no,
            certificate_to=m.inspector.certificate_to,
        )
        for inspection, task in zip(made, ready, strict=True)
        for m in task.members
    )
    sheet = check_sheet(draw, now.date())
    CheckAnswer.objects.bulk_create(
        CheckAnswer(inspection=inspection, **point)
        for inspection in made
        for point in points_for(sheet[inspection.category], inspection.facility, now.date())
    )
    _tell_teams(ready, now)
    if len(ready) == len(tasks):
        duties.close(
            rule=SEND_DUTY, unit=draw.unit, period=dispatch_period(draw), event="inspections.dispatched", at=now
        )
    trail.record("inspections.dispatched", by=by, about=draw, dispatched=len(made), left=len(tasks) - len(made))
    return made


def check_sheet(draw: Draw, day: date) -> dict[str, list[tuple[str, InspectionItem]]]:
    """Category → the items that the plan checks there, each with the tag it is about, as the list in force has them.

    An item that is not on the public list any more, or rests on no basis in force, is left out (N-3).
    """
    sheet: dict[str, list[tuple[str, InspectionItem]]] = {category: [] for category in Category.values}
    rows = list(PlanItem.objects.filter(plan=draw.plan_id).select_related("item").order_by("item__code"))
    standing = basis_rules.standing_of(row.item for row in rows)
    unfit = basis_rules.why_unfit(standing, day)
    prefetch_related_objects([s.now for s in standing if s.now], "points")
    for row, found in zip(rows, standing, strict=True):
        for category in sheet:
            if getattr(row, category) and row.item_id not in unfit:
                sheet[category].append((row.only_tag, found.now))
    return sheet


def points_for(items: Iterable[tuple[str, InspectionItem]], facility: Facility, day: date) -> list[dict]:
    """The points of a check sheet for one facility (七(五)-l); an item without points is one point.

    An item about a tag is checked where the facility bears it (六(二)-q).

    Points with a condition are asked where the registry says that it is met; the first of 排污许可 shows what the registry
    has of the permit (三-o3). Where no condition is met, everything is asked.
    """
    items = [item for tag, item in items if public_tags.holds(facility, tag)]
    asked = [
        (item, p)
        for item in items
        for p in item.points.all() or [None]
        if not p or permits.applies(p.applies_to, facility)
    ]
    if not asked:
        asked = [(item, p) for item in items for p in item.points.all()]
    found, shown = [], set()
    for item, p in asked:
        known = ""
        if item.category == ItemCategory.PERMIT and item.code not in shown:
            shown.add(item.code)
            known = permits.known_of(facility, day)
        found.append(
            {
                "item": item,
                "item_code": item.code,
                "item_name": item.name,
                "number": p.number if p else 1,
                "text": p.text if p else item.content,
                "basis": (p.basis if p else "") or item.legal_basis,
                "standard": p.standard if p else "",
                "method": p.method if p else "",
                "known": known,
            }
        )
    return found


def _tell_teams(tasks: list[rules.Waiting], now: datetime) -> None:
    """A message to each person with his own count, naming nobody (decisions.md 3)."""
    counts: dict[int, int] = {}
    for task in tasks:
        for member in task.members:
            if member.inspector.user_id:
                counts[member.inspector.user_id] = counts.get(member.inspector.user_id, 0) + 1
    Message.objects.bulk_create(
        Message(
            user_id=user,
            title=f"收到 {n} 件检查任务",
            body="组长先接收任务，再按时检查。检查之前不向任何人透露检查对象。",
            url=reverse("inspections:field-tasks"),
            created_at=now,
        )
        for user, n in sorted(counts.items())
    )


@transaction.atomic
def accept(*, inspection: Inspection, by: User) -> Inspection:
    """The leader takes the task (五-4i)."""
    inspection = _locked(inspection)
    refuse_if(rules.why_not_accept(inspection, by))
    inspection.accepted_at = clock.now()
    _save(inspection)
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
    inspection = _locked(inspection)
    present = list(Inspector.objects.filter(pk__in=[p.pk for p in present]))
    refuse_if(
        rules.why_not_this_version(inspection, version)
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
    _save(inspection)
    for person in present:
        VisitMember.objects.filter(inspection=inspection, inspector=person).update(
            arrived_at=at, certificate_no=person.certificate_no, certificate_to=person.certificate_to
        )
    calendar = workdays.calendar()
    duties.open(
        rule="D-10",
        unit=inspection.unit,
        role=Role.PLANNER,
        period=inspection.no,
        title=f"上传检查情况 {inspection.no}",
        due=calendar.within_workdays(at.date(), policy.on(at.date()).recommended.upload_within_workdays),
        url=inspection.get_absolute_url(),
        consequence="检查情况要按时上传。",
    )
    trail.record("inspections.visit.started", by=by, about=inspection, people=len(present))
    return inspection


def _strike_unfit(inspection: Inspection, at: datetime, by: User) -> None:
    """What lost its basis, or its place on the public list, since the dispatch is not checked (N-3)."""
    codes = rules.unfit_items(inspection, timezone.localtime(at).date())
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
    inspection = _locked(inspection)
    refuse_if(rules.why_not_write(inspection, by))
    points = {p.pk: p for p in inspection.answers.select_related("answered_by").filter(pk__in=answers)}
    now, changed = clock.now(), {}
    unfit = rules.unfit_items(inspection, timezone.localtime(inspection.started_at).date())
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
    version: int | None = None,
) -> Inspection:
    """End the check: from here the 20 working days run, whatever laboratory results still come (八(二)-d, A-36)."""
    inspection = _locked(inspection)
    now = clock.now()
    refuse_if(rules.why_not_this_version(inspection, version) or rules.why_not_write(inspection, by))
    if inspection.status == InspectionStatus.RETURNED:
        raise Refused("检查已经结束，改好之后重新提交。")
    refuse_if(
        rules.why_not_submit(
            outcome=outcome,
            finding=finding,
            rectify_by=rectify_by,
            answers=list(inspection.answers.all()),
        )
        or rules.why_not_offsite(inspection, offsite_means, offsite_evidence)
        or rules.why_not_end(inspection, at=at, now=now, rectify_by=rectify_by)
    )
    due = days.publication_due(at.date(), workdays.calendar())
    move_to(inspection, InspectionStatus.FINISHED)
    inspection.ended_at, inspection.publish_by = at, due.date
    _note_offsite(inspection, offsite_means, offsite_evidence)
    _record(inspection, by, now, outcome, finding, measures, rectify_by, enterprise_opinion)
    duties.close(rule="D-10", unit=inspection.unit, period=inspection.no, event="检查情况已上传", at=now)
    duties.open(
        rule="D-8",
        unit=inspection.unit,
        role=Role.APPROVER,
        period=inspection.no,
        title=f"审核检查结果 {inspection.no}",
        due=due,
        url=inspection.get_absolute_url(),
        consequence=f"检查结束之日起 {policy.on(at.date()).publish_within_workdays} 个工作日内公开，逾期计入通报。",
    )
    _hand_over(inspection, Role.APPROVER, f"审核检查结果 {inspection.no}", inspection.get_absolute_url(), by)
    close_when_all(inspection, "D-5", "全部检查完成", ENDED, now)
    _settle_coverage(inspection, now)
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
    version: int | None = None,
) -> Inspection:
    """Hand a returned record in again; the day the check ended, and its clock, stay (A-36)."""
    inspection = _locked(inspection)
    now = clock.now()
    refuse_if(rules.why_not_this_version(inspection, version) or rules.why_not_write(inspection, by))
    if inspection.status != InspectionStatus.RETURNED:
        raise Refused("这次检查没有被退回。")
    refuse_if(
        rules.why_not_submit(
            outcome=outcome,
            finding=finding,
            rectify_by=rectify_by,
            answers=list(inspection.answers.all()),
        )
        or rules.why_not_offsite(inspection, offsite_means, offsite_evidence)
        or rules.why_not_end(inspection, at=inspection.ended_at, now=now, rectify_by=rectify_by)
    )
    move_to(inspection, InspectionStatus.FINISHED)
    _note_offsite(inspection, offsite_means, offsite_evidence)
    _record(inspection, by, now, outcome, finding, measures, rectify_by, enterprise_opinion)
    _hand_over(inspection, Role.APPROVER, f"审核检查结果 {inspection.no}", inspection.get_absolute_url(), by)
    _settle_coverage(inspection, now)
    trail.record("inspections.result.resubmitted", by=by, about=inspection)
    return inspection


@transaction.atomic
def return_result(*, inspection: Inspection, by: User, opinion: str, version: int | None = None) -> Inspection:
    """Send a record back to its team with what to mend."""
    inspection = _locked(inspection)
    refuse_if(
        rules.why_not_this_version(inspection, version) or rules.why_not_return(inspection, by, opinion, clock.today())
    )
    move_to(inspection, InspectionStatus.RETURNED)
    inspection.opinion = opinion.strip()
    inspection.reviewed_by = inspection.reviewed_at = None
    _save(inspection)
    _hand_over(
        inspection,
        Role.APPROVER,
        f"审核检查结果 {inspection.no}",
        inspection.get_absolute_url(),
        by,
        waiting_for="检查小组修改",
    )
    _tell_team_of_return(inspection, by)
    trail.record("inspections.result.returned", by=by, about=inspection)
    return inspection


@transaction.atomic
def review_result(*, inspection: Inspection, by: User, opinion: str = "", version: int | None = None) -> Inspection:
    """A second person agrees with the record; then it may be published (七(四)-5)."""
    inspection = _locked(inspection)
    now = clock.now()
    refuse_if(rules.why_not_this_version(inspection, version) or rules.why_not_review(inspection, by, now.date()))
    move_to(inspection, InspectionStatus.REVIEWED)
    inspection.reviewed_by, inspection.reviewed_at, inspection.opinion = by, now, opinion.strip()
    _save(inspection)
    _hand_over(
        inspection,
        Role.DISCLOSURE_OFFICER,
        f"公开检查结果 {inspection.no}",
        f"/desk/publish/?unit={inspection.unit.code}",
        by,
    )
    trail.record("inspections.result.reviewed", by=by, about=inspection)
    return inspection


@transaction.atomic
def mark_published(*, inspection: Inspection, by: User, at: datetime) -> Inspection:
    """Note that the result is public. Called by `disclosure`, which has written the publication (decisions.md 2)."""
    inspection = _locked(inspection)
    refuse_if(rules.why_not_mark_published(inspection, by))
    move_to(inspection, InspectionStatus.PUBLISHED)
    inspection.published_at = at
    _save(inspection)
    duties.close(rule="D-8", unit=inspection.unit, period=inspection.no, event="检查结果已公开", at=at)
    close_when_all(inspection, "D-6", "全部结果公开", [InspectionStatus.PUBLISHED], at)
    _settle_coverage(inspection, at)
    trail.record("inspections.result.published", by=by, about=inspection)
    return inspection


def _settle_coverage(inspection: Inspection, at: datetime) -> None:
    """It may have been the last facility of the year or of the cycle (D-17, D-18)."""
    if inspection.source in COUNTING:
        coverage.settle(inspection.facility.unit, at)


def _locked(inspection: Inspection) -> Inspection:
    return Inspection.objects.select_for_update(of=("self",)).select_related("unit", "draw").get(pk=inspection.pk)


def _save(inspection: Inspection) -> None:
    inspection.version += 1
    inspection.save()


def _record(inspection, by, now, outcome, finding, measures, rectify_by, enterprise_opinion) -> None:
    inspection.outcome = outcome
    inspection.finding, inspection.measures = finding.strip(), measures.strip()
    inspection.rectify_by, inspection.enterprise_opinion = rectify_by, enterprise_opinion.strip()
    inspection.recorded_by, inspection.uploaded_at, inspection.opinion = by, now, ""
    _save(inspection)


def _note_offsite(inspection: Inspection, means: str, evidence: str) -> None:
    if inspection.mode == Mode.OFFSITE:
        inspection.offsite_means, inspection.offsite_evidence = means, evidence.strip()


def _tell_team_of_return(inspection: Inspection, by: User) -> None:
    """The team has it again: to each of them, naming the check and not the firm (decisions.md 3)."""
    now = clock.now()
    people = User.objects.filter(inspector__visits__inspection=inspection).exclude(pk=by.pk)
    for user in people.distinct().order_by("pk"):
        notify(
            user=user,
            key=f"returned:{inspection.no}:{now.isoformat()}",
            title=f"检查结果 {inspection.no} 被退回",
            body=f"改好之后重新提交。公开期限不变。审核意见：{inspection.opinion}",
            url=reverse("inspections:field-task", args=[inspection.no]),
            at=now,
        )


def _hand_over(inspection, role, title, url, by, waiting_for="") -> None:
    duties.hand_over(
        rule="D-8",
        unit=inspection.unit,
        period=inspection.no,
        role=role,
        title=title,
        url=url,
        waiting_for=waiting_for,
        by=by,
    )


def close_when_all(inspection: Inspection, rule: str, event: str, statuses: list[str], at: datetime) -> None:
    """Close a quarter's duty when every pick of the draw has come so far; one without a team keeps it open."""
    if inspection.draw_id is None:
        return
    # The draw's row orders two last checks that end at the same moment.
    Draw.objects.select_for_update().get(pk=inspection.draw_id)
    picks = Pick.objects.standing().filter(draw=inspection.draw_id)
    if not picks.exclude(inspection__status__in=statuses).exists():
        period = str(Quarter(inspection.year, inspection.number))
        duties.close(rule=rule, unit=inspection.unit, period=period, event=event, at=at)
