"""Why an item list or a quarterly plan cannot go on: one sentence each, "" when nothing stands in the way."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.policy import versions
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, full_date, short_date, shown_moment
from plans import states
from plans.bases import rules as basis_rules
from plans.lists.rules import list_in_force, local_list_in_force
from plans.models import Draw, DrawStatus, PlanStatus, QuarterlyPlan, SourceKind
from plans.quotas import quotas
from plans.quotas.quotas import Figures
from plans.states import EDITABLE, FINAL, why_not_move
from registry.models import Category

from .source_rules import Problem, source_problems
from .unplanned import FROM_QUARTER, unplanned, words

FIRST_YEAR = versions.VERSIONS[0].coverage_from_year  # 二, 七(一)


SHORTEST_REASON, LONGEST_REASON = 10, 200  # why a published plan is changed


def why_not_draft_plan(unit, quarter: Quarter, by) -> str:
    if not by.may(Permission.EDIT_PLANS, unit):
        return f"没有编制{unit}季度计划的权限。"
    if unit.kind not in (UnitKind.CITY_TEAM, UnitKind.BRANCH):
        return f"{unit}不单独编制季度计划。"
    if not unit.works_in(quarter):
        return unit.closed_words or f"{unit}从 {unit.begins_on:%Y-%m-%d} 起的季度才编制计划。"
    if quarter.year < FIRST_YEAR:
        return f"《实施方案》自 {FIRST_YEAR} 年起执行，以前的季度没有计划。"
    if unit.plans.of(quarter).exists():
        return "该单位本季度已有抽查计划。"
    if list_in_force(quarter.year) is None:
        return f"{quarter.year} 年随机抽查事项清单还没有公开，公开后才能编制季度计划。"
    return ""


def why_not_edit_plan(plan, by) -> str:
    if not by.may(Permission.EDIT_PLANS, plan.unit):
        return f"没有编制{plan.unit}季度计划的权限。"
    if plan.status not in EDITABLE:
        return f"计划现在是“{plan.get_status_display()}”，不能修改。"
    return ""


def why_not_open_revision(plan, by) -> str:
    """A published plan can be changed until its list is sealed; from then on it stands (七(二)-d)."""
    if not by.may(Permission.EDIT_PLANS, plan.unit):
        return f"没有编制{plan.unit}季度计划的权限。"
    if plan.status != PlanStatus.PUBLISHED:
        return f"计划现在是“{plan.get_status_display()}”，公开以后才需要这样更改。"
    sealed = plan.draws.filter(status__in=[DrawStatus.FROZEN, DrawStatus.DRAWN, DrawStatus.RELEASED]).first()
    if sealed:
        return f"{sealed.draw_id} 的名单已于 {shown_moment(sealed.frozen_at)} 封存，计划不能再改：{FINAL}。"
    return ""


def why_not_revise_plan(plan, by, reason: str) -> str:
    if obstacle := why_not_open_revision(plan, by):
        return obstacle
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        return f"写明更改的原因，{SHORTEST_REASON} 到 {LONGEST_REASON} 个字。原因随计划公开。"
    return ""


def why_changed_meanwhile(plan, version: int) -> str:
    if plan.version != version:
        return f"这份计划在 {localtime(plan.saved_at):%H:%M} 被另外一人改过，刚才填的没有保存。打开最新的计划，把需要的改动再填一次。"
    return ""


def why_not_this_window(first: date, last: date) -> str:
    """The days between which the checks are done, in their order."""
    return "检查完成的日期早于检查开始。核对两个日期。" if last < first else ""


def lateness(plan, now: datetime, calendar: Calendar) -> str:
    """Why a reason is needed; it is kept with the plan and goes into the circular (ui.md 6.3)."""
    sentences = []
    due = plan.quarter.plan_due(calendar)
    if due.is_over(now.date()) and plan.revision == 1:  # a later version was preceded by one that was made by then
        days = (now.date() - due.date).days
        sentences.append(
            f"季度计划应在 {short_date(due.date)}前完成，已逾期 {days} 天。提交时写明原因，会随计划记入通报"
        )
    draw_due = plan.quarter.draw_due(calendar)
    if draw_due.is_over(localtime(plan.draw_at).date()):
        sentences.append(
            f"抽取应在 {short_date(draw_due.date)}前完成，现在定在 {short_date(localtime(plan.draw_at).date())}。写明原因，公示页会标明逾期"
        )
    return "；".join(sentences)


def publication_lateness(plan, today: date, calendar: Calendar) -> str:
    """Why a reason is needed when a plan is published: it went on in time and became public late (六(一)2-b, 七(六)-a).

    A plan that was late already when it was submitted has its reason from then.
    """
    due = plan.quarter.plan_due(calendar)
    if plan.revision > 1 or not due.is_over(today) or due.is_over(localtime(plan.submitted_at).date()):
        return ""
    days = (today - due.date).days
    return (
        f"季度计划应在 {short_date(due.date)}前公开并报市执法队，已逾期 {days} 天。写明逾期原因，随计划公开，记入通报"
    )


def with_late_reason(plan, reason: str) -> str:
    """What is public of a plan that is published late: why it sets its draw so late, then why it is late itself."""
    return "；".join(filter(None, (plan.late_reason, reason.strip())))


def why_not_late_publication(plan, today: date, calendar: Calendar, reason: str) -> str:
    if not (late := publication_lateness(plan, today, calendar)):
        return ""
    if not reason.strip():
        return f"{late}。"
    if len(with_late_reason(plan, reason)) > LONGEST_REASON:
        return f"逾期原因连同计划里已写的，最长 {LONGEST_REASON} 个字。"
    return why_not_reason(reason, "逾期原因")


def figure_problems(figures: Iterable[Figures]) -> list[Problem]:
    """Ratios and counts against 七(一); only 重点 has a minimum that refuses."""
    found = []
    for f in figures:
        if f.planned > f.most:
            sentence = (
                f"{f.name}对象最多抽 {f.most} 家（名录 {f.pool.N} 家，参加抽取 {f.pool.A} 家），现在是 {f.planned} 家"
            )
            found.append(Problem(f"id_planned_{f.category}", sentence, "七(一)"))
        if f.category == Category.KEY:
            found += _below_minimum(f)
            if f.meets_minimum and not f.keeps_pace:
                found.append(
                    Problem(
                        "id_planned_key",
                        f"{f.coverage_short_sentence()}。封存时按 {f.required} 家抽取",
                        "七(一)1-b",
                        advice=True,
                    )
                )
        elif f.category == Category.GENERAL and not f.keeps_pace:
            found.append(
                Problem(
                    "id_planned_general",
                    f"{f.coverage_short_sentence()}。封存时按 {f.required} 家抽取",
                    "七(一)2-b",
                    advice=True,
                )
            )
    return found


def _below_minimum(f: Figures) -> list[Problem]:
    if f.planned < f.minimum:
        return [Problem("id_planned_key", f"重点对象本季至少抽 {f.minimum} 家，现在是 {f.planned} 家", "七(一)1-a")]
    if f.basis_points < f.floor_points:
        return [
            Problem(
                "id_percent_key",
                f"重点对象本季比例不低于 {quotas.percent(f.floor_points)}，现在是 {f.percent}",
                "七(一)1-a",
            )
        ]
    return []


def item_problems(plan, figures: Iterable[Figures], today: date) -> list[Problem]:
    """The plan's items come from the lists in force and rest on a basis that is; every category drawn is checked."""
    rows = [r for r in plan.items.all() if r.key or r.general or r.special]
    if not rows:
        return [Problem("items", "还没有选抽查事项。从事项清单里至少选一项", "六(一)2-c")]
    city, local = list_in_force(plan.year), local_list_in_force(plan.unit, plan.year)
    valid = {item_list.pk for item_list in (city, local) if item_list}
    if city is None or plan.item_list_id != city.pk or any(r.item.list_id not in valid for r in rows):
        return [
            Problem(
                "item-list",
                f"事项清单有新的一版公开，计划里的事项还是旧的。保存一次，按新清单核对 {plan.year} 年的事项",
                "六(一)2-a",
            )
        ]
    unfit = basis_rules.obstacles((r.item for r in rows), max(today, plan.window_from))
    found = [Problem(f"item-{r.item.code}", unfit[r.item_id], "六(一)2-a") for r in rows if r.item_id in unfit]
    for f in figures:
        chosen = [r for r in rows if getattr(r, f.category)]
        if f.pool.N and not chosen:
            found.append(Problem("items", f"{f.name}对象有 {f.pool.N} 家，却没有选一项抽查事项", "六(一)2-c"))
        elif f.pool.N and all(
            r.only_tag for r in chosen
        ):  # else an object without any of the tags is checked for nothing
            found.append(
                Problem("items", f"{f.name}对象的事项都限了标识，没有标识的就没有可查的。至少一项选“不限”", "六(二)-q")
            )
    return found


