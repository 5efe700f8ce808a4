"""What the public sees of an item list and of a quarterly plan; `disclosure` freezes exactly this (六(一)2, 八(二)-a).

Names nobody: a plan shows classes, scope and numbers, since who is checked is drawn later (A-3). Counts of earlier
draws enter only once those are released (decisions.md 3).
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.workdays.days import full_date, moment_words, short_date
from plans.bases.rules import grounds_in_force
from plans.lists import kinds
from plans.lists.public_facts import MODES, list_title
from plans.models import QuarterlyPlan, SourceKind
from plans.quotas import history, quotas
from registry.facilities import public_tags
from registry.models import Category


@dataclass(frozen=True)
class StratumFacts:
    """检查对象 of one category: how many there are, how many are drawn, and why so many."""

    category: str
    name: str
    on_books: int
    drawable: int
    unseen: int
    halted: int
    capped: int
    offsite: int
    left_out: int
    ratio: str
    planned: int
    required: int | None
    reserved_percent: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class PlanItemFacts:
    code: str
    category: int
    category_name: str
    name: str
    content: str
    legal_basis: str
    key: bool
    general: bool
    special: bool
    mode: str
    only: str = ""  # the one tag that the item is about; "" = every object of its categories


@dataclass(frozen=True)
class SourceFacts:
    kind: str
    kind_name: str
    label: str
    due: str
    due_text: str


@dataclass(frozen=True)
class PlanFacts:
    """季度抽查工作计划 with all that 六(一)2 asks of it."""

    title: str
    revision: int
    revision_reason: str
    unit_code: str
    unit_name: str
    unit_short: str
    executing_unit: str
    quarter: str
    quarter_label: str
    list_title: str
    list_version: int
    strata: tuple[StratumFacts, ...]
    total: int
    items: tuple[PlanItemFacts, ...]
    modes: str
    team_size: int
    draw_at: str
    draw_text: str
    window_from: str
    window_to: str
    window_text: str
    release_at: str
    release_text: str
    same_day_release: bool
    sources: tuple[SourceFacts, ...]
    positive_out: bool
    positive_text: str
    cap: int
    publish_within: int
    due: str
    late_reason: str
    policy_title: str
    policy_label: str
    policy_version: str
    bases: tuple[str, ...]
    fallback_text: str = ""
    local_list_title: str = ""  # the unit's own list, where an item of the plan stands in it (五-4c)
    local_list_version: int = 0

    @classmethod
    def of(cls, plan: QuarterlyPlan, *, now: datetime, inside: bool = False) -> "PlanFacts":
        """Gather the facts: those it was approved with, else on the registry of `now`.

        Earlier draws count only once released; `inside` their circle all count (decisions.md 3).
        """
        calendar, law = workdays.calendar(), policy.on(plan.quarter.first_day)
        rows = [
            r
            for r in plan.items.select_related("item__list__unit").order_by("item__code")
            if r.key or r.general or r.special
        ]
        strata = _approved_strata(plan) or _strata_now(plan, [r.item.code for r in rows], now, inside)
        local = next((r.item.list for r in rows if r.item.list.unit_id != plan.item_list.unit_id), None)
        draw_at, release_at = localtime(plan.draw_at), localtime(plan.release_at)
        names = kinds.labels()
        return cls(
            title=f"{plan.unit.short_name} {plan.quarter.label}抽查工作计划"
            + (f"（第 {plan.revision} 版）" if plan.revision > 1 else ""),
            revision=plan.revision,
            revision_reason=plan.revision_reason,
            unit_code=plan.unit.code,
            unit_name=plan.unit.name,
            unit_short=plan.unit.short_name,
            executing_unit=plan.executing_unit.name,
            quarter=str(plan.quarter),
            quarter_label=plan.quarter.label,
            list_title=list_title(plan.item_list),
            list_version=plan.item_list.version,
            strata=strata,
            total=sum(s.planned for s in strata),
            items=tuple(
                PlanItemFacts(
                    r.item.code,
                    r.item.category,
                    names[r.item.category],
                    r.item.name,
                    r.item.content,
                    r.item.legal_basis,
                    r.key,
                    r.general,
                    r.special,
                    MODES[r.mode],
                    public_tags.LABELS.get(r.only_tag, ""),
                )
                for r in rows
            ),
            modes="、".join(dict.fromkeys(MODES[r.mode] for r in rows)),
            team_size=plan.team_size,
            draw_at=draw_at.isoformat(),
            draw_text=moment_words(draw_at),
            window_from=plan.window_from.isoformat(),
            window_to=plan.window_to.isoformat(),
            window_text=f"{full_date(plan.window_from)}—{full_date(plan.window_to)}",
            release_at=release_at.isoformat(),
            release_text=moment_words(release_at),
            same_day_release=release_at.date() == draw_at.date(),
            sources=tuple(
                SourceFacts(
                    s.kind,
                    SourceKind(s.kind).label,
                    s.label,
                    localtime(s.due).isoformat(),
                    moment_words(s.due),
                )
                for s in plan.sources.all()
            ),
            positive_out=plan.positive_out,
            positive_text="正面清单企业不参加抽取"
            if plan.positive_out
            else "正面清单企业照常参加抽取，抽中后用非现场方式检查",
            cap=law.cap_per_item,
            publish_within=law.publish_within_workdays,
            due=full_date(plan.quarter.plan_due(calendar).date),
            late_reason=plan.late_reason,
            policy_title=law.title,
            policy_label=law.label,
            policy_version=plan.policy_version,
            bases=grounds_in_force(now.date()),
            fallback_text=fallback_words(plan),
            local_list_title=list_title(local) if local else "",
            local_list_version=local.version if local else 0,
        )

    def as_snapshot(self) -> dict[str, Any]:
        return asdict(self)


def fallback_words(plan: QuarterlyPlan) -> str:
    """What happens when the lottery does not take place (SSJ1 14.4)."""
    if not plan.fallback_label or all(source.kind == SourceKind.DICE for source in plan.sources.all()):
        return ""
    due = moment_words(plan.fallback_due)
    later = "，抽取推迟到它开出以后" if plan.fallback_due > plan.draw_at else ""
    return f"停售或者延期的，这次抽取作废，重新封存，改用{plan.fallback_label}（{due}）{later}。"


def _approved_strata(plan: QuarterlyPlan) -> tuple[StratumFacts, ...]:
    return tuple(StratumFacts(**{**row, "lines": tuple(row["lines"])}) for row in plan.approved_strata or ())


def _strata_now(plan: QuarterlyPlan, codes: list[str], now: datetime, inside: bool) -> tuple[StratumFacts, ...]:
    day = localtime(now).date()
    pools = quotas.pools(
        plan.unit,
        plan.quarter,
        codes,
        positive_out=plan.positive_out,
        today=day,
        released_only=not inside,
        before=plan.quarter,
    )
    counted_to = day if not inside and history.are_some_secret(plan.unit, plan.quarter) else None
    return tuple(_stratum_facts(f, counted_to) for f in quotas.figures_of(plan, pools))


def _stratum_facts(f: quotas.Figures, counted_to: date | None) -> StratumFacts:
    """`counted_to`: the day up to which the public can count, while names of an earlier draw are secret."""
    return StratumFacts(
        category=f.category,
        name=f.long_name,
        on_books=f.pool.N,
        drawable=f.pool.A,
        unseen=f.pool.U,
        halted=f.pool.halted,
        capped=f.pool.capped,
        offsite=f.pool.offsite,
        left_out=f.pool.left_out,
        ratio=f.percent,
        planned=f.planned,
        required=f.required_without_pace if counted_to else f.required,
        reserved_percent=f.reserved_percent,
        lines=tuple(arithmetic_lines(f, counted_to)),
    )


def arithmetic_lines(f: quotas.Figures, counted_to: date | None = None) -> list[str]:
    """The rule next to the number (ui.md 1).

    What coverage asks for each quarter depends on every earlier draw. While one is secret the public text says what is
    public, and up to which day, and no pace that the plan would seem to break.
    """
    if f.category == Category.SPECIAL:
        return ["不设最低比例，可随时另行发起检查", f"本季按比例 {f.ratio_sentence()}"]
    lines = []
    if f.category == Category.KEY:
        lines.append(f"至少 {f.minimum} 家：{f.minimum_sentence()}")
    if f.basis_points != f.floor_points:
        lines.append(f"按比例 {f.ratio_sentence()}")
    if counted_to:
        lines.append(f"按 {short_date(counted_to)}前公开的检查，还有 {f.pool.U + f.pool.P} 家没查过（不含停产）")
    else:
        lines.append(f.pace_sentence())
    return lines
