"""The nine steps on every task: where this one check stands between the list and the archive (七(四)-10).

Of a check that was drawn the first four are those of its draw; what was not drawn goes without them (三).
"""

from dataclasses import replace
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import Calendar, Quarter, is_over, result_limit, short_date
from inspections.archive.standing import File, file_of
from inspections.checks.states import DROPPED
from inspections.models import Inspection, ReportState, WorkReport

from .steps import Step

NAMES = ("清单", "计划", "公开", "抽取", "检查", "公示", "处理", "报告", "归档")
NOT_DRAWN = "不经抽取"


def steps_of(check: Inspection, today: date, calendar: Calendar, *, doors: bool = False) -> list[Step]:
    """`doors`: with links to plan, draw and report, for whom they open."""
    file = file_of(check) if check.settled_at else None
    found = [*_before(check, doors), _checked(check, today), _public(check, today, calendar)]
    found += [_follow(check, file), _reported(check, doors), _bound(file, today)]
    over = check.status in DROPPED
    now = next((n for n, step in enumerate(found) if not step.state and step.note != NOT_DRAWN), None)
    if over or any(step.state == "late" for step in found):
        return found
    return [replace(step, state="now") if n == now else step for n, step in enumerate(found)]


def _done(name: str, at, url: str = "") -> Step:
    return Step(name, "done" if at else "", short_date(localtime(at).date()) if at else "", url)


def _before(check: Inspection, doors: bool) -> list[Step]:
    if check.draw is None:
        return [Step(name, "", NOT_DRAWN) for name in NAMES[:4]]
    draw, plan = check.draw, check.draw.plan
    of_plan, of_draw = (plan.get_absolute_url(), draw.get_absolute_url()) if doors else ("", "")
    return [
        _done("清单", plan.item_list.published_at),
        _done("计划", plan.approved_at or plan.published_at, of_plan),
        _done("公开", plan.published_at, of_plan),
        _done("抽取", draw.drawn_at, of_draw),
    ]


def _checked(check: Inspection, today: date) -> Step:
    if check.status in DROPPED:
        return Step("检查", "", "不再检查")
    if check.ended_at:
        return Step("检查", "done", f"{short_date(localtime(check.ended_at).date())}查结")
    return Step("检查", "late" if is_over(check.finish_by, today) else "", f"{short_date(check.finish_by)}前")


def _public(check: Inspection, today: date, calendar: Calendar) -> Step:
    if check.published_at:
        return Step("公示", "done", f"{short_date(localtime(check.published_at).date())}公开")
    if check.withheld_at:
        return Step("公示", "done", "依法不公开")
    if check.publish_by is None:
        return Step("公示")
    last = check.publish_by
    if check.draw_id:  # as K2 and the public statistics have it
        last = result_limit(last, Quarter(check.year, check.number).close_due(calendar).date)
    return Step("公示", "late" if is_over(last, today) else "", f"{short_date(last)}前{calendar.fixed(last).mark}")


def _follow(check: Inspection, file: File | None) -> Step:
    """Over when what follows from the result is over; nothing follows where nothing was found."""
    if file is None:
        return Step("处理")
    on = file.closed_on
    return Step("处理", "done" if on else "", f"{short_date(on)}办结" if on else file.waits)


def _reported(check: Inspection, doors: bool) -> Step:
    """In the report of its unit's quarter."""
    of_quarter = WorkReport.objects.of(check.year, check.number).filter(unit=check.unit_id)
    report = of_quarter.filter(state__in=[ReportState.SENT, ReportState.RECEIVED]).select_related("unit").first()
    if report is None:
        return Step("报告")
    url = report.get_absolute_url() if doors else ""
    return _done("报告", report.decided_at if report.state == ReportState.RECEIVED else report.asked_at, url)


def _bound(file: File | None, today: date) -> Step:
    if file and file.bound:
        return Step("归档", "done", f"{short_date(localtime(file.bound.bound_at).date())}成册")
    if file and file.due:
        late = "late" if file.due.is_over(today) else ""
        return Step("归档", late, f"{short_date(file.due.date)}前{file.due.mark}")
    return Step("归档")
