"""The right column of a plan in the making: quotas beside what is filled in, and the duties of the plan (ui.md 7.2)."""

from datetime import timedelta

from django.db.models import Count
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.policy import changes
from benxi_shuangsuiji.workdays.days import short_date
from plans.draw import frames, staffing
from plans.models import GeneralRatioPolicy, Team, TeamMember
from plans.quotas import quotas
from plans.quotas import staff as quota_staff
from registry import questions

from . import rules

SHOWN = 5


def pools_of(plan):
    codes = [row.item.code for row in plan.items.all()]
    return quotas.pools(plan.unit, plan.quarter, codes, positive_out=plan.positive_out, today=clock.today())


def quota_row(f):
    return {
        "label": f.name,
        "due": "—" if f.required is None else f.required,
        "filled": f.planned,
        "gap": f.signed_difference,
        "short": (f.difference or 0) < 0,
    }


def quota_text(plan, figures):
    key, general, _ = figures
    total = sum(f.planned for f in figures)
    staff = quota_staff.count(plan.unit, draw_on=localtime(plan.draw_at).date(), window_to=plan.window_to)
    words = (
        f"其中优先名额（留给周期内未查的）：重点 {key.reserved}，一般 {general.reserved}。"
        f"合计 {total} 家，{staff.people} 人，{plan.team_size} 人一组：人均 {staff.each(total, plan.team_size)} 家"
    )
    before = plan.quarter.previous()
    served = TeamMember.objects.filter(
        team__in=Team.objects.standing(),
        team__pick__draw__unit=plan.unit,
        team__pick__draw__year=before.year,
        team__pick__draw__number=before.number,
    ).aggregate(places=Count("pk"), people=Count("inspector", distinct=True))
    if served["people"]:
        words += f"，上季 {served['places'] / served['people']:.1f} 家"
    return words


def near_other_units(plan, user) -> list[rules.Problem]:
    """Who of the pool is checked by another unit about then: for whoever plans and whoever approves (一-d)."""
    found = questions.ask.near_other_units(user, plan.unit, plan.window_from, plan.window_to)
    if not found:
        return []
    more = f"等 {len(found)} 家" if len(found) > SHOWN else ""
    sentence = f"其他单位在相近的日子另有检查：{'、'.join(found[:SHOWN])}{more}。抽中的可以综合查一次"
    return [rules.Problem("id_window_from", sentence, "一-d", advice=True)]


def assessed(plan, figures, now, calendar, *more: rules.Problem) -> dict:
    """What stands against a plan, what is only advised and how it is reckoned: for who makes it and who decides on it."""
    ratio = GeneralRatioPolicy.objects.for_plan(plan.unit, plan.quarter, localtime(now).date())
    problems = [*rules.plan_problems(plan, figures, now, calendar), *rules.below_ratio(plan, figures, ratio), *more]
    hard = [p for p in problems if not p.advice]
    gaps = staffing.gaps(frames.outlook(plan, localtime(now)), plan.team_size)
    return {
        "problems": hard,
        "advices": [p for p in problems if p.advice],
        "ratio": ratio,
        "gaps": gaps.sentences,
        "checks": checks(plan, figures, hard, calendar, gaps=gaps.count),
        "quota_rows": [quota_row(f) for f in figures],
        "quota_text": quota_text(plan, figures),
    }


def _counted(plan) -> str:
    """By which reading the share is reckoned, and by which document (附则)."""
    first = plan.quarter.first_day
    document = changes.document_of("key_counted", first)
    return f"（{'含' if quotas.counts_taken_out(plan.quarter) else '不含'}列为特殊的重点对象{f'，{document}' if document else ''}）"


def days_of(plan, calendar) -> int:
    """The working days of the window, its first one counted."""
    if plan.window_to < plan.window_from:
        return 0
    return calendar.workdays_between(plan.window_from - timedelta(days=1), plan.window_to)


def checks(plan, figures, hard, calendar, *, gaps: int | None = None):
    """The list in the right column: each duty of the plan, met or not (ui.md 7.2). `gaps`: objects without a team."""
    key, general, _special = figures
    draw_on = localtime(plan.draw_at).date()
    draw_due = plan.quarter.draw_due(calendar).date
    staff = quota_staff.count(plan.unit, draw_on=draw_on, window_to=plan.window_to)
    capped = key.pool.capped + general.pool.capped
    positive = sum(f.pool.offsite + f.pool.left_out for f in figures)
    wrong = {p.field for p in hard}
    total, days = sum(f.planned for f in figures), days_of(plan, calendar)
    short = staff.why_not_enough(total, plan.team_size, days)
    lines = [
        (f"重点对象不低于 {quotas.percent(key.floor_points)}{_counted(plan)}", key.meets_minimum, False),
        ("重点对象年内能全覆盖", key.keeps_pace, True),
        (f"一般对象到 {general.cycle_end} 年底能全覆盖", general.keeps_pace, True),
        (
            f"同一事项本年不超过 {policy.on(plan.quarter.first_day).cap_per_item} 次"
            + (f"（自动排除 {capped} 家）" if capped else ""),
            True,
            False,
        ),
        (
            f"正面清单 {positive} 家{'不参加抽取' if plan.positive_out else '改为非现场'}"
            if positive
            else "正面清单里没有本单位的企业",
            True,
            False,
        ),
        (
            short
            or f"检查人员够分组：{total} 家要 {total * plan.team_size} 人次，可派 {staff.people} 人，组长 {staff.leaders} 人",
            not short,
            True,
        ),
        *(
            []
            if gaps is None
            else [(f"{gaps} 家回避后配不齐检查小组" if gaps else "回避后每一家都配得齐检查小组", not gaps, True)]
        ),
        ("每类对象都有抽查事项", "items" not in wrong, False),
        ("事项都在公开的清单里，依据有效", not any(name.startswith("item-") for name in wrong), False),
        ("公开随机数在抽取之前开出", not any(name.startswith("id_source") for name in wrong), False),
        *(
            [("备用的一期在检查完成之前开出", not any(name.startswith("id_fallback") for name in wrong), False)]
            if plan.fallback_label
            else []
        ),
        (f"抽取时间在 {short_date(draw_due)}前", draw_on <= draw_due, True),
    ]
    return [{"text": text, "state": "ok" if good else "warn" if soft else "bad"} for text, good, soft in lines]
