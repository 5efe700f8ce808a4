"""Two people answered one point differently: both answers are kept, and the two choose one (七(五)-l)."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.checks.rules import unfit_items
from inspections.models import AnswerConflict, CheckAnswer, Chosen, Inspection

from . import rules, wording

TAG = "differs"  # of the message that says it


def of(inspection: Inspection) -> QuerySet[AnswerConflict]:
    people = ("point__inspection__facility", "first_by", "second_by", "decided_by")
    return AnswerConflict.objects.filter(point__inspection=inspection).select_related(*people)


def why_undecided(inspection: Inspection) -> str:
    left = of(inspection).filter(chosen="").count()
    return f"还有 {left} 处答案不同，先定下来。" if left else ""


def keep(point: CheckAnswer, given: rules.Given, by: User, now: datetime) -> AnswerConflict:
    """Beside the answer that stands; whoever answers once more before it is settled changes his own."""
    second = {f"second_{name}": value for name, value in given.kept.items()} | {"second_at": now}
    stands = {
        "first_answer": point.answer,
        "first_words": point.words,
        "first_found_under": point.found_under,
        "first_by": point.answered_by,
        "first_at": point.answered_at,
    }
    conflict, _ = AnswerConflict.objects.update_or_create(
        point=point, second_by=by, chosen="", defaults=second, create_defaults=second | stands
    )
    return conflict


def words(conflict: AnswerConflict) -> str:
    moment = timezone.localtime(conflict.first_at)
    return (
        f"同组{conflict.first_by.full_name} {moment:%H:%M} 已把“{conflict.point.text}”记为"
        f"“{conflict.get_first_answer_display()}”。两份都留着，商量后选一份。"
    )


@transaction.atomic
def decide(*, conflict: AnswerConflict, chosen: str, by: User) -> AnswerConflict:
    """Which of the two the record has; until submission the two may choose again."""
    inspection = Inspection.objects.locked(conflict.point.inspection_id, "unit", "draw")
    conflict = of(inspection).get(pk=conflict.pk)
    refuse_if(rules.why_not_write(inspection, by) or ("" if chosen in Chosen.values else "选一份答案。"))
    taken = next(a for a in conflict.answers if a["value"] == chosen)
    unfit = unfit_items(inspection, timezone.localtime(inspection.started_at).date())
    refuse_if(rules.why_not_this_point(conflict.point, taken["answer"], unfit))
    with wording.follows(inspection):
        CheckAnswer.objects.filter(pk=conflict.point_id).update(
            answer=taken["answer"],
            words=taken["words"],
            found_under=taken["found_under"],
            answered_by=taken["by"],
            answered_at=clock.now(),
        )
    conflict.chosen, conflict.decided_by, conflict.decided_at = chosen, by, clock.now()
    conflict.save()
    trail.record("inspections.difference.settled", by=by, about=inspection, point=conflict.point.text)
    return conflict
