"""Why a replacement cannot be asked for or approved, in one sentence (七(二)-f, -g; SSJ1 8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_no_opinion
from benxi_shuangsuiji.workdays.days import Calendar, short_date
from plans.models import HELD, OF_OBJECTS, OF_PEOPLE, AmendmentRequest, ChangeReason, Draw
from registry.inspectors.rules import why_not_scan
from registry.models import Facility, OperatingStatus, ProposalKind

from . import lending

LONGEST_DOCUMENT_NO = 60
# What the registry says of a place that leaves the list for this reason (六(二)-d, 七(二)-e).
REGISTERED = {
    ChangeReason.HALT: (OperatingStatus.SUSPENDED, OperatingStatus.SEASONAL, OperatingStatus.LONG_SUSPENDED),
    ChangeReason.CLOSED: (OperatingStatus.CLOSED, OperatingStatus.CANCELLED),
    ChangeReason.MOVED: (OperatingStatus.MOVED_OUT,),
}
SHUT = tuple(status for statuses in REGISTERED.values() for status in statuses)


@dataclass(frozen=True)
class Wanted:
    """What is asked for; `found_there`: by the team that went and found the place shut (七(五))."""

    reason: str
    picks: list
    inspector: object | None
    evidence: str
    file: tuple[str, bytes] | None = None
    order_no: str = ""
    found_there: bool = False


def why_not_open_request(draw: Draw, user) -> str:
    """What stands in the way of this person asking for anything."""
    if not user.may(Permission.ASK_AMENDMENT, draw.unit_id):
        return "由本单位计划员，或检查人员本人申请更换。"
    return why_not_amendable(draw)


def why_not_amendable(draw: Draw) -> str:
    if draw.status not in HELD:
        return f"{draw.draw_id} {draw.get_status_display()}，抽取完成之后才有名单可以更换。"
    return ""


def why_not_request(draw: Draw, user, wanted: Wanted, *, today: date, calendar: Calendar) -> str:
    """The planner asks for the unit; an inspector only for himself, at an object he is sent to (四(2), 七(五)-c)."""
    reason, picks, inspector = wanted.reason, wanted.picks, wanted.inspector
    of_himself = inspector is not None and inspector.user_id == user.pk and reason in OF_PEOPLE
    without_right = of_himself or wanted.found_there
    if refusal := why_not_amendable(draw) if without_right else why_not_open_request(draw, user):
        return refusal
    if reason not in ChangeReason.values:
        return "选择更换的原因。"
    if not wanted.evidence.strip():
        return "写明情况和证明材料的名称、编号。更换要有依据。"
    if refusal := why_not_scan(wanted.file):
        return refusal
    if reason == ChangeReason.JOIN:
        return _why_not_join(draw, picks, inspector, today) or lending.why_not_these_words(
            draw, inspector, wanted.evidence
        )
    if not picks:
        return "选择要更换的检查对象。"
    if any((pick.draw_id, pick.run) != (draw.pk, draw.run) or hasattr(pick, "drop") for pick in picks):
        return "选中的检查对象已经不在这份名单上。刷新页面看最新的名单。"
    if refusal := _why_not_twice(draw, wanted):
        return refusal
    if reason in OF_OBJECTS:
        return _why_not_objects(draw, wanted, today, calendar)
    if inspector is None:
        return "选择要更换的检查人员。"
    for pick in picks:
        if inspector.pk not in {member.inspector_id for member in members_of(pick)}:
            return f"{inspector.name}不在第 {pick.no} 签（{pick.facility.name}）的检查小组里。核对人员和检查对象。"
    return ""


def _why_not_twice(draw: Draw, wanted: Wanted) -> str:
    """The same of the same place is asked for once; the draw is held meanwhile, so that two who ask at one moment wait here."""
    waiting = AmendmentRequest.objects.pending().filter(draw=draw, reason=wanted.reason, inspector=wanted.inspector)
    asked = waiting.filter(picks__in=[pick.pk for pick in wanted.picks]).values_list("picks", flat=True)
    twice = next((pick for pick in wanted.picks if pick.pk in set(asked)), None)
    return f"第 {twice.no} 签（{twice.facility.name}）已有一份同样的更换申请等批准。" if twice else ""


def _why_not_objects(draw: Draw, wanted: Wanted, today: date, calendar: Calendar) -> str:
    """Who leaves the list leaves with a file, for what the registry or a superior's document says."""
    reason, last = wanted.reason, draw.plan.quarter.last_day
    if wanted.inspector:
        return "企业的原因不写检查人员。"
    if reason == ChangeReason.NOTDONE and today < last:
        return f"季度到 {short_date(last)}结束，在那以前继续检查，不用这个原因。"
    if wanted.file is None:
        return "附上证明材料的文件，扫描件或照片。更换检查对象要有依据。"
    if reason == ChangeReason.ORDER and not is_numbered(wanted.order_no):
        return "写明上级机关书面决定的文号，附上决定的文件。口头的指令不能更换。"
    if reason != ChangeReason.ORDER and wanted.order_no.strip():
        return "只有上级机关书面决定由其直接检查的，填写上级决定的文号。"
    if reason != ChangeReason.NOTDONE and (refusal := why_too_late(draw, today, calendar)):
        return refusal
    return why_not_registered(reason, (pick.facility for pick in wanted.picks), proposed=True)


