"""Why a draw would not be prepared, sealed, entered, held or released, in one sentence (七(二), SSJ1 14)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap

from django.db.models import Q
from django.utils import timezone

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.policy.parameters import share
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import overdue, shown_moment
from plans.bases import rules as basis_rules
from plans.lottery import schedule as lottery
from plans.models import Draw, DrawDocument, DrawStatus, PlanStatus, RequestState, SourceKind, ValueEntry
from plans.states import FINAL
from registry.audits import standing as audits
from registry.models import Category

from . import ssj1

SEAL_WORD = "封存"


ENOUGH_PEOPLE = 2  # SSJ1 14.1: two officers type each value


NOT_PUBLISHED = "季度计划还没有公开，公开以后才能抽取。"


ANOTHER_ISSUE = "由计划员更改计划，另定一期，批准、公开后再封存。"


def why_not_public(plan) -> str:
    """Only a plan that is public as it stands can be drawn (七(四)-3); one that is being changed is not."""
    if plan.is_being_changed:
        return f"季度计划正在更改（第 {plan.revision} 版），批准、公开以后才能核对和封存。"
    return "" if plan.status == PlanStatus.PUBLISHED else NOT_PUBLISHED


# ---------------------------------------------------------------------------------------------------------------
# Preparing and sealing
# ---------------------------------------------------------------------------------------------------------------
def why_not_prepare(plan, user) -> str:
    if not user.may(Permission.PREPARE_DRAW, plan.unit):
        return "只有本单位计划员可以核对名单。"
    return why_not_public(plan) or why_no_further_draw(plan)


def why_no_further_draw(plan, besides: Draw | None = None) -> str:
    """One draw per plan; and none while picks of an earlier one are secret, whatever its quarter.

    The frames of a further draw are public from the seal on; their `times` and `seen` would name
    who was drawn before (decisions.md 3).
    """
    others = Draw.objects.filter(unit=plan.unit).exclude(pk=besides.pk if besides else None)
    if existing := others.filter(plan=plan).exclude(status=DrawStatus.ABORTED).first():
        return f"本计划已有一次抽取（{existing.draw_id}），{FINAL}。"
    if unreleased := others.filter(status=DrawStatus.DRAWN).order_by("drawn_at").first():
        return (
            f"{unreleased.draw_id} 的名单 {shown_moment(unreleased.release_at)} 公开，公开以后才能核对和封存下一次抽取："
            "否则新名单会让人看出上次抽到了谁。"
        )
    return ""


def why_not_open_seal(draw: Draw, user) -> str:
    """What stands in the way of this person, before any list is counted."""
    if draw.status != DrawStatus.PREPARED:
        return _already(draw)
    if not user.may(Permission.SEAL_DRAW, draw.unit):
        return "只有本单位分管负责人可以封存。"
    if user.pk == draw.prepared_by_id:
        return "核对和封存不能是同一个人，由另一位负责人封存。"
    return ""


def _already(draw: Draw) -> str:
    if draw.status == DrawStatus.ABORTED:
        return "本次抽取已经作废。"
    return f"名单已于 {shown_moment(draw.frozen_at)} 封存，现在的修改从下一季度起生效。"


@dataclass(frozen=True)
class Check:
    """One line of 封存前核对: what is checked, and what to do if it fails ("" = in order)."""

    title: str
    problem: str = ""


def checks(draw: Draw, material, now: datetime) -> list[Check]:
    """What must be in order before sealing; `material` is what would be sealed now (`frames.Material`)."""
    plan = draw.plan
    found = [Check("季度计划已公开", why_not_public(plan))]
    found.append(Check("本单位没有未结束的抽取", _other_open(draw)))
    if reason := why_no_further_draw(plan, besides=draw):
        found.append(Check("以前抽取的名单都已公开", reason))
    found.append(Check("抽查事项都在公开的清单里，依据有效", _items(plan, now)))
    found.append(Check("各类对象都有计划的比例", material.missing_strata()))
    found.append(Check("重点比例和每组人数符合本季度的规定", _numbers_in_force(plan, material)))
    found.append(Check("有检查人员可以派出", _people(material, plan.team_size)))
    found.append(Check("公开随机数来源足够", _sources(material)))
    kept = lottery.kept()
    for source in material.sources:
        event = event_of(source.kind)
        title = f"{source.label}在封存后{event}（{shown_moment(source.due)}）"
        problem = ""
        if source.due <= now:
            passed = "已经过了掷骰的时间" if source.kind == SourceKind.DICE else "已经开出"
            problem = (
                f"公开随机数来源（{source.label}，{shown_moment(source.due)}）{passed}，不能再封存。{ANOTHER_ISSUE}"
            )
        elif source.kind == SourceKind.LOTTERY and (reason := kept.why_not_drawn(source.label, source.due)):
            problem = f"{reason}。{ANOTHER_ISSUE}"
        found.append(Check(title, problem))
    if material.sources and plan.release_at < max(s.due for s in material.sources):
        found.append(Check("名单在开出以后公开", "名单公开时间早于随机源的开出时间，改计划里的公开时间。"))
    return found


def _other_open(draw: Draw) -> str:
    other = Draw.objects.filter(unit=draw.unit, status=DrawStatus.FROZEN).exclude(pk=draw.pk).first()
    return f"本单位的 {other.draw_id} 已封存还没有抽取，先完成它。" if other else ""


def _items(plan, now: datetime) -> str:
    """What is not public or rests on no basis in force is not drawn for (N-3)."""
    rows = plan.items.filter(Q(key=True) | Q(general=True) | Q(special=True)).select_related("item")
    day = max(timezone.localtime(now).date(), plan.window_from)
    unfit = basis_rules.obstacles((row.item for row in rows), day)
    return "；".join(unfit.values()) + "。由计划员更改计划里的事项，批准、公开后再封存。" if unfit else ""


def _numbers_in_force(plan, material) -> str:
    """A plan approved before its quarter's numbers were changed is drawn by the new ones, or not at all (附-b)."""
    law = policy.on(plan.quarter.first_day)
    ratio = next((s.bp for s in material.strata if s.category == Category.KEY), law.key_basis_points)
    again = "由计划员更改计划，批准、公开后再封存。"
    if ratio < law.key_basis_points:
        least = share(law.key_basis_points)
        return f"计划的重点对象比例是 {share(ratio)}，{plan.quarter.label}不低于 {least}。{again}"
    if plan.team_size < law.min_team_size:
        return f"计划每组 {plan.team_size} 人，{plan.quarter.label}检查小组不少于 {law.min_team_size} 人。{again}"
    return ""


