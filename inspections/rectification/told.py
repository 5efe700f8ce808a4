"""What a 整改 hears of the rooms before it: its result was reviewed, served, made public, corrected, or looked at again."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock as now_clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.workdays.days import full_date
from inspections.followups.actions import hand_over
from inspections.models import (
    ActState,
    Answer,
    FollowUpStep,
    Inspection,
    InspectionStatus,
    Outcome,
    Rectification,
    RectificationPoint,
    RectificationState,
    Source,
)

from . import clock, duties, orders, rules
from .clock import day_of


def result_reviewed(check: Inspection, by: User) -> None:
    """An order to correct opens a 整改; the result of a re-inspection comes back to the one it was made for."""
    if check.source == Source.REVIEW and (asked := check.targeted.filter(original__isnull=False).first()):
        found = Rectification.objects.running().filter(inspection=asked.original_id).first()
        if found is not None:
            checked_again(rectification=found, check=check, by=by)
            return
    check_moved(check, by)


@transaction.atomic
def check_moved(check: Inspection, by: User) -> None:
    """What follows from the result as it stands now: its order, its day, and that the order is public beside it."""
    if corrected := Rectification.objects.running().filter(checked_again=check).first():
        _found_otherwise(corrected, check, by)
    found = Rectification.objects.filter(inspection=check).first()
    ordered = check.outcome == Outcome.RECTIFY_ORDERED and check.rectify_by is not None
    if found is None:
        if not ordered or check.reviewed_at is None or _is_again(check):
            return
        found = _open(check, by)
    elif not ordered and found.state in (RectificationState.OPEN, RectificationState.HALTED):
        _void(found, "更正以后不再责令改正", by)
        return
    elif ordered:
        _as_ordered(found, check)
    if ordered and found.state == RectificationState.OPEN and (delivery := clock.served(check)):
        orders.served(found, delivery)
    if ordered and check.status == InspectionStatus.PUBLISHED:
        _ordered_in_public(found, check, by)


@transaction.atomic
def result_revoked(check: Inspection, by: User) -> None:
    """Nobody mends by an order that no longer stands (行政处罚法48, 行政复议法)."""
    if found := Rectification.objects.running().select_for_update().filter(inspection=check).first():
        _void(found, "决定撤销以后不再责令改正", by)


def _void(found: Rectification, because: str, by: User) -> None:
    """What was asked about it and not yet decided is over with it: nobody decides about an order that is gone."""
    unanswered = list(found.acts.pending().select_for_update())
    for act in unanswered:
        act.state = ActState.OVER
        act.save(update_fields=["state"])
    found.state, found.halted_on = RectificationState.VOID, None
    found.save(update_fields=["state", "halted_on"])
    duties.nothing_is_owed(found, unanswered, because, now_clock.now())
    trail.record("inspections.rectification.voided", by=by, about=found.inspection)


@transaction.atomic
def found_otherwise(check: Inspection, differences: Sequence[tuple[str, str, str]], by: User) -> None:
    """What the public reads of the finding was corrected; whether the points change, the team proposes and a leader decides.

    The record stays as it was signed, so nothing of it is taken over unread (八(二)-c).
    """
    found = Rectification.objects.filter(inspection=check).exclude(state=RectificationState.VOID).first()
    if found is None:
        return
    found.corrected_at, found.corrected = now_clock.now(), [list(one) for one in differences]
    found.save(update_fields=["corrected_at", "corrected"])
    if rules.unsettled(found):
        duties.keep_next(found, False, "检查结果更正", found.corrected_at)  # what was owed waits for it
        duties.keep_next(found, True, "按更正核对整改的问题", found.corrected_at)


def _is_again(check: Inspection) -> bool:
    """A re-inspection orders nothing of its own: what it found belongs to the 整改 it was made for."""
    return check.source == Source.REVIEW and check.targeted.filter(original__rectification__isnull=False).exists()


def _open(check: Inspection, by: User) -> Rectification:
    due = clock.ordered_until(check)
    found = Rectification.objects.create(inspection=check, due=due, opened_at=now_clock.now())
    RectificationPoint.objects.bulk_create(_points(found, check, due))
    duties.opened(found)
    trail.record("inspections.rectification.opened", by=by, about=check)
    return found


def _points(found: Rectification, check: Inspection, due: date) -> list[RectificationPoint]:
    """Each problem as it was told; a result written without points is one."""
    answers = list(check.answers.filter(answer=Answer.FOUND).order_by("item_code", "number"))
    points = [
        RectificationPoint(
            rectification=found,
            n=n,
            due=due,
            item_code=point.item_code,
            item_name=point.item_name,
            asked=point.text,
            words=point.words or check.finding,
            demand=point.standard,
            basis=point.found_under or point.basis,
        )
        for n, point in enumerate(answers, 1)
    ]
    return points or [RectificationPoint(rectification=found, n=1, due=due, words=check.finding)]


def _as_ordered(found: Rectification, check: Inspection) -> None:
    """A corrected result, or one served late, moves the day as long as nobody has decided anything since.

    One that was sent back before it was public and reviewed anew may name other problems.
    """
    due = clock.ordered_until(check)
    if check.status == InspectionStatus.REVIEWED and not found.reports.exists() and not found.acts.exists():
        found.points.all().delete()
        RectificationPoint.objects.bulk_create(_points(found, check, due))
    if found.state == RectificationState.VOID:
        found.state = RectificationState.OPEN
    elif found.state != RectificationState.OPEN or found.due == due or found.acts.approved().exists():
        return
    found.due = due
    found.save(update_fields=["due", "state"])
    found.points.update(due=due)
    duties.opened(found)
    # What was asked of an order that had come to nothing is asked for anew.
    if duties.wish_of(found) and not found.acts.pending().exists():
        duties.keep_next(found, True, "对企业的延期申请提出意见", now_clock.now())


def _ordered_in_public(found: Rectification, check: Inspection, by: User) -> None:
    limit = full_date(clock.ordered_until(check))  # the day that counts, not one that was over before it was served
    last = check.followups.filter(step=FollowUpStep.ORDERED).last()
    if last and last.facts == [{"label": "期限", "value": limit}]:
        return
    words = f"责令 {found.points.count()} 处问题 {limit}前改正"
    hand_over(check, FollowUpStep.ORDERED, words, check.reviewed_by or by, {"期限": limit})


def _found_otherwise(found: Rectification, check: Inspection, by: User) -> None:
    """The public result of the re-inspection was corrected: what it says of the whole is what holds of each point."""
    clean = check.outcome == Outcome.NO_ISSUE
    other = found.points.exclude(mended=True) if clean else found.points.filter(mended=True)
    if (not clean and found.points.filter(mended=False).exists()) or not other.update(mended=clean):
        return
    n = found.points.count()
    words = f"复查结果更正：{n} 处问题，{n} 处{'已改好' if clean else '没有改好'}"
    hand_over(found.inspection, FollowUpStep.CHECKED_AGAIN, words, by, {"复查": day_of(check)})
    if clean or rules.looked_at_after(found):
        duties.keep_next(found, True, "提出办结" if clean else "提出转立案或者再责令一次", now_clock.now())


@transaction.atomic
def checked_again(*, rectification: Rectification, check: Inspection, by: User) -> Rectification:
    """Take over what a reviewed re-inspection found, point by point; where nobody could look, nothing is settled."""
    rectification = Rectification.objects.held(rectification)
    answers = list(check.answers.all())
    for point in rectification.points.all():
        same = [a for a in answers if a.item_code == point.item_code]
        same = [a for a in same if a.text == point.asked] or same
        given = {a.answer for a in same}
        if Answer.FOUND in given:
            point.mended = False
        elif Answer.NONE_FOUND in given:
            point.mended = True
        point.save(update_fields=["mended"])
    mended = list(rectification.points.values_list("mended", flat=True))
    now = now_clock.now()
    if None not in mended:
        rectification.checked_again = check
        rectification.save(update_fields=["checked_again"])
        good, bad = mended.count(True), mended.count(False)
        found = [f"{n} 处{what}" for n, what in ((good, "已改好"), (bad, "没有改好")) if n]
        words = f"复查 {good + bad} 处问题，{'，'.join(found)}"
        hand_over(rectification.inspection, FollowUpStep.CHECKED_AGAIN, words, by, {"复查": day_of(check)})
        if not bad or rules.looked_at_after(rectification):
            duties.stopped(rectification, "复查登记", now)
            duties.keep_next(rectification, True, "提出转立案或者再责令一次" if bad else "提出办结", now)
    trail.record("inspections.rectification.checked", by=by, about=rectification.inspection, check=check.no)
    return rectification
