"""Why a replacement cannot be asked for or approved, in one sentence (七(二)-f, -g; SSJ1 8)."""

from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.workdays.days import short_date
from plans.models import OF_OBJECTS, OF_PEOPLE, AmendmentRequest, ChangeReason, Draw, DrawStatus

from . import lending

LONGEST_DOCUMENT_NO = 60


def why_not_open_request(draw: Draw, user) -> str:
    """What stands in the way of this person asking for anything."""
    if not user.may(Permission.ASK_AMENDMENT, draw.unit_id):
        return "由本单位计划员，或检查人员本人申请更换。"
    return why_not_amendable(draw)


def why_not_amendable(draw: Draw) -> str:
    if draw.status not in (DrawStatus.DRAWN, DrawStatus.RELEASED):
        return f"{draw.draw_id} {draw.get_status_display()}，抽取完成之后才有名单可以更换。"
    return ""


def why_not_request(draw: Draw, user, *, reason: str, picks: list, inspector, evidence: str, today: date) -> str:
    """The planner asks for the unit; an inspector only for himself, at an object he is sent to (四(2), 七(五)-c)."""
    of_himself = inspector is not None and inspector.user_id == user.pk and reason in OF_PEOPLE
    if refusal := why_not_amendable(draw) if of_himself else why_not_open_request(draw, user):
        return refusal
    if reason not in ChangeReason.values:
        return "选择更换的原因。"
    if not evidence.strip():
        return "写明情况和证明材料的名称、编号。更换要有依据。"
    if reason == ChangeReason.JOIN:
        return _why_not_join(draw, picks, inspector, today) or lending.why_not_these_words(draw, inspector, evidence)
    if not picks:
        return "选择要更换的检查对象。"
    if any((pick.draw_id, pick.run) != (draw.pk, draw.run) or hasattr(pick, "drop") for pick in picks):
        return "选中的检查对象已经不在这份名单上。刷新页面看最新的名单。"
    if reason == ChangeReason.NOTDONE and today < (last := draw.plan.quarter.last_day):
        return f"季度到 {short_date(last)}结束，在那以前继续检查，不用这个原因。"
    if reason in OF_OBJECTS:
        return "企业的原因不写检查人员。" if inspector else ""
    if inspector is None:
        return "选择要更换的检查人员。"
    for pick in picks:
        if inspector.pk not in {member.inspector_id for member in members_of(pick)}:
            return f"{inspector.name}不在第 {pick.no} 签（{pick.facility.name}）的检查小组里。核对人员和检查对象。"
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


def why_not_approve(request: AmendmentRequest, user, *, document_no: str) -> str:
    if refusal := why_not_open_decision(request, user):
        return refusal
    if not document_no.strip():
        return "填写批准文号。更换要经批准，文号随结果公开。"
    if len(document_no.strip()) > LONGEST_DOCUMENT_NO:
        return f"批准文号最长 {LONGEST_DOCUMENT_NO} 个字。"
    if request.run != request.draw.run:
        return "公开随机数更正以后名单已经重算，这份申请说的是更正以前的名单。"
    return why_not_amendable(request.draw)


def why_not_reject(request: AmendmentRequest, user, *, opinion: str) -> str:
    if refusal := why_not_open_decision(request, user):
        return refusal
    return "" if opinion.strip() else "写明不批准的理由。"
