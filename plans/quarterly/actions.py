"""What people do with item lists and quarterly plans, up to their publication (六(一), 七(一), 七(六)).

Publishing itself is an action of `disclosure`, which calls `mark_list_published` and `mark_plan_published`.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, refusal, workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import SHANGHAI, Calendar, Quarter, short_date
from plans import states
from plans.lists import rules as lists_rules
from plans.lottery import schedule as lottery
from plans.models import (
    DrawStatus,
    LotteryGame,
    PlanItem,
    PlanSource,
    PlanStatus,
    QuarterlyPlan,
    SourceKind,
    UnitPolicy,
)
from plans.quotas import quotas

from . import duties, rows, rules
from .public_facts import PlanFacts

DRAW_TIME, LOTTERY_TIME = time(9, 30), time(21, 30)


@transaction.atomic
def draft_plan(*, unit: Unit, quarter: Quarter, by: User) -> QuarterlyPlan:
    """Begin the unit's plan of a quarter, with last quarter's choices where there is a plan (六(一)2).

    Otherwise: all items of the list in force, the legal minimum of 重点, the pace that reaches every 一般 in its
    cycle, the draw on the last working day up to the 10th, the lottery of the evening before, names on the 25th.
    """
    Unit.objects.locked(unit.pk)
    refuse_if(rules.why_not_draft_plan(unit, quarter, by))

    now, calendar, law = clock.now(), workdays.calendar(), policy.on(quarter.first_day)
    previous = _previous(unit, quarter)
    choices = UnitPolicy.objects.for_plan(unit, quarter, localtime(now).date())
    draw_at = _draw_moment(quarter, now, calendar)
    close = quarter.close_due(calendar).date
    plan = QuarterlyPlan.objects.create(
        unit=unit,
        year=quarter.year,
        number=quarter.number,
        item_list=lists_rules.list_in_force(quarter.year),
        executing_unit=previous.executing_unit if previous else executing_units(unit)[0],
        team_size=max((choices or previous).team_size if choices or previous else 0, law.min_team_size),
        positive_out=(choices or previous).positive_out if choices or previous else False,
        draw_at=draw_at,
        window_from=min(draw_at.date(), close),
        window_to=close,
        release_at=datetime.combine(
            draw_at.date() if choices and choices.release_on_draw_day else close,
            time(law.recommended.release_hour),
            SHANGHAI,
        ),
        policy_version=law.version,
        created_by=by,
        created_at=now,
        saved_at=now,
    )
    _name_sources(plan, now, choices.game if choices else LotteryGame.K8)
    rows.write_items(plan, rows.items_like(previous, plan))
    rows.write_strata(plan, rows.strata_like(previous, plan, now))
    trail.record("plans.plan.drafted", by=by, about=plan, quarter=str(quarter))
    return plan


@transaction.atomic
def propose_sources(*, plan: QuarterlyPlan, by: User) -> QuarterlyPlan:
    """Name the issue and the fallback that the kept schedule offers for the plan's draw; dice stay (SSJ1 14.3)."""
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    refuse_if(rules.why_not_edit_plan(plan, by) or why_no_proposal(plan, clock.now()))

    choices = UnitPolicy.objects.for_plan(plan.unit, plan.quarter, clock.today())
    dice = [(s.kind, s.label, s.due) for s in plan.sources.all() if s.kind == SourceKind.DICE]
    plan.sources.all().delete()
    for place, (kind, label, due) in enumerate(dice, 1):
        PlanSource.objects.create(plan=plan, position=place, kind=kind, label=label, due=due)
    _name_sources(plan, clock.now(), choices.game if choices else LotteryGame.K8, position=len(dice) + 1)
    _touch(plan)
    trail.record("plans.plan.saved", by=by, about=plan, version=plan.version)
    return plan


def why_no_proposal(plan: QuarterlyPlan, now: datetime) -> str:
    if lottery.proposal_for(plan.draw_at, now=now):
        return ""
    return "开奖日程里，从现在到抽取时间没有合适的一期。改抽取时间，或者由牵头部门核对开奖日程。"


def _name_sources(plan: QuarterlyPlan, now: datetime, game: str, *, position: int = 1) -> None:
    """The issue before the draw from the schedule; with no schedule the evening before, by its day."""
    proposal = lottery.proposal_for(plan.draw_at, now=now, game=game)
    if proposal is None:
        at = datetime.combine(localtime(plan.draw_at).date() - timedelta(days=1), LOTTERY_TIME, SHANGHAI)
        label = f"快乐8 {short_date(at.date())}开奖的一期"
    else:
        at, label = proposal.first.at, proposal.first.label
    PlanSource.objects.create(plan=plan, position=position, kind=SourceKind.LOTTERY, label=label, due=at)
    fallback = proposal and proposal.fallback
    if fallback and fallback.day < plan.window_to:
        plan.fallback_label, plan.fallback_due = fallback.label, fallback.at
        plan.save(update_fields=["fallback_label", "fallback_due"])