def timing_problems(plan, now: datetime, calendar: Calendar) -> list[Problem]:
    """Draw, window, release and random sources (六(一)2-f, 七(二), SSJ1 5.2)."""
    found = []
    quarter, close = plan.quarter, plan.quarter.close_due(calendar).date
    draw_on = localtime(plan.draw_at).date()
    if plan.draw_at <= now:
        found.append(
            Problem(
                "id_draw_at",
                f"抽取时间 {localtime(plan.draw_at):%Y-%m-%d %H:%M} 已经过去，往后改",
                "六(一)2-f",
            )
        )
    if plan.window_from < draw_on:
        found.append(Problem("id_window_from", "检查从抽取当天或以后开始", "六(一)2-f"))
    if draw_on not in quarter or plan.window_from not in quarter:
        found.append(Problem("id_draw_at", f"抽取和检查都在 {quarter.label}之内", "六(一)2-f"))
    if plan.window_to > close:
        found.append(Problem("id_window_to", f"检查应在 {full_date(close)}前完成", "六(一)2-g"))
    if plan.window_to < plan.window_from:
        found.append(Problem("id_window_to", "检查完成的日期早于检查开始", "六(一)2-f"))
    if localtime(plan.release_at).date() > close:
        found.append(Problem("id_release_at", f"名单最迟在 {full_date(close)}公开", "六(一)2-h"))
    if plan.release_at < plan.draw_at:
        found.append(Problem("id_release_at", "名单公开时间早于抽取时间", "六(一)2-f"))
    return found + source_problems(plan, now)


