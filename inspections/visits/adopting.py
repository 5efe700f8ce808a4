"""采用平台结果: what the officers wrote on the platform becomes the draft here, where the platform leads results (issue 17, decision 0102)."""

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.exchange import leading, results
from inspections.models import Answer, CheckAnswer, Conclusion, Inspection, Mode, Outcome, PlatformResult

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


def outcome_words(inspection: Inspection, result: PlatformResult, found: bool) -> str:
    """On 检查完毕 after it was taken over: which outcome the platform had, and why it does not stand where it does not."""
    outcome = Outcome(result.outcome)
    said = f"平台的检查结果是“{outcome.label}”"
    if outcome not in (rules.WITHOUT_A_PROBLEM if found else rules.AFTER_A_PROBLEM):
        return f"{said}，已照着选上。文字也是平台的，核对以后改定。"
    left = inspection.answers.filter(answer="").count()
    why = "这里有检查点发现问题" if found else "这里没有检查点发现问题"
    open_ones = f"，还有 {left} 点没有答" if left else ""
    return f"{said}，{why}{open_ones}，不能照着选。先核对检查点，再选检查结果；下面的文字是平台的。"


def times_of(inspection: Inspection, result: PlatformResult) -> list[tuple[str, str]]:
    """When the platform's officers were there, and when ours: taking the result over does not change ours."""

    def words(begun, ended) -> str:
        return f"{_minute(begun) or '没有开始'} 至 {_minute(ended) or '没有结束'}"

    return [
        ("平台的时间", words(result.started_at, result.ended_at)),
        ("这里的时间", words(inspection.there_since, inspection.ended_at)),
        *([("平台的检查方式", str(Mode(result.mode).label))] if result.mode not in ("", inspection.mode) else []),
    ]


def _minute(at) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""


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
