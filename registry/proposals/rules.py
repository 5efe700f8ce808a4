"""Why a change of category, pool or unit may not be proposed or approved (六(二)-d, -r): one sentence each."""

from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_not_reason
from registry import questions
from registry.complaints import tallies as complaints
from registry.facilities import categories, rules
from registry.models import Ground, OperatingStatus, ProposalKind, ProposalState


def why_not_change_status(facility, *, status: str, on: date, reason: str, evidence: str, today: date) -> str:
    """Shut-downs, closures and the like need a day, a reason and evidence (六(二)-d)."""
    if status not in OperatingStatus.values:
        return "没有这种生产状态。"
    if status == facility.status:
        return f"现在已经是“{facility.get_status_display()}”。"
    if not evidence.strip():
        return "写明依据，如“现场核查记录”“注销通知书”。"
    return why_not_from_day(facility, on, today) or why_not_reason(reason)


def why_not_from_day(facility, on: date, today: date) -> str:
    """From a day that has come, and on which the registry had the facility."""
    if on > today:
        return "生效日期不能晚于今天。"
    if on < facility.entered_on:
        return f"生效日期不能早于纳入名录的日期（{facility.entered_on:%Y-%m-%d}）。"
    return ""


def why_not_add_ground(
    facility, *, kind: str, evidence: str, year: int, on: date, today: date, listed: bool = False
) -> str:
    """Each ground needs its evidence; the same one of a later year takes the place of the earlier.

    `listed`: a workbook brought it, whose evidence names the complaints themselves.
    """
    if kind not in Ground.values:
        return "没有这一项依据。"
    if kind in categories.DERIVED:
        return f"“{Ground(kind).label}”由系统按许可管理类别或信用评价提出，改那一项即可。"
    if not evidence.strip():
        return "写明证据，如“2026 年重点排污单位名录”。"
    if obstacle := why_not_from_day(facility, on, today):
        return obstacle
    if kind == Ground.SF1 and year >= on.year:
        return f"“{Ground.SF1.label}”看上一年度：年度填 {on.year - 1} 或更早。"
    if (last := categories.last_day(kind, year, on)) and last < today:
        of_year = f"{year} 年的" if kind in categories.YEARLY else ""
        return f"{of_year}“{Ground(kind).label}”已于 {last:%Y-%m-%d} 到期。"
    held = facility.grounds.filter(kind=kind, valid_to__isnull=True).first()
    if held and (kind not in categories.YEARLY or (held.year or 0) >= year):
        return f"“{Ground(kind).label}”已经登记。"
    return complaints.why_not_repeated(facility, on) if kind == Ground.SF2B and not listed else ""


def why_not_derive(facility, kind: str, *, held: bool) -> str:
    """A ground that permit or credit rating make begins and ends only as they say (六(二)-u, -ai)."""
    wanted = categories.derived_grounds(
        permit_category=facility.permit_category, permit_no=facility.permit_no, credit_level=facility.credit_level
    )
    if (kind in wanted) == held:
        return ""
    now = "现在没有" if held else "现在还有"
    return f"{now}“{Ground(kind).label}”的情形：许可管理类别或信用评价在提出以后又变了。"


def why_not_end_ground(ground, *, reason: str, on: date, today: date) -> str:
    if ground.valid_to:
        return "这一项依据已经取消。"
    if ground.kind in categories.DERIVED:
        return f"“{Ground(ground.kind).label}”由系统按许可管理类别或信用评价提出，改那一项即可。"
    if on < ground.valid_from:
        return f"生效日期不能早于这一项依据的起始日（{ground.valid_from:%Y-%m-%d}）。"
    return why_not_from_day(ground.facility, on, today) or why_not_reason(reason)


def why_not_transfer(facility, target, *, on: date, reason: str, evidence: str, today: date) -> str:
    """From one drawing unit to another of the city: never in two, never in none (六(二)-h, 七(一)4-a)."""
    if target.kind not in (UnitKind.CITY_TEAM, UnitKind.BRANCH):
        return f"{target.short_name}不单独抽取，移交给它所服务的分局。"
    if target.closed_on:
        return target.closed_words
    if target.pk == facility.unit_id:
        return f"现在已经由{target.short_name}监管。"
    if not evidence.strip():
        return "写明依据，如“市局关于调整监管层级的通知”。"
    if words := questions.ask.why_not_transfer(facility):
        return words
    if on != today:
        return "移交从批准的当天起生效，生效日期填今天。"
    return why_not_reason(reason)


def why_not_propose(facility, user, subject: str, *, seen_there: bool = False) -> str:
    """One proposal of one thing at a time, by the registrar of the unit, or by whoever found it so on a visit."""
    if not seen_there and (obstacle := rules.why_not_edit_facility(facility, user)):
        return obstacle
    if waiting := facility.proposals.pending().filter(subject=subject).first():
        return f"“{waiting.get_kind_display()}”已于 {localtime(waiting.asked_at):%Y-%m-%d} 提出，正等批准。先撤回，再提出新的。"
    return ""


def why_not_decide(proposal, user) -> str:
    """Somebody else than who proposed it decides (六(二)-r, -ad, -ak; decisions.md 7)."""
    return decision.why_not_decide(
        proposal,
        user,
        **_whose(ProposalKind(proposal.kind).by_lead_office, proposal.unit, user),
        over={state: f"这一项{state.label}，不用再办。" for state in ProposalState},
    )


def why_not_decide_batch(batch, user) -> str:
    return decision.why_not_decide(
        batch,
        user,
        **_whose(batch.by_lead_office, batch.unit, user),
        over={state: f"这一批{state.label}，不用再办。" for state in ProposalState},
    )


def why_not_alone(proposal, batch) -> str:
    """What came in a workbook is approved with all of it, or returned (ui-2.md 27)."""
    if proposal.batch_id and (batch is None or batch.pk != proposal.batch_id):
        return f"这一项随“{proposal.batch.title}”整批批准；有问题的，单独退回。"
    return ""


def _whose(by_lead_office: bool, unit, user) -> dict:
    """正面清单 is the city's and decided by its lead office, everything else by the unit's leader (七(三)-e)."""
    permission = Permission.DECIDE_POSITIVE_LIST if by_lead_office else Permission.APPROVE_REGISTRY
    role = "由牵头部门批准。" if by_lead_office else f"由{unit.short_name}的分管负责人批准。"
    return {"may": user.may(permission, unit.pk), "role": role, "own": "提出的人不能批准自己提出的变更。"}


def why_not_withdraw_proposal(proposal, user) -> str:
    if not proposal.waits:
        return f"这一项{proposal.get_state_display()}，不能撤回。"
    return rules.why_not_edit_facility(proposal.facility, user)
