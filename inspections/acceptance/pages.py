"""The way of a task to the door: accepted, approved, notified, there (PNG 29c)."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.workdays.days import short_date, shown_moment
from inspections.approvals import pages as approval_pages
from inspections.approvals import rules as approval_rules
from inspections.checks.rules import number_word
from inspections.exchange import leading
from inspections.models import ApprovalState, Inspection, Mode, Paper, Source
from inspections.service import rules as service_rules

from . import rules


@dataclass(frozen=True)
class Stage:
    """One of the four, of an off-site check of three; `state` is "ok", "now" or ""."""

    title: str
    text: str
    state: str = ""

    @property
    def spoken(self) -> str:
        return {"ok": "已完成", "now": "正在办"}.get(self.state, "未开始")


def stages(inspection: Inspection, members: list, now: datetime) -> list[Stage]:
    accepted, approved = _accepted(members), _approved(inspection, now)
    before = [accepted, approved]
    if inspection.mode == Mode.ONSITE:  # nobody is there to be served what is looked at from outside
        before.append(_notice(inspection, approved))
    last = _arrival(inspection)
    return [*before, replace(last, state="now") if accepted.state == approved.state == "ok" else last]


def _may(inspection: Inspection) -> str:
    return "可以到场" if inspection.mode == Mode.ONSITE else "可以开始非现场检查"


def _accepted(members: list) -> Stage:
    missing = [m.inspector.name for m in members if not rules.accepted_at(m)]
    words = "，".join(
        f"{m.inspector.name} {shown_moment(rules.accepted_at(m))}" for m in members if rules.accepted_at(m)
    )
    if not missing:
        return Stage(f"{number_word(len(members))}人都已接受", words, "ok")
    return Stage(f"等{'、'.join(missing)}声明并接受", words, "now")


def _approved(inspection: Inspection, now: datetime) -> Stage:
    asked = approval_rules.standing(inspection)
    if inspection.source == Source.EMERGENCY and (asked is None or asked.waits):
        return Stage("突发情况，先查后补", _made_up_until(inspection, now), "ok")
    if asked is None:
        return Stage("等报分管负责人审批", "由组长或者计划员报批", "now")
    if asked.waits:
        return Stage(f"等{asked.decider}审批", f"{shown_moment(asked.asked_at)} 送审，行政执法检查审批表 1 份", "now")
    if asked.state == ApprovalState.RETURNED:
        return Stage("审批退回", f"{asked.opinion}，改后重报", "now")
    words = f"{shown_moment(asked.decided_at)}，{asked.no}，{approval_pages.days_words(asked)}"
    today = localtime(now).date()
    if today > asked.last_day:
        return Stage("批准的检查时间已过", f"{words}。改期重新报批", "now")
    if today < asked.first_day:
        return Stage(
            f"{asked.decided_by.full_name}已批准，{short_date(asked.first_day)}起{_may(inspection)}", words, "ok"
        )
    return Stage(f"{asked.decided_by.full_name}已批准，{_may(inspection)}", words, "ok")


def _made_up_until(inspection: Inspection, now: datetime) -> str:
    for row in approval_pages.made_up(inspection.targeted.all(), now):
        return f"{approval_pages.hours_for(localtime(row.asked.asked_at).date())} 小时内补批，{shown_moment(row.until)} 以前"
    return "事后补批"


def _notice(inspection: Inspection, approved: Stage) -> Stage:
    if done := service_rules.delivered(inspection, Paper.NOTICE):
        return Stage("通知书已送达" if done.accepted else "通知书对方拒收", shown_moment(done.at), "ok")
    asked = approval_rules.standing(inspection)
    how = "到场以前送达" if asked and asked.notice_beforehand else "到场时送达"
    return Stage("通知书", how if approved.state == "ok" else f"批准后生成，{how}")


def may_serve(inspection: Inspection, user) -> bool:
    """Whether the notice may go out now, before anybody arrives, and has not yet (七(五)-j)."""
    return not service_rules.why_not_deliver(inspection, Paper.NOTICE, user)


def _arrival(inspection: Inspection) -> Stage:
    if inspection.mode != Mode.ONSITE:
        return Stage("非现场检查", f"{short_date(inspection.finish_by)}前，登记用什么方式、看了什么")
    planned = approval_pages.suggested_words(inspection, clock.today())
    return Stage("到场", planned or f"{short_date(inspection.finish_by)}前")


def why_not_arrive(inspection: Inspection, now: datetime) -> tuple[str, str]:
    """(what the bar says it waits for, the sentence) as long as nobody may arrive; ("", "") when they may."""
    if not inspection.accepted_at:
        return "等组长接受", "组长还没有接收这项任务。组长接收之后才能开始检查。"
    if reason := approval_rules.why_not_approved(inspection, now):
        return "等审批", reason
    if reason := leading.why_not_begin(inspection):
        return "等平台编号", reason
    return "", ""
