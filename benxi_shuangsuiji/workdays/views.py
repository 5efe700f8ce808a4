"""工作日历: which days are worked, by which document; entered by the system administrator, read by everybody signed in."""

from functools import partial

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.notices import moving
from benxi_shuangsuiji.notices.models import DutyMove
from benxi_shuangsuiji.web import chips

from . import actions, rules
from . import calendar as calendar_in_force
from .forms import DayForm, RestoreForm, YearForm
from .models import CalendarException
from .years import Year, holidays_of

CHANGES_SHOWN = 10
PUBLISH_PAGE = "workdays/workday_publish.html"


@requires()
@require_safe
def workday_list(request):
    """One year: whether its notice has appeared, its holidays, the days corrected since, and what that moved."""
    today, calendar = clock.today(), calendar_in_force()
    years = range(rules.FIRST_YEAR, today.year + rules.YEARS_AHEAD + 1)
    year = int(chips.asked(request, "year", {str(y) for y in years}, str(today.year)))
    changes = DutyMove.objects.order_by().values("at", "because").annotate(n=Count("pk")).order_by("-at")
    context = {
        "year": Year.of(year, calendar),
        "holidays": holidays_of(year),
        "corrections": CalendarException.objects.filter(day__year=year).select_related("entered_by"),
        "changes": changes[:CHANGES_SHOWN],
        "chips": chips.choices(((y, f"{y} 年", None) for y in years), year, lambda y: f"?year={y}"),
        "may_keep": not rules.why_not_keep_calendar(request.user),
        "may_publish": not rules.why_not_year(year, calendar, today),
    }
    return TemplateResponse(request, "workdays/workday_list.html", context)


@requires(P.MANAGE_SYSTEM)
def workday_publish(request, year):
    """Enter the notice of a year: read it, look at the days and at what would move, then enter it."""
    today, calendar = clock.today(), calendar_in_force()
    if not rules.FIRST_YEAR <= year <= today.year + rules.YEARS_AHEAD:
        raise Http404
    form = YearForm(request.POST or None)
    page = partial(act_page, request, PUBLISH_PAGE, form)
    context = {"year": year, "obstacle": rules.why_not_year(year, calendar, today)}
    if "enter" in request.POST:
        enter = partial(actions.publish_year, year=year, by=request.user)
        return page(enter, _year(year), lambda made: f"{year} 年放假安排已登记，{_moved(made[1])}", **context)

    def look(*, notice, **_):
        days = actions.read(year, notice)
        moves = moving.would_move(actions.with_days(calendar, days, year))
        return TemplateResponse(
            request, PUBLISH_PAGE, {**context, "form": form, "days": sorted(days.items()), "moves": moves}
        )

    return page(look, lambda looked: looked, "", **context)


@requires(P.MANAGE_SYSTEM)
def workday_correct(request):
    """Enter one day that differs from the notice."""
    form = DayForm(request.POST or None)
    return act_page(
        request,
        "workdays/workday_correct.html",
        form,
        partial(actions.correct_day, by=request.user),
        lambda made: _year(made[0].day.year),
        lambda made: f"{made[0]} 已登记，{_moved(made[1])}",
    )


@requires(P.MANAGE_SYSTEM)
def workday_restore(request, pk):
    """Take back a day that was entered wrongly."""
    exception = get_object_or_404(CalendarException, pk=pk)
    form = RestoreForm(request.POST or None)
    back = _year(exception.day.year)
    return act_page(
        request,
        "workdays/workday_restore.html",
        form,
        partial(actions.restore_day, exception=exception, by=request.user),
        back,
        f"{exception.day:%Y-%m-%d} 的登记已撤销，期限已重算",
        exception=exception,
        back=back,
    )


def _year(year: int) -> str:
    return f"{reverse('workdays:workday-list')}?year={year}"


def _moved(moves: list[DutyMove]) -> str:
    days = sum(move.moved for move in moves)
    return f"{days} 件办理事项改了期限" if days else "没有办理事项改期"
