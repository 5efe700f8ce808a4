"""整改 from the order to its end (八(二)-e, 七(四)-7): what the enterprise reports, what is asked, decided and found."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from benxi_shuangsuiji import clock as now_clock
from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion
from benxi_shuangsuiji.workdays.days import full_date
from inspections.followups.actions import answer_complaints, hand_over, kept
from inspections.models import (
    ActKind,
    ActState,
    FollowUpStep,
    Rectification,
    RectificationAct,
    RectificationState,
    Source,
)
from inspections.targeted import actions as targeted
from inspections.targeted.rules import Request

from . import clock, duties, orders, rules
from .clock import day_of

# --- asked by the team, decided by another ----------------------------------------------------------------------------


@transaction.atomic
def ask(
    *,
    rectification: Rectification,
    kind: str,
    by: User,
    reason: str,
    points: Sequence[int] = (),
    until: date | None = None,
    on: date | None = None,
    said: Mapping[int, str] | None = None,
    file: tuple[str, bytes] | None = None,
) -> RectificationAct:
    rectification = Rectification.objects.held(rectification)
    now, asked = now_clock.now(), {"points": sorted(points), "until": until, "on": on, "reason": reason.strip()}
    refuse_if(rules.why_not_ask(rectification, by, kind=kind, today=now.date(), said=said, **asked))
    act = RectificationAct.objects.create(
        rectification=rectification,
        kind=kind,
        decided_in=rules.decided_in(rectification, kind),
        report=duties.wish_of(rectification) if kind == ActKind.EXTEND else None,
        file=kept(file, by),
        asked_by=by,
        asked_at=now,
        said={str(n): words.strip() for n, words in (said or {}).items()} if kind == ActKind.AMEND else {},
        **asked,
    )
    duties.keep_next(rectification, False, f"已提出{act.get_kind_display()}", now)
    duties.asked(act, by)
    trail.record("inspections.rectification.asked", by=by, about=rectification.inspection, kind=kind)
    return act


@transaction.atomic
def approve(*, act: RectificationAct, by: User, opinion: str = "") -> RectificationAct:
    """The leader agrees: the day moves, the clock stops or goes on, or the 整改 is over; the step is handed over."""
    act, now = _locked(act), now_clock.now()
    refuse_if(rules.why_not_approve(act, by, now.date()))
    rectification = act.rectification
    act.decide(ActState.APPROVED, by=by, at=now, opinion=opinion)
    if act.kind == ActKind.AMEND:  # what the public reads was corrected before
        _amend(rectification, act)
    else:
        step, words, facts = _DONE[act.kind](rectification, act, now)
        rectification.save()
        hand_over(rectification.inspection, step, words, by, facts)
    duties.decided(act)
    if act.kind == ActKind.TO_CASE:
        for heard in subjects.house().heard:
            if heard.handed_to_case:
                heard.handed_to_case(rectification.inspection, by)
    trail.record("inspections.rectification.approved", by=by, about=rectification.inspection, kind=act.kind)
    if rectification.closed_at:
        answer_complaints(rectification.inspection, words)
    return act


@transaction.atomic
def reject(*, act: RectificationAct, by: User, opinion: str) -> RectificationAct:
    """Everything stays as it was."""
    return _turn_down(act, by, opinion, ActState.RETURNED)


@transaction.atomic
def send_back(*, act: RectificationAct, by: User, opinion: str) -> RectificationAct:
    """What is missing is completed by the team, which asks once more."""
    return _turn_down(act, by, opinion, ActState.MORE)


def _turn_down(act: RectificationAct, by: User, opinion: str, state: str) -> RectificationAct:
    act = _locked(act)
    refuse_if(rules.why_not_open_decision(act, by) or why_no_opinion(opinion))
    act.decide(state, by=by, at=now_clock.now(), opinion=opinion)
    duties.decided(act)
    if state == ActState.MORE or act.kind not in (ActKind.EXTEND, ActKind.HALT):
        duties.keep_next(act.rectification, True, f"补充{act.get_kind_display()}的申请", act.decided_at)
    if state == ActState.MORE:
        trail.record("inspections.rectification.sent_back", by=by, about=act.rectification.inspection, kind=act.kind)
    else:
        trail.record("inspections.rectification.rejected", by=by, about=act.rectification.inspection, kind=act.kind)
    return act


def _locked(act: RectificationAct) -> RectificationAct:
    rectification = Rectification.objects.held(act.rectification, "checked_again")
    act = RectificationAct.objects.locked(act.pk, "decided_in", "asked_by")
    act.rectification = rectification
    return act


def _amend(rectification: Rectification, act: RectificationAct) -> None:
    """The points in the words of the correction; the enterprise has them on a notice of their own."""
    points = list(rectification.points.all())
    new = [point for point in points if act.said[str(point.n)] != point.words]
    for point in new:
        point.words = act.said[str(point.n)]
        point.save(update_fields=["words"])
    if new:
        orders.ordered(rectification, act, points)
    waits = {ActKind.CLOSE: "提出办结", ActKind.TO_CASE: "提出转立案或者再责令一次"}.get(
        rules.kinds_for(rectification)[0], ""
    )
    waits = waits or ("对企业的延期申请提出意见" if duties.wish_of(rectification) else "")
    if waits:  # it stood back for the words
        duties.keep_next(rectification, True, waits, act.decided_at)


def _extend(rectification: Rectification, act: RectificationAct, now: datetime) -> tuple[str, str, dict]:
    was = rectification.due
    rectification.points.filter(n__in=act.points).update(due=act.until)
    rectification.due = act.until
    duties.opened(rectification)
    which = (
        "全部问题"
        if len(act.points) == rectification.points.count()
        else f"第 {'、'.join(map(str, act.points))} 处问题"
    )
    facts = {"原期限": full_date(was), "延长到": full_date(act.until), "批准日期": full_date(now.date())}
    return FollowUpStep.EXTENDED, f"{which}的改正期限延长到 {full_date(act.until)}", facts


def _halt(rectification: Rectification, act: RectificationAct, now: datetime) -> tuple[str, str, dict]:
    rectification.state, rectification.halted_on = RectificationState.HALTED, act.on
    duties.stopped(rectification, "企业停产，整改期中止", now)
    return FollowUpStep.HALTED, "企业停产，整改期中止，复产之日接着计算", {"停产日期": full_date(act.on)}


def _resume(rectification: Rectification, act: RectificationAct, now: datetime) -> tuple[str, str, dict]:
    longer = clock.longer_by(rectification, act.on)
    for point in rectification.points.all():
        point.due += longer
        point.save(update_fields=["due"])
    rectification.due += longer
    rectification.state, rectification.halted_on = RectificationState.OPEN, None
    duties.opened(rectification)
    words = f"企业复产，改正期限接着计算到 {full_date(rectification.due)}"
    return FollowUpStep.RESUMED, words, {"复产日期": full_date(act.on), "期限": full_date(rectification.due)}


def _close(rectification: Rectification, act: RectificationAct, now: datetime) -> tuple[str, str, dict]:
    rectification.state, rectification.closed_at = RectificationState.CLOSED, now
    words = f"复查 {rectification.points.count()} 处问题都已改好，整改办结"
    return FollowUpStep.MENDED, words, {"复查": day_of(rectification.checked_again), "办结": full_date(now.date())}


def _again(rectification: Rectification, act: RectificationAct, now: datetime) -> tuple[str, str, dict]:
    left = rectification.points.exclude(mended=True)
    numbers = list(left.values_list("n", flat=True))
    n = left.update(due=act.until, mended=None)
    rectification.due, rectification.checked_again = act.until, None
    orders.ordered(rectification, act, rectification.points.filter(n__in=numbers))
    duties.opened(rectification)
    words = f"{n} 处问题没有改好，再次责令 {full_date(act.until)}前改正"
    return FollowUpStep.ORDERED_AGAIN, words, {"期限": full_date(act.until)}


def _to_case(rectification: Rectification, act: RectificationAct, now: datetime) -> tuple[str, str, dict]:
    """Handed over to 立案, which is told so (`Heard.handed_to_case`) and begins with its own act."""
    rectification.state, rectification.closed_at = RectificationState.HANDED, now
    n = rectification.points.exclude(mended=True).count()
    return FollowUpStep.TO_CASE, f"{n} 处问题到期没有改好，转立案查处", {"复查": day_of(rectification.checked_again)}


_DONE = {
    ActKind.EXTEND: _extend,
    ActKind.HALT: _halt,
    ActKind.RESUME: _resume,
    ActKind.CLOSE: _close,
    ActKind.AGAIN: _again,
    ActKind.TO_CASE: _to_case,
}


def check_again(*, rectification: Rectification, by: User, **said):
    """Ask for it from here (`again` says what), approved like every targeted check (N-6)."""
    refuse_if(rules.why_not_check_again(rectification, by))
    return targeted.raise_check(request=again(rectification, **said), by=by)


def again(rectification: Rectification, *, items, leader, members, mode: str, finish_by: date, **why) -> Request:
    """The re-inspection as 环境执法复核, which counts against no cap (三-f); `why` it goes to the place, where that is asked."""
    check = rectification.inspection
    return Request(
        unit=check.unit,
        facility=check.facility,
        source=Source.REVIEW,
        mode=mode,
        reason=f"复查检查 {check.no} 责令改正的 {rectification.points.count()} 处问题",
        items=list(items),
        leader=leader,
        members=[m for m in members if m != leader],
        finish_by=finish_by,
        cap_exemption="RECHECK",
        exemption_document=check.no,
        reference={"original": check},
        **why,
    )
