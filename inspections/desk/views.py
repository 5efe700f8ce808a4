from django.shortcuts import redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import full_date, short_date, weekday

from . import home


@requires()
def desk_home(request):
    """工作台: the quarter's steps, what is due, what to notice (ui.md 7.2)."""
    if request.user.units_with(P.KEEP_ARCHIVE) and not request.user.units_with(P.SEE_PROGRESS):
        return redirect("inspections:archive-list")  # an archivist's desk is the list of files (ui-2.md 25)
    today, calendar = clock.today(), workdays.calendar()
    unit, quarter = shell.current_unit(request), shell.current_quarter(request)
    duties = list(agenda.mine(request.user))
    here = [d for d in duties if unit is None or d.unit_id == unit.pk] or duties
    urgent = next((d for d in here if d.url and not d.waiting_for), None)
    by_stage = request.GET.get("by") == "stage"
    coming = calendar.add_workdays(today, 1)
    context = {
        "home": home.home_of(unit, quarter, request.user, today, calendar),
        "groups": agenda.grouped(duties, today, several_units=len({d.unit_id for d in duties}) > 1, by_stage=by_stage),
        "by_stage": by_stage,
        "count": len(duties),
        "unit": unit,
        "quarter": quarter,
        "primary": {"label": agenda.button_of_step(urgent.rule), "url": urgent.url} if urgent else None,
        "today_words": f"{full_date(today)}，{weekday(today)}",
        "next_words": f"下一个工作日是 {short_date(coming)}（{weekday(coming)}）。",
    }
    return TemplateResponse(request, "inspections/desk/desk_home.html", context)
