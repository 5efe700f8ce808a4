"""Why a step of 整改 cannot be taken, in one sentence that says how to go on (八(二)-e, 七(四)-7)."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji import clock as now_clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from inspections.enterprise.rules import MOST_FILES
from inspections.models import (
    ActKind,
    ActState,
    Inspection,
    InspectionStatus,
    Rectification,
    RectificationAct,
    RectificationReport,
    RectificationState,
    ReportedState,
    ReportFile,
)
from inspections.targeted.rules import under_way, why_not_again
from registry.codes import why_not_phone

from .clock import served
from .duties import wish_of

BY_ANOTHER = "提出的人和记录检查结果的人不能决定，由没有参加检查的分管负责人决定。"
TEAM = "由检查小组的人提出。"
MOST_REPORTS = 20
LONGEST = timedelta(days=366)  # from today: what is later is a slip of the keyboard
TOO_LATE = "期限已过，不能再延期。没有改完的，复查以后再责令一次，或者转立案。"


def decided_in(rectification: Rectification, kind: str) -> Unit:
    """The unit's leader; of a further extension, and of a further order, the bureau's (ui-2.md 24)."""
    if kind in (ActKind.EXTEND, ActKind.AGAIN) and rectification.acts.approved().filter(kind=kind).exists():
        return Unit.objects.get(kind=UnitKind.CITY_BUREAU)
    return rectification.inspection.unit


def why_not_go_on(rectification: Rectification) -> str:
    check = rectification.inspection
    if rectification.state not in (RectificationState.OPEN, RectificationState.HALTED):
        return f"这次整改{rectification.get_state_display()}，不再办理。"
    if check.status not in (InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED):
        return "检查结果退回修改，改好、审核以后再办整改。"
    return "" if served(check) else "责令改正还没有送达。检查小组或计划员记下送达或者拒收以后再办。"


# What the enterprise hands in


def why_not_report(rectification: Rectification) -> str:
    if reason := why_not_go_on(rectification):
        return reason.replace("检查小组或计划员记下送达或者拒收以后再办", "送达以后再交")
    if rectification.reports.filter(sent_at__isnull=False).count() >= MOST_REPORTS:
        return f"已经交了 {MOST_REPORTS} 份。还有要说的，打电话联系检查单位。"
    return ""


def why_not_send(report: RectificationReport, today: date) -> str:
    """Each point says how far it is, what is mended how; a wish for more time says until when and why."""
    for line in report.lines.select_related("point"):
        if not line.state:
            return f"第 {line.point.n} 处选择已改完、正在改，或者有异议。"
        if line.state == ReportedState.DONE and (reason := why_not_reason(line.words, f"第 {line.point.n} 处怎样改的")):
            return reason
    if not report.by_name.strip():
        return "写明经办人的姓名。"
    problem, remedy = why_not_phone(report.phone) if report.phone else ("", "")
    if problem:
        return f"联系电话{problem}。{remedy}。"
    if report.wish_until is None:
        return "写了延期的理由，没有写延到哪一天。补上日期，或者删去理由。" if report.wish_because.strip() else ""
    if today > report.rectification.due:
        return f"{TOO_LATE}删去延期的日期和理由，报告可以先交。"
    if report.wish_until > today + LONGEST:
        return f"申请延到的日期最晚在 {full_date(today + LONGEST)}。"
    if report.wish_until <= max(today, report.rectification.due):
        return f"申请延到的日期要晚于今天和现在的期限 {full_date(report.rectification.due)}。"
    if report.rectification.acts.pending().exists():
        return "已有一份申请等决定，决定以后再申请延期。删去延期的日期和理由，报告可以先交。"
    return why_not_reason(report.wish_because, "申请延期的理由")


def why_too_many(there: int) -> str:
    return f"每一处最多 {MOST_FILES} 个文件。其余的没有收。" if there >= MOST_FILES else ""


def why_not_take_out(kept: ReportFile | None) -> str:
    """A file chosen by mistake; what was handed in stays as it came (四(3)-b)."""
    if kept is None:
        return "要拿掉的文件已经不在草稿里。"
    if kept.line.report.sent_at:
        return f"文件“{kept.file.name}”已经随报告 {kept.line.report.no} 交了，原样留着，不能拿掉。要更正的，在这一份里写明。"
    return ""


# What the team asks for


def in_the_team(check: Inspection, by) -> bool:
    return bool(by.units_with(Permission.FIELD_WORK)) and check.members.filter(inspector__user=by).exists()


def unsettled(rectification: Rectification) -> bool:
    """The public finding was corrected, and nobody has yet decided what that means for the points."""
    at = rectification.corrected_at
    if at is None or rectification.state not in (RectificationState.OPEN, RectificationState.HALTED):
        return False
    settled = (a for a in rectification.acts.all() if a.kind == ActKind.AMEND and a.state == ActState.APPROVED)
    return not any(act.asked_at >= at for act in settled)


def kinds_for(rectification: Rectification) -> list[str]:
    """Which acts come up as it stands; what ends it, or orders anew, waits until the words of its points are settled."""
    kinds = _kinds(rectification)
    if not unsettled(rectification):
        return kinds
    return [ActKind.AMEND, *(k for k in kinds if k not in (ActKind.CLOSE, ActKind.TO_CASE, ActKind.AGAIN))]


def _kinds(rectification: Rectification) -> list[str]:
    if rectification.state == RectificationState.HALTED:
        return [ActKind.RESUME]
    mended = [point.mended for point in rectification.points.all()]
    if mended and all(mended):
        return [ActKind.CLOSE]
    if None not in mended and looked_at_after(rectification):
        return [ActKind.TO_CASE, ActKind.AGAIN]
    return [ActKind.EXTEND, ActKind.HALT]


def period_from(rectification: Rectification) -> date:
    """From when the period has run without a break: the order was served, or work went on. No day stands still twice."""
    resumed = [a.on for a in rectification.acts.all() if a.state == ActState.APPROVED and a.kind == ActKind.RESUME]
    return max([localtime(served(rectification.inspection).at).date(), *resumed])


def looked_at_after(rectification: Rectification) -> bool:
    """Whether the re-inspection was made when the period was over: nobody has failed to mend before that."""
    again = rectification.checked_again
    return again is not None and localtime(again.ended_at).date() > rectification.due


def why_not_open_ask(rectification: Rectification, by) -> str:
    if not in_the_team(rectification.inspection, by):
        return TEAM
    if rectification.acts.pending().exists():
        return "已有一份申请等决定。"
    return why_not_go_on(rectification)


def why_not_ask(
    rectification: Rectification,
    by,
    *,
    kind: str,
    points: list[int],
    until: date | None,
    on: date | None,
    reason: str,
    today: date,
    said: Mapping[int, str] | None = None,
) -> str:
    if refusal := why_not_open_ask(rectification, by):
        return refusal
    if kind not in kinds_for(rectification):
        return f"现在不能{ActKind(kind).label}。{_instead(rectification)}"
    if kind in (ActKind.EXTEND, ActKind.AGAIN) and (until is None or not today < until <= today + LONGEST):
        return f"写明改到哪一天，要晚于今天，最晚在 {full_date(today + LONGEST)}。"
    if kind == ActKind.EXTEND:
        if late := why_too_late(rectification, kind, today):
            return late
        if not points or set(points) - set(rectification.points.values_list("n", flat=True)):
            return "选择延期的是哪几处。"
        if until <= rectification.due:
            return f"延到的日期要晚于现在的期限 {full_date(rectification.due)}。"
        if under_way(rectification.inspection_id):
            return "已经安排复查，复查以前不再延期。"
    if kind == ActKind.AMEND and (unsaid := _unsaid(rectification, said or {})):
        return unsaid
    if kind in (ActKind.HALT, ActKind.RESUME):
        first = rectification.halted_on if kind == ActKind.RESUME else period_from(rectification)
        if on is None or not first <= on <= today:
            return "写明停产或者复产的日期，不晚于今天，停产不早于送达和上一次复产，复产不早于停产。"
    return why_not_reason(reason, "理由和意见")


def _unsaid(rectification: Rectification, said: Mapping[int, str]) -> str:
    """Every point is read against the correction, also one that stays as it is."""
    numbers = sorted(rectification.points.values_list("n", flat=True))
    if sorted(said) != numbers:
        return f"第 {'、'.join(map(str, numbers))} 处都要核对。重新打开页面，逐处写明；不用改的，照原文。"
    return next((f"写明第 {n} 处的问题；不用改的，照原文。" for n in numbers if not said[n].strip()), "")


def why_too_late(rectification: Rectification, kind: str, today: date) -> str:
    """A period that is over is not made longer, unless the enterprise asked while it ran."""
    wish = wish_of(rectification)
    asked = localtime(wish.sent_at).date() if wish else today
    return TOO_LATE if kind == ActKind.EXTEND and asked > rectification.due else ""


def _instead(rectification: Rectification) -> str:
    may = "、".join(ActKind(kind).label for kind in kinds_for(rectification))
    if unsettled(rectification):
        return f"检查结果更正过，先核对整改的问题。可以办理：{may}。"
    return (
        f"可以办理：{may}。"
        if None not in rectification.points.values_list("mended", flat=True)
        else f"没有复查记录不能办结，也不能转立案。可以办理：{may}，或者安排复查。"
    )


# What a leader decides


def why_not_open_decision(act: RectificationAct, by) -> str:
    """Nobody who asked, recorded the result or was there decides (ui-2.md 24)."""
    if refusal := why_not_decide(
        act,
        by,
        may=by.may(Permission.REVIEW_RESULTS, act.decided_in_id),
        role=f"由{act.decided_in.short_name}分管负责人决定。",
        own=BY_ANOTHER,
    ):
        return refusal
    rectification = act.rectification
    checks = [c for c in (rectification.inspection, rectification.checked_again) if c]
    there = any(c.recorded_by_id == by.pk or c.members.filter(inspector__user=by).exists() for c in checks)
    return BY_ANOTHER if there else ""


def why_not_approve(act: RectificationAct, by, today: date) -> str:
    if refusal := why_not_open_decision(act, by) or why_not_go_on(act.rectification):
        return refusal
    if act.kind not in kinds_for(act.rectification):
        return f"提出以后情况变了，不能{act.get_kind_display()}。写明意见，不同意或者退回。"
    return "延到的日期已经过了。写明意见，退回重新提出。" if act.until and act.until < today else ""


# The re-inspection


def why_not_check_again(rectification: Rectification, by) -> str:
    """Asked for from here by whoever raises checks of the unit; its approval is that of every targeted check (N-6)."""
    if reason := why_not_go_on(rectification):
        return reason
    if rectification.state == RectificationState.HALTED:
        return "企业停产，复产以后再安排复查。"
    if not by.may(Permission.RAISE_CHECK, rectification.inspection.unit_id):
        return "由本单位计划员安排复查。"
    if rectification.acts.pending().exists():
        return "申请有了决定才安排复查。"
    if running := why_not_again(rectification.inspection_id):
        return running
    if all(rectification.points.values_list("mended", flat=True)):
        return "复查都已改好，提出办结。"
    return ""


def running_in(unit: Unit, day: date) -> str:
    """What keeps a unit from being closed: orders whose end nobody would decide any more. One that stands still has no to-do
    that would hold the unit. Those of a check that is not public are held by it, and told to nobody outside its circle."""
    of_public = Rectification.objects.running().filter(
        inspection__unit=unit, inspection__status=InspectionStatus.PUBLISHED
    )
    n = of_public.count() if day <= now_clock.today() else 0
    return f"还有 {n} 次整改没有办结，先办完；停产中止的，复产以后办完" if n else ""