def _people(material, team_size: int) -> str:
    usable, leaders = material.usable_inspectors(), material.leaders()
    if len(usable) < team_size:
        return f"可以派出的检查人员只有 {len(usable)} 人，每组要 {team_size} 人。增加检查人员，或由市执法队派人。"
    if not leaders:
        return "没有可以任组长的检查人员。在检查人员名录里登记组长资格。"
    return ""


def _sources(material) -> str:
    """SSJ1 5.2: one result that nobody in the room controls, or dice thrown by two witnesses."""
    kinds = [s.kind for s in material.sources]
    if any(kind != SourceKind.DICE for kind in kinds) or kinds.count(SourceKind.DICE) >= ENOUGH_PEOPLE:
        return ""
    return "至少要有一期公开开奖，或者两位见证人分别掷骰子。改计划里的公开随机数来源。"


def audits_of(draw: Draw, now: datetime) -> list[audits.Standing]:
    """The last audit of both registries, as they stand before sealing (七(四)-1)."""
    return audits.standing_of_unit(draw.unit, timezone.localtime(now).date())


def why_not_audited(audited: list[audits.Standing], reason: str) -> str:
    """An audit older than the days allowed stops nothing; somebody says why (D-13, our own figure)."""
    old = [a for a in audited if a.too_old]
    if not old:
        return ""
    if not reason.strip():
        books = "、".join(a.book.label for a in old)
        return f"{books}超过 {old[0].within} 天没有审核。写明照常封存的原因，或者由名录专人先审核。"
    return why_not_reason(reason)


def why_not_seal(draw: Draw, user, *, word: str, material, now: datetime) -> str:
    if reason := why_not_open_seal(draw, user):
        return reason
    if word != SEAL_WORD:
        return f"封存不能撤回。确认封存的，在框里写“{SEAL_WORD}”两个字。"
    return next((check.problem for check in checks(draw, material, now) if check.problem), "")


# ---------------------------------------------------------------------------------------------------------------
# Public values, typed by two people
# ---------------------------------------------------------------------------------------------------------------
def event_of(kind: str) -> str:
    return "掷骰" if kind == SourceKind.DICE else "开出"