def executing_units(unit: Unit) -> list[Unit]:
    """Who may carry out the unit's checks: the section that serves it, its own sections, itself (五-2e, 五-2f)."""
    sections = Unit.objects.filter(Q(serves=unit) | Q(parent=unit, kind=UnitKind.HQ_SECTION))
    return [*sections.order_by("position", "code"), unit]


@transaction.atomic
def save_plan(*, plan: QuarterlyPlan, by: User, data: Mapping[str, Any]) -> QuarterlyPlan:
    """Keep what the planner has filled in; whether it is enough is asked when it is submitted.

    `data` holds any of the plan's own fields (executing_unit, team_size, draw_at, window_from, window_to,
    release_at, positive_out, late_reason, fallback_label, fallback_due), and
    `strata`: category → {basis_points, planned, reserved_percent};
    `items`: item code → {key, general, special, mode, only_tag};
    `sources`: [{kind, label, due}, …] in the manifest's order;
    `version`: the version the planner saw, so that two editors do not overwrite each other.
    """
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    refuse_if(
        rules.why_not_edit_plan(plan, by)
        or rules.why_changed_meanwhile(plan, data.get("version", plan.version))
        or rules.why_not_this_window(data.get("window_from", plan.window_from), data.get("window_to", plan.window_to))
    )

    for name in OWN_FIELDS & data.keys():
        setattr(plan, name, data[name])
    plan.item_list = lists_rules.list_in_force(plan.year)
    _touch(plan)
    rows.write_items(plan, data.get("items") or rows.chosen_in(plan))
    rows.write_strata(plan, data.get("strata", {}))
    if "sources" in data:
        plan.sources.all().delete()
        PlanSource.objects.bulk_create(
            PlanSource(plan=plan, position=place, **source) for place, source in enumerate(data["sources"], 1)
        )
    trail.record("plans.plan.saved", by=by, about=plan, version=plan.version)
    return plan


OWN_FIELDS = {
    "executing_unit",
    "team_size",
    "draw_at",
    "window_from",
    "window_to",
    "release_at",
    "positive_out",
    "late_reason",
    "fallback_label",
    "fallback_due",
}


@transaction.atomic
def copy_last_quarter(*, plan: QuarterlyPlan, by: User) -> QuarterlyPlan:
    """Take ratios, items, executing unit and team size over from last quarter's plan; the dates stay."""
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    previous = _previous(plan.unit, plan.quarter)
    refuse_if(
        rules.why_not_edit_plan(plan, by) or ("" if previous else f"{plan.unit}上季度没有计划，没有可以复制的内容。")
    )

    for name in ("executing_unit", "team_size", "positive_out"):
        setattr(plan, name, getattr(previous, name))
    plan.item_list = lists_rules.list_in_force(plan.year)
    _touch(plan)
    rows.write_items(plan, rows.items_like(previous, plan))
    rows.write_strata(plan, rows.strata_like(previous, plan, clock.now()))
    trail.record("plans.plan.copied", by=by, about=plan, source=str(previous.quarter))
    return plan


@transaction.atomic
def submit_plan(*, plan: QuarterlyPlan, by: User, late_reason: str = "") -> QuarterlyPlan:
    """Hand a plan to the approving leader. Below the minimum of 重点 it stays where it is, whatever the reason (七(一)1-a)."""
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    now, calendar = clock.now(), workdays.calendar()
    late_reason = late_reason.strip() or plan.late_reason
    refuse_if(rules.why_not_submit_plan(plan, by, figures_now(plan, now), now, calendar, late_reason))

    states.move_to(plan, PlanStatus.SUBMITTED)
    plan.submitted_by, plan.submitted_at = by, now
    plan.policy_version = policy.on(plan.quarter.first_day).version  # what it was judged by just now (附-b)
    plan.late_reason = late_reason if rules.lateness(plan, now, calendar) or plan.revision > 1 else ""
    _touch(plan)
    duties.pass_on(plan, Role.APPROVER, f"审批 {plan.quarter.label}抽查工作计划", _page(plan, "plan-review"), by)
    trail.record("plans.plan.submitted", by=by, about=plan, quarter=str(plan.quarter), late_reason=plan.late_reason)
    return plan


@transaction.atomic
def return_plan(*, plan: QuarterlyPlan, by: User, opinion: str, version: int | None = None) -> QuarterlyPlan:
    """Give a plan back with what has to change."""
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    refuse_if(
        rules.why_not_decide_plan(plan, by, PlanStatus.RETURNED)
        or rules.why_not_the_plan_seen(plan, version)
        or refusal.why_no_opinion(opinion)
    )

    states.move_to(plan, PlanStatus.RETURNED)
    plan.opinion = opinion.strip()
    _touch(plan)
    title = f"修改被退回的 {plan.quarter.label}抽查工作计划"
    duties.pass_on(plan, Role.PLANNER, title, _page(plan, "plan-edit"), by, body=f"审核意见：{plan.opinion}")
    trail.record("plans.plan.returned", by=by, about=plan, quarter=str(plan.quarter), opinion=plan.opinion)
    return plan


