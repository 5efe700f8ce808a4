"""时限日历: by month or quarter, with the table of rules behind it and the subscription (ui.md 7)."""

from datetime import date, timedelta
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.access import public_page, requires
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.deadlines import feeds
from benxi_shuangsuiji.notices.deadlines import rows as deadline_rows
from benxi_shuangsuiji.notices.deadlines.rule import Month
from benxi_shuangsuiji.notices.deadlines.timetable import RULES
from benxi_shuangsuiji.notices.models import CalendarFeed
from benxi_shuangsuiji.notices.numbers import actions, history
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import FIRST_YEAR, Quarter, full_date, weekday

VIEWS = {"": "全部", "open": "未办结", "over": "已逾期", "done": "已办结"}


@requires()
@require_safe
def deadline_list(request):
    """Every date of one's unit in a month or a quarter, with its state, its days left, and its rule."""
    today, calendar = clock.today(), workdays.calendar()
    quarter, month = shell.current_quarter(request), _month(request)
    first, last = _span(quarter, month)
    everywhere = request.GET.get("all") == "1"
    unit, units = shell.current_unit(request), shell.my_units(request.user)
    shown = units if everywhere else [unit] if unit else []
    named = partial(_by_name, request.user)
    rows = deadline_rows.rows(request.user, shown, first, last, today, calendar, named=named)
    only = request.GET.get("rule", ""), request.GET.get("due", "")
    rows = [row for row in rows if row.is_of(*only)]
    view = chips.asked(request, "view", VIEWS)
    groups: dict[str, list] = {}
    for row in rows:
        if _belongs(row, view):
            groups.setdefault(Month(row.due.target.year, row.due.target.month).label, []).append(row)
    months = [Month(quarter.year, n) for n in quarter.months]
    earlier, last_of_them = deadline_rows.overdue_before(request.user, shown, first, today)
    then = str(Quarter.of(last_of_them)) if last_of_them else ""
    context = {
        "groups": list(groups.items()),
        "unit": unit,
        "everywhere": everywhere,
        "earlier": earlier,
        "earlier_url": _to(request, quarter=then, month="", view="over", rule="", due=""),
        "whole_url": _to(request, rule="", due="") if any(only) else "",
        "several_units": len(units) > 1,
        "quarter": quarter,
        "today_words": f"{full_date(today)}，{weekday(today)}",
        "rest_day": not calendar.is_workday(today),
        "unknown": sorted(
            {y for r in rows if r.due.provisional for y in calendar.unpublished_years(first, r.due.date)}
        ),
        "spans": chips.choices(
            [("", "全季", None), *((str(m), f"{m.number} 月", None) for m in months)],
            str(month or ""),
            lambda month: _to(request, month=month),
        ),
        "chips": chips.choices(
            ((name, label, sum(_belongs(row, name) for row in rows)) for name, label in VIEWS.items()),
            view,
            lambda view: _to(request, view=view),
        ),
        "feed": CalendarFeed.objects.filter(user=request.user, revoked_at__isnull=True).first(),
        "next_url": _to(request, quarter=str(quarter.next()), month="") if quarter < shell.last_planned() else "",
        "before_url": _to(request, quarter=str(quarter.previous()), month="")
        if quarter > Quarter(FIRST_YEAR, 1)
        else "",
    }
    return TemplateResponse(request, "notices/deadline_list.html", context)


def _by_name(user, duties) -> None:
    """As on the home: what a place is waited for, to whoever may know it; that he read it is recorded (decisions.md 3)."""
    agenda.noted(user, "deadline-list", agenda.named(duties, user))


def _belongs(row: deadline_rows.Row, view: str) -> bool:
    return view in ("", row.state) or (view == "over" and row.is_over)


def _month(request) -> Month | None:
    try:
        return Month.parse(request.GET.get("month", ""))
    except ValueError:
        if request.GET.get("month"):
            chips.unread(request, "month")
        return None


def _span(quarter: Quarter, month: Month | None) -> tuple[date, date]:
    if month is None:
        return quarter.first_day, quarter.last_day
    first = date(*month, 1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _to(request, **changes) -> str:
    data = request.GET.copy()
    for name, value in changes.items():
        data[name] = value
        if not value:
            del data[name]
    return "?" + data.urlencode()


@requires()
@require_safe
def deadline_rules(request):
    """The whole table D-1 to D-25, and the numbers behind it by version of the policy (domain.md 8.1, 附-b)."""
    today = clock.today()
    changes = history.rows(today)
    versions = history.versions_shown(today)
    context = {
        "rules": list(RULES.values()),
        "versions": versions,
        "in_force": policy.on(today),
        "parameters": history.table(versions),
        "changes": changes,
        "waiting": [row for row in changes if row.state == "warn"],
        "first_use": first_use.day(),
        "may_propose": not actions.why_not_propose(request.user),
        "may_decide": not actions.why_not_decide_any(request.user),
    }
    return TemplateResponse(request, "notices/deadline_rules.html", context)


@require_POST
@requires()
def deadline_feed(request):
    """Open, renew or revoke one's subscription; a new address is shown on the answer and nowhere again."""
    if request.POST.get("revoke"):
        feeds.revoke_feed(by=request.user)
        messages.success(request, "日历订阅已停用，原来的地址打不开了")
        return redirect("notices:deadline-list")
    token = feeds.open_feed(by=request.user)
    address = request.build_absolute_uri(reverse("notices:deadline-ics", args=[token]))
    return TemplateResponse(request, "notices/deadline_feed.html", {"address": address})


@require_safe
@public_page
def deadline_ics(request, token):
    """One person's deadlines for his calendar program; whoever has the address reads it, so it names nobody."""
    reader = feeds.reader_of(token)
    if reader is None:
        raise Http404
    site = request.build_absolute_uri("/").rstrip("/")
    made = feeds.file(reader, shell.my_units(reader), clock.now(), workdays.calendar(), site)
    answer = HttpResponse(made, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