def is_numbered(document_no: str) -> bool:
    """A document can be found by its number; “无” names none."""
    return any(sign.isdecimal() for sign in document_no)


def why_too_late(draw: Draw, today: date, calendar: Calendar) -> str:
    """Whoever came in its place could not be visited by the 25th (六(一)2-g)."""
    due = draw.plan.quarter.close_due(calendar)
    if not due.is_over(today):
        return ""
    return (
        f"检查应在 {short_date(due.date)}前完成，补入的已经来不及检查，不再更换。"
        f"{short_date(draw.plan.quarter.last_day)}起按“{ChangeReason.NOTDONE.label}”申请。"
    )


def why_not_registered(reason: str, facilities: Iterable[Facility], *, proposed: bool = False) -> str:
    """A place is shut, closed or gone by the registry, not by a sentence (六(二)-d); `proposed`: or will be."""
    wanted = REGISTERED.get(reason, ())
    for facility in facilities if wanted else ():
        if facility.status in wanted:
            continue
        waiting = facility.proposals.pending().filter(kind=ProposalKind.STATUS, payload__status__in=wanted)
        if not (proposed and waiting.exists()):
            return (
                f"{facility.name}在名录里现在是{facility.get_status_display()}，不能按“{ChangeReason(reason).label}”更换。"
                "先在名录里变更生产状态，由分管负责人批准；检查时发现的，在检查结果里登记。"
            )
    return ""


def _why_not_join(draw: Draw, picks: list, inspector, today: date) -> str:
    if inspector is None:
        return "选择要增派的检查人员。"
    if picks:
        return "增派的人员派往没有配齐的检查小组，不选检查对象。"
    if not lending.open_picks(draw):
        return "检查小组都已配齐，不用增派。"
    return lending.why_not_come(draw, inspector, today)


def members_of(pick) -> list:
    return list(pick.team.members.all()) if pick.team else []


def why_not_open_decision(request: AmendmentRequest, user) -> str:
    """What stands in the way of this person deciding (SSJ1 15 D8)."""
    if refusal := why_not_decide(
        request,
        user,
        may=user.may(Permission.APPROVE_AMENDMENT, request.decided_in),
        role=f"由{request.decider}批准更换。",
        own="申请和批准不能是同一个人，由另一位分管负责人批准。",
    ):
        return refusal
    if request.inspector_id and request.inspector.user_id == user.pk:
        return "更换涉及本人，由另一位分管负责人批准。"
    return ""


def why_not_approve(request: AmendmentRequest, user, *, document_no: str, today: date, calendar: Calendar) -> str:
    if refusal := why_not_open_decision(request, user):
        return refusal
    if not is_numbered(document_no):
        return "填写批准文号。更换要经批准，文号随名单公开。"
    if len(document_no.strip()) > LONGEST_DOCUMENT_NO:
        return f"批准文号最长 {LONGEST_DOCUMENT_NO} 个字。"
    if request.run != request.draw.run:
        return "公开随机数更正以后名单已经重算，这份申请说的是更正以前的名单。"
    return why_not_amendable(request.draw) or _why_no_longer(request, today, calendar)


def _why_no_longer(request: AmendmentRequest, today: date, calendar: Calendar) -> str:
    """What was true when it was asked is asked again: the day, and the registry."""
    if not request.about_object or request.reason == ChangeReason.NOTDONE:
        return ""
    places = (pick.facility for pick in request.picks.select_related("facility"))
    return why_too_late(request.draw, today, calendar) or why_not_registered(request.reason, places)


def why_not_reject(request: AmendmentRequest, user, *, opinion: str) -> str:
    if refusal := why_not_open_decision(request, user):
        return refusal
    return why_no_opinion(opinion, "不批准的理由")