@transaction.atomic
def approve_plan(*, plan: QuarterlyPlan, by: User, opinion: str = "", version: int | None = None) -> QuarterlyPlan:
    """Approve a plan, reckoned again with today's registry; it is then made in the sense of 六(一)2-b (D-2)."""
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    now, calendar = clock.now(), workdays.calendar()
    refuse_if(
        rules.why_not_decide_plan(plan, by)
        or rules.why_not_the_plan_seen(plan, version)
        or rules.why_not_approve_plan(plan, by, figures_now(plan, now), now, calendar)
    )

    states.move_to(plan, PlanStatus.APPROVED)
    plan.approved_by, plan.approved_at, plan.opinion = by, now, opinion.strip()
    plan.policy_version = policy.on(plan.quarter.first_day).version  # judged anew by the numbers of today (附-b)
    plan.approved_strata = [asdict(stratum) for stratum in PlanFacts.of(plan, now=now).strata]
    _touch(plan)
    duties.plan_approved(plan, by)
    title = f"{plan.quarter.label}抽查工作计划已批准"
    tell(role=Role.PLANNER, unit=plan.unit, key=f"approved:{plan.pk}", title=title, url=plan.get_absolute_url(), by=by)
    trail.record("plans.plan.approved", by=by, about=plan, quarter=str(plan.quarter))
    return plan


@transaction.atomic
def mark_plan_published(*, plan: QuarterlyPlan, by: User, at: datetime, late_reason: str = "") -> QuarterlyPlan:
    """Called by `disclosure` when it has published the plan; only then can it be drawn (七(四)-3, A-26).

    Whoever publishes also hands it to the lead office (`filings.send_plan`): with that the unit's deadline is met (D-3).
    """
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    states.move_to(plan, PlanStatus.PUBLISHED)
    plan.published_at = at
    plan.late_reason = late_reason or plan.late_reason
    _touch(plan)
    duties.plan_published(plan)
    if waiting := plan.draws.filter(status=DrawStatus.PREPARED).first():
        duties.draw_follows(plan, Role.APPROVER, f"封存 {plan.quarter.label}抽查名单", waiting.get_absolute_url())
    trail.record("plans.plan.published", by=by, about=plan, quarter=str(plan.quarter), revision=plan.revision)
    return plan


@transaction.atomic
def revise_plan(*, plan: QuarterlyPlan, by: User, reason: str) -> QuarterlyPlan:
    """Take a published plan up again, as its next version with the reason (六(一)2, 七(四)-3).

    What is public stays public until the next version is; until then nothing can be prepared or sealed. The dates for
    making and handing in the plan were kept or missed by its first version, so those duties are not opened again.
    """
    plan = QuarterlyPlan.objects.whole().locked(plan.pk)
    refuse_if(rules.why_not_revise_plan(plan, by, reason))

    now = clock.now()
    states.move_to(plan, PlanStatus.DRAFT)
    plan.revision += 1
    plan.revision_reason = reason.strip()
    plan.created_by, plan.created_at = by, now  # of this version; who changes it does not approve it
    plan.submitted_by = plan.submitted_at = plan.approved_by = plan.approved_at = None
    plan.published_at = plan.received_at = None
    plan.opinion, plan.approved_strata = "", None
    _touch(plan)
    if plan.draws.filter(status=DrawStatus.PREPARED).exists():
        duties.draw_follows(plan, Role.PLANNER, f"更改计划，完成 {plan.quarter.label}随机抽取", plan.get_absolute_url())
    trail.record(
        "plans.plan.revised",
        by=by,
        about=plan,
        quarter=str(plan.quarter),
        revision=plan.revision,
        reason=plan.revision_reason,
    )
    return plan


def _page(plan: QuarterlyPlan, name: str) -> str:
    return reverse(f"plans:{name}", args=[plan.unit.code, str(plan.quarter).lower()])


def figures_now(plan: QuarterlyPlan, now: datetime) -> list[quotas.Figures]:
    """The plan's figures on the registry of this moment, with every standing pick: for rules and the unit's own eyes."""
    prefetch_related_objects([plan], Prefetch("items", PlanItem.objects.select_related("item__list")))
    codes = [row.item.code for row in plan.items.all() if row.key or row.general or row.special]
    pools = quotas.pools(plan.unit, plan.quarter, codes, positive_out=plan.positive_out, today=localtime(now).date())
    return quotas.figures_of(plan, pools)


def _touch(plan: QuarterlyPlan) -> None:
    plan.version += 1
    plan.saved_at = clock.now()
    plan.save()


def _previous(unit: Unit, quarter: Quarter) -> QuarterlyPlan | None:
    return unit.plans.of(quarter.previous()).select_related("executing_unit").first()


def _draw_moment(quarter: Quarter, now: datetime, calendar: Calendar) -> datetime:
    """9:30 on the last working day up to the 10th; for a late plan two working days from now."""
    day = quarter.draw_due(calendar).target
    earliest = calendar.add_workdays(localtime(now).date(), 2)
    day = max(day, earliest) if earliest <= quarter.last_day else day
    return datetime.combine(day, DRAW_TIME, SHANGHAI)
