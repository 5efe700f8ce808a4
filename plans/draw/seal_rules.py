"""Why a draw would not be prepared or sealed, in one sentence, and what is checked before it (七(二), 七(四), SSJ1 14)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.policy.parameters import share
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import shown_moment
from plans.bases import rules as basis_rules
from plans.lottery import schedule as lottery
from plans.models import ChainEntry, Draw, DrawStatus, PlanStatus, SourceKind
from plans.states import FINAL
from registry import questions
from registry.audits import standing as audits
from registry.models import Category

from .values import ENOUGH_PEOPLE, event_of

SEAL_WORD = "封存"
NOT_PUBLISHED = "季度计划还没有公开，公开以后才能抽取。"
ANOTHER_ISSUE = "由计划员更改计划，另定一期，批准、公开后再封存。"


def why_not_public(plan) -> str:
    """Only a plan that is public as it stands can be drawn (七(四)-3); one that is being changed is not."""
    if plan.is_being_changed:
        return f"季度计划正在更改（第 {plan.revision} 版），批准、公开以后才能核对和封存。"
    return "" if plan.status == PlanStatus.PUBLISHED else NOT_PUBLISHED


def why_no_first_use() -> str:
    """Nothing is sealed before it is said from when the plan is carried out here (二-a)."""
    return "" if first_use.day() else "还没有定启用日期。由系统管理员或者牵头部门提出、牵头部门确定。"


def why_no_past() -> str:
    """The first seal of the city asks for the checks of before first use, or for the word that there are none (SSJ1 10)."""
    if not first_use.has_past() or ChainEntry.objects.exists():
        return ""
    return "全市还没有封存过，先由牵头部门办理历史抽查结转（没有的也办一次），写入公示链第 1 条。"


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


def checks(draw: Draw, outlook, now: datetime) -> list[Check]:
    """What must be in order before sealing; `outlook` is what would be sealed now (`frames.Outlook`)."""
    plan = draw.plan
    found = [Check("季度计划已公开", why_not_public(plan))]
    if reason := why_no_first_use() or why_no_past():
        found.append(Check("启用以前的抽查已经结转", reason))
    found.append(Check("本单位没有未结束的抽取", _other_open(draw)))
    if reason := why_no_further_draw(plan, besides=draw):
        found.append(Check("以前抽取的名单都已公开", reason))
    found.append(
        Check(
            "以前抽中的都已查完，或者按没有查完办理",
            questions.ask.why_not_seal(plan.unit, plan.quarter, timezone.localtime(now).date()),
        )
    )
    found.append(Check("抽查事项都在公开的清单里，依据有效", _items(plan, now)))
    found.append(Check("各类对象都有计划的比例", outlook.missing_strata()))
    found.append(Check("重点比例和每组人数符合本季度的规定", _numbers_in_force(plan, outlook)))
    found.append(Check("有检查人员可以派出", _people(outlook)))
    found.append(Check("公开随机数来源足够", _sources(outlook)))
    kept = lottery.kept()
    for source in outlook.sources:
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
    if outlook.sources and plan.release_at < max(s.due for s in outlook.sources):
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


def _numbers_in_force(plan, outlook) -> str:
    """A plan approved before its quarter's numbers were changed is drawn by the new ones, or not at all (附-b)."""
    law = policy.on(plan.quarter.first_day)
    ratio = next((a.bp for a in outlook.asked if a.category == Category.KEY), law.key_basis_points)
    again = "由计划员更改计划，批准、公开后再封存。"
    if ratio < law.key_basis_points:
        least = share(law.key_basis_points)
        return f"计划的重点对象比例是 {share(ratio)}，{plan.quarter.label}不低于 {least}。{again}"
    if plan.team_size < law.min_team_size:
        return f"计划每组 {plan.team_size} 人，{plan.quarter.label}检查小组不少于 {law.min_team_size} 人。{again}"
    return ""


def _people(outlook) -> str:
    """One is enough: what he cannot make up alone stays 未配齐, and the city team sends people after the draw (五)."""
    if not outlook.usable_inspectors():
        return "没有可以派出的检查人员。在检查人员名录里登记人员和执法证，再封存。"
    return ""


def _sources(outlook) -> str:
    """SSJ1 5.2: one result that nobody in the room controls, or dice thrown by two witnesses."""
    kinds = [s.kind for s in outlook.sources]
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


def why_not_this_day(day: date, moment: datetime) -> str:
    """The categories are those of one day, and the list is sealed on it (六(二)-am)."""
    return "刚过零点，类别要按新的一天重新判定。再封存一次。" if timezone.localtime(moment).date() != day else ""


def why_not_seal(draw: Draw, user, *, word: str, outlook, now: datetime) -> str:
    if reason := why_not_open_seal(draw, user):
        return reason
    if word != SEAL_WORD:
        return f"封存不能撤回。确认封存的，在框里写“{SEAL_WORD}”两个字。"
    return next((check.problem for check in checks(draw, outlook, now) if check.problem), "")
