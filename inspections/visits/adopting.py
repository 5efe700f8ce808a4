"""采用平台结果: what the officers wrote on the platform becomes the draft here, where the platform leads results (issue 17, decision 0102)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.exchange import leading, results
from inspections.models import Answer, CheckAnswer, Conclusion, Inspection, PlatformResult

from . import actions, rules


def why_not_adopt(inspection: Inspection, result: PlatformResult | None, by) -> str:
    """Before ours is handed in, once for each version; what somebody has written here is never overwritten."""
    if result is None:
        return "移动执法平台没有发来这次检查的结果，没有可以采用的。"
    if result.adopted_at:
        return f"平台结果第 {result.version} 版已由{result.adopted_by.full_name}采用，没有新的内容。"
    if reason := rules.why_not_write(inspection, by):
        return reason
    if reason := rules.why_not_shown(inspection) or rules.why_not_end_again(inspection):
        return reason
    if written := Conclusion.objects.filter(inspection=inspection).first():
        return f"已经写了检查结果“{written}”，不再采用平台结果。照平台的改，或者由计划员核对两边的差异。"
    return ""


def offered(inspection: Inspection, by) -> PlatformResult | None:
    """For the list of the items: what this person could take over now."""
    result = results.newest(inspection)
    return None if result is None or why_not_adopt(inspection, result, by) else result


def why_not_these(inspection: Inspection, result: PlatformResult | None) -> str:
    """Points that this check does not have, and those that were answered otherwise here by somebody of the team."""
    if result is None:
        return ""
    points, told = points_of(inspection), told_by(result)
    if strange := sorted(told.keys() - points.keys()):
        item, number = strange[0]
        return f"平台结果里的 {item} 第 {number} 点不是这次检查的检查点，不能采用。由计划员和平台核对。"
    before = told_by(results.adopted(inspection))
    own = [(points[key], said) for key, said in told.items() if not gives_way(points[key], before.get(key))]
    if other := [f"“{p.text}”" for p, said in own if (p.answer, p.words) != (said["answer"], words_of(said))]:
        return f"{'、'.join(other[:5])}已经答过，和平台的不一样，没有采用。改成一样再采用，或者自己写完。"
    return ""


def points_of(inspection: Inspection) -> dict[tuple[str, int], CheckAnswer]:
    return {(point.item_code, point.number): point for point in inspection.answers.all()}


def told_by(result: PlatformResult | None) -> dict[tuple[str, int], dict]:
    return {(said["item"], said["number"]): said for said in result.content["answers"]} if result else {}


def gives_way(point: CheckAnswer, before: dict | None) -> bool:
    """Not answered yet, or as the version said that was taken over before: then nobody here wrote it."""
    return not point.answer or (
        before is not None and (point.answer, point.words) == (before["answer"], words_of(before))
    )


def words_of(said: dict) -> str:
    """What was seen is written where a problem was found (七(五)-l); the platform's other remarks stay in what it sent."""
    return said["words"].strip() if said["answer"] == Answer.FOUND else ""


@transaction.atomic
def adopt(*, inspection: Inspection, version: int, by: User) -> PlatformResult:
    """One member of the team takes over what he has read: the answers, and the result as a draft, which he then writes as ever.

    `version`: the one that the page showed. Everything after that is as with a check that was answered here: read by the person
    in charge, signed, handed in, reviewed.
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    result = results.newest(inspection)
    refuse_if(why_not_adopt(inspection, result, by))
    refuse_if("" if result.version == version else "平台又发来新的一版结果，核对以后再采用。")
    refuse_if(why_not_these(inspection, result))
    points, before = points_of(inspection), told_by(results.adopted(inspection))
    given = {
        points[key].pk: rules.Given(said["answer"], words_of(said))
        for key, said in told_by(result).items()
        if gives_way(points[key], before.get(key))
    }
    actions.answer_points(inspection=inspection, answers=given, by=by)
    result.inspection = inspection
    results.take_over(result, by, clock.now())
    trail.record(
        "inspections.exchange.adopted",
        by=by,
        about=inspection,
        number=leading.number_of(inspection),
        package=result.package.number,
        version=result.version,
    )
    return result