def advices(plan, calendar: Calendar) -> list[Problem]:
    """What the planner should know before he submits, though it stops nothing."""
    found = []
    if localtime(plan.release_at).date() == localtime(plan.draw_at).date():
        found.append(Problem("id_release_at", "名单将在抽取当天公开，企业可能提前知道", advice=True))
    dice = [s.due for s in plan.sources.all() if s.kind == SourceKind.DICE]
    others = [s.due for s in plan.sources.all() if s.kind != SourceKind.DICE]
    if others and not plan.fallback_label:
        sentence = "没有写备用的一期；彩票停售或者延期时，这次抽取要作废重来。按开奖日程选取可以一起填好"
        found.append(Problem("id_fallback_label", sentence, advice=True))
    if dice and others and max(dice) > min(others):
        found.append(Problem("id_source_0_due", "骰子宜在开奖之前掷完，最后一个数不由在场的人决定", advice=True))
    draw_on = localtime(plan.draw_at).date()
    if not calendar.is_workday(draw_on):
        sentence = f"{short_date(draw_on)}是节假日，见证人、监督人可能不能到场，抽取宜改在工作日"
        found.append(Problem("id_draw_at", sentence, advice=True))
    if plan.number >= FROM_QUARTER and (items := unplanned(plan.unit, plan.year)):
        sentence = f"本年还没有安排的事项：{words(items)}。清单里的事项在本年内至少安排一次"
        found.append(Problem("items", sentence, "六(一)2-c", advice=True))
    return found


