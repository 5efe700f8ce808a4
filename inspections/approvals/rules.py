"""Why a check cannot be asked for, approved or begun without its approval (国办发〔2024〕54号 凡检查必审批; 七(五)-d, N-6)."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import RoleGrant, Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_no_opinion, why_not_reason
from benxi_shuangsuiji.workdays.days import short_date
from inspections.models import (
    ApprovalChain,
    ApprovalState,
    CheckApproval,
    Inspection,
    InspectionStatus,
    Mode,
    Source,
    VisitMember,
)

from .models import offices_of

LONGEST_VISIT = 2 * 24 * 60  # minutes


def starts_in(inspections: list[Inspection], by, day: date) -> list[Unit]:
    """Whose word on each of these checks of one unit comes first: the head of the section, where the chain says so and one
    is there who neither asks nor goes there himself (五-2e)."""
    chain = ApprovalChain.objects.in_force(inspections[0].unit, day)
    if not (chain and chain.with_section):
        return [check.unit for check in inspections]
    heads = _heads([(check, check.executing_unit) for check in inspections], day)
    return [
        check.executing_unit if found - {by.pk} else check.unit for check, found in zip(inspections, heads, strict=True)
    ]


def _heads(checks: list[tuple[Inspection, Unit]], day: date) -> list[set[int]]:
    """Of each of these checks the heads of that section who do not go there themselves."""
    grants = RoleGrant.objects.in_force(day).filter(role=Role.SECTION_HEAD, user__is_active=True)
    held = set(grants.filter(unit__in={section.pk for _, section in checks}).values_list("unit", "user"))
    members = VisitMember.objects.filter(inspection__in=[check.pk for check, _ in checks])
    going = set(members.values_list("inspection", "inspector__user"))
    return [
        {user for unit, user in held if unit == section.pk and (check.pk, user) not in going}
        for check, section in checks
    ]


def without_head(asked: CheckApproval, day: date) -> bool:
    """It waits for a section whose head has gone meanwhile: nobody will decide it."""
    section, check = asked.decided_in, asked.inspection
    if not asked.waits or section.pk == check.unit_id or section.kind == UnitKind.CITY_BUREAU:
        return False
    return not _heads([(check, section)], day)[0] - {asked.asked_by_id}


def bureau_after(unit: Unit, day: date) -> Unit | None:
    """The city bureau, where the chain of the unit has it approve after the unit's leader."""
    chain = ApprovalChain.objects.in_force(unit, day)
    return Unit.objects.filter(kind=UnitKind.CITY_BUREAU).first() if chain and chain.with_bureau else None


# Asking
def why_not_asker(inspection: Inspection, by) -> str:
    if by.may(Permission.DISPATCH, inspection.unit_id):
        return ""
    leads = inspection.members.filter(inspector__user=by, is_leader=True).exists()
    return "" if leads else "由组长或者本单位的计划员报批。"


def why_not_ask(inspection: Inspection, by) -> str:
    """Before anybody goes there; what waits already may be asked for anew, with other days."""
    if reason := why_not_asker(inspection, by):
        return reason
    if inspection.status != InspectionStatus.DISPATCHED:
        return f"这次检查{inspection.get_status_display()}，不用再报批。"
    if inspection.source == Source.EMERGENCY:
        return "突发环境事件先查后补，随针对性检查一并补办批准。"
    return ""


def why_not_plan(
    inspection: Inspection,
    *,
    first_day: date,
    last_day: date,
    planned_on: date,
    minutes: int,
    notice_beforehand: bool,
    notice_reason: str,
    today: date,
) -> str:
    """The days that are asked for, the planned duration, and why the notice is served beforehand (七(五)-q)."""
    if last_day < first_day:
        return "检查时间的止日早于起日。核对两个日期。"
    if last_day < today:
        return "检查时间已经过去。改为今天或以后。"
    if not first_day <= planned_on <= last_day:
        return "计划检查日不在报批的检查时间里。"
    if not 0 < minutes <= LONGEST_VISIT:
        return "填写计划用时。"
    if notice_beforehand and (reason := why_not_reason(notice_reason, "提前送达的理由")):
        return reason
    if notice_reason.strip() and not notice_beforehand:
        return "没有选提前送达，却写了理由。选择提前送达，或删去理由。"
    return ""


