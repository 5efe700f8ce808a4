"""Why a sealed draw would not be entered, held or released, in one sentence (七(二), SSJ1 14)."""

from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import Calendar, overdue, short_date, shown_moment
from plans.models import Draw, DrawStatus
from plans.states import FINAL

from . import ssj1
from .sealed import names_somebody
from .values import SourceState, source_states


def why_not_open_entry(draw: Draw, state: SourceState, user, now: datetime) -> str:
    """What stands in the way of this person typing this source's value now."""
    if not user.may(Permission.ENTER_VALUE, draw.unit):
        return "公开随机数由本单位计划员、分管负责人或市执法队监督员录入。"
    if draw.status == DrawStatus.PREPARED:
        return "名单还没有封存。"
    if draw.status != DrawStatus.FROZEN:
        return f"本次抽取已经结束，{FINAL}。"
    if now < state.due:
        return f"{state.label} {shown_moment(state.due)} {state.event}，到时才能录入。"
    if state.agreed is not None:
        return "这一项已由两人一致录入并公开，不能再改。与公告不同的，申请更正。"
    if state.entry_of(user) and not state.difference:
        return "本人已经录入过，一个人不能算两个人。由另一个人独立录入。"
    return ""


def why_not_enter(draw: Draw, state: SourceState | None, user, *, value: str, now: datetime) -> str:
    if state is None:
        return "封存清单里没有这一项公开随机数来源。" if draw.status != DrawStatus.PREPARED else "名单还没有封存。"
    if reason := why_not_open_entry(draw, state, user, now):
        return reason
    if reason := ssj1.why_not_value(state.kind, value):
        return f"{reason}。"
    return ""


def why_not_hold(draw: Draw, user, now: datetime, states: list[SourceState] | None = None) -> str:
    if not user.may(Permission.HOLD_DRAW, draw.unit):
        return "只有本单位计划员可以组织抽取。"
    if draw.status == DrawStatus.PREPARED:
        return "名单还没有封存，封存以后才能抽取。"
    if draw.status == DrawStatus.ABORTED:
        return "本次抽取已经作废。"
    if draw.status != DrawStatus.FROZEN:
        return f"本次抽取已于 {shown_moment(draw.drawn_at)} 完成，{FINAL}。"
    for state in source_states(draw) if states is None else states:
        if now < state.due:
            return f"{state.label} {shown_moment(state.due)} 才{state.event}，由两人录入以后才能抽取。"
        if state.agreed is None:
            return state.difference or f"还差两人一致录入的公开随机数：{state.label}。"
    if draw.correction_requests.pending().exists():
        return "公开随机数有一份更正申请等批准，办结以后再抽取。"
    if now < draw.plan.draw_at:
        return f"公示的抽取时间是 {shown_moment(draw.plan.draw_at)}，到时才能抽取，让想看的人都看得到。"
    return ""


def lateness(draw: Draw, now: datetime, calendar: Calendar) -> str:
    """Why this draw needs a reason of its own: its day is over, and the plan had set no later one with a reason (七(二)-a)."""
    due, on = draw.plan.quarter.draw_due(calendar).date, localtime(now).date()
    planned = localtime(draw.plan.draw_at).date()
    if on <= max(due, planned):
        return ""
    days = (on - due).days
    return f"抽取应在 {short_date(due)}前完成，计划定在 {short_date(planned)}，已逾期 {days} 天。写明逾期原因，随抽取公示，记入通报"


def why_not_late(draw: Draw, now: datetime, calendar: Calendar, reason: str) -> str:
    if not (late := lateness(draw, now, calendar)):
        return ""
    if not reason.strip():
        return f"{late}。"
    if not ssj1.is_a("TEXT", reason.strip()):
        return "逾期原因最长 200 个字，写成一段，不换行。"
    return why_not_reason(reason, "逾期原因") or why_names_somebody(draw, reason, "逾期原因")


def why_names_somebody(draw: Draw, text: str, what: str) -> str:
    """Words that are public at once, while the names are sealed (decisions.md 3)."""
    return f"{what}立即公开，不写企业的名称和编号。" if names_somebody(draw, text) else ""


def why_not_release(draw: Draw, now: datetime) -> str:
    if draw.status == DrawStatus.RELEASED:
        return "名单已经公开。"
    if draw.status != DrawStatus.DRAWN:
        return "还没有抽取，没有名单可以公开。"
    if now < draw.release_at:
        return f"名单 {shown_moment(draw.release_at)} 公开，现在还没有到时间。"
    return ""


def late_release(draw: Draw, now: datetime) -> str:
    """By how much drawn names are public too late, if they should be by now and are not (SSJ1 14.1)."""
    return overdue(draw.release_at, now) if draw.status == DrawStatus.DRAWN else ""


def may_see_names(draw: Draw, user) -> bool:
    """The circle of decisions.md 3, until the draw is released."""
    if draw.status == DrawStatus.RELEASED:
        return user.may(Permission.SEE_DRAWS, draw.unit)
    return draw.status == DrawStatus.DRAWN and user.may(Permission.SEE_SEALED, draw.unit)
