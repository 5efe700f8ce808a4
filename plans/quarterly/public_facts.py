"""What the public sees of an item list and of a quarterly plan; `disclosure` freezes exactly this (六(一)2, 八(二)-a).

Names nobody: a plan shows classes, scope and numbers, since who is checked is drawn later (A-3). Earlier draws enter
as far as they are public (`quotas.Pool`, decisions.md 3), for every reader alike.
"""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.workdays.days import full_date, moment_words
from plans.bases.rules import grounds_in_force
from plans.lists import kinds
from plans.lists.public_facts import MODES, list_title
from plans.models import QuarterlyPlan, SourceKind
from plans.quotas import quotas
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
    def of(cls, plan: QuarterlyPlan, *, now: datetime) -> "PlanFacts":
        """Gather the facts: those it was approved with, else on the registry of `now`; the same for every reader.

        Units are called what they were called when it was published: the text that is public stays so (decision 0075).
        """
        day = localtime(plan.published_at or now).date()
        called = plan.unit.on(day)
        calendar, law = workdays.calendar(), policy.on(plan.quarter.first_day)
        rows = [
            r
            for r in plan.items.select_related("item__list__unit").order_by("item__code")
            if r.key or r.general or r.special
        ]
        strata = _approved_strata(plan) or _strata_now(plan, [r.item.code for r in rows], now)
        local = next((r.item.list for r in rows if r.item.list.unit_id != plan.item_list.unit_id), None)
        draw_at, release_at = localtime(plan.draw_at), localtime(plan.release_at)
        names = kinds.labels()
        return cls(
            title=f"{called.short_name} {plan.quarter.label}抽查工作计划"
            + (f"（第 {plan.revision} 版）" if plan.revision > 1 else ""),
            revision=plan.revision,
            revision_reason=plan.revision_reason,
            unit_code=plan.unit.code,
            unit_name=called.name,
            unit_short=called.short_name,
            executing_unit=plan.executing_unit.on(day).name,
            quarter=str(plan.quarter),
            quarter_label=plan.quarter.label,
            list_title=list_title(plan.item_list, day),
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
            local_list_title=list_title(local, day) if local else "",
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


def _strata_now(plan: QuarterlyPlan, codes: list[str], now: datetime) -> tuple[StratumFacts, ...]:
    pools = quotas.pools(
        plan.unit,
        plan.quarter,
        codes,
        positive_out=plan.positive_out,
        today=localtime(now).date(),
        before=plan.quarter,
    )
    return tuple(_stratum_facts(f) for f in quotas.figures_of(plan, pools))


def _stratum_facts(f: quotas.Figures) -> StratumFacts:
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
        required=f.required,
        reserved_percent=f.reserved_percent,
        lines=tuple(arithmetic_lines(f)),
    )


def arithmetic_lines(f: quotas.Figures) -> list[str]:
    """The rule next to the number (ui.md 1): every sum that asks for a number, and last what gives exactly the plan's."""
    if f.category == Category.SPECIAL:
        lines = ["不设最低比例，可随时另行发起检查", f"本季按比例 {f.ratio_sentence()}"]
        return lines if f.planned == f.quota.m1 else [*lines, f.sum_sentence()]
    lines = []
    if f.category == Category.KEY:
        lines.append(f"至少 {f.minimum} 家：{f.minimum_sentence()}")
    if f.basis_points != f.floor_points:
        lines.append(f"按比例 {f.ratio_sentence()}")
    return [*lines, f.pace_sentence(), f.sum_sentence()]