@dataclass(frozen=True)
class SourceState:
    """One announced source of a sealed draw and what was typed for it; `latest` has one entry per person.

    `corrected` are the two entries of the last approved correction (SSJ1 9.1), `wrong` the values that corrections put right.
    """

    position: int
    kind: str
    label: str
    due: datetime
    latest: tuple[ValueEntry, ...]
    corrected: tuple[ValueEntry, ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def event(self) -> str:
        """What happens when the source is due."""
        return event_of(self.kind)

    @property
    def agreed(self) -> str | None:
        """The value that holds: corrected, or the only one that two different people's latest entries share.

        The database asks the same (D5).
        """
        return self.corrected[0].value if self.corrected else shared_value(self.latest)

    @property
    def difference(self) -> str:
        """In which place two people's values differ, or an empty string."""
        if self.agreed is not None or len(self.latest) < ENOUGH_PEOPLE:
            return ""
        return difference_of(self.kind, self.latest[-2].value, self.latest[-1].value)

    @property
    def agreeing(self) -> tuple[ValueEntry, ...]:
        """The entries that make the agreement; what somebody else typed is not among them."""
        if self.corrected:
            return self.corrected
        return tuple(entry for entry in self.latest if entry.value == self.agreed)

    @property
    def differing(self) -> tuple[ValueEntry, ...]:
        """Entries left standing that differ from what was agreed."""
        if self.corrected:
            return ()
        return tuple(entry for entry in self.latest if self.agreed is not None and entry.value != self.agreed)

    def entry_of(self, user) -> ValueEntry | None:
        return next((entry for entry in self.latest if entry.entered_by_id == user.pk), None)


def shared_value(entries: Iterable[ValueEntry]) -> str | None:
    """The one value that at least two people typed; None while there is none, or more than one."""
    values = [entry.value for entry in entries]
    shared = {value for value in values if values.count(value) >= ENOUGH_PEOPLE}
    return shared.pop() if len(shared) == 1 else None


def difference_of(kind: str, first: str, second: str) -> str:
    """Say where two typed values part, so that both people look at the same place of the notice."""
    word, notice = {
        SourceKind.DICE: ("点数", "掷骰记录"),
        SourceKind.BEACON: ("四位一组的数", "信标公告"),
    }.get(kind, ("号码", "开奖公告"))
    a, b = parts_of(kind, first), parts_of(kind, second)
    for number, (x, y) in enumerate(zip(a, b, strict=False), 1):
        if x != y:
            return f"两人录入的第 {number} 个{word}不同（{x} / {y}）。两人对照{notice}，各自重新录入。"
    return f"两人录入的{word}个数不同（{len(a)} / {len(b)}）。两人对照{notice}，各自重新录入。"


def parts_of(kind: str, value: str) -> list[str]:
    """The single numbers of a value, in order; a beacon in fours, so that two people find the place."""
    if kind == SourceKind.BEACON:
        return wrap(value, 4)
    return value.replace("+", ",").split(",") if kind == SourceKind.LOTTERY else list(value)


def source_states(draw: Draw) -> list[SourceState]:
    """The sources of the sealed manifest, in its order; two queries."""
    text = DrawDocument.objects.filter(draw=draw, kind="MANIFEST").values_list("text", flat=True).first()
    if text is None:
        return []
    latest: dict[int, dict[int, ValueEntry]] = {}
    corrections: dict[int, dict[int, list[ValueEntry]]] = {}
    counted = Q(correction__isnull=True) | Q(correction__state=RequestState.APPROVED)
    for entry in draw.value_entries.filter(counted).select_related("entered_by").order_by("correction_id", "pk"):
        if entry.correction_id:
            corrections.setdefault(entry.position, {}).setdefault(entry.correction_id, []).append(entry)
            continue
        people = latest.setdefault(entry.position, {})
        people.pop(entry.entered_by_id, None)  # so that the order is that of the latest entries
        people[entry.entered_by_id] = entry
    states = []
    for position, source in enumerate(ssj1.parse_manifest(text).sources, 1):
        typed = tuple(latest.get(position, {}).values())
        put_right = list(corrections.get(position, {}).values())
        held = [shared_value(typed), *(entries[0].value for entries in put_right)]
        states.append(
            SourceState(
                position,
                source.kind,
                source.label,
                timezone.localtime(datetime.fromisoformat(source.due)),
                typed,
                tuple(put_right[-1]) if put_right else (),
                tuple(value for value in held[:-1] if value is not None),
            )
        )
    return states


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


# ---------------------------------------------------------------------------------------------------------------
# Drawing and releasing
# ---------------------------------------------------------------------------------------------------------------
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
