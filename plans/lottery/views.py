"""开奖日程 (/desk/lottery/): the days of drawing, the breaks, and the issues that follow from them (六(一)2-f)."""

from datetime import timedelta
from functools import partial
from types import SimpleNamespace

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page, press
from plans.local.forms import WEEKDAYS
from plans.models import LotteryBreak, LotterySchedule

from . import actions
from . import schedule as lottery
from .forms import BreakForm, ScheduleForm

SHOWN_DAYS = 14
LIST = "plans:lottery-list"


@requires(P.SEE_PLANS, P.KEEP_LOTTERY)
@require_safe
def lottery_list(request):
    """Rows with their documents, and what they give for the next two weeks."""
    today = clock.today()
    breaks = lottery.breaks()
    coming = [
        issue
        for schedule in lottery.schedules_on(today)
        for issue in lottery.issues(schedule, breaks, today, today + timedelta(days=SHOWN_DAYS))
    ]
    names = dict(WEEKDAYS)
    rows, newer = [], set()
    for row in LotterySchedule.objects.select_related("entered_by"):  # of each game the newest first
        begun = row.valid_from <= today
        standing = "尚未开始" if not begun else "已由新的一版代替" if row.game in newer else "现在有效"
        newer |= {row.game} if begun else set()
        rows.append(SimpleNamespace(one=row, days="、".join(names[day] for day in row.weekdays), standing=standing))
    context = {
        "rows": rows,
        "breaks": LotteryBreak.objects.select_related("entered_by"),
        "coming": sorted(coming, key=lambda issue: issue.at),
        "may_keep": bool(request.user.units_with(P.KEEP_LOTTERY)),
        "days": SHOWN_DAYS,
    }
    return TemplateResponse(request, "plans/lottery/lottery_list.html", context)


@requires(P.KEEP_LOTTERY)
def lottery_schedule(request):
    """Enter a game's days; the form begins with the newest version of the game that the address names."""
    asked = LotterySchedule.objects.filter(game=request.GET.get("game", "")).first()
    names = ("game", "weekdays", "drawn_at", "base_day", "base_issue")
    initial = {"valid_from": clock.today()} | ({name: getattr(asked, name) for name in names} if asked else {})
    form = ScheduleForm(request.POST or None, initial=initial)
    return _form(
        request,
        form,
        partial(actions.save_schedule, by=request.user),
        "开奖日程",
        "登记的是新的一版，以前的各版照样看得到。期号在一年之内逐期数，跨年要重新登记起算日和起算期号。3D、排列三、排列五不能作公开随机数。",
    )


@requires(P.KEEP_LOTTERY)
def lottery_break(request):
    """Enter days without draws."""
    return _form(
        request,
        BreakForm(request.POST or None),
        partial(actions.add_break, by=request.user),
        "休市",
        "这些天没有开奖，期号顺延。",
    )


@require_POST
@requires(P.KEEP_LOTTERY)
def lottery_break_remove(request, pk):
    row = get_object_or_404(LotteryBreak, pk=pk)
    return press(request, partial(actions.remove_break, row=row, by=request.user), LIST, "这条休市已删去。")


def _form(request, form, act, name, text):
    said, back = f"{name}已登记。", reverse(LIST)
    return act_page(
        request, "plans/lottery/lottery_change.html", form, act, LIST, said, name=name, text=text, back=back
    )