def below_ratio(plan, figures: Iterable[Figures], ratio) -> list[Problem]:
    """Fewer 一般 than the ratio that the leader has approved for the year (七(一)2-a)."""
    if ratio is None:
        sentence = f"{plan.year} 年的一般监管对象抽查比例还没有批准。在“本单位规定”里提出，写明区域生态环境质量等五项"
        return [Problem("id_percent_general", sentence, "七(一)2-a", advice=True)]
    for f in figures:
        if f.category == Category.GENERAL and f.basis_points < ratio.basis_points:
            sentence = f"一般对象比例 {f.percent}，低于本单位批准的 {quotas.percent(ratio.basis_points)}（第 {ratio.version} 版）"
            return [Problem("id_percent_general", sentence, "七(一)2-a", advice=True)]
    return []


def plan_problems(plan, figures: list[Figures], now: datetime, calendar: Calendar) -> list[Problem]:
    """Everything that stops the plan from being submitted or approved, whoever asks; then the advices."""
    hard = (
        figure_problems(figures)
        + item_problems(plan, figures, localtime(now).date())
        + timing_problems(plan, now, calendar)
    )
    least = policy.on(plan.quarter.first_day).min_team_size
    if plan.team_size < least:
        hard.append(Problem("id_team_size", f"检查小组不少于 {least} 人", "七(五)-b"))
    return hard + advices(plan, calendar)


def why_not_submit_plan(
    plan, by, figures: list[Figures], now: datetime, calendar: Calendar, late_reason: str = ""
) -> str:
    if reason := why_not_edit_plan(plan, by) or why_not_move(plan, PlanStatus.SUBMITTED):
        return reason
    if problem := first_hard(plan_problems(plan, figures, now, calendar)):
        return problem.sentence + "。"
    late = lateness(plan, now, calendar)
    if late and not late_reason.strip():
        return f"{late}。"
    return why_not_reason(late_reason, "逾期原因") if late else ""


def why_not_decide_plan(plan, by, status=PlanStatus.APPROVED) -> str:
    """Approve or return: another person than the one who made or submitted the plan."""
    if not by.may(Permission.APPROVE_PLANS, plan.unit):
        return f"没有审批{plan.unit}季度计划的权限。"
    if why_not_move(plan, status):
        return states.not_any_more(plan, "批准" if status == PlanStatus.APPROVED else "退回")
    if by.pk in (plan.submitted_by_id, plan.created_by_id):
        return "编制和提交的人不能审批自己的计划，由另一名分管负责人审批。"
    return ""


def why_not_the_plan_seen(plan, version: int | None) -> str:
    """What is decided is what stood on the page (reliability.md P15)."""
    if version is not None and version != plan.version:
        return "打开这一页之后计划改过，刚才的操作没有执行。核对最新的计划再审核。"
    return ""


def why_not_approve_plan(plan, by, figures: list[Figures], now: datetime, calendar: Calendar) -> str:
    if reason := why_not_decide_plan(plan, by):
        return reason
    if problem := first_hard(plan_problems(plan, figures, now, calendar)):
        return f"{problem.sentence}。退回修改后再批准。"
    return ""


def why_not_receive_plan(plan, by) -> str:
    if not by.may(Permission.RECEIVE_PLANS, plan.unit):
        return "只有市执法队牵头部门可以签收季度计划。"
    if plan.status != PlanStatus.PUBLISHED:
        return "计划公开以后才能签收。"
    if plan.received_at:
        return f"计划已于 {localtime(plan.received_at):%Y-%m-%d %H:%M} 签收。"
    return ""


def first_hard(problems: Iterable[Problem]) -> Problem | None:
    return next((p for p in problems if not p.advice), None)


def planned_in(unit, day: date) -> str:
    """What keeps a unit from being closed: plans that reach beyond its last day, and on the day itself a draw that is not over."""
    quarter = Quarter.of(day)
    later = QuarterlyPlan.objects.filter(unit=unit).filter(
        Q(year__gt=quarter.year) | Q(year=quarter.year, number__gte=quarter.number)
    )
    if plan := later.order_by("year", "number").first():
        return f"{plan.quarter.label}的计划已经编制，办完那一季以后再撤销，撤销日期改到后一个季度"
    sealed = Draw.objects.filter(unit=unit, status__in=[DrawStatus.FROZEN, DrawStatus.DRAWN])
    if day <= clock.today() and (draw := sealed.first()):
        return f"抽取 {draw.draw_id} 还没有公开，办完再撤销"
    return ""