def why_not_plan_day(inspection: Inspection, planned_on: date, by, today: date) -> str:
    """Within what was asked for; another time is asked for anew."""
    if reason := why_not_ask(inspection, by):
        return reason
    row = standing(inspection)
    if row is None or row.state == ApprovalState.RETURNED:
        return "先报批，再定检查日期。"
    if planned_on < today:
        return "这一天已经过去。改为今天或以后。"
    if not row.first_day <= planned_on <= row.last_day:
        return f"报批的检查时间是 {short_date(row.first_day)}至 {short_date(row.last_day)}。改期的重新报批。"
    return ""


# Deciding
def why_not_decide(asked: CheckApproval, by) -> str:
    """The leader of the unit, then of the bureau where the chain says so; never who asked, nor who goes there himself."""
    refusal = decision.why_not_decide(
        asked,
        by,
        may=asked.decided_in_id in offices_of(by),
        role=f"由{asked.decider}审批。",
        own=_own(asked),
        over={state: f"{asked.inspection.no} {state.label}，不再变动。" for state in ApprovalState},
    )
    if refusal:
        return refusal
    his = Exists(
        CheckApproval.objects.filter(inspection=OuterRef("pk"), no=asked.no, asked_by=by)
    )  # at an earlier step
    goes = Exists(VisitMember.objects.filter(inspection=OuterRef("pk"), inspector__user=by))
    asked_it, goes_there = Inspection.objects.filter(pk=asked.inspection_id).values_list(his, goes).get()
    if asked_it:
        return _own(asked)
    if goes_there:
        return f"检查小组成员不审批本组的检查，由另一名{asked.decider}审批。"
    return ""


def _own(asked: CheckApproval) -> str:
    return f"申请审批的人不能批准自己报批的检查，由{asked.decider}审批。"


def why_not_return(asked: CheckApproval, by, opinion: str) -> str:
    return why_not_decide(asked, by) or why_no_opinion(opinion)


# Arriving
def why_not_approved(inspection: Inspection, at: datetime) -> str:
    """Why nobody may arrive at that moment: approved by then, for that day; an emergency has it made up afterwards (N-6).

    A team that an approved replacement changed goes under the approval of the check (docs/decisions/0026).
    """
    if inspection.source == Source.EMERGENCY:
        return ""
    rows = newest_first(inspection)
    day = localtime(at).date()
    final = [row for row in rows if row.state == ApprovalState.APPROVED and row.then_in_id is None]
    in_time = [row for row in final if row.decided_at.replace(second=0, microsecond=0) <= at]
    if any(row.first_day <= day <= row.last_day for row in in_time):
        return ""
    newest, then = standing(inspection), "到场" if inspection.mode == Mode.ONSITE else "开始"
    if newest is None:
        return f"这次检查还没有报批。由组长或者计划员报分管负责人审批，批准以后才能{then}。"
    if newest.waits:
        return why_nobody(newest, day) or f"{newest.decider}批准以后才能{then}。"
    if newest.state == ApprovalState.RETURNED:
        return f"审批退回：{newest.opinion}。改后重报，批准以后才能{then}。"
    if not in_time:
        return f"到达时间早于批准的 {localtime(newest.decided_at):%m-%d %H:%M}。核对到达时间。"
    return f"批准的检查时间是 {short_date(newest.first_day)}至 {short_date(newest.last_day)}。改期的先重新报批。"


def why_nobody(asked: CheckApproval, day: date) -> str:
    """What to do about a request that nobody can decide any more."""
    if not without_head(asked, day):
        return ""
    return f"{asked.decided_in.short_name}现在没有能审批的科室负责人。重新报批，直接报分管负责人。"


def newest_first(inspection: Inspection) -> list[CheckApproval]:
    """From what the caller has fetched already, where a list shows many checks."""
    return sorted(inspection.approvals.all(), key=lambda row: (row.asked_at, row.pk), reverse=True)


def standing(inspection: Inspection) -> CheckApproval | None:
    """The request that counts: the newest that was not taken back."""
    row = next((row for row in newest_first(inspection) if row.state != ApprovalState.TAKEN_BACK), None)
    if row is not None:
        row.inspection = inspection
    return row


# The chain
def why_not_set_chain(unit: Unit, by, *, document: str, valid_from: date, today: date) -> str:
    """The lead office says who approves, by a document, from a day to come on."""
    if not by.units_with(Permission.KEEP_VOCABULARIES):
        return "审批层级由市执法队牵头部门登记。"
    if unit not in Unit.objects.drawing():
        return "审批层级按抽查的单位登记。"
    if reason := why_not_reason(document, "依据文件"):
        return reason
    if valid_from <= today:
        return "审批层级从明天起填写，已经报批的仍按当时的层级。"
    return ""
