"""Why a unit's own decision cannot be asked for or approved: one sentence, "" when nothing stands in the way (五-4a, 五-4b)."""

from collections.abc import Iterable
from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision as decisions
from benxi_shuangsuiji.forms.decision import DECIDED, State
from benxi_shuangsuiji.refusal import SHORTEST_REASON
from benxi_shuangsuiji.workdays.days import full_date
from plans.lottery import schedule as lottery
from plans.models import GeneralRatioPolicy, LocalDecision, LocalScheme
from plans.quotas import quotas
from registry.inspectors import rules as registry_rules


def why_not_ask(unit, by) -> str:
    if unit.kind not in (UnitKind.CITY_TEAM, UnitKind.BRANCH):
        return f"{unit}不单独抽查，没有本单位规定。"
    return "" if by.may(Permission.EDIT_PLANS, unit) else f"没有编制{unit}规定的权限。"


def why_another_waits(model: type[LocalDecision], unit) -> str:
    if waiting := model.objects.pending().filter(unit=unit).first():
        return f"第 {waiting.version} 版还在等批准，办完再提下一版。"
    return ""


def why_not_from(valid_from: date, today: date) -> str:
    """Plans that are made already keep what they were made by, so a decision holds from today at the earliest."""
    if valid_from < today:
        return f"起始日不能早于今天（{full_date(today)}），已经编制的计划不变。"
    if valid_from.year > today.year + 1:
        return f"起始日不能晚于 {today.year + 1} 年底。"
    return ""


def begins_late(decision: LocalDecision, today: date) -> str:
    """What the leader is told when the day that was asked for has gone by while it waited."""
    passed = decision.waits and decision.valid_from < today
    if not passed or isinstance(decision, LocalScheme):  # a scheme holds from when it was issued with
        return ""
    return f"提出的起始日 {full_date(decision.valid_from)}已过，批准的从批准当天起有效。"


def why_not_in_its_year(decision: LocalDecision) -> str:
    """A ratio that is approved after its year has nothing left to hold for."""
    if decision.valid_to and decision.valid_to < decision.valid_from:
        return f"有效期到 {full_date(decision.valid_to)}为止，已经过了，不能再批准。退回后由计划员重新提出。"
    return ""


def why_not_beside(decision: LocalDecision, others: Iterable[LocalDecision]) -> str:
    """A later version begins after the one that it ends; both would hold on one day otherwise."""
    for other in others:
        if other.valid_from >= decision.valid_from:
            return f"第 {other.version} 版从 {full_date(other.valid_from)}起有效，新的一版从它的第二天或者以后起。"
    return ""


def why_not_ratio(unit, year: int, valid_from: date, basis_points: int, factors: dict) -> str:
    """All five factors are said, and the ratio draws somebody (七(一)2-a, A-21)."""
    if valid_from.year != year:
        return f"比例按年度确定，起始日在 {year} 年之内。"
    if not 1 <= basis_points <= 10000:
        return "比例大于 0，不大于 100%。"
    empty = [label for name, label in TEXT_FACTORS if len(str(factors.get(name, "")).strip()) < SHORTEST_REASON]
    if empty:
        return f"{'、'.join(empty)}要写明，至少 {SHORTEST_REASON} 个字。"
    if none := [label for name, label in COUNTED_FACTORS if factors.get(name, 0) < 1]:
        return f"{'、'.join(none)}不能是 0，比例要按它确定。"
    return ""


COUNTED_FACTORS = [("pollution_sources", "污染源数量"), ("inspectors", "检查人员数量"), ("area_km2", "行政区面积")]
TEXT_FACTORS = [("air_quality", "区域生态环境质量"), ("coverage_target", "全覆盖目标")]


def why_not_choices(reserved: tuple[int, int], team_size: int, least_team: int, game: str, on: date) -> str:
    """Within the city's bounds: the plan's least team, a lottery of the schedule (五-4a)."""
    if not all(0 <= share <= 100 for share in reserved):
        return "优先名额填 0 到 100 的整数。"
    if not least_team <= team_size <= 9:
        return f"每组 {least_team} 到 9 人。"
    if game not in {schedule.game for schedule in lottery.schedules_on(on)}:
        return "开奖日程里没有这种彩票。"
    return ""


def why_not_scheme(
    title: str, document_no: str, file: tuple[str, bytes], *, issued_on: date, valid_from: date, today: date
) -> str:
    """A document that was issued, under the plan, and that holds from its issue or a day soon after it."""
    if issued_on > today:
        return f"印发日期不能晚于今天（{full_date(today)}）。"
    if issued_on < (first := policy.begins()):
        return f"《实施方案》自 {full_date(first)}起执行，印发日期不能更早。"
    if not issued_on <= valid_from <= date(today.year + 1, 12, 31):
        return f"起始日从印发日期（{full_date(issued_on)}）到 {today.year + 1} 年底。"
    if len(title.strip()) < SHORTEST_REASON or len(document_no.strip()) < SHORTEST_REASON:
        return "写明方案的标题和文号。"
    if registry_rules.scan_type(file[1]) != "application/pdf":
        return "方案正文上传 PDF。用 Word 的另存为 PDF。"
    return registry_rules.why_not_scan(file)


def why_not_decide(decision: LocalDecision, by) -> str:
    return decisions.why_not_decide(
        decision,
        by,
        may=by.may(Permission.APPROVE_PLANS, decision.unit),
        role=f"没有审批{decision.unit}规定的权限。",
        own="提出的人不能自己批准，由分管负责人办。",
        over={state: f"这一版现在是“{State(state).label}”，不用再办。" for state in DECIDED},
    )


def coverage_words(ratio: GeneralRatioPolicy, figures: quotas.Figures) -> str:
    """What the ratio leads to: 按每季 12 家，到 2027 年底只能抽到 165 家；每季至少 15 家才能抽完 (ui.md 6.3)."""
    per_quarter = quotas.share(figures.pool.N, ratio.basis_points)
    if per_quarter >= figures.quota.m2:
        return f"按每季 {per_quarter} 家，到 {figures.cycle_end} 年底能抽完一遍"
    return figures.coverage_short_sentence()
